//! One task of the server: its state, and how it is written.

use std::sync::{Arc, Weak};

use futures_util::future::AbortHandle;
use media_factory_core::{
    error::Error,
    media::{MediaType, ProcessingStatus},
};
use serde_json::{Map as JsonMap, Value as Json, json};

use super::{
    answer::{error_json, timestamp},
    events::Subscriber,
    renderer::RenderProgress,
};

/// Steps of progress below this are not told, so that a task costs at most a hundred events.
const SMALLEST_STEP: f64 = 0.01;

/// A task; terminal states never change again.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: Arc<str>,
    pub(super) media_type: MediaType,
    /// Of what was submitted; `None`: cancelled before anything was.
    pub(super) fingerprint: Option<[u8; 32]>,
    /// The model that was asked for, or the default.
    pub(super) model: String,
    status: ProcessingStatus,
    progress: f64,
    stage: Option<String>,
    log: Vec<String>,
    created_at: u64,
    started_at: Option<u64>,
    updated_at: u64,
    /// Counts changes from 1; the number of the event that tells of the last one.
    revision: u64,
    result: Option<Json>,
    error: Option<Error>,
    /// Stops the work.
    abort: Option<AbortHandle>,
    subscribers: Vec<Weak<Subscriber>>,
}

impl Task {
    /// A PENDING task.
    pub(super) fn new(
        id: Arc<str>,
        media_type: MediaType,
        fingerprint: [u8; 32],
        model: String,
        now: u64,
    ) -> Self {
        Self {
            id,
            media_type,
            fingerprint: Some(fingerprint),
            model,
            status: ProcessingStatus::Pending,
            progress: 0.0,
            stage: None,
            log: Vec::new(),
            created_at: now,
            started_at: None,
            updated_at: now,
            revision: 1,
            result: None,
            error: None,
            abort: None,
            subscribers: Vec::new(),
        }
    }

    /// What a cancel leaves behind that comes before its task.
    pub(super) fn tombstone(id: Arc<str>, media_type: MediaType, now: u64) -> Self {
        let mut task = Self::new(id, media_type, [0; 32], String::new(), now);
        task.fingerprint = None;
        task.status = ProcessingStatus::Cancelled;
        task
    }

    pub(super) fn status(&self) -> ProcessingStatus {
        self.status
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    pub(super) fn updated_at(&self) -> u64 {
        self.updated_at
    }

    /// The body of a synchronous answer, once there is one.
    pub(super) fn result(&self) -> Option<&Json> {
        self.result.as_ref()
    }

    pub(super) fn error(&self) -> Option<&Error> {
        self.error.as_ref()
    }

    /// What `ETag` says of this state.
    pub(super) fn etag(&self) -> String {
        format!("\"{}\"", self.revision)
    }

    /// Tells `subscriber` of every change from now on.
    pub(super) fn subscribe(&mut self, subscriber: &Arc<Subscriber>) {
        self.subscribers.retain(|known| known.strong_count() > 0);
        self.subscribers.push(Arc::downgrade(subscriber));
    }

    /// The work begins; `abort` stops it.
    pub(super) fn begin(&mut self, now: u64, abort: AbortHandle) {
        self.status = ProcessingStatus::Processing;
        self.started_at = Some(now);
        self.abort = Some(abort);
        self.changed(now);
    }

    /// The work went on.
    pub(super) fn advance(&mut self, now: u64, progress: RenderProgress) {
        if self.status != ProcessingStatus::Processing {
            return;
        }
        let fraction = f64::from(progress.fraction.clamp(0.0, 1.0));
        let fraction = (fraction * 1000.0).round() / 1000.0;
        let new_stage = self.stage.as_deref() != Some(&progress.stage);
        if !new_stage && fraction < self.progress + SMALLEST_STEP {
            return;
        }
        self.progress = self.progress.max(fraction);
        self.stage = Some(progress.stage);
        self.changed(now);
    }

    /// The work is done; `false` when the task was ended before.
    pub(super) fn complete(&mut self, now: u64, result: Json, notes: Vec<String>) -> bool {
        self.end(now, ProcessingStatus::Completed, |task| {
            task.progress = 1.0;
            task.log.extend(notes);
            task.result = Some(result);
        })
    }

    /// The work failed; `false` when the task was ended before.
    pub(super) fn fail(&mut self, now: u64, error: Error) -> bool {
        self.end(now, ProcessingStatus::Failed, |task| task.error = Some(error))
    }

    /// Stops the work; `false` when the task was ended before.
    pub(super) fn cancel(&mut self, now: u64) -> bool {
        self.end(now, ProcessingStatus::Cancelled, |task| {
            if let Some(abort) = &task.abort {
                abort.abort();
            }
        })
    }

    fn end(&mut self, now: u64, status: ProcessingStatus, change: impl FnOnce(&mut Self)) -> bool {
        if self.status.is_terminal() {
            return false;
        }
        change(self);
        self.status = status;
        self.abort = None;
        self.changed(now);
        self.subscribers = Vec::new();
        true
    }

    fn changed(&mut self, now: u64) {
        self.updated_at = now;
        self.revision += 1;
        for subscriber in self.subscribers.iter().filter_map(Weak::upgrade) {
            subscriber.tell(&self.id);
        }
    }

    /// Seconds that are left if the work goes on as it did.
    fn eta_seconds(&self) -> Option<f64> {
        const TOO_EARLY: f64 = 0.05;
        let started_at = self.started_at.filter(|_| !self.status.is_terminal())?;
        #[allow(clippy::cast_precision_loss, reason = "milliseconds of one task")]
        let elapsed = self.updated_at.saturating_sub(started_at) as f64 / 1000.0;
        (self.progress >= TOO_EARLY)
            .then(|| (elapsed * (1.0 - self.progress) / self.progress * 10.0).round() / 10.0)
    }

    /// The task as `docs/service-protocol.md` writes it.
    pub(super) fn to_json(&self) -> Json {
        let mut json = JsonMap::new();
        let mut put = |key: &str, value: Json| json.insert(key.to_owned(), value);
        put("task_id", json!(*self.id));
        put("status", json!(self.status.as_str()));
        put("progress", json!(self.progress));
        if let Some(stage) = &self.stage {
            put("stage", json!(stage));
        }
        if let Some(seconds) = self.eta_seconds() {
            put("eta_seconds", json!(seconds));
        }
        put("log", json!(self.log));
        put("created_at", json!(timestamp(self.created_at)));
        put("updated_at", json!(timestamp(self.updated_at)));
        if let Some(result) = &self.result {
            put("result", result.clone());
        }
        if let Some(error) = &self.error {
            put("error", error_json(error));
        }
        Json::Object(json)
    }
}
