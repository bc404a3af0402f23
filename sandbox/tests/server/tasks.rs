use std::time::Duration;

use media_factory_core::{
    media::MediaType,
    runtime::{Method, lock},
};
use media_factory_sandbox::server::{Caller, Limits, RenderFailure};
use serde_json::{Value as Json, json};

use crate::bench::{Bench, PICTURE, bytes_of, code_of, json_of, picture, request};

#[test]
fn a_task_tells_how_far_it_is() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    assert_eq!(bench.task("a")["status"], "processing");
    bench.clock.jump_to(Duration::from_secs(3));
    lock(&bench.renderer.open)[0].advance(0.25, "rendering");
    let task = bench.task("a");
    assert_eq!((&task["progress"], &task["stage"]), (&json!(0.25), &json!("rendering")));
    assert_eq!(task["eta_seconds"], 9.0);
    assert_eq!(task["updated_at"], "2026-11-22T09:40:03.000Z");
    lock(&bench.renderer.open)[0].advance(0.1, "encoding");
    assert_eq!(bench.task("a")["progress"], 0.25, "progress never falls");
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.task("a").get("stage"), None, "what has ended is in no stage");
}

#[test]
fn small_steps_are_told_to_those_who_wait_long() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let after = |seconds: u64, fraction: f32| {
        bench.clock.jump_to(Duration::from_secs(seconds));
        lock(&bench.renderer.open)[0].advance(fraction, "rendering");
        bench.task("a")["progress"].clone()
    };
    assert_eq!(after(1, 0.0), 0.0);
    assert_eq!(after(2, 0.009), 0.0, "a moment later");
    assert_eq!(after(3, 0.009), 0.009);
    assert_eq!(after(4, 0.0194), 0.019, "a large step is told at once");
    assert_eq!(after(60, 0.0194), 0.019);
    assert_eq!(after(61, 0.02), 0.02);
    assert_eq!(after(62, 0.029), 0.02);
}

#[test]
fn a_finished_task_holds_the_result_and_what_was_made_of_the_wishes() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    bench.finish(Ok(picture(PICTURE)));
    let task = bench.task("a");
    assert_eq!((&task["status"], &task["progress"]), (&json!("completed"), &json!(1.0)));
    assert_eq!(task["log"], json!(["Rendered smaller."]));
    let result = &task["result"];
    assert_eq!((&result["status"], &result["image_id"]), (&json!("success"), &json!("a")));
    assert_eq!(result["url"], "/outputs/a/0.png");
    assert_eq!(
        result["outputs"],
        json!([{
            "url": "/outputs/a/0.png",
            "mime_type": "image/png",
            "role": "image",
            "width": 64,
            "height": 32,
            "bytes": 8,
            "sha256": "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6",
            "seed": 7,
        }])
    );
    let metadata = json!({
        "model": "stable-diffusion",
        "engine": "media-factory-sandbox",
        "requested": { "width": 128, "height": 64 },
        "rendered": { "width": 64, "height": 32 },
        "notes": ["Rendered smaller."],
        "device": "cpu",
        "generation_time_ms": 0,
    });
    assert_eq!(result["metadata"], metadata);
}

#[test]
fn a_reader_that_knows_the_state_is_told_so() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let first = bench.get("/tasks/a");
    let etag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("retry-after"), Some("1"));
    let again = || bench.send(request(Method::Get, "/tasks/a").with_header("if-none-match", &etag));
    let unchanged = again();
    assert_eq!((unchanged.status, bytes_of(&unchanged).len()), (304, 0));
    assert_eq!(unchanged.header("etag"), Some(&*etag));
    bench.finish(Ok(picture(PICTURE)));
    let changed = again();
    assert_eq!((changed.status, changed.header("retry-after")), (200, None));
    assert_ne!(changed.header("etag"), Some(&*etag));
}

#[test]
fn a_key_that_comes_back_after_it_was_forgotten_is_news_to_its_readers() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let known = bench.get("/tasks/a").header("etag").unwrap().to_owned();
    let forgotten = bench.server.forget("a");
    assert!(futures_util::FutureExt::now_or_never(forgotten).unwrap().is_ok());
    bench.submit(&["a"]);
    bench.finish(Ok(picture(PICTURE)));
    let again = request(Method::Get, "/tasks/a").with_header("if-none-match", &known);
    assert_eq!(bench.send(again).status, 200);
    let last_seen = known.trim_matches('"');
    let stream = request(Method::Get, "/tasks/a/events").with_header("last-event-id", last_seen);
    let events = bench.follow(bench.send(stream));
    assert!(lock(&events)[0].contains("event: update"), "{events:?}");
}

#[test]
fn a_cancel_stops_the_work() {
    let bench = Bench::new();
    bench.submit(&["a", "b"]);
    let answer = bench.delete("/tasks/a");
    assert_eq!((answer.status, json_of(&answer)["status"].as_str()), (200, Some("cancelled")));
    assert!(lock(&bench.renderer.open)[0].is_dropped());
    assert_eq!(bench.task("b")["status"], "processing", "the worker goes on with the next");
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.task("a")["status"], "cancelled", "a late result changes nothing");
    let twice = bench.delete("/tasks/a");
    assert_eq!((twice.status, code_of(&twice)), (409, "validation".to_owned()));
}

#[test]
fn a_cancelled_task_in_the_queue_is_never_begun() {
    let bench = Bench::new();
    bench.submit(&["a", "b"]);
    bench.delete("/tasks/b");
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!((bench.rendered(), bench.task("b")["status"].as_str()), (1, Some("cancelled")));
}

#[test]
fn a_failure_says_why() {
    let bench = Bench::new();
    for (failure, code) in [
        (RenderFailure::Unsupported("no".into()), "unsupported"),
        (RenderFailure::Invalid("no".into()), "validation"),
        (RenderFailure::Internal("no".into()), "internal"),
    ] {
        bench.submit(&[code]);
        bench.finish(Err(failure));
        let task = bench.task(code);
        assert_eq!(task["status"], "failed");
        let error = json!({ "code": code, "message": "no", "retryable": false });
        assert_eq!(task["error"], error);
    }
    bench.submit(&["empty"]);
    bench.finish(Ok(media_factory_sandbox::server::RenderedFiles::default()));
    assert_eq!(bench.task("empty")["error"]["code"], "internal");
}

#[test]
fn a_panic_fails_its_own_task_only() {
    let bench = Bench::new();
    *lock(&bench.renderer.panics) = true;
    bench.submit(&["a"]);
    assert_eq!(bench.task("a")["error"]["code"], "internal");
    *lock(&bench.renderer.panics) = false;
    bench.submit(&["b"]);
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.task("b")["status"], "completed");
}

#[test]
fn lists_are_newest_first_in_pages() {
    let bench = Bench::new();
    bench.submit(&["a", "b", "c"]);
    bench.finish(Ok(picture(PICTURE)));
    let list = |query: &str| {
        let list = json_of(&bench.get(&format!("/tasks{query}")));
        let ids: Vec<String> = list["tasks"].as_array().unwrap().iter().map(id).collect();
        (ids.concat(), list["next"].clone())
    };
    assert_eq!(list(""), ("cba".to_owned(), Json::Null));
    assert_eq!(list("?limit=2"), ("cb".to_owned(), json!("b")));
    assert_eq!(list("?limit=2&after=b"), ("a".to_owned(), Json::Null));
    assert_eq!(list("?status=completed"), ("a".to_owned(), Json::Null));
    assert_eq!(list("?status=pending"), ("c".to_owned(), Json::Null));
    assert_eq!(list("?status=processing"), ("b".to_owned(), Json::Null));
    assert_eq!(list("?status=processing&after=a"), (String::new(), Json::Null));
    bench.delete("/tasks/b");
    bench.submit(&["d"]);
    assert_eq!(list("?status=processing"), ("c".to_owned(), Json::Null));
    assert_eq!(list("?status=pending&limit=1"), ("d".to_owned(), Json::Null));
    assert_eq!(bench.get("/tasks?after=unknown").status, 404);
    assert_eq!(bench.get("/tasks?status=done").status, 400);
    assert_eq!(bench.get("/tasks?limit=0").status, 400);
}

fn id(task: &Json) -> String {
    task["task_id"].as_str().unwrap().to_owned()
}

#[test]
fn each_medium_sees_its_own_tasks() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let voice = |request| {
        let answer = bench.server.handle(&Caller::default(), MediaType::Voice, request);
        futures_util::FutureExt::now_or_never(answer).unwrap()
    };
    assert_eq!(voice(request(Method::Get, "/tasks/a")).status, 404);
    assert_eq!(voice(request(Method::Delete, "/tasks/a")).status, 404);
    let list = voice(request(Method::Get, "/tasks"));
    assert_eq!(json_of(&list)["tasks"], json!([]));
    assert_eq!(bench.task("a")["status"], "processing");
}

#[test]
fn finished_tasks_are_forgotten_after_a_day_or_past_the_limit_and_running_ones_never() {
    let bench = Bench::with_limits(Limits { workers: 2, history: 2, ..Limits::default() });
    bench.submit(&["slow", "a"]);
    let slow = lock(&bench.renderer.open).remove(0);
    bench.finish(Ok(picture(PICTURE)));
    bench.clock.jump_to(Duration::from_secs(24 * 3600 + 1));
    bench.submit(&["b"]);
    assert_eq!(bench.get("/tasks/a").status, 404);
    assert_eq!(bench.get("/outputs/a/0.png").status, 404);
    bench.finish(Ok(picture(PICTURE)));
    for key in ["c", "d", "e"] {
        bench.submit(&[key]);
        bench.finish(Ok(picture(PICTURE)));
    }
    let there = |id: &str| bench.get(&format!("/tasks/{id}")).status == 200;
    assert!(!there("b") && !there("c") && there("d") && there("e"));
    assert!(there("slow") && !slow.is_dropped());
    bench.clock.jump_to(Duration::from_secs(48 * 3600 + 2));
    assert!(there("d"), "nobody asked for anything");
    bench.server.sweep();
    bench.executor.run_until_stalled();
    assert!(!there("d") && !there("e") && there("slow"));
}
