//! What the core gives, as JavaScript values.

use js_sys::JSON;
use serde::Serialize;
use serde_json::Value as Json;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::JsValue;

/// A plain JavaScript value with the names that JSON has.
pub(crate) fn to_js(value: &impl Serialize) -> JsValue {
    json_to_js(&serde_json::to_value(value).unwrap_or_default())
}

/// JSON as a JavaScript value.
pub(crate) fn json_to_js(json: &Json) -> JsValue {
    // A service may write integers beyond 2^53: those lose digits, as in any JSON that JavaScript
    // reads, while the serializer would refuse them.
    json.serialize(&Serializer::json_compatible())
        .or_else(|_| JSON::parse(&serde_json::to_string(json).unwrap_or_default()))
        .unwrap_or(JsValue::NULL)
}
