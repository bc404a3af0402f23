//! Simulated trouble: a transport around the sandbox's that fails as networks and services do, so
//! that applications can test what they do then.
//!
//! Every decision is a hash of the seed, of what the task was submitted with, of the exchange, and
//! of how often that exchange was tried before. So the order of calls changes nothing, and the same
//! seed tells the same story. The engine behind it is untroubled: what fails is repeated, given up
//! or found again by the same code as on a network.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::{
    config::Trouble,
    number::written,
    runtime::{
        Body, BodyStream, BoxFuture, Clock, HttpRequest, HttpResponse, Method, Sent, Transport,
        TransportError, TransportErrorKind, lock,
    },
};

/// So many tasks are told apart; of the oldest beyond that the story begins anew.
const MOST_STORIES: usize = 10_000;

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
        let exchange = lock(&self.stories).enter(request);
        let drawn = |what: &str| exchange.draw(self.trouble.seed, what);
        let (least, most) = self.trouble.latency;
        let latency = least + most.saturating_sub(least).mul_f64(drawn("latency"));
        let mishap = if exchange.is_submission && drawn("limit") < self.trouble.rate_limit {
            Some(Mishap::Limited)
        } else if drawn("failure") < self.trouble.failure_rate {
            Some(match drawn("kind") {
                kind if kind < 0.25 => Mishap::Refused,
                kind if kind < 0.5 => Mishap::Unavailable,
                kind if kind < 0.75 => Mishap::Lost,
                _ => Mishap::Torn,
            })
        } else {
            None
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

/// How often each exchange of each task was tried.
#[derive(Debug, Default)]
struct Stories {
    known: BTreeMap<Arc<str>, Story>,
    /// The oldest first.
    by_age: VecDeque<Arc<str>>,
}

/// One task, or one exchange that belongs to none.
#[derive(Debug)]
struct Story {
    /// The digest of what was submitted.
    subject: Arc<str>,
    tries: BTreeMap<String, u32>,
}

/// One try of one exchange.
struct Try {
    subject: Arc<str>,
    exchange: String,
    number: u32,
    is_submission: bool,
}

impl Stories {
    /// Counts the request as a try of its exchange.
    fn enter(&mut self, request: &HttpRequest) -> Try {
        let key = request.header("idempotency-key");
        let path = path_of(&request.url);
        let named = path.split('/').find(|segment| self.known.contains_key(*segment));
        let (name, exchange) = match key.or(named) {
            Some(id) => {
                let names = path.split('/').map(|name| if name == id { "{id}" } else { name });
                (Arc::from(id), names.collect::<Vec<_>>().join("/"))
            }
            // An upload has no task, so that its bytes tell it apart from others.
            None => (Arc::from(format!("{path} {}", digest(&request.body))), path.to_owned()),
        };
        let exchange = format!("{} {exchange}", request.method.as_str());
        if !self.known.contains_key(&name) {
            self.begin(name.clone(), request);
        }
        let (mut subject, mut number) = (Arc::from(""), 1);
        if let Some(story) = self.known.get_mut(&name) {
            let tries = story.tries.entry(exchange.clone()).or_default();
            *tries += 1;
            (subject, number) = (story.subject.clone(), *tries);
        }
        Try { subject, exchange, number, is_submission: key.is_some() }
    }

    fn begin(&mut self, name: Arc<str>, request: &HttpRequest) {
        if self.by_age.len() >= MOST_STORIES
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.by_age.push_back(name.clone());
        let subject = match serde_json::from_slice::<Json>(&request.body) {
            Ok(parameters) => digest(canonical(parameters).to_string().as_bytes()),
            Err(_) => digest(&request.body),
        };
        self.known.insert(name, Story { subject: subject.into(), tries: BTreeMap::new() });
    }
}

impl Try {
    /// A number from 0 (included) to 1 (excluded), always the same for the same words.
    fn draw(&self, seed: u64, what: &str) -> f64 {
        let Self { subject, exchange, number, .. } = self;
        let digest = Sha256::digest(format!("{seed}\n{subject}\n{exchange}\n{number}\n{what}"));
        let bits = digest.iter().take(7).fold(0, |bits, byte| (bits << 8) | u64::from(*byte));
        #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let share = (bits >> 3) as f64 / (1_u64 << 53) as f64;
        share
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// What follows the host in a URL, without the query.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    path.split(['?', '#']).next().unwrap_or_default()
}

/// JSON in one form: members are sorted, and a number is the same whether it came as an integer or
/// not, because languages differ in that.
fn canonical(json: Json) -> Json {
    match json {
        Json::Number(number) => {
            let written = written(number.as_f64().unwrap_or_default());
            Json::from(written)
        }
        Json::Array(items) => items.into_iter().map(canonical).collect(),
        Json::Object(members) => {
            members.into_iter().map(|(name, value)| (name, canonical(value))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(id: &str, parameters: &Json) -> HttpRequest {
        let mut request = HttpRequest::new(Method::Post, "sandbox://image/generate")
            .with_header("idempotency-key", id);
        request.body = Bytes::from(parameters.to_string());
        request
    }

    fn draws(stories: &mut Stories, request: &HttpRequest, times: usize) -> Vec<f64> {
        (0..times).map(|_| stories.enter(request).draw(7, "failure")).collect()
    }

    #[test]
    fn a_story_depends_on_the_parameters_and_not_on_the_task_or_the_order() {
        let fox = |id| submission(id, &json!({ "prompt": "a fox", "seed": 1 }));
        let owl = |id| submission(id, &json!({ "prompt": "an owl" }));
        let mut first = Stories::default();
        let (of_fox, of_owl) = (draws(&mut first, &fox("a"), 5), draws(&mut first, &owl("b"), 5));
        let mut second = Stories::default();
        assert_eq!(draws(&mut second, &owl("x"), 5), of_owl);
        assert_eq!(draws(&mut second, &fox("y"), 2), of_fox[..2]);
        assert_eq!(draws(&mut second, &fox("z"), 5), of_fox);
        assert_eq!(draws(&mut second, &fox("y"), 3), of_fox[2..]);
        assert_ne!(of_fox, of_owl);
    }

    #[test]
    fn what_follows_a_submission_is_of_its_story() {
        let of = |id: &str, seed: Json| {
            let mut stories = Stories::default();
            stories.enter(&submission(id, &json!({ "prompt": "a fox", "seed": seed })));
            let url = format!("sandbox://image/outputs/{id}/0.png");
            draws(&mut stories, &HttpRequest::new(Method::Get, url), 3)
        };
        assert_eq!(of("a", json!(1)), of("b", json!(1.0)));
        assert_ne!(of("a", json!(1)), of("a", json!(2)));
    }

    #[test]
    fn draws_are_spread_evenly() {
        let draw = |number| {
            let exchange = "POST generate".to_owned();
            let subject = Arc::from("x");
            Try { subject, exchange, number, is_submission: true }.draw(1, "failure")
        };
        let draws: Vec<f64> = (0..10_000).map(draw).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        for tenth in 0..10 {
            let from = f64::from(tenth) / 10.0;
            let inside = draws.iter().filter(|draw| (from..from + 0.1).contains(*draw)).count();
            assert!((900..1100).contains(&inside), "{inside} from {from}");
        }
    }

    #[test]
    fn the_oldest_stories_are_forgotten() {
        let mut stories = Stories::default();
        for id in 0..MOST_STORIES + 5 {
            stories.enter(&submission(&id.to_string(), &json!({})));
        }
        assert_eq!((stories.known.len(), stories.by_age.len()), (MOST_STORIES, MOST_STORIES));
        assert!(!stories.known.contains_key("4") && stories.known.contains_key("5"));
    }
}
