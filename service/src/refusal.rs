//! Refusals that come from the network side, in the words of protocol version 1.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use media_factory_core::Code;
use serde_json::json;

/// A response that says why a request was not done.
pub(crate) fn refusal(status: StatusCode, code: Code, message: &str) -> Response<Body> {
    let error = json!({ "code": code, "message": message, "retryable": code.is_retryable() });
    let mut response = Response::new(Body::from(json!({ "error": error }).to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
