//! Callers of different scopes do not exist for each other.

use std::sync::Arc;

use bytes::Bytes;
use media_factory_core::runtime::{Method, lock};
use serde_json::json;

use crate::{
    bench::{Bench, PICTURE, bytes_of, json_of, picture, request},
    depot::Depot,
};

#[test]
fn the_same_key_in_two_scopes_is_two_tasks() {
    let depot = Arc::new(Depot::default());
    let one = Bench::on(&depot).of_scope("one");
    let two = one.of_scope("two");
    assert_eq!(one.generate("a", &json!({ "prompt": "a lake" })).status, 202);
    assert_eq!(two.generate("a", &json!({ "prompt": "a city" })).status, 202);
    one.finish(Ok(picture(PICTURE)));
    assert_eq!(one.task("a")["status"], "completed");
    assert_eq!(two.task("a")["status"], "processing");
    assert_eq!(two.get("/outputs/a/0.png").status, 404);
    assert_eq!(bytes_of(&one.get("/outputs/a/0.png")), PICTURE);
    two.finish(Ok(picture(b"\x89PNG\r\n\x1a\ntwo")));
    assert_eq!(bytes_of(&two.get("/outputs/a/0.png")).len(), 11);
    assert_eq!(bytes_of(&one.get("/outputs/a/0.png")), PICTURE);
    drop((one, two));
    let one = Bench::on(&depot).of_scope("one");
    assert_eq!(bytes_of(&one.get("/outputs/a/0.png")), PICTURE);
    assert_eq!(one.of_scope("three").get("/tasks/a").status, 404);
}

#[test]
fn nothing_of_another_scope_can_be_seen_stopped_or_used() {
    let one = Bench::new().of_scope("one").for_films();
    let two = one.of_scope("two");
    let mut upload = request(Method::Post, "/uploads");
    upload.body = Bytes::from_static(PICTURE);
    let url = json_of(&one.send(upload.clone()))["url"].as_str().unwrap().to_owned();
    one.generate("a", &json!({ "prompt": "clouds" }));
    assert_eq!(two.get("/tasks/a").status, 404);
    assert_eq!(two.get("/tasks/a/events").status, 404);
    assert_eq!(json_of(&two.get("/tasks"))["tasks"], json!([]));
    assert_eq!(two.get("/tasks?after=a").status, 404);
    let told = two.follow(two.get("/events?tasks=a"));
    assert!(lock(&told)[0].contains("not-found"));
    assert_eq!(two.get(&url).status, 404);
    assert_eq!(two.generate("b", &json!({ "images": [url] })).status, 422);
    // A cancel of what does not exist is a tombstone of one's own.
    assert_eq!(two.delete("/tasks/a").status, 200);
    assert_eq!(one.task("a")["status"], "processing");
    assert_eq!(two.send(upload).status, 201);
    assert_eq!(bytes_of(&two.get(&url)), PICTURE);
}
