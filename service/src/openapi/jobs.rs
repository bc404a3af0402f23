//! The paths of jobs: submitting, reading, following, cancelling.

use media_factory_core::media::MediaType;
use serde_json::{Value as Json, json};

use super::{
    Facts,
    answers::{answers, json_answer, optional, required},
    schemas::named,
};

/// `/generate`, `/generate/batch`, `/tasks…` and `/events`.
pub(super) fn paths(media_type: &MediaType, facts: &Facts) -> Json {
    json!({
        "/generate": { "post": submit(media_type, facts) },
        "/generate/batch": { "post": submit_batch(facts) },
        "/tasks": { "get": list(facts) },
        "/tasks/{task_id}": {
            "parameters": [task_id()],
            "get": read(media_type, facts),
            "delete": cancel(facts),
        },
        "/tasks/{task_id}/events": { "parameters": [task_id()], "get": follow(facts) },
        "/events": { "get": follow_many(facts), "post": follow_many_in_body(facts) },
    })
}

/// Parameters that other operations share, by name.
pub(super) fn shared() -> Json {
    json!({
        "Prefer": {
            "name": "Prefer",
            "in": "header",
            "description": "`respond-async` (RFC 7240). Without it the operation behaves as in \
                            version 0: it waits for the end, and answers with the codes and bodies \
                            of the original services.",
            "schema": { "type": "string", "examples": ["respond-async"] },
        },
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The id that the task is to have. The same key with the same body is the \
                            same task, never a second one, for a day after its end; with another \
                            body it is refused with 409. Without a key the service chooses one.",
            "schema": named("TaskId"),
        },
    })
}

fn parameter(name: &str) -> Json {
    json!({ "$ref": format!("#/components/parameters/{name}") })
}

fn task_id() -> Json {
    json!({
        "name": "task_id",
        "in": "path",
        "required": true,
        "description": "The task's id.",
        "schema": named("TaskId"),
    })
}

fn submit(media_type: &MediaType, facts: &Facts) -> Json {
    let location = required(
        "The task's path.",
        &json!({ "type": "string", "format": "uri-reference", "examples": ["/tasks/0198f3a2-6c1e-7d40-9a41-5e0f8e2c7b10"] }),
    );
    let accepted = json!({
        "description": "The task is queued, or was queued before under the same key.",
        "headers": { "Location": location },
        "content": { "application/json": { "schema": named("Task") } },
        "links": links(),
    });
    json!({
        "operationId": "submit",
        "tags": ["jobs"],
        "summary": format!("Submit one {media_type} job"),
        "description": "Makes a task of a request, exactly once for each key.",
        "parameters": [parameter("Prefer"), parameter("IdempotencyKey")],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": named("Request") } },
        },
        "responses": answers(facts, json!({ "202": accepted }), &[409, 413, 415, 422]),
    })
}

/// Where to go on with a submitted task.
fn links() -> Json {
    let same_task = json!({ "task_id": "$response.body#/task_id" });
    let link = |operation: &str, about: &str| json!({ "operationId": operation, "parameters": same_task, "description": about });
    json!({
        "read": link("read", "The task as it is later."),
        "follow": link("follow", "Every change of the task."),
        "cancel": link("cancel", "Stops the task."),
    })
}

fn submit_batch(facts: &Facts) -> Json {
    let accepted = json_answer("Every request has its task.", &named("Tasks"));
    json!({
        "operationId": "submitBatch",
        "tags": ["jobs"],
        "summary": "Submit many jobs in one exchange",
        "description": "Each request carries its own `idempotency_key` beside its parameters.",
        "parameters": [parameter("Prefer")],
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": named("Batch") } },
        },
        "responses": answers(facts, json!({ "202": accepted }), &[413, 415]),
    })
}

fn list(facts: &Facts) -> Json {
    let query = |name: &str, about: &str, schema: Json| json!({ "name": name, "in": "query", "description": about, "schema": schema });
    let longest = facts.longest_page;
    json!({
        "operationId": "list",
        "tags": ["jobs"],
        "summary": "List tasks",
        "description": "The newest first. With a token: those that were submitted with it.",
        "parameters": [
            query("status", "Only tasks in this state.", json!({
                "type": "string",
                "enum": ["pending", "processing", "completed", "failed", "cancelled"],
            })),
            query("limit", "The most tasks on the page; as many as possible when absent.", json!({
                "type": "integer", "minimum": 1, "maximum": longest, "examples": [50],
            })),
            query("after", "Only tasks that are older than this one; `next` of the page before.",
                named("TaskId")),
        ],
        "responses": answers(facts, json!({
            "200": json_answer("One page.", &named("TaskPage")),
        }), &[404]),
    })
}

fn etag(about: &str) -> Json {
    required(about, &json!({ "type": "string", "pattern": "^\".+\"$", "examples": ["\"3\""] }))
}

fn read(media_type: &MediaType, facts: &Facts) -> Json {
    let tag = "The state's tag; it changes with every change of the task.";
    let retry_after = optional(
        "Seconds after which it is worth asking again; absent when the task has ended.",
        &json!({ "type": "integer", "minimum": 1 }),
    );
    let headers = json!({ "ETag": etag(tag), "Retry-After": retry_after });
    let mut known = json_answer("The task.", &named("Task"));
    if let Some(members) = known.as_object_mut() {
        members.insert("headers".to_owned(), headers.clone());
        members.insert("links".to_owned(), json!({ "file": first_file(media_type) }));
    }
    json!({
        "operationId": "read",
        "tags": ["jobs"],
        "summary": "Read a task",
        "parameters": [{
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` that the client has; the answer is 304 while it holds.",
            "schema": { "type": "string", "examples": ["\"3\""] },
        }],
        "responses": answers(facts, json!({
            "200": known,
            "304": { "description": "Nothing has changed.", "headers": headers },
        }), &[404]),
    })
}

/// Results carry the whole path of each file; a link can only spell it for the usual format.
fn first_file(media_type: &MediaType) -> Json {
    let name = match media_type {
        MediaType::Video => "0.mp4",
        MediaType::Voice => "0.wav",
        _ => "0.png",
    };
    json!({
        "operationId": "readOutput",
        "parameters": { "task_id": "$response.body#/task_id", "name": name },
        "description": "The first file of a completed task that asked for no format.",
    })
}

fn cancel(facts: &Facts) -> Json {
    json!({
        "operationId": "cancel",
        "tags": ["jobs"],
        "summary": "Cancel a task",
        "description": "Stops the work. An id that is not known yet leaves a tombstone: a \
                        submission that comes later with this key is refused with 409 and the code \
                        `cancelled`. The task can be read afterwards as before.",
        "responses": answers(facts, json!({
            "200": json_answer("The task, cancelled.", &named("Task")),
        }), &[404, 409]),
    })
}

/// A stream of events, in the format of the HTML standard. A schema for each event is what readers
/// of this version of OpenAPI understand.
fn stream(about: &str, event: &Json, example: &str) -> Json {
    json!({
        "description": about,
        "headers": { "Cache-Control": required("`no-store`.", &json!({ "const": "no-store" })) },
        "content": { "text/event-stream": { "schema": event, "example": example } },
    })
}

/// Without news a comment line comes, which is no event.
fn event(numbered: bool, task: &Json) -> Json {
    let id = json!({
        "type": "string",
        "pattern": "^[0-9]+$",
        "description": "The number of the change, rising; `Last-Event-ID` takes it.",
    });
    let data = json!({
        "type": "string",
        "description": "The task as JSON.",
        "contentMediaType": "application/json",
        "contentSchema": task,
    });
    let name = json!({ "const": "update", "description": "The kind of event; there is one." });
    let needed = if numbered { json!(["id", "event", "data"]) } else { json!(["event", "data"]) };
    let mut properties = json!({ "event": name, "data": data });
    if let (Some(properties), true) = (properties.as_object_mut(), numbered) {
        properties.insert("id".to_owned(), id);
    }
    json!({
        "type": "object",
        "description": "One event. Between events a comment line comes every 15 seconds.",
        "required": needed,
        "properties": properties,
    })
}

fn follow(facts: &Facts) -> Json {
    json!({
        "operationId": "follow",
        "tags": ["jobs"],
        "summary": "Follow a task",
        "description": "The task as it is, then after every change; the stream ends with the task. \
                        `id` counts changes, so that a stream can be resumed.",
        "parameters": [{
            "name": "Last-Event-ID",
            "in": "header",
            "description": "The `id` of the last event that the client has seen; only newer ones \
                            are told.",
            "schema": { "type": "string", "examples": ["3"] },
        }],
        "responses": answers(facts, json!({
            "200": stream(
                "Events until the task has ended.",
                &event(true, &named("Task")),
                "id: 4\nevent: update\ndata: {\"task_id\": \"a\", \"status\": \"processing\"}\n\n",
            ),
        }), &[404]),
    })
}

const FOLLOW_MANY: &str = "One stream for many tasks: each as it is, then after every change. A task \
                           that is not known is told as failed with the code `not-found`. The \
                           stream ends when all of its tasks have.";

fn many() -> Json {
    stream(
        "Events until the last of the tasks has ended.",
        &event(false, &json!({ "anyOf": [named("Task"), named("UnknownTask")] })),
        "event: update\ndata: {\"task_id\": \"a\", \"status\": \"processing\"}\n\n",
    )
}

fn ids() -> Json {
    json!({ "type": "array", "minItems": 1, "items": named("TaskId") })
}

fn follow_many(facts: &Facts) -> Json {
    json!({
        "operationId": "followMany",
        "tags": ["jobs"],
        "summary": "Follow many tasks",
        "description": FOLLOW_MANY,
        "parameters": [{
            "name": "tasks",
            "in": "query",
            "required": true,
            "description": "Ids, separated by commas.",
            "style": "form",
            "explode": false,
            "schema": ids(),
        }],
        "responses": answers(facts, json!({
            "200": many(),
            "431": { "description": "The ids are too long for a URL; `POST` takes more." },
        }), &[]),
    })
}

fn follow_many_in_body(facts: &Facts) -> Json {
    let mut tasks = ids();
    if let Some(tasks) = tasks.as_object_mut() {
        tasks.insert("maxItems".to_owned(), json!(facts.most_followed));
    }
    json!({
        "operationId": "followManyInBody",
        "tags": ["jobs"],
        "summary": "Follow more tasks than a URL holds",
        "description": FOLLOW_MANY,
        "requestBody": {
            "required": true,
            "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["tasks"],
                "properties": { "tasks": tasks },
            } } },
        },
        "responses": answers(facts, json!({ "200": many() }), &[413, 415]),
    })
}
