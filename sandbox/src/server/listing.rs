//! What the server says about itself: health, models, styles, resolutions, voices.

use media_factory_core::{
    media::{MediaType, Resolution},
    parameters::table,
    protocol::{Capabilities, service::ServiceProtocol},
};
use serde_json::{Value as Json, json};

use super::answer::{Refusal, timestamp};

/// The names of the engine's own voices; it takes the nearest one for any other name.
pub const VOICES: [(&str, &str); 5] = [
    ("kal", "the voice as it was recorded, a man's"),
    ("narrator", "calm and a little lower in tempo"),
    ("bass", "deep"),
    ("alto", "higher, a woman's range"),
    ("treble", "high and lively, a child's range"),
];

/// The body of `GET /health`.
pub(super) fn health(media_type: &MediaType, now: u64) -> Json {
    let fields = table(media_type).map_or(&[][..], |table| table.fields);
    // `extra` is a word of the SDK: on the wire its members stand beside the others.
    let names = fields.iter().map(|field| field.name).filter(|name| *name != "extra");
    json!({
        "status": "healthy",
        "service": format!("{media_type}-generation"),
        "device": "cpu",
        "timestamp": timestamp(now),
        "version": env!("CARGO_PKG_VERSION"),
        "protocol": "media-factory/1",
        "capabilities": {
            "async": true,
            "events": true,
            "cancel": true,
            "batch": false,
            "uploads": true,
            "parameters": names.collect::<Vec<_>>(),
        },
    })
}

/// The body of `GET /models`, `/styles`, `/resolutions` or `/voices`.
///
/// # Errors
/// 404 for a list that the medium does not have.
pub(super) fn list(media_type: &MediaType, name: &str) -> Result<Json, Refusal> {
    let capabilities = ServiceProtocol::SANDBOX.describe(media_type);
    let list = match name {
        "models" => Some(models(&capabilities)),
        "styles" => capabilities.styles.as_ref().map(|styles| json!(styles)),
        "resolutions" => capabilities.resolutions.as_ref().map(|names| resolutions(names)),
        "voices" => (*media_type == MediaType::Voice).then(|| voices(&capabilities)),
        _ => None,
    };
    match list {
        Some(list) => Ok(json!({ name: list })),
        None => Err(Refusal::not_found(&format!("list of {name} for {media_type}"))),
    }
}

fn models(capabilities: &Capabilities) -> Json {
    let model = |name: &String| {
        json!({
            "name": name,
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Accepted by name; the sandbox's own engine does the work.",
            "features": capabilities.features,
        })
    };
    capabilities.models.iter().map(model).collect()
}

fn resolutions(names: &[String]) -> Json {
    let sized = names.iter().filter_map(|name| Some((name, Resolution::parse(name)?)));
    sized
        .map(|(name, size)| json!({ "name": name, "width": size.width, "height": size.height }))
        .collect()
}

fn voices(capabilities: &Capabilities) -> Json {
    let voice = |(name, description): &(&str, &str)| {
        json!({
            "name": name,
            "description": description,
            "languages": capabilities.languages,
        })
    };
    VOICES.iter().map(voice).collect()
}
