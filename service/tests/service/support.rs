//! Starting services, and the few words of the protocol that the tests speak.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use clap::Parser;
use media_factory_service::{Arguments, Service};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value as Json, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A picture that is made at once.
pub(crate) fn picture() -> Json {
    json!({ "prompt": "abstract shapes", "resolution": "16x16", "seed": 7 })
}

fn arguments(more: &[&str]) -> Vec<String> {
    let usual = ["media-factory-service", "--port", "0"];
    usual.iter().chain(more).map(|&argument| argument.to_owned()).collect()
}

/// Starts a service in this process and gives it with the address of its first medium.
pub(crate) async fn start(more: &[&str]) -> (Service, String) {
    let service = Service::start(&Arguments::parse_from(arguments(more))).await.unwrap();
    let url = service.listening()[0].url.clone();
    (service, url)
}

/// Why a service with these arguments does not start.
pub(crate) async fn refusal_to_start(more: &[&str]) -> String {
    let arguments = Arguments::parse_from(arguments(more));
    Service::start(&arguments).await.map(drop).unwrap_err().to_string()
}

/// Submits a picture under a key.
pub(crate) fn submit(client: &Client, url: &str, key: &str) -> RequestBuilder {
    let request = client.post(format!("{url}/generate")).header("idempotency-key", key);
    request.header("prefer", "respond-async").json(&picture())
}

/// Asks for a task until it has ended.
pub(crate) async fn ended(client: &Client, url: &str, key: &str) -> Json {
    loop {
        let task = client.get(format!("{url}/tasks/{key}")).send().await.unwrap();
        let task: Json = task.json().await.unwrap();
        if !matches!(task["status"].as_str(), Some("pending" | "processing")) {
            return task;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The code in the body of a refusal.
pub(crate) async fn code(response: Response) -> String {
    assert_eq!(response.headers()["content-type"], "application/json");
    let json: Json = response.json().await.unwrap();
    json["error"]["code"].as_str().unwrap().to_owned()
}

/// Sends bytes as they are and reads until the service closes, or a while has passed.
pub(crate) async fn raw(url: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // The service may close with a reset after its answer.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The service as a program; ended with the test.
pub(crate) struct Program {
    child: Child,
    /// Reads the log as it comes: a full pipe would hold the program up.
    log: Option<thread::JoinHandle<String>>,
    /// Of image, video and voice, or of those that are served.
    pub(crate) urls: Vec<String>,
}

impl Program {
    pub(crate) fn start(more: &[&str]) -> Self {
        Self::try_start(more).unwrap_or_else(|(_, complaint)| panic!("{complaint}"))
    }

    /// Starts the program, or gives its exit code and what it complained about.
    pub(crate) fn try_start(more: &[&str]) -> Result<Self, (ExitStatus, String)> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_media-factory-service"))
            .args(more)
            .env_remove("MEDIA_FACTORY_SERVICE_TOKEN")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            errors.read_to_string(&mut log).unwrap();
            log
        });
        let media = match more.iter().filter(|&&argument| argument == "--only").count() {
            0 => 3,
            some => some,
        };
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let urls: Vec<String> = lines
            .map_while(Result::ok)
            .map(|line| {
                serde_json::from_str::<Json>(&line).unwrap()["url"].as_str().unwrap().into()
            })
            .take(media)
            .collect();
        if urls.len() == media {
            return Ok(Self { child, log: Some(log), urls });
        }
        Err((child.wait().unwrap(), log.join().unwrap()))
    }

    pub(crate) fn url(&self) -> &str {
        &self.urls[0]
    }

    pub(crate) fn port(&self) -> &str {
        self.urls[0].rsplit(':').next().unwrap()
    }

    /// SIGKILL: the program has no say in it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and what it logged until its end.
    pub(crate) fn terminate(mut self) -> (ExitStatus, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        let patience = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, self.log.take().unwrap().join().unwrap());
            }
            assert!(patience.elapsed() < Duration::from_secs(30), "it does not end");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
