//! Submits a job so that it is never paid twice.

use std::sync::atomic::Ordering;

use super::{
    Run, Stop,
    answer::Attempt,
    batch::{Away, Company},
    outbox::Outcome,
};
use crate::{
    error::{Code, Error, Result},
    media::Map,
    protocol::{RemoteState, Report, Version},
    recovery::{Failed, SubmitSafety, Verdict, after_submit},
    runtime::{Sent, TransportErrorKind, lock},
};

/// How one attempt to submit went.
enum Tried {
    /// The service has answered with 2xx.
    Accepted(Report),
    Failed(Failure),
    /// It is made in another way at once; nothing has failed.
    Otherwise {
        alone: bool,
        /// Whether an exchange was made for it, which counts as an attempt.
        sent: bool,
        may_have_arrived: bool,
    },
}

struct Failure {
    failed: Failed,
    error: Error,
    /// What the clock drew for the pause that follows, where others have the same.
    chance: Option<f64>,
    /// Whether the next attempt is made without others.
    alone: bool,
    /// Held until the next attempt, where others have failed with it.
    away: Option<Away>,
}

impl Run<'_> {
    /// Submits until the service has answered with 2xx, or the failure is final.
    pub(super) async fn submit(&self, parameters: &Map) -> Result<Report, Stop> {
        let link = self.link;
        let mut in_company = self.work.company != Company::None && link.endpoint.takes_batches();
        let (mut counted, mut repeated, mut was_sent) = (0, 0, true);
        let mut away = None;
        loop {
            if std::mem::replace(&mut was_sent, true) {
                self.task.count_attempt();
            }
            let before = self.submitted.load(Ordering::Relaxed);
            let tried = match in_company {
                true => self.try_in_company(parameters, away.take()).await?,
                false => self.try_alone(parameters).await?,
            };
            let failure = match tried {
                Tried::Accepted(report) => return Ok(report),
                Tried::Failed(failure) => failure,
                Tried::Otherwise { alone, sent, may_have_arrived } => {
                    (in_company, was_sent) = (!alone, sent);
                    self.submitted.store(before || may_have_arrived, Ordering::Relaxed);
                    continue;
                }
            };
            let Failure { failed, error, chance, alone, away: others } = failure;
            away = others;
            in_company &= !alone;
            self.submitted.store(before || may_have_arrived(&failed), Ordering::Relaxed);
            match self.judge(&failed).await {
                Verdict::Repeat { counts } => {
                    counted += u32::from(counts);
                    repeated += 1;
                    let rested = match counted < link.config.retry.max_attempts {
                        true => {
                            let chance = chance.unwrap_or_else(|| link.clock.random());
                            link.pause(repeated, error, Some(self.waiting()), chance).await
                        }
                        false => Err(error),
                    };
                    if let Err(error) = rested {
                        return self.give_up(parameters, error).await;
                    }
                }
                Verdict::Ambiguous => {
                    if matches!(failed, Failed::Garbled { .. }) {
                        // It was taken, so that a job may run which nobody looks at any more.
                        self.tell_to_stop();
                    }
                    return Err(self.uncertain(&error).into());
                }
                Verdict::GiveUp | Verdict::AskVersion => return Err(error.into()),
            }
        }
    }

    async fn try_alone(&self, parameters: &Map) -> Result<Tried, Stop> {
        let link = self.link;
        let request = link.protocol.submit(&self.job(parameters, &link.endpoint.version()))?;
        link.turn().await;
        self.submitted.store(true, Ordering::Relaxed);
        Ok(match self.attempt(request, parameters).await? {
            Attempt::Answered(report) => Tried::Accepted(*report),
            Attempt::Failed(failed, error) => {
                Tried::Failed(Failure { failed, error, chance: None, alone: true, away: None })
            }
        })
    }

    async fn try_in_company(&self, parameters: &Map, away: Option<Away>) -> Result<Tried, Stop> {
        let otherwise =
            |alone, sent, may_have_arrived| Tried::Otherwise { alone, sent, may_have_arrived };
        Ok(match self.submit_in_company(parameters, away).await? {
            Outcome::Answered(report, seat) => match no_room(&report) {
                None => {
                    *lock(&self.seat) = seat;
                    Tried::Accepted(*report)
                }
                Some(error) => Tried::Failed(Failure {
                    failed: Failed::REFUSED,
                    error,
                    chance: None,
                    alone: true,
                    away: None,
                }),
            },
            Outcome::NotSent => otherwise(true, false, false),
            Outcome::Refused => otherwise(true, true, false),
            Outcome::TooLarge => otherwise(false, true, false),
            Outcome::Untold => otherwise(true, true, true),
            Outcome::Failed { failed, error, chance, away } => Tried::Failed(Failure {
                failed,
                error,
                chance: Some(chance),
                alone: false,
                away: Some(away),
            }),
        })
    }

    /// Repeats no more. Where an attempt may have arrived, the service is asked once for the job:
    /// one that is there goes on, and one that is not is told not to start.
    async fn give_up(&self, parameters: &Map, error: Error) -> Result<Report, Stop> {
        if !self.submitted.load(Ordering::Relaxed) {
            return Err(error.into());
        }
        if let Some(report) = self.read_once(parameters).await {
            return Ok(report);
        }
        self.tell_to_stop();
        Err(self.uncertain(&error).into())
    }

    async fn judge(&self, failed: &Failed) -> Verdict {
        let link = self.link;
        let ambiguous = link.config.retry.ambiguous_submit;
        let safety = |version: &Version| link.protocol.submit_safety(version);
        let verdict = after_submit(failed, safety(&link.endpoint.version()), ambiguous);
        if verdict != Verdict::AskVersion {
            return verdict;
        }
        // A service that cannot even say what it is counts as one that charges for repeats.
        match self.ask_version().await {
            Ok(version) => after_submit(failed, safety(&version), ambiguous),
            Err(_) => after_submit(failed, SubmitSafety::Paid, ambiguous),
        }
    }

    fn uncertain(&self, error: &Error) -> Error {
        let mut uncertain = self.ambiguous(&error.message);
        uncertain.status = error.status;
        uncertain.cause.clone_from(&error.cause);
        uncertain
    }
}

/// The error of a task for which the service's queue had no room.
fn no_room(report: &Report) -> Option<Error> {
    match &report.state {
        RemoteState::Failed(error) if error.code == Code::QueueFull && error.retryable => {
            Some(error.clone())
        }
        _ => None,
    }
}

fn may_have_arrived(failed: &Failed) -> bool {
    match failed {
        Failed::Transport(error) => {
            error.sent == Sent::Maybe && error.kind != TransportErrorKind::Invalid
        }
        Failed::Status { status, refused, .. } => *status >= 500 && !refused || *status == 408,
        Failed::Garbled { .. } => true,
    }
}
