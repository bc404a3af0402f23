//! How tasks are spoken to services: pure encoding and decoding, no I/O.
//!
//! A protocol turns a job into requests and answers into [`Report`]s. The driver carries them,
//! repeats what may be repeated, and moves the task. To add one, write its file and put it into
//! the list below.

mod answer;
pub mod openai;
mod report;
pub mod service;

use std::{fmt, sync::Arc};

use bytes::Bytes;
use serde::Serialize;

pub use self::{
    answer::Answer,
    report::{AnswerStream, Done, Produced, RemoteState, Report, Streamed},
};
use self::{openai::OpenAiProtocol, service::ServiceProtocol};
use crate::{
    config::Config,
    error::{Code, Error, Issue, Result},
    media::{Map, MediaType},
    recovery::SubmitSafety,
    runtime::{HttpRequest, Method},
};

/// Every protocol that is built in; the first is the default.
static BUILT_IN: [&dyn Protocol; 3] =
    [&ServiceProtocol::NETWORK, &ServiceProtocol::SANDBOX, &OpenAiProtocol];

/// The names that the configuration's `protocol` may have.
pub fn names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|protocol| protocol.name())
}

/// The names of those that make a medium.
pub fn names_for(media_type: &MediaType) -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().filter(|protocol| protocol.makes(media_type)).map(|protocol| protocol.name())
}

/// The protocol of that name, or the default one.
pub fn named(name: Option<&str>) -> &'static dyn Protocol {
    let known = BUILT_IN.iter().find(|protocol| Some(protocol.name()) == name);
    known.copied().unwrap_or(&ServiceProtocol::NETWORK)
}

/// One task as a protocol sees it.
#[derive(Debug, Clone, Copy)]
pub struct Job<'a> {
    /// The task's id.
    pub task_id: &'a str,
    /// What it makes.
    pub media_type: &'a MediaType,
    /// What the user set, with media as URLs, or as bytes where the protocol takes them.
    pub parameters: &'a Map,
    /// The workflow's settings.
    pub config: &'a Config,
    /// What is known about the endpoint.
    pub version: &'a Version,
}

/// What is known about an endpoint. Only the native protocol has versions that differ.
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
    /// How many submissions one exchange may carry, 0 where it takes no batches; `None`: it did
    /// not say.
    pub batch: Option<usize>,
    /// Every parameter that it reads; `None`: it did not say.
    pub parameters: Option<Vec<String>>,
}

impl Default for Features {
    fn default() -> Self {
        Self { events: true, uploads: true, batch: None, parameters: None }
    }
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

impl Listing {
    /// Its name in the native protocol.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Models => "models",
            Self::Styles => "styles",
            Self::Resolutions => "resolutions",
            Self::Voices => "voices",
        }
    }
}

/// Encodes jobs and decodes answers of one kind of service.
///
/// What has a body here is what a service without jobs does: one submission, which is answered
/// with the result and may be paid again when it is repeated.
pub trait Protocol: fmt::Debug + Send + Sync + 'static {
    /// The name in the configuration.
    fn name(&self) -> &'static str;

    /// Where the service is when the configuration does not say; `None` when it must.
    fn endpoint(&self, media_type: &MediaType) -> Option<String>;

    /// What it can do for a medium.
    fn capabilities(&self, config: &Config, media_type: &MediaType) -> Capabilities;

    /// The model of tasks for which neither the user nor the configuration names one; `None` when
    /// the service decides.
    fn default_model(&self, config: &Config, media_type: &MediaType) -> Option<&'static str>;

    /// What it cannot do of what was asked, as far as that is known of the endpoint.
    fn unsupported(
        &self,
        config: &Config,
        media_type: &MediaType,
        parameters: &Map,
        version: &Version,
    ) -> Vec<Issue>;

    /// Submits the job.
    fn submit(&self, job: &Job<'_>) -> Result<HttpRequest>;

    /// Reads a 2xx answer to the submission; also what it shows about the endpoint's version.
    fn submitted(&self, job: &Job<'_>, answer: &Answer) -> Result<(Report, Version)>;

    /// Whether it makes this medium at all.
    fn makes(&self, _media_type: &MediaType) -> bool {
        true
    }

    /// How many jobs are submitted in one exchange, where the protocol has a way.
    fn batches(&self) -> Option<&dyn Batches> {
        None
    }

    /// Whether the service runs in this process, reached through the sandbox's transport.
    fn is_embedded(&self) -> bool {
        false
    }

    /// Whether its own endpoint answers nobody without a key.
    fn requires_key(&self) -> bool {
        false
    }

    /// The header that carries the configuration's `api_key`: its name in lower case, its value.
    fn authorization(&self, key: &str) -> (&'static str, String) {
        ("authorization", format!("Bearer {key}"))
    }

    /// The paths that `service_paths` may replace, by name.
    fn paths(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether `model` may be any name, also one that nobody has listed.
    fn takes_any_model(&self) -> bool {
        true
    }

    /// Whether media stay bytes, for a form with files, instead of becoming `data:` URLs.
    fn takes_bytes(&self) -> bool {
        false
    }

    /// Whether what is made comes inside the answer, which is then as long as `max_output_bytes`
    /// allows; other answers only describe it.
    fn answers_with_media(&self) -> bool {
        true
    }

    /// What repeating a submission costs.
    fn submit_safety(&self, _version: &Version) -> SubmitSafety {
        SubmitSafety::Paid
    }

    /// Reads the answer to a submission that comes as an event stream; `None` when such an answer
    /// is read as any other.
    fn answer_stream(&self, _job: &Job<'_>) -> Option<Box<dyn AnswerStream>> {
        None
    }

    /// The error that an answer other than 2xx means; `now` in milliseconds since the epoch.
    fn error(&self, answer: &Answer, config: &Config, now: u64) -> Error {
        answer.error(config, now)
    }

    /// Whether this answer to a submission is documented as "nothing was started".
    fn is_refusal(&self, _answer: &Answer, _version: &Version) -> bool {
        false
    }

    /// Whether a 500 is documented as an outcome that costs nothing. Any other leaves open whether
    /// the submission was paid for, also where it says what failed.
    fn is_reported(&self, _answer: &Answer) -> bool {
        false
    }

    /// What the service itself says about repeating the request.
    fn should_repeat(&self, _answer: &Answer) -> Option<bool> {
        None
    }

    /// What an endpoint is known to be before it was asked.
    fn presumed_version(&self) -> Version {
        Version::Zero
    }

    /// Whether the endpoint must say what it is before these parameters are sent.
    fn must_know_version(&self, _media_type: &MediaType, _parameters: &Map) -> bool {
        false
    }

    /// Asks an endpoint what it is; `None` where there is but one version.
    fn ask_version(&self, _config: &Config) -> Option<HttpRequest> {
        None
    }

    /// What the endpoint said it is.
    fn version(&self, _answer: &Answer) -> Version {
        Version::Zero
    }

    /// The longest input that travels inside the submission, in bytes; longer ones go ahead.
    fn largest_inline(&self, _version: &Version) -> u64 {
        u64::MAX
    }

    /// Sends a large input ahead.
    fn upload(&self, job: &Job<'_>, mime_type: &str, bytes: &Bytes) -> HttpRequest {
        let mut request = HttpRequest::new(Method::Post, &job.config.service_endpoint)
            .with_header("content-type", mime_type);
        request.body = bytes.clone();
        request
    }

    /// Where an uploaded input is.
    fn uploaded(&self, job: &Job<'_>, _answer: &Answer) -> Result<String> {
        Err(has_no(self.name(), "uploads", job.config))
    }

    /// Asks once how the task stands; `None` when that cannot be asked: of a service without jobs,
    /// or of a job whose id (`remote_id`) is not known and is not the task's own.
    fn read(
        &self,
        _job: &Job<'_>,
        _remote_id: Option<&str>,
        _etag: Option<&str>,
    ) -> Option<HttpRequest> {
        None
    }

    /// Opens an event stream for one task.
    fn events(
        &self,
        _job: &Job<'_>,
        _remote_id: &str,
        _last_event_id: &str,
    ) -> Option<HttpRequest> {
        None
    }

    /// Opens one event stream for many tasks.
    fn shared_events(&self, _config: &Config, _remote_ids: &[Arc<str>]) -> Option<HttpRequest> {
        None
    }

    /// Reads a task as the service writes it, in answers and in events.
    fn report(&self, job: &Job<'_>, _body: &[u8]) -> Result<Report> {
        Err(has_no(self.name(), "jobs", job.config))
    }

    /// Reads the work so far out of an event with that name; `None` when the event is none of that
    /// kind, `Some(None)` when it is one that cannot be read.
    fn preview(&self, _job: &Job<'_>, _name: &str, _data: &str) -> Option<Option<Produced>> {
        None
    }

    /// The id of the task that an event of a shared stream is about.
    fn event_task_id(&self, _data: &str) -> Option<String> {
        None
    }

    /// Tells the service to stop; `None` when it cannot be told.
    fn cancel(&self, _job: &Job<'_>, _remote_id: Option<&str>) -> Option<HttpRequest> {
        None
    }

    /// Asks for a list.
    ///
    /// # Errors
    /// `unsupported` when the service has no such list.
    fn list(&self, config: &Config, listing: Listing) -> Result<HttpRequest> {
        Err(has_no(self.name(), listing.as_str(), config))
    }

    /// Reads the answer to [`Protocol::list`].
    ///
    /// # Errors
    /// `protocol` when the answer holds no such list.
    fn listed(&self, _listing: Listing, answer: &Answer) -> Result<serde_json::Value> {
        answer.json()
    }
}

fn has_no(protocol: &str, what: &str, config: &Config) -> Error {
    let endpoint = &config.service_endpoint;
    Error::new(Code::Unsupported, format!("{endpoint} has no {what}: protocol '{protocol}'"))
}

/// Encodes many submissions as one request, of a protocol whose services know repeats by their
/// key: an item of which the answer does not tell is submitted again by itself.
pub trait Batches: fmt::Debug + Send + Sync {
    /// The job as one item.
    fn item(&self, job: &Job<'_>) -> Result<Bytes>;

    /// Submits the items.
    fn submit(&self, config: &Config, items: &[Bytes]) -> HttpRequest;

    /// Reads a 2xx answer: for each job in order how it stands, or `None` where the answer does not
    /// say.
    fn submitted(&self, jobs: &[Job<'_>], answer: &Answer) -> Result<Vec<Option<Report>>>;
}
