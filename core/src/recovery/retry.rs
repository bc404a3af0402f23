//! Whether a failed exchange may be repeated, and when: pure functions of what happened.

use std::time::Duration;

use crate::runtime::{Sent, TransportError, TransportErrorKind};

/// How failed exchanges are repeated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Submissions in all; answers that ask to come back later do not count.
    pub max_attempts: u32,
    /// The upper bound of the first delay.
    pub base_delay: Duration,
    /// The upper bound of every delay.
    pub max_delay: Duration,
    /// What happens when a paid submission may or may not have arrived.
    pub ambiguous_submit: AmbiguousSubmit,
}

/// What happens when a paid submission may or may not have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmbiguousSubmit {
    /// The task ends FAILED with `ambiguous-submit`.
    Fail,
    /// It is repeated, at the risk of paying twice.
    Retry,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(30),
            ambiguous_submit: AmbiguousSubmit::Fail,
        }
    }
}

impl RetryPolicy {
    /// The delay before retry `number` (1 for the first), with full jitter: `random` (0 to 1) times
    /// `base_delay · 2^(number − 1)`, bounded by `max_delay`; the service's own wish wins when it
    /// is longer.
    pub fn delay(&self, number: u32, random: f64, retry_after: Option<Duration>) -> Duration {
        let doublings = number.saturating_sub(1).min(31);
        let bound = self.base_delay.saturating_mul(1 << doublings).min(self.max_delay);
        bound.mul_f64(random.clamp(0.0, 1.0)).max(retry_after.unwrap_or_default())
    }
}

/// Services that ask for more patience than this are not waited for.
pub(crate) const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(120);

/// What repeating a submission costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmitSafety {
    /// The service knows repeats by their key.
    Idempotent,
    /// A repeat may be paid again.
    Paid,
    /// Not known before the service was asked which version it speaks.
    Unknown,
}

/// How an exchange failed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Failed {
    Transport(TransportError),
    Status {
        status: u16,
        /// The protocol documents this answer as "nothing was started".
        refused: bool,
        /// The protocol documents this 500 as an outcome that costs nothing.
        reported: bool,
        /// The account has nothing left, and waiting brings nothing.
        exhausted: bool,
        /// What the service itself says about repeating the request.
        repeat: Option<bool>,
    },
    /// A 2xx whose body is not JSON at all.
    Garbled {
        /// The status says that there is a job now.
        accepted: bool,
    },
}

impl Failed {
    /// The service had no room, and started nothing.
    pub(crate) const REFUSED: Self = Self::Status {
        status: 503,
        refused: true,
        reported: false,
        exhausted: false,
        repeat: None,
    };
}

/// What follows a failed exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Repeat; `counts` says whether it counts against `max_attempts`.
    Repeat { counts: bool },
    /// Ask the service which version it speaks, then judge again.
    AskVersion,
    /// The outcome cannot be known.
    Ambiguous,
    /// The failure is final.
    GiveUp,
}

/// Judges a failed submission.
pub(crate) fn after_submit(
    failed: &Failed,
    safety: SubmitSafety,
    ambiguous: AmbiguousSubmit,
) -> Verdict {
    let is_forbidden = matches!(failed, Failed::Status { repeat: Some(false), .. });
    let uncertain = match safety {
        // What must not be repeated may have been paid for all the same.
        SubmitSafety::Paid if is_forbidden || ambiguous == AmbiguousSubmit::Fail => {
            Verdict::Ambiguous
        }
        _ if is_forbidden => Verdict::GiveUp,
        SubmitSafety::Idempotent | SubmitSafety::Paid => Verdict::Repeat { counts: true },
        SubmitSafety::Unknown => Verdict::AskVersion,
    };
    match failed {
        Failed::Transport(error) => match (error.kind, error.sent) {
            (TransportErrorKind::Invalid | TransportErrorKind::TooLarge, _) => Verdict::GiveUp,
            (TransportErrorKind::Callback, Sent::Never) => Verdict::GiveUp,
            (_, Sent::Never) => Verdict::Repeat { counts: true },
            (_, Sent::Maybe) => uncertain,
        },
        Failed::Status { exhausted: true, .. } => Verdict::GiveUp,
        Failed::Status { status: 503, refused: false, .. }
        | Failed::Status { status: 408 | 425 | 502 | 504, .. } => uncertain,
        // One that is documented has an outcome; any other 500 leaves it open.
        Failed::Status { status: 500, reported: true, .. }
            if safety != SubmitSafety::Idempotent =>
        {
            Verdict::GiveUp
        }
        Failed::Status { status: 500, .. } => uncertain,
        Failed::Status { repeat: Some(false), .. } => Verdict::GiveUp,
        Failed::Status { status: 429 | 503, .. } => Verdict::Repeat { counts: false },
        // Refused before any work: then the service's wish to be asked again costs nothing.
        Failed::Status { status: 400..=499, repeat: Some(true), .. } => {
            Verdict::Repeat { counts: true }
        }
        Failed::Status { .. } => Verdict::GiveUp,
        Failed::Garbled { accepted: true } => uncertain,
        Failed::Garbled { accepted: false } => match safety {
            SubmitSafety::Idempotent => Verdict::Repeat { counts: true },
            SubmitSafety::Unknown | SubmitSafety::Paid => Verdict::GiveUp,
        },
    }
}

/// Judges a failed read: repeated on anything that may pass, until the task's deadline.
pub(crate) fn after_read(failed: &Failed) -> Verdict {
    match failed {
        Failed::Transport(error) => match error.kind {
            TransportErrorKind::Invalid | TransportErrorKind::TooLarge => Verdict::GiveUp,
            _ => Verdict::Repeat { counts: false },
        },
        Failed::Status { exhausted: true, .. } | Failed::Status { repeat: Some(false), .. } => {
            Verdict::GiveUp
        }
        Failed::Status { repeat: Some(true), .. } => Verdict::Repeat { counts: false },
        Failed::Status { status: 408 | 425 | 429 | 500 | 502 | 503 | 504, .. } => {
            Verdict::Repeat { counts: false }
        }
        Failed::Status { .. } | Failed::Garbled { .. } => Verdict::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn torn(sent: Sent) -> Failed {
        Failed::Transport(TransportError::new(TransportErrorKind::Torn, sent, "torn"))
    }

    fn status(status: u16) -> Failed {
        Failed::Status { status, refused: false, reported: false, exhausted: false, repeat: None }
    }

    #[test]
    fn delays_double_up_to_their_bound() {
        let policy = RetryPolicy::default();
        let seconds: Vec<f64> = (1..=8).map(|n| policy.delay(n, 1.0, None).as_secs_f64()).collect();
        assert_eq!(seconds, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        assert_eq!(policy.delay(40, 0.5, None).as_secs_f64(), 15.0);
        let wish = Some(Duration::from_secs(7));
        assert_eq!(policy.delay(1, 1.0, wish), Duration::from_secs(7));
        assert_eq!(policy.delay(7, 1.0, wish), Duration::from_secs(30));
    }

    #[test]
    fn a_paid_submission_is_repeated_only_when_it_cannot_have_started() {
        let judge =
            |failed: &Failed| after_submit(failed, SubmitSafety::Paid, AmbiguousSubmit::Fail);
        assert_eq!(judge(&torn(Sent::Never)), Verdict::Repeat { counts: true });
        assert_eq!(judge(&status(429)), Verdict::Repeat { counts: false });
        for failed in [torn(Sent::Maybe), status(408), status(500), status(503), status(504)] {
            assert_eq!(judge(&failed), Verdict::Ambiguous, "{failed:?}");
        }
        assert_eq!(judge(&status(400)), Verdict::GiveUp);
        let answered = |status, reported, repeat| Failed::Status {
            status,
            refused: false,
            reported,
            exhausted: false,
            repeat,
        };
        assert_eq!(judge(&answered(500, true, None)), Verdict::GiveUp);
        assert_eq!(judge(&answered(500, true, Some(false))), Verdict::GiveUp);
        assert_eq!(judge(&answered(429, true, Some(false))), Verdict::GiveUp);
        assert_eq!(judge(&answered(500, false, Some(false))), Verdict::Ambiguous);
        let at_risk = after_submit(
            &answered(504, true, Some(false)),
            SubmitSafety::Paid,
            AmbiguousSubmit::Retry,
        );
        assert_eq!(at_risk, Verdict::Ambiguous, "the user's risk, but not the service's wish");
        assert_eq!(judge(&answered(500, false, Some(true))), Verdict::Ambiguous);
        assert_eq!(judge(&answered(409, true, Some(true))), Verdict::Repeat { counts: true });
    }

    #[test]
    fn reads_are_repeated_on_anything_transient() {
        for failed in [torn(Sent::Maybe), status(500), status(503), status(429)] {
            assert_eq!(after_read(&failed), Verdict::Repeat { counts: false }, "{failed:?}");
        }
        assert_eq!(after_read(&status(404)), Verdict::GiveUp);
    }
}
