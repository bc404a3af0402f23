//! `POST /generate/batch` of version 0, as its FastAPI variant answers: all or nothing, in order.

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
        cancel::stop,
        json,
        record::TaskKey,
        submit,
    },
    End, end_of,
    result::result,
    single::{echo, wishes},
};

const NO_OBJECT: &str = "Input should be a valid dictionary or object to extract fields from";

/// Answers with all results, or with why there is none.
pub(super) async fn generate(exchange: &mut Exchange) -> HttpResponse {
    let requests = match requests(exchange) {
        Ok(requests) => requests,
        Err(detail) => return refused(&[detail]),
    };
    // Before every one of them is answered for.
    if let Err(refusal) = submit::check_length(exchange, requests.len()) {
        return refusal.into_response();
    }
    let items = match items(&exchange.media_type, requests) {
        Ok(items) => items,
        Err(details) => return refused(&details),
    };
    let (mut drafts, mut echoes, mut details) = (Vec::new(), Vec::new(), Vec::new());
    for (place, item) in items.iter().enumerate() {
        let id = exchange.shared.ids.next(&*exchange.shared.clock);
        match wishes(&exchange.media_type, item) {
            Ok(wishes) => {
                drafts.push(Draft::new(exchange, id, item.clone()).with_parameters(wishes));
                echoes.push(echo(&exchange.media_type, item));
            }
            Err(problem) => {
                details.push(detail("value_error", place, None, &problem, &json!(item)))
            }
        }
    }
    if !details.is_empty() {
        return refused(&details);
    }
    let terms = Terms { all_or_none: true, blank_prompt: true };
    let outcomes = match admit(exchange, drafts, terms).await {
        Ok(outcomes) => outcomes,
        Err(refusal) => return refusal.into_response(),
    };
    let admitted = admitted(outcomes, &items);
    drop(items);
    match admitted {
        Ok(keys) => results(exchange, keys, echoes).await,
        Err(response) => response,
    }
}

/// The keys of all tasks, or the answer that refuses them.
fn admitted(
    outcomes: Vec<Result<TaskKey, Refusal>>,
    items: &[JsonMap<String, Json>],
) -> Result<Vec<TaskKey>, HttpResponse> {
    let (mut keys, mut details) = (Vec::new(), Vec::new());
    for (place, (outcome, item)) in outcomes.into_iter().zip(items).enumerate() {
        match outcome {
            Ok(key) => keys.push(key),
            Err(refusal) if refusal.status() == 422 => {
                details.extend(refusal.error().issues.iter().map(|issue| {
                    let input = item.get(&issue.path).cloned().unwrap_or_default();
                    detail("value_error", place, Some(&issue.path), &issue.message, &input)
                }));
            }
            Err(refusal) => return Err(refusal.into_response()),
        }
    }
    match details.is_empty() {
        true => Ok(keys),
        false => Err(refused(&details)),
    }
}

/// Waits for all; the first failure stops the others, because nobody will see what they give.
async fn results(
    exchange: &Exchange,
    keys: Vec<TaskKey>,
    echoes: Vec<JsonMap<String, Json>>,
) -> HttpResponse {
    let mut results = Vec::with_capacity(keys.len());
    for (place, (key, echo)) in keys.iter().zip(&echoes).enumerate() {
        match end_of(exchange, key).await {
            End::Result(json) => results.push(result(&exchange.media_type, json, echo)),
            End::Failure(message) => {
                let (shared, media_type) = (&exchange.shared, &exchange.media_type);
                for key in keys.iter().skip(place + 1).cloned() {
                    let stop = stop(shared.clone(), media_type.clone(), key);
                    // What has ended meanwhile, or cannot be stopped, costs nothing but work.
                    shared.spawner.spawn(Box::pin(async move { drop(stop.await) }));
                }
                return json_response(500, &json!({ "detail": message }));
            }
            End::Unknown(refusal) => return refusal.into_response(),
        }
    }
    json_response(200, &json!({ "count": results.len(), "results": results }))
}

fn refused(details: &[Json]) -> HttpResponse {
    json_response(422, &json!({ "detail": details }))
}

/// One problem as Pydantic tells it.
fn problem(kind: &str, loc: Json, message: &str, input: &Json) -> Json {
    json!({ "type": kind, "loc": loc, "msg": message, "input": shown(input) })
}

/// A problem with one item, or with a field of it.
fn detail(kind: &str, place: usize, field: Option<&str>, message: &str, input: &Json) -> Json {
    let loc = match field {
        Some(field) => json!(["body", "requests", place, field]),
        None => json!(["body", "requests", place]),
    };
    problem(kind, loc, message, input)
}

/// The input, unless it is long: a picture need not travel back.
fn shown(input: &Json) -> Json {
    const LONGEST: usize = 1024;
    match input.to_string().len() {
        0..=LONGEST => input.clone(),
        long => json!(format!("<{long} bytes>")),
    }
}

/// The list in the body, or what is wrong with it.
fn requests(exchange: &mut Exchange) -> Result<Vec<Json>, Json> {
    let body = std::mem::take(&mut exchange.request.body);
    if !submit::is_json(&exchange.request) {
        let text = String::from_utf8_lossy(&body);
        return Err(problem("model_attributes_type", json!(["body"]), NO_OBJECT, &json!(text)));
    }
    let json = json::read(&body).map_err(|error| {
        let loc = json!(["body", offset_of(&error, &body)]);
        problem("json_invalid", loc, "JSON decode error", &json!({}))
    })?;
    let requests = match json {
        Json::Object(mut members) => match members.remove("requests") {
            Some(requests) => requests,
            None => {
                let loc = json!(["body", "requests"]);
                let input = Json::Object(members);
                return Err(problem("missing", loc, "Field required", &input));
            }
        },
        Json::Null => {
            return Err(problem("missing", json!(["body"]), "Field required", &Json::Null));
        }
        other => {
            return Err(problem("model_attributes_type", json!(["body"]), NO_OBJECT, &other));
        }
    };
    match requests {
        Json::Array(requests) => Ok(requests),
        other => {
            let loc = json!(["body", "requests"]);
            Err(problem("list_type", loc, "Input should be a valid list", &other))
        }
    }
}

/// The items of the batch, typed as the variant's models type them.
fn items(
    media_type: &MediaType,
    requests: Vec<Json>,
) -> Result<Vec<JsonMap<String, Json>>, Vec<Json>> {
    let Some(table) = table(media_type) else { return Ok(Vec::new()) };
    let (mut items, mut details) = (Vec::new(), Vec::new());
    for (place, item) in requests.into_iter().enumerate() {
        match item {
            Json::Object(item) => items.push(typed(table, place, item, &mut details)),
            other => {
                details.push(detail("model_attributes_type", place, None, NO_OBJECT, &other));
            }
        }
    }
    match details.is_empty() {
        true => Ok(items),
        false => Err(details),
    }
}

/// Where in the body the reader stopped.
fn offset_of(error: &serde_json::Error, body: &[u8]) -> usize {
    let lines = body.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    before + error.column().saturating_sub(1)
}

/// Texts must be texts, flags may be written in words, and null passes where nothing is required.
fn typed(
    table: &Table,
    place: usize,
    mut item: JsonMap<String, Json>,
    details: &mut Vec<Json>,
) -> JsonMap<String, Json> {
    let (required, substitute) = table.required;
    let there = substitute.is_some_and(|other| item.contains_key(other));
    if !item.contains_key(required) && !there {
        let input = Json::Object(item.clone());
        details.push(detail("missing", place, Some(required), "Field required", &input));
    }
    for field in table.fields {
        let Some(value) = item.get_mut(field.name) else { continue };
        let mut refuse = |kind, message, value: &Json| {
            details.push(detail(kind, place, Some(field.name), message, value));
        };
        match (field.rule, &*value) {
            (_, Json::Null) if field.name != required => {}
            (Rule::Text(_) | Rule::FreeText(_) | Rule::Model | Rule::Resolution, other)
                if !other.is_string() =>
            {
                refuse("string_type", "Input should be a valid string", other);
            }
            (Rule::Flag, other) => match flag(other) {
                Flag::Is(flag) => *value = Json::Bool(flag),
                Flag::Unclear => refuse(
                    "bool_parsing",
                    "Input should be a valid boolean, unable to interpret input",
                    other,
                ),
                Flag::None => refuse("bool_type", "Input should be a valid boolean", other),
            },
            _ => {}
        }
    }
    item
}

enum Flag {
    Is(bool),
    Unclear,
    None,
}

/// A boolean as Pydantic reads it: also 0, 1 and a few words in any case.
fn flag(value: &Json) -> Flag {
    match value {
        Json::Bool(flag) => Flag::Is(*flag),
        Json::Number(number) => match number.as_f64() {
            Some(0.0) => Flag::Is(false),
            Some(1.0) => Flag::Is(true),
            _ => Flag::Unclear,
        },
        Json::String(text) => match text.to_ascii_lowercase().as_str() {
            "0" | "off" | "f" | "false" | "n" | "no" => Flag::Is(false),
            "1" | "on" | "t" | "true" | "y" | "yes" => Flag::Is(true),
            _ => Flag::Unclear,
        },
        _ => Flag::None,
    }
}
