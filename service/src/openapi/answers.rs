//! Answers by status, with their bodies and headers.

use serde_json::{Map as JsonMap, Value as Json, json};

use super::{Facts, schemas::named};

/// Refusals that look alike wherever they come from, by name.
pub(super) fn shared(facts: &Facts) -> Json {
    let header = |name: &str, about: &str, example: Json| {
        let schema = match example.is_string() {
            true => json!({ "type": "string", "examples": [example] }),
            false => json!({ "type": "integer", "minimum": 1, "examples": [example] }),
        };
        Some(json!({ (name): required(about, &schema) }))
    };
    let allow = header("Allow", "The methods that the path takes.", json!("GET, HEAD, DELETE"));
    let challenge = header("WWW-Authenticate", "How to authenticate (RFC 6750).", json!("Bearer"));
    let retry = header("Retry-After", "Seconds after which to try again.", json!(1));
    let too_large = format!("The body has more than {} bytes, or too many items.", facts.max_body);
    json!({
        "Malformed": refusal(
            "The request is malformed: no `Host`, no JSON, a value out of its range in the query \
             or in a header, an id that is none, a body that ends too early.",
            None,
        ),
        "Unauthorized": refusal("The token is missing or not known.", challenge),
        "Forbidden": refusal("Pages of the request's `Origin` may not use this service.", None),
        "NotFound": refusal("There is no such thing, or no longer.", None),
        "WrongMethod": refusal("The path takes other methods.", allow),
        "TooSlow": refusal("The body stopped coming.", None),
        "Conflict": refusal(
            "The key was used for another request or cancelled before it came, or the task has \
             ended already.",
            None,
        ),
        "TooLarge": refusal(&too_large, None),
        "UnsupportedMediaType": refusal("The body is of another kind than this path takes.", None),
        "Misdirected": refusal("The service does not go by the name in `Host`.", None),
        "Invalid": refusal("Parameters are wrong; `details` lists every problem.", None),
        "Busy": refusal(
            "The queue is full, the disk is full, too many connections are open, or the service \
             is stopping. Nothing was done.",
            retry,
        ),
    })
}

fn refusal(about: &str, headers: Option<Json>) -> Json {
    let mut answer = json_answer(about, &named("Refusal"));
    if let (Some(members), Some(headers)) = (answer.as_object_mut(), headers) {
        members.insert("headers".to_owned(), headers);
    }
    answer
}

/// A header that the answer always has.
pub(super) fn required(about: &str, schema: &Json) -> Json {
    json!({ "description": about, "required": true, "schema": schema })
}

/// A header that the answer may have.
pub(super) fn optional(about: &str, schema: &Json) -> Json {
    json!({ "description": about, "required": false, "schema": schema })
}

/// An answer with a JSON body.
pub(super) fn json_answer(about: &str, schema: &Json) -> Json {
    json!({ "description": about, "content": { "application/json": { "schema": schema } } })
}

/// What an operation answers: its own answers, the named refusals, and those that every operation
/// has.
pub(super) fn answers(facts: &Facts, own: Json, refusals: &[u16]) -> Json {
    let mut all: JsonMap<String, Json> = own.as_object().cloned().unwrap_or_default();
    let everywhere = [400, 403, 405, 421, 503];
    let secured = facts.token.then_some(401);
    let with_body = refusals.contains(&413).then_some(408);
    let shared = everywhere.into_iter().chain(secured).chain(with_body);
    for status in refusals.iter().copied().chain(shared) {
        let name = match status {
            400 => "Malformed",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "NotFound",
            405 => "WrongMethod",
            408 => "TooSlow",
            409 => "Conflict",
            413 => "TooLarge",
            415 => "UnsupportedMediaType",
            421 => "Misdirected",
            422 => "Invalid",
            _ => "Busy",
        };
        all.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
    Json::Object(all)
}
