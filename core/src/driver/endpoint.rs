//! What all tasks of one endpoint share: what it is, and how much it may be asked at once.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use super::{Work, hub::EventHubs};
use crate::{
    protocol::Version,
    runtime::{Clock, lock},
};

/// One service address as this registry knows it.
pub(crate) struct Endpoint {
    version: Mutex<Version>,
    listed_models: Mutex<Vec<String>>,
    bucket: Mutex<Bucket>,
    queue: Mutex<Queue>,
    pub(crate) hubs: EventHubs,
}

/// Tokens for `requests_per_second`; one second's worth may be spent at once.
#[derive(Default)]
struct Bucket {
    tokens: f64,
    filled_at: Option<u64>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Arc<Work>>,
    running: usize,
    limits: Vec<Weak<usize>>,
}

impl Endpoint {
    pub(crate) fn new(version: Version) -> Self {
        Self {
            version: Mutex::new(version),
            listed_models: Mutex::default(),
            bucket: Mutex::default(),
            queue: Mutex::default(),
            hubs: EventHubs::default(),
        }
    }

    pub(crate) fn version(&self) -> Version {
        lock(&self.version).clone()
    }

    /// Keeps what was learnt; a guess from an answer does not replace what the service said.
    pub(crate) fn learn(&self, version: Version) {
        let mut known = lock(&self.version);
        if *known == Version::Unknown {
            *known = version;
        }
    }

    pub(crate) fn listed_models(&self) -> Vec<String> {
        lock(&self.listed_models).clone()
    }

    pub(crate) fn add_models(&self, names: Vec<String>) {
        let mut known = lock(&self.listed_models);
        for name in names {
            if !known.contains(&name) {
                known.push(name);
            }
        }
    }

    /// Adds a workflow's `max_concurrency`; the smallest of those alive holds.
    pub(crate) fn limit_to(&self, limit: &Arc<usize>) {
        let mut queue = lock(&self.queue);
        queue.limits.retain(|limit| limit.strong_count() > 0);
        queue.limits.push(Arc::downgrade(limit));
    }

    /// Queues the work, first come first served; `true` when a worker must be started for it.
    pub(crate) fn enqueue(&self, work: Arc<Work>) -> bool {
        let mut queue = lock(&self.queue);
        queue.waiting.push_back(work);
        let starts = queue.running < queue.limit();
        queue.running += usize::from(starts);
        starts
    }

    /// The next work for a worker; `None` sends the worker home.
    pub(crate) fn next(&self) -> Option<Arc<Work>> {
        let mut queue = lock(&self.queue);
        let work = match queue.running > queue.limit() {
            true => None,
            false => queue.waiting.pop_front(),
        };
        if work.is_none() {
            queue.running -= 1;
        }
        work
    }

    /// Waits until a request may be sent under `requests_per_second`.
    pub(crate) async fn turn(&self, per_second: Option<f64>, clock: &dyn Clock) {
        let Some(rate) = per_second else { return };
        let wait = lock(&self.bucket).take(rate, clock.ticks());
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
    }
}

impl Bucket {
    /// Takes a token, in advance if there is none, and gives the time until it would be there.
    fn take(&mut self, rate: f64, now: u64) -> Duration {
        let capacity = rate.max(1.0);
        #[allow(clippy::cast_precision_loss, reason = "milliseconds of one pause")]
        let grown = match self.filled_at {
            Some(then) => now.saturating_sub(then) as f64 / 1000.0 * rate,
            None => capacity,
        };
        self.filled_at = Some(now);
        self.tokens = (self.tokens + grown).min(capacity) - 1.0;
        Duration::from_secs_f64((-self.tokens / rate).max(0.0))
    }
}

impl Queue {
    fn limit(&self) -> usize {
        let alive = self.limits.iter().filter_map(Weak::upgrade);
        alive.map(|limit| *limit).min().unwrap_or(usize::MAX)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queue = lock(&self.queue);
        formatter
            .debug_struct("Endpoint")
            .field("running", &queue.running)
            .field("waiting", &queue.waiting.len())
            .finish_non_exhaustive()
    }
}
