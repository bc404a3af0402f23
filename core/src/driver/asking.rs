//! Asks an endpoint once what it is, however many tasks want to know.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
    time::Duration,
};

use futures_util::future::{Either, select};

use super::{
    Run,
    link::{Budget, LONGEST_ANSWER},
};
use crate::{
    error::{Code, Error, Result},
    protocol::Version,
    runtime::lock,
};

/// Whether somebody is asking, and how the last one fared.
#[derive(Default)]
pub(crate) struct Asking(Mutex<State>);

#[derive(Default)]
struct State {
    is_asked: bool,
    /// Counts the questions that came to an end, and those among them that settle the matter: a
    /// hasty one that failed does not.
    ended: u64,
    settled: u64,
    failed: Option<Error>,
    waiting: Vec<Waker>,
}

/// How long a batch waits to hear whether it may leave as one.
const HASTE: Duration = Duration::from_secs(5);

/// How much the answer is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// Asked once, and never again: the answer would only save exchanges.
    Hasty,
    /// Asked as often as reads are repeated: without the answer the task cannot go on.
    Real,
}

/// The right to ask; others wait until it is dropped.
struct Question<'a> {
    asking: &'a Asking,
    need: Need,
    /// Stays empty when the asker was cancelled: then another takes over.
    outcome: Option<Result<()>>,
}

impl Asking {
    /// The right to ask, or how another's question has ended.
    async fn turn(&self, need: Need) -> std::result::Result<Question<'_>, Result<()>> {
        let mut began = None;
        poll_fn(|context| {
            let mut state = lock(&self.0);
            let is_over = match need {
                Need::Hasty => state.ended > 0,
                Need::Real => state.settled > *began.get_or_insert(state.settled),
            };
            if is_over {
                return Poll::Ready(Err(state.failed.clone().map_or(Ok(()), Err)));
            }
            if state.is_asked {
                state.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            state.is_asked = true;
            Poll::Ready(Ok(Question { asking: self, need, outcome: None }))
        })
        .await
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.asking.0);
        state.is_asked = false;
        if let Some(outcome) = self.outcome.take() {
            state.ended += 1;
            state.settled += u64::from(self.need == Need::Real || outcome.is_ok());
            state.failed = outcome.err();
        }
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for waker in waiting {
            waker.wake();
        }
    }
}

impl Run<'_> {
    /// Asks the endpoint what it is, unless that is known.
    pub(super) async fn ask_version(&self) -> Result<Arc<Version>> {
        let endpoint = &self.link.endpoint;
        if *endpoint.version() == Version::Unknown {
            self.ask_service(Need::Real).await?;
        }
        Ok(endpoint.version())
    }

    /// Whether the endpoint takes batches in one exchange; it is asked where it never said.
    pub(super) async fn asks_for_batches(&self) -> bool {
        let endpoint = &self.link.endpoint;
        if endpoint.batch_size().is_none() {
            // One that cannot say takes none; whatever is wrong shows with the submission.
            let _ = self.ask_service(Need::Hasty).await;
        }
        endpoint.takes_batches()
    }

    async fn ask_service(&self, need: Need) -> Result<()> {
        let link = self.link;
        let mut question = match link.endpoint.asking.turn(need).await {
            Ok(question) => question,
            Err(outcome) => return outcome,
        };
        let Some(request) = link.protocol.ask_version(&link.config) else { return Ok(()) };
        let budget = Budget::Attempts(match need {
            Need::Hasty => 1,
            Need::Real => link.config.retry.max_attempts,
        });
        let waiting = Some(self.waiting());
        let reading = link.read(request, LONGEST_ANSWER, waiting, budget);
        let read = match need {
            Need::Real => reading.await,
            Need::Hasty => match select(pin!(reading), link.clock.sleep(HASTE)).await {
                Either::Left((read, _)) => read,
                Either::Right(_) => Err(Error::new(Code::Timeout, "the service did not answer")),
            },
        };
        let asked = match read {
            Ok(answer) => Ok(link.protocol.version(&answer)),
            // Gateways of version 0 have no such path.
            Err(error) if error.code == Code::NotFound => Ok(Version::Zero),
            Err(error) => Err(error),
        };
        let outcome = asked.map(|version| link.endpoint.be_told(version));
        question.outcome = Some(outcome.clone());
        outcome
    }
}
