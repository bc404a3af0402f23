//! Tells a task how much of its inputs has left.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use crate::{
    runtime::{SentListener, lock},
    task::Task,
};

/// How often a task is told at most, beside the start and the end: a bar needs no more.
const STEPS: u64 = 20;

/// Counts over all uploads of one task.
pub(super) struct Meter {
    task: Task,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    total: u64,
    /// By the place of the input among all.
    sent: BTreeMap<usize, u64>,
    told: Option<u64>,
}

/// One upload's counter.
struct Counter {
    meter: Arc<Meter>,
    place: usize,
    length: u64,
}

impl Meter {
    /// For uploads that are known to have `total` bytes.
    pub(super) fn new(task: &Task, total: u64) -> Arc<Self> {
        let counts = Counts { total, ..Counts::default() };
        Arc::new(Self { task: task.clone(), counts: Mutex::new(counts) })
    }

    /// An input turns out to be of `length` bytes, of which `known` were counted already.
    pub(super) fn correct(&self, known: u64, length: u64) {
        let mut counts = lock(&self.counts);
        counts.total = (counts.total + length).saturating_sub(known);
    }

    /// What hears how the upload of one input goes on; none of it has left yet.
    pub(super) fn listener(self: &Arc<Self>, place: usize, length: u64) -> Arc<dyn SentListener> {
        self.count(place, 0);
        Arc::new(Counter { meter: self.clone(), place, length })
    }

    /// So much of one input has left. An upload that is repeated takes nothing back.
    pub(super) fn count(&self, place: usize, bytes: u64) {
        let mut counts = lock(&self.counts);
        let sent = counts.sent.entry(place).or_default();
        *sent = bytes.max(*sent);
        let sum = counts.sent.values().sum::<u64>().min(counts.total);
        let step = (counts.total / STEPS).max(1);
        let is_news = counts
            .told
            .is_none_or(|told| sum / step > told / step || (sum == counts.total && told < sum));
        if is_news {
            counts.told = Some(sum);
            self.task.uploading(sum, counts.total);
        }
    }
}

impl SentListener for Counter {
    fn sent(&self, bytes: u64) {
        self.meter.count(self.place, bytes.min(self.length));
    }
}
