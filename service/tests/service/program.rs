//! The command: how it starts, and the sentences of those that do not.

use std::process::Command;

use reqwest::Client;

use crate::support::{Program, refusal_to_start, start};

#[tokio::test]
async fn a_port_in_use_is_named() {
    let (service, url) = start(&["--only", "voice"]).await;
    let port = url.rsplit(':').next().unwrap();
    let refused = Program::try_start(&["--only", "voice", "--port", port]);
    let (status, complaint) = refused.err().unwrap();
    assert_eq!(status.code(), Some(1));
    for word in [port, "voice", "in use", "--port"] {
        assert!(complaint.contains(word), "{complaint}");
    }
    service.stop().await;
}

#[tokio::test]
async fn names_that_are_none_are_refused() {
    let origin = refusal_to_start(&["--allow-origin", "studio.example"]).await;
    assert!(origin.contains("https://studio.example"), "{origin}");
    let host = refusal_to_start(&["--allow-host", "http://x/"]).await;
    assert!(host.contains("--allow-host"), "{host}");
    let elsewhere = refusal_to_start(&["--host", "203.0.113.1"]).await;
    assert!(elsewhere.contains("203.0.113.1") && elsewhere.contains("--host"), "{elsewhere}");
}

#[tokio::test]
async fn the_command_checks_another_one() {
    let program = Program::start(&["--port", "0", "--only", "image"]);
    let check = |url: &str| {
        let command = env!("CARGO_BIN_EXE_media-factory-service");
        Command::new(command).args(["--check", url]).output().unwrap()
    };
    assert!(check(program.url()).status.success());
    let url = program.url().to_owned();
    program.kill();
    let output = check(&url);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not answer"));
}

#[tokio::test]
async fn a_port_can_be_taken_again_at_once() {
    let program = Program::start(&["--port", "0", "--only", "image"]);
    let port = program.port().to_owned();
    let client = Client::new();
    client.get(format!("{}/health", program.url())).send().await.unwrap();
    program.kill();
    let again = Program::start(&["--port", &port, "--only", "image"]);
    assert_eq!(again.port(), port);
}

#[test]
fn help_tells_every_switch() {
    let command = env!("CARGO_BIN_EXE_media-factory-service");
    let output = Command::new(command).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for switch in [
        "--only",
        "--port",
        "--host",
        "--data-dir",
        "--token-file",
        "--allow-origin",
        "--allow-host",
        "--workers",
        "--queue",
        "--max-body",
        "--max-output",
        "--faults",
        "--blank",
        "--log",
        "--log-level",
        "--check",
        "--grace",
        "--connections",
        "MEDIA_FACTORY_SERVICE_TOKEN",
    ] {
        assert!(help.contains(switch), "{switch}");
    }
}
