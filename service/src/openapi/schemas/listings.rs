//! The lists of what a service has, as schemas: models, styles, resolutions, voices.

use serde_json::{Value as Json, json};

/// A list under its own name.
fn listing(name: &str, item: &Json) -> Json {
    json!({
        "type": "object",
        "required": [name],
        "properties": { (name): { "type": "array", "items": item } },
    })
}

pub(super) fn models() -> Json {
    let words =
        json!({ "type": "array", "items": { "type": "string" }, "description": "What it can do." });
    listing(
        "models",
        &json!({
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": { "type": "string", "description": "For the parameter `model`." },
                "version": { "type": "string", "description": "Its version." },
                "description": { "type": "string", "description": "What it is." },
                "features": words,
            },
        }),
    )
}

pub(super) fn styles() -> Json {
    listing("styles", &json!({ "type": "string", "description": "For the parameter `style`." }))
}

pub(super) fn resolutions() -> Json {
    let pixels = |about: &str| json!({ "type": "integer", "minimum": 16, "description": about });
    listing(
        "resolutions",
        &json!({
            "type": "object",
            "required": ["name", "width", "height"],
            "properties": {
                "name": { "type": "string", "description": "For the parameter `resolution`.", "examples": ["4K"] },
                "width": pixels("Pixels from left to right."),
                "height": pixels("Pixels from top to bottom."),
            },
        }),
    )
}

pub(super) fn voices() -> Json {
    listing(
        "voices",
        &json!({
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": { "type": "string", "description": "For the parameter `voice`." },
                "description": { "type": "string", "description": "How it sounds." },
                "languages": {
                    "type": "array",
                    "items": { "type": "string" },
                    "description": "Primary language subtags that it speaks.",
                },
            },
        }),
    )
}
