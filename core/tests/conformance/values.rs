//! Reads what JSON lacks from tagged objects.

use base64::{Engine, engine::general_purpose::STANDARD};
use media_factory_core::media::{Foreign, Map, MediaInput, Value};
use serde_json::Value as Json;

/// A parameter or configuration value, tags resolved.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => match members.iter().next() {
            Some((tag, content)) if tag.starts_with('$') => tagged(tag, content),
            _ => Value::Map(dictionary(json)),
        },
        plain => Value::from_json(plain),
    }
}

/// A dictionary of such values; empty for anything that is no object.
pub(crate) fn dictionary(json: &Json) -> Map {
    let members = json.as_object().into_iter().flatten();
    members.map(|(key, item)| (key.clone(), value(item))).collect()
}

fn tagged(tag: &str, content: &Json) -> Value {
    match tag {
        "$nan" => Value::Float(f64::NAN),
        "$inf" => Value::Float(content.as_f64().expect("a sign") * f64::INFINITY),
        "$huge" => Value::Foreign(Foreign::HugeInteger),
        "$lone_surrogate" => Value::Foreign(Foreign::LoneSurrogate),
        "$object" => Value::Foreign(Foreign::Object("object".to_owned())),
        "$bytes" => Value::Media(MediaInput::Bytes(bytes(content).into())),
        "$repeat" => Value::String(content[0].as_str().expect("text").repeat(count(&content[1]))),
        "$items" => Value::List(vec![value(&content[0]); count(&content[1])]),
        other => panic!("unknown tag {other}"),
    }
}

/// `"base64"`, or `["base64", length]` filled up with zeros.
fn bytes(content: &Json) -> Vec<u8> {
    let (encoded, length) = match content {
        Json::Array(pair) => (&pair[0], Some(count(&pair[1]))),
        single => (single, None),
    };
    let mut bytes = STANDARD.decode(encoded.as_str().expect("base64")).expect("base64");
    bytes.resize(length.unwrap_or(bytes.len()), 0);
    bytes
}

fn count(json: &Json) -> usize {
    usize::try_from(json.as_u64().expect("a count")).expect("a count")
}
