//! Responses and refusals as every route writes them.

use bytes::Bytes;
use media_factory_core::{
    error::{Code, Error, Issue},
    runtime::{Body, HttpResponse},
};
use serde_json::{Value as Json, json};

use super::storage::StorageError;

/// A response with a JSON body.
pub(super) fn json_response(status: u16, body: &Json) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![
            ("content-type".into(), "application/json".into()),
            ("cache-control".into(), "no-store".into()),
        ],
        body: Body::Full(Bytes::from(body.to_string())),
    }
}

/// The same response with one header more.
pub(super) fn with_header(mut response: HttpResponse, name: &str, value: &str) -> HttpResponse {
    response.headers.push((name.to_owned(), value.to_owned()));
    response
}

/// Why a request was not done.
pub(super) struct Refusal {
    status: u16,
    error: Error,
    allow: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: u16, code: Code, message: impl Into<String>) -> Self {
        Self { status, error: Error::new(code, message), allow: None }
    }

    /// Parameters with problems.
    pub(super) fn invalid(issues: Vec<Issue>) -> Self {
        Self { status: 422, error: Error::invalid("parameters", issues), allow: None }
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(404, Code::NotFound, format!("there is no {what}"))
    }

    /// The path exists, but for these methods only.
    pub(super) fn wrong_method(allow: &'static str) -> Self {
        let message = format!("this path takes {allow} only");
        Self { allow: Some(allow), ..Self::new(405, Code::NotFound, message) }
    }

    /// There is no room; a client may come back in a second.
    pub(super) fn queue_full(limit: usize) -> Self {
        let message = format!("the queue is full: its limit of waiting tasks is {limit}");
        let mut refusal = Self::new(503, Code::QueueFull, message);
        refusal.error.retry_after = Some(1.0);
        refusal
    }

    /// There is no room for the media of a task; a client may come back in a second.
    pub(super) fn inputs_full() -> Self {
        let message = "the inputs of tasks that wait take all the room that there is for them";
        let mut refusal = Self::new(503, Code::QueueFull, message);
        refusal.error.retry_after = Some(1.0);
        refusal
    }

    pub(super) fn key_was_used() -> Self {
        let message = "this Idempotency-Key was used for another request";
        Self::new(409, Code::Validation, message)
    }

    /// Nothing can be kept at the moment; a client may come back.
    pub(super) fn storage(error: &StorageError) -> Self {
        let message = format!("the service cannot keep or read its data now: {error}");
        Self::passing(message, 5.0)
    }

    /// No more work is taken; another life of the service may follow.
    pub(super) fn closing() -> Self {
        Self::passing("the service is shutting down".to_owned(), 1.0)
    }

    /// The service itself is wrong.
    pub(super) fn defect() -> Self {
        let message = "the service met a defect of its own; what was asked for may not be done";
        Self::new(500, Code::Internal, message)
    }

    fn passing(message: String, pause: f64) -> Self {
        let mut refusal = Self::new(503, Code::ServiceFailed, message);
        refusal.error.retryable = true;
        refusal.error.retry_after = Some(pause);
        refusal
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn error(&self) -> &Error {
        &self.error
    }

    pub(super) fn into_error(self) -> Error {
        self.error
    }

    pub(super) fn into_response(self) -> HttpResponse {
        let response = json_response(self.status, &json!({ "error": error_json(&self.error) }));
        self.with_headers(response)
    }

    /// The same as a page for people, as the framework of version 0 answers for what it has no
    /// route.
    pub(super) fn into_page(self) -> HttpResponse {
        let (title, text) = match self.status {
            405 => ("Method Not Allowed", "This address does not take requests of that method."),
            _ => ("Not Found", "This service has nothing at that address."),
        };
        let page = format!(
            "<!doctype html>\n<html lang=en>\n<title>{} {title}</title>\n<h1>{title}</h1>\n\
             <p>{text}</p>\n",
            self.status,
        );
        let response = HttpResponse {
            status: self.status,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: Body::Full(Bytes::from(page)),
        };
        self.with_headers(response)
    }

    fn with_headers(self, response: HttpResponse) -> HttpResponse {
        let response = match self.error.retry_after {
            Some(seconds) => with_header(response, "retry-after", &seconds.to_string()),
            None => response,
        };
        match self.allow {
            Some(methods) => with_header(response, "allow", methods),
            None => response,
        }
    }
}

/// An error as version 1 writes it.
pub(super) fn error_json(error: &Error) -> Json {
    let mut json =
        json!({ "code": error.code, "message": error.message, "retryable": error.retryable });
    if let (Some(members), false) = (json.as_object_mut(), error.issues.is_empty()) {
        members.insert("details".into(), json!(error.issues));
    }
    json
}

/// Milliseconds since the Unix epoch as `2026-11-22T09:40:00.000Z` (RFC 3339).
pub(super) fn timestamp(millis: u64) -> String {
    let (seconds, milli) = (millis / 1000, millis % 1000);
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Civil date from days: years start in March, so that leap days come last, in eras of 400.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (year, day) = (era * 400 + year, day - (153 * month + 2) / 5 + 1);
    let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_know_leap_years() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(timestamp(1_795_340_400_007), "2026-11-22T09:40:00.007Z");
        assert_eq!(timestamp(4_107_542_399_999), "2100-02-28T23:59:59.999Z");
        assert_eq!(timestamp(4_107_542_400_000), "2100-03-01T00:00:00.000Z");
    }
}
