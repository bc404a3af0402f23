//! What workflows of one registry share, and what they do not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

use std::sync::Arc;

use media_factory_core::{
    Code, Registry, Task, TaskOptions, Workflow,
    media::{Map, MediaType, ProcessingStatus},
    task::Completion,
    testing::{BareHost, Harness},
};
use serde_json::{Value as Json, json};

const ENDPOINT: &str = "http://image-generation-service:5000";

fn harness(exchanges: &Json) -> Harness {
    Harness::new(&json!({"env": {}, "exchanges": exchanges}), Arc::new(BareHost)).unwrap()
}

/// A service that takes five seconds for everything.
fn slow() -> Json {
    json!([{"reply": {"after": 5, "json": {"status": "success", "url": "/a.png"}}, "standing": true}])
}

fn workflow(registry: &Registry, config: &Json) -> Workflow {
    registry.workflow(&MediaType::Image, &Map::from_json(config).unwrap(), None).unwrap()
}

fn start(workflow: &Workflow) -> Task {
    let parameters = Map::from_json(&json!({"prompt": "A fox"})).unwrap();
    workflow.process(parameters, TaskOptions::default()).unwrap()
}

#[test]
fn a_workflow_sees_its_own_tasks_and_a_registry_all() {
    let harness = harness(&slow());
    let registry = Registry::new(harness.runtime());
    let (mine, other) = (workflow(&registry, &json!({})), workflow(&registry, &json!({})));
    let (first, second) = (start(&mine), start(&other));
    let ids = |tasks: Vec<Task>| tasks.iter().map(|task| task.id().clone()).collect::<Vec<_>>();
    assert_eq!(ids(mine.tasks(None)), [first.id().clone()]);
    assert_eq!(ids(registry.tasks(None)), [first.id().clone(), second.id().clone()]);
    assert!(mine.task(second.id()).is_none());
    assert!(registry.task(second.id()).is_some());
    assert!(!mine.cancel_task(second.id()), "another's task is not cancelled");
    assert!(other.cancel_task(second.id()));
    assert_eq!(ids(registry.tasks(Some(ProcessingStatus::Cancelled))), [second.id().clone()]);
    assert!(registry.task("no such id").is_none());
}

#[test]
fn the_smallest_live_limit_holds_for_an_endpoint() {
    let harness = harness(&slow());
    let registry = Registry::new(harness.runtime());
    let wide = workflow(&registry, &json!({"max_concurrency": 10}));
    let narrow = workflow(&registry, &json!({"max_concurrency": 2, "service_endpoint": ENDPOINT}));
    let tasks: Vec<Task> = (0..4).map(|_| start(&wide)).collect();
    harness.settle();
    assert_eq!(harness.script().requests().len(), 2);
    drop(narrow);
    harness.settle();
    assert_eq!(harness.script().requests().len(), 4, "the limit went with its workflow");
    harness.run();
    assert!(tasks.iter().all(|task| task.status() == ProcessingStatus::Completed));
}

#[test]
fn the_last_limit_stays_for_the_tasks_that_it_leaves() {
    let harness = harness(&slow());
    let registry = Registry::new(harness.runtime());
    let only = workflow(&registry, &json!({"max_concurrency": 2}));
    let tasks: Vec<Task> = (0..4).map(|_| start(&only)).collect();
    harness.settle();
    drop(only);
    harness.settle();
    assert_eq!(harness.script().requests().len(), 2);
    let wide = workflow(&registry, &json!({}));
    harness.run();
    assert_eq!(harness.script().requests().len(), 4);
    assert!(tasks.iter().all(|task| task.status() == ProcessingStatus::Completed));
    assert!(wide.tasks(None).is_empty());
}

#[test]
fn endpoints_are_not_limited_by_each_other() {
    let harness = harness(&slow());
    let registry = Registry::new(harness.runtime());
    for port in [1, 2, 3] {
        let endpoint = format!("http://h:{port}");
        let config = json!({"max_concurrency": 1, "service_endpoint": endpoint});
        let workflow = workflow(&registry, &config);
        start(&workflow);
        start(&workflow);
    }
    harness.settle();
    assert_eq!(harness.script().requests().len(), 3);
}

#[test]
fn what_an_endpoint_is_is_known_to_all_its_workflows() {
    let health = json!({"protocol": "media-factory/1"});
    let harness = harness(&json!([
        {"expect": {"url": format!("{ENDPOINT}/health")}, "reply": {"json": health}},
        {"expect": {"method": "POST"}, "reply": {"json": {"status": "success", "url": "/a.png"}}},
        {"expect": {"method": "POST"}, "reply": {"json": {"status": "success", "url": "/a.png"}}},
    ]));
    let registry = Registry::new(harness.runtime());
    for _ in 0..2 {
        let parameters = Map::from_json(&json!({"prompt": "A fox", "seed": 1})).unwrap();
        let task = workflow(&registry, &json!({})).process(parameters, TaskOptions::default());
        harness.run();
        assert_eq!(task.unwrap().status(), ProcessingStatus::Completed);
    }
    assert_eq!(harness.script().problems(), Vec::<String>::new());
}

#[test]
fn callers_share_no_event_stream() {
    let stream = |key: &str, id: &str| {
        let result = json!({"status": "success", "outputs": [{"url": "/a.png"}]});
        let event = json!({"task_id": id, "status": "completed", "result": result});
        json!({
            "expect": {
                "url": format!("{ENDPOINT}/events"),
                "headers": {"authorization": format!("Bearer {key}")},
                "json": {"tasks": [id]},
            },
            "reply": {
                "headers": {"content-type": "text/event-stream"},
                "chunks": [{"after": 1, "event": event}],
            },
        })
    };
    let accepted = json!({"task_id": "{id}", "status": "pending"});
    let first = "01a202a0-7580-7000-8000-000000000001";
    let second = "01a202a0-7580-7001-8000-000000000002";
    let scenario = json!({"env": {}, "scarce": true, "exchanges": [
        {"expect": {"url": format!("{ENDPOINT}/generate")},
            "reply": {"status": 202, "json": accepted}, "standing": true},
        stream("s3cret-of-one", first),
        stream("s3cret-of-another", second),
    ]});
    let harness = Harness::new(&scenario, Arc::new(BareHost)).unwrap();
    let registry = Registry::new(harness.runtime());
    let keys = ["s3cret-of-one", "s3cret-of-another"];
    let workflows = keys.map(|key| workflow(&registry, &json!({"api_key": key})));
    let tasks = workflows.each_ref().map(start);
    harness.run();
    assert_eq!(harness.script().problems(), Vec::<String>::new());
    assert!(tasks.iter().all(|task| task.status() == ProcessingStatus::Completed));
    assert!(!format!("{workflows:?}").contains("s3cret"));
}

#[test]
fn a_task_outlives_its_workflow_and_its_registry() {
    let harness = harness(&slow());
    let registry = Registry::new(harness.runtime());
    let task = start(&workflow(&registry, &json!({})));
    drop(registry);
    harness.run();
    assert_eq!(task.status(), ProcessingStatus::Completed);
}

#[test]
fn defaults_that_are_refused_change_nothing() {
    let harness = harness(&slow());
    let registry = Registry::new(harness.runtime());
    let workflow = workflow(&registry, &json!({}));
    let defaults = json!({"image": {"history_limit": 0}, "voice": {"timeout": -1}});
    assert!(registry.configure(Map::from_json(&defaults).unwrap()).is_err());
    let task = start(&workflow);
    harness.run();
    assert!(registry.task(task.id()).is_some(), "the history is as long as before");
}

#[test]
fn an_id_adopted_again_is_a_new_task() {
    let harness = harness(&json!([]));
    let registry = Registry::new(harness.runtime());
    registry.configure(Map::from_json(&json!({"history_limit": 1})).unwrap()).unwrap();
    let adopt = |id| registry.adopt(id, 1, MediaType::Image, Map::new());
    adopt("again").cancel();
    let replaced = adopt("again");
    let running = adopt("again");
    replaced.cancel();
    adopt("other").cancel();
    adopt("another").cancel();
    let kept = |id| registry.task(id).is_some();
    assert!(kept("again"), "what runs is never evicted");
    assert!(!kept("other") && kept("another"));
    running.cancel();
    assert!(kept("again") && !kept("another"));
}

#[test]
fn names_are_registered_once() {
    let harness = harness(&json!([]));
    let registry = Registry::new(harness.runtime());
    registry.register("music").unwrap();
    registry.register("music").unwrap();
    let names: Vec<String> = registry.available().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["image", "video", "voice", "music"]);
    assert_eq!(registry.media_type("music").unwrap().as_str(), "music");
    for bad in ["", "a b", "ü", &"x".repeat(65)] {
        assert!(registry.register(bad).is_err(), "{bad}");
    }
}

#[test]
fn only_the_service_says_how_its_tasks_go() {
    let harness = harness(&slow());
    let registry = Registry::new(harness.runtime());
    let images = workflow(&registry, &json!({}));
    let task = start(&images);
    harness.settle();
    for refused in [task.start(), task.progress(0.5, None), task.complete(Completion::default())] {
        assert_eq!(refused.unwrap_err().code, Code::Validation);
    }
    harness.run();
    assert_eq!(task.status(), ProcessingStatus::Completed);
    let own = images.create_task(Map::new(), serde_json::Map::new());
    own.start().unwrap();
    own.complete(Completion::default()).unwrap();
    assert_eq!(own.status(), ProcessingStatus::Completed);
}
