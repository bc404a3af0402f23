//! What happens to a task, told in order.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use serde::Serialize;

use super::{Snapshot, WeakTask};
use crate::{
    error::{Code, Error},
    media::{MediaOutput, ProcessingStatus},
    runtime::{MaybeSendSync, lock},
};

/// One thing that happened to a task.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    /// Counts from 1 without gaps at the source.
    pub seq: u64,
    /// The task.
    pub task_id: Arc<str>,
    /// Milliseconds since the Unix epoch.
    pub at: u64,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// The kinds of [`Event`], with what belongs to each.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum EventKind {
    /// How the task stands as somebody starts to follow; first event of every event stream.
    Snapshot {
        /// The task's state, with everything up to this event's `seq` in it.
        task: Box<Snapshot>,
    },
    /// The task was created.
    Created {
        /// Always `pending`.
        status: ProcessingStatus,
    },
    /// The service has taken the task and given it an id.
    Accepted {
        /// The service's id.
        remote_id: Arc<str>,
    },
    /// The status changed.
    Status {
        /// The new status.
        status: ProcessingStatus,
        /// Why, when it is `failed`.
        #[serde(skip_serializing_if = "Option::is_none")]
        error: Option<Error>,
    },
    /// Work went on.
    Progress {
        /// 0 to 1; never less than before.
        #[serde(skip_serializing_if = "Option::is_none")]
        progress: Option<f64>,
        /// What the service is doing.
        #[serde(skip_serializing_if = "Option::is_none")]
        stage: Option<String>,
        /// Seconds that the service expects to need.
        #[serde(skip_serializing_if = "Option::is_none")]
        eta_seconds: Option<f64>,
        /// With stage `uploading`: bytes of the inputs that have left.
        #[serde(skip_serializing_if = "Option::is_none")]
        sent_bytes: Option<u64>,
        /// With stage `uploading`: bytes of the inputs in all.
        #[serde(skip_serializing_if = "Option::is_none")]
        total_bytes: Option<u64>,
    },
    /// Something the user should know.
    Log {
        /// In words.
        message: String,
    },
    /// A picture of the work so far.
    Preview {
        /// It, in memory.
        output: MediaOutput,
    },
    /// An exchange failed and will be repeated.
    Retry {
        /// The number of the repetition that follows, from 1.
        attempt: u32,
        /// Seconds until then.
        delay: f64,
        /// Why the exchange failed.
        reason: Code,
        /// The same in words.
        message: String,
    },
}

impl EventKind {
    /// The kind's name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Snapshot { .. } => "snapshot",
            Self::Created { .. } => "created",
            Self::Accepted { .. } => "accepted",
            Self::Status { .. } => "status",
            Self::Progress { .. } => "progress",
            Self::Log { .. } => "log",
            Self::Preview { .. } => "preview",
            Self::Retry { .. } => "retry",
        }
    }

    /// Only the newest of these matters to a subscriber that lags behind.
    fn is_replaceable(&self) -> bool {
        matches!(self, Self::Progress { .. } | Self::Preview { .. })
    }

    fn is_terminal(&self) -> bool {
        match self {
            Self::Status { status, .. } => status.is_terminal(),
            Self::Snapshot { task } => task.status.is_terminal(),
            _ => false,
        }
    }
}

/// Receives the events of a task in order.
///
/// Called while the task is locked, so that no two events change places: it must only queue, and
/// not touch the task.
pub trait Listener: MaybeSendSync + 'static {
    /// Takes one event.
    fn push(&self, event: Event);
}

/// The events of one task from a snapshot to the terminal event. Dropping it unsubscribes.
pub struct EventStream {
    queue: Arc<Queue>,
    task: WeakTask,
    key: u64,
}

#[derive(Default)]
pub(super) struct Queue(Mutex<Pending>);

#[derive(Default)]
struct Pending {
    events: VecDeque<Event>,
    ended: bool,
    waker: Option<Waker>,
}

impl EventStream {
    pub(super) fn new(queue: Arc<Queue>, task: WeakTask, key: u64) -> Self {
        Self { queue, task, key }
    }

    /// Polls for the next event; `None` after the terminal one.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        let mut pending = lock(&self.queue.0);
        match pending.events.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None if pending.ended => Poll::Ready(None),
            None => {
                pending.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    /// The next event; `None` after the terminal one.
    pub async fn next(&mut self) -> Option<Event> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }
}

impl Drop for EventStream {
    fn drop(&mut self) {
        if let Some(task) = self.task.upgrade() {
            task.unsubscribe(self.key);
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("EventStream").finish_non_exhaustive()
    }
}

impl Listener for Queue {
    fn push(&self, event: Event) {
        let mut pending = lock(&self.0);
        if event.kind.is_replaceable() {
            let name = event.kind.name();
            pending.events.retain(|unread| unread.kind.name() != name);
        }
        pending.ended |= event.kind.is_terminal();
        pending.events.push_back(event);
        if let Some(waker) = pending.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        media::{Map, MediaType},
        runtime::Clock,
        task::{NewTask, Store, Task},
        testing::ManualClock,
    };

    #[test]
    fn a_stream_that_nobody_reads_any_more_is_told_nothing() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(Vec::new()));
        let new = NewTask {
            id: Arc::from("a"),
            media_type: MediaType::Image,
            parameters: Map::new(),
            metadata: serde_json::Map::new(),
            owner: 1,
            is_driven: false,
            listener: None,
        };
        let task = Task::create(new, clock, &Arc::new(Store::default()));
        let stream = task.events();
        let queue = Arc::downgrade(&stream.queue);
        task.log("x");
        assert_eq!(queue.upgrade().map(|queue| lock(&queue.0).events.len()), Some(2));
        drop(stream);
        assert!(queue.upgrade().is_none(), "the task has let go of it");
    }
}
