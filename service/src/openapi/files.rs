//! The paths of files: uploads and outputs.

use serde_json::{Value as Json, json};

use super::{
    Facts,
    answers::{answers, required},
    schemas::named,
};

/// `/uploads…` and `/outputs…`.
pub(super) fn paths(facts: &Facts) -> Json {
    let segment = |name: &str, about: &str, schema: Json| {
        json!({
            "name": name,
            "in": "path",
            "required": true,
            "description": about,
            "schema": schema,
        })
    };
    let hash = segment(
        "sha256",
        "The hash of the bytes in lower-case hexadecimal.",
        json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }),
    );
    let task_id = segment("task_id", "The task that made the file.", named("TaskId"));
    let name = segment(
        "name",
        "The file's place among the task's outputs, with its extension.",
        json!({ "type": "string", "pattern": "^[0-9]+\\.[a-z0-9]+$", "examples": ["0.png"] }),
    );
    json!({
        "/uploads": { "post": upload(facts) },
        "/uploads/{sha256}": {
            "parameters": [hash],
            "get": download(facts, "readUpload", "Read an upload"),
        },
        "/outputs/{task_id}/{name}": {
            "parameters": [task_id, name],
            "get": download(facts, "readOutput", "Read an output"),
        },
    })
}

fn upload(facts: &Facts) -> Json {
    let location = required(
        "The path that stands for the bytes.",
        &json!({ "type": "string", "format": "uri-reference", "pattern": "^/uploads/[0-9a-f]{64}$" }),
    );
    let bytes = json!({ "schema": {} });
    let kept = json!({
        "description": "The bytes are kept.",
        "headers": { "Location": location },
        "content": { "application/json": { "schema": named("Upload") } },
    });
    json!({
        "operationId": "upload",
        "tags": ["files"],
        "summary": "Upload a medium",
        "description": "For inputs that are too large for a `data:` URL. The same bytes are kept \
                        once. The oldest uploads make room for new ones.",
        "requestBody": {
            "required": true,
            "description": "A picture, film or sound as it is. Its first bytes decide what it is, \
                            whatever `Content-Type` says.",
            "content": {
                "image/*": bytes,
                "video/*": bytes,
                "audio/*": bytes,
                "application/octet-stream": bytes,
            },
        },
        "responses": answers(facts, json!({ "201": kept }), &[413, 415]),
    })
}

fn download(facts: &Facts, operation: &str, summary: &str) -> Json {
    let text = |about: &str| required(about, &json!({ "type": "string" }));
    let size = required("Bytes in this answer.", &json!({ "type": "integer", "minimum": 0 }));
    let headers = json!({
        "ETag": text("The file's tag; a file never changes under its path."),
        "Accept-Ranges": text("`bytes`."),
        "Content-Length": size,
        "X-Content-Type-Options": text("`nosniff`."),
        "Content-Security-Policy": text("`sandbox`, because a file may be anybody's."),
    });
    let with = |place: &str| {
        let mut headers = headers.clone();
        if let Some(members) = headers.as_object_mut() {
            members.insert("Content-Range".to_owned(), text(place));
        }
        headers
    };
    let bytes = json!({ "image/*": {}, "video/*": {}, "audio/*": {} });
    let header = |name: &str, about: &str, example: &str| {
        let schema = json!({ "type": "string", "examples": [example] });
        json!({ "name": name, "in": "header", "description": about, "schema": schema })
    };
    json!({
        "operationId": operation,
        "tags": ["files"],
        "summary": summary,
        "parameters": [
            header("Range", "One range of bytes (RFC 9110); anything else means the whole file.", "bytes=0-1023"),
            header("If-Range", "The `ETag` of the version that the range is of.", "\"3b1f\""),
            header("If-None-Match", "The `ETag` that the client has.", "\"3b1f\""),
        ],
        "responses": answers(facts, json!({
            "200": { "description": "The file.", "headers": headers, "content": bytes },
            "206": {
                "description": "The part that was asked for.",
                "headers": with("Which bytes these are, and of how many."),
                "content": bytes,
            },
            "304": { "description": "The client has it already." , "headers": { "ETag": text("The file's tag.") } },
            "416": {
                "description": "The file has no such bytes.",
                "headers": with("How many bytes there are: `bytes */1234`."),
            },
        }), &[404]),
    })
}
