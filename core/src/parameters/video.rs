//! Parameters of films.

use super::{EXTRA, Field, MODEL, NEGATIVE_PROMPT, PROMPT, RESOLUTION, Rule, SEED, STYLE, Table};

const FORMATS: &[&str] = &["mp4", "webm", "mov", "avi", "mkv"];

pub(super) static TABLE: Table = Table {
    fields: &[
        PROMPT,
        Field { name: "duration", rule: Rule::Duration },
        Field { name: "fps", rule: Rule::Number(1.0, 240.0) },
        RESOLUTION,
        STYLE,
        MODEL,
        SEED,
        Field { name: "format", rule: Rule::Choice(FORMATS) },
        NEGATIVE_PROMPT,
        Field { name: "use_nerf", rule: Rule::Flag },
        Field { name: "images", rule: Rule::MediaList(2_000) },
        Field {
            name: "transitions",
            rule: Rule::Choice(&["none", "fade", "crossfade", "wipe", "slide"]),
        },
        // What is heard with the film.
        Field { name: "audio_input", rule: Rule::Media },
        // The seed's create_from_images sets it.
        Field { name: "mode", rule: Rule::Choice(&["image-sequence"]) },
        EXTRA,
    ],
    required: ("prompt", Some("images")),
    needs: &[("transitions", "images"), ("mode", "images")],
    formats: FORMATS,
    models: &["runway-ml", "nerf", "gen-2"],
    version_0: &["prompt", "duration", "resolution", "fps", "use_nerf", "style"],
};
