//! A loopback server that does nothing but answer, so that a benchmark measures the client.
//!
//! Every POST gets the same finished version-0 result, every GET a small file; connections are
//! kept alive. Prints its address on the first line, then serves until it is ended.
#![allow(clippy::print_stdout, reason = "a program of the benchmarks speaks to its caller")]

use std::{io, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

const RESULT: &str = r#"{"image_id":"img_1795340369.978354","metadata":{"device":"cpu","generation_time_ms":1500,"seed":42},"model":"stable-diffusion","prompt":"A futuristic city","resolution":"1024x1024","status":"success","style":"realistic","timestamp":"2026-11-22T09:39:29.978354","url":"/outputs/images/placeholder_stable-diffusion_realistic.png"}"#;

const CORS: &str = "access-control-allow-origin: *\r\naccess-control-allow-headers: *\r\naccess-control-max-age: 86400\r\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // Milliseconds before each answer, for benchmarks of tasks that wait.
    let pause = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    let answer: Arc<str> = Arc::from(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{CORS}content-length: {}\r\n\r\n{RESULT}",
        RESULT.len()
    ));
    loop {
        let (stream, _) = listener.accept().await?;
        let answer = answer.clone();
        // A client that goes away ends its own connection and nothing else.
        tokio::spawn(async move { drop(serve(stream, &answer, pause).await) });
    }
}

async fn serve(mut stream: TcpStream, answer: &str, pause: u64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    loop {
        while let Some(length) = request_length(&buffer) {
            buffer.drain(..length);
            if pause > 0 {
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            stream.write_all(answer.as_bytes()).await?;
        }
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
}

/// The length of the first whole request in `buffer`, head and body.
fn request_length(buffer: &[u8]) -> Option<usize> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(buffer.get(..end)?).to_ascii_lowercase();
    let body = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let body: usize = body.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    (buffer.len() >= end + body).then_some(end + body)
}
