//! How the service ends, in good order and otherwise.

use std::{collections::BTreeSet, time::Duration};

use reqwest::Client;
use serde_json::{Value as Json, json};

use crate::support::{Program, ended, start, submit, text};

#[tokio::test]
async fn a_told_end_keeps_the_queue_and_exits_with_0() {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["--port", "0", "--only", "image", "--workers", "1", "--data-dir", text(folder.path())];
    let program = Program::start(&arguments);
    let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let large = json!({ "prompt": "a lake", "resolution": "2048x2048" });
    for key in ["large", "larger"] {
        let request = client.post(format!("{}/generate", program.url()));
        let request = request.header("prefer", "respond-async").header("idempotency-key", key);
        request.json(&large).send().await.unwrap();
    }
    submit(&client, program.url(), "small").send().await.unwrap();
    let (status, log) = program.terminate();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("stay queued"), "{log}");

    let program = Program::start(&arguments);
    for key in ["large", "larger"] {
        let known = client.delete(format!("{}/tasks/{key}", program.url())).send().await.unwrap();
        assert_eq!(known.status(), 200, "{key} is still queued");
    }
    assert_eq!(ended(&client, program.url(), "small").await["status"], "completed");
    let again = submit(&client, program.url(), "small").send().await.unwrap();
    let again: Json = again.json().await.unwrap();
    assert_eq!(again["status"], "completed", "the key is known: {again}");
}

#[tokio::test]
async fn without_a_directory_the_log_says_how_much_is_lost() {
    let program = Program::start(&["--port", "0", "--only", "image", "--workers", "1"]);
    let client = Client::new();
    for key in ["a", "b", "c"] {
        let request = client.post(format!("{}/generate", program.url()));
        let request = request.header("prefer", "respond-async").header("idempotency-key", key);
        let large = json!({ "prompt": "a lake", "resolution": "2048x2048" });
        request.json(&large).send().await.unwrap();
    }
    let (status, log) = program.terminate();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(log.contains("tasks are lost") && log.contains("tasks=3"), "{log}");
}

#[tokio::test]
async fn with_grace_what_was_begun_is_finished() {
    let (service, url) = start(&["--only", "image", "--workers", "1", "--grace", "30"]).await;
    let client = Client::new();
    let body = json!({ "prompt": "a lake", "resolution": "512x512" });
    let waiting = client.post(format!("{url}/generate")).json(&body).send();
    let waiting = tokio::spawn(waiting);
    while client
        .get(format!("{url}/tasks?limit=1"))
        .send()
        .await
        .unwrap()
        .json::<Json>()
        .await
        .unwrap()["tasks"][0]["status"]
        .is_null()
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    service.stop().await;
    let answer = waiting.await.unwrap().unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Json>().await.unwrap()["status"], "success");
}

/// kill -9 in the middle of a batch, twice: everything is made, nothing twice.
#[tokio::test]
async fn a_killed_service_goes_on_with_its_queue() {
    const TASKS: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let data = text(folder.path());
    let mut program = Program::start(&["--port", "0", "--only", "image", "--data-dir", data]);
    let port = program.port().to_owned();
    let arguments = ["--port", &port, "--only", "image", "--data-dir", data];
    // Connections to the one that was killed are no use for the next.
    let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let url = program.url().to_owned();
    let keys: Vec<String> = (0..TASKS).map(|number| format!("task-{number}")).collect();
    for key in &keys {
        assert_eq!(submit(&client, &url, key).send().await.unwrap().status(), 202);
    }
    let completed = async || -> BTreeSet<String> {
        let page = client.get(format!("{url}/tasks?status=completed&limit=1000"));
        let page: Json = page.send().await.unwrap().json().await.unwrap();
        let tasks = page["tasks"].as_array().unwrap();
        // With their times: nothing that was shown as done is done again.
        let fact = |task: &Json| json!([task["task_id"], task["result"], task["updated_at"]]);
        tasks.iter().map(|task| fact(task).to_string()).collect()
    };
    let mut seen = BTreeSet::new();
    for enough in [20, 100] {
        while seen.len() < enough {
            seen.extend(completed().await);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.kill();
        program = Program::start(&arguments);
        let after = completed().await;
        let gone: Vec<_> = seen.difference(&after).collect();
        assert!(gone.is_empty(), "{gone:?}");
    }
    for key in &keys {
        let task = ended(&client, &url, key).await;
        assert_eq!(task["status"], "completed", "{task}");
        let path = task["result"]["outputs"][0]["url"].as_str().unwrap();
        let file = client.get(format!("{url}{path}")).send().await.unwrap();
        assert_eq!(file.status(), 200);
        let bytes = file.bytes().await.unwrap().len();
        assert_eq!(json!(bytes), task["result"]["outputs"][0]["bytes"]);
    }
    let (status, log) = program.terminate();
    assert!(status.success(), "{log}");
    for record in records(folder.path()) {
        assert_eq!(record["generations"], 1, "{record}");
    }
    assert_eq!(records(folder.path()).len(), TASKS);
}

/// What the directory says of its tasks, read without the service.
fn records(directory: &std::path::Path) -> Vec<Json> {
    use redb::{ReadableDatabase, ReadableTable};
    const TASKS: redb::TableDefinition<'_, &str, &[u8]> = redb::TableDefinition::new("tasks");
    let database = redb::Database::open(directory.join("records.redb")).unwrap();
    let tasks = database.begin_read().unwrap().open_table(TASKS).unwrap();
    let records = tasks.iter().unwrap().map(|entry| entry.unwrap().1);
    records.map(|record| serde_json::from_slice(record.value()).unwrap()).collect()
}
