//! `/admin`: where rules are given, and where counters are read.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{HeaderValue, Method, Response, StatusCode, header, request::Parts};
use media_factory_core::{Code, runtime::lock};
use serde_json::json;

use super::{Faults, answer::json_response, rule::Rule};
use crate::refusal::refusal;

impl Faults {
    /// Answers a request under `/admin`.
    pub(super) fn administer(&self, head: &Parts, body: &[u8]) -> Response<Body> {
        match (head.uri.path(), &head.method) {
            ("/admin/faults", &Method::GET) => self.rules(),
            ("/admin/faults", &Method::POST) => self.give(head, body),
            ("/admin/faults", &Method::DELETE) => {
                lock(&self.0.switches).replace(Vec::new());
                self.rules()
            }
            ("/admin/counters", &Method::GET) => self.counters(),
            ("/admin/faults", _) => wrong_method("GET, POST, DELETE"),
            ("/admin/counters", _) => wrong_method("GET"),
            _ => {
                let message = "there are /admin/faults and /admin/counters";
                refusal(StatusCode::NOT_FOUND, Code::NotFound, message)
            }
        }
    }

    fn rules(&self) -> Response<Body> {
        json_response(&json!(lock(&self.0.switches).list()))
    }

    fn give(&self, head: &Parts, body: &[u8]) -> Response<Body> {
        // A page elsewhere could send any other kind without being asked about it.
        let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let essence = kind.and_then(|kind| kind.split(';').next()).map(str::trim);
        if essence != Some("application/json") {
            let message = "the rules must be JSON, with Content-Type: application/json";
            return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::Unsupported, message);
        }
        match Rule::read_list(body) {
            Ok(rules) => {
                lock(&self.0.switches).replace(rules);
                self.rules()
            }
            Err(unclear) => {
                refusal(StatusCode::BAD_REQUEST, Code::Validation, &unclear.to_string())
            }
        }
    }

    fn counters(&self) -> Response<Body> {
        let tallies = self.0.server.counters();
        let submissions: BTreeMap<_, _> =
            tallies.iter().map(|(key, tally)| (&**key, tally.submissions)).collect();
        let generations: BTreeMap<_, _> =
            tallies.iter().map(|(key, tally)| (&**key, tally.generations)).collect();
        json_response(&json!({ "submissions": submissions, "generations": generations }))
    }
}

fn wrong_method(allowed: &'static str) -> Response<Body> {
    let message = format!("this path takes {allowed} only");
    let mut response = refusal(StatusCode::METHOD_NOT_ALLOWED, Code::NotFound, &message);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}
