//! Simulated trouble: a transport around the sandbox's that fails as networks and services do, so
//! that applications can test what they do then.
//!
//! Every decision is a hash of the seed, of what the task was submitted with, of the exchange, and
//! of how often that exchange was tried before. So the order of calls changes nothing, and the same
//! seed tells the same story. An upload only takes its time: several tasks may need it, and its
//! failure would hit whichever came first. The engine behind it is untroubled: what fails is
//! repeated, given up or found again by the same code as on a network.

mod story;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use serde_json::json;

use self::story::{Role, Stories};
use crate::{
    config::Trouble,
    runtime::{
        Body, BodyStream, BoxFuture, Clock, HttpRequest, HttpResponse, Method, Sent, Transport,
        TransportError, TransportErrorKind, lock,
    },
};

/// What `Retry-After` says, in seconds.
const RETRY_AFTER: &str = "1";

/// Carries exchanges as another transport does, but for those that are to fail.
#[derive(Debug)]
pub(crate) struct Troubled {
    carrier: Arc<dyn Transport>,
    trouble: Trouble,
    clock: Arc<dyn Clock>,
    stories: Mutex<Stories>,
}

/// What becomes of one exchange.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Fate {
    /// How long it takes, half before it is carried and half before its answer.
    latency: Duration,
    mishap: Option<Mishap>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    /// 429: nothing was started.
    Limited,
    /// There is no connection.
    Refused,
    /// 503: nothing was started.
    Unavailable,
    /// The connection breaks before the request has arrived, but nobody can know that.
    Lost,
    /// The request is carried; its answer breaks off.
    Torn,
}

impl Troubled {
    pub(crate) fn around(
        carrier: Arc<dyn Transport>,
        trouble: Trouble,
        clock: Arc<dyn Clock>,
    ) -> Arc<dyn Transport> {
        Arc::new(Self { carrier, trouble, clock, stories: Mutex::default() })
    }

    fn fate_of(&self, request: &HttpRequest) -> Fate {
        let this_try = lock(&self.stories).enter(request);
        let drawn = |what: &str| this_try.draw(self.trouble.seed, what);
        let (least, most) = self.trouble.latency;
        let latency = least + most.saturating_sub(least).mul_f64(drawn("latency"));
        let is_limited = || drawn("limit") < self.trouble.rate_limit;
        let fails = || drawn("failure") < self.trouble.failure_rate;
        let mishap = match this_try.role {
            Role::Upload => None,
            Role::Submission if is_limited() => Some(Mishap::Limited),
            Role::Submission | Role::Other if fails() => Some(match drawn("kind") {
                kind if kind < 0.25 => Mishap::Refused,
                kind if kind < 0.5 => Mishap::Unavailable,
                kind if kind < 0.75 => Mishap::Lost,
                _ => Mishap::Torn,
            }),
            Role::Submission | Role::Other => None,
        };
        Fate { latency: Duration::from_millis(millis(latency)), mishap }
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl Transport for Troubled {
    fn send(
        &self,
        request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        let Fate { latency, mishap } = self.fate_of(&request);
        let (carrier, clock) = (self.carrier.clone(), self.clock.clone());
        Box::pin(async move {
            let pause = || async {
                if !latency.is_zero() {
                    clock.sleep(latency / 2).await;
                }
            };
            pause().await;
            let is_read = request.method == Method::Get;
            let outcome = match mishap {
                None => carrier.send(request).await,
                Some(Mishap::Limited) => Ok(refusal(429, "rate-limited", "too many requests")),
                Some(Mishap::Unavailable) => Ok(refusal(503, "service-failed", "unavailable")),
                Some(Mishap::Refused) => Err(TransportError::new(
                    TransportErrorKind::Connect,
                    Sent::Never,
                    "connection refused (simulated trouble)",
                )),
                Some(Mishap::Lost) => Err(torn()),
                Some(Mishap::Torn) => match carrier.send(request).await {
                    Ok(response) if is_read => Ok(cut(response)),
                    Ok(_) => Err(torn()),
                    Err(error) => Err(error),
                },
            };
            pause().await;
            outcome
        })
    }
}

fn torn() -> TransportError {
    let message = "the connection broke (simulated trouble)";
    TransportError::new(TransportErrorKind::Torn, Sent::Maybe, message)
}

/// An answer that says that nothing was started.
fn refusal(status: u16, code: &str, message: &str) -> HttpResponse {
    let message = format!("{message} (simulated trouble)");
    let body = json!({ "error": { "code": code, "message": message, "retryable": true } });
    HttpResponse {
        status,
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("retry-after".to_owned(), RETRY_AFTER.to_owned()),
        ],
        body: Body::Full(Bytes::from(body.to_string())),
    }
}

/// The response with a body that breaks off in the middle of its first chunk.
fn cut(mut response: HttpResponse) -> HttpResponse {
    let whole = std::mem::replace(&mut response.body, Body::Full(Bytes::new()));
    response.body = Body::Stream(Box::new(CutBody(Some(whole))));
    response
}

/// Half of a body's first chunk, and then nothing but the error.
struct CutBody(Option<Body>);

impl BodyStream for CutBody {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            let Some(mut body) = self.0.take() else { return Some(Err(torn())) };
            Some(match body.next().await {
                Some(Ok(chunk)) => Ok(chunk.slice(..chunk.len() / 2)),
                Some(Err(error)) => Err(error),
                None => Err(torn()),
            })
        })
    }
}
