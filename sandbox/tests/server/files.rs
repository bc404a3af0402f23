use bytes::Bytes;
use media_factory_core::runtime::{HttpResponse, Method, lock};
use media_factory_sandbox::server::Limits;
use serde_json::json;

use crate::bench::{Bench, PICTURE, bytes_of, code_of, json_of, picture, request, submission};

fn upload(bench: &Bench, bytes: &'static [u8]) -> HttpResponse {
    let mut upload = request(Method::Post, "/uploads").with_header("content-type", "image/png");
    upload.body = Bytes::from_static(bytes);
    bench.send(upload)
}

#[test]
fn an_output_is_handed_out_without_a_copy() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    bench.finish(Ok(picture(PICTURE)));
    let output = bench.get("/outputs/a/0.png");
    assert_eq!(output.status, 200);
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-length", "8"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox"),
    ] {
        assert_eq!(output.header(name), Some(value), "{name}");
    }
    assert_eq!(bytes_of(&output).as_ptr(), PICTURE.as_ptr());
    assert_eq!(bench.get("/outputs/a/1.png").status, 404);
    assert_eq!(bench.get("/outputs/a/../a/0.png").status, 404);
}

#[test]
fn an_output_comes_in_ranges_and_only_when_it_is_not_known() {
    let bench = Bench::new();
    bench.submit(&["a"]);
    bench.finish(Ok(picture(PICTURE)));
    let get = |name: &str, value: &str| {
        bench.send(request(Method::Get, "/outputs/a/0.png").with_header(name, value))
    };
    let part = get("range", "bytes=1-3");
    assert_eq!((part.status, part.header("content-range")), (206, Some("bytes 1-3/8")));
    assert_eq!((&*bytes_of(&part), part.header("content-length")), (&b"PNG"[..], Some("3")));
    let outside = get("range", "bytes=8-");
    assert_eq!((outside.status, outside.header("content-range")), (416, Some("bytes */8")));
    let etag = part.header("etag").unwrap();
    assert_eq!(get("if-none-match", &format!("\"x\", W/{etag}")).status, 304);
    assert_eq!(get("if-none-match", "\"x\"").status, 200);
    let ranged = |etag: &str| {
        let request = request(Method::Get, "/outputs/a/0.png").with_header("range", "bytes=0-0");
        bench.send(request.with_header("if-range", etag)).status
    };
    assert_eq!((ranged(etag), ranged("\"x\"")), (206, 200));
}

#[test]
fn the_oldest_outputs_make_room() {
    let bench = Bench::with_limits(Limits { output_bytes: 16, ..Limits::default() });
    for key in ["a", "b", "c"] {
        bench.submit(&[key]);
        bench.finish(Ok(picture(PICTURE)));
    }
    let status = |id: &str| bench.get(&format!("/outputs/{id}/0.png")).status;
    assert_eq!((status("a"), status("b"), status("c")), (404, 200, 200));
    assert_eq!(bench.task("a")["status"], "completed");
}

#[test]
fn an_upload_is_kept_once_under_its_hash() {
    let bench = Bench::new();
    let answers = [upload(&bench, PICTURE), upload(&bench, PICTURE)];
    let url =
        format!("/uploads/{}", "4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6");
    for answer in &answers {
        assert_eq!((answer.status, answer.header("location")), (201, Some(&*url)));
        assert_eq!(json_of(answer)["url"], *url);
    }
    assert_eq!(bytes_of(&bench.get(&url)), PICTURE);
    let unknown = upload(&bench, b"<html></html>");
    assert_eq!((unknown.status, code_of(&unknown)), (415, "unsupported".to_owned()));
}

#[test]
fn uploads_make_room_for_newer_ones() {
    let bench = Bench::with_limits(Limits { upload_bytes: 28, ..Limits::default() }).for_films();
    let first = json_of(&upload(&bench, PICTURE))["url"].as_str().unwrap().to_owned();
    upload(&bench, b"\x89PNG\r\n\x1a\nand then some");
    assert_eq!(bench.get(&first).status, 404);
    let parameters = json!({ "images": [first] });
    assert_eq!(bench.send(submission("a", &parameters)).status, 422);
    assert!(lock(&bench.renderer.orders).is_empty());
}
