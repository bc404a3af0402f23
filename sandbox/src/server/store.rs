//! What the server remembers: tasks, the queue, and files.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use futures_util::future::{AbortHandle, AbortRegistration};
use media_factory_core::{
    error::{Code, Error},
    media::{MediaType, ProcessingStatus},
};
use serde_json::{Value as Json, json};

use super::{
    Limits,
    answer::Refusal,
    files::{File, Shelf},
    renderer::{RenderOrder, RenderProgress},
    task::Task,
};

/// Finished tasks, and so their keys, are known this long, in milliseconds.
const MEMORY: u64 = 24 * 60 * 60 * 1000;

/// Everything behind the server's one lock.
#[derive(Debug)]
pub(super) struct Store {
    limits: Limits,
    tasks: BTreeMap<Arc<str>, (u64, Task)>,
    by_age: BTreeMap<u64, Arc<str>>,
    next: u64,
    /// Terminal tasks, the one that ended first in front.
    finished: VecDeque<Arc<str>>,
    queue: VecDeque<(Arc<str>, RenderOrder)>,
    running: usize,
    pub(super) outputs: Shelf,
    pub(super) uploads: Shelf,
}

/// A task whose turn has come.
pub(super) struct Turn {
    pub(super) id: Arc<str>,
    pub(super) order: RenderOrder,
    /// Stops the work when the task is cancelled.
    pub(super) registration: AbortRegistration,
}

/// What a list of tasks is to hold.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) status: Option<ProcessingStatus>,
    pub(super) limit: usize,
    /// Only tasks that are older than this one.
    pub(super) after: Option<String>,
}

impl Store {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            tasks: BTreeMap::new(),
            by_age: BTreeMap::new(),
            next: 0,
            finished: VecDeque::new(),
            queue: VecDeque::new(),
            running: 0,
            outputs: Shelf::new(limits.output_bytes),
            uploads: Shelf::new(limits.upload_bytes),
        }
    }

    pub(super) fn task(&self, media_type: &MediaType, id: &str) -> Result<&Task, Refusal> {
        match self.tasks.get(id) {
            Some((_, task)) if task.media_type == *media_type => Ok(task),
            _ => Err(Refusal::not_found("such task; it may have been forgotten after a day")),
        }
    }

    pub(super) fn task_mut(
        &mut self,
        media_type: &MediaType,
        id: &str,
    ) -> Result<&mut Task, Refusal> {
        self.task(media_type, id)?;
        self.any(id).ok_or_else(|| Refusal::not_found("such task"))
    }

    fn any(&mut self, id: &str) -> Option<&mut Task> {
        self.tasks.get_mut(id).map(|(_, task)| task)
    }

    /// Whether this very submission is known already.
    ///
    /// # Errors
    /// 409 when its key was used for something else, or cancelled before it came.
    pub(super) fn knows(&self, id: &str, fingerprint: &[u8; 32]) -> Result<bool, Refusal> {
        let refuse = |code, message: &str| Err(Refusal::new(409, code, message));
        match self.tasks.get(id).map(|(_, task)| task.fingerprint) {
            None => Ok(false),
            Some(Some(known)) if known == *fingerprint => Ok(true),
            Some(Some(_)) => {
                refuse(Code::Validation, "this Idempotency-Key was used for another request")
            }
            Some(None) => {
                refuse(Code::Cancelled, "this task was cancelled before it was submitted")
            }
        }
    }

    /// Queues a new task; `true` when a worker must be started for it.
    ///
    /// # Errors
    /// 503 when the queue is full.
    pub(super) fn submit(&mut self, task: Task, order: RenderOrder) -> Result<bool, Refusal> {
        let starts = self.running < self.limits.workers;
        if !starts && self.queue.len() >= self.limits.queue {
            return Err(Refusal::queue_full(self.queue.len()));
        }
        self.forget_old(task.updated_at());
        self.queue.push_back((task.id.clone(), order));
        self.running += usize::from(starts);
        self.keep(task);
        Ok(starts)
    }

    fn keep(&mut self, task: Task) {
        self.next += 1;
        self.by_age.insert(self.next, task.id.clone());
        self.tasks.insert(task.id.clone(), (self.next, task));
    }

    /// The next task for a worker; `None` sends the worker home.
    pub(super) fn next(&mut self, now: u64) -> Option<Turn> {
        while let Some((id, order)) = self.queue.pop_front() {
            if let Some(task) = self.any(&id) {
                let (abort, registration) = AbortHandle::new_pair();
                task.begin(now, abort);
                return Some(Turn { id, order, registration });
            }
        }
        self.running = self.running.saturating_sub(1);
        None
    }

    /// What a task makes, and with which model.
    pub(super) fn nature(&self, id: &str) -> Option<(&MediaType, &str)> {
        self.tasks.get(id).map(|(_, task)| (&task.media_type, task.model.as_str()))
    }

    pub(super) fn advance(&mut self, id: &str, now: u64, progress: RenderProgress) {
        if let Some(task) = self.any(id) {
            task.advance(now, progress);
        }
    }

    /// Ends the task with these files under these paths.
    pub(super) fn complete(
        &mut self,
        id: &Arc<str>,
        now: u64,
        result: Json,
        notes: Vec<String>,
        files: Vec<(String, File)>,
    ) {
        if self.any(id).is_some_and(|task| task.complete(now, result, notes)) {
            self.finished.push_back(id.clone());
            for (path, file) in files {
                self.outputs.put(path, file);
            }
        }
    }

    pub(super) fn fail(&mut self, id: &Arc<str>, now: u64, error: Error) {
        if self.any(id).is_some_and(|task| task.fail(now, error)) {
            self.finished.push_back(id.clone());
        }
    }

    pub(super) fn stop(&mut self, id: &Arc<str>, now: u64) -> bool {
        let stopped = self.any(id).is_some_and(|task| task.cancel(now));
        if stopped {
            self.queue.retain(|(waiting, _)| waiting != id);
            self.finished.push_back(id.clone());
        }
        stopped
    }

    /// Cancels a task, or the one that will come under this id.
    ///
    /// # Errors
    /// 409 when it has ended already.
    pub(super) fn cancel(
        &mut self,
        media_type: &MediaType,
        id: &str,
        now: u64,
    ) -> Result<Json, Refusal> {
        if !self.tasks.contains_key(id) {
            self.forget_old(now);
            let id: Arc<str> = Arc::from(id);
            self.keep(Task::tombstone(id.clone(), media_type.clone(), now));
            self.finished.push_back(id);
        } else {
            let task = self.task(media_type, id)?;
            let (id, status) = (task.id.clone(), task.status());
            if !self.stop(&id, now) {
                let message = format!("the task is {} and cannot be cancelled", status.as_str());
                return Err(Refusal::new(409, Code::Validation, message));
            }
        }
        Ok(self.task(media_type, id)?.to_json())
    }

    /// The newest tasks first; `next` is the id to go on after.
    pub(super) fn list(&self, media_type: &MediaType, filter: &Filter) -> Json {
        let end = match &filter.after {
            Some(id) => self.tasks.get(id.as_str()).map_or(0, |(age, _)| *age),
            None => u64::MAX,
        };
        let ids = self.by_age.range(..end).rev().map(|(_, id)| id);
        let mut tasks = ids
            .filter_map(|id| self.task(media_type, id).ok())
            .filter(|task| filter.status.is_none_or(|status| task.status() == status));
        let page: Vec<&Task> = tasks.by_ref().take(filter.limit).collect();
        let more = tasks.next().is_some();
        let next = page.last().filter(|_| more).map(|task| &*task.id);
        json!({ "tasks": page.iter().map(|task| task.to_json()).collect::<Vec<_>>(), "next": next })
    }

    /// Drops terminal tasks past a day or past the limit; running ones are never dropped.
    fn forget_old(&mut self, now: u64) {
        while let Some(id) = self.finished.front() {
            let ended = self.tasks.get(id).map_or(0, |(_, task)| task.updated_at());
            if self.finished.len() <= self.limits.history && ended.saturating_add(MEMORY) >= now {
                return;
            }
            let Some(id) = self.finished.pop_front() else { return };
            if let Some((age, _)) = self.tasks.remove(&id) {
                self.by_age.remove(&age);
            }
            self.outputs.remove_under(&format!("/outputs/{id}/"));
        }
    }
}
