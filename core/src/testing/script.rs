//! A transport that answers from a script and notes what it was asked.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Value as Json, json};

use super::{
    ManualClock, form, malformed,
    matching::{is_uuid, mismatch},
};
use crate::{
    error::Result,
    runtime::{
        Body, BodyStream, BoxFuture, Clock, HttpRequest, HttpResponse, Sent, Transport,
        TransportError, TransportErrorKind, lock,
    },
};

/// Answers each request with the first unused exchange that expects it.
pub struct Script {
    clock: Arc<ManualClock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    exchanges: Vec<Exchange>,
    requests: Vec<Json>,
    problems: Vec<String>,
    last_id: String,
}

#[derive(Clone)]
struct Exchange {
    expect: Json,
    reply: Json,
    used: bool,
    /// May stay unused, and answers any number of requests.
    standing: bool,
}

impl Script {
    pub(super) fn new(exchanges: &[Json], clock: Arc<ManualClock>) -> Result<Self> {
        let exchanges = exchanges.iter().map(Exchange::read).collect::<Result<_>>()?;
        Ok(Self { clock, state: Mutex::new(State { exchanges, ..State::default() }) })
    }

    /// Every request so far: `{at, method, url, headers, json|multipart|base64}`, `at` in seconds.
    pub fn requests(&self) -> Vec<Json> {
        lock(&self.state).requests.clone()
    }

    /// What went otherwise than scripted: requests nobody expected, and exchanges never used.
    pub fn problems(&self) -> Vec<String> {
        let state = lock(&self.state);
        let unused = state.exchanges.iter().filter(|exchange| !exchange.used && !exchange.standing);
        let unused = unused.map(|exchange| format!("never happened: {}", exchange.expect));
        state.problems.iter().cloned().chain(unused).collect()
    }

    fn take(&self, request: &HttpRequest) -> Option<Json> {
        let seen = self.describe(request);
        let mut state = lock(&self.state);
        state.requests.push(seen.clone());
        let id =
            request.header("idempotency-key").map(str::to_owned).or_else(|| id_in(&request.url));
        state.last_id = id.unwrap_or_else(|| state.last_id.clone());
        let id = state.last_id.clone();
        let mut first_problem = None;
        for exchange in &mut state.exchanges {
            if exchange.used && !exchange.standing {
                continue;
            }
            match mismatch(&with_id(&exchange.expect, &id), &seen) {
                None => {
                    exchange.used = true;
                    return Some(with_id(&exchange.reply, &id));
                }
                Some(problem) => first_problem = first_problem.or(Some(problem)),
            }
        }
        let why = first_problem.unwrap_or_else(|| "the script is at its end".to_owned());
        state.problems.push(format!(
            "unexpected {} {}: {why}",
            request.method.as_str(),
            request.url
        ));
        None
    }

    fn describe(&self, request: &HttpRequest) -> Json {
        let headers: serde_json::Map<String, Json> =
            request.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let mut seen = json!({
            "at": self.clock.elapsed().as_secs_f64(),
            "method": request.method.as_str(),
            "url": request.url,
            "headers": headers,
        });
        if let Some(members) = seen.as_object_mut()
            && !request.body.is_empty()
        {
            let content_type = request.header("content-type").unwrap_or_default();
            let form = form::parts(content_type, &request.body);
            let json = || serde_json::from_slice::<Json>(&request.body).ok();
            let (kind, body) = match (form, json()) {
                (Some(parts), _) => ("multipart", json!(parts)),
                (None, Some(json)) => ("json", json),
                (None, None) => ("base64", json!(STANDARD.encode(&request.body))),
            };
            members.insert(kind.to_owned(), body);
        }
        seen
    }
}

impl Exchange {
    fn read(json: &Json) -> Result<Self> {
        let reply = json.get("reply").ok_or_else(|| malformed("an exchange has no reply"))?;
        Ok(Self {
            expect: json.get("expect").cloned().unwrap_or_else(|| json!({})),
            reply: reply.clone(),
            used: false,
            standing: json.get("standing").and_then(Json::as_bool).unwrap_or(false),
        })
    }
}

/// Replaces `{id}` by the id of the task that is spoken of.
fn with_id(json: &Json, id: &str) -> Json {
    match json {
        Json::String(text) => json!(text.replace("{id}", id)),
        Json::Array(items) => items.iter().map(|item| with_id(item, id)).collect(),
        Json::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), with_id(value, id))).collect()
        }
        other => other.clone(),
    }
}

fn id_in(url: &str) -> Option<String> {
    url.split('/').find(|segment| is_uuid(segment)).map(str::to_owned)
}

impl Transport for Script {
    fn send(
        &self,
        request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        let taken = self.take(&request);
        let clock = self.clock.clone();
        let on_sent = request.on_sent;
        Box::pin(async move {
            let Some(reply) = taken else {
                let message = "the script has no such exchange";
                let kind = TransportErrorKind::Invalid;
                return Err(TransportError::new(kind, Sent::Never, message));
            };
            for step in reply.get("sent").and_then(Json::as_array).into_iter().flatten() {
                sleep(&*clock, step.get("after")).await;
                if let (Some(listener), Some(bytes)) = (&on_sent, step["bytes"].as_u64()) {
                    listener.sent(bytes);
                }
            }
            sleep(&*clock, reply.get("after")).await;
            match reply.get("fault").and_then(Json::as_str) {
                Some("hang") => std::future::pending().await,
                Some(fault) => Err(transport_error(fault)),
                None => Ok(response(&reply, clock)),
            }
        })
    }
}

async fn sleep(clock: &dyn Clock, seconds: Option<&Json>) {
    let seconds = seconds.and_then(Json::as_f64).unwrap_or(0.0);
    if seconds > 0.0 {
        clock.sleep(Duration::from_secs_f64(seconds)).await;
    }
}

/// `refused`, `dns` and `tls` never left; `torn` and `maybe-refused` (a browser's) may have.
fn transport_error(fault: &str) -> TransportError {
    use TransportErrorKind::{Connect, Invalid, TooLarge, Torn};
    let (kind, sent) = match fault {
        "refused" | "dns" | "tls" => (Connect, Sent::Never),
        "maybe-refused" => (Connect, Sent::Maybe),
        "too-large" => (TooLarge, Sent::Maybe),
        "invalid" => (Invalid, Sent::Never),
        _ => (Torn, Sent::Maybe),
    };
    TransportError::new(kind, sent, format!("scripted fault: {fault}"))
}

fn response(reply: &Json, clock: Arc<ManualClock>) -> HttpResponse {
    let status = reply.get("status").and_then(Json::as_u64).unwrap_or(200);
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in reply.get("headers").and_then(Json::as_object).into_iter().flatten() {
        headers.push((name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned()));
    }
    let body = match reply.get("chunks").and_then(Json::as_array) {
        Some(chunks) => Body::Stream(Box::new(Chunks { chunks: chunks.clone().into(), clock })),
        None => Body::Full(payload(reply)),
    };
    HttpResponse { status: u16::try_from(status).unwrap_or(500), headers, body }
}

/// The bytes of a reply or chunk: `json`, `text`, `base64`, or `event` (a task as one SSE event).
fn payload(part: &Json) -> Bytes {
    if let Some(json) = part.get("json") {
        return Bytes::from(json.to_string());
    }
    if let Some(event) = part.get("event") {
        let id = part.get("id").map(|id| format!("id: {}\n", id.as_str().unwrap_or_default()));
        return Bytes::from(format!("{}event: update\ndata: {event}\n\n", id.unwrap_or_default()));
    }
    if let Some(encoded) = part.get("base64").and_then(Json::as_str) {
        return Bytes::from(STANDARD.decode(encoded).unwrap_or_default());
    }
    Bytes::from(part.get("text").and_then(Json::as_str).unwrap_or_default().to_owned())
}

/// Chunks with pauses; `{"fault": "torn"}` breaks the stream, `{"fault": "hang"}` silences it.
struct Chunks {
    chunks: std::collections::VecDeque<Json>,
    clock: Arc<ManualClock>,
}

impl BodyStream for Chunks {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            let chunk = self.chunks.pop_front()?;
            sleep(&*self.clock, chunk.get("after")).await;
            match chunk.get("fault").and_then(Json::as_str) {
                Some("hang") => std::future::pending().await,
                Some(fault) => Some(Err(transport_error(fault))),
                None => Some(Ok(payload(&chunk))),
            }
        })
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Script({} requests)", lock(&self.state).requests.len())
    }
}
