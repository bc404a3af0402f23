//! The things of the protocol as schemas: tasks, results, errors, lists.

mod listings;

use media_factory_core::{config::Fidelity, error::Code, media::MediaType};
use serde_json::{Value as Json, json};

use super::{Facts, parameters, pattern};

/// A schema by name.
pub(super) fn named(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// All of them, by name.
pub(super) fn all(media_type: &MediaType, facts: &Facts) -> Json {
    json!({
        "Request": parameters::request(media_type, facts),
        "Batch": batch(facts),
        "Tasks": tasks(),
        "TaskId": id(),
        "Task": task(),
        "UnknownTask": unknown_task(),
        "TaskPage": task_page(),
        "Result": result(media_type),
        "Output": output(),
        "Extent": extent(),
        "Upload": upload(),
        "Error": error(),
        "Refusal": refusal(),
        "Issue": issue(),
        "Health": health(media_type),
        "Models": listings::models(),
        "Styles": listings::styles(),
        "Resolutions": listings::resolutions(),
        "Voices": listings::voices(),
        "Timestamp": timestamp(),
    })
}

fn id() -> Json {
    json!({
        "type": "string",
        "description": "A task's id, chosen by the client: 1 to 128 letters, digits, `-`, `_`, `.` \
                        or `~`, not dots alone. UUIDs are best.",
        "minLength": 1,
        "maxLength": 128,
        "pattern": pattern::ID,
        "examples": ["0198f3a2-6c1e-7d40-9a41-5e0f8e2c7b10"],
    })
}

fn timestamp() -> Json {
    json!({
        "type": "string",
        "format": "date-time",
        "description": "An instant in UTC with milliseconds (RFC 3339).",
        "examples": ["2026-11-22T09:40:00.000Z"],
    })
}

fn batch(facts: &Facts) -> Json {
    json!({
        "type": "object",
        "description": "Requests that are submitted in one exchange.",
        "required": ["requests"],
        "properties": {
            "requests": {
                "type": "array",
                "maxItems": facts.most_in_batch,
                "description": "Each gets a task, in the same order. One that cannot be done gets \
                                a task that has failed, with the problems in its error, and the \
                                others go on.",
                "items": {
                    "description": "The parameters as `POST /generate` takes them, with the key \
                                    beside them.",
                    "examples": [{
                        "prompt": "a lighthouse at dawn",
                        "idempotency_key": "0198f3a2-6c1e-7d40-9a41-5e0f8e2c7b10",
                    }],
                },
            },
        },
    })
}

fn tasks() -> Json {
    json!({
        "type": "object",
        "required": ["tasks", "count"],
        "properties": {
            "tasks": {
                "type": "array",
                "items": named("Task"),
                "description": "One for each request, in the same order.",
            },
            "count": {
                "type": "integer",
                "minimum": 0,
                "description": "How many there are.",
                "examples": [2],
            },
        },
    })
}

fn task() -> Json {
    let ended = |status: &str, needs: &[&str]| {
        json!({
            "if": { "properties": { "status": { "const": status } } },
            "then": { "required": needs },
        })
    };
    json!({
        "type": "object",
        "description": "One job. The states completed, failed and cancelled never change again.",
        "required": ["task_id", "status", "progress", "log", "created_at", "updated_at"],
        "properties": {
            "task_id": named("TaskId"),
            "status": {
                "type": "string",
                "enum": ["pending", "processing", "completed", "failed", "cancelled"],
                "description": "`pending` waits in the queue, `processing` is being worked on.",
            },
            "progress": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
                "description": "From 0 to 1, never falling; 1 when completed.",
                "examples": [0.25],
            },
            "stage": {
                "type": "string",
                "description": "What is being done.",
                "examples": ["rendering"],
            },
            "eta_seconds": {
                "type": "number",
                "minimum": 0,
                "description": "Seconds that are left if the work goes on as it did.",
                "examples": [3.5],
            },
            "log": {
                "type": "array",
                "items": { "type": "string" },
                "description": "What the user should know, in full sentences; it only grows.",
            },
            "created_at": named("Timestamp"),
            "updated_at": named("Timestamp"),
            "result": named("Result"),
            "error": named("Error"),
        },
        "allOf": [ended("completed", &["result"]), ended("failed", &["error"])],
    })
}

fn unknown_task() -> Json {
    json!({
        "type": "object",
        "description": "What is told of an id that has no task.",
        "required": ["task_id", "status", "error"],
        "properties": {
            "task_id": named("TaskId"),
            "status": { "const": "failed" },
            "error": named("Error"),
        },
    })
}

fn task_page() -> Json {
    json!({
        "type": "object",
        "required": ["tasks", "next"],
        "properties": {
            "tasks": { "type": "array", "items": named("Task"), "description": "The newest first." },
            "next": {
                "type": ["string", "null"],
                "description": "The id for `after` to get the next page; null on the last one.",
            },
        },
    })
}

fn result(media_type: &MediaType) -> Json {
    let id = format!("{media_type}_id");
    json!({
        "type": "object",
        "description": "What a finished task has made.",
        "required": ["status", id, "url", "outputs", "timestamp", "metadata"],
        "properties": {
            "status": { "const": "success", "description": "As in version 0." },
            (id): named("TaskId"),
            "url": {
                "type": "string",
                "format": "uri-reference",
                "description": "The path of the first file.",
                "examples": ["/outputs/0198f3a2-6c1e-7d40-9a41-5e0f8e2c7b10/0.png"],
            },
            "outputs": { "type": "array", "minItems": 1, "items": named("Output") },
            "timestamp": named("Timestamp"),
            "metadata": {
                "type": "object",
                "description": "How it was made.",
                "properties": {
                    "model": { "type": "string", "description": "The model that was asked for, or the default." },
                    "engine": {
                        "type": "string",
                        "description": "What really made it, whichever model was named.",
                        "examples": ["media-factory-sandbox"],
                    },
                    "requested": named("Extent"),
                    "rendered": named("Extent"),
                },
            },
        },
    })
}

fn output() -> Json {
    json!({
        "type": "object",
        "description": "One file.",
        "required": ["url", "mime_type", "bytes", "sha256", "seed"],
        "properties": {
            "url": {
                "type": "string",
                "format": "uri-reference",
                "description": "Its path on this service.",
                "examples": ["/outputs/0198f3a2-6c1e-7d40-9a41-5e0f8e2c7b10/0.png"],
            },
            "mime_type": { "type": "string", "description": "Its media type.", "examples": ["image/png"] },
            "width": { "type": "integer", "minimum": 1, "description": "Pixels from left to right." },
            "height": { "type": "integer", "minimum": 1, "description": "Pixels from top to bottom." },
            "duration": { "type": "number", "minimum": 0, "description": "Length in seconds." },
            "bytes": { "type": "integer", "minimum": 1, "description": "Its size in bytes." },
            "sha256": {
                "type": "string",
                "pattern": "^[0-9a-f]{64}$",
                "description": "The hash of its bytes in lower-case hexadecimal.",
            },
            "seed": {
                "type": "integer",
                "minimum": 0,
                "description": "The seed that makes this very file again.",
            },
        },
    })
}

fn extent() -> Json {
    json!({
        "type": "object",
        "description": "The measures of a result; what the medium does not have is absent. \
                        `rendered` is smaller than `requested` where the work would have taken too \
                        long; the task's log then says so.",
        "properties": {
            "width": { "type": "integer", "minimum": 0, "description": "Pixels from left to right." },
            "height": { "type": "integer", "minimum": 0, "description": "Pixels from top to bottom." },
            "fps": { "type": "number", "minimum": 0, "description": "Frames in a second." },
            "duration": { "type": "number", "minimum": 0, "description": "Length in seconds." },
        },
    })
}

fn upload() -> Json {
    json!({
        "type": "object",
        "required": ["url", "mime_type", "bytes"],
        "properties": {
            "url": {
                "type": "string",
                "format": "uri-reference",
                "pattern": "^/uploads/[0-9a-f]{64}$",
                "description": "The path that stands for these bytes in parameters; the same bytes \
                                have the same one.",
            },
            "mime_type": {
                "type": "string",
                "description": "The kind that the bytes show, whatever was declared.",
                "examples": ["image/png"],
            },
            "bytes": { "type": "integer", "minimum": 1, "description": "Their number." },
        },
    })
}

fn error() -> Json {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    json!({
        "type": "object",
        "description": "What went wrong.",
        "required": ["code", "message", "retryable"],
        "properties": {
            "code": {
                "type": "string",
                "pattern": "^[a-z]+(-[a-z]+)*$",
                "description": format!("A stable name; more may be added. Now: {}.", codes.join(", ")),
                "examples": ["validation"],
            },
            "message": { "type": "string", "description": "The problem in words." },
            "retryable": {
                "type": "boolean",
                "description": "Whether the same request may succeed later without a change.",
            },
            "details": {
                "type": "array",
                "items": named("Issue"),
                "description": "Every problem with the parameters.",
            },
        },
    })
}

fn refusal() -> Json {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": { "error": named("Error") },
    })
}

fn issue() -> Json {
    json!({
        "type": "object",
        "description": "What is wrong with one parameter.",
        "required": ["path", "code", "message"],
        "properties": {
            "path": {
                "type": "string",
                "description": "The key, with `[index]` for what is in a list.",
                "examples": ["images[3]"],
            },
            "code": {
                "type": "string",
                "description": "The kind of problem: required, type, empty, too_long, range, \
                                choice, format, unknown, conflict or unsupported.",
                "examples": ["range"],
            },
            "message": { "type": "string", "description": "The problem in words." },
            "value": { "description": "The value as it was given, shortened." },
            "allowed": {
                "type": "array",
                "items": { "type": "string" },
                "description": "What would be accepted.",
            },
            "suggestion": { "type": "string", "description": "What was probably meant." },
        },
    })
}

fn health(media_type: &MediaType) -> Json {
    let flag = |about: &str| json!({ "type": "boolean", "description": about });
    json!({
        "type": "object",
        "required": ["status", "service", "device", "timestamp", "version", "protocol", "capabilities"],
        "properties": {
            "status": {
                "type": "string",
                "description": "`healthy` while the service takes requests.",
                "examples": ["healthy"],
            },
            "service": { "const": format!("{media_type}-generation"), "description": "Which service this is." },
            "device": { "type": "string", "description": "What does the work.", "examples": ["cpu"] },
            "timestamp": named("Timestamp"),
            "version": { "type": "string", "description": "The version of the program.", "examples": ["0.1.0"] },
            "protocol": {
                "const": "media-factory/1",
                "description": "The protocol; absent on services of version 0.",
            },
            "capabilities": {
                "type": "object",
                "required": ["async", "events", "cancel", "batch", "uploads", "parameters"],
                "properties": {
                    "async": flag("Whether `Prefer: respond-async` is understood."),
                    "events": flag("Whether there are event streams."),
                    "cancel": flag("Whether tasks can be cancelled."),
                    "batch": flag("Whether a batch can be submitted in one exchange."),
                    "uploads": flag("Whether large inputs can be uploaded."),
                    "fidelity": {
                        "enum": Fidelity::NAMES,
                        "description": "What is rendered, and the most that a request may ask for.",
                    },
                    "parameters": {
                        "type": "array",
                        "items": { "type": "string" },
                        "description": "Every parameter that is read.",
                    },
                },
            },
        },
    })
}
