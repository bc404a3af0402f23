//! One request for media, as a live handle whose state moves while it runs.

mod event;
mod id;
mod state;
mod store;
mod wait;
mod waiters;

use std::{
    fmt,
    sync::{Arc, Mutex, Weak},
};

pub(crate) use self::store::Store;
use self::{event::Queue, state::State};
pub use self::{
    event::{Event, EventKind, EventStream, Listener},
    id::TaskIds,
    state::{Completion, Snapshot},
    wait::{Finished, WaitError},
};
use crate::{
    error::{Code, Error},
    media::{Map, MediaOutput, MediaType, ProcessingStatus},
    runtime::{Clock, lock},
};

/// A live handle of a task; clones are the same task.
#[derive(Clone)]
pub struct Task(Arc<TaskCell>);

/// A task that is not kept alive.
struct WeakTask(Weak<TaskCell>);

struct TaskCell {
    id: Arc<str>,
    media_type: MediaType,
    parameters: Arc<Map>,
    created_at: u64,
    /// The workflow instance that made it.
    owner: u64,
    is_driven: bool,
    clock: Arc<dyn Clock>,
    store: Weak<Store>,
    state: Mutex<State>,
}

/// What a new task is made of.
pub(crate) struct NewTask {
    pub(crate) id: Arc<str>,
    pub(crate) media_type: MediaType,
    pub(crate) parameters: Map,
    pub(crate) metadata: serde_json::Map<String, serde_json::Value>,
    pub(crate) owner: u64,
    /// Whether a service does the work, so that nobody else may say how it went.
    pub(crate) is_driven: bool,
    pub(crate) listener: Option<Arc<dyn Listener>>,
}

impl Task {
    /// Makes a PENDING task, tells its listener, and puts it into the store.
    pub(crate) fn create(new: NewTask, clock: Arc<dyn Clock>, store: &Arc<Store>) -> Self {
        let created_at = clock.now();
        let mut state = State::new(new.id.clone(), created_at, new.metadata);
        if let Some(listener) = new.listener {
            state.subscribe(listener);
        }
        let task = Self(Arc::new(TaskCell {
            id: new.id,
            media_type: new.media_type,
            parameters: Arc::new(new.parameters),
            created_at,
            owner: new.owner,
            is_driven: new.is_driven,
            clock,
            store: Arc::downgrade(store),
            state: Mutex::new(state),
        }));
        task.change(|state, now| {
            state.tell(now, EventKind::Created { status: ProcessingStatus::Pending });
        });
        store.insert(task.clone());
        task
    }

    /// The id, a UUID of version 7.
    pub fn id(&self) -> &Arc<str> {
        &self.0.id
    }

    /// What it makes.
    pub fn media_type(&self) -> &MediaType {
        &self.0.media_type
    }

    /// The parameters as they were given.
    pub fn parameters(&self) -> &Arc<Map> {
        &self.0.parameters
    }

    /// The workflow instance that made it.
    pub fn owner(&self) -> u64 {
        self.0.owner
    }

    /// Where it stands.
    pub fn status(&self) -> ProcessingStatus {
        lock(&self.0.state).status
    }

    /// Whether it has reached COMPLETED, FAILED or CANCELLED.
    pub fn is_finished(&self) -> bool {
        self.status().is_terminal()
    }

    /// The error of a FAILED or CANCELLED task.
    pub fn error(&self) -> Option<Error> {
        lock(&self.0.state).error.clone()
    }

    /// The outputs of a COMPLETED task.
    pub fn outputs(&self) -> Vec<MediaOutput> {
        lock(&self.0.state).outputs.clone()
    }

    /// The service's own body of a COMPLETED task, or what a custom workflow completed it with.
    pub fn raw_result(&self) -> Option<Arc<serde_json::Value>> {
        lock(&self.0.state).raw.clone()
    }

    /// All state at one moment.
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot_of(&lock(&self.0.state))
    }

    fn snapshot_of(&self, state: &State) -> Snapshot {
        let cell = &self.0;
        state.snapshot(cell.media_type.clone(), cell.parameters.clone(), cell.created_at)
    }

    /// CANCELLED at once, with the service told to stop; `false` when it was terminal already.
    pub fn cancel(&self) -> bool {
        self.change(|state, now| state.cancel(now)).is_ok()
    }

    /// Marks the task as running; for custom workflows.
    ///
    /// # Errors
    /// `validation` when it is not PENDING; nothing happens after CANCELLED.
    pub fn start(&self) -> Result<(), Error> {
        self.must_be_hosted()?;
        self.change(|state, now| match state.status {
            ProcessingStatus::Pending => {
                state.process(now);
                Ok(())
            }
            other => Err(format!("start() on a task that is {}", other.as_str())),
        })
        .or_else(|problem| self.unless_cancelled(&problem))
    }

    /// Reports progress; for custom workflows. `progress` is 0 to 1 and never goes back.
    ///
    /// # Errors
    /// `validation` when the task is not PROCESSING or `progress` is out of range; nothing happens
    /// after CANCELLED.
    pub fn progress(&self, progress: f64, stage: Option<String>) -> Result<(), Error> {
        if !(0.0..=1.0).contains(&progress) {
            return Err(self.misuse("progress is a number from 0 to 1"));
        }
        self.must_be_hosted()?;
        self.change(|state, now| match state.status {
            ProcessingStatus::Processing => {
                state.progress(now, Some(progress), stage, None);
                Ok(())
            }
            other => Err(format!("progress reported on a task that is {}", other.as_str())),
        })
        .or_else(|problem| self.unless_cancelled(&problem))
    }

    /// Ends the task as COMPLETED; for custom workflows.
    ///
    /// # Errors
    /// `validation` when it is terminal already; nothing happens after CANCELLED.
    pub fn complete(&self, completion: Completion) -> Result<(), Error> {
        self.must_be_hosted()?;
        self.change(|state, now| state.complete(now, completion))
            .or_else(|problem| self.unless_cancelled(&problem))
    }

    /// Ends the task as FAILED; for custom workflows.
    ///
    /// # Errors
    /// `validation` when it is terminal already; nothing happens after CANCELLED.
    pub fn fail(&self, mut error: Error) -> Result<(), Error> {
        self.must_be_hosted()?;
        error.task_id = Some(self.0.id.clone());
        self.change(|state, now| state.fail(now, error))
            .or_else(|problem| self.unless_cancelled(&problem))
    }

    /// Adds something the user should know.
    pub fn log(&self, message: impl Into<String>) {
        let message = message.into();
        self.tell(EventKind::Log { message });
    }

    /// Events from now on go to `listener`; gives the key for [`Task::unsubscribe`].
    pub fn subscribe(&self, listener: Arc<dyn Listener>) -> u64 {
        lock(&self.0.state).subscribe(listener)
    }

    /// Stops telling the listener with that key.
    pub fn unsubscribe(&self, key: u64) {
        lock(&self.0.state).unsubscribe(key);
    }

    /// A snapshot, then every event until the terminal one.
    pub fn events(&self) -> EventStream {
        let queue = Arc::new(Queue::default());
        let mut state = lock(&self.0.state);
        let task = Box::new(self.snapshot_of(&state));
        queue.push(Event {
            seq: state.seq,
            task_id: self.0.id.clone(),
            at: state.updated_at,
            kind: EventKind::Snapshot { task },
        });
        let key = state.subscribe(queue.clone());
        EventStream::new(queue, WeakTask(Arc::downgrade(&self.0)), key)
    }

    fn must_be_hosted(&self) -> Result<(), Error> {
        match self.0.is_driven {
            true => Err(self.misuse("a service does its work, and alone says how it goes")),
            false => Ok(()),
        }
    }

    fn unless_cancelled(&self, problem: &str) -> Result<(), Error> {
        match self.status() {
            ProcessingStatus::Cancelled => Ok(()),
            _ => Err(self.misuse(problem)),
        }
    }

    fn misuse(&self, problem: &str) -> Error {
        let mut error = Error::new(Code::Validation, format!("task {}: {problem}", self.0.id));
        error.task_id = Some(self.0.id.clone());
        error
    }

    /// The one way to change a task: under its lock, with a time that never runs backwards, and
    /// with waiters and store told after the lock is released.
    fn change<T>(&self, change: impl FnOnce(&mut State, u64) -> T) -> T {
        let (given, ended, wakers) = {
            let mut state = lock(&self.0.state);
            let was_terminal = state.status.is_terminal();
            let now = self.0.clock.now().max(state.updated_at);
            let given = change(&mut state, now);
            let ended = !was_terminal && state.status.is_terminal();
            (given, ended, if ended { state.waiters.take() } else { Vec::new() })
        };
        for (_, waker) in wakers {
            waker.wake();
        }
        if ended && let Some(store) = self.0.store.upgrade() {
            store.finished(self);
        }
        given
    }
}

/// What the driver does to a task. Everything but a late id is ignored once it is terminal.
impl Task {
    /// The end of the work, unless the user's cancel came first.
    pub(crate) fn settle(&self, ended: Result<Completion, Error>) {
        // A terminal task refuses both, and rightly.
        let _ = self.change(|state, now| match ended {
            Ok(completion) => state.complete(now, completion),
            Err(mut error) => {
                error.task_id = Some(self.0.id.clone());
                state.fail(now, error)
            }
        });
    }

    /// The service has taken it: an `accepted` event the first time an id is known.
    pub(crate) fn accepted(&self, remote_id: &str) {
        self.change(|state, now| state.accept(now, remote_id));
    }

    /// The service is working on it.
    pub(crate) fn processing(&self) {
        self.change(|state, now| {
            if state.status == ProcessingStatus::Pending {
                state.process(now);
            }
        });
    }

    pub(crate) fn report(&self, progress: Option<f64>, stage: Option<String>, eta: Option<f64>) {
        self.change(|state, now| state.progress(now, progress, stage, eta));
    }

    /// So much of the task's inputs has left for the service.
    pub(crate) fn uploading(&self, sent: u64, total: u64) {
        self.change(|state, now| state.upload(now, sent, total));
    }

    /// All inputs have arrived.
    pub(crate) fn uploaded(&self) {
        self.change(|state, _| state.end_upload());
    }

    /// Tells an event that changes no state; nothing is told after the terminal one.
    pub(crate) fn tell(&self, kind: EventKind) {
        self.change(|state, now| {
            if !state.status.is_terminal() {
                state.updated_at = now;
                state.tell(now, kind);
            }
        });
    }

    /// Tells what the service's log has gained; `log` is all of it so far.
    pub(crate) fn tell_log(&self, log: &[String]) {
        if log.is_empty() {
            return;
        }
        self.change(|state, now| {
            for line in log.iter().skip(state.log_length) {
                state.tell(now, EventKind::Log { message: line.clone() });
            }
            state.log_length = log.len().max(state.log_length);
        });
    }

    pub(crate) fn count_attempt(&self) -> u32 {
        self.change(|state, _| {
            state.attempts += 1;
            state.attempts
        })
    }

    pub(crate) fn remote_id(&self) -> Option<Arc<str>> {
        lock(&self.0.state).remote_id.clone()
    }

    /// Output bytes that live in memory.
    pub(crate) fn held_bytes(&self) -> u64 {
        lock(&self.0.state).outputs.iter().map(MediaOutput::held_bytes).sum()
    }
}

impl WeakTask {
    fn upgrade(&self) -> Option<Task> {
        self.0.upgrade().map(Task)
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = self.status();
        write!(formatter, "Task({}, {}, {})", self.0.id, self.0.media_type, status.as_str())
    }
}
