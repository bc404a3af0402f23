//! Data directories that are no good, and what is said of them.

use std::{fs, path::Path};

use reqwest::Client;
use serde_json::Value as Json;

use crate::support::{ended, refusal_to_start, start, submit, text};

async fn refused(directory: &Path) -> String {
    refusal_to_start(&["--only", "image", "--data-dir", text(directory)]).await
}

#[tokio::test]
async fn tasks_and_files_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("new/and/nested");
    let arguments = ["--only", "image", "--data-dir", text(&directory)];
    let (service, url) = start(&arguments).await;
    let client = Client::new();
    submit(&client, &url, "one").send().await.unwrap();
    let before = ended(&client, &url, "one").await;
    let path = before["result"]["outputs"][0]["url"].as_str().unwrap().to_owned();
    let bytes = client.get(format!("{url}{path}")).send().await.unwrap().bytes().await.unwrap();
    service.stop().await;

    let stray = directory.join("files").join("0".repeat(64));
    fs::write(&stray, "nobody knows me").unwrap();
    let (service, url) = start(&arguments).await;
    assert!(!stray.exists(), "files that no record names are removed");
    let after = ended(&client, &url, "one").await;
    for member in ["status", "result", "created_at", "updated_at"] {
        assert_eq!(after[member], before[member], "{member}");
    }
    let kept = client.get(format!("{url}{path}")).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(kept, bytes);
    let other = client.post(format!("{url}/generate")).header("idempotency-key", "one");
    let other = other.header("prefer", "respond-async").json(&serde_json::json!({"prompt": "b"}));
    assert_eq!(other.send().await.unwrap().status(), 409, "the key is known");
    service.stop().await;

    fs::remove_dir_all(directory.join("files")).unwrap();
    let (service, url) = start(&arguments).await;
    let gone = client.get(format!("{url}{path}")).send().await.unwrap();
    assert_eq!(gone.status(), 404);
    let gone: Json = gone.json().await.unwrap();
    assert_eq!(gone["error"]["code"], "not-found");
    service.stop().await;
}

#[tokio::test]
async fn one_directory_has_one_service() {
    let folder = tempfile::tempdir().unwrap();
    let (service, _) = start(&["--only", "image", "--data-dir", text(folder.path())]).await;
    let message = refused(folder.path()).await;
    assert!(message.contains("in use by another") && message.contains(text(folder.path())));
    service.stop().await;
    let (service, _) = start(&["--only", "image", "--data-dir", text(folder.path())]).await;
    service.stop().await;
}

#[tokio::test]
async fn a_directory_of_somebody_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let message = refused(folder.path()).await;
    assert!(message.contains("other files"), "{message}");
    let file = folder.path().join("thesis.txt");
    let message = refused(&file).await;
    assert!(message.contains("no directory"), "{message}");
    assert_eq!(fs::read(&file).unwrap(), b"years of work");
}

#[tokio::test]
async fn a_directory_of_a_newer_version_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("format"), "2\n").unwrap();
    let message = refused(folder.path()).await;
    assert!(message.contains("newer") && message.contains("format 2"), "{message}");
    fs::write(folder.path().join("format"), "two\n").unwrap();
    let message = refused(folder.path()).await;
    assert!(message.contains("damaged"), "{message}");
}

#[tokio::test]
async fn a_damaged_directory_is_named_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (service, url) = start(&["--only", "image", "--data-dir", text(folder.path())]).await;
    let client = Client::new();
    submit(&client, &url, "one").send().await.unwrap();
    ended(&client, &url, "one").await;
    service.stop().await;
    let records = folder.path().join("records.redb");
    let whole = fs::read(&records).unwrap();

    let mut scribbled = whole.clone();
    for byte in scribbled.iter_mut().skip(4096) {
        *byte ^= 0x5a;
    }
    let short = whole[..whole.len() / 3].to_vec();
    for damaged in [scribbled, short, b"not a database at all".to_vec()] {
        fs::write(&records, &damaged).unwrap();
        let message = refused(folder.path()).await;
        assert!(message.contains("damaged") && message.contains("backup"), "{message}");
    }
    assert_eq!(fs::read_dir(folder.path().join("files")).unwrap().count(), 1);

    fs::write(&records, &whole).unwrap();
    let (service, url) = start(&["--only", "image", "--data-dir", text(folder.path())]).await;
    assert_eq!(ended(&client, &url, "one").await["status"], "completed");
    service.stop().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_directory_that_cannot_be_made_is_named() {
    // Nobody makes directories there, whoever runs this.
    let message = refused(Path::new("/proc/media-factory")).await;
    assert!(message.contains("/proc/media-factory"), "{message}");
}
