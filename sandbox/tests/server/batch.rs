//! Many submissions in one exchange, as version 1 takes them.

use std::sync::Arc;

use bytes::Bytes;
use media_factory_core::runtime::{HttpRequest, HttpResponse, Method};
use media_factory_sandbox::server::Limits;
use serde_json::{Value as Json, json};

use crate::{
    bench::{Bench, PICTURE, code_of, json_of, picture, request},
    depot::Depot,
};

fn batch(requests: &Json) -> HttpRequest {
    let mut batch = request(Method::Post, "/generate/batch")
        .with_header("content-type", "application/json")
        .with_header("prefer", "respond-async");
    batch.body = Bytes::from(json!({ "requests": requests }).to_string());
    batch
}

fn item(key: &str) -> Json {
    json!({ "prompt": "a lake", "idempotency_key": key })
}

/// Ids and statuses of the answer, with the code of what failed.
fn told(answer: &HttpResponse) -> Vec<String> {
    assert_eq!(answer.status, 202);
    let json = json_of(answer);
    let tasks = json["tasks"].as_array().unwrap();
    assert_eq!(json["count"], tasks.len());
    let word = |task: &Json, pointer: &str| {
        task.pointer(pointer).and_then(Json::as_str).map(str::to_owned)
    };
    let task = |task: &Json| {
        let words = ["/task_id", "/status", "/error/code"].map(|pointer| word(task, pointer));
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    tasks.iter().map(task).collect()
}

#[test]
fn a_batch_is_judged_item_by_item_and_kept_in_one_go() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    bench.submit(&["known", "used"]);
    bench.delete("/tasks/gone");
    let requests = json!([
        item("a"),
        { "prompt": " ", "idempotency_key": "b" },
        item("known"),
        { "prompt": "a city", "idempotency_key": "used" },
        item("gone"),
        item("a"),
        { "prompt": "a city", "idempotency_key": "a" },
        item("c"),
    ]);
    let answer = bench.send(batch(&requests));
    assert_eq!(
        told(&answer),
        [
            "a pending",
            "b failed validation",
            "known processing",
            "used failed validation",
            "gone failed cancelled",
            "a pending",
            "a failed validation",
            "c pending",
        ]
    );
    let failed = &json_of(&answer)["tasks"][1];
    assert_eq!(failed["error"]["details"][0]["path"], "prompt");
    assert_eq!(failed["error"]["retryable"], false);
    assert_eq!(depot.calls_of("save pending a, pending c"), 1);
    let bad = bench.get("/tasks/b");
    assert_eq!(bad.status, 404, "what is no task is not known");
    assert_eq!(told(&bench.send(batch(&json!([item("b")])))), ["b pending"]);
}

#[test]
fn an_item_is_the_same_submission_as_a_single_one() {
    let bench = Bench::new();
    bench.send(batch(&json!([{ "seed": 7, "prompt": "a lake", "idempotency_key": "a" }])));
    let again = bench.generate("a", &json!({ "prompt": "a lake", "seed": 7 }));
    assert_eq!(again.status, 202);
    assert_eq!(bench.generate("a", &json!({ "prompt": "a lake", "seed": 8 })).status, 409);
    assert_eq!(bench.server.counters()["a"].submissions, 2);
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.rendered(), 1);
}

#[test]
fn items_need_no_key_and_bad_ones_get_an_id_of_their_own() {
    let bench = Bench::new();
    let requests = json!([
        { "prompt": "a lake" },
        7,
        { "prompt": "a lake", "idempotency_key": "../a" },
        { "prompt": "a lake", "idempotency_key": 7 },
        { "prompt": "a lake", "idempotency_key": null },
    ]);
    let answer = json_of(&bench.send(batch(&requests)));
    let statuses: Vec<_> =
        answer["tasks"].as_array().unwrap().iter().map(|task| task["status"].clone()).collect();
    assert_eq!(statuses, ["pending", "failed", "failed", "failed", "pending"]);
    let ids: std::collections::BTreeSet<_> = answer["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["task_id"].to_string())
        .collect();
    assert_eq!(ids.len(), 5);
}

#[test]
fn what_finds_no_place_in_the_queue_may_come_again() {
    let bench = Bench::with_limits(Limits { workers: 1, queue: 1, ..Limits::default() });
    let answer = bench.send(batch(&json!([item("a"), item("b"), item("c"), item("d")])));
    let full = ["c failed queue-full", "d failed queue-full"];
    assert_eq!(told(&answer), [&["a pending", "b pending"][..], &full].concat());
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(json_of(&answer)["tasks"][2]["error"]["retryable"], true);
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(told(&bench.send(batch(&json!([item("c")])))), ["c pending"]);
}

#[test]
fn a_batch_that_cannot_be_kept_is_no_task_at_all() {
    let depot = Arc::new(Depot::default());
    let bench = Bench::on(&depot);
    depot.fail("save pending");
    let requests = json!([item("a"), item("b")]);
    assert_eq!(bench.send(batch(&requests)).status, 503);
    assert_eq!((bench.get("/tasks/a").status, bench.rendered()), (404, 0));
    assert_eq!(told(&bench.send(batch(&requests))), ["a pending", "b pending"]);
}

#[test]
fn what_is_no_batch_is_refused_as_a_whole() {
    let bench = Bench::with_limits(Limits { batch: 2, ..Limits::default() });
    assert_eq!(told(&bench.send(batch(&json!([])))), [""; 0]);
    for requests in [json!({}), Json::Null, json!("a")] {
        assert_eq!(bench.send(batch(&requests)).status, 400, "{requests}");
    }
    let long = bench.send(batch(&json!([item("a"), item("b"), item("c")])));
    assert_eq!((long.status, code_of(&long)), (413, "too-large".to_owned()));
    let mut form = batch(&json!([item("a")]));
    form.headers[0].1 = "text/plain".to_owned();
    assert_eq!(bench.send(form).status, 415);
    assert_eq!(bench.rendered(), 0);
}
