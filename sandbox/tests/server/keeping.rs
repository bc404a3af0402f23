//! Nothing is told before it is kept, whatever happens meanwhile.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use media_factory_core::runtime::{Body, HttpRequest, Method, Spawner, lock};
use media_factory_sandbox::server::{Limits, RenderFailure};
use serde_json::json;

use crate::{
    bench::{Bench, PICTURE, bytes_of, code_of, json_of, picture, request, submission},
    depot::Depot,
};

fn lake(key: &str) -> HttpRequest {
    submission(key, &json!({ "prompt": "a lake" }))
}

#[test]
fn a_submission_is_answered_after_it_is_kept_and_not_begun_before() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    depot.hold("save pending a");
    let answer = bench.start(lake("a"));
    bench.executor.run_until_stalled();
    assert!(lock(&answer).is_none() && bench.rendered() == 0);
    assert_eq!(bench.get("/tasks/a").status, 404);
    depot.go_on();
    bench.executor.run_until_stalled();
    assert_eq!(lock(&answer).take().unwrap().status, 202);
    assert_eq!((depot.kept("a"), bench.rendered()), (Some("pending"), 1));
}

#[test]
fn a_client_that_goes_away_while_its_task_is_kept_has_submitted_it() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    depot.hold("save pending a");
    let mut answer = bench.server.handle(&Default::default(), bench.media_type(), lake("a"));
    let waker = futures_util::task::noop_waker();
    assert!(answer.as_mut().poll(&mut std::task::Context::from_waker(&waker)).is_pending());
    drop(answer);
    bench.executor.run_until_stalled();
    depot.go_on();
    bench.executor.run_until_stalled();
    assert_eq!((bench.task("a")["status"].as_str(), bench.rendered()), (Some("processing"), 1));
}

#[test]
fn the_same_key_twice_at_once_is_one_task() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    depot.hold("save pending a");
    let answers = [bench.start(lake("a")), bench.start(lake("a"))];
    let other = bench.start(submission("a", &json!({ "prompt": "a city" })));
    bench.executor.run_until_stalled();
    assert!(answers.iter().chain([&other]).all(|answer| lock(answer).is_none()));
    depot.go_on();
    bench.executor.run_until_stalled();
    assert!(answers.iter().all(|answer| lock(answer).as_ref().unwrap().status == 202));
    assert_eq!(lock(&other).as_ref().unwrap().status, 409);
    assert_eq!((bench.rendered(), depot.calls_of("save pending")), (1, 1));
    assert_eq!(bench.server.counters()["a"].submissions, 2);
}

#[test]
fn a_cancel_during_the_keeping_stops_the_task_before_it_begins() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    depot.hold("save pending a");
    let submitted = bench.start(lake("a"));
    let cancelled = bench.start(request(Method::Delete, "/tasks/a"));
    bench.executor.run_until_stalled();
    assert!(lock(&cancelled).is_none());
    depot.go_on();
    bench.executor.run_until_stalled();
    assert_eq!(lock(&submitted).take().unwrap().status, 202);
    assert_eq!(json_of(&lock(&cancelled).take().unwrap())["status"], "cancelled");
    assert_eq!(depot.kept("a"), Some("cancelled"));
    assert!(lock(&bench.renderer.open).iter().all(|open| open.is_dropped()));
}

#[test]
fn a_submission_that_meets_the_keeping_of_its_cancel_is_refused() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    depot.hold("save cancelled a");
    let cancelled = bench.start(request(Method::Delete, "/tasks/a"));
    let submitted = bench.start(lake("a"));
    bench.executor.run_until_stalled();
    assert!(lock(&cancelled).is_none() && lock(&submitted).is_none());
    depot.go_on();
    bench.executor.run_until_stalled();
    assert_eq!(lock(&cancelled).take().unwrap().status, 200);
    let refused = lock(&submitted).take().unwrap();
    assert_eq!((refused.status, code_of(&refused)), (409, "cancelled".to_owned()));
}

#[test]
fn a_cancel_that_comes_while_the_result_is_kept_comes_too_late() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["a"]);
    depot.hold("save completed a");
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.task("a")["status"], "processing");
    let cancelled = bench.start(request(Method::Delete, "/tasks/a"));
    bench.executor.run_until_stalled();
    depot.go_on();
    bench.executor.run_until_stalled();
    assert_eq!(lock(&cancelled).take().unwrap().status, 409);
    assert_eq!(bench.task("a")["status"], "completed");
    assert_eq!(bytes_of(&bench.get("/outputs/a/0.png")), PICTURE);
}

#[test]
fn a_result_that_comes_while_the_cancel_is_kept_is_dropped() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["a"]);
    depot.hold("save cancelled a");
    let cancelled = bench.start(request(Method::Delete, "/tasks/a"));
    bench.executor.run_until_stalled();
    bench.finish(Ok(picture(PICTURE)));
    depot.go_on();
    bench.executor.run_until_stalled();
    assert_eq!(lock(&cancelled).take().unwrap().status, 200);
    assert_eq!((bench.task("a")["status"].as_str(), depot.file_count()), (Some("cancelled"), 0));
    assert_eq!(bench.server.counters()["a"].generations, 0);
    bench.submit(&["b"]);
    assert_eq!(bench.rendered(), 2, "the worker goes on");
}

#[test]
fn what_cannot_be_kept_is_refused_for_now_and_leaves_nothing() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot).for_films();
    let film = json!({ "images": ["data:image/png;base64,iVBORw0KGgo="] });
    for call in ["put", "save pending a"] {
        depot.fail(call);
        let answer = bench.generate("a", &film);
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")), "{call}");
        let error = json_of(&answer)["error"].clone();
        assert!(error["message"].as_str().unwrap().contains("the disk is full"), "{error}");
        assert_eq!(error["retryable"], true);
        assert_eq!((depot.kept("a"), depot.file_count()), (None, 0), "{call}");
    }
    depot.fail("save cancelled b");
    assert_eq!(bench.delete("/tasks/b").status, 503);
    depot.fail("save upload");
    let mut upload = request(Method::Post, "/uploads");
    upload.body = Bytes::from_static(PICTURE);
    assert_eq!(bench.send(upload.clone()).status, 503);
    assert_eq!(depot.file_count(), 0);
    assert_eq!(bench.send(upload).status, 201);
    assert_eq!(bench.generate("a", &film).status, 202);
    assert_eq!((bench.rendered(), depot.file_count()), (1, 1), "the same bytes are kept once");
}

#[test]
fn a_crash_while_something_is_kept_is_answered_and_hinders_nobody() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    let mut upload = request(Method::Post, "/uploads");
    upload.body = Bytes::from_static(PICTURE);
    let cancel = request(Method::Delete, "/tasks/b");
    for (call, request) in
        [("save pending a", lake("a")), ("save upload", upload), ("save cancelled b", cancel)]
    {
        depot.crash(call);
        let answer = bench.start(request.clone());
        bench.executor.run_until_stalled();
        assert!(lock(&answer).is_none(), "{call}");
        depot.go_on();
        bench.executor.run_until_stalled();
        let answer = lock(&answer).take().expect(call);
        assert_eq!((answer.status, code_of(&answer)), (500, "internal".to_owned()), "{call}");
        assert!(bench.send(request).status < 300, "{call}");
    }
}

#[test]
fn a_cancel_that_cannot_be_kept_stops_nothing() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["a"]);
    depot.fail("save cancelled a");
    assert_eq!(bench.delete("/tasks/a").status, 503);
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.task("a")["status"], "completed");
}

#[test]
fn a_result_waits_for_a_full_disk_and_is_not_rendered_again() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["a", "b"]);
    for call in ["put", "save completed a"] {
        depot.fail(call);
    }
    bench.finish(Ok(picture(PICTURE)));
    let task = bench.task("a");
    assert_eq!(task["status"], "processing");
    assert!(task["log"][0].as_str().unwrap().contains("the disk is full"), "{task}");
    assert_eq!(bench.task("b")["status"], "pending");
    for second in [1, 2] {
        assert_eq!(bench.task("a")["status"], "processing");
        bench.clock.jump_to(Duration::from_secs(second));
        bench.executor.run_until_stalled();
    }
    let task = bench.task("a");
    assert_eq!((&task["status"], task["log"].as_array().unwrap().len()), (&json!("completed"), 2));
    assert_eq!((bench.rendered(), bench.server.counters()["a"].generations), (2, 1));
    assert_eq!(bytes_of(&bench.get("/outputs/a/0.png")), PICTURE);
}

#[test]
fn a_failure_waits_for_a_full_disk_too_and_can_be_cancelled_meanwhile() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["a"]);
    depot.fail("save failed a");
    bench.finish(Err(RenderFailure::Invalid("no".into())));
    assert_eq!(bench.task("a")["status"], "processing");
    assert_eq!(bench.delete("/tasks/a").status, 200);
    bench.clock.jump_to(Duration::from_secs(1));
    bench.executor.run_until_stalled();
    assert_eq!(
        (bench.task("a")["status"].as_str(), depot.kept("a")),
        (Some("cancelled"), Some("cancelled"))
    );
}

#[test]
fn an_input_that_cannot_be_read_is_tried_again_before_its_task_fails() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot).for_films();
    let film = json!({ "images": ["data:image/png;base64,iVBORw0KGgo="] });
    for (key, failures) in [("a", 4), ("b", 5)] {
        (0..failures).for_each(|_| depot.fail("read"));
        assert_eq!(bench.generate(key, &film).status, 202);
        for _ in 0..4 {
            assert_eq!(bench.task(key)["status"], "processing", "{key}");
            bench.clock.jump_to(bench.clock.elapsed() + Duration::from_secs(1));
            bench.executor.run_until_stalled();
        }
        if key == "a" {
            bench.finish(Ok(picture(PICTURE)));
            assert_eq!(bench.task(key)["status"], "completed");
        }
    }
    assert_eq!(bench.task("b")["error"]["code"], "internal");
    assert_eq!((bench.rendered(), depot.file_count()), (1, 1));
}

#[test]
fn an_input_is_kept_as_long_as_a_task_needs_it() {
    let depot = Arc::new(Depot::default());
    let limits = Limits { upload_bytes: 8, ..Limits::default() };
    let bench = Bench::started(&depot, limits).unwrap().for_films();
    let mut upload = request(Method::Post, "/uploads");
    upload.body = Bytes::from_static(PICTURE);
    let url = json_of(&bench.send(upload.clone()))["url"].as_str().unwrap().to_owned();
    for key in ["a", "b"] {
        assert_eq!(bench.generate(key, &json!({ "images": [url] })).status, 202);
    }
    upload.body = Bytes::from_static(b"\x89PNG\r\n\x1a\nand then some");
    bench.send(upload);
    assert_eq!(bench.get(&url).status, 404, "the upload made room");
    bench.finish(Err(RenderFailure::Invalid("no".into())));
    assert_eq!(depot.file_count(), 2);
    assert_eq!(lock(&bench.renderer.orders)[1].inputs["images[0]"], PICTURE);
    bench.finish(Err(RenderFailure::Invalid("no".into())));
    assert_eq!(depot.file_count(), 1, "only the newer upload is left");
}

#[test]
fn a_long_file_is_read_and_sent_in_parts_and_a_range_reads_no_more() {
    const LENGTH: usize = 600 * 1024;
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    let bytes: &'static [u8] = (0..LENGTH).map(|n| (n / 7) as u8).collect::<Vec<_>>().leak();
    bench.submit(&["a"]);
    bench.finish(Ok(picture(bytes)));
    let collect = |body| {
        let Body::Stream(mut stream) = body else { panic!("no stream") };
        futures_util::FutureExt::now_or_never(async {
            let mut all = Vec::new();
            while let Some(chunk) = stream.next().await {
                all.extend_from_slice(&chunk.unwrap());
            }
            all
        })
        .unwrap()
    };
    let whole = bench.get("/outputs/a/0.png");
    assert_eq!(whole.header("content-length"), Some(&*LENGTH.to_string()));
    assert!(collect(whole.body) == bytes);
    assert_eq!(depot.calls_of("read"), 3);
    let ranged = |range: &str| {
        bench.send(request(Method::Get, "/outputs/a/0.png").with_header("range", range))
    };
    let part = ranged("bytes=100-99999");
    assert!(bytes_of(&part)[..] == bytes[100..100_000]);
    assert_eq!(depot.calls_of("read 100..100000"), 1);
    let tail = ranged("bytes=1000-");
    assert_eq!(tail.header("content-range"), Some(&*format!("bytes 1000-{}/{LENGTH}", LENGTH - 1)));
    assert!(collect(tail.body) == bytes[1000..]);
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_the_head_or_tears_the_body() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    let long: &'static [u8] = vec![7; 300 * 1024].leak();
    bench.submit(&["a"]);
    bench.finish(Ok(picture(long)));
    depot.fail("read");
    assert_eq!(bench.get("/outputs/a/0.png").status, 503);
    let Body::Stream(mut stream) = bench.get("/outputs/a/0.png").body else { panic!("no stream") };
    depot.fail("read");
    let chunks: Vec<bool> = futures_util::FutureExt::now_or_never(async {
        let mut chunks = Vec::new();
        while let Some(chunk) = stream.next().await {
            chunks.push(chunk.is_ok());
        }
        chunks
    })
    .unwrap();
    assert_eq!(chunks, [true, false]);
}

#[test]
fn room_that_cannot_be_made_now_is_made_later() {
    let depot = Arc::new(Depot::default());
    let limits = Limits { history: 1, output_bytes: 8, ..Limits::default() };
    let bench = Bench::started(&depot, limits).unwrap();
    depot.fail("save forget a");
    for key in ["a", "b"] {
        bench.submit(&[key]);
        bench.finish(Ok(picture(if key == "a" { PICTURE } else { b"\x89PNG\r\n\x1a\nb" })));
    }
    assert_eq!((bench.get("/tasks/a").status, depot.kept("a")), (200, Some("completed")));
    bench.submit(&["c"]);
    assert_eq!((bench.get("/tasks/a").status, depot.kept("a")), (404, None));
    assert_eq!((depot.file_count(), bench.get("/outputs/b/0.png").status), (1, 200));
}

#[test]
fn inputs_of_waiting_tasks_do_not_fill_the_storage() {
    let limits = Limits { output_bytes: 8, upload_bytes: 8, input_bytes: 8, ..Limits::default() };
    let bench = Bench::with_limits(limits).for_films();
    // A data URL of the eight bytes of a PNG file's beginning and one more.
    let film =
        |last: &str| json!({ "images": [format!("data:image/png;base64,iVBORw0KGgo{last}")] });
    for (key, last) in [("a", "A"), ("b", "B")] {
        assert_eq!(bench.generate(key, &film(last)).status, 202, "{key}");
    }
    let refused = bench.generate("c", &film("C"));
    assert_eq!((refused.status, code_of(&refused)), (503, "queue-full".to_owned()));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(bench.generate("d", &json!({ "prompt": "a lake" })).status, 202, "it needs no room");
    bench.finish(Err(RenderFailure::Invalid("no".into())));
    assert_eq!(bench.generate("c", &film("C")).status, 202, "there is room again");
}

#[test]
fn a_task_that_comes_back_under_a_forgotten_key_makes_no_room() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::started(&depot, Limits { history: 1, ..Limits::default() }).unwrap();
    bench.submit(&["a"]);
    bench.finish(Ok(picture(PICTURE)));
    depot.hold("save forget a");
    let server = bench.server.clone();
    bench.executor.spawn(Box::pin(async move { server.forget("a").await.unwrap() }));
    bench.executor.run_until_stalled();
    let again = bench.start(lake("a"));
    // Its end is one too many, so that the older task is to go.
    bench.submit(&["b"]);
    bench.finish(Ok(picture(PICTURE)));
    depot.go_on();
    bench.executor.run_until_stalled();
    assert_eq!(lock(&again).take().unwrap().status, 202);
    assert_eq!((depot.kept("a"), depot.kept("b")), (Some("pending"), Some("completed")));
    assert_eq!(bench.task("a")["status"], "processing");
}
