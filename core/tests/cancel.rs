//! A cancel that comes in the very moment in which the task's work ends.

#![allow(clippy::unwrap_used, reason = "tests may")]

use std::{sync::Arc, time::Duration};

use media_factory_core::{
    Registry, Task, TaskOptions,
    media::{Map, MediaType, ProcessingStatus},
    testing::{BareHost, Harness},
};
use serde_json::{Value as Json, json};

const TASK: &str = "http://image-generation-service:5000/tasks/{id}";

/// A job that is asked for twice a second, up to the moment of the first answer `read`.
fn up_to_the_answer(read: &Json, then: &[Json]) -> (Harness, Task) {
    let accepted = json!({"task_id": "{id}", "status": "processing"});
    let mut exchanges = vec![
        json!({"expect": {"method": "POST"}, "reply": {"status": 202, "json": accepted}}),
        json!({"expect": {"url": format!("{TASK}/events")}, "reply": {"status": 404}}),
        json!({"expect": {"method": "GET", "url": TASK}, "reply": read}),
    ];
    exchanges.extend_from_slice(then);
    let scenario = json!({"env": {}, "exchanges": exchanges});
    let harness = Harness::new(&scenario, Arc::new(BareHost)).unwrap();
    let registry = Registry::new(harness.runtime());
    let workflow = registry.workflow(&MediaType::Image, &Map::new(), None).unwrap();
    let parameters = Map::from_json(&json!({"prompt": "A fox"})).unwrap();
    let task = workflow.process(parameters, TaskOptions::default()).unwrap();
    harness.advance(Duration::from_millis(600));
    // The answer is there, and nobody has looked at it yet.
    harness.clock().jump_to(Duration::from_millis(1500));
    (harness, task)
}

#[test]
fn the_service_is_told_to_stop_when_the_work_breaks_off_in_that_moment() {
    let unreadable = json!({"after": 1, "text": "<html>"});
    let told = json!({"expect": {"method": "DELETE", "url": TASK}, "reply": {"status": 204}});
    let (harness, task) = up_to_the_answer(&unreadable, &[told]);
    assert!(task.cancel());
    harness.run();
    assert_eq!(task.status(), ProcessingStatus::Cancelled);
    assert_eq!(harness.script().problems(), Vec::<String>::new());
}

#[test]
fn the_service_is_told_nothing_when_it_has_ended_the_job_itself() {
    let cancelled = json!({"after": 1, "json": {"task_id": "{id}", "status": "cancelled"}});
    let (harness, task) = up_to_the_answer(&cancelled, &[]);
    assert!(task.cancel());
    harness.run();
    assert_eq!(task.status(), ProcessingStatus::Cancelled);
    assert_eq!(harness.script().problems(), Vec::<String>::new());
}
