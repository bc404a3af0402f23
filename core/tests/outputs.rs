//! Outputs read in part and chunk by chunk.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use media_factory_core::{
    Code, Error, Registry, TaskOptions,
    media::{Chunk, Map, MediaOutput, MediaType},
    runtime::{Body, BoxFuture, HttpRequest, HttpResponse, Spawner, Transport, TransportError},
    testing::{BareHost, Harness},
};
use serde_json::{Value as Json, json};

const TEXT: &str = "0123456789";

/// The output of a task whose file is answered like this, and what it all runs on.
fn output(downloads: &[Json]) -> (Harness, MediaOutput) {
    let submission = json!({
        "expect": {"method": "POST"},
        "reply": {"json": {"status": "success", "url": "/a.txt"}},
    });
    let exchanges: Vec<Json> = [submission].into_iter().chain(downloads.iter().cloned()).collect();
    let scenario = json!({"env": {}, "exchanges": exchanges});
    let harness = Harness::new(&scenario, Arc::new(BareHost)).unwrap();
    let registry = Registry::new(harness.runtime());
    let workflow = registry.workflow(&MediaType::Image, &Map::new(), None).unwrap();
    let parameters = Map::from_json(&json!({"prompt": "x"})).unwrap();
    let task = workflow.process(parameters, TaskOptions::default()).unwrap();
    harness.run();
    (harness, task.outputs()[0].clone())
}

fn done<T: Send + 'static>(
    harness: &Harness,
    future: impl Future<Output = T> + Send + 'static,
) -> T {
    let slot = Arc::new(Mutex::new(None));
    let inside = slot.clone();
    harness.executor().spawn(Box::pin(async move {
        let value = future.await;
        *inside.lock().unwrap() = Some(value);
    }));
    harness.run_until(|| slot.lock().unwrap().is_some());
    slot.lock().unwrap().take().unwrap()
}

fn part(harness: &Harness, output: &MediaOutput, start: u64, end: u64) -> Result<Bytes, Error> {
    let output = output.clone();
    done(harness, async move { output.read_range(start..end).await })
}

/// Everything that was scripted has happened, and nothing else.
fn as_scripted(harness: &Harness) {
    assert_eq!(harness.script().problems(), Vec::<String>::new());
}

/// A service whose every answer is that long.
#[derive(Debug)]
struct Verbose(Bytes);

impl Transport for Verbose {
    fn send(
        &self,
        _request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        let body = Body::Full(self.0.clone());
        Box::pin(async { Ok(HttpResponse { status: 200, headers: Vec::new(), body }) })
    }
}

#[test]
fn only_an_answer_with_media_inside_may_be_longer_than_any_description() {
    let harness = Harness::new(&json!({"env": {}}), Arc::new(BareHost)).unwrap();
    let registry = Registry::new(harness.runtime());
    let transport = Arc::new(Verbose(Bytes::from(vec![b' '; (64 << 20) + 1])));
    let code_of = |config: Json| {
        let config = Map::from_json(&config).unwrap();
        let workflow = registry.workflow(&MediaType::Image, &config, Some(transport.clone()));
        let parameters = Map::from_json(&json!({"prompt": "x"})).unwrap();
        let task = workflow.unwrap().process(parameters, TaskOptions::default()).unwrap();
        harness.run();
        task.snapshot().error.unwrap().code
    };
    assert_eq!(code_of(json!({"service_endpoint": "http://h"})), Code::TooLarge);
    let openai = json!({"service_endpoint": "http://h", "protocol": "openai"});
    assert_eq!(code_of(openai), Code::Protocol, "it was read whole");
}

fn ranged(range: &str, place: &str, text: &str) -> Json {
    json!({
        "expect": {"method": "GET", "headers": {"range": range}},
        "reply": {"status": 206, "headers": {"content-range": place, "etag": "\"v\""}, "text": text},
    })
}

#[test]
fn a_part_is_asked_for_as_a_range() {
    let (harness, output) = output(&[
        ranged("bytes=2-4", "bytes 2-4/10", "234"),
        ranged("bytes=8-19", "bytes 8-9/10", "89"),
        json!({"expect": {"headers": {"range": "bytes=20-29"}}, "reply": {"status": 416}}),
    ]);
    assert_eq!(part(&harness, &output, 2, 5).unwrap(), "234");
    assert_eq!(part(&harness, &output, 8, 20).unwrap(), "89");
    assert_eq!(part(&harness, &output, 20, 30).unwrap(), "");
    assert_eq!(part(&harness, &output, 5, 5).unwrap(), "");
    assert_eq!(output.in_memory(), None, "parts are not held");
    as_scripted(&harness);
}

#[test]
fn a_service_without_ranges_gives_parts_too() {
    let whole = json!({"reply": {"chunks": [{"text": "0123"}, {"text": "456789"}]}});
    let (harness, output) = output(&[whole]);
    assert_eq!(part(&harness, &output, 2, 6).unwrap(), "2345");
    as_scripted(&harness);
}

#[test]
fn a_part_is_resumed_inside_its_range() {
    let broken = json!({
        "expect": {"headers": {"range": "bytes=2-7"}},
        "reply": {
            "status": 206,
            "headers": {"content-range": "bytes 2-7/10", "etag": "\"v\""},
            "chunks": [{"text": "23"}, {"fault": "torn"}],
        },
    });
    let (harness, output) = output(&[broken, ranged("bytes=4-7", "bytes 4-7/10", "4567")]);
    assert_eq!(part(&harness, &output, 2, 8).unwrap(), "234567");
    as_scripted(&harness);
}

#[test]
fn another_part_than_asked_for_is_refused() {
    let (harness, output) = output(&[ranged("bytes=2-4", "bytes 0-2/10", "012")]);
    assert_eq!(part(&harness, &output, 2, 5).unwrap_err().code, Code::Output);
    as_scripted(&harness);
}

#[test]
fn what_is_held_is_sliced() {
    let (harness, output) = output(&[json!({"reply": {"text": TEXT}})]);
    let read = output.clone();
    assert_eq!(done(&harness, async move { read.read().await }).unwrap(), TEXT);
    assert_eq!(part(&harness, &output, 2, 5).unwrap(), "234");
    assert_eq!(part(&harness, &output, 8, 99).unwrap(), "89");
    assert_eq!(part(&harness, &output, 50, 99).unwrap(), "");
    as_scripted(&harness);
}

#[test]
fn a_stream_holds_nothing_and_says_when_it_starts_over() {
    let broken = json!({"reply": {"chunks": [{"text": "01"}, {"fault": "torn"}]}});
    let whole = json!({"reply": {"chunks": [{"text": "0123"}, {"text": "456789"}]}});
    let (harness, output) = output(&[broken, whole]);
    let mut stream = output.stream();
    let chunks = done(&harness, async move {
        let mut chunks = Vec::new();
        while let Some(chunk) = stream.next().await {
            chunks.push(chunk.unwrap());
        }
        chunks
    });
    let bytes = |text: &'static str| Chunk::Bytes(Bytes::from_static(text.as_bytes()));
    assert_eq!(chunks, [bytes("01"), Chunk::StartsOver, bytes("0123"), bytes("456789")]);
    assert_eq!(output.in_memory(), None);
    as_scripted(&harness);
}
