//! The voices: one recorded speaker, with other pitch, intonation and vocal tract.

use super::pitch::PitchStatistics;

/// Mean pitch of the recorded speaker as his data states it, in hertz.
const RECORDED_PITCH: f32 = 95.0;

/// How much the vocal tract of a speaker follows the pitch: women speak 1.8 times higher than men
/// on average and have formants 1.17 times higher, and 1.8 to the power 0.27 is 1.17.
const TRACT_PER_PITCH: f32 = 0.27;

/// How a voice sounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Voice {
    /// Its name in requests and notes.
    pub(super) name: &'static str,
    /// Mean pitch in hertz.
    pub(super) pitch: f32,
    /// Standard deviation of the pitch in hertz: how lively it speaks.
    pub(super) liveliness: f32,
    /// Factor on the recorded formants; above 1 for a shorter vocal tract.
    pub(super) formants: f32,
    /// Factor on the recorded speed.
    pub(super) tempo: f32,
}

/// Every voice by name.
pub(super) const VOICES: [Voice; 5] = [
    Voice { name: "kal", pitch: RECORDED_PITCH, liveliness: 11.0, formants: 1.0, tempo: 1.0 },
    Voice { name: "narrator", pitch: 102.0, liveliness: 17.0, formants: 0.97, tempo: 0.93 },
    Voice { name: "bass", pitch: 72.0, liveliness: 8.0, formants: 0.93, tempo: 0.95 },
    Voice { name: "alto", pitch: 178.0, liveliness: 24.0, formants: 1.17, tempo: 1.0 },
    Voice { name: "treble", pitch: 245.0, liveliness: 34.0, formants: 1.22, tempo: 1.05 },
];

/// Words in the names of other services' voices, and the voice here that is nearest to them.
/// The first match counts: "female" holds "male".
const NEAREST: [(&[&str], &str); 5] = [
    (&["child", "kid", "girl", "boy", "young", "treble"], "treble"),
    (&["female", "woman", "women", "lady", "alto", "soprano"], "alto"),
    (&["deep", "bass", "baritone", "low", "old"], "bass"),
    (&["professional", "narrat", "news", "formal", "business", "documentary", "calm"], "narrator"),
    (&["male", "man", "men"], "kal"),
];

impl Voice {
    /// The voice of this name, or the nearest one with a sentence that says so.
    pub(super) fn named(name: &str) -> (Voice, Option<String>) {
        let lower = name.trim().to_lowercase();
        let [recorded, ..] = &VOICES;
        if let Some(voice) = VOICES.iter().find(|voice| voice.name == lower) {
            return (voice.clone(), None);
        }
        if lower == "default" {
            let note = format!("The sandbox's default voice is \"{}\".", recorded.name);
            return (recorded.clone(), Some(note));
        }
        let nearest = NEAREST
            .iter()
            .find(|(words, _)| words.iter().any(|word| lower.contains(word)))
            .and_then(|(_, nearest)| VOICES.iter().find(|voice| voice.name == *nearest))
            .unwrap_or(recorded);
        let names: Vec<&str> = VOICES.iter().map(|voice| voice.name).collect();
        let note = format!(
            "The sandbox has no voice \"{}\"; \"{}\" is the nearest of its voices ({}).",
            excerpt(name),
            nearest.name,
            names.join(", ")
        );
        (nearest.clone(), Some(note))
    }

    /// A voice with the pitch of a sample. Timbre and accent stay those of the recorded speaker.
    pub(super) fn like(sample: &PitchStatistics) -> Voice {
        let tract = libm::powf(sample.median / RECORDED_PITCH, TRACT_PER_PITCH);
        Voice {
            name: "sample",
            pitch: sample.median,
            liveliness: sample.deviation.clamp(0.05 * sample.median, 0.2 * sample.median),
            formants: tract.clamp(0.85, 1.3),
            tempo: 1.0,
        }
    }

    /// The same voice in another key.
    pub(super) fn transposed(self, semitones: f32) -> Voice {
        let factor = libm::exp2f(semitones / 12.0);
        Voice { pitch: self.pitch * factor, liveliness: self.liveliness * factor, ..self }
    }

    /// The same voice in a mood, and a sentence when the mood is not one it can take.
    pub(super) fn in_mood(self, emotion: &str) -> (Voice, Option<String>) {
        let lower = emotion.trim().to_lowercase();
        let Some((_, pitch, liveliness, tempo)) =
            MOODS.iter().find(|(words, ..)| words.iter().any(|word| lower.contains(word)))
        else {
            let note = format!(
                "The sandbox does not know the emotion \"{}\"; it was left out.",
                excerpt(emotion)
            );
            return (self, Some(note));
        };
        let moved = self.transposed(*pitch);
        let voice = Voice {
            liveliness: moved.liveliness * liveliness,
            tempo: moved.tempo * tempo,
            ..moved
        };
        (voice, None)
    }
}

/// Words for a mood; semitones, factor of liveliness, factor of tempo that make it.
const MOODS: [(&[&str], f32, f32, f32); 5] = [
    (&["neutral", "none", "normal"], 0.0, 1.0, 1.0),
    (&["happy", "joy", "cheer", "excit", "enthus", "friendl"], 2.0, 1.6, 1.08),
    (&["sad", "sorrow", "melanchol", "tired", "bored"], -2.0, 0.5, 0.88),
    (&["calm", "gentle", "sooth", "serious", "relax"], -1.0, 0.7, 0.93),
    (&["ang", "furious", "urgent"], 1.0, 1.9, 1.12),
];

/// Enough of a user's own word to recognise it.
fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_that_exists_needs_no_note() {
        for voice in &VOICES {
            assert_eq!(Voice::named(voice.name), (voice.clone(), None));
        }
    }

    #[test]
    fn other_names_take_the_nearest_voice_and_say_so() {
        for (name, nearest) in [
            ("default", "kal"),
            ("professional", "narrator"),
            ("Female UK 2", "alto"),
            ("deep-male", "bass"),
            ("zx-81", "kal"),
        ] {
            let (voice, note) = Voice::named(name);
            assert_eq!(voice.name, nearest);
            assert!(note.unwrap().contains(&format!("\"{nearest}\"")));
        }
    }

    #[test]
    fn twelve_semitones_are_an_octave() {
        let voice = VOICES[0].clone().transposed(12.0);
        assert_eq!(voice.pitch, 2.0 * VOICES[0].pitch);
        assert_eq!(voice.formants, 1.0);
    }

    #[test]
    fn moods_change_delivery_and_unknown_ones_are_reported() {
        let plain = VOICES[0].clone();
        let (sad, note) = plain.clone().in_mood("Sadness");
        assert!(sad.pitch < plain.pitch && sad.tempo < plain.tempo && note.is_none());
        let (same, note) = plain.clone().in_mood("quixotic");
        assert_eq!(same, plain);
        assert!(note.unwrap().contains("quixotic"));
    }
}
