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

impl Counts {
    /// What has left of all inputs, in bytes.
    fn sum(&self) -> u64 {
        self.sent.values().sum::<u64>().min(self.total)
    }
}

impl Meter {
    /// For uploads that are known to have `total` bytes.
    pub(super) fn new(task: &Task, total: u64) -> Arc<Self> {
        let counts = Counts { total, ..Counts::default() };
        Arc::new(Self { task: task.clone(), counts: Mutex::new(counts) })
    }

    /// An input turns out to be of `length` bytes, of which `known` were counted already.
    ///
    /// Whoever was told another total is told the new one: perhaps nothing else is going to leave.
    pub(super) fn correct(&self, known: u64, length: u64) {
        let mut counts = lock(&self.counts);
        let total = (counts.total + length).saturating_sub(known);
        let is_news = counts.told.is_some() && total != counts.total;
        counts.total = total;
        if is_news {
            self.tell(&mut counts);
        }
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
        let sum = counts.sum();
        let step = (counts.total / STEPS).max(1);
        let is_news = counts
            .told
            .is_none_or(|told| sum / step > told / step || (sum == counts.total && told < sum));
        if is_news {
            self.tell(&mut counts);
        }
    }

    fn tell(&self, counts: &mut Counts) {
        let sum = counts.sum();
        counts.told = Some(sum);
        self.task.uploading(sum, counts.total);
    }
}

impl SentListener for Counter {
    fn sent(&self, bytes: u64) {
        self.meter.count(self.place, bytes.min(self.length));
    }
}
