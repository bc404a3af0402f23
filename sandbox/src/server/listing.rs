//! What the server says about itself: health, models, styles, resolutions, voices.

use media_factory_core::{
    media::{MediaType, Resolution},
    parameters::table,
    protocol::{Capabilities, service::ServiceProtocol},
    runtime::Abilities,
};
use serde_json::{Value as Json, json};

use super::{Limits, answer::timestamp, renderer::Renderer};

/// The names of the engine's own voices; it takes the nearest one for any other name.
pub const VOICES: [(&str, &str); 5] = [
    ("kal", "the voice as it was recorded, a man's"),
    ("narrator", "calm and a little lower in tempo"),
    ("bass", "deep"),
    ("alto", "higher, a woman's range"),
    ("treble", "high and lively, a child's range"),
];

/// The voice of an extra.
const NEURAL_VOICE: (&str, &str) = ("neural", "a small network's, the most natural");

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

/// What `GET /models`, `/styles`, `/resolutions` or `/voices` answers.
pub(super) struct List {
    name: &'static str,
    capabilities: Capabilities,
    items: fn(&Capabilities, &dyn Renderer) -> Json,
}

impl List {
    /// The list of that name, where the medium has it.
    pub(super) fn find(media_type: &MediaType, name: &str) -> Option<Self> {
        // Of models, styles, resolutions and voices, none depends on who encodes.
        let capabilities = ServiceProtocol::SANDBOX.describe(media_type, Abilities::default());
        let (name, items): (_, fn(&Capabilities, &dyn Renderer) -> Json) = match name {
            "models" => ("models", models),
            "styles" if capabilities.styles.is_some() => ("styles", styles),
            "resolutions" if capabilities.resolutions.is_some() => ("resolutions", resolutions),
            "voices" if *media_type == MediaType::Voice => ("voices", voices),
            _ => return None,
        };
        Some(Self { name, capabilities, items })
    }

    pub(super) fn body(&self, renderer: &dyn Renderer) -> Json {
        json!({ self.name: (self.items)(&self.capabilities, renderer) })
    }
}

fn models(capabilities: &Capabilities, _: &dyn Renderer) -> Json {
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

fn styles(capabilities: &Capabilities, _: &dyn Renderer) -> Json {
    json!(capabilities.styles)
}

fn resolutions(capabilities: &Capabilities, _: &dyn Renderer) -> Json {
    let names = capabilities.resolutions.iter().flatten();
    let sized = names.filter_map(|name| Some((name, Resolution::parse(name)?)));
    sized
        .map(|(name, size)| json!({ "name": name, "width": size.width, "height": size.height }))
        .collect()
}

fn voices(capabilities: &Capabilities, renderer: &dyn Renderer) -> Json {
    let voice = |(name, description): &(&str, &str)| {
        json!({
            "name": name,
            "description": description,
            "languages": capabilities.languages,
        })
    };
    let neural_voice = renderer.has_neural_voice().then_some(&NEURAL_VOICE);
    VOICES.iter().chain(neural_voice).map(voice).collect()
}
