//! A result as version 0 writes it, beside the members that version 1 has.

use media_factory_core::media::MediaType;
use serde_json::{Map as JsonMap, Value as Json, json};

/// The body of a synchronous answer: the result of version 1, the parameters under the names that
/// version 0 gives them, and what it says of the work.
pub(super) fn result(
    media_type: &MediaType,
    mut result: Json,
    echo: &JsonMap<String, Json>,
) -> Json {
    let said = match media_type {
        MediaType::Image => image(&result, echo),
        MediaType::Video => film(&result, echo),
        _ => voice(&result, echo),
    };
    if let Some(timestamp) = result.get("timestamp").and_then(Json::as_str).map(naive) {
        put(&mut result, "timestamp", json!(timestamp));
    }
    for (key, value) in said {
        match (key, value) {
            ("metadata", Json::Object(facts)) => {
                if let Some(metadata) = result.get_mut("metadata").and_then(Json::as_object_mut) {
                    metadata.extend(facts);
                }
            }
            (key, value) => put(&mut result, key, value),
        }
    }
    result
}

fn put(json: &mut Json, key: &str, value: Json) {
    if let Some(members) = json.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}

fn image(result: &Json, echo: &JsonMap<String, Json>) -> Vec<(&'static str, Json)> {
    let sent = |key: &str| echo.get(key).cloned().unwrap_or_default();
    vec![
        ("prompt", sent("prompt")),
        ("model", sent("model")),
        ("style", sent("style")),
        ("resolution", sent("resolution")),
        ("hdr_enabled", sent("hdr")),
        // The engine makes no material maps, whatever was asked for.
        ("pbr_enabled", json!(false)),
        ("metadata", json!({ "seed": output(result, "seed") })),
    ]
}

fn film(result: &Json, echo: &JsonMap<String, Json>) -> Vec<(&'static str, Json)> {
    let sent = |key: &str| echo.get(key).cloned().unwrap_or_default();
    let made = |key: &str| result.pointer(&format!("/metadata/rendered/{key}"));
    let number = |key: &str| made(key).and_then(Json::as_f64).unwrap_or_default();
    let frames = (number("duration") * number("fps")).round();
    // As version 0 multiplies: a whole number where both of its factors are.
    let is_whole = |key: &str| !sent(key).is_f64();
    let total_frames = match is_whole("duration") && is_whole("fps") {
        true => json!(frames as u64),
        false => json!(frames),
    };
    let milliseconds = result.pointer("/metadata/generation_time_ms").and_then(Json::as_f64);
    let bits = output(result, "bytes").as_f64().unwrap_or_default() * 8.0;
    let seconds = output(result, "duration").as_f64().unwrap_or_default();
    vec![
        ("prompt", sent("prompt")),
        ("duration", sent("duration")),
        ("resolution", sent("resolution")),
        ("fps", sent("fps")),
        ("total_frames", total_frames),
        ("nerf_enabled", sent("use_nerf")),
        ("style", sent("style")),
        (
            "metadata",
            json!({
                "rendering_time_sec": milliseconds.unwrap_or_default() / 1000.0,
                "codec": output(result, "codec"),
                "bitrate": (seconds > 0.0).then(|| format!("{:.2}Mbps", bits / seconds / 1e6)),
                "seed": output(result, "seed"),
            }),
        ),
    ]
}

/// There is no voice service of version 0; this is what it would be by analogy.
fn voice(result: &Json, echo: &JsonMap<String, Json>) -> Vec<(&'static str, Json)> {
    let text = echo.get("text").cloned().unwrap_or_default();
    vec![("text", text), ("metadata", json!({ "codec": output(result, "codec") }))]
}

/// A fact about the first output.
fn output(result: &Json, key: &str) -> Json {
    result.pointer(&format!("/outputs/0/{key}")).cloned().unwrap_or_default()
}

/// The same time without its zone, as version 0 writes it: microseconds unless there are none.
fn naive(timestamp: &str) -> String {
    let time = timestamp.trim_end_matches('Z');
    match time.strip_suffix(".000") {
        Some(whole) => whole.to_owned(),
        None => format!("{time}000"),
    }
}
