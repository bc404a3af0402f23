//! The same exchanges as a task makes, by reqwest and nothing else: what the SDK is compared with.
//!
//! `bare-reqwest URL TASKS CONCURRENCY` prints the seconds that it took.
#![allow(clippy::print_stdout, reason = "a program of the benchmarks speaks to its caller")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

use futures_util::{StreamExt, stream};

const BODY: &str =
    r#"{"prompt":"A futuristic city","style":"realistic","resolution":"1024x1024","hdr":true}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let url = words.next().ok_or("usage: bare-reqwest URL TASKS CONCURRENCY")?;
    let tasks: u32 = words.next().ok_or("how many tasks?")?.parse()?;
    let concurrency: usize = words.next().ok_or("how many at once?")?.parse()?;
    let client = reqwest::Client::builder().pool_max_idle_per_host(concurrency).build()?;
    let endpoint = format!("{url}/generate");
    exchange(&client, &endpoint).await?;
    let began = Instant::now();
    let mut answers =
        stream::iter(0..tasks).map(|_| exchange(&client, &endpoint)).buffer_unordered(concurrency);
    while let Some(answer) = answers.next().await {
        answer?;
    }
    println!("{}", began.elapsed().as_secs_f64());
    Ok(())
}

async fn exchange(client: &reqwest::Client, endpoint: &str) -> reqwest::Result<()> {
    let request = client
        .post(endpoint)
        .header("content-type", "application/json")
        .header("prefer", "respond-async")
        .header("idempotency-key", "019dd0f5-8b40-7000-8000-000000000001")
        .body(BODY);
    let body = request.send().await?.error_for_status()?.bytes().await?;
    assert!(body.starts_with(b"{"), "the bare server answers with an object");
    Ok(())
}
