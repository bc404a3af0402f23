//! Futures that wait for the end of a task.

use std::task::Waker;

/// Wakers by the key of the future that left them, so that polling twice leaves one.
#[derive(Default)]
pub(super) struct Waiters {
    next_key: u64,
    wakers: Vec<(u64, Waker)>,
}

impl Waiters {
    /// Leaves `waker` under `key`, or under a new key, and gives the key back.
    pub(super) fn leave(&mut self, key: Option<u64>, waker: &Waker) -> u64 {
        let key = key.unwrap_or_else(|| {
            self.next_key += 1;
            self.next_key
        });
        match self.wakers.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => old.clone_from(waker),
            None => self.wakers.push((key, waker.clone())),
        }
        key
    }

    /// Takes back what was left under `key`.
    pub(super) fn remove(&mut self, key: u64) {
        self.wakers.retain(|(known, _)| *known != key);
    }

    /// Everyone's waker, to be woken after the lock is released.
    pub(super) fn take(&mut self) -> Vec<(u64, Waker)> {
        std::mem::take(&mut self.wakers)
    }
}
