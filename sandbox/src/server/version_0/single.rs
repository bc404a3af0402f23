//! `POST /generate` of version 0, as its Flask services answer.

use std::sync::Arc;

use media_factory_core::{
    media::MediaType,
    parameters::{Rule, Table, table},
    runtime::HttpResponse,
};
use serde_json::{Map as JsonMap, Value as Json, json};

use super::{
    super::{
        Exchange,
        admission::{Draft, Terms, admit},
        answer::{Refusal, json_response},
        json, submit,
    },
    End, end_of,
    result::result,
};

/// Answers with the result, or with the error that version 0 gives.
pub(super) async fn generate(exchange: &mut Exchange) -> HttpResponse {
    let sent = match members(exchange) {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let (id, wishes) = match (id(exchange), wishes(&exchange.media_type, &sent)) {
        (Ok(id), Ok(wishes)) => (id, wishes),
        (Err(refusal), _) => return refusal.into_response(),
        (_, Err(problem)) => return error(500, &problem),
    };
    let echo = echo(&exchange.media_type, &sent);
    let draft = Draft::new(exchange, id, sent).with_parameters(wishes);
    let terms = Terms { blank_prompt: true, ..Terms::default() };
    let key = match admit(exchange, vec![draft], terms).await.map(|mut outcomes| outcomes.pop()) {
        Ok(Some(Ok(key))) => key,
        // Version 0 answers whatever it cannot work with in this way, and clients do not repeat it.
        Ok(Some(Err(refusal))) if refusal.status() == 422 => {
            return error(500, &refusal.error().message);
        }
        Ok(Some(Err(refusal))) | Err(refusal) => return refusal.into_response(),
        Ok(None) => return Refusal::not_found("submission").into_response(),
    };
    match end_of(exchange, &key).await {
        End::Result(json) => json_response(200, &result(&exchange.media_type, json, &echo)),
        End::Failure(message) => error(500, &message),
        End::Unknown(refusal) => refusal.into_response(),
    }
}

fn id(exchange: &Exchange) -> Result<Arc<str>, Refusal> {
    submit::id(exchange, exchange.request.header("idempotency-key"))
}

/// What was sent, where it is an object with what is required.
fn members(exchange: &mut Exchange) -> Result<JsonMap<String, Json>, HttpResponse> {
    let body = std::mem::take(&mut exchange.request.body);
    if !submit::is_json(&exchange.request) {
        return Err(error(
            500,
            "415 Unsupported Media Type: Did not attempt to load JSON data because the request \
             Content-Type was not 'application/json'.",
        ));
    }
    let Ok(json) = json::read(&body) else {
        return Err(error(
            500,
            "400 Bad Request: The browser (or proxy) sent a request that this server could not \
             understand.",
        ));
    };
    let Some(table) = table(&exchange.media_type) else {
        return Err(error(404, "there is no such medium"));
    };
    match json {
        Json::Object(members) if has_required(table, &members) => Ok(members),
        Json::Object(_) | Json::Array(_) | Json::String(_) => {
            Err(error(400, &format!("{} is required", capitalised(table.required.0))))
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {
            Err(error(500, "the body is no object of parameters"))
        }
    }
}

/// Only that the key is there counts.
fn has_required(table: &Table, members: &JsonMap<String, Json>) -> bool {
    let (key, substitute) = table.required;
    members.contains_key(key) || substitute.is_some_and(|other| members.contains_key(other))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// What the result says of the parameters: those that version 0 knows.
pub(super) fn echo(media_type: &MediaType, sent: &JsonMap<String, Json>) -> JsonMap<String, Json> {
    let known = table(media_type).map_or(&[][..], |table| table.version_0);
    let said = sent.iter().filter(|(name, _)| known.contains(&name.as_str()));
    with_defaults(media_type, said.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The defaults of version 0 for what is absent; null is there.
fn with_defaults(
    media_type: &MediaType,
    mut members: JsonMap<String, Json>,
) -> JsonMap<String, Json> {
    let defaults = match media_type {
        MediaType::Image => json!({
            "prompt": "", "style": "realistic", "resolution": "1024x1024", "hdr": true,
            "pbr": true, "model": "stable-diffusion",
        }),
        MediaType::Video => json!({
            "prompt": "", "duration": 5, "resolution": "8K", "fps": 60, "use_nerf": true,
            "style": "realistic",
        }),
        _ => json!({ "text": "" }),
    };
    let defaults = defaults.as_object().into_iter().flatten();
    for (key, value) in defaults {
        members.entry(key.clone()).or_insert_with(|| value.clone());
    }
    members
}

/// What is to be rendered. Version 0 checks no types and ignores what it does not know; a renderer
/// takes every value that has a meaning.
///
/// # Errors
/// A number of null, in words.
pub(super) fn wishes(
    media_type: &MediaType,
    sent: &JsonMap<String, Json>,
) -> Result<JsonMap<String, Json>, String> {
    let mut members = sent.clone();
    let Some(table) = table(media_type) else { return Ok(members) };
    // A film of pictures has their size and length unless it asks for others.
    if !members.contains_key("images") {
        members = with_defaults(media_type, members);
    }
    let mut wishes = JsonMap::new();
    for field in table.fields {
        let Some(value) = members.remove(field.name) else { continue };
        let wish = match (field.rule, value) {
            // On by default there, and beyond the engine here: the result says that it is off.
            (Rule::Flag, _) if field.name == "pbr" => None,
            (Rule::Flag, value) => Some(Json::Bool(is_true(&value))),
            (Rule::Duration | Rule::Number(..), Json::Null)
                if table.version_0.contains(&field.name) =>
            {
                return Err(format!("{} is null instead of a number", field.name));
            }
            (Rule::Text(_), Json::Null) if field.name == table.required.0 => Some(json!("")),
            (_, Json::Null) => None,
            (Rule::Text(_) | Rule::FreeText(_) | Rule::Model, Json::String(text)) => {
                Some(Json::String(text))
            }
            (Rule::Text(_) | Rule::FreeText(_) | Rule::Model, other) => {
                Some(Json::String(other.to_string()))
            }
            (_, other) => Some(other),
        };
        wishes.extend(wish.map(|wish| (field.name.to_owned(), wish)));
    }
    Ok(wishes)
}

/// What counts as true where nobody checks: everything but nothing.
fn is_true(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(flag) => *flag,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        Json::Object(members) => !members.is_empty(),
    }
}

fn error(status: u16, text: &str) -> HttpResponse {
    json_response(status, &json!({ "error": text }))
}
