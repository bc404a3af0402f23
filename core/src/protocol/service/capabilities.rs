//! What native services and the sandbox can do, in the words of the reference package.

use super::super::Capabilities;
use crate::{
    error::{Issue, IssueCode},
    media::{Map, MediaType, Resolution, Value},
    parameters::{LANGUAGES, table},
    runtime::Abilities,
};

/// The image service's own list, in its order.
const STYLES: &[&str] = &[
    "realistic",
    "artistic",
    "anime",
    "cartoon",
    "oil-painting",
    "watercolor",
    "digital-art",
    "3d-render",
    "cinematic",
    "photographic",
];

struct Facts {
    formats: &'static [&'static str],
    features: &'static [&'static str],
    languages: &'static [&'static str],
}

fn native_facts(media_type: &MediaType) -> Facts {
    let features: &[&str] = match media_type {
        MediaType::Image => &[
            "text-to-image",
            "hdr-rendering",
            "pbr-rendering",
            "style-transfer",
            "multiple-models",
            "custom-resolution",
            "batch-processing",
        ],
        MediaType::Video => &[
            "text-to-video",
            "image-to-video",
            "nerf-rendering",
            "8k-resolution",
            "hdr10-plus",
            "variable-fps",
            "dynamic-camera",
            "style-transfer",
        ],
        MediaType::Voice => &[
            "text-to-speech",
            "voice-cloning",
            "multi-language",
            "emotion-control",
            "speed-control",
            "pitch-adjustment",
            "voice-effects",
            "background-music",
        ],
        MediaType::Custom(_) => &[],
    };
    let formats = table(media_type).map_or(&[][..], |table| table.formats);
    Facts { formats, features, languages: LANGUAGES }
}

fn sandbox_facts(media_type: &MediaType, abilities: Abilities) -> Facts {
    let (formats, features): (&[&str], &[&str]) = match media_type {
        MediaType::Image => (
            &["png", "jpg", "jpeg", "webp", "tiff"],
            &[
                "text-to-image",
                "hdr-rendering",
                "pbr-rendering",
                "style-transfer",
                "custom-resolution",
                "batch-processing",
            ],
        ),
        MediaType::Video => (
            if abilities.encodes_films { &["mp4", "mov", "webm"] } else { &["mp4", "mov"] },
            &[
                "text-to-video",
                "image-to-video",
                "nerf-rendering",
                "variable-fps",
                "dynamic-camera",
            ],
        ),
        MediaType::Voice => (
            &["wav", "ogg"],
            &[
                "text-to-speech",
                "voice-cloning",
                "emotion-control",
                "speed-control",
                "pitch-adjustment",
            ],
        ),
        MediaType::Custom(_) => (&[], &[]),
    };
    Facts { formats, features, languages: &["en"] }
}

pub(super) fn native(media_type: &MediaType) -> Capabilities {
    describe(media_type, "service", &native_facts(media_type))
}

pub(super) fn sandbox(media_type: &MediaType, abilities: Abilities) -> Capabilities {
    describe(media_type, "sandbox", &sandbox_facts(media_type, abilities))
}

fn describe(media_type: &MediaType, protocol: &str, facts: &Facts) -> Capabilities {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let visual = matches!(media_type, MediaType::Image | MediaType::Video);
    Capabilities {
        media_type: media_type.clone(),
        supported_formats: owned(facts.formats),
        features: owned(facts.features),
        models: table(media_type).map_or_else(Vec::new, |table| owned(table.models)),
        styles: visual.then(|| owned(STYLES)),
        resolutions: visual.then(|| Resolution::names().map(str::to_owned).collect()),
        languages: (*media_type == MediaType::Voice).then(|| owned(facts.languages)),
        protocol: protocol.to_owned(),
    }
}

/// What the sandbox cannot do, as far as it shows before rendering.
pub(super) fn beyond_sandbox(
    media_type: &MediaType,
    parameters: &Map,
    abilities: Abilities,
) -> Vec<Issue> {
    let facts = sandbox_facts(media_type, abilities);
    let word = |key: &str| parameters.get(key).and_then(Value::as_str);
    let mut issues = Vec::new();
    if let Some(format) = word("format").filter(|format| !facts.formats.contains(format)) {
        let message = format!("the sandbox makes no {format} files");
        let issue = Issue::new("format", IssueCode::Unsupported, message);
        issues.push(issue.with_allowed(facts.formats.iter().copied()));
    }
    let primary =
        word("language").map(|tag| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase());
    if let Some(language) = primary.filter(|primary| !facts.languages.contains(&primary.as_str())) {
        let message = format!("the sandbox has no voice for '{language}'");
        let issue = Issue::new("language", IssueCode::Unsupported, message);
        issues.push(issue.with_allowed(facts.languages.iter().copied()));
    }
    let asks = |key: &str| !matches!(parameters.get(key), None | Some(Value::Bool(false)));
    for (key, what) in [("hdr", "high dynamic range"), ("pbr", "material maps")] {
        if *media_type == MediaType::Image && asks("image") && asks(key) {
            let message =
                format!("the sandbox gives {what} of scenes only, not of a given picture");
            issues.push(Issue::new(key, IssueCode::Unsupported, message));
        }
    }
    issues
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webm_is_made_where_the_platform_encodes_it() {
        let asked = Map::from_json(&serde_json::json!({ "format": "webm" })).unwrap();
        let (with, without) = (Abilities { encodes_films: true }, Abilities::default());
        assert_eq!(beyond_sandbox(&MediaType::Video, &asked, without).len(), 1);
        assert!(beyond_sandbox(&MediaType::Video, &asked, with).is_empty());
        let formats = |abilities| sandbox(&MediaType::Video, abilities).supported_formats;
        assert!(formats(with).contains(&"webm".to_owned()));
        assert!(!formats(without).contains(&"webm".to_owned()));
    }

    #[test]
    fn the_sandbox_says_at_once_what_it_cannot_do() {
        let refused = |parameters: serde_json::Value| {
            let parameters = Map::from_json(&parameters).unwrap();
            let issues = beyond_sandbox(&MediaType::Image, &parameters, Abilities::default());
            issues.into_iter().map(|issue| issue.path).collect::<Vec<_>>()
        };
        let all = serde_json::json!({ "pbr": true, "image": "data:,x", "format": "gif" });
        assert_eq!(refused(all), ["format", "pbr"]);
        assert!(refused(serde_json::json!({ "pbr": true, "hdr": true })).is_empty());
        assert!(refused(serde_json::json!({ "image": "data:,x", "hdr": false })).is_empty());
    }
}
