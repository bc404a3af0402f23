//! What a request is about: the operation, and the tasks that it names.

use http::request::Parts;
use media_factory_core::url::percent_decode;
use serde_json::Value as Json;

use super::rule::Operation;

/// What a request is about.
#[derive(Debug, PartialEq)]
pub(super) struct Target {
    /// `None` for what no rule can name.
    pub(super) operation: Option<Operation>,
    /// The ids, or keys, of the tasks that it names.
    pub(super) tasks: Vec<String>,
}

impl Target {
    /// Reads path, headers and body; what is malformed names no task.
    pub(super) fn of(head: &Parts, body: &[u8]) -> Self {
        let segments: Vec<&str> = head.uri.path().trim_matches('/').split('/').collect();
        let (operation, tasks) = match (head.method.as_str(), segments.as_slice()) {
            ("POST", ["generate"]) => (Operation::Submit, header_key(head)),
            ("POST", ["generate", "batch"]) => (Operation::Batch, batch_keys(body)),
            ("GET", ["tasks", id]) => (Operation::Read, vec![decoded(id)]),
            ("DELETE", ["tasks", id]) => (Operation::Cancel, vec![decoded(id)]),
            ("GET", ["tasks", id, "events"]) => (Operation::Events, vec![decoded(id)]),
            ("GET", ["events"]) => (Operation::SharedEvents, ids_of_query(head)),
            ("POST", ["events"]) => (Operation::SharedEvents, ids_of_body(body)),
            ("POST", ["uploads"]) => (Operation::Upload, Vec::new()),
            ("GET", ["outputs", id, _]) => (Operation::Output, vec![decoded(id)]),
            ("GET", ["health"]) => (Operation::Health, Vec::new()),
            _ => return Self { operation: None, tasks: Vec::new() },
        };
        Self { operation: Some(operation), tasks }
    }
}

fn decoded(segment: &str) -> String {
    String::from_utf8(percent_decode(segment)).unwrap_or_default()
}

fn header_key(head: &Parts) -> Vec<String> {
    let key = head.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    key.map(str::to_owned).into_iter().collect()
}

fn batch_keys(body: &[u8]) -> Vec<String> {
    let json: Json = serde_json::from_slice(body).unwrap_or_default();
    let items = json.get("requests").and_then(Json::as_array).into_iter().flatten();
    items.filter_map(|item| item.get("idempotency_key")?.as_str().map(str::to_owned)).collect()
}

fn ids_of_query(head: &Parts) -> Vec<String> {
    let mut pairs = head.uri.query().unwrap_or_default().split('&');
    let ids = pairs.find_map(|pair| pair.strip_prefix("tasks=")).map(decoded);
    ids.unwrap_or_default().split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn ids_of_body(body: &[u8]) -> Vec<String> {
    let json: Json = serde_json::from_slice(body).unwrap_or_default();
    let ids = json.get("tasks").and_then(Json::as_array).into_iter().flatten();
    ids.filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(method: &str, url: &str, body: &str) -> (Option<Operation>, Vec<String>) {
        let request = http::Request::builder().method(method).uri(url);
        let request = request.header("idempotency-key", "k").body(()).unwrap();
        let Target { operation, tasks } = Target::of(&request.into_parts().0, body.as_bytes());
        (operation, tasks)
    }

    #[test]
    fn every_operation_is_known_with_its_tasks() {
        use Operation::*;
        let batch = r#"{"requests": [{"idempotency_key": "a"}, {}, {"idempotency_key": "b"}]}"#;
        for (method, url, body, operation, tasks) in [
            ("POST", "/generate", "{}", Submit, "k"),
            ("POST", "/generate/batch", batch, Batch, "a b"),
            ("GET", "/tasks/a%7eb", "", Read, "a~b"),
            ("DELETE", "/tasks/a", "", Cancel, "a"),
            ("GET", "/tasks/a/events", "", Events, "a"),
            ("GET", "/events?x=1&tasks=a,b", "", SharedEvents, "a b"),
            ("POST", "/events", r#"{"tasks": ["a", "b"]}"#, SharedEvents, "a b"),
            ("POST", "/uploads", "GIF89a", Upload, ""),
            ("GET", "/outputs/a/0.png", "", Output, "a"),
            ("GET", "/health", "", Health, ""),
        ] {
            let tasks: Vec<String> = tasks.split_whitespace().map(str::to_owned).collect();
            assert_eq!(target(method, url, body), (Some(operation), tasks), "{url}");
        }
    }

    #[test]
    fn anything_else_has_no_name() {
        for (method, url) in [
            ("GET", "/models"),
            ("GET", "/tasks"),
            ("GET", "/generate"),
            ("DELETE", "/outputs/a/0.png"),
            ("GET", "/uploads/a"),
        ] {
            assert_eq!(target(method, url, "").0, None, "{url}");
        }
        assert_eq!(target("POST", "/generate/batch", "{torn").1, Vec::<String>::new());
    }
}
