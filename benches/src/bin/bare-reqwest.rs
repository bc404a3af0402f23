//! The same exchanges as a task makes, by reqwest and nothing else: what the SDK is compared with.
//!
//! `bare-reqwest URL TASKS CONCURRENCY` prints the seconds that it took. Every task has a key of
//! its own, or a service that knows keys would have nothing to do.
#![allow(clippy::print_stdout, reason = "a program of the benchmarks speaks to its caller")]
#![allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::{Instant, SystemTime};

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
    let run = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_nanos();
    exchange(&client, &endpoint, run, tasks).await?;
    let began = Instant::now();
    let mut answers = stream::iter(0..tasks)
        .map(|task| exchange(&client, &endpoint, run, task))
        .buffer_unordered(concurrency);
    while let Some(answer) = answers.next().await {
        answer?;
    }
    println!("{}", began.elapsed().as_secs_f64());
    Ok(())
}

async fn exchange(
    client: &reqwest::Client,
    endpoint: &str,
    run: u128,
    task: u32,
) -> reqwest::Result<()> {
    let request = client
        .post(endpoint)
        .header("content-type", "application/json")
        .header("prefer", "respond-async")
        .header("idempotency-key", format!("{run:032x}-{task}"))
        .body(BODY);
    let body = request.send().await?.error_for_status()?.bytes().await?;
    assert!(body.starts_with(b"{"), "the bare server answers with an object");
    Ok(())
}
