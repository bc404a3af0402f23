//! `POST /generate` and `POST /generate/batch` of version 1: tasks now, results later.

use std::sync::Arc;

use media_factory_core::{
    error::Code,
    runtime::{HttpRequest, HttpResponse, lock},
};
use serde_json::{Map as JsonMap, Value as Json, json};

use super::{
    Exchange,
    admission::{self, Draft, Terms},
    answer::{Refusal, error_json, json_response, timestamp, with_header},
    json,
};

/// The longest `Idempotency-Key`, in bytes.
const LONGEST_KEY: usize = 128;

/// Answers 202 with the task as soon as it is kept and queued.
pub(super) async fn one(exchange: &Exchange) -> Result<HttpResponse, Refusal> {
    let parameters = members(&exchange.request)?;
    let id = id(exchange, exchange.request.header("idempotency-key"))?;
    let draft = Draft::new(exchange, id, parameters);
    let outcome = admission::admit(exchange, vec![draft], Terms::default()).await?.pop();
    let key = outcome.unwrap_or_else(|| Err(Refusal::not_found("submission")))?;
    let json = lock(&exchange.shared.store).task(&exchange.media_type, &key)?.to_json();
    Ok(with_header(json_response(202, &json), "location", &format!("/tasks/{}", key.id)))
}

/// Answers 202 with a task for every item, in order. What cannot be a task is a failed one that
/// nobody will know: its key is free for a corrected item.
pub(super) async fn batch(exchange: &Exchange) -> Result<HttpResponse, Refusal> {
    let items = match members(&exchange.request)?.remove("requests") {
        Some(Json::Array(items)) => items,
        _ => return Err(malformed("a batch is an object with a list of 'requests'")),
    };
    check_length(exchange, items.len())?;
    let mut places = Vec::with_capacity(items.len());
    let mut drafts = Vec::with_capacity(items.len());
    for item in items {
        places.push(match draft(exchange, item) {
            Ok(draft) => {
                drafts.push(draft);
                Ok(())
            }
            Err(refused) => Err(refused),
        });
    }
    let ids: Vec<Arc<str>> = drafts.iter().map(|draft| draft.key.id.clone()).collect();
    let outcomes = admission::admit(exchange, drafts, Terms::default()).await?;
    let mut outcomes = ids.into_iter().zip(outcomes);
    let mut pause: Option<f64> = None;
    let mut tasks = Vec::with_capacity(places.len());
    for place in places {
        let (id, outcome) = match place {
            Ok(()) => match outcomes.next() {
                Some(judged) => judged,
                None => continue,
            },
            Err((id, refusal)) => (id, Err(refusal)),
        };
        let task = outcome.and_then(|key| {
            Ok(lock(&exchange.shared.store).task(&exchange.media_type, &key)?.to_json())
        });
        tasks.push(task.unwrap_or_else(|refusal| {
            pause = pause.or(refusal.error().retry_after);
            failed(exchange, &id, &refusal)
        }));
    }
    let answer = json_response(202, &json!({ "count": tasks.len(), "tasks": tasks }));
    Ok(match pause {
        Some(seconds) => with_header(answer, "retry-after", &seconds.to_string()),
        None => answer,
    })
}

/// # Errors
/// 413 when a batch has more items than the server takes at once.
pub(super) fn check_length(exchange: &Exchange, items: usize) -> Result<(), Refusal> {
    let most = exchange.shared.limits.batch;
    match items <= most {
        true => Ok(()),
        false => {
            let message = format!("a batch has at most {most} requests, not {items}; send several");
            Err(Refusal::new(413, Code::TooLarge, message))
        }
    }
}

/// An item of a batch; what is wrong with it comes with the id under which to tell it.
fn draft(exchange: &Exchange, item: Json) -> Result<Draft, (Arc<str>, Refusal)> {
    let fresh = || exchange.shared.ids.next(&*exchange.shared.clock);
    let Json::Object(mut parameters) = item else {
        return Err((fresh(), malformed("each request is an object of parameters")));
    };
    let key = match parameters.remove("idempotency_key") {
        None | Some(Json::Null) => None,
        Some(Json::String(key)) => Some(key),
        Some(_) => return Err((fresh(), malformed("an idempotency_key is a string"))),
    };
    match id(exchange, key.as_deref()) {
        Ok(id) => Ok(Draft::new(exchange, id, parameters)),
        Err(refusal) => Err((fresh(), refusal)),
    }
}

fn failed(exchange: &Exchange, id: &str, refusal: &Refusal) -> Json {
    let now = timestamp(exchange.shared.clock.now());
    json!({
        "task_id": id,
        "status": "failed",
        "progress": 0.0,
        "log": [],
        "created_at": now,
        "updated_at": now,
        "error": error_json(refusal.error()),
    })
}

/// A request that cannot be read.
pub(super) fn malformed(what: &str) -> Refusal {
    Refusal::new(400, Code::Validation, what)
}

/// The members of the body's object.
pub(super) fn members(request: &HttpRequest) -> Result<JsonMap<String, Json>, Refusal> {
    if !is_json(request) {
        let message = "the body must be JSON, with Content-Type: application/json";
        return Err(Refusal::new(415, Code::Unsupported, message));
    }
    match json::read(&request.body) {
        Ok(Json::Object(members)) => Ok(members),
        Ok(_) => Err(malformed("the body must be a JSON object")),
        Err(error) if error.is_data() => {
            let message = "the body has too many values: send fewer requests at once";
            Err(Refusal::new(413, Code::TooLarge, message))
        }
        Err(_) => Err(malformed("the body is malformed JSON")),
    }
}

/// The id that a key gives, or a new one.
pub(super) fn id(exchange: &Exchange, key: Option<&str>) -> Result<Arc<str>, Refusal> {
    match key {
        Some(key) => checked_id(key).map(Arc::from),
        None => Ok(exchange.shared.ids.next(&*exchange.shared.clock)),
    }
}

/// An id that can stand in a path as it is.
pub(super) fn checked_id(id: &str) -> Result<&str, Refusal> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let well_formed = !id.is_empty() && id.len() <= LONGEST_KEY && id.bytes().all(plain);
    if well_formed && id.bytes().any(|byte| byte != b'.') {
        return Ok(id);
    }
    Err(malformed("a task's id has 1 to 128 letters, digits, '-', '_', '.' or '~'"))
}

/// Whether the body says that it is JSON; other kinds could be sent across origins unasked.
pub(super) fn is_json(request: &HttpRequest) -> bool {
    let kind = request.header("content-type").unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
