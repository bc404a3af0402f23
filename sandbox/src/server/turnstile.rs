//! One at a time: what changes a record is decided, saved and shown before the next change of the
//! same record is looked at.

use std::{
    collections::BTreeSet,
    future::poll_fn,
    sync::Mutex,
    task::{Poll, Waker},
};

use media_factory_core::runtime::lock;

use super::record::TaskKey;

/// Lets each key through once at a time.
#[derive(Debug, Default)]
pub(super) struct Turnstile(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    inside: BTreeSet<TaskKey>,
    waiting: Vec<Waker>,
}

/// The right to change what these keys name, until it is dropped.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    turnstile: &'a Turnstile,
    keys: BTreeSet<TaskKey>,
}

impl Turnstile {
    /// Waits until none of the keys is inside, and takes all of them in at once, so that two who
    /// want the same keys cannot wait for each other.
    pub(super) async fn pass(&self, keys: BTreeSet<TaskKey>) -> Passage<'_> {
        poll_fn(|context| {
            let mut state = lock(&self.0);
            if !state.inside.is_disjoint(&keys) {
                state.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            state.inside.extend(keys.iter().cloned());
            Poll::Ready(())
        })
        .await;
        Passage { turnstile: self, keys }
    }

    /// Resolves when nobody is inside.
    pub(super) async fn empty(&self) {
        poll_fn(|context| {
            let mut state = lock(&self.0);
            if state.inside.is_empty() {
                return Poll::Ready(());
            }
            state.waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.turnstile.0);
        for key in &self.keys {
            state.inside.remove(key);
        }
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for waker in waiting {
            waker.wake();
        }
    }
}
