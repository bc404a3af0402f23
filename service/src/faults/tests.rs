//! Every kind of fault in front of a service that remembers what it was asked, in stopped time.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Body};
use futures_util::{StreamExt, stream};
use http::{Request, Response};
use media_factory_core::{media::MediaType, runtime::lock};
use media_factory_machine_clock::MachineClock;
use media_factory_sandbox::server::{Limits, Server};
use serde_json::{Value as Json, json};
use tokio::{runtime::Handle, time::Instant};

use super::{Faults, HEADER};
use crate::{
    blank::BlankRenderer,
    intake::Intake,
    intercept::{Interceptor, Next, Visit},
    spawner::TokioSpawner,
};

/// Cut where no event ends.
const EVENTS: [&str; 3] =
    ["id: 1\ndata: {\"n\":1}\n", "\nid: 2\ndata: {\"n\":2}\n\nid: 3\n", "data: {\"n\":3}\n\n"];

/// One service with faults; it answers everything with a task, and streams with three events.
struct Stage {
    faults: Faults,
    next: Next,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What a client saw, and how many seconds after it asked.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    /// `None`: no answer at all.
    status: Option<u16>,
    kind: String,
    length: Option<String>,
    body: String,
    /// The body broke off.
    torn: bool,
    seconds: f64,
}

impl Stage {
    async fn with(fault: Json) -> Self {
        let renderer = Arc::new(BlankRenderer::new(Duration::ZERO).unwrap());
        let spawner = Arc::new(TokioSpawner(Handle::current()));
        let clock = Arc::new(MachineClock::new(Handle::current()));
        let server = Server::new(renderer, clock, spawner, Limits::default());
        let asked = Arc::new(Mutex::default());
        let stage = Self {
            faults: Faults::new(server, Intake::new(1 << 20)),
            next: Next(router(Arc::clone(&asked))),
            asked,
        };
        let given = stage.give(&json!([{ "times": null, "fault": fault }])).await;
        assert_eq!(given.status, Some(200), "{}", given.body);
        stage
    }

    /// What the service was asked since this was called last.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.asked))
    }

    async fn give(&self, rules: &Json) -> Seen {
        let request = Request::post("/admin/faults").header("content-type", "application/json");
        self.ask(request, &rules.to_string()).await
    }

    async fn submit(&self) -> Seen {
        self.ask(Request::post("/generate").header("idempotency-key", "a"), "{}").await
    }

    async fn follow(&self) -> Seen {
        self.ask(Request::get("/tasks/a/events"), "").await
    }

    async fn ask(&self, request: http::request::Builder, body: &str) -> Seen {
        self.ask_from("127.0.0.1:9", request, body).await
    }

    async fn ask_from(&self, peer: &str, request: http::request::Builder, body: &str) -> Seen {
        let visit = Visit { medium: MediaType::Image, peer: peer.parse().unwrap() };
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let start = Instant::now();
        let answer = self.faults.intercept(visit, request, self.next.clone()).await;
        let mut seen = match answer {
            Ok(answer) => read(answer).await,
            Err(_) => Seen::default(),
        };
        seen.seconds = start.elapsed().as_secs_f64();
        seen
    }
}

fn router(asked: Arc<Mutex<Vec<String>>>) -> Router {
    Router::new().fallback(async move |request: Request<Body>| {
        lock(&asked).push(format!("{} {}", request.method(), request.uri()));
        let (kind, body) = match request.uri().path().ends_with("/events") {
            true => {
                let chunks = EVENTS.map(Ok::<_, io::Error>);
                ("text/event-stream", Body::from_stream(stream::iter(chunks)))
            }
            false => ("application/json", Body::from(r#"{"task_id": "a"}"#)),
        };
        Response::builder().status(202).header("content-type", kind).body(body).unwrap()
    })
}

async fn read(answer: Response<Body>) -> Seen {
    let header =
        |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let mut seen = Seen {
        status: Some(answer.status().as_u16()),
        kind: header("content-type").unwrap_or_default(),
        length: header("content-length"),
        ..Seen::default()
    };
    let mut chunks = answer.into_body().into_data_stream();
    while let Some(chunk) = chunks.next().await {
        match chunk {
            Ok(chunk) => seen.body.push_str(std::str::from_utf8(&chunk).unwrap()),
            Err(_) => {
                seen.torn = true;
                break;
            }
        }
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn latency_comes_before_or_after_the_work() {
    for when in ["before", "after"] {
        let stage = Stage::with(json!({ "kind": "latency", "seconds": 2, "when": when })).await;
        let mut submission = Box::pin(stage.submit());
        let early = tokio::time::timeout(Duration::from_secs(1), &mut submission).await;
        assert!(early.is_err());
        let known = if when == "before" { vec![] } else { vec!["POST /generate".to_owned()] };
        assert_eq!(stage.asked(), known, "{when}");
        let seen = submission.await;
        assert_eq!((seen.status, seen.seconds.round()), (Some(202), 2.0), "{when}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_status_hides_the_service_or_what_it_did() {
    let status = json!({ "kind": "status", "status": 503, "retry_after": 1.5, "body": "html" });
    let stage = Stage::with(status).await;
    let seen = stage.submit().await;
    assert_eq!((seen.status, &*seen.kind), (Some(503), "text/html; charset=utf-8"));
    assert_eq!(stage.asked(), Vec::<String>::new());

    let stage = Stage::with(json!({ "kind": "status", "status": 504, "when": "after" })).await;
    let told = r#"{"error":{"message":"a fault rule asked for 504"}}"#;
    assert_eq!(stage.submit().await.body, told);
    assert_eq!(stage.asked(), ["POST /generate"]);
}

#[tokio::test(start_paused = true)]
async fn a_drop_is_before_or_after_the_work_or_in_its_answer() {
    let stage = Stage::with(json!({ "kind": "drop", "when": "before" })).await;
    assert_eq!((stage.submit().await.status, stage.asked()), (None, vec![]));

    let stage = Stage::with(json!({ "kind": "drop", "when": "after" })).await;
    assert_eq!(stage.submit().await.status, None);
    assert_eq!(stage.asked(), ["POST /generate"]);

    let stage = Stage::with(json!({ "kind": "drop", "when": "body" })).await;
    let seen = stage.submit().await;
    assert_eq!((seen.status, &*seen.body, seen.torn), (Some(202), r#"{"task_i"#, true));
    assert_eq!(seen.length.as_deref(), Some("16"));
    let seen = stage.follow().await;
    assert_eq!((&*seen.body, seen.torn, seen.length), ("id: 1\ndata", true, None));
}

#[tokio::test(start_paused = true)]
async fn what_stalls_is_silent_and_then_gone() {
    let stage = Stage::with(json!({ "kind": "stall", "when": "head", "seconds": 9 })).await;
    let seen = stage.submit().await;
    assert_eq!((seen.status, seen.seconds.round()), (None, 9.0));
    assert_eq!(stage.asked(), ["POST /generate"]);

    let stage = Stage::with(json!({ "kind": "stall", "when": "body", "seconds": 9 })).await;
    let seen = stage.submit().await;
    assert_eq!((&*seen.body, seen.torn, seen.seconds.round()), (r#"{"task_i"#, true, 9.0));
}

#[tokio::test(start_paused = true)]
async fn json_is_garbled_in_bodies_and_in_events() {
    let stage = Stage::with(json!({ "kind": "json", "how": "torn" })).await;
    let seen = stage.submit().await;
    assert_eq!((&*seen.body, seen.torn), (r#"{"task_i"#, false));
    let seen = stage.follow().await;
    let events = "id: 1\ndata: {\"n\n\nid: 2\ndata: {\"n\n\nid: 3\ndata: {\"n\n\n";
    assert_eq!((&*seen.body, seen.torn), (events, false));

    let stage = Stage::with(json!({ "kind": "json", "how": "wrong" })).await;
    assert_eq!(stage.submit().await.body, r#"{"weather": ["rain"]}"#);

    let stage = Stage::with(json!({ "kind": "json", "how": "html" })).await;
    let seen = stage.follow().await;
    assert_eq!((seen.status, &*seen.kind), (Some(202), "text/html; charset=utf-8"));
    assert!(seen.body.starts_with("<!doctype html>"));
}

#[tokio::test(start_paused = true)]
async fn a_content_type_can_be_wrong() {
    let stage = Stage::with(json!({ "kind": "content-type", "value": "image/webp" })).await;
    let seen = stage.submit().await;
    assert_eq!((&*seen.kind, &*seen.body), ("image/webp", r#"{"task_id": "a"}"#));
}

#[tokio::test(start_paused = true)]
async fn events_come_twice_late_or_in_the_wrong_order() {
    let numbers = |seen: &Seen| -> VecDeque<u32> {
        let lines = seen.body.lines().filter_map(|line| line.strip_prefix("id: "));
        lines.map(|number| number.parse().unwrap()).collect()
    };
    let stage = Stage::with(json!({ "kind": "events", "how": "duplicate" })).await;
    assert_eq!(numbers(&stage.follow().await), [1, 1, 2, 2, 3, 3]);
    let stage = Stage::with(json!({ "kind": "events", "how": "reorder" })).await;
    assert_eq!(numbers(&stage.follow().await), [2, 1, 3]);
    let stage = Stage::with(json!({ "kind": "events", "how": "late", "seconds": 4 })).await;
    let seen = stage.follow().await;
    assert_eq!((numbers(&seen), seen.seconds.round()), ([1, 2, 3].into(), 12.0));
    // What is no stream is left alone.
    assert_eq!(stage.submit().await.body, r#"{"task_id": "a"}"#);
}

#[tokio::test(start_paused = true)]
async fn a_request_can_bring_its_own_fault() {
    let stage = Stage::with(json!({ "kind": "drop", "when": "before" })).await;
    let status = r#"{"fault": {"kind": "status", "status": 418}}"#;
    let request = || Request::get("/health");
    assert_eq!(stage.ask(request().header(HEADER, status), "").await.status, Some(418));
    assert_eq!(stage.ask(request().header(HEADER, "no rule"), "").await.status, Some(400));
    assert_eq!(stage.ask(request(), "").await.status, None);
    assert_eq!(stage.asked(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn only_this_machine_is_heard() {
    let stage = Stage::with(json!({ "kind": "drop", "when": "before" })).await;
    let seen = stage.ask_from("192.0.2.7:9", Request::get("/health"), "").await;
    assert_eq!(seen.status, Some(202));
    let seen = stage.ask_from("192.0.2.7:9", Request::delete("/admin/faults"), "").await;
    assert_eq!((seen.status, stage.asked().len()), (Some(202), 2));
    let seen = stage.ask_from("[::ffff:127.0.0.1]:9", Request::get("/health"), "").await;
    assert_eq!(seen.status, None);
}

#[tokio::test(start_paused = true)]
async fn rules_are_given_shown_and_taken_back() {
    let stage = Stage::with(json!({ "kind": "status", "status": 500 })).await;
    stage.submit().await;
    let seen = stage.ask(Request::get("/admin/faults"), "").await;
    let rules: Json = serde_json::from_str(&seen.body).unwrap();
    assert_eq!((&rules[0]["fault"]["status"], &rules[0]["hit"]), (&json!(500), &json!(1)));
    let counters = stage.ask(Request::get("/admin/counters"), "").await;
    assert_eq!(counters.body, r#"{"generations":{},"submissions":{}}"#);
    assert_eq!(stage.ask(Request::delete("/admin/faults"), "").await.body, "[]");
    stage.submit().await;
    assert_eq!(stage.asked(), ["POST /generate"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_list_of_rules_changes_nothing() {
    let stage = Stage::with(json!({ "kind": "drop", "when": "before" })).await;
    let meteor = json!([{ "fault": { "kind": "meteor" } }]);
    assert_eq!(stage.give(&meteor).await.status, Some(400));
    assert_eq!(stage.give(&json!({ "fault": { "kind": "forget" } })).await.status, Some(400));
    for (request, status) in [
        (Request::post("/admin/faults"), 415),
        (Request::put("/admin/faults"), 405),
        (Request::post("/admin/counters"), 405),
        (Request::get("/admin/keys"), 404),
    ] {
        assert_eq!(stage.ask(request, "[]").await.status, Some(status));
    }
    assert_eq!(stage.submit().await.status, None);
}
