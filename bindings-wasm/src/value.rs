//! JavaScript values as the core's: what it has no word for stays visible as `Foreign`, so that
//! validation can name it.

use bytes::Bytes;
use js_sys::{Array, ArrayBuffer, JsString, Object, Reflect, Uint8Array};
use media_factory_core::{
    error::{Error, Issue, IssueCode, Result},
    media::{Foreign, Map, MediaInput, Value},
};
use serde_json::Value as Json;
use wasm_bindgen::{
    JsCast,
    prelude::{JsValue, wasm_bindgen},
};
use web_sys::Blob;

use crate::media::blob_input;

#[wasm_bindgen]
extern "C" {
    /// As `Object.keys`, but what a proxy throws is caught.
    #[wasm_bindgen(catch, js_namespace = Object, js_name = keys)]
    fn own_keys(object: &JsValue) -> Result<Array, JsValue>;
}

/// The dictionary that `js` is; absent ones are empty. `what` names it in the error.
pub(crate) fn map_of(js: &JsValue, what: &str) -> Result<Map> {
    match value_of(js) {
        Value::Map(map) => Ok(map),
        Value::Null => Ok(Map::new()),
        other => {
            let message = format!("{what} must be a dictionary, not {}", other.kind());
            Err(Error::invalid(what, vec![Issue::new("", IssueCode::Type, message)]))
        }
    }
}

/// The value as JSON, for results and metadata of custom workflows. `what` names it in the error.
pub(crate) fn plain_data(what: &str, value: &Value) -> Result<Json> {
    let refused = |message: String| {
        Err(Error::invalid(what, vec![Issue::new(what, IssueCode::Type, message)]))
    };
    match value {
        Value::Foreign(_) | Value::Media(_) => {
            refused(format!("{what} must be plain data, not {}", value.kind()))
        }
        Value::Float(number) if !number.is_finite() => {
            refused(format!("{what} must be plain data, not {number}"))
        }
        Value::List(items) => items.iter().map(|item| plain_data(what, item)).collect(),
        Value::Map(map) => map
            .iter()
            .map(|(key, item)| Ok((key.to_owned(), plain_data(what, item)?)))
            .collect::<Result<_>>()
            .map(Json::Object),
        plain => Ok(plain.to_json()),
    }
}

/// The value as the core has it. Never fails and never runs forever.
pub(crate) fn value_of(js: &JsValue) -> Value {
    Walk { ancestors: Vec::new(), left: Walk::MOST_VALUES }.value(js)
}

/// The bytes behind an `ArrayBuffer` or a view on one.
pub(crate) fn bytes_of(js: &JsValue) -> Option<Bytes> {
    if let Some(buffer) = js.dyn_ref::<ArrayBuffer>() {
        return Some(Uint8Array::new(buffer).to_vec().into());
    }
    if !ArrayBuffer::is_view(js) {
        return None;
    }
    let member = |name: &str| Reflect::get(js, &name.into()).ok();
    let number = |name: &str| member(name)?.as_f64().map(|number| number as u32);
    let (offset, length) = (number("byteOffset")?, number("byteLength")?);
    let view = Uint8Array::new_with_byte_offset_and_length(&member("buffer")?, offset, length);
    Some(view.to_vec().into())
}

struct Walk {
    ancestors: Vec<JsValue>,
    left: usize,
}

impl Walk {
    /// A structure that shares its parts can unfold without end; no request is this large.
    const MOST_VALUES: usize = 1_000_000;

    fn value(&mut self, js: &JsValue) -> Value {
        if js.is_undefined() || js.is_null() {
            return Value::Null;
        }
        if let Some(number) = js.as_f64() {
            return number_of(number);
        }
        if let Some(flag) = js.as_bool() {
            return Value::Bool(flag);
        }
        if let Some(text) = js.dyn_ref::<JsString>() {
            return text_of(text);
        }
        if js.is_bigint() {
            let exact = i64::try_from(js.clone());
            return exact.map_or(Value::Foreign(Foreign::HugeInteger), Value::Int);
        }
        if js.is_function() || js.is_symbol() {
            let kind = if js.is_function() { "a function" } else { "a symbol" };
            return Value::Foreign(Foreign::Object(kind.to_owned()));
        }
        self.object(js)
    }

    fn object(&mut self, js: &JsValue) -> Value {
        let Ok(prototype) = Reflect::get_prototype_of(js) else { return unreadable() };
        if let Some(blob) = js.dyn_ref::<Blob>() {
            return Value::Media(blob_input(blob));
        }
        if let Some(bytes) = bytes_of(js) {
            return Value::Media(MediaInput::Bytes(bytes));
        }
        let is_list = Array::is_array(js);
        if !is_list && !is_plain(&prototype) {
            return Value::Foreign(Foreign::Object(class_name(js)));
        }
        let is_cycle = self.ancestors.contains(js);
        if is_cycle || self.ancestors.len() >= Value::MAX_DEPTH || self.left == 0 {
            return Value::Foreign(Foreign::TooDeep);
        }
        self.ancestors.push(js.clone());
        let value = if is_list { self.list(js.unchecked_ref()) } else { self.map(js) };
        self.ancestors.pop();
        value
    }

    fn list(&mut self, array: &Array) -> Value {
        let mut items = Vec::new();
        for place in 0..array.length() {
            if self.left == 0 {
                return Value::Foreign(Foreign::TooDeep);
            }
            self.left -= 1;
            match Reflect::get_u32(array, place) {
                Ok(item) => items.push(self.value(&item)),
                Err(_) => return unreadable(),
            }
        }
        Value::List(items)
    }

    fn map(&mut self, js: &JsValue) -> Value {
        let Ok(keys) = own_keys(js) else { return unreadable() };
        let mut map = Map::new();
        for key in keys.iter() {
            if self.left == 0 {
                return Value::Foreign(Foreign::TooDeep);
            }
            self.left -= 1;
            let Ok(member) = Reflect::get(js, &key) else { return unreadable() };
            map.push(key.as_string().unwrap_or_default(), self.value(&member));
        }
        Value::Map(map)
    }
}

/// JavaScript has one kind of number; what is whole and fits is an integer for the core.
fn number_of(number: f64) -> Value {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if number.fract() == 0.0 && number.abs() < BEYOND {
        Value::Int(number as i64)
    } else {
        Value::Float(number)
    }
}

fn text_of(js: &JsString) -> Value {
    let text = String::from(js);
    // Only where a replacement character came out can there have been half of a pair.
    if text.contains(char::REPLACEMENT_CHARACTER) && !js.is_valid_utf16() {
        return Value::Foreign(Foreign::LoneSurrogate);
    }
    Value::String(text)
}

/// Objects of another realm have another `Object.prototype`, which has no prototype either.
fn is_plain(prototype: &Object) -> bool {
    let object: &JsValue = prototype;
    object.is_null() || Reflect::get_prototype_of(object).is_ok_and(|next| next.is_null())
}

fn class_name(js: &JsValue) -> String {
    let member = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).ok();
    let name = member(js, "constructor").and_then(|class| member(&class, "name")?.as_string());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "an object".to_owned())
}

fn unreadable() -> Value {
    Value::Foreign(Foreign::Object("an object that cannot be read".to_owned()))
}
