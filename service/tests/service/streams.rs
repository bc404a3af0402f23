//! Event streams over the network.

use std::time::Duration;

use reqwest::Client;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Program, ended, raw, start, submit};

#[tokio::test]
async fn a_stream_tells_every_state_and_ends() {
    let (service, url) = start(&["--only", "image"]).await;
    let client = Client::new();
    submit(&client, &url, "one").send().await.unwrap();
    let stream = client.get(format!("{url}/tasks/one/events")).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert!(!stream.headers().contains_key("content-length"));
    let text = stream.text().await.unwrap();
    assert!(text.contains("event: update"), "{text}");
    assert!(text.contains("\"status\":\"completed\""), "{text}");
    service.stop().await;
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_its_connection_free() {
    let (service, url) = start(&["--only", "image", "--connections", "2", "--workers", "1"]).await;
    let client = Client::new();
    // Larger ones first, so that the followed task waits.
    for key in ["busy-1", "busy-2"] {
        let body = serde_json::json!({ "prompt": "a lake", "resolution": "2048x2048" });
        let request = client.post(format!("{url}/generate")).header("idempotency-key", key);
        request.header("prefer", "respond-async").json(&body).send().await.unwrap();
    }
    submit(&client, &url, "followed").send().await.unwrap();
    for _ in 0..20 {
        let stream = client.get(format!("{url}/tasks/followed/events")).send().await.unwrap();
        if stream.status() == 503 {
            // The last one was not noticed yet.
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        }
        assert_eq!(stream.status(), 200);
        drop(stream);
    }
    for key in ["busy-1", "busy-2"] {
        client.delete(format!("{url}/tasks/{key}")).send().await.unwrap();
    }
    assert_eq!(ended(&client, &url, "followed").await["status"], "completed");
    service.stop().await;
}

#[tokio::test]
async fn streams_end_cleanly_with_the_service() {
    let (service, url) = start(&["--only", "image", "--workers", "1"]).await;
    let client = Client::new();
    let body = serde_json::json!({ "prompt": "a lake", "resolution": "2048x2048" });
    for _ in 0..3 {
        let request = client.post(format!("{url}/generate")).header("prefer", "respond-async");
        request.json(&body).send().await.unwrap();
    }
    submit(&client, &url, "waiting").send().await.unwrap();
    let mut stream = client.get(format!("{url}/tasks/waiting/events")).send().await.unwrap();
    assert!(stream.chunk().await.unwrap().is_some());
    let stopping = tokio::spawn(service.stop());
    // The end, and not a broken connection, after whatever was told meanwhile.
    while let Some(_more) = stream.chunk().await.unwrap() {}
    tokio::time::timeout(Duration::from_secs(4), stopping).await.unwrap().unwrap();
}

/// Half of the files that two processes may have open between them belong to this one.
#[tokio::test]
async fn ten_thousand_streams_are_open_at_once() {
    let wanted = 10_000;
    let files = rlimit::increase_nofile_limit(wanted + 500).unwrap();
    let count = wanted.min(files - 400) as usize;
    let program = Program::start(&["--port", "0", "--only", "image", "--workers", "1"]);
    let (url, address) = (program.url(), program.url().trim_start_matches("http://"));
    let client = Client::new();
    // One task keeps the only worker busy; the other one is followed by all.
    let body = serde_json::json!({ "prompt": "a lake", "resolution": "2048x2048" });
    for key in 0..40 {
        let request = client.post(format!("{url}/generate")).header("prefer", "respond-async");
        let request = request.header("idempotency-key", format!("busy-{key}"));
        request.json(&body).send().await.unwrap();
    }
    submit(&client, url, "followed").send().await.unwrap();
    let request =
        "GET /tasks/followed/events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let mut streams = Vec::with_capacity(count);
    for _ in 0..count {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    for stream in &mut streams {
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
    }
    // Others are served meanwhile.
    assert!(
        raw(url, b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await
            .starts_with("HTTP/1.1 200")
    );
    client.delete(format!("{url}/tasks/followed")).send().await.unwrap();
    for mut stream in streams {
        let mut rest = String::new();
        stream.read_to_string(&mut rest).await.unwrap();
        assert!(rest.contains("\"status\":\"cancelled\""), "{rest}");
    }
}
