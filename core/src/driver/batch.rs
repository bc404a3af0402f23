//! Submits many tasks in one exchange, where the service takes that.

use std::{
    pin::pin,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};

use futures_util::future::{Either, select};

use super::{
    Run,
    hub::EventHub,
    link::{LONGEST_ANSWER, Link, Patience},
    outbox::{Crew, Item, Missing, Outcome},
};
use crate::{
    error::{Code, Error, Result},
    media::Map,
    protocol::{Answer, Batches, Features, Job, RemoteState, Report, Version},
    recovery::Failed,
    runtime::{TransportError, TransportErrorKind, lock},
};

/// How a task is submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Company {
    /// By itself.
    None,
    /// With others, once the service is known to take batches.
    IfKnown,
    /// With others; they are so many that it is worth asking the service first.
    Asks,
}

/// So many items are worth asking a service of which nothing is known whether it takes batches:
/// the question is one exchange, and asking saves all others but one.
pub(crate) const WORTH_ASKING: usize = 8;

/// What gets free while an exchange is under way gathers until it is answered, but no longer than
/// this: a slow answer holds nobody up.
const GATHERING: Duration = Duration::from_millis(20);

/// A task that has left the queue and is on its way to the outbox. Dropping it says that nobody
/// has to wait for it.
pub(super) struct OnItsWay(Arc<Link>);

impl OnItsWay {
    /// The task is expected already: [`super::Work::is_on_its_way`].
    pub(super) fn of(link: &Arc<Link>) -> Self {
        Self(link.clone())
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        if self.0.outbox.expect_no_more() {
            send_carrier(&self.0);
        }
    }
}

/// A task whose exchange has failed, and which is to be repeated with the others of it. Dropping it
/// says that it is in the outbox again, or does not come back.
pub(super) struct Away {
    link: Arc<Link>,
    missing: Missing,
}

impl Drop for Away {
    fn drop(&mut self) {
        self.link.outbox.is_back(&self.missing);
    }
}

impl Run<'_> {
    /// Whether the task is submitted with others.
    pub(super) async fn has_company(&self) -> bool {
        match self.work.company {
            Company::None => false,
            Company::IfKnown => self.link.endpoint.takes_batches(),
            Company::Asks => self.asks_for_batches().await,
        }
    }

    /// Nobody waits for this task from now on: its inputs take time.
    pub(super) fn falls_behind(&self) {
        lock(&self.on_its_way).take();
    }

    /// Submits the task with others.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub(super) async fn submit_in_company(
        &self,
        parameters: &Map,
        away: Option<Away>,
    ) -> Result<Outcome> {
        let link = self.link;
        let version = link.endpoint.version();
        let Some(batches) = link.protocol.batches() else { return Ok(Outcome::NotSent) };
        let body = batches.item(&self.job(parameters, &version))?;
        let missing = away.as_ref().map(|away| away.missing.clone());
        let (posted, is_due) =
            link.outbox.post(self.task.id().clone(), body, self.submitted.clone(), missing);
        drop(away);
        if is_due {
            send_carrier(link);
        }
        self.falls_behind();
        Ok(posted.outcome().await)
    }
}

fn send_carrier(link: &Arc<Link>) {
    link.spawner.spawn(Box::pin(carry(link.clone())));
}

/// Sends what is in the outbox until nothing is.
async fn carry(link: Arc<Link>) {
    loop {
        // Timers fire one after another, and the first one back is not to leave alone.
        let regrouped = pin!(link.outbox.regrouped());
        select(regrouped, link.clock.sleep(GATHERING)).await;
        let Some(groups) = link.outbox.take(link.endpoint.batch_size().unwrap_or(1)) else {
            return;
        };
        for group in groups {
            match group.as_slice() {
                [item] => {
                    item.tell(Outcome::NotSent);
                    link.outbox.ended();
                }
                _ => link.spawner.spawn(Box::pin(exchange(link.clone(), group))),
            }
        }
        let answered = pin!(link.outbox.answered());
        select(answered, link.clock.sleep(GATHERING)).await;
        link.outbox.complete().await;
    }
}

/// One exchange for many tasks, as long as one of them waits for it.
async fn exchange(link: Arc<Link>, items: Vec<Item>) {
    link.turn().await;
    let (crew, items) = Crew::of(items);
    if let (Some(batches), false) = (link.protocol.batches(), items.is_empty()) {
        let bodies: Vec<_> = items.iter().map(|item| item.body.clone()).collect();
        let request = batches.submit(&link.config, &bodies);
        let (url, length) = (request.url.clone(), request.body.len());
        let sent = pin!(async {
            let response = link.send(request, Patience::Task).await?;
            link.whole(&url, response, LONGEST_ANSWER).await
        });
        if let Either::Left((sent, _)) = select(sent, pin!(crew.gone())).await {
            match sent {
                Ok(answer) if answer.is_success() => told(&link, batches, &items, &answer),
                Ok(answer) => refused(&link, &items, &answer, length),
                Err(error) => broken(&link, &items, &url, &error),
            }
        }
    }
    link.outbox.ended();
}

/// Hands the answer's tasks out. One that is missing, or cannot be read, is submitted once more by
/// itself: the service knows it by its key.
fn told(link: &Arc<Link>, batches: &dyn Batches, items: &[Item], answer: &Answer) {
    let (version, parameters) = (link.endpoint.version(), Map::new());
    let jobs = items.iter().map(|item| Job {
        task_id: &item.task_id,
        media_type: &link.media_type,
        parameters: &parameters,
        config: &link.config,
        version: &version,
    });
    let jobs: Vec<Job<'_>> = jobs.collect();
    let reports = batches.submitted(&jobs, answer).unwrap_or_else(|_| {
        if answer.json().is_ok() {
            // Whoever took it speaks of batches in another way, and is not given another.
            link.endpoint.refuse_batches();
        }
        Vec::new()
    });
    let mut reports = reports.into_iter();
    let wish = answer.retry_after(link.clock.now()).map(|wish| wish.as_secs_f64());
    let reports = items.iter().map(|_| {
        let mut report = reports.next().flatten()?;
        if let RemoteState::Failed(error) = &mut report.state
            && error.code == Code::QueueFull
        {
            error.retry_after = error.retry_after.or(wish);
        }
        Some(report)
    });
    let reports: Vec<Option<Report>> = reports.collect();
    let streams = matches!(&*version, Version::One(Features { events: true, .. }))
        && link.clock.ticks() >= link.endpoint.streams_blocked_until();
    let followed = items.iter().zip(&reports).filter_map(|(item, report)| {
        let is_followed = streams && is_followed(report.as_ref()?);
        is_followed.then(|| item.task_id.clone())
    });
    let followed: Vec<Arc<str>> = followed.collect();
    // All are here: there is nobody to wait for.
    let mut seats = EventHub::join_all(link, &followed, Duration::ZERO).into_iter();
    for (item, report) in items.iter().zip(reports) {
        item.tell(match report {
            Some(report) => {
                let seat = is_followed(&report).then(|| seats.next()).flatten();
                Outcome::Answered(Box::new(report), seat)
            }
            None => Outcome::Untold,
        });
    }
}

fn is_followed(report: &Report) -> bool {
    matches!(report.state, RemoteState::Queued | RemoteState::Running)
}

fn refused(link: &Arc<Link>, items: &[Item], answer: &Answer, length: usize) {
    let outcome: fn() -> Outcome = match answer.status {
        413 => {
            link.outbox.keep_below(length);
            || Outcome::TooLarge
        }
        404 | 405 | 501 => {
            link.endpoint.refuse_batches();
            || Outcome::Refused
        }
        // Something is wrong with one of them, and each by itself is told what.
        400 | 409 | 411 | 415 | 422 => || Outcome::Refused,
        _ => {
            let (answered, error) = link.failed(answer);
            return failed(link, items, &answered, &error);
        }
    };
    for item in items {
        item.tell(outcome());
    }
}

fn broken(link: &Arc<Link>, items: &[Item], url: &str, cause: &TransportError) {
    if cause.kind != TransportErrorKind::TooLarge {
        let error = link.transport_error(url, cause);
        return failed(link, items, &Failed::Transport(cause.clone()), &error);
    }
    for item in items {
        // The answer to each by itself is shorter.
        item.tell(Outcome::Untold);
    }
}

fn failed(link: &Arc<Link>, items: &[Item], failed: &Failed, error: &Error) {
    let chance = link.clock.random();
    let missing = Missing::new(AtomicUsize::new(items.len()));
    for item in items {
        let (failed, error) = (failed.clone(), error.clone());
        let away = Away { link: link.clone(), missing: missing.clone() };
        item.tell(Outcome::Failed { failed, error, chance, away });
    }
}
