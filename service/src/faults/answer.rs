//! Answers that are not what the service said.

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::{Value as Json, json};

use super::{
    events::{events, is_stream},
    rule::{Garble, StatusBody},
};

const PAGE: &str = "<!doctype html><html><body><h1>Something is in the way</h1></body></html>";
const WRONG: &str = r#"{"weather": ["rain"]}"#;

/// A JSON answer of the service.
pub(super) fn json_response(body: &Json) -> Response<Body> {
    of_kind(StatusCode::OK, "application/json", body.to_string())
}

/// An answer of a gateway that has nothing but a status to say.
pub(super) fn bare_status(
    status: u16,
    retry_after: Option<f64>,
    body: StatusBody,
) -> Response<Body> {
    let message = format!("a fault rule asked for {status}");
    let (kind, text) = match body {
        StatusBody::Json => {
            ("application/json", json!({ "error": { "message": message } }).to_string())
        }
        StatusBody::Text => ("text/plain; charset=utf-8", message),
        StatusBody::Html => ("text/html; charset=utf-8", PAGE.to_owned()),
        StatusBody::Empty => ("text/plain; charset=utf-8", String::new()),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = of_kind(status, kind, text);
    if let Some(seconds) = retry_after.and_then(|wait| wait.to_string().parse().ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    response
}

fn of_kind(status: StatusCode, kind: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// The same response under another content type.
pub(super) fn disguise(mut response: Response<Body>, value: &str) -> Response<Body> {
    if let Ok(value) = value.parse() {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}

/// The response with its JSON garbled: the whole body, or what each event of a stream tells. What
/// is no JSON stays as it is.
pub(super) async fn garble(response: Response<Body>, how: Garble) -> Response<Body> {
    let streams = is_stream(response.headers());
    if !streams && !is_json(response.headers()) {
        return response;
    }
    let (mut head, body) = response.into_parts();
    // The length is another now, and the connection knows it.
    head.headers.remove(header::CONTENT_LENGTH);
    let body = match how {
        Garble::Html => {
            return disguise(
                Response::from_parts(head, Body::from(PAGE)),
                "text/html; charset=utf-8",
            );
        }
        _ if streams => Body::from_stream(
            events(body.into_data_stream())
                .map(move |event| event.map(|event| garble_event(&event, how))),
        ),
        // A body that breaks off by itself leaves nothing to garble.
        _ => Body::from(garbled(&to_bytes(body, usize::MAX).await.unwrap_or_default(), how)),
    };
    Response::from_parts(head, body)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

fn garbled(json: &[u8], how: Garble) -> Bytes {
    match how {
        Garble::Torn => Bytes::copy_from_slice(json.get(..json.len() / 2).unwrap_or_default()),
        Garble::Wrong => Bytes::from_static(WRONG.as_bytes()),
        Garble::Html => Bytes::from_static(PAGE.as_bytes()),
    }
}

/// The event with its `data` garbled, which this project's server writes on one line.
fn garble_event(event: &[u8], how: Garble) -> Bytes {
    const DATA: &[u8] = b"data: ";
    let mut written = Vec::new();
    for line in event.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_prefix(DATA) {
            Some(data) => {
                written.extend_from_slice(DATA);
                written.extend_from_slice(&garbled(data.trim_ascii_end(), how));
                written.push(b'\n');
            }
            None => written.extend_from_slice(line),
        }
    }
    Bytes::from(written)
}
