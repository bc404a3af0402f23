use bytes::Bytes;
use media_factory_core::{
    config::Fidelity,
    runtime::{Method, lock},
};
use media_factory_sandbox::server::Limits;
use serde_json::{Value as Json, json};

use crate::bench::{Bench, PICTURE, code_of, json_of, picture, request, submission};

#[test]
fn a_submission_is_accepted_at_once_under_its_own_key() {
    let bench = Bench::new();
    let answer = bench.generate("task-1", &json!({ "prompt": "a lake", "resolution": "64x32" }));
    assert_eq!(answer.status, 202);
    assert_eq!(answer.header("location"), Some("/tasks/task-1"));
    let task = json_of(&answer);
    assert_eq!(task["task_id"], "task-1");
    assert_eq!(task["status"], "pending");
    assert_eq!(task["progress"], 0.0);
    assert_eq!(task["created_at"], "2026-11-22T09:40:00.000Z");
    let orders = lock(&bench.renderer.orders);
    assert_eq!(orders[0].parameters["prompt"], "a lake");
    assert_eq!(orders[0].parameters["resolution"], "64x32");
}

#[test]
fn a_task_without_a_key_gets_an_id() {
    let bench = Bench::new();
    let mut submission = submission("", &json!({ "prompt": "a lake" }));
    submission.headers.retain(|(name, _)| name != "idempotency-key");
    let ids: Vec<_> = (0..2).map(|_| json_of(&bench.send(submission.clone()))).collect();
    assert_eq!(ids[0]["task_id"].as_str().unwrap().len(), 36);
    assert_ne!(ids[0]["task_id"], ids[1]["task_id"]);
}

#[test]
fn the_same_key_never_renders_twice() {
    let bench = Bench::new();
    bench.submit(&["a", "a"]);
    bench.finish(Ok(picture(PICTURE)));
    let again = bench.generate("a", &json!({ "prompt": "a lake" }));
    assert_eq!((again.status, json_of(&again)["status"].as_str()), (202, Some("completed")));
    assert_eq!(bench.rendered(), 1);
}

#[test]
fn a_key_belongs_to_one_request() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    let other = bench.generate("a", &json!({ "prompt": "a city" }));
    assert_eq!((other.status, code_of(&other)), (409, "validation".to_owned()));
    let odd = bench.generate("../a", &json!({ "prompt": "a city" }));
    assert_eq!(odd.status, 400);
    assert_eq!(bench.rendered(), 1);
}

#[test]
fn a_cancel_that_comes_first_refuses_the_task() {
    let bench = Bench::new();
    let early = bench.delete("/tasks/late");
    assert_eq!((early.status, json_of(&early)["status"].as_str()), (200, Some("cancelled")));
    let late = bench.generate("late", &json!({ "prompt": "a lake" }));
    assert_eq!((late.status, code_of(&late)), (409, "cancelled".to_owned()));
    assert_eq!(bench.rendered(), 0);
}

#[test]
fn every_problem_is_listed() {
    let bench = Bench::new();
    let wrong = json!({ "prompt": " ", "resolution": "0x0", "sed": 1, "hdr": "yes", "extra": {} });
    let answer = bench.generate("a", &wrong);
    assert_eq!((answer.status, code_of(&answer)), (422, "validation".to_owned()));
    let details = json_of(&answer)["error"]["details"].clone();
    let detail = |path: &str| details.as_array().unwrap().iter().find(|item| item["path"] == path);
    for (path, code) in [
        ("prompt", "empty"),
        ("resolution", "format"),
        ("sed", "unknown"),
        ("hdr", "type"),
        ("extra", "unknown"),
    ] {
        assert_eq!(detail(path).unwrap()["code"], code, "{path}");
    }
    assert_eq!(bench.get("/tasks/a").status, 404);
}

#[test]
fn a_whole_number_may_be_written_with_a_point() {
    let bench = Bench::new();
    let exact = json!({ "prompt": "a lake", "count": 2.0, "seed": 4_294_967_296.0 });
    assert_eq!(bench.generate("a", &exact).status, 202);
    let order = lock(&bench.renderer.orders).remove(0);
    assert_eq!(order.parameters["count"], json!(2));
    assert_eq!(order.parameters["seed"], json!(4_294_967_296_u64));
    for wrong in [json!(2.5), json!(1e300), json!(17.0), json!("2")] {
        let answer = bench.generate("b", &json!({ "prompt": "a lake", "count": wrong }));
        assert_eq!(answer.status, 422, "{wrong}");
    }
}

#[test]
fn what_is_no_json_object_is_refused() {
    let bench = Bench::new();
    let with_body = |body: &'static str| {
        let mut submission = submission("a", &json!({}));
        submission.body = Bytes::from_static(body.as_bytes());
        bench.send(submission).status
    };
    assert_eq!(with_body("{"), 400);
    assert_eq!(with_body("[]"), 400);
    assert_eq!(with_body("\u{0}"), 400);
    let deep: &'static str = "[".repeat(100_000).leak();
    assert_eq!(with_body(deep), 400);
    let mut form = submission("a", &json!({ "prompt": "a lake" }));
    form.headers[0].1 = "text/plain".to_owned();
    assert_eq!(bench.send(form).status, 415);
}

#[test]
fn media_come_from_data_urls_and_uploads_and_from_nowhere_else() {
    let bench = Bench::new().for_films();
    let mut upload = request(Method::Post, "/uploads");
    upload.body = Bytes::from_static(PICTURE);
    let url = json_of(&bench.send(upload))["url"].clone();
    let data_url = "data:image/png;base64,iVBORw0KGgo=";
    let shouted = "DATA:image/png;base64,iVBORw0KGgo=";
    for (key, image) in [("a", url.as_str().unwrap()), ("b", data_url), ("c", shouted)] {
        assert_eq!(bench.generate(key, &json!({ "images": [image] })).status, 202, "{image}");
        bench.finish(Ok(picture(PICTURE)));
    }
    for order in lock(&bench.renderer.orders).iter() {
        assert_eq!(order.inputs["images[0]"], PICTURE);
        assert!(!order.parameters.contains_key("images"));
    }
    let refused = |image: &str| {
        let answer = bench.generate("x", &json!({ "images": [image] }));
        (answer.status, code_of(&answer))
    };
    assert_eq!(refused("https://example.org/a.png"), (422, "unsupported".to_owned()));
    assert_eq!(refused("data:image/png;base64,*"), (422, "validation".to_owned()));
    assert_eq!(refused("/uploads/gone"), (422, "validation".to_owned()));
    assert_eq!(refused("file:///etc/passwd"), (422, "validation".to_owned()));
    assert_eq!(bench.rendered(), 3);
}

#[test]
fn a_seed_is_kept_or_chosen() {
    let bench = Bench::with_limits(Limits { workers: 3, ..Limits::default() });
    bench.generate("a", &json!({ "prompt": "a lake", "seed": 9_007_199_254_740_991_u64 }));
    bench.submit(&["b", "c"]);
    let orders = lock(&bench.renderer.orders);
    let seeds: Vec<u64> =
        orders.iter().map(|order| order.parameters["seed"].as_u64().unwrap()).collect();
    assert_eq!(seeds[0], 9_007_199_254_740_991);
    assert_ne!(seeds[1], seeds[2]);
}

#[test]
fn a_full_queue_asks_to_come_back() {
    let bench = Bench::with_limits(Limits { workers: 1, queue: 2, ..Limits::default() });
    bench.submit(&["a", "b", "c"]);
    let full = bench.generate("d", &json!({ "prompt": "a lake" }));
    assert_eq!((full.status, full.header("retry-after")), (503, Some("1")));
    assert_eq!(code_of(&full), "queue-full");
    let message = &json_of(&full)["error"]["message"];
    assert_eq!(message, "the queue is full: its limit of waiting tasks is 2");
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.generate("d", &json!({ "prompt": "a lake" })).status, 202);
}

#[test]
fn tasks_are_rendered_first_come_first_served_and_never_more_than_workers() {
    let bench = Bench::with_limits(Limits { workers: 2, ..Limits::default() });
    let keys = ["e", "d", "c", "b", "a"];
    for key in keys {
        bench.generate(key, &json!({ "prompt": key }));
    }
    for done in 0..keys.len() {
        assert_eq!(bench.rendered(), (done + 2).min(keys.len()));
        bench.finish(Ok(picture(PICTURE)));
    }
    let orders = lock(&bench.renderer.orders);
    let prompts: Vec<_> = orders.iter().map(|order| order.parameters["prompt"].clone()).collect();
    assert_eq!(prompts, keys);
}

#[test]
fn fidelity_is_part_of_what_was_asked_and_reaches_the_renderer() {
    let limits = Limits { fidelity: Fidelity::Full, workers: 3, ..Limits::default() };
    let bench = Bench::with_limits(limits);
    let asked = |fidelity: &str| json!({ "prompt": "a lake", "fidelity": fidelity });
    assert_eq!(bench.generate("a", &asked("preview")).status, 202);
    assert_eq!(bench.generate("a", &asked("full")).status, 409);
    bench.generate("b", &asked("full"));
    bench.generate("c", &json!({ "prompt": "a lake", "fidelity": null }));
    let orders = lock(&bench.renderer.orders);
    let fidelities: Vec<_> = orders.iter().map(|order| order.fidelity).collect();
    assert_eq!(fidelities, [Fidelity::Preview, Fidelity::Full, Fidelity::Full]);
    assert!(orders.iter().all(|order| !order.parameters.contains_key("fidelity")));
}

#[test]
fn no_more_fidelity_than_the_service_has() {
    let bench = Bench::new();
    let refused = |fidelity: &Json| {
        let answer = bench.generate("a", &json!({ "prompt": "a lake", "fidelity": fidelity }));
        assert_eq!(answer.status, 422);
        let details = json_of(&answer)["error"]["details"].clone();
        assert_eq!(details[0]["path"], "fidelity");
        details[0]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(&json!("full")), "unsupported");
    assert_eq!(refused(&json!("best")), "choice");
    assert_eq!(refused(&json!(1)), "type");
    assert_eq!(bench.rendered(), 0);
}
