//! A gate that many pass at once, until it is closed and whoever is inside has left.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

/// How many are inside, and the highest bit when the gate is closed.
pub(crate) struct Gate(AtomicUsize);

const CLOSED: usize = 1 << (usize::BITS - 1);

/// How many milliseconds closing waits for those who do not leave.
const PATIENCE: u32 = 1_000;

impl Gate {
    pub(crate) const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Gives a pass, unless the gate is closed.
    pub(crate) fn enter(&'static self) -> Option<Pass> {
        let pass = Pass(self);
        let before = self.0.fetch_add(1, Ordering::SeqCst);
        (before & CLOSED == 0).then_some(pass)
    }

    /// Lets nobody in any more, and waits a while until nobody is inside.
    pub(crate) fn close(&self) {
        self.0.fetch_or(CLOSED, Ordering::SeqCst);
        for _ in 0..PATIENCE {
            if self.0.load(Ordering::SeqCst) == CLOSED {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn open(&self) {
        self.0.fetch_and(!CLOSED, Ordering::SeqCst);
    }

    /// Forgets everyone inside: in a forked child they do not exist.
    pub(crate) fn reset(&self) {
        self.0.store(0, Ordering::SeqCst);
    }
}

/// Somebody inside.
pub(crate) struct Pass(&'static Gate);

impl Drop for Pass {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}
