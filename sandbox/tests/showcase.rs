//! The media that the README shows are what the engine makes of the README's words.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test: it reads files and the environment, and may fail"
)]

mod kept;

use std::{collections::BTreeMap, path::PathBuf};

use media_factory_core::{config::Fidelity, media::MediaType};
use media_factory_sandbox::{
    order::run_order,
    server::{RenderOrder, RenderedFiles},
};
use serde_json::{Value, json};

fn made(medium: &str, parameters: &Value) -> RenderedFiles {
    let order = RenderOrder {
        media_type: MediaType::from_name(medium),
        parameters: parameters.as_object().unwrap().clone(),
        inputs: BTreeMap::new(),
        fidelity: Fidelity::Preview,
    };
    run_order(order, &mut |_| {}, &|| false).unwrap()
}

fn check(name: &str, found: &[u8]) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/media");
    kept::check(&folder.join(name), found);
}

#[test]
fn the_picture() {
    let city = json!({
        "prompt": "A futuristic city with flying cars", "style": "realistic",
        "resolution": "1280x720", "seed": 5, "format": "jpg",
    });
    check("city.jpg", &made("image", &city).files[0].bytes);
}

#[test]
fn the_film_and_its_poster() {
    let film = json!({
        "prompt": "a castle by a lake at dawn", "resolution": "640x360", "duration": 4,
        "fps": 24, "seed": 7,
    });
    check("castle.mp4", &made("video", &film).files[0].bytes);
    let poster = json!({
        "prompt": "a castle by a lake at dawn", "resolution": "640x360", "seed": 7,
        "format": "jpg",
    });
    check("castle.jpg", &made("image", &poster).files[0].bytes);
}

#[test]
fn the_speech() {
    let speech = json!({
        "text": "Welcome to Media Factory. Everything you see and hear was made right here.",
        "format": "ogg",
    });
    check("welcome.ogg", &made("voice", &speech).files[0].bytes);
}
