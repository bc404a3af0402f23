//! A clock that stands still until it is told otherwise, with scripted chance.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex, Weak},
    task::{Context, Poll, Waker},
    time::Duration,
};

use crate::runtime::{BoxFuture, Clock, lock};

/// 2026-11-22T09:40:00Z, the "now" of every vector.
pub(super) const START: u64 = 1_795_340_400_000;

/// A clock that stands still until it is told otherwise.
#[derive(Debug)]
pub struct ManualClock {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    elapsed: Duration,
    random: VecDeque<f64>,
    drawn: u64,
    next_sleeper: u64,
    sleepers: Vec<Sleeper>,
}

#[derive(Debug)]
struct Sleeper {
    key: u64,
    due: Duration,
    waker: Option<Waker>,
}

impl ManualClock {
    /// At 2026-11-22T09:40:00Z, with these numbers as the first random ones and 0.5 from then on.
    pub fn new(random: Vec<f64>) -> Self {
        let inner = Inner { random: random.into(), ..Inner::default() };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        lock(&self.inner).elapsed
    }

    /// When the next sleeper will be due, since the start. One that is due already and was not
    /// polled again waits for somebody else, not for time.
    pub fn next_due(&self) -> Option<Duration> {
        let inner = lock(&self.inner);
        let dues = inner.sleepers.iter().map(|sleeper| sleeper.due);
        dues.filter(|due| *due > inner.elapsed).min()
    }

    /// Moves on to `moment` since the start, never back, and wakes whoever is due.
    pub fn jump_to(&self, moment: Duration) {
        let mut inner = lock(&self.inner);
        inner.elapsed = inner.elapsed.max(moment);
        let now = inner.elapsed;
        let due = inner.sleepers.iter_mut().filter(|sleeper| sleeper.due <= now);
        let wakers: Vec<Waker> = due.filter_map(|sleeper| sleeper.waker.take()).collect();
        drop(inner);
        for waker in wakers {
            waker.wake();
        }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> u64 {
        START + self.millis()
    }

    fn ticks(&self) -> u64 {
        self.millis()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut inner = lock(&self.inner);
        inner.next_sleeper += 1;
        let (key, due) = (inner.next_sleeper, inner.elapsed + duration);
        inner.sleepers.push(Sleeper { key, due, waker: None });
        Box::pin(Sleep { clock: Arc::downgrade(&self.inner), key })
    }

    fn random(&self) -> f64 {
        lock(&self.inner).random.pop_front().unwrap_or(0.5)
    }

    fn entropy(&self) -> u128 {
        let mut inner = lock(&self.inner);
        inner.drawn += 1;
        u128::from(inner.drawn)
    }
}

/// One sleeper; leaves the clock when dropped.
struct Sleep {
    clock: Weak<Mutex<Inner>>,
    key: u64,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(clock) = self.clock.upgrade() else { return Poll::Ready(()) };
        let mut inner = lock(&clock);
        let now = inner.elapsed;
        let sleeper = inner.sleepers.iter_mut().find(|sleeper| sleeper.key == self.key);
        match sleeper {
            Some(sleeper) if sleeper.due > now => {
                sleeper.waker = Some(context.waker().clone());
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(clock) = self.clock.upgrade() {
            lock(&clock).sleepers.retain(|sleeper| sleeper.key != self.key);
        }
    }
}
