//! What a client sees of the protocol through the network.

use reqwest::{Client, StatusCode};
use serde_json::{Value as Json, json};

use crate::support::{code, ended, picture, raw, start, submit};

#[tokio::test]
async fn three_media_on_three_ports_of_one_process() {
    let (service, _) = start(&["--blank"]).await;
    let client = Client::new();
    for (place, medium) in service.listening().iter().zip(["image", "video", "voice"]) {
        assert_eq!(place.medium, medium);
        let health: Json =
            client.get(format!("{}/health", place.url)).send().await.unwrap().json().await.unwrap();
        assert_eq!(health["status"], "healthy");
        assert_eq!(health["service"], format!("{medium}-generation"));
        let body = match medium {
            "voice" => json!({ "text": "Hello." }),
            _ => json!({ "prompt": "a lake" }),
        };
        let answer = client.post(format!("{}/generate", place.url)).json(&body).send().await;
        let answer: Json = answer.unwrap().json().await.unwrap();
        let output = answer["outputs"][0].clone();
        let file = format!("{}{}", place.url, output["url"].as_str().unwrap());
        let file = client.get(file).send().await.unwrap();
        assert_eq!(file.headers()["content-type"], output["mime_type"].as_str().unwrap());
        assert_eq!(file.bytes().await.unwrap().len(), output["bytes"].as_u64().unwrap() as usize);
    }
    service.stop().await;
}

#[tokio::test]
async fn outputs_have_ranges_tags_and_heads() {
    let (service, url) = start(&["--only", "image"]).await;
    let client = Client::new();
    let accepted = submit(&client, &url, "one").send().await.unwrap();
    assert_eq!(accepted.status(), StatusCode::ACCEPTED);
    assert_eq!(accepted.headers()["location"], "/tasks/one");
    let task = ended(&client, &url, "one").await;
    let path = task["result"]["outputs"][0]["url"].as_str().unwrap();
    let file = format!("{url}{path}");

    let whole = client.get(&file).send().await.unwrap();
    let headers = whole.headers().clone();
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "sandbox");
    let bytes = whole.bytes().await.unwrap();
    assert_eq!(headers["content-length"], bytes.len().to_string());

    let part = client.get(&file).header("range", "bytes=1-3").send().await.unwrap();
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], format!("bytes 1-3/{}", bytes.len()));
    assert_eq!(part.bytes().await.unwrap(), "PNG");

    let known = client.get(&file).header("if-none-match", &headers["etag"]).send().await.unwrap();
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);

    let head = client.head(&file).send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK);
    assert_eq!(head.headers()["content-length"], bytes.len().to_string());
    assert!(head.bytes().await.unwrap().is_empty());
    let head = client.head(&file).header("range", "bytes=1-3").send().await.unwrap();
    assert_eq!(head.status(), StatusCode::OK, "a range is for GET");
    service.stop().await;
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let (service, url) = start(&["--only", "image"]).await;
    let host = url.trim_start_matches("http://");
    let asked = format!("GET /health HTTP/1.1\r\nhost: {host}\r\n\r\n").repeat(2)
        + &format!("GET /styles HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let answers = raw(&url, asked.as_bytes()).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3, "{answers}");
    service.stop().await;
}

#[tokio::test]
async fn what_is_no_way_to_ask_is_refused_in_json() {
    let (service, url) = start(&["--only", "image"]).await;
    let client = Client::new();
    let form = client.post(format!("{url}/generate")).header("prefer", "respond-async");
    let form = form.header("content-type", "text/plain").body(picture().to_string());
    let form = form.send().await.unwrap();
    assert_eq!(form.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(code(form).await, "unsupported");
    let put = client.put(format!("{url}/health")).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(put.headers().contains_key("allow"));
    for path in [
        "/outputs/../../../etc/passwd",
        "/outputs/%2e%2e/%2e%2e",
        "/uploads/..%2f..%2fx",
        "/a://b/health",
    ] {
        let host = url.trim_start_matches("http://");
        let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        let answer = raw(&url, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    service.stop().await;
}
