//! What all tasks of one endpoint share: what it is, and how much it may be asked at once.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use super::{Work, asking::Asking, hub::EventHubs, uploads::Uploads, work_off};
use crate::{
    protocol::{Features, Version},
    runtime::{Clock, Spawner, lock},
};

/// One service address as this registry knows it.
pub(crate) struct Endpoint {
    known: Mutex<Known>,
    pub(super) asking: Asking,
    listed_models: Mutex<Vec<String>>,
    bucket: Mutex<Bucket>,
    queue: Mutex<Queue>,
    pub(crate) hubs: EventHubs,
    pub(super) uploads: Uploads,
    /// In ticks of the clock.
    streams_blocked_until: AtomicU64,
}

/// The most submissions that one exchange carries.
const MOST_ITEMS: usize = 256;

/// How long nobody tries a stream after one was held back on the way. Proxies change rarely, and
/// each try costs a task some seconds in which nothing is heard of it.
const BLOCKED: Duration = Duration::from_secs(300);

/// What is known about the service behind the address.
struct Known {
    version: Arc<Version>,
    /// Whether the service has said so itself, or an answer of it was only read that way.
    was_told: bool,
}

/// Tokens for `requests_per_second`; one second's worth may be spent at once.
#[derive(Default)]
struct Bucket {
    tokens: f64,
    filled_at: Option<u64>,
}

struct Queue {
    waiting: VecDeque<Arc<Work>>,
    /// So many of the first have a place, and are taken as soon as somebody runs.
    placed: usize,
    running: usize,
    limits: Vec<usize>,
    /// What holds for the tasks of workflows that are all gone.
    last_limit: usize,
}

/// A workflow's `max_concurrency`, which holds for its endpoint until this is dropped.
#[derive(Debug)]
pub(crate) struct Limit {
    endpoint: Arc<Endpoint>,
    most: usize,
}

impl Endpoint {
    pub(crate) fn new(version: Version) -> Self {
        Self {
            known: Mutex::new(Known { version: Arc::new(version), was_told: false }),
            asking: Asking::default(),
            listed_models: Mutex::default(),
            bucket: Mutex::default(),
            queue: Mutex::new(Queue {
                waiting: VecDeque::new(),
                placed: 0,
                running: 0,
                limits: Vec::new(),
                last_limit: usize::MAX,
            }),
            hubs: EventHubs::default(),
            uploads: Uploads::default(),
            streams_blocked_until: AtomicU64::new(0),
        }
    }

    pub(crate) fn version(&self) -> Arc<Version> {
        lock(&self.known).version.clone()
    }

    /// Keeps what an answer showed; that replaces nothing.
    pub(crate) fn learn(&self, version: Version) {
        let mut known = lock(&self.known);
        if *known.version == Version::Unknown {
            known.version = Arc::new(version);
        }
    }

    /// Keeps what the service says of itself. It may say more than its answers showed, but one
    /// that took a job has version 1, whatever stands in for its `/health`.
    pub(crate) fn be_told(&self, version: Version) {
        let mut known = lock(&self.known);
        if known.was_told {
            return;
        }
        known.was_told = true;
        known.version = match (&*known.version, version) {
            (Version::One(shown), Version::Zero) => {
                Arc::new(Version::One(Features { batch: Some(0), ..shown.clone() }))
            }
            (_, told) => Arc::new(told),
        };
    }

    /// How many submissions an exchange may carry; `None` before the endpoint was asked.
    pub(super) fn batch_size(&self) -> Option<usize> {
        match &*lock(&self.known).version {
            Version::Unknown => None,
            Version::Zero => Some(0),
            Version::One(features) => features.batch.map(|most| most.min(MOST_ITEMS)),
        }
    }

    /// Whether it is known to take batches in one exchange.
    pub(super) fn takes_batches(&self) -> bool {
        self.batch_size().is_some_and(|most| most > 1)
    }

    /// It answered that it has no such path, whatever it said before.
    pub(crate) fn refuse_batches(&self) {
        let mut known = lock(&self.known);
        if let Version::One(features) = &*known.version {
            let features = Features { batch: Some(0), ..features.clone() };
            known.version = Arc::new(Version::One(features));
        }
    }

    /// Until when tasks are asked for instead, in ticks of the clock.
    pub(super) fn streams_blocked_until(&self) -> u64 {
        self.streams_blocked_until.load(Ordering::Relaxed)
    }

    /// Something between here and the service holds event streams back.
    pub(super) fn block_streams(&self, clock: &dyn Clock) {
        let millis = u64::try_from(BLOCKED.as_millis()).unwrap_or(u64::MAX);
        let until = clock.ticks().saturating_add(millis);
        self.streams_blocked_until.fetch_max(until, Ordering::Relaxed);
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

    /// Queues work, first come first served, and starts what there are places for.
    pub(crate) fn enqueue(self: &Arc<Self>, works: impl IntoIterator<Item = Arc<Work>>) {
        let mut queue = lock(&self.queue);
        queue.waiting.extend(works);
        let spawners = queue.place();
        drop(queue);
        self.start(spawners);
    }

    fn start(self: &Arc<Self>, spawners: Vec<Arc<dyn Spawner>>) {
        for spawner in spawners {
            spawner.spawn(Box::pin(work_off(self.clone())));
        }
    }

    /// The next work for a place; `None` gives the place up.
    pub(crate) fn next(&self) -> Option<Arc<Work>> {
        let mut queue = lock(&self.queue);
        if queue.placed > 0 {
            queue.placed -= 1;
            return queue.waiting.pop_front();
        }
        let work = match queue.running > queue.limit() {
            true => None,
            false => queue.waiting.pop_front(),
        };
        match &work {
            Some(work) => work.is_on_its_way(),
            None => queue.running -= 1,
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

impl Limit {
    /// Holds `most` against the endpoint; the smallest limit that somebody holds counts.
    pub(crate) fn hold(endpoint: &Arc<Endpoint>, most: usize) -> Self {
        lock(&endpoint.queue).limits.push(most);
        Self { endpoint: endpoint.clone(), most }
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        let mut queue = lock(&self.endpoint.queue);
        if let Some(place) = queue.limits.iter().position(|most| *most == self.most) {
            queue.limits.swap_remove(place);
        }
        queue.last_limit = self.most;
        let spawners = queue.place();
        drop(queue);
        self.endpoint.start(spawners);
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
        self.limits.iter().copied().min().unwrap_or(self.last_limit)
    }

    /// Gives free places to what waits, all of which leaves together; gives who runs it.
    fn place(&mut self) -> Vec<Arc<dyn Spawner>> {
        let free = self.limit().saturating_sub(self.running);
        let placed = self.waiting.iter().skip(self.placed).take(free).map(|work| {
            work.is_on_its_way();
            work.link.spawner.clone()
        });
        let spawners: Vec<_> = placed.collect();
        self.placed += spawners.len();
        self.running += spawners.len();
        spawners
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
