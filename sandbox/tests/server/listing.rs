use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use futures_util::FutureExt;
use media_factory_core::{media::MediaType, runtime::Method};
use media_factory_sandbox::server::{Caller, Limits, Server, ThreadRenderer, VOICES};
use serde_json::{Value as Json, json};

use crate::bench::{Bench, PICTURE, json_of, picture, request};

fn ask(media_type: MediaType, path: &str) -> (u16, Json) {
    asked_of(&Bench::new().server, media_type, path)
}

fn asked_of(server: &Server, media_type: MediaType, path: &str) -> (u16, Json) {
    let request = request(Method::Get, path).with_header("accept", "application/json");
    let answer = server.handle(&Caller::default(), media_type, request);
    let answer = answer.now_or_never().unwrap();
    (answer.status, json_of(&answer))
}

#[test]
fn health_names_the_protocol_and_every_parameter() {
    let (status, health) = ask(MediaType::Video, "/health");
    assert_eq!((status, &health["status"]), (200, &json!("healthy")));
    assert_eq!(health["service"], "video-generation");
    assert_eq!(health["protocol"], "media-factory/1");
    assert_eq!(health["timestamp"], "2026-11-22T09:40:00.000Z");
    let capabilities = &health["capabilities"];
    for feature in ["async", "events", "cancel", "batch", "uploads"] {
        assert_eq!(capabilities[feature], true, "{feature}");
    }
    let parameters = capabilities["parameters"].as_array().unwrap();
    for name in ["prompt", "images", "transitions", "use_nerf", "fps"] {
        assert!(parameters.contains(&json!(name)), "{name}");
    }
    assert!(!parameters.contains(&json!("extra")));
}

#[test]
fn lists_are_those_of_the_medium() {
    let (_, models) = ask(MediaType::Image, "/models");
    assert_eq!(models["models"][0]["name"], "stable-diffusion");
    let (_, styles) = ask(MediaType::Image, "/styles");
    assert!(styles["styles"].as_array().unwrap().contains(&json!("watercolor")));
    let (_, resolutions) = ask(MediaType::Video, "/resolutions");
    let eight_k = json!({ "name": "8K", "width": 7680, "height": 4320 });
    assert_eq!(resolutions["resolutions"][0], eight_k);
    let (_, voices) = ask(MediaType::Voice, "/voices");
    assert_eq!(voices["voices"].as_array().unwrap().len(), VOICES.len());
    assert_eq!(ask(MediaType::Voice, "/styles").0, 404);
    assert_eq!(ask(MediaType::Image, "/voices").0, 404);
}

#[test]
fn the_neural_voice_is_listed_once_it_is_installed() {
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    let renderer = ThreadRenderer::new(|_, _, _| Ok(picture(PICTURE)), 1)
        .with_neural_voice_if(|| INSTALLED.load(Ordering::Relaxed));
    let Bench { clock, executor, .. } = Bench::new();
    let server = Server::new(Arc::new(renderer), clock, executor, Limits::default());
    let last = || {
        let (_, voices) = asked_of(&server, MediaType::Voice, "/voices");
        voices["voices"].as_array().unwrap().last().unwrap()["name"].clone()
    };
    assert_eq!(last(), "treble");
    INSTALLED.store(true, Ordering::Relaxed);
    assert_eq!(last(), "neural");
}

/// The engine notes every voice that it has to replace, and names those that it has.
#[cfg(feature = "engine")]
#[test]
fn the_listed_voices_are_those_of_the_engine() {
    use media_factory_sandbox::{order::run_order, server::RenderOrder};

    let notes = |voice: &str| {
        let parameters = json!({ "text": "Yes.", "voice": voice }).as_object().unwrap().clone();
        let media_type = MediaType::Voice;
        let (inputs, fidelity) = Default::default();
        let order = RenderOrder { media_type, parameters, inputs, fidelity };
        run_order(order, &mut |_| {}, &|| false).unwrap().notes
    };
    let names = VOICES.map(|(name, _)| name);
    for voice in names {
        assert_eq!(notes(voice), Vec::<String>::new(), "{voice}");
    }
    let replaced = notes("nobody").join(" ");
    assert!(replaced.contains(&format!("({})", names.join(", "))), "{replaced}");
}
