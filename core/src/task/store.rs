//! Where a registry keeps its tasks: everything that runs, and the newest of what has ended.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
};

use super::Task;
use crate::runtime::lock;

/// How much of what has ended is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HistoryLimits {
    /// Terminal tasks.
    pub(crate) tasks: usize,
    /// Bytes of outputs that terminal tasks hold in memory.
    pub(crate) bytes: u64,
}

impl Default for HistoryLimits {
    fn default() -> Self {
        Self { tasks: 10_000, bytes: 256 << 20 }
    }
}

#[derive(Default)]
pub(crate) struct Store(Mutex<Shelves>);

#[derive(Default)]
struct Shelves {
    limits: HistoryLimits,
    next_place: u64,
    by_place: BTreeMap<u64, Task>,
    places: BTreeMap<Arc<str>, u64>,
    ended: VecDeque<Ended>,
    held_bytes: u64,
}

struct Ended {
    id: Arc<str>,
    bytes: u64,
}

impl Store {
    pub(crate) fn set_limits(&self, change: impl FnOnce(&mut HistoryLimits)) {
        let mut shelves = lock(&self.0);
        change(&mut shelves.limits);
        shelves.evict();
    }

    pub(crate) fn insert(&self, task: Task) {
        let mut shelves = lock(&self.0);
        let place = shelves.next_place;
        shelves.next_place += 1;
        if let Some(old) = shelves.places.insert(task.id().clone(), place) {
            shelves.by_place.remove(&old);
            shelves.forget_end_of(task.id());
        }
        shelves.by_place.insert(place, task);
    }

    pub(crate) fn get(&self, id: &str) -> Option<Task> {
        let shelves = lock(&self.0);
        let place = shelves.places.get(id)?;
        shelves.by_place.get(place).cloned()
    }

    /// All tasks in the order of their creation.
    pub(crate) fn all(&self) -> Vec<Task> {
        lock(&self.0).by_place.values().cloned().collect()
    }

    /// Notes that `task` has ended; the oldest ended ones leave when there are too many.
    pub(crate) fn finished(&self, task: &Task) {
        let bytes = task.held_bytes();
        let mut shelves = lock(&self.0);
        if !shelves.hold(task) {
            return;
        }
        shelves.held_bytes += bytes;
        shelves.ended.push_back(Ended { id: task.id().clone(), bytes });
        shelves.evict();
    }

    /// Notes that an ended task now holds `bytes` more.
    pub(crate) fn grown(&self, id: &str, bytes: u64) {
        let mut shelves = lock(&self.0);
        if let Some(ended) = shelves.ended.iter_mut().rev().find(|ended| &*ended.id == id) {
            ended.bytes += bytes;
            shelves.held_bytes += bytes;
            shelves.evict();
        }
    }
}

impl Shelves {
    /// Whether `task` is what is kept under its id: a host may have put another one there.
    fn hold(&self, task: &Task) -> bool {
        let kept = self.places.get(task.id()).and_then(|place| self.by_place.get(place));
        kept.is_some_and(|kept| Arc::ptr_eq(&kept.0, &task.0))
    }

    /// The id belongs to another task now, which must not leave in the old one's turn.
    fn forget_end_of(&mut self, id: &str) {
        if let Some(turn) = self.ended.iter().position(|ended| &*ended.id == id)
            && let Some(ended) = self.ended.remove(turn)
        {
            self.held_bytes -= ended.bytes;
        }
    }

    fn evict(&mut self) {
        while self.ended.len() > self.limits.tasks
            || (self.held_bytes > self.limits.bytes && self.ended.len() > 1)
        {
            let Some(oldest) = self.ended.pop_front() else { return };
            self.held_bytes -= oldest.bytes;
            if let Some(place) = self.places.remove(&oldest.id) {
                self.by_place.remove(&place);
            }
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Store({} tasks)", lock(&self.0).by_place.len())
    }
}
