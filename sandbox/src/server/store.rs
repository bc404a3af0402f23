//! What the server knows at this moment: tasks, the queue, and who keeps which files.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::future::{AbortHandle, AbortRegistration};
use media_factory_core::{
    error::Code,
    media::{MediaType, ProcessingStatus},
};
use serde_json::{Value as Json, json};

use super::{
    Counts, Limits, Tally,
    answer::Refusal,
    events::Subscriber,
    files::Files,
    record::{FileRecord, Records, TaskKey, TaskRecord},
    task::Task,
    uploads::Uploads,
};

/// When a task ended, in milliseconds since the Unix epoch, and its number: the lowest makes room
/// first.
pub(super) type Age = (u64, u64);

/// Everything behind the server's one lock. It shows what the storage has kept already, but for
/// progress.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) limits: Limits,
    /// Revisions of a new task begin after it, and so are above those of former lives, and of a
    /// forgotten task of the same key.
    base: u64,
    tasks: BTreeMap<TaskKey, Task>,
    by_number: BTreeMap<u64, TaskKey>,
    /// Tasks that have not ended, by number: few beside a long history.
    open: BTreeMap<u64, TaskKey>,
    next_number: u64,
    /// Terminal tasks by age.
    pub(super) finished: BTreeMap<Age, TaskKey>,
    /// Waiting tasks by number.
    queue: BTreeMap<u64, TaskKey>,
    /// Places in the queue that are promised to tasks on their way to the storage.
    promised: usize,
    workers: usize,
    rendering: usize,
    /// Those of them that have outputs.
    pub(super) with_outputs: BTreeMap<Age, TaskKey>,
    pub(super) output_bytes: u64,
    pub(super) uploads: Uploads,
    tallies: BTreeMap<Arc<str>, Tally>,
    /// No more work is taken.
    pub(super) closed: bool,
    /// Somebody makes room already.
    pub(super) sweeping: bool,
}

/// A task whose turn has come.
pub(super) struct Turn {
    pub(super) record: Arc<TaskRecord>,
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
    /// What is known at the beginning; counts the users of `files`.
    pub(super) fn new(limits: Limits, records: Records, files: &Files) -> Self {
        let mut store = Self {
            limits,
            base: records.starts << 32,
            tasks: BTreeMap::new(),
            by_number: BTreeMap::new(),
            open: BTreeMap::new(),
            next_number: 1,
            finished: BTreeMap::new(),
            queue: BTreeMap::new(),
            promised: 0,
            workers: 0,
            rendering: 0,
            with_outputs: BTreeMap::new(),
            output_bytes: 0,
            uploads: Uploads::default(),
            tallies: BTreeMap::new(),
            closed: false,
            sweeping: false,
        };
        for record in records.tasks {
            for file in record.inputs.values().chain(record.outputs.values()) {
                files.restore(file);
            }
            store.next_number = store.next_number.max(record.number + 1);
            store.tallies.entry(record.key.id.clone()).or_default().generations +=
                record.generations;
            store.add(Arc::new(record));
        }
        let mut uploads = records.uploads;
        uploads.sort_by_key(|upload| upload.number);
        for upload in uploads {
            files.restore(&upload.file);
            store.next_number = store.next_number.max(upload.number + 1);
            store.uploads.put(upload);
        }
        store
    }

    /// The task of that key, where it makes what is asked for.
    ///
    /// # Errors
    /// 404
    pub(super) fn task(&self, media_type: &MediaType, key: &TaskKey) -> Result<&Task, Refusal> {
        match self.tasks.get(key) {
            Some(task) if task.media_type() == media_type => Ok(task),
            _ => Err(Refusal::not_found(
                "such task: it may have been forgotten after a day, or with a restart of a \
                 service that keeps nothing",
            )),
        }
    }

    /// The task of that key, whatever it makes.
    pub(super) fn any(&self, key: &TaskKey) -> Option<&Task> {
        self.tasks.get(key)
    }

    pub(super) fn any_mut(&mut self, key: &TaskKey) -> Option<&mut Task> {
        self.tasks.get_mut(key)
    }

    /// Tells `subscriber` of the task's changes, where there is such a task.
    pub(super) fn subscribe(
        &mut self,
        media_type: &MediaType,
        key: &TaskKey,
        subscriber: &Arc<Subscriber>,
    ) {
        let task = self.tasks.get_mut(key).filter(|task| task.media_type() == media_type);
        if let Some(task) = task {
            task.subscribe(subscriber);
        }
    }

    /// The keys of that id in every scope.
    pub(super) fn keys_of(&self, id: &str) -> Vec<TaskKey> {
        self.tasks.keys().filter(|key| &*key.id == id).cloned().collect()
    }

    /// A file of a task by the name under which it is kept.
    pub(super) fn output(
        &self,
        media_type: &MediaType,
        key: &TaskKey,
        name: &str,
    ) -> Option<FileRecord> {
        self.task(media_type, key).ok()?.record().outputs.get(name).cloned()
    }

    /// Whether this very submission is known already.
    ///
    /// # Errors
    /// 409 when its key was used for something else, or cancelled before it came.
    pub(super) fn knows(&self, key: &TaskKey, fingerprint: &str) -> Result<bool, Refusal> {
        match self.tasks.get(key).map(|task| task.record().fingerprint.as_deref()) {
            None => Ok(false),
            Some(Some(known)) if known == fingerprint => Ok(true),
            Some(Some(_)) => Err(Refusal::key_was_used()),
            Some(None) => {
                let message = "this task was cancelled before it was submitted";
                Err(Refusal::new(409, Code::Cancelled, message))
            }
        }
    }

    /// Promises a place in the queue.
    ///
    /// # Errors
    /// 503 when the queue is full, or no more work is taken.
    pub(super) fn promise_place(&mut self) -> Result<(), Refusal> {
        if self.closed {
            return Err(Refusal::closing());
        }
        let waiting = self.queue.len() + self.promised;
        if waiting + self.rendering >= self.limits.queue + self.limits.workers {
            return Err(Refusal::queue_full(self.limits.queue));
        }
        self.promised += 1;
        Ok(())
    }

    /// Takes a promise back, or fulfils it.
    pub(super) fn settle_place(&mut self) {
        self.promised = self.promised.saturating_sub(1);
    }

    pub(super) fn number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }

    /// Shows a task that was kept; one that has not ended is queued.
    pub(super) fn add(&mut self, record: Arc<TaskRecord>) {
        let key = record.key.clone();
        self.by_number.insert(record.number, key.clone());
        match record.status.is_terminal() {
            true => self.note_end(&record),
            false => {
                self.open.insert(record.number, key.clone());
                self.queue.insert(record.number, key.clone());
            }
        }
        self.tasks.insert(key, Task::new(record, self.base));
    }

    fn note_end(&mut self, record: &TaskRecord) {
        self.finished.insert(age_of(record), record.key.clone());
        if !record.outputs.is_empty() {
            self.with_outputs.insert(age_of(record), record.key.clone());
            self.output_bytes += size_of(record);
        }
    }

    /// How many workers must be started for what waits; they count as started.
    pub(super) fn hire(&mut self) -> usize {
        let wanted = self.queue.len().min(self.limits.workers.max(1).saturating_sub(self.workers));
        self.workers += wanted;
        wanted
    }

    /// The next task for a worker; `None` sends the worker home.
    pub(super) fn next(&mut self, now: u64) -> Option<Turn> {
        while !self.closed {
            let Some((_, key)) = self.queue.pop_first() else { break };
            if let Some(task) = self.tasks.get_mut(&key) {
                let (abort, registration) = AbortHandle::new_pair();
                task.begin(now, abort);
                self.rendering += 1;
                return Some(Turn { record: task.record().clone(), registration });
            }
        }
        self.workers = self.workers.saturating_sub(1);
        None
    }

    /// A worker is done with its task.
    pub(super) fn turn_over(&mut self) {
        self.rendering = self.rendering.saturating_sub(1);
    }

    /// Shows the end that was kept. Gives the former record, whose inputs nobody needs any more.
    pub(super) fn end(&mut self, record: Arc<TaskRecord>) -> Option<Arc<TaskRecord>> {
        let former = self.tasks.get_mut(&record.key)?.end(record.clone());
        self.open.remove(&record.number);
        self.queue.remove(&record.number);
        self.note_end(&record);
        if record.generations > 0 {
            self.tally(&record.key.id).generations += record.generations;
        }
        Some(former)
    }

    /// Drops a task, and gives its record.
    pub(super) fn drop_task(&mut self, key: &TaskKey) -> Option<Arc<TaskRecord>> {
        let mut task = self.tasks.remove(key)?;
        let record = task.record().clone();
        self.base = self.base.max(task.revision());
        self.open.remove(&record.number);
        self.by_number.remove(&record.number);
        self.queue.remove(&record.number);
        self.finished.remove(&age_of(&record));
        self.drop_outputs(&record);
        task.interrupt();
        Some(record)
    }

    /// Shows that the outputs of the former record made room.
    pub(super) fn without_outputs(&mut self, record: Arc<TaskRecord>) -> Option<Arc<TaskRecord>> {
        let former = self.tasks.get_mut(&record.key)?.replace(record);
        self.drop_outputs(&former);
        Some(former)
    }

    fn drop_outputs(&mut self, record: &TaskRecord) {
        if !record.outputs.is_empty() {
            self.with_outputs.remove(&age_of(record));
            self.output_bytes = self.output_bytes.saturating_sub(size_of(record));
        }
    }

    pub(super) fn tally(&mut self, id: &Arc<str>) -> &mut Tally {
        self.tallies.entry(id.clone()).or_default()
    }

    pub(super) fn forget_tally(&mut self, id: &str) {
        self.tallies.remove(id);
    }

    pub(super) fn tallies(&self) -> BTreeMap<Arc<str>, Tally> {
        self.tallies.clone()
    }

    pub(super) fn counts(&self) -> Counts {
        Counts {
            pending: self.queue.len(),
            processing: self.rendering,
            finished: self.finished.len(),
        }
    }

    /// Takes no more work, stops what goes on, and wakes everybody who follows a task.
    pub(super) fn close(&mut self) {
        self.closed = true;
        self.tasks.values_mut().for_each(Task::interrupt);
    }

    /// The newest tasks first; `next` is the id to go on after.
    ///
    /// # Errors
    /// 404 when the task to go on after is not known.
    pub(super) fn list(
        &self,
        media_type: &MediaType,
        scope: &Arc<str>,
        filter: &Filter,
    ) -> Result<Json, Refusal> {
        let end = match &filter.after {
            Some(id) => {
                let key = TaskKey { scope: scope.clone(), id: Arc::from(id.as_str()) };
                let what = "such task to go on after; begin the list again";
                let task = self.task(media_type, &key).map_err(|_| Refusal::not_found(what))?;
                task.record().number
            }
            None => u64::MAX,
        };
        let numbers = match filter.status {
            Some(status) if !status.is_terminal() => &self.open,
            _ => &self.by_number,
        };
        let keys = numbers.range(..end).rev().map(|(_, key)| key);
        let mut tasks = keys
            .filter(|key| key.scope == *scope)
            .filter_map(|key| self.task(media_type, key).ok())
            .filter(|task| filter.status.is_none_or(|status| task.status() == status));
        let page: Vec<&Task> = tasks.by_ref().take(filter.limit).collect();
        let more = tasks.next().is_some();
        let next = page.last().filter(|_| more).map(|task| &*task.record().key.id);
        let tasks = page.iter().map(|task| task.to_json()).collect::<Vec<_>>();
        Ok(json!({ "tasks": tasks, "next": next }))
    }
}

/// When the task ended.
fn age_of(record: &TaskRecord) -> Age {
    (record.updated_at, record.number)
}

fn size_of(record: &TaskRecord) -> u64 {
    record.outputs.values().map(|file| file.bytes).sum()
}
