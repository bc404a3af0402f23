//! Work that goes on when nobody waits for it any more.

use std::{
    future::poll_fn,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
};

use futures_util::FutureExt;
use media_factory_core::runtime::{BoxFuture, MaybeSend, Spawner, lock};

use super::answer::Refusal;

/// A value that somebody else will give.
#[derive(Debug)]
pub(super) struct Promise<T>(Mutex<(Option<T>, Option<Waker>)>);

impl<T> Default for Promise<T> {
    fn default() -> Self {
        Self(Mutex::new((None, None)))
    }
}

impl<T> Promise<T> {
    /// Gives the value.
    pub(super) fn keep(&self, value: T) {
        let mut state = lock(&self.0);
        state.0 = Some(value);
        let waker = state.1.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The value, as soon as it is given; it can be had once.
    pub(super) async fn kept(&self) -> T {
        poll_fn(|context| {
            let mut state = lock(&self.0);
            match state.0.take() {
                Some(value) => Poll::Ready(value),
                None => {
                    state.1 = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
        .await
    }
}

/// Brings `work` to its end even when the caller is dropped before: a request that was taken up is
/// done as a whole, or not at all. What needs no waiting is done at once, without another task.
///
/// # Errors
/// Those of `work`, and 500 when it panics: whoever waits for it would wait for ever.
pub(super) async fn to_its_end<T: MaybeSend + 'static>(
    spawner: &dyn Spawner,
    work: impl Future<Output = Result<T, Refusal>> + MaybeSend + 'static,
) -> Result<T, Refusal> {
    let work = AssertUnwindSafe(work).catch_unwind();
    let work = work.map(|outcome| outcome.unwrap_or_else(|_| Err(Refusal::defect())));
    let mut work: BoxFuture<'static, Result<T, Refusal>> = Box::pin(work);
    if let Poll::Ready(outcome) = poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await
    {
        return outcome;
    }
    let promise = Arc::new(Promise::default());
    let end = promise.clone();
    spawner.spawn(Box::pin(async move { end.keep(work.await) }));
    promise.kept().await
}
