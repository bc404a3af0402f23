//! What a service can do at most with axum: one handler that reads a submission's JSON and answers
//! with a task, without queue, store or checks.
//!
//! Prints its address on the first line, then serves until it is ended.
#![allow(clippy::print_stdout, reason = "a program of the benchmarks speaks to its caller")]

use axum::{Json, Router, http::HeaderMap, http::StatusCode, routing::post};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, Router::new().route("/generate", post(generate))).await
}

async fn generate(headers: HeaderMap, Json(_): Json<Value>) -> (StatusCode, Json<Value>) {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let task = json!({
        "task_id": key,
        "status": "pending",
        "progress": 0.0,
        "log": [],
        "created_at": "2026-11-22T09:40:00.000Z",
        "updated_at": "2026-11-22T09:40:00.000Z",
    });
    (StatusCode::ACCEPTED, Json(task))
}
