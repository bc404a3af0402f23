//! Runs futures one after the other, in the order in which they were woken.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex},
    task::{Context, Poll, Wake, Waker},
};

use crate::runtime::{BoxFuture, Spawner, lock};

/// A spawner that runs nothing before it is told to.
#[derive(Default)]
pub struct Executor {
    futures: Mutex<Futures>,
    ready: Arc<Mutex<VecDeque<u64>>>,
}

#[derive(Default)]
struct Futures {
    next_key: u64,
    waiting: BTreeMap<u64, BoxFuture<'static, ()>>,
}

impl Executor {
    /// Polls whatever was woken until nothing is.
    pub fn run_until_stalled(&self) {
        while let Some(key) = self.next_ready() {
            // Out of the map while it is polled, so that it may spawn.
            let Some(mut future) = lock(&self.futures).waiting.remove(&key) else { continue };
            let waker = Waker::from(Arc::new(Ready { key, queue: self.ready.clone() }));
            if future.as_mut().poll(&mut Context::from_waker(&waker)) == Poll::Pending {
                lock(&self.futures).waiting.insert(key, future);
            }
        }
    }

    /// Whether everything that was spawned has ended.
    pub fn is_empty(&self) -> bool {
        lock(&self.futures).waiting.is_empty()
    }

    /// Whether something waits to be polled.
    pub fn has_ready(&self) -> bool {
        !lock(&self.ready).is_empty()
    }

    fn next_ready(&self) -> Option<u64> {
        lock(&self.ready).pop_front()
    }
}

impl Spawner for Executor {
    fn spawn(&self, future: BoxFuture<'static, ()>) {
        let mut futures = lock(&self.futures);
        futures.next_key += 1;
        let key = futures.next_key;
        futures.waiting.insert(key, future);
        drop(futures);
        lock(&self.ready).push_back(key);
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Executor({} futures)", lock(&self.futures).waiting.len())
    }
}

/// The waker of one future: only its key, so that it may cross threads everywhere.
struct Ready {
    key: u64,
    queue: Arc<Mutex<VecDeque<u64>>>,
}

impl Wake for Ready {
    fn wake(self: Arc<Self>) {
        let mut queue = lock(&self.queue);
        if !queue.contains(&self.key) {
            queue.push_back(self.key);
        }
    }
}
