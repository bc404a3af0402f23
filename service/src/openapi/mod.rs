//! The service's description of itself, in OpenAPI 3.1, one for each medium.
//!
//! What parameters may be comes from the tables that validation goes by, so that the document
//! cannot say anything else.

mod answers;
mod files;
mod jobs;
mod lists;
mod parameters;
mod pattern;
mod schemas;

use axum::{
    http::header,
    response::IntoResponse,
    routing::{MethodRouter, get},
};
use bytes::Bytes;
use media_factory_core::{config::Fidelity, media::MediaType};
use serde_json::{Map as JsonMap, Value as Json, json};

/// What the document says about this very service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// The longest film, in seconds.
    pub(crate) max_duration: f64,
    /// What is rendered, and the most that a request may ask for.
    pub(crate) fidelity: Fidelity,
    /// The longest body of a request, in bytes.
    pub(crate) max_body: u64,
    /// Requests that one batch may have.
    pub(crate) most_in_batch: usize,
    /// Tasks that one event stream may follow.
    pub(crate) most_followed: usize,
    /// Tasks on one page of a list.
    pub(crate) longest_page: usize,
    /// Whether requests need a bearer token.
    pub(crate) token: bool,
}

const ABOUT: &str = "\
A job is submitted with `POST /generate` under a key that the client chooses, followed by events or \
by polling, and ends with files to download.

With `Prefer: respond-async`, which this document takes for granted, this is version 1 of the \
native Media Factory protocol. Without it `/generate` and `/generate/batch` behave as version 0 \
does: they wait for the end and answer 200 with the result, or 400 or 500 with \
`{\"error\": \"…\"}`; paths that do not exist are then answered with HTML.

Errors have one form, `{\"error\": {\"code\", \"message\", \"retryable\", \"details\"}}`. What is no \
HTTP at all is answered with 400 or 431 without a body, and the connection is closed.";

/// Answers with the document, which is written once.
pub(crate) fn route<S: Clone + Send + Sync + 'static>(
    media_type: &MediaType,
    facts: &Facts,
) -> MethodRouter<S> {
    let document = Bytes::from(document(media_type, facts).to_string());
    get(move || async move {
        ([(header::CONTENT_TYPE, "application/json")], document.clone()).into_response()
    })
}

/// The OpenAPI document of the service for one medium.
pub(crate) fn document(media_type: &MediaType, facts: &Facts) -> Json {
    let mut paths: JsonMap<String, Json> = lists::paths(media_type, facts);
    for more in [jobs::paths(media_type, facts), files::paths(facts)] {
        paths.extend(more.as_object().cloned().unwrap_or_default());
    }
    let security = if facts.token { json!([{ "bearer": [] }]) } else { json!([]) };
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": format!("Media Factory: {media_type}"),
            "version": env!("CARGO_PKG_VERSION"),
            "summary": format!("The native service for {media_type}, protocol version 1"),
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "Where this document comes from." }],
        "security": security,
        "tags": [
            { "name": "jobs", "description": "Submitting, reading, following and cancelling." },
            { "name": "files", "description": "What goes in and what comes out." },
            { "name": "service", "description": "What the service says about itself." },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas::all(media_type, facts),
            "parameters": jobs::shared(),
            "responses": answers::shared(facts),
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Needed when the service was started with a token. Tasks, keys \
                                    and files belong to the token that made them.",
                },
            },
        },
    })
}
