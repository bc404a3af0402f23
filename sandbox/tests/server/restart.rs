//! A server that was stopped or killed, and the next one on the same storage.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::FutureExt;
use media_factory_core::runtime::{Method, lock};
use media_factory_sandbox::server::{Limits, RenderFailure};
use serde_json::{Value as Json, json};

use crate::{
    bench::{Bench, PICTURE, bytes_of, code_of, json_of, picture, request, submission},
    depot::Depot,
};

#[test]
fn every_state_survives() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["completed", "failed", "running", "first", "second"]);
    bench.finish(Ok(picture(PICTURE)));
    bench.finish(Err(RenderFailure::Unsupported("no".into())));
    for id in ["cancelled", "tombstone"] {
        if id == "cancelled" {
            bench.submit(&[id]);
        }
        assert_eq!(bench.delete(&format!("/tasks/{id}")).status, 200);
    }
    let ended = ["completed", "failed", "cancelled", "tombstone"];
    let before: Vec<Json> = ended.iter().map(|id| bench.task(id)).collect();
    drop(bench);

    let bench = Bench::on(&depot);
    let mut after: Vec<Json> = ended.iter().map(|id| bench.task(id)).collect();
    // How far unfinished work was is not kept.
    after[1]["progress"] = before[1]["progress"].clone();
    after[2]["progress"] = before[2]["progress"].clone();
    assert_eq!(after, before);
    assert_eq!(bytes_of(&bench.get("/outputs/completed/0.png")), PICTURE);
    let late = bench.generate("tombstone", &json!({ "prompt": "a lake" }));
    assert_eq!((late.status, code_of(&late)), (409, "cancelled".to_owned()));
    for key in ["completed", "running", "second"] {
        assert_eq!(bench.generate(key, &json!({ "prompt": "a lake" })).status, 202, "{key}");
        assert_eq!(bench.generate(key, &json!({ "prompt": "a city" })).status, 409, "{key}");
    }
    let statuses = ["running", "first", "second"].map(|id| bench.task(id)["status"].clone());
    assert_eq!(statuses, ["processing", "pending", "pending"]);
    for _ in 0..3 {
        bench.finish(Ok(picture(PICTURE)));
    }
    let counters = bench.server.counters();
    for key in ["completed", "running", "first", "second"] {
        assert_eq!(bench.task(key)["status"], "completed", "{key}");
        assert_eq!(counters[key].generations, 1, "{key}");
    }
    assert_eq!(depot.file_count(), 1, "the same picture is kept once");
}

#[test]
fn the_queue_goes_on_in_its_old_order_with_the_same_seeds_and_inputs() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot).for_films();
    let mut upload = request(Method::Post, "/uploads");
    upload.body = Bytes::from_static(PICTURE);
    let url = json_of(&bench.send(upload))["url"].clone();
    let keys = ["e", "d", "c", "b"];
    for key in keys {
        let film = json!({ "prompt": key, "images": [url, "data:image/png;base64,iVBORw0KGgo="] });
        assert_eq!(bench.generate(key, &film).status, 202);
    }
    let first_order = lock(&bench.renderer.orders)[0].clone();
    drop(bench);
    let limits = Limits { workers: 4, ..Limits::default() };
    let bench = Bench::started(&depot, limits).unwrap().for_films();
    let orders = lock(&bench.renderer.orders).clone();
    assert_eq!(orders[0], first_order);
    let prompts: Vec<_> = orders.iter().map(|order| order.parameters["prompt"].clone()).collect();
    assert_eq!(prompts, keys);
    assert!(orders.iter().all(|order| order.inputs["images[0]"] == PICTURE));
    assert!(orders.iter().all(|order| order.inputs["images[1]"] == PICTURE));
    assert_eq!(bytes_of(&bench.get(url.as_str().unwrap())), PICTURE);
}

/// Killed between the renderer's end and the storage's: the task is rendered again, because nothing
/// of it was kept, and counted once.
#[test]
fn a_server_that_dies_while_a_result_is_kept_renders_it_again() {
    for call in ["put", "save completed a"] {
        let depot = Arc::new(Depot::default());
        let bench = Bench::on(&depot);
        bench.submit(&["a"]);
        depot.hold(call);
        bench.finish(Ok(picture(PICTURE)));
        drop(bench);
        let bench = Bench::on(&depot);
        assert_eq!(bench.rendered(), 1, "{call}");
        assert_eq!(depot.file_count(), 0, "what belongs to nothing is removed: {call}");
        bench.finish(Ok(picture(PICTURE)));
        assert_eq!(bench.server.counters()["a"].generations, 1, "{call}");
    }
}

#[test]
fn revisions_never_go_back() {
    let depot = Arc::new(Depot::default());
    let mut last = 0;
    for life in 1..=3 {
        let bench = Bench::on(&depot);
        if life == 1 {
            bench.submit(&["a", "b"]);
        }
        for id in ["a", "b"] {
            let etag = bench.get(&format!("/tasks/{id}")).header("etag").unwrap().to_owned();
            let revision: u64 = etag.trim_matches('"').parse().unwrap();
            assert!(revision > last, "{revision} in life {life}");
        }
        last = (life << 32) + 1000;
        let stream = request(Method::Get, "/tasks/a/events");
        let stream = stream.with_header("last-event-id", ((life - 1) << 32).to_string());
        let told = bench.follow(bench.send(stream));
        assert!(lock(&told)[0].contains("processing"));
        lock(&bench.renderer.open)[0].advance(0.5, "rendering");
    }
}

#[test]
fn a_storage_that_cannot_note_the_start_starts_nothing() {
    let depot = Arc::new(Depot::default());
    depot.fail("save start");
    let error = Bench::started(&depot, Limits::default()).err().unwrap();
    assert_eq!(error.message, "the disk is full");
}

#[test]
fn limits_hold_for_what_a_former_life_left() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    let pictures = [("a", PICTURE), ("b", b"\x89PNG\r\n\x1a\nb"), ("c", b"\x89PNG\r\n\x1a\nc")];
    for (second, (key, bytes)) in (1..).zip(pictures) {
        bench.submit(&[key]);
        bench.finish(Ok(picture(bytes)));
        bench.clock.jump_to(Duration::from_secs(second));
    }
    drop(bench);
    let limits = Limits { history: 2, output_bytes: 10, ..Limits::default() };
    let bench = Bench::started(&depot, limits).unwrap();
    let status = |path: &str| bench.get(path).status;
    assert_eq!((status("/tasks/a"), status("/tasks/b"), status("/tasks/c")), (404, 200, 200));
    assert_eq!((status("/outputs/b/0.png"), status("/outputs/c/0.png")), (404, 200));
    assert_eq!((depot.kept("a"), depot.file_count()), (None, 1));
}

#[test]
fn a_closed_server_loses_nothing() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["running", "waiting"]);
    let stream = bench.follow(bench.get("/tasks/waiting/events"));
    let plain = request(Method::Post, "/generate").with_header("content-type", "application/json");
    let mut plain = plain.with_header("idempotency-key", "plain");
    plain.body = Bytes::from_static(b"{\"prompt\": \"a lake\"}");
    let waiting = bench.start(plain);
    depot.hold("save pending late");
    let late = bench.start(submission("late", &json!({ "prompt": "a lake" })));
    bench.executor.run_until_stalled();
    let mut shutdown = Box::pin(bench.server.shutdown());
    assert!((&mut shutdown).now_or_never().is_none(), "something is being kept");
    depot.go_on();
    bench.executor.run_until_stalled();
    assert!(shutdown.now_or_never().is_some());
    assert_eq!(lock(&late).take().unwrap().status, 202);
    assert_eq!(lock(&waiting).take().unwrap().status, 503);
    assert_eq!(lock(&stream).last().unwrap(), "END");
    assert!(lock(&bench.renderer.open)[0].is_dropped());
    let refused = bench.generate("new", &json!({ "prompt": "a lake" }));
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("1")));
    assert_eq!(bench.generate("late", &json!({ "prompt": "a lake" })).status, 202);
    drop(bench);
    let bench = Bench::started(&depot, Limits { workers: 9, ..Limits::default() }).unwrap();
    for key in ["running", "waiting", "plain", "late"] {
        assert_eq!(bench.task(key)["status"], "processing", "{key}");
    }
}

#[test]
fn a_forgotten_task_is_one_that_never_was() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["a", "b"]);
    bench.finish(Ok(picture(PICTURE)));
    for id in ["a", "b"] {
        bench.server.forget(id).now_or_never().unwrap().unwrap();
        assert_eq!((bench.get(&format!("/tasks/{id}")).status, depot.kept(id)), (404, None));
    }
    assert_eq!(depot.file_count(), 0);
    bench.executor.run_until_stalled();
    assert!(lock(&bench.renderer.open)[0].is_dropped());
    bench.submit(&["a"]);
    assert_eq!((bench.rendered(), bench.server.counters()["a"].submissions), (3, 2));
}
