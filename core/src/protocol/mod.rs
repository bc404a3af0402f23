//! How tasks are spoken to services: pure encoding and decoding, no I/O.
//!
//! A protocol turns a job into requests and answers into [`Report`]s. The driver carries them,
//! repeats what may be repeated, and moves the task.

mod answer;
pub mod service;

use std::fmt;

use serde::Serialize;

pub use self::answer::Answer;
use crate::{
    config::Config,
    error::{Error, Issue, Result},
    media::{Map, MediaType, OutputFacts},
    recovery::SubmitSafety,
    runtime::{HttpRequest, MaybeSendSync},
};

/// One task as a protocol sees it.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The task's id.
    pub task_id: &'a str,
    /// What it makes.
    pub media_type: &'a MediaType,
    /// What the user set, with media as URLs.
    pub parameters: &'a Map,
    /// The workflow's settings.
    pub config: &'a Config,
    /// What is known about the endpoint.
    pub version: &'a Version,
}

/// What is known about an endpoint that speaks the native protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// It was never asked.
    Unknown,
    /// Synchronous, as the seed's services are.
    Zero,
    /// Jobs, with these features.
    One(Features),
}

/// What a version-1 service says it can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Features {
    /// Event streams.
    pub events: bool,
    /// Uploads of large inputs.
    pub uploads: bool,
    /// Every parameter that it reads; `None`: it did not say.
    pub parameters: Option<Vec<String>>,
}

impl Default for Features {
    fn default() -> Self {
        Self { events: true, uploads: true, parameters: None }
    }
}

/// What a service said about a task.
#[derive(Debug, Clone)]
pub struct Report {
    /// The service's id, where it gave one.
    pub remote_id: Option<String>,
    /// Where the task stands there.
    pub state: RemoteState,
    /// 0 to 1.
    pub progress: Option<f64>,
    /// What the service is doing.
    pub stage: Option<String>,
    /// Seconds that the service expects to need.
    pub eta_seconds: Option<f64>,
    /// Everything the user should know so far; it only grows.
    pub log: Vec<String>,
}

/// Where a task stands on the service.
#[derive(Debug, Clone)]
pub enum RemoteState {
    /// Accepted, not yet running.
    Queued,
    /// Running, or in a state that this version does not know.
    Running,
    /// Finished.
    Done(Box<Done>),
    /// Ended with an error.
    Failed(Error),
    /// Stopped, by this client or another.
    Cancelled,
}

/// What a finished task gave.
#[derive(Debug, Clone)]
pub struct Done {
    /// The service's own body.
    pub raw: serde_json::Value,
    /// The files; at least one.
    pub outputs: Vec<OutputFacts>,
    /// What the service said about how it was made.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// The service's id, where the result came with one.
    pub remote_id: Option<String>,
}

/// What a workflow can do, with the protocol it has.
#[derive(Debug, Clone, Serialize)]
pub struct Capabilities {
    /// The medium.
    pub media_type: MediaType,
    /// File formats by name.
    pub supported_formats: Vec<String>,
    /// In the words of the reference package.
    pub features: Vec<String>,
    /// Names for `model`.
    pub models: Vec<String>,
    /// Names for `style`, where the protocol has a fixed list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub styles: Option<Vec<String>>,
    /// Names for `resolution`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolutions: Option<Vec<String>>,
    /// Primary subtags for `language`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub languages: Option<Vec<String>>,
    /// The protocol's name.
    pub protocol: String,
}

/// A list that a service can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// How the service is.
    Health,
    /// Its models.
    Models,
    /// Its styles.
    Styles,
    /// Its resolutions.
    Resolutions,
    /// Its voices.
    Voices,
}

/// Encodes jobs and decodes answers of one kind of service.
pub trait Protocol: fmt::Debug + MaybeSendSync + 'static {
    /// The name in the configuration.
    fn name(&self) -> &'static str;

    /// What it can do for a medium.
    fn capabilities(&self, media_type: &MediaType) -> Capabilities;

    /// What it cannot do of what was asked, as far as that is known of the endpoint.
    fn unsupported(
        &self,
        media_type: &MediaType,
        parameters: &Map,
        version: &Version,
    ) -> Vec<Issue>;

    /// What an endpoint is known to be before it was asked.
    fn presumed_version(&self) -> Version;

    /// Whether the endpoint must say what it is before these parameters are sent.
    fn must_know_version(&self, media_type: &MediaType, parameters: &Map) -> bool;

    /// Asks an endpoint what it is.
    fn ask_version(&self, config: &Config) -> HttpRequest;

    /// What the endpoint said it is.
    fn version(&self, answer: &Answer) -> Version;

    /// What repeating a submission costs.
    fn submit_safety(&self, version: &Version) -> SubmitSafety;

    /// Sends a large input ahead; `None` when inputs travel inside the submission.
    fn upload(&self, job: &Job<'_>, mime_type: &str, bytes: &bytes::Bytes) -> Option<HttpRequest>;

    /// Where an uploaded input is.
    fn uploaded(&self, job: &Job<'_>, answer: &Answer) -> Result<String>;

    /// Submits the job.
    fn submit(&self, job: &Job<'_>) -> Result<HttpRequest>;

    /// Reads a 2xx answer to the submission; also what it shows about the endpoint's version.
    fn submitted(&self, job: &Job<'_>, answer: &Answer) -> Result<(Report, Version)>;

    /// Whether this answer to a submission is documented as "nothing was started".
    fn is_refusal(&self, answer: &Answer, version: &Version) -> bool;

    /// Asks once how the task stands.
    fn read(&self, job: &Job<'_>, remote_id: &str, etag: Option<&str>) -> HttpRequest;

    /// Opens an event stream for one task.
    fn events(&self, job: &Job<'_>, remote_id: &str, last_event_id: &str) -> Option<HttpRequest>;

    /// Opens one event stream for many tasks.
    fn shared_events(&self, config: &Config, remote_ids: &[String]) -> Option<HttpRequest>;

    /// Reads a task as the service writes it, in answers and in events.
    fn report(&self, job: &Job<'_>, body: &[u8]) -> Result<Report>;

    /// The id of the task that an event of a shared stream is about.
    fn event_task_id(&self, data: &str) -> Option<String>;

    /// Tells the service to stop; `None` when it cannot be told.
    fn cancel(&self, job: &Job<'_>, remote_id: Option<&str>) -> Option<HttpRequest>;

    /// Asks for a list.
    fn list(&self, config: &Config, listing: Listing) -> HttpRequest;
}
