use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use media_factory_core::runtime::{HttpRequest, Method, lock};
use media_factory_sandbox::server::{Limits, RenderFailure};
use serde_json::{Value as Json, json};

use crate::bench::{Bench, PICTURE, picture, request};

/// The events of a stream so far as `(id, task)`.
fn events(chunks: &[String]) -> Vec<(String, Json)> {
    let text = chunks.concat();
    let blocks = text.split("\n\n").filter(|block| block.contains("data: "));
    let event = |block: &str| {
        let field = |name: &str| {
            let line = block.lines().find(|line| line.starts_with(name));
            line.map_or(String::new(), |line| line[name.len()..].to_owned())
        };
        assert_eq!(field("event: "), "update");
        (field("id: "), serde_json::from_str(&field("data: ")).unwrap())
    };
    blocks.map(event).collect()
}

fn statuses(chunks: &[String]) -> Vec<String> {
    let status = |(_, task): &(String, Json)| task["status"].as_str().unwrap().to_owned();
    events(chunks).iter().map(status).collect()
}

#[test]
fn a_stream_tells_every_change_and_ends_with_the_task() {
    let bench = Bench::new();
    bench.submit(&["first", "a"]);
    let stream = bench.get("/tasks/a/events");
    assert_eq!(stream.header("content-type"), Some("text/event-stream"));
    let chunks = bench.follow(stream);
    bench.finish(Ok(picture(PICTURE)));
    lock(&bench.renderer.open)[0].advance(0.5, "rendering");
    bench.executor.run_until_stalled();
    bench.finish(Ok(picture(PICTURE)));
    let chunks = lock(&chunks);
    assert_eq!(statuses(&chunks), ["pending", "processing", "processing", "completed"]);
    let events = events(&chunks);
    let ids: Vec<u64> = events.iter().map(|(id, _)| id.parse().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(events[2].1["progress"], 0.5);
    assert_eq!(events[3].1["result"]["status"], "success");
    assert_eq!(chunks.last().unwrap(), "END");
}

#[test]
fn a_resumed_stream_leaves_out_what_is_known() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let resume = |id: &str| {
        bench.send(request(Method::Get, "/tasks/a/events").with_header("last-event-id", id))
    };
    let (known, behind) = (bench.follow(resume("2")), bench.follow(resume("1")));
    assert!(lock(&known).is_empty());
    assert_eq!(statuses(&lock(&behind)), ["processing"]);
    bench.finish(Err(RenderFailure::Invalid("no".into())));
    assert_eq!(statuses(&lock(&known)), ["failed"]);
    assert_eq!(*lock(&bench.follow(resume("3"))), ["END"]);
    assert_eq!(statuses(&lock(&bench.follow(resume("nonsense")))), ["failed"]);
}

#[test]
fn a_silent_stream_says_that_it_lives() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let chunks = bench.follow(bench.get("/tasks/a/events"));
    for second in [14, 15, 30] {
        bench.clock.jump_to(Duration::from_secs(second));
        bench.executor.run_until_stalled();
    }
    let comments = lock(&chunks).iter().filter(|chunk| chunk.starts_with(':')).count();
    assert_eq!((comments, events(&lock(&chunks)).len()), (2, 1));
}

#[test]
fn small_steps_are_not_told() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let chunks = bench.follow(bench.get("/tasks/a/events"));
    for step in 0..10_000 {
        lock(&bench.renderer.open)[0].advance(step as f32 / 10_000.0, "rendering");
        bench.executor.run_until_stalled();
    }
    let told = events(&lock(&chunks)).len();
    assert!((50..=102).contains(&told), "{told}");
}

#[test]
fn a_slow_reader_gets_the_newest_state() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let chunks = bench.follow(bench.get("/tasks/a/events"));
    for fraction in [0.2, 0.4, 0.6] {
        lock(&bench.renderer.open)[0].advance(fraction, "rendering");
    }
    bench.executor.run_until_stalled();
    let events = events(&lock(&chunks));
    assert_eq!((events.len(), &events[1].1["progress"]), (2, &json!(0.6)));
}

fn listed(ids: &Json) -> HttpRequest {
    let mut post = request(Method::Post, "/events").with_header("content-type", "application/json");
    post.body = Bytes::from(json!({ "tasks": ids }).to_string());
    post
}

#[test]
fn one_stream_follows_many_tasks() {
    let bench = Bench::with_limits(Limits { workers: 2, ..Limits::default() });
    bench.submit(&["a", "b"]);
    let by_query = bench.follow(bench.get("/events?tasks=a,gone%2Cb"));
    let by_body = bench.follow(bench.send(listed(&json!(["b", "a"]))));
    bench.finish(Ok(picture(PICTURE)));
    assert_ne!(lock(&by_body).last().unwrap(), "END");
    bench.delete("/tasks/b");
    let told = |chunks: &[String]| {
        let events = events(chunks).into_iter();
        let told = events.map(|(id, task)| {
            assert_eq!(id, "");
            let word = |key: &str| task[key].as_str().unwrap().to_owned();
            format!("{} {}", word("task_id"), word("status"))
        });
        told.collect::<Vec<_>>()
    };
    let ending = ["a processing", "b processing", "a completed", "b cancelled"];
    assert_eq!(told(&lock(&by_body)), ending);
    assert_eq!(lock(&by_body).last().unwrap(), "END");
    let mut with_unknown = told(&lock(&by_query));
    assert_eq!(with_unknown.remove(2), "gone failed");
    assert_eq!(with_unknown, ending);
}

#[test]
fn nothing_to_follow_is_refused() {
    let bench = Bench::new();
    assert_eq!(bench.get("/tasks/gone/events").status, 404);
    assert_eq!(bench.get("/events").status, 400);
    assert_eq!(bench.get("/events?tasks=a,..").status, 400);
    for ids in [json!([]), json!("a"), json!(null), json!(["a", 7]), json!(["a", ""])] {
        assert_eq!(bench.send(listed(&ids)).status, 400, "{ids}");
    }
    assert_eq!(bench.send(request(Method::Post, "/events")).status, 415);
}

#[test]
fn who_follows_one_task_is_shown_the_work_so_far_and_only_the_newest() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let own = bench.follow(bench.get("/tasks/a/events"));
    let shared = bench.follow(bench.get("/events?tasks=a"));
    let previews = |chunks: &Arc<Mutex<Vec<String>>>| {
        let chunks = lock(chunks).concat();
        let events = chunks.split("\n\n").filter_map(|event| {
            let data = event.strip_prefix("event: preview\ndata: ")?;
            Some(serde_json::from_str::<Json>(data).unwrap())
        });
        events.collect::<Vec<_>>()
    };
    lock(&bench.renderer.open)[0].show(0.1, b"first");
    bench.executor.run_until_stalled();
    // Two before anybody reads: the older one is of no use any more.
    lock(&bench.renderer.open)[0].show(0.2, b"second");
    lock(&bench.renderer.open)[0].show(0.3, b"third");
    bench.executor.run_until_stalled();
    let seen = previews(&own);
    assert_eq!(seen[0]["task_id"], "a");
    let first = json!({
        "url": "data:image/jpeg;base64,Zmlyc3Q=", "mime_type": "image/jpeg",
        "width": 8, "height": 4, "bytes": 5,
    });
    assert_eq!(seen[0]["preview"], first);
    assert_eq!(seen[1]["preview"]["url"], "data:image/jpeg;base64,dGhpcmQ=");
    assert_eq!(seen.len(), 2);
    // Who comes later sees the newest at once; who follows many sees none.
    assert_eq!(previews(&bench.follow(bench.get("/tasks/a/events"))), seen[1..]);
    assert_eq!(previews(&shared), Vec::<Json>::new());
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(previews(&own).len(), 2);
    assert_eq!(previews(&bench.follow(bench.get("/tasks/a/events"))).len(), 0);
}
