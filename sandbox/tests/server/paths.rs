//! Paths that lead nowhere, and methods that nothing takes.

use bytes::Bytes;
use media_factory_core::{
    media::MediaType,
    runtime::{HttpRequest, Method},
};

use crate::bench::{Bench, PICTURE, bytes_of, code_of, picture, request};

fn is_page(response: &media_factory_core::runtime::HttpResponse) -> bool {
    response.header("content-type") == Some("text/html; charset=utf-8")
        && bytes_of(response).starts_with(b"<!doctype html>\n<html lang=en>\n<title>")
}

#[test]
fn who_asks_for_nothing_of_version_1_gets_a_page() {
    let bench = Bench::new();
    for (method, path, status, allow) in [
        (Method::Get, "/nothing", 404, None),
        (Method::Get, "/", 404, None),
        (Method::Get, "/models/", 404, None),
        (Method::Get, "//models", 404, None),
        (Method::Get, "/voices", 404, None),
        (Method::Get, "/outputs/images/a/b.png", 404, None),
        (Method::Get, "/generate", 405, Some("POST")),
        (Method::Post, "/health", 405, Some("GET, HEAD")),
        (Method::Delete, "/models", 405, Some("GET, HEAD")),
    ] {
        let answer = bench.send(request(method, path));
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{path}");
        assert!(is_page(&answer), "{path}");
        let asked =
            request(method, path).with_header("accept", "text/event-stream, application/json");
        let answer = bench.send(asked);
        assert_eq!((answer.status, code_of(&answer)), (status, "not-found".to_owned()), "{path}");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
}

#[test]
fn paths_of_version_1_answer_in_json() {
    let bench = Bench::new();
    for (method, path, status, allow) in [
        (Method::Get, "/tasks/a", 404, None),
        (Method::Get, "/outputs/a/0.png", 404, None),
        (Method::Get, "/uploads/a", 404, None),
        (Method::Post, "/tasks/a", 405, Some("GET, HEAD, DELETE")),
        (Method::Post, "/tasks", 405, Some("GET, HEAD")),
        (Method::Delete, "/events", 405, Some("GET, HEAD, POST")),
        (Method::Get, "/generate/batch", 405, Some("POST")),
        (Method::Get, "/uploads", 405, Some("POST")),
    ] {
        let answer = bench.send(request(method, path));
        assert_eq!((answer.status, code_of(&answer)), (status, "not-found".to_owned()), "{path}");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
}

#[test]
fn a_method_that_nothing_takes_is_told_what_does() {
    let bench = Bench::new();
    let refuse = |path: &str| {
        let answer = bench.server.refuse_method(&MediaType::Image, &request(Method::Get, path));
        (answer.status, answer.header("allow").map(str::to_owned), is_page(&answer))
    };
    assert_eq!(refuse("/generate"), (405, Some("POST".to_owned()), true));
    assert_eq!(refuse("/tasks/a"), (405, Some("GET, HEAD, DELETE".to_owned()), false));
    assert_eq!(refuse("/nothing"), (404, None, true));
}

#[test]
fn no_writing_of_a_path_leads_anywhere_else() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    bench.finish(Ok(picture(PICTURE)));
    assert_eq!(bench.get("/outputs/%61/0%2Epng").status, 200, "encoded letters are letters");
    let odd = [
        "..",
        "%2e%2e",
        "%2E%2E",
        ".%2e",
        "%00",
        "a%00",
        "..%2f..",
        "%2fetc%2fpasswd",
        "..%5c..",
        "..\\..",
        "%ff%fe",
        "%",
        "%zz",
        "%c0%ae%c0%ae",
        "a%2f0.png",
        "0.png%00.html",
        "~",
        "*",
        "a;b",
        "",
        " ",
        "%E2%80%AE",
        "con",
        "-",
        "0.png/",
        ".",
    ];
    for segment in odd {
        for path in [
            format!("/outputs/{segment}/0.png"),
            format!("/outputs/a/{segment}"),
            format!("/outputs/a/{segment}/0.png"),
            format!("/outputs/a/0.png/{segment}"),
            format!("/uploads/{segment}"),
            format!("/tasks/{segment}/events"),
            format!("/tasks/b{segment}"),
            format!("/{segment}/tasks"),
            format!("/{segment}"),
        ] {
            let answer = bench.get(&path);
            assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
        }
        let cancelled = bench.delete(&format!("/tasks/{segment}"));
        let is_an_id = ["~", "con", "-"].contains(&segment);
        let is_refused = (400..500).contains(&cancelled.status);
        assert!(is_refused || is_an_id && cancelled.status == 200, "{segment}");
    }
}

#[test]
fn bodies_that_cannot_be_read_are_refused_wherever_they_are_sent() {
    let bench = Bench::new();
    let deep = "[".repeat(200_000);
    let nested = format!("{{\"prompt\": {}1{}}}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let bodies: [&[u8]; 8] = [
        deep.as_bytes(),
        nested.as_bytes(),
        b"{\"prompt\": 1e999}",
        b"{\"prompt\": \"\xff\xfe\"}",
        b"\xef\xbb\xbf{\"prompt\": \"a\"}",
        b"{\"prompt\": \"\\ud800\"}",
        b"",
        b"{\"prompt\": \"a\"} trailing",
    ];
    for path in ["/generate", "/generate/batch"] {
        for body in bodies {
            let mut request = HttpRequest::new(Method::Post, format!("sandbox://image{path}"))
                .with_header("content-type", "application/json")
                .with_header("prefer", "respond-async");
            request.body = Bytes::copy_from_slice(body);
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            assert_eq!(bench.send(request.clone()).status, 400, "{path} {shown}");
            request.headers.pop();
            // Version 0 has codes of its own for it.
            let expected = if path == "/generate" { 500 } else { 422 };
            assert_eq!(bench.send(request).status, expected, "{path} {shown}");
        }
    }
    let huge = br#"{"prompt": "a", "seed": 123456789012345678901234567890}"#;
    let mut request = crate::bench::submission("a", &serde_json::Value::Null);
    request.body = Bytes::from_static(huge);
    assert_eq!(bench.send(request).status, 422);
    assert_eq!(bench.rendered(), 0);
}
