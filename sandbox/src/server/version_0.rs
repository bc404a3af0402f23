//! `POST /generate` without `Prefer: respond-async`: waits, and answers as version 0 does, with
//! its codes and the bodies of its framework.

use std::sync::Arc;

use media_factory_core::{
    media::{MediaType, ProcessingStatus},
    parameters::{Table, table},
    runtime::{HttpRequest, HttpResponse, lock},
};
use serde_json::{Map as JsonMap, Value as Json, json};

use super::{Shared, answer::json_response, events::Subscriber, submit};

/// Answers with the result, or with the error that version 0 gives.
pub(super) async fn generate(
    shared: &Arc<Shared>,
    media_type: &MediaType,
    request: &HttpRequest,
) -> HttpResponse {
    let parameters = match parameters(media_type, request) {
        Ok(parameters) => parameters,
        Err(response) => return response,
    };
    match submit::enqueue(shared, media_type, request, parameters.clone()) {
        Ok(id) => result(shared, media_type, &id, parameters).await,
        // Version 0 answers whatever it cannot work with in this way, and clients do not repeat it.
        Err(refusal) if refusal.status() == 422 => error(500, refusal.message()),
        Err(refusal) => refusal.into_response(),
    }
}

fn parameters(
    media_type: &MediaType,
    request: &HttpRequest,
) -> Result<JsonMap<String, Json>, HttpResponse> {
    if !submit::is_json(request) {
        return Err(error(
            500,
            "415 Unsupported Media Type: Did not attempt to load JSON data because the request \
             Content-Type was not 'application/json'.",
        ));
    }
    let Ok(json) = serde_json::from_slice(&request.body) else {
        return Err(error(
            500,
            "400 Bad Request: The browser (or proxy) sent a request that this server could not \
             understand.",
        ));
    };
    let Some(table) = table(media_type) else { return Err(error(404, "there is no such medium")) };
    match json {
        Json::Object(mut members) if has_required(table, &members) => {
            // Version 0 ignores what it does not know.
            members.retain(|key, _| table.fields.iter().any(|field| field.name == key));
            Ok(members)
        }
        Json::Null => Err(error(500, "the body is null instead of an object")),
        _ => Err(error(400, &format!("{} is required", capitalised(table.required.0)))),
    }
}

fn has_required(table: &Table, members: &JsonMap<String, Json>) -> bool {
    let (key, substitute) = table.required;
    members.contains_key(key) || substitute.is_some_and(|other| members.contains_key(other))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// Waits for the end. A client that goes away does not stop the work.
async fn result(
    shared: &Arc<Shared>,
    media_type: &MediaType,
    id: &str,
    parameters: JsonMap<String, Json>,
) -> HttpResponse {
    let subscriber = Arc::new(Subscriber::default());
    if let Ok(task) = lock(&shared.store).task_mut(media_type, id) {
        task.subscribe(&subscriber);
    }
    loop {
        match lock(&shared.store).task(media_type, id) {
            Ok(task) if task.status() == ProcessingStatus::Cancelled => {
                return error(500, "the task was cancelled");
            }
            Ok(task) => match (task.result(), task.error()) {
                (Some(result), _) => return json_response(200, &echo(result.clone(), parameters)),
                (None, Some(failure)) => return error(500, &failure.message),
                (None, None) => {}
            },
            Err(refusal) => return refusal.into_response(),
        }
        subscriber.changed().await;
    }
}

/// Version 0 repeats the parameters in the result, where nothing else has their names.
fn echo(mut result: Json, parameters: JsonMap<String, Json>) -> Json {
    if let Some(members) = result.as_object_mut() {
        for (key, value) in parameters {
            members.entry(key).or_insert(value);
        }
    }
    result
}

fn error(status: u16, text: &str) -> HttpResponse {
    json_response(status, &json!({ "error": text }))
}
