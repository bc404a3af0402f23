use bytes::Bytes;
use media_factory_core::runtime::{HttpRequest, Method, lock};
use media_factory_sandbox::server::RenderFailure;
use serde_json::json;

use crate::bench::{Bench, PICTURE, json_of, picture, request};

fn generate(body: &str) -> HttpRequest {
    let mut request =
        request(Method::Post, "/generate").with_header("content-type", "application/json");
    request.body = Bytes::copy_from_slice(body.as_bytes());
    request
}

#[test]
fn a_client_that_knows_no_tasks_waits_for_the_result() {
    let bench = Bench::new();
    let body = r#"{"prompt": "a lake", "style": "anime", "use_enhanced": true}"#;
    let answer = bench.start(generate(body));
    bench.executor.run_until_stalled();
    assert!(lock(&answer).is_none());
    bench.finish(Ok(picture(PICTURE)));
    let answer = lock(&answer).take().unwrap();
    assert_eq!(answer.status, 200);
    let result = json_of(&answer);
    assert_eq!((&result["status"], &result["style"]), (&json!("success"), &json!("anime")));
    let id = result["image_id"].as_str().unwrap();
    assert_eq!(result["url"], format!("/outputs/{id}/0.png"));
}

#[test]
fn a_failure_is_a_500_with_its_reason() {
    let bench = Bench::new();
    let answer = bench.start(generate(r#"{"prompt": "a lake"}"#));
    bench.executor.run_until_stalled();
    bench.finish(Err(RenderFailure::Unsupported("cannot".into())));
    let answer = lock(&answer).take().unwrap();
    assert_eq!((answer.status, json_of(&answer)), (500, json!({ "error": "cannot" })));
}

#[test]
fn malformed_input_gets_the_answers_of_version_0() {
    let bench = Bench::new();
    let answer = |request| {
        let answer = bench.send(request);
        (answer.status, json_of(&answer)["error"].as_str().unwrap().to_owned())
    };
    assert_eq!(answer(generate("{}")), (400, "Prompt is required".to_owned()));
    assert_eq!(answer(generate("[]")), (400, "Prompt is required".to_owned()));
    let (status, text) = answer(generate("{"));
    assert!(status == 500 && text.starts_with("400 Bad Request: "), "{text}");
    let mut untyped = generate("{}");
    untyped.headers.clear();
    let (status, text) = answer(untyped);
    assert!(status == 500 && text.starts_with("415 Unsupported Media Type: "), "{text}");
    let (status, text) = answer(generate(r#"{"prompt": 1}"#));
    assert!(status == 500 && text.contains("prompt must be a string"), "{text}");
    assert_eq!(bench.rendered(), 0);
}
