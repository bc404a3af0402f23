//! Clients that know no tasks: `version_0.json` says what they get for what they send.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use media_factory_core::{
    media::MediaType,
    runtime::{HttpRequest, Method, lock},
    testing::mismatch,
};
use media_factory_sandbox::server::{Extent, Limits, RenderFailure, RenderedFile, RenderedFiles};
use serde_json::{Value as Json, json};

use crate::{
    bench::{Bench, Outcome, PICTURE, json_of, picture, request},
    depot::Depot,
};

fn post(case: &Json) -> HttpRequest {
    let post = &case["post"];
    let mut request = request(Method::Post, post["path"].as_str().unwrap());
    if let Some(kind) = post.get("type").map_or(Some("application/json"), Json::as_str) {
        request = request.with_header("content-type", kind);
    }
    let text = post["text"].as_str().map_or_else(|| post["json"].to_string(), str::to_owned);
    request.body = Bytes::from(text);
    request
}

/// A file of two and a half seconds with eight pictures in each.
fn timed(mime_type: &str, extension: &str, codec: &str) -> RenderedFiles {
    let extent = Extent { fps: Some(8.0), duration: Some(2.5), ..Extent::default() };
    RenderedFiles {
        files: vec![RenderedFile {
            bytes: Bytes::from_static(PICTURE),
            mime_type: mime_type.to_owned(),
            extension: extension.to_owned(),
            duration: Some(2.5),
            codec: Some(codec.to_owned()),
            seed: 7,
            ..RenderedFile::default()
        }],
        requested: extent,
        rendered: extent,
        notes: Vec::new(),
    }
}

fn outcome(name: &str) -> Outcome {
    match name {
        "picture" => Ok(picture(PICTURE)),
        "film" => Ok(timed("video/mp4", "mp4", "H.264")),
        "speech" => Ok(timed("audio/wav", "wav", "PCM")),
        _ => Err(RenderFailure::Unsupported("cannot".into())),
    }
}

fn check(case: &Json) {
    let bench = Bench::new().for_medium(MediaType::from_name(case["medium"].as_str().unwrap()));
    let answer = bench.start(post(case));
    bench.executor.run_until_stalled();
    if let Some(render) = case["render"].as_str() {
        assert!(lock(&answer).is_none(), "it waits for the result");
        bench.clock.jump_to(Duration::from_millis(1500));
        while lock(&answer).is_none() {
            bench.finish(outcome(render));
        }
    }
    let answer = lock(&answer).take().expect("an answer");
    let body = json_of(&answer);
    assert_eq!(answer.status, case["status"], "{body}");
    if let Some(exactly) = case.get("exactly") {
        assert_eq!(body, *exactly);
    }
    if let Some(expected) = case.get("json") {
        assert_eq!(mismatch(expected, &body), None, "{body}");
    }
    if let Some(order) = case.get("order") {
        let asked = json!(lock(&bench.renderer.orders)[0].parameters);
        assert_eq!(mismatch(order, &asked), None, "{asked}");
    } else if case["render"].is_null() {
        assert_eq!(bench.rendered(), 0);
    }
    if let Some(kind) = case["file"].as_str() {
        let file = bench.get(body["url"].as_str().unwrap());
        assert_eq!((file.status, file.header("content-type")), (200, Some(kind)));
    }
}

#[test]
fn every_row_of_the_table_holds() {
    let table: Vec<Json> = serde_json::from_str(include_str!("version_0.json")).unwrap();
    for case in &table {
        let about = case["about"].as_str().unwrap();
        if std::panic::catch_unwind(|| check(case)).is_err() {
            panic!("{about}");
        }
    }
}

#[test]
fn a_client_that_goes_away_does_not_stop_the_work() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    let plain = json!({ "post": { "path": "/generate", "json": { "prompt": "a lake" } } });
    let keyed = post(&plain).with_header("idempotency-key", "a");
    {
        let mut answer = bench.server.handle(&Default::default(), MediaType::Image, keyed.clone());
        let waker = futures_util::task::noop_waker();
        assert!(answer.as_mut().poll(&mut std::task::Context::from_waker(&waker)).is_pending());
    }
    bench.executor.run_until_stalled();
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.task("a")["status"], "completed");
    let again = bench.send(keyed);
    assert_eq!((again.status, &json_of(&again)["image_id"]), (200, &json!("a")));
    assert_eq!(bench.rendered(), 1);
}

#[test]
fn a_failed_batch_stops_what_is_left_of_it_and_a_full_queue_refuses_all_of_it() {
    let bench = Bench::with_limits(Limits { workers: 2, queue: 1, ..Limits::default() });
    let requests = |count: usize| {
        let requests: Vec<Json> = (0..count).map(|_| json!({ "prompt": "a lake" })).collect();
        post(&json!({ "post": { "path": "/generate/batch", "json": { "requests": requests } } }))
    };
    let full = bench.send(requests(4));
    assert_eq!((full.status, full.header("retry-after"), bench.rendered()), (503, Some("1"), 0));
    let answer = bench.start(requests(3));
    bench.executor.run_until_stalled();
    bench.finish(Err(RenderFailure::Invalid("no".into())));
    assert_eq!(json_of(&lock(&answer).take().unwrap()), json!({ "detail": "no" }));
    assert!(lock(&bench.renderer.open)[0].is_dropped());
    let list = json_of(&bench.get("/tasks?status=cancelled"));
    assert_eq!(list["tasks"].as_array().unwrap().len(), 2);
}

#[test]
fn what_was_sent_does_not_stay_in_memory_while_its_sender_waits() {
    let one = json!({ "prompt": "a lake" }).to_string();
    let many = json!({ "requests": [{ "prompt": "a lake" }] }).to_string();
    for (path, body) in [("/generate", one), ("/generate/batch", many)] {
        let bench = Bench::new();
        let body = Bytes::from(body);
        let mut sent = request(Method::Post, path).with_header("content-type", "application/json");
        sent.body = body.clone();
        let answer = bench.start(sent);
        bench.executor.run_until_stalled();
        assert!(lock(&answer).is_none() && body.is_unique(), "{path}");
        bench.finish(Ok(picture(PICTURE)));
        assert_eq!(lock(&answer).take().unwrap().status, 200, "{path}");
    }
}
