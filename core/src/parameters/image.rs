//! Parameters of pictures.

use super::{EXTRA, Field, MODEL, NEGATIVE_PROMPT, PROMPT, RESOLUTION, Rule, SEED, STYLE, Table};

const FORMATS: &[&str] = &["png", "jpg", "jpeg", "webp", "tiff"];

pub(super) static TABLE: Table = Table {
    fields: &[
        PROMPT,
        NEGATIVE_PROMPT,
        STYLE,
        RESOLUTION,
        MODEL,
        Field { name: "hdr", rule: Rule::Flag },
        Field { name: "pbr", rule: Rule::Flag },
        SEED,
        Field { name: "count", rule: Rule::Whole(1, 16) },
        Field { name: "format", rule: Rule::Choice(FORMATS) },
        Field { name: "image", rule: Rule::Media },
        Field { name: "strength", rule: Rule::Number(0.0, 1.0) },
        EXTRA,
    ],
    required: ("prompt", None),
    needs: &[("strength", "image")],
    formats: FORMATS,
    models: &["stable-diffusion", "dall-e", "stylegan3", "dreambooth"],
    version_0: &["prompt", "style", "resolution", "hdr", "pbr", "model"],
};
