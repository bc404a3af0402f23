//! The native protocol, versions 0 and 1, which the embedded sandbox speaks too.
//!
//! Version 0 answers a submission with the result. Version 1 answers with a job whose id is the
//! task's own id, so that it can be followed and cancelled even when an answer is lost.

mod batch;
mod capabilities;
mod decode;

use std::sync::Arc;

use bytes::Bytes;

use super::{
    Answer, Batches, Capabilities, Features, Job, Listing, Produced, Protocol, Report, Version,
    answer::{error_text, issues},
};
use crate::{
    config::{Config, SANDBOX_SCHEME, SERVICE_PATHS},
    error::{Code, Error, Issue, IssueCode, Result},
    media::{Map, MediaType, Value},
    parameters::table,
    recovery::SubmitSafety,
    runtime::{Abilities, HttpRequest, Method},
    url,
};

/// The native protocol; see `docs/service-protocol.md`.
#[derive(Debug, Clone, Copy)]
pub struct ServiceProtocol {
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A service on the network, of a version that shows when it answers.
    Network,
    /// The embedded sandbox, always version 1.
    Sandbox,
}

impl ServiceProtocol {
    /// The protocol of services on the network.
    pub const NETWORK: Self = Self { kind: Kind::Network };
    /// The protocol of the embedded sandbox.
    pub const SANDBOX: Self = Self { kind: Kind::Sandbox };

    /// What can be done for a medium; `abilities` are those of the platform under the sandbox.
    pub fn describe(&self, media_type: &MediaType, abilities: Abilities) -> Capabilities {
        match self.kind {
            Kind::Network => capabilities::native(media_type),
            Kind::Sandbox => capabilities::sandbox(media_type, abilities),
        }
    }

    /// What cannot be done of what was asked, as far as that is known of the service's version;
    /// `abilities` are those of the platform under the sandbox.
    pub fn beyond(
        &self,
        media_type: &MediaType,
        parameters: &Map,
        version: &Version,
        abilities: Abilities,
    ) -> Vec<Issue> {
        if self.kind == Kind::Sandbox {
            return capabilities::beyond_sandbox(media_type, parameters, abilities);
        }
        let (who, known): (_, Vec<&str>) = match (version, table(media_type)) {
            (Version::Zero, Some(table)) => ("a version-0 service", table.version_0.to_vec()),
            (Version::One(Features { parameters: Some(known), .. }), _) => {
                ("this service", known.iter().map(String::as_str).collect())
            }
            _ => return Vec::new(),
        };
        let unknown = unread(parameters, &known);
        let issue = |key: &str| {
            let message = format!("{who} cannot do '{key}'");
            Issue::new(key, IssueCode::Unsupported, message)
        };
        unknown.into_iter().map(issue).collect()
    }

    fn at(config: &Config, path: &'static str) -> String {
        url::join(&config.service_endpoint, config.path(path))
    }

    fn at_task(config: &Config, remote_id: &str) -> String {
        url::join(&Self::at(config, "tasks"), &url::encode_segment(remote_id))
    }
}

impl Protocol for ServiceProtocol {
    fn name(&self) -> &'static str {
        match self.kind {
            Kind::Network => "service",
            Kind::Sandbox => "sandbox",
        }
    }

    fn endpoint(&self, media_type: &MediaType) -> Option<String> {
        if self.kind == Kind::Sandbox {
            return Some(format!("{SANDBOX_SCHEME}{media_type}"));
        }
        let (name, port) = match media_type {
            MediaType::Image => ("image", 5000),
            MediaType::Video => ("video", 5001),
            MediaType::Voice => ("voice", 5009),
            // A custom workflow that talks to a service names its endpoint.
            MediaType::Custom(_) => return None,
        };
        Some(format!("http://{name}-generation-service:{port}"))
    }

    fn is_embedded(&self) -> bool {
        self.kind == Kind::Sandbox
    }

    fn paths(&self) -> &'static [&'static str] {
        SERVICE_PATHS
    }

    fn takes_any_model(&self) -> bool {
        false
    }

    fn answers_with_media(&self) -> bool {
        false
    }

    fn default_model(&self, _config: &Config, media_type: &MediaType) -> Option<&'static str> {
        table(media_type).and_then(|table| table.models.first().copied())
    }

    fn capabilities(&self, config: &Config, media_type: &MediaType) -> Capabilities {
        self.describe(media_type, config.abilities)
    }

    fn unsupported(
        &self,
        config: &Config,
        media_type: &MediaType,
        parameters: &Map,
        version: &Version,
    ) -> Vec<Issue> {
        let mut issues = self.beyond(media_type, parameters, version, config.abilities);
        // It would be sent with a single submission, and stand for another one in a batch.
        if let Some(Value::Map(extra)) = parameters.get("extra")
            && extra.get("idempotency_key").is_some()
        {
            let message = "which submissions are the same one is told by the task's id";
            issues.push(Issue::new("extra.idempotency_key", IssueCode::Conflict, message));
        }
        issues
    }

    fn presumed_version(&self) -> Version {
        match self.kind {
            Kind::Network => Version::Unknown,
            // In process an exchange costs nothing that a batch could save.
            Kind::Sandbox => Version::One(Features { batch: Some(0), ..Features::default() }),
        }
    }

    fn must_know_version(&self, media_type: &MediaType, parameters: &Map) -> bool {
        table(media_type).is_some_and(|table| !unread(parameters, table.version_0).is_empty())
    }

    fn ask_version(&self, config: &Config) -> Option<HttpRequest> {
        Some(HttpRequest::new(Method::Get, Self::at(config, "health")))
    }

    fn version(&self, answer: &Answer) -> Version {
        let health = answer.json().unwrap_or_default();
        if health.get("protocol").and_then(|name| name.as_str()) != Some("media-factory/1") {
            return Version::Zero;
        }
        let flag = |name: &str| {
            let value = health.pointer("/capabilities").and_then(|all| all.get(name));
            value.and_then(|flag| flag.as_bool()).unwrap_or(true)
        };
        let parameters = health.pointer("/capabilities/parameters").and_then(|list| {
            list.as_array()?.iter().map(|name| Some(name.as_str()?.to_owned())).collect()
        });
        let takes_batches = health.pointer("/capabilities/batch").and_then(|flag| flag.as_bool());
        let size = health.pointer("/capabilities/batch_size").and_then(|size| size.as_u64());
        let batch = match takes_batches {
            Some(true) => size.and_then(|size| usize::try_from(size).ok()).unwrap_or(usize::MAX),
            _ => 0,
        };
        Version::One(Features {
            events: flag("events"),
            uploads: flag("uploads"),
            batch: Some(batch),
            parameters,
        })
    }

    fn submit_safety(&self, version: &Version) -> SubmitSafety {
        match version {
            Version::Unknown => SubmitSafety::Unknown,
            Version::Zero => SubmitSafety::Paid,
            Version::One(_) => SubmitSafety::Idempotent,
        }
    }

    fn largest_inline(&self, version: &Version) -> u64 {
        const LARGEST: u64 = 1 << 20;
        match version {
            Version::One(Features { uploads: true, .. }) => LARGEST,
            _ => u64::MAX,
        }
    }

    fn upload(&self, job: &Job<'_>, mime_type: &str, bytes: &Bytes) -> HttpRequest {
        let mut request = HttpRequest::new(Method::Post, Self::at(job.config, "uploads"))
            .with_header("content-type", mime_type);
        request.body = bytes.clone();
        request
    }

    fn uploaded(&self, _job: &Job<'_>, answer: &Answer) -> Result<String> {
        let json = answer.json()?;
        let url = json.get("url").and_then(|url| url.as_str()).map(str::to_owned);
        url.ok_or_else(|| {
            let message = format!("{} took an upload but gave no url for it", answer.to);
            Error::new(Code::Protocol, message).with_status(answer.status)
        })
    }

    fn submit(&self, job: &Job<'_>) -> Result<HttpRequest> {
        let body = written(&body(job))?;
        let mut request = HttpRequest::new(Method::Post, Self::at(job.config, "generate"))
            .with_header("content-type", "application/json")
            .with_header("prefer", "respond-async")
            .with_header("idempotency-key", job.task_id);
        request.body = body;
        Ok(request)
    }

    fn batches(&self) -> Option<&dyn Batches> {
        Some(self)
    }

    fn submitted(&self, job: &Job<'_>, answer: &Answer) -> Result<(Report, Version)> {
        let report = decode::report(job, &answer.json()?).map_err(|error| {
            let message = format!("{} answered {}: {}", answer.to, answer.status, error.message);
            Error::new(error.code, message).with_status(answer.status)
        })?;
        let version = match (job.version, answer.status) {
            (Version::Unknown, 202) => Version::One(Features::default()),
            (known, _) => known.clone(),
        };
        Ok((report, version))
    }

    fn is_refusal(&self, answer: &Answer, version: &Version) -> bool {
        let one = matches!(version, Version::One(_));
        one && answer.status == 503 && answer.header("retry-after").is_some()
    }

    /// Version 0 answers malformed input with it.
    fn is_reported(&self, answer: &Answer) -> bool {
        answer.reports_error_in_words()
    }

    fn read(
        &self,
        job: &Job<'_>,
        remote_id: Option<&str>,
        etag: Option<&str>,
    ) -> Option<HttpRequest> {
        if remote_id.is_none() && *job.version == Version::Zero {
            return None;
        }
        let url = Self::at_task(job.config, remote_id.unwrap_or(job.task_id));
        let request = HttpRequest::new(Method::Get, url);
        Some(match etag {
            Some(etag) => request.with_header("if-none-match", etag),
            None => request,
        })
    }

    fn events(&self, job: &Job<'_>, remote_id: &str, last_event_id: &str) -> Option<HttpRequest> {
        if matches!(job.version, Version::One(Features { events: false, .. })) {
            return None;
        }
        let url = url::join(&Self::at_task(job.config, remote_id), "events");
        let request = HttpRequest::new(Method::Get, url).with_header("accept", "text/event-stream");
        Some(match last_event_id {
            "" => request,
            id => request.with_header("last-event-id", id),
        })
    }

    fn shared_events(&self, config: &Config, remote_ids: &[Arc<str>]) -> Option<HttpRequest> {
        let mut request = HttpRequest::new(Method::Post, Self::at(config, "events"))
            .with_header("accept", "text/event-stream")
            .with_header("content-type", "application/json");
        let mut body = Map::new();
        let ids = remote_ids.iter().map(|id| Value::from(&**id));
        body.push("tasks", Value::List(ids.collect()));
        request.body = Bytes::from(serde_json::to_vec(&body).ok()?);
        Some(request)
    }

    fn report(&self, job: &Job<'_>, body: &[u8]) -> Result<Report> {
        let json: serde_json::Value = serde_json::from_slice(body).map_err(|_| {
            let endpoint = &job.config.service_endpoint;
            Error::new(Code::Protocol, format!("{endpoint} described a task in malformed JSON"))
        })?;
        decode::report(job, &json)
    }

    fn preview(&self, job: &Job<'_>, name: &str, data: &str) -> Option<Option<Produced>> {
        (name == "preview").then(|| decode::preview(job, data))
    }

    fn event_task_id(&self, data: &str) -> Option<String> {
        let json: serde_json::Value = serde_json::from_slice(data.as_bytes()).ok()?;
        Some(json.get("task_id")?.as_str()?.to_owned())
    }

    fn cancel(&self, job: &Job<'_>, remote_id: Option<&str>) -> Option<HttpRequest> {
        if *job.version == Version::Zero {
            return None;
        }
        let remote_id = remote_id.unwrap_or(job.task_id);
        Some(HttpRequest::new(Method::Delete, Self::at_task(job.config, remote_id)))
    }

    fn list(&self, config: &Config, listing: Listing) -> Result<HttpRequest> {
        Ok(HttpRequest::new(Method::Get, Self::at(config, listing.as_str())))
    }

    fn listed(&self, listing: Listing, answer: &Answer) -> Result<serde_json::Value> {
        let mut json = answer.json()?;
        if listing == Listing::Health {
            return Ok(json);
        }
        let key = listing.as_str();
        let list = json.get_mut(key).map(serde_json::Value::take);
        list.filter(serde_json::Value::is_array).ok_or_else(|| {
            let message = format!("{} answered without a list of {key}", answer.to);
            Error::new(Code::Protocol, message).with_status(answer.status)
        })
    }
}

/// The keys that ask for something beyond `known`.
fn unread<'a>(parameters: &'a Map, known: &[&str]) -> Vec<&'a str> {
    let satisfied = |key: &str, value: &Value| match key {
        "extra" => true,
        // One output is what every service makes.
        "count" => *value == Value::Int(1),
        _ => false,
    };
    let keys =
        parameters.iter().filter(|(key, value)| !known.contains(key) && !satisfied(key, value));
    keys.map(|(key, _)| key).collect()
}

/// What is sent of a job's parameters.
fn body(job: &Job<'_>) -> Map {
    let mut body = Map::new();
    for (key, value) in job.parameters.iter().filter(|(key, _)| *key != "extra") {
        body.push(key, value.clone());
    }
    if let (None, Some(model)) = (body.get("model"), &job.config.default_model) {
        body.push("model", Value::String(model.clone()));
    }
    if job.config.protocol.is_embedded() {
        body.push("fidelity", Value::from(job.config.sandbox.fidelity.as_str()));
    }
    if let Some(Value::Map(extra)) = job.parameters.get("extra") {
        for (key, value) in extra.iter().filter(|(key, _)| job.parameters.get(key).is_none()) {
            body.insert(key, value.clone());
        }
    }
    body
}

fn written(body: &Map) -> Result<Bytes> {
    serde_json::to_vec(body).map(Bytes::from).map_err(|error| {
        Error::new(Code::Internal, format!("the parameters cannot be written as JSON: {error}"))
    })
}
