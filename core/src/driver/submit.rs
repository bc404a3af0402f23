//! Submits a job so that it is never paid twice.

use std::sync::atomic::Ordering;

use super::{
    Run, Stop,
    answer::Attempt,
    link::{Budget, LONGEST_ANSWER},
};
use crate::{
    error::{Code, Error, Result},
    media::Map,
    protocol::{Report, Version},
    recovery::{Failed, SubmitSafety, Verdict, after_submit},
    runtime::{Sent, TransportErrorKind},
};

impl Run<'_> {
    /// Submits until the service has answered with 2xx, or the failure is final.
    pub(super) async fn submit(&self, parameters: &Map) -> Result<Report, Stop> {
        let link = self.link;
        let version = link.endpoint.version();
        let request = link.protocol.submit(&self.job(parameters, &version))?;
        let (mut counted, mut repeated) = (0, 0);
        loop {
            self.task.count_attempt();
            let before = self.submitted.swap(true, Ordering::Relaxed);
            let (failed, error) = match self.attempt(request.clone(), parameters).await? {
                Attempt::Answered(report) => return Ok(*report),
                Attempt::Failed(failed, error) => (failed, error),
            };
            self.submitted.store(before || may_have_arrived(&failed), Ordering::Relaxed);
            match self.judge(&failed).await {
                Verdict::Repeat { counts } => {
                    counted += u32::from(counts);
                    repeated += 1;
                    let rested = match counted < link.config.retry.max_attempts {
                        true => link.pause(repeated, error, Some(self.waiting())).await,
                        false => Err(error),
                    };
                    if let Err(error) = rested {
                        return self.give_up(parameters, error).await;
                    }
                }
                Verdict::Ambiguous => return Err(self.uncertain(&error).into()),
                Verdict::GiveUp | Verdict::AskVersion => return Err(error.into()),
            }
        }
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

    /// Asks the endpoint what it is, unless that is known.
    pub(super) async fn ask_version(&self) -> Result<Version> {
        let link = self.link;
        let known = link.endpoint.version();
        if known != Version::Unknown {
            return Ok(known);
        }
        let Some(request) = link.protocol.ask_version(&link.config) else { return Ok(known) };
        let budget = Budget::Attempts(link.config.retry.max_attempts);
        let waiting = Some(self.waiting());
        let version = match link.read(request, LONGEST_ANSWER, waiting, budget).await {
            Ok(answer) => link.protocol.version(&answer),
            // Gateways of version 0 have no such path.
            Err(error) if error.code == Code::NotFound => Version::Zero,
            Err(error) => return Err(error),
        };
        link.endpoint.learn(version);
        Ok(link.endpoint.version())
    }

    fn uncertain(&self, error: &Error) -> Error {
        let mut uncertain = self.ambiguous(&error.message);
        uncertain.status = error.status;
        uncertain.cause.clone_from(&error.cause);
        uncertain
    }
}

fn may_have_arrived(failed: &Failed) -> bool {
    match failed {
        Failed::Transport(error) => {
            error.sent == Sent::Maybe && error.kind != TransportErrorKind::Invalid
        }
        Failed::Status { status, refused, .. } => *status >= 500 && !refused || *status == 408,
    }
}
