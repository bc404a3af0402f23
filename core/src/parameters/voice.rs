//! Parameters of speech.

use super::{EXTRA, Field, MODEL, Rule, SEED, Table};

const FORMATS: &[&str] = &["mp3", "wav", "ogg", "flac", "aac", "m4a"];

pub(super) static TABLE: Table = Table {
    fields: &[
        Field { name: "text", rule: Rule::Text(100_000) },
        Field { name: "audio_input", rule: Rule::Media },
        Field { name: "voice", rule: Rule::Text(200) },
        Field { name: "language", rule: Rule::Language },
        Field { name: "speed", rule: Rule::Number(0.5, 2.0) },
        Field { name: "pitch", rule: Rule::Number(-12.0, 12.0) },
        Field { name: "emotion", rule: Rule::FreeText(100) },
        MODEL,
        Field { name: "format", rule: Rule::Choice(FORMATS) },
        SEED,
        EXTRA,
    ],
    required: ("text", Some("audio_input")),
    needs: &[],
    formats: FORMATS,
    models: &["tts-1", "tts-hd", "voice-clone", "speech-synthesis"],
    // No version-0 voice service exists; by analogy it would read what the reference names.
    version_0: &["text", "voice", "language", "model", "speed", "pitch", "emotion", "audio_input"],
};
