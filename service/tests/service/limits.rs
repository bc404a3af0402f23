//! Bodies, heads and connections beyond what the service takes.

use std::time::Duration;

use futures_util::stream;
use reqwest::{Body, Client, StatusCode};
use serde_json::Value as Json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{code, raw, start};

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_while_it_is_read() {
    let (service, url) = start(&["--only", "image", "--max-body", "64KiB"]).await;
    let client = Client::new();
    let upload = || client.post(format!("{url}/uploads")).header("content-type", "image/png");
    let announced = upload().body(vec![0; 1 << 20]).send().await.unwrap();
    assert_eq!(announced.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(code(announced).await, "too-large");
    // Without a length nobody knows before; this one is far more than memory should hold.
    let endless = stream::iter((0..10_000).map(|_| Ok::<_, std::io::Error>(vec![0; 64 << 10])));
    let endless = upload().body(Body::wrap_stream(endless)).send().await;
    if let Ok(refused) = endless {
        assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    let chunks = stream::iter((0..20).map(|_| Ok::<_, std::io::Error>(vec![0; 16 << 10])));
    let refused = upload().body(Body::wrap_stream(chunks)).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(client.get(format!("{url}/health")).send().await.unwrap().status(), StatusCode::OK);
    service.stop().await;
}

// Time is not waited for: it goes on by itself when nothing else is left to do.
#[tokio::test(start_paused = true)]
async fn a_slow_head_does_not_hold_a_connection() {
    let (_service, url) = start(&["--only", "image", "--blank"]).await;
    let before = tokio::time::Instant::now();
    let answer = raw(&url, b"GET /health HTTP/1.1\r\nhost: localhost\r\nx-slow: ").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(before.elapsed() < Duration::from_secs(12), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_silent_body_is_given_up() {
    let (_service, url) = start(&["--only", "image", "--blank"]).await;
    let head = "POST /generate HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\
                content-length: 100\r\n\r\n{\"prompt\":";
    let before = tokio::time::Instant::now();
    let answer = raw(&url, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("\"code\":\"timeout\""), "{answer}");
    assert!(before.elapsed() < Duration::from_secs(45), "{:?}", before.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed_when_it_was_told() {
    let (_service, url) = start(&["--only", "image", "--blank"]).await;
    let before = tokio::time::Instant::now();
    let answer = raw(&url, b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await;
    assert!(answer.contains("\r\nkeep-alive: timeout=10\r\n"), "{answer}");
    assert!((10..12).contains(&before.elapsed().as_secs()), "{:?}", before.elapsed());
    let last = b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let answer = raw(&url, last).await;
    assert!(!answer.contains("keep-alive"), "{answer}");
}

#[tokio::test]
async fn who_asks_before_sending_a_refused_body_is_not_told_to_send_it() {
    let (service, url) = start(&["--only", "image", "--max-body", "64KiB"]).await;
    for (request, status) in [
        ("POST /uploads HTTP/1.1\r\nhost: localhost", "413"),
        ("POST /uploads HTTP/1.1\r\nhost: evil.example", "421"),
        ("PUT /uploads HTTP/1.1\r\nhost: localhost", "405"),
    ] {
        let head = format!("{request}\r\nexpect: 100-continue\r\ncontent-length: 100000\r\n\r\n");
        // Nobody reads on for what is not coming.
        let asked = tokio::time::timeout(Duration::from_secs(4), raw(&url, head.as_bytes()));
        let answer = asked.await.expect("the connection is closed with the answer");
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
    }
    service.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_no_answers_is_given_up() {
    let (_service, url) = start(&["--only", "image", "--blank"]).await;
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let before = tokio::time::Instant::now();
    let requests = "GET /resolutions HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100);
    // Nothing is read here, so neither side can go on once all buffers are full.
    while stream.write_all(requests.as_bytes()).await.is_ok() {}
    let waited = before.elapsed();
    assert!(waited >= Duration::from_secs(60), "{waited:?}");
    assert!(waited < Duration::from_secs(90), "{waited:?}");
}

#[tokio::test]
async fn heads_have_a_greatest_size() {
    let (service, url) = start(&["--only", "image", "--blank"]).await;
    let head = format!(
        "GET /health HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n",
        "a".repeat(200 << 10)
    );
    let answer = raw(&url, head.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    service.stop().await;
}

#[tokio::test]
async fn without_room_a_connection_is_told_so() {
    let (service, url) = start(&["--only", "image", "--connections", "2"]).await;
    let address = url.trim_start_matches("http://");
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 200");
        held.push(stream);
    }
    let client = Client::new();
    let refused = client.get(format!("{url}/health")).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()["retry-after"], "1");
    let json: Json = refused.json().await.unwrap();
    assert_eq!(json["error"]["retryable"], true);
    drop(held);
    for _ in 0..100 {
        let answer = client.get(format!("{url}/health")).send().await.unwrap();
        if answer.status() == StatusCode::OK {
            return service.stop().await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the room is not given back");
}
