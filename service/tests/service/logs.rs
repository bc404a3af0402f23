//! What the log says, and what it never says.

use std::fs;

use reqwest::Client;
use serde_json::{Value as Json, json};

use crate::support::{Program, ended, submit, text};

#[tokio::test]
async fn the_log_names_requests_and_keeps_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    fs::write(&file, "a-token-that-is-secret\n").unwrap();
    let program = Program::start(&[
        "--port",
        "0",
        "--only",
        "image",
        "--log",
        "json",
        "--token-file",
        text(&file),
    ]);
    let client = Client::builder();
    let headers = [("authorization", "Bearer a-token-that-is-secret")];
    let headers = headers.into_iter().map(|(name, value)| {
        (name.parse().unwrap(), reqwest::header::HeaderValue::from_static(value))
    });
    let client = client.default_headers(headers.collect()).build().unwrap();
    submit(&client, program.url(), "task-1").send().await.unwrap();
    ended(&client, program.url(), "task-1").await;
    let query = format!("{}/tasks?status=completed", program.url());
    client.get(query).send().await.unwrap();
    let wrong = Client::new().post(format!("{}/generate", program.url()));
    let wrong = wrong.json(&json!({ "prompt": "words of a user" }));
    wrong.bearer_auth("another-secret").send().await.unwrap();

    let (status, log) = program.terminate();
    assert!(status.success(), "{log}");
    let lines: Vec<Json> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests: Vec<&Json> = lines.iter().filter(|line| line["message"] == "request").collect();
    let first = requests[0];
    assert_eq!(
        (&first["medium"], &first["method"], &first["path"], &first["status"], &first["task"]),
        (&json!("image"), &json!("POST"), &json!("/generate"), &json!(202), &json!("task-1"))
    );
    assert!(first["ms"].is_u64() && first["timestamp"].is_string() && first["level"] == "INFO");
    assert!(requests.iter().any(|line| line["path"] == "/tasks" && line["status"] == 200));
    assert!(requests.iter().any(|line| line["path"] == "/generate" && line["status"] == 401));
    for secret in ["secret", "abstract", "words of a user", "completed", "Bearer"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
