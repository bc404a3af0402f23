//! What a service says about a task, once or in pieces.

use bytes::Bytes;

use super::Job;
use crate::{
    error::{Error, Result},
    media::OutputFacts,
    runtime::MaybeSend,
};

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

impl Report {
    /// A report of nothing but a state.
    pub fn of(state: RemoteState) -> Self {
        Self {
            remote_id: None,
            state,
            progress: None,
            stage: None,
            eta_seconds: None,
            log: Vec::new(),
        }
    }
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
    pub outputs: Vec<Produced>,
    /// What the service said about how it was made.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// The service's id, where the result came with one.
    pub remote_id: Option<String>,
}

/// One file of a finished task.
#[derive(Debug, Clone)]
pub struct Produced {
    /// What the service says about it.
    pub facts: OutputFacts,
    /// Its bytes, where they came with the answer; else it is at the address among the facts.
    pub bytes: Option<Bytes>,
}

impl From<OutputFacts> for Produced {
    fn from(facts: OutputFacts) -> Self {
        Self { facts, bytes: None }
    }
}

/// Reads an answer to a submission that comes as an event stream.
pub trait AnswerStream: MaybeSend {
    /// Takes in the data of one event.
    ///
    /// # Errors
    /// `protocol` when it cannot be understood.
    fn event(&mut self, job: &Job<'_>, data: &str) -> Result<Streamed>;

    /// What the stream amounts to, now that it has ended whole.
    ///
    /// # Errors
    /// `protocol` when it has told no result.
    fn end(&mut self, job: &Job<'_>) -> Result<Report>;
}

/// What one event of a streamed answer tells.
#[derive(Debug, Clone)]
pub enum Streamed {
    /// The service is at work.
    Working,
    /// The work so far.
    Preview(Produced),
    /// The result, or a failure; nothing that follows matters.
    Ended(Report),
}
