//! What the server says about itself: health, models, styles, resolutions, voices.

use media_factory_core::{
    media::{MediaType, Resolution},
    parameters::table,
    protocol::{Capabilities, service::ServiceProtocol},
    runtime::Abilities,
};
use serde_json::{Value as Json, json};

use super::{Limits, answer::timestamp};

/// The names of the engine's own voices; it takes the nearest one for any other name.
pub const VOICES: [(&str, &str); 5] = [
    ("kal", "the voice as it was recorded, a man's"),
    ("narrator", "calm and a little lower in tempo"),
    ("bass", "deep"),
    ("alto", "higher, a woman's range"),
    ("treble", "high and lively, a child's range"),
];

/// The body of `GET /health`.
pub(super) fn health(media_type: &MediaType, now: u64, limits: &Limits) -> Json {
    let fields = table(media_type).map_or(&[][..], |table| table.fields);
    // `extra` is a word of the SDK: on the wire its members stand beside the others.
    let names = fields.iter().map(|field| field.name).filter(|name| *name != "extra");
    let names = names.chain(["fidelity"]);
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
            "batch": true,
            "batch_size": limits.batch,
            "uploads": true,
            "fidelity": limits.fidelity,
            "parameters": names.collect::<Vec<_>>(),
        },
    })
}

/// The body of `GET /models`, `/styles`, `/resolutions` or `/voices`.
pub(super) struct List(Json);

impl List {
    /// The list of that name, where the medium has it.
    pub(super) fn find(media_type: &MediaType, name: &str) -> Option<Self> {
        if !["models", "styles", "resolutions", "voices"].contains(&name) {
            return None;
        }
        // Of models, styles, resolutions and voices, none depends on who encodes.
        let capabilities = ServiceProtocol::SANDBOX.describe(media_type, Abilities::default());
        let list = match name {
            "models" => models(&capabilities),
            "styles" => json!(capabilities.styles?),
            "resolutions" => resolutions(capabilities.resolutions.as_ref()?),
            "voices" if *media_type == MediaType::Voice => voices(&capabilities),
            _ => return None,
        };
        Some(Self(json!({ name: list })))
    }

    pub(super) fn body(&self) -> &Json {
        &self.0
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
