//! The state machine of a task: PENDING, PROCESSING, then one terminal state for ever.

use std::sync::Arc;

use serde::Serialize;

use super::{
    event::{Event, EventKind, Listener},
    waiters::Waiters,
};
use crate::{
    error::{Code, Error},
    media::{Map, MediaOutput, MediaType, ProcessingStatus},
};

/// The stage of a task whose inputs are on their way.
const UPLOADING: &str = "uploading";

pub(super) struct State {
    id: Arc<str>,
    pub(super) status: ProcessingStatus,
    pub(super) seq: u64,
    started_at: Option<u64>,
    pub(super) updated_at: u64,
    finished_at: Option<u64>,
    progress: Option<f64>,
    stage: Option<String>,
    eta_seconds: Option<f64>,
    pub(super) raw: Option<Arc<serde_json::Value>>,
    pub(super) outputs: Vec<MediaOutput>,
    pub(super) error: Option<Error>,
    /// A list, since a map of a few entries takes several times their size.
    metadata: Vec<(String, serde_json::Value)>,
    pub(super) remote_id: Option<Arc<str>>,
    pub(super) attempts: u32,
    /// How many lines of the service's log were told.
    pub(super) log_length: usize,
    pub(super) waiters: Waiters,
    next_listener: u64,
    listeners: Vec<(u64, Arc<dyn Listener>)>,
}

/// What a task ends with when all went well.
#[derive(Debug, Clone, Default)]
pub struct Completion {
    /// The service's own body, or a custom workflow's result.
    pub raw: serde_json::Value,
    /// The files.
    pub outputs: Vec<MediaOutput>,
    /// Joins the task's metadata; what is there already stays, but for `model`.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// The id that a synchronous service gave with the result.
    pub remote_id: Option<String>,
}

impl State {
    pub(super) fn new(
        id: Arc<str>,
        created_at: u64,
        metadata: serde_json::Map<String, serde_json::Value>,
    ) -> Self {
        Self {
            id,
            status: ProcessingStatus::Pending,
            seq: 0,
            started_at: None,
            updated_at: created_at,
            finished_at: None,
            progress: None,
            stage: None,
            eta_seconds: None,
            raw: None,
            outputs: Vec::new(),
            error: None,
            metadata: metadata.into_iter().collect(),
            remote_id: None,
            attempts: 0,
            log_length: 0,
            waiters: Waiters::default(),
            next_listener: 0,
            listeners: Vec::new(),
        }
    }

    /// Counts the event and hands it to every listener.
    pub(super) fn tell(&mut self, at: u64, kind: EventKind) {
        self.seq += 1;
        if let Some(((_, last), others)) = self.listeners.split_last() {
            let event = Event { seq: self.seq, task_id: self.id.clone(), at, kind };
            for (_, listener) in others {
                listener.push(event.clone());
            }
            last.push(event);
        }
    }

    pub(super) fn accept(&mut self, now: u64, remote_id: &str) {
        if self.remote_id.is_some() {
            return;
        }
        let remote_id: Arc<str> = Arc::from(remote_id);
        self.remote_id = Some(remote_id.clone());
        // A late answer for a terminal task changes nothing but the id.
        if !self.status.is_terminal() {
            self.updated_at = now;
            self.tell(now, EventKind::Accepted { remote_id });
        }
    }

    pub(super) fn process(&mut self, now: u64) {
        self.status = ProcessingStatus::Processing;
        self.started_at = Some(now);
        self.updated_at = now;
        self.tell(now, EventKind::Status { status: self.status, error: None });
    }

    pub(super) fn progress(
        &mut self,
        now: u64,
        progress: Option<f64>,
        stage: Option<String>,
        eta_seconds: Option<f64>,
    ) {
        let progress = match (self.progress, progress.filter(|value| value.is_finite())) {
            (Some(old), Some(new)) => Some(new.max(old).min(1.0)),
            (None, Some(new)) => Some(new.clamp(0.0, 1.0)),
            (old, None) => old,
        };
        let stage = stage.or_else(|| self.stage.clone());
        let changed = progress != self.progress || stage != self.stage;
        let eta_changed = eta_seconds != self.eta_seconds;
        if self.status.is_terminal() || !(changed || eta_changed) {
            return;
        }
        self.progress = progress;
        self.stage.clone_from(&stage);
        self.eta_seconds = eta_seconds;
        self.updated_at = now;
        let (sent_bytes, total_bytes) = (None, None);
        let kind = EventKind::Progress { progress, stage, eta_seconds, sent_bytes, total_bytes };
        self.tell(now, kind);
    }

    /// Inputs are on their way to the service, of which the progress of the work says nothing.
    pub(super) fn upload(&mut self, now: u64, sent: u64, total: u64) {
        if self.status != ProcessingStatus::Pending {
            return;
        }
        self.stage = Some(UPLOADING.to_owned());
        self.updated_at = now;
        let (progress, stage, eta_seconds) = (None, self.stage.clone(), None);
        let (sent_bytes, total_bytes) = (Some(sent), Some(total));
        let kind = EventKind::Progress { progress, stage, eta_seconds, sent_bytes, total_bytes };
        self.tell(now, kind);
    }

    /// The inputs have arrived.
    pub(super) fn end_upload(&mut self) {
        self.stage.take_if(|stage| stage == UPLOADING);
    }

    pub(super) fn complete(&mut self, now: u64, completion: Completion) -> Result<(), String> {
        self.must_be_open("complete()")?;
        if self.status == ProcessingStatus::Pending {
            self.process(now);
        }
        self.progress = Some(1.0);
        self.eta_seconds = None;
        self.raw = Some(Arc::new(completion.raw));
        self.outputs = completion.outputs;
        if let (None, Some(id)) = (&self.remote_id, completion.remote_id) {
            self.remote_id = Some(Arc::from(id));
        }
        for (key, value) in completion.metadata {
            match self.metadata.iter_mut().find(|(known, _)| *known == key) {
                // Which model it was the service knows best: the name asked for may be an alias.
                Some((_, known)) if key == "model" && value.is_string() => *known = value,
                Some(_) => {}
                None => self.metadata.push((key, value)),
            }
        }
        self.finish(now, ProcessingStatus::Completed, None);
        Ok(())
    }

    pub(super) fn fail(&mut self, now: u64, mut error: Error) -> Result<(), String> {
        self.must_be_open("fail()")?;
        error.attempts = self.attempts;
        error.remote_id = error.remote_id.take().or_else(|| self.remote_id.clone());
        self.error = Some(error.clone());
        self.finish(now, ProcessingStatus::Failed, Some(error));
        Ok(())
    }

    pub(super) fn cancel(&mut self, now: u64) -> Result<(), String> {
        self.must_be_open("cancel()")?;
        let mut error = Error::new(Code::Cancelled, format!("task {} was cancelled", self.id));
        error.task_id = Some(self.id.clone());
        error.attempts = self.attempts;
        error.remote_id.clone_from(&self.remote_id);
        self.error = Some(error);
        self.finish(now, ProcessingStatus::Cancelled, None);
        Ok(())
    }

    fn must_be_open(&self, action: &str) -> Result<(), String> {
        match self.status.is_terminal() {
            true => Err(format!("{action} on a task that is {}", self.status.as_str())),
            false => Ok(()),
        }
    }

    fn finish(&mut self, now: u64, status: ProcessingStatus, error: Option<Error>) {
        self.status = status;
        self.updated_at = now;
        self.finished_at = Some(now);
        self.tell(now, EventKind::Status { status, error });
        self.listeners.clear();
    }

    pub(super) fn subscribe(&mut self, listener: Arc<dyn Listener>) -> u64 {
        self.next_listener += 1;
        if !self.status.is_terminal() {
            self.listeners.push((self.next_listener, listener));
        }
        self.next_listener
    }

    pub(super) fn unsubscribe(&mut self, key: u64) {
        self.listeners.retain(|(known, _)| *known != key);
    }

    pub(super) fn snapshot(
        &self,
        media_type: MediaType,
        parameters: Arc<Map>,
        created_at: u64,
    ) -> Snapshot {
        let mut metadata = serde_json::Map::new();
        metadata.extend(self.metadata.iter().cloned());
        Snapshot {
            task_id: self.id.clone(),
            media_type,
            status: self.status,
            parameters,
            created_at,
            started_at: self.started_at,
            updated_at: self.updated_at,
            finished_at: self.finished_at,
            progress: self.progress,
            stage: self.stage.clone(),
            eta_seconds: self.eta_seconds,
            raw: self.raw.clone(),
            outputs: self.outputs.clone(),
            error: self.error.clone(),
            metadata,
            remote_id: self.remote_id.clone(),
            attempts: self.attempts,
        }
    }
}

/// A task at one moment. Times are milliseconds since the Unix epoch.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot {
    /// The id.
    pub task_id: Arc<str>,
    /// What it makes.
    pub media_type: MediaType,
    /// Where it stands.
    pub status: ProcessingStatus,
    /// As given.
    pub parameters: Arc<Map>,
    /// When it was made.
    pub created_at: u64,
    /// When it became PROCESSING.
    pub started_at: Option<u64>,
    /// When it last changed.
    pub updated_at: u64,
    /// When it became terminal.
    pub finished_at: Option<u64>,
    /// 0 to 1.
    pub progress: Option<f64>,
    /// What the service is doing.
    pub stage: Option<String>,
    /// Seconds that the service expects to need.
    pub eta_seconds: Option<f64>,
    /// The service's own body.
    #[serde(rename = "result")]
    pub raw: Option<Arc<serde_json::Value>>,
    /// The files.
    pub outputs: Vec<MediaOutput>,
    /// Why it FAILED or was CANCELLED.
    pub error: Option<Error>,
    /// What is known about it beyond its state.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// The service's id.
    pub remote_id: Option<Arc<str>>,
    /// How many submissions were made.
    pub attempts: u32,
}
