//! Compares what happened with what a vector says.

use serde_json::Value as Json;

/// Where `actual` differs from `expected`, in words; `None` when it does not.
///
/// Objects may have more members than expected. `{"$any": "uuid"}`, `{"$any": "string"}`,
/// `{"$any": "number"}` and `{"$any": true}` stand for any such value, `{"$absent": true}` for a
/// missing or null member, `{"$contains": "text"}` for text with that in it.
pub fn mismatch(expected: &Json, actual: &Json) -> Option<String> {
    differs("", expected, actual)
}

fn differs(path: &str, expected: &Json, actual: &Json) -> Option<String> {
    let wrong = || Some(format!("{path}: expected {expected}, got {actual}"));
    if let Some(tag) = expected.as_object().and_then(|members| members.iter().next()) {
        match (tag.0.as_str(), tag.1) {
            ("$any", kind) => return if is_any(kind, actual) { None } else { wrong() },
            ("$absent", _) => return if actual.is_null() { None } else { wrong() },
            ("$contains", Json::String(part)) => {
                let found = actual.as_str().is_some_and(|text| text.contains(part.as_str()));
                return if found { None } else { wrong() };
            }
            _ => {}
        }
    }
    match (expected, actual) {
        (Json::Object(expected), Json::Object(actual)) => {
            expected.iter().find_map(|(key, value)| {
                differs(&format!("{path}.{key}"), value, actual.get(key).unwrap_or(&Json::Null))
            })
        }
        (Json::Array(wanted), Json::Array(given)) => {
            if wanted.len() != given.len() {
                return wrong();
            }
            let mut pairs = wanted.iter().zip(given).enumerate();
            pairs.find_map(|(place, (e, a))| differs(&format!("{path}[{place}]"), e, a))
        }
        (Json::Number(e), Json::Number(a)) => {
            let close = e.as_f64().zip(a.as_f64()).is_some_and(|(e, a)| (e - a).abs() < 1e-9);
            if close { None } else { wrong() }
        }
        (e, a) if e == a => None,
        _ => wrong(),
    }
}

fn is_any(kind: &Json, actual: &Json) -> bool {
    match kind.as_str() {
        Some("uuid") => actual.as_str().is_some_and(is_uuid),
        Some("string") => actual.is_string(),
        Some("number") => actual.is_number(),
        Some("object") => actual.is_object(),
        Some("list") => actual.is_array(),
        _ => !actual.is_null(),
    }
}

pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(place, c)| match place {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}
