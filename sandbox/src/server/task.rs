//! One task of the server: its record, what is not worth keeping, and how it is written.

use std::sync::{Arc, Weak};

use futures_util::future::AbortHandle;
use media_factory_core::media::{MediaType, ProcessingStatus};
use serde_json::{Map as JsonMap, Value as Json, json};

use super::{
    answer::timestamp,
    events::Subscriber,
    record::TaskRecord,
    renderer::{RenderPreview, RenderProgress},
};

/// Thousandths of the work that are told at once: a task of a moment costs at most a hundred events.
const STEP: f64 = 10.0;
/// Thousandths that are told this many milliseconds after the last change: who waits an hour for a
/// film sees it go on, for at most a thousand events.
const SMALL_STEP: f64 = 1.0;
const LONG_AGO: u64 = 2000;

/// A task; terminal states never change again.
#[derive(Debug)]
pub(super) struct Task {
    record: Arc<TaskRecord>,
    progress: f64,
    stage: Option<String>,
    /// What there is to say beside the record's log, until the record says it.
    remark: Option<String>,
    /// The newest look at the work, and how many there were.
    preview: Option<RenderPreview>,
    previews: u64,
    started_at: Option<u64>,
    updated_at: u64,
    /// Counts changes; the number of the event that tells of the last one.
    revision: u64,
    /// Stops the work.
    abort: Option<AbortHandle>,
    subscribers: Vec<Weak<Subscriber>>,
}

impl Task {
    /// The task of this record; its revisions begin after `base`.
    pub(super) fn new(record: Arc<TaskRecord>, base: u64) -> Self {
        let done = record.status == ProcessingStatus::Completed;
        Self {
            progress: if done { 1.0 } else { 0.0 },
            stage: None,
            remark: None,
            preview: None,
            previews: 0,
            started_at: None,
            updated_at: record.updated_at,
            revision: base + 1,
            abort: None,
            subscribers: Vec::new(),
            record,
        }
    }

    pub(super) fn record(&self) -> &Arc<TaskRecord> {
        &self.record
    }

    pub(super) fn media_type(&self) -> &MediaType {
        &self.record.media_type
    }

    pub(super) fn status(&self) -> ProcessingStatus {
        match self.record.status {
            ProcessingStatus::Pending if self.started_at.is_some() => ProcessingStatus::Processing,
            status => status,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.record.status.is_terminal()
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// When the work began, in milliseconds since the Unix epoch.
    pub(super) fn started_at(&self) -> Option<u64> {
        self.started_at
    }

    /// The newest look at the work, and its number; 0 while there was none.
    pub(super) fn preview(&self) -> (u64, Option<&RenderPreview>) {
        (self.previews, self.preview.as_ref())
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
        self.started_at = Some(now);
        self.abort = Some(abort);
        self.changed(now);
    }

    /// The work went on.
    pub(super) fn advance(&mut self, now: u64, progress: RenderProgress) {
        if self.status() != ProcessingStatus::Processing {
            return;
        }
        if progress.preview.is_some() {
            self.preview = progress.preview;
            self.previews += 1;
            self.tell();
        }
        let fraction = f64::from(progress.fraction.clamp(0.0, 1.0));
        let fraction = (fraction * 1000.0).round() / 1000.0;
        let gained = ((fraction - self.progress) * 1000.0).round();
        let is_long_ago = now >= self.updated_at.saturating_add(LONG_AGO);
        let new_stage = self.stage.as_deref() != Some(&progress.stage);
        let step = if is_long_ago { SMALL_STEP } else { STEP };
        if !new_stage && gained < step {
            return;
        }
        self.progress = self.progress.max(fraction);
        self.stage = Some(progress.stage);
        self.changed(now);
    }

    /// Says once what hinders the work.
    pub(super) fn remark(&mut self, now: u64, remark: String) {
        if self.remark.as_ref() != Some(&remark) {
            self.remark = Some(remark);
            self.changed(now);
        }
    }

    /// The record of the task's end as `status`, to be kept and then given to [`Self::end`].
    pub(super) fn ending(&self, now: u64, status: ProcessingStatus) -> TaskRecord {
        let mut record = TaskRecord::clone(&self.record);
        record.status = status;
        record.updated_at = now;
        record.parameters = JsonMap::new();
        record.inputs.clear();
        // A log only grows for those who follow it.
        record.log.extend(self.remark.clone());
        record
    }

    /// Shows the end that was kept, and stops the work if it goes on. Gives the former record.
    pub(super) fn end(&mut self, record: Arc<TaskRecord>) -> Arc<TaskRecord> {
        if record.status == ProcessingStatus::Completed {
            self.progress = 1.0;
        }
        (self.stage, self.remark, self.preview) = (None, None, None);
        let (now, former) = (record.updated_at, std::mem::replace(&mut self.record, record));
        if let Some(abort) = self.abort.take() {
            abort.abort();
        }
        self.changed(now);
        self.subscribers = Vec::new();
        former
    }

    /// Takes a record that differs in nothing that is shown.
    pub(super) fn replace(&mut self, record: Arc<TaskRecord>) -> Arc<TaskRecord> {
        std::mem::replace(&mut self.record, record)
    }

    /// Stops the work without ending the task, and wakes those who follow it.
    pub(super) fn interrupt(&mut self) {
        if let Some(abort) = self.abort.take() {
            abort.abort();
        }
        self.tell();
    }

    fn changed(&mut self, now: u64) {
        self.updated_at = now;
        self.revision += 1;
        self.tell();
    }

    fn tell(&self) {
        for subscriber in self.subscribers.iter().filter_map(Weak::upgrade) {
            subscriber.tell(&self.record.key.id);
        }
    }

    /// Seconds that are left if the work goes on as it did.
    fn eta_seconds(&self) -> Option<f64> {
        const TOO_EARLY: f64 = 0.05;
        let started_at = self.started_at.filter(|_| self.is_open())?;
        #[allow(clippy::cast_precision_loss, reason = "milliseconds of one task")]
        let elapsed = self.updated_at.saturating_sub(started_at) as f64 / 1000.0;
        (self.progress >= TOO_EARLY)
            .then(|| (elapsed * (1.0 - self.progress) / self.progress * 10.0).round() / 10.0)
    }

    /// The task as `docs/service-protocol.md` writes it.
    pub(super) fn to_json(&self) -> Json {
        let record = &*self.record;
        let mut json = JsonMap::new();
        let mut put = |key: &str, value: Json| json.insert(key.to_owned(), value);
        put("task_id", json!(*record.key.id));
        put("status", json!(self.status().as_str()));
        put("progress", json!(self.progress));
        if let Some(stage) = &self.stage {
            put("stage", json!(stage));
        }
        if let Some(seconds) = self.eta_seconds() {
            put("eta_seconds", json!(seconds));
        }
        put("log", record.log.iter().chain(&self.remark).map(|line| json!(line)).collect());
        put("created_at", json!(timestamp(record.created_at)));
        put("updated_at", json!(timestamp(self.updated_at)));
        if let Some(result) = &record.result {
            put("result", result.clone());
        }
        if let Some(error) = &record.error {
            put("error", error.clone());
        }
        Json::Object(json)
    }
}
