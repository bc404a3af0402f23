//! Where submissions of one workflow wait for each other, so that what leaves the queue together
//! goes out in one exchange.

use std::{
    fmt,
    future::poll_fn,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Poll, Waker},
};

use bytes::Bytes;
use futures_util::task::AtomicWaker;

use super::{batch::Away, hub::Membership};
use crate::{error::Error, protocol::Report, recovery::Failed, runtime::lock};

/// The longest body of an exchange with more than one submission.
const MOST_BYTES: usize = 8 << 20;

/// The submissions that wait for an exchange, and those that are known to come.
pub(crate) struct Outbox(Mutex<State>);

struct State {
    /// Out of the queue, and not here yet.
    expected: usize,
    items: Vec<Item>,
    is_carried: bool,
    /// Exchanges that are not answered yet.
    under_way: usize,
    carrier: Option<Waker>,
    most_bytes: usize,
}

/// One submission.
pub(super) struct Item {
    pub(super) task_id: Arc<str>,
    pub(super) body: Bytes,
    /// Set once it may have reached the service.
    submitted: Arc<AtomicBool>,
    /// Of a failed exchange, which is repeated together.
    missing: Option<Missing>,
    place: Arc<Place>,
}

/// How many of a failed exchange are not back yet.
pub(super) type Missing = Arc<AtomicUsize>;

/// What became of one submission.
pub(super) enum Outcome {
    /// The service has told how the task stands, which is followed with the others.
    Answered(Box<Report>, Option<Membership>),
    /// Nobody else was there, so that nothing was sent.
    NotSent,
    /// The exchange was refused as a whole, and nothing was started.
    Refused,
    /// So it was for its size: a smaller one may be taken.
    TooLarge,
    /// The answer does not say what became of it.
    Untold,
    /// The exchange failed, for all that were in it.
    Failed {
        failed: Failed,
        error: Error,
        /// The same draw for all, so that they are repeated together.
        chance: f64,
        /// Held until it is back.
        away: Away,
    },
}

/// Where one submission's outcome is laid down.
#[derive(Default)]
struct Place(Mutex<Laid>);

#[derive(Default)]
struct Laid {
    outcome: Option<Outcome>,
    waker: Option<Waker>,
    is_left: bool,
    crew: Option<Arc<Crew>>,
}

/// Those who wait for one exchange.
#[derive(Default)]
pub(super) struct Crew {
    left: AtomicUsize,
    waker: AtomicWaker,
}

/// A submission in the outbox; dropping it takes it back, or leaves its exchange.
pub(super) struct Posted(Arc<Place>);

impl Default for Outbox {
    fn default() -> Self {
        Self(Mutex::new(State {
            expected: 0,
            items: Vec::new(),
            is_carried: false,
            under_way: 0,
            carrier: None,
            most_bytes: MOST_BYTES,
        }))
    }
}

impl Outbox {
    /// One more has left the queue, and is worth waiting for.
    pub(super) fn expect(&self) {
        lock(&self.0).expected += 1;
    }

    /// One that was expected comes later, or not at all; `true` when a carrier must be started.
    pub(super) fn expect_no_more(&self) -> bool {
        let mut state = lock(&self.0);
        state.expected -= 1;
        state.is_due()
    }

    /// Takes a submission in; `true` when a carrier must be started.
    pub(super) fn post(
        &self,
        task_id: Arc<str>,
        body: Bytes,
        submitted: Arc<AtomicBool>,
        missing: Option<Missing>,
    ) -> (Posted, bool) {
        let place = Arc::<Place>::default();
        let mut state = lock(&self.0);
        state.items.push(Item { task_id, body, submitted, missing, place: place.clone() });
        (Posted(place), state.is_due())
    }

    /// Everything that is here, in groups of which each fits into an exchange of `most_items`;
    /// `None` ends the carrying.
    pub(super) fn take(&self, most_items: usize) -> Option<Vec<Vec<Item>>> {
        let mut state = lock(&self.0);
        let mut groups: Vec<Vec<Item>> = Vec::new();
        let mut bytes = 0;
        for item in std::mem::take(&mut state.items) {
            if lock(&item.place.0).is_left {
                continue;
            }
            bytes += item.body.len();
            match groups.last_mut() {
                Some(group) if group.len() < most_items && bytes <= state.most_bytes => {
                    group.push(item);
                }
                _ => {
                    bytes = item.body.len();
                    groups.push(vec![item]);
                }
            }
        }
        state.is_carried = !groups.is_empty();
        state.under_way += groups.len();
        state.is_carried.then_some(groups)
    }

    /// An exchange has come to its end.
    pub(super) fn ended(&self) {
        let mut state = lock(&self.0);
        state.under_way -= 1;
        state.wake_carrier();
    }

    /// The service takes no body of that length.
    pub(super) fn keep_below(&self, length: usize) {
        let mut state = lock(&self.0);
        state.most_bytes = state.most_bytes.min(length / 2);
    }

    /// Resolves when no exchange is under way.
    pub(super) async fn answered(&self) {
        self.until(|state| state.under_way == 0).await;
    }

    /// Resolves when everybody who was expected is here.
    pub(super) async fn complete(&self) {
        self.until(|state| state.expected == 0).await;
    }

    /// Resolves when whoever is here is with all who come back from the same failed exchange.
    pub(super) async fn regrouped(&self) {
        let waits = |item: &Item| {
            item.missing.as_ref().is_some_and(|missing| missing.load(Ordering::Acquire) > 0)
        };
        self.until(|state| !state.items.iter().any(waits)).await;
    }

    /// One of a failed exchange is back, or does not come.
    pub(super) fn is_back(&self, missing: &Missing) {
        missing.fetch_sub(1, Ordering::AcqRel);
        lock(&self.0).wake_carrier();
    }

    async fn until(&self, reached: impl Fn(&State) -> bool) {
        poll_fn(|context| {
            let mut state = lock(&self.0);
            if reached(&state) {
                return Poll::Ready(());
            }
            state.carrier = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

impl State {
    /// Whether somebody must be sent with what is here.
    fn is_due(&mut self) -> bool {
        if self.expected > 0 || self.items.is_empty() {
            return false;
        }
        self.wake_carrier();
        !std::mem::replace(&mut self.is_carried, true)
    }

    fn wake_carrier(&mut self) {
        if let Some(carrier) = self.carrier.take() {
            carrier.wake();
        }
    }
}

impl Item {
    /// Lays its outcome down.
    pub(super) fn tell(&self, outcome: Outcome) {
        let mut laid = lock(&self.place.0);
        laid.outcome = Some(outcome);
        if let Some(waker) = laid.waker.take() {
            waker.wake();
        }
    }
}

impl Crew {
    /// Those who still wait for an exchange, and their items, which may reach the service from now
    /// on. Nobody would tell it to stop for one who has left: that item must not be sent.
    pub(super) fn of(mut items: Vec<Item>) -> (Arc<Self>, Vec<Item>) {
        let crew = Arc::<Self>::default();
        items.retain(|item| {
            let mut laid = lock(&item.place.0);
            if !laid.is_left {
                crew.left.fetch_add(1, Ordering::Relaxed);
                item.submitted.store(true, Ordering::Relaxed);
                laid.crew = Some(crew.clone());
            }
            !laid.is_left
        });
        (crew, items)
    }

    /// Resolves when nobody waits for the exchange any more.
    pub(super) async fn gone(&self) {
        poll_fn(|context| {
            self.waker.register(context.waker());
            match self.left.load(Ordering::Acquire) {
                0 => Poll::Ready(()),
                _ => Poll::Pending,
            }
        })
        .await;
    }
}

impl Posted {
    /// Resolves when it is known what became of the submission.
    pub(super) async fn outcome(&self) -> Outcome {
        poll_fn(|context| {
            let mut laid = lock(&self.0.0);
            match laid.outcome.take() {
                Some(outcome) => Poll::Ready(outcome),
                None => {
                    laid.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

impl Drop for Posted {
    fn drop(&mut self) {
        let mut laid = lock(&self.0.0);
        laid.is_left = true;
        let crew = laid.crew.take();
        drop(laid);
        if let Some(crew) = crew
            && crew.left.fetch_sub(1, Ordering::AcqRel) == 1
        {
            crew.waker.wake();
        }
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.0);
        formatter
            .debug_struct("Outbox")
            .field("items", &state.items.len())
            .field("under_way", &state.under_way)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leaves_before_the_exchange_begins_is_not_sent() {
        let outbox = Outbox::default();
        let post = |id: &str| {
            let submitted = Arc::<AtomicBool>::default();
            let (posted, _) = outbox.post(Arc::from(id), Bytes::new(), submitted.clone(), None);
            (posted, submitted)
        };
        let (left, (_stays, was_sent)) = (post("left"), post("stays"));
        let group = outbox.take(2).unwrap().remove(0);
        let (posted, never_sent) = left;
        drop(posted);
        let (crew, items) = Crew::of(group);
        assert_eq!(items.iter().map(|item| &*item.task_id).collect::<Vec<_>>(), ["stays"]);
        assert_eq!(crew.left.load(Ordering::Relaxed), 1);
        assert!(was_sent.load(Ordering::Relaxed));
        assert!(!never_sent.load(Ordering::Relaxed));
    }
}
