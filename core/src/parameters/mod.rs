//! The parameters of each medium as tables of rules; `docs/semantics.md`, section 3.

mod image;
mod video;
mod voice;

use crate::media::MediaType;

/// One parameter and what it must be.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What its value must be.
    pub rule: Rule,
}

/// What a parameter's value must be.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Text with something in it, of so many characters at most.
    Text(usize),
    /// Text that may be empty, of so many characters at most.
    FreeText(usize),
    /// A boolean.
    Flag,
    /// A whole number from the first to the second.
    Whole(i64, i64),
    /// A number from the first to the second.
    Number(f64, f64),
    /// Seconds above zero, up to the configuration's `max_duration`.
    Duration,
    /// `WxH` or a name.
    Resolution,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A model that the protocol, the configuration or the service names.
    Model,
    /// A language tag whose primary subtag is one of [`LANGUAGES`].
    Language,
    /// A medium.
    Media,
    /// From one to so many media.
    MediaList(usize),
    /// A dictionary that is passed on untouched.
    Open,
}

/// The most characters of a prompt.
pub(crate) const PROMPT_LENGTH: usize = 32_000;

/// Primary language subtags that voices may have.
pub const LANGUAGES: &[&str] = &["en", "es", "fr", "de", "it", "pt", "ru", "ja", "ko", "zh"];

const PROMPT: Field = Field { name: "prompt", rule: Rule::Text(PROMPT_LENGTH) };
const NEGATIVE_PROMPT: Field =
    Field { name: "negative_prompt", rule: Rule::FreeText(PROMPT_LENGTH) };
const STYLE: Field = Field { name: "style", rule: Rule::FreeText(200) };
const RESOLUTION: Field = Field { name: "resolution", rule: Rule::Resolution };
const MODEL: Field = Field { name: "model", rule: Rule::Model };
/// Every integer up to this is exact in a 64-bit float, so in every language.
const SEED: Field = Field { name: "seed", rule: Rule::Whole(0, (1 << 53) - 1) };
const EXTRA: Field = Field { name: "extra", rule: Rule::Open };

/// What a medium accepts and, natively, can be asked for.
#[derive(Debug)]
pub struct Table {
    /// Every parameter, in the order of the documentation.
    pub fields: &'static [Field],
    /// The parameter that must be there, and the one that may stand in for it.
    pub required: (&'static str, Option<&'static str>),
    /// `(key, what it needs)`: keys that mean nothing without another.
    pub needs: &'static [(&'static str, &'static str)],
    /// File formats by name.
    pub formats: &'static [&'static str],
    /// The native service's models; the first is its default.
    pub models: &'static [&'static str],
    /// What version 0 of the native service reads; it ignores everything else silently.
    pub version_0: &'static [&'static str],
}

/// The table of a built-in medium.
pub fn table(media_type: &MediaType) -> Option<&'static Table> {
    match media_type {
        MediaType::Image => Some(&image::TABLE),
        MediaType::Video => Some(&video::TABLE),
        MediaType::Voice => Some(&voice::TABLE),
        MediaType::Custom(_) => None,
    }
}
