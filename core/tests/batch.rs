//! Batches where timers fire one after another, as they do in pages.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use media_factory_core::{
    Registry, Task,
    media::{Map, MediaType, ProcessingStatus},
    runtime::{BoxFuture, Clock},
    testing::{BareHost, Harness},
};
use serde_json::{Value as Json, json};

const PAUSE: Duration = Duration::from_millis(400);

/// Of sleeps that end at the same time, each is over a little later than the one before.
#[derive(Debug)]
struct OneByOne {
    clock: Arc<dyn Clock>,
    apart: Duration,
    slept: AtomicU64,
}

impl Clock for OneByOne {
    fn now(&self) -> u64 {
        self.clock.now()
    }

    fn ticks(&self) -> u64 {
        self.clock.ticks()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let later = match duration {
            PAUSE => {
                let before = self.slept.fetch_add(1, Ordering::Relaxed);
                self.apart * u32::try_from(before).unwrap()
            }
            _ => Duration::ZERO,
        };
        self.clock.sleep(duration + later)
    }

    fn random(&self) -> f64 {
        self.clock.random()
    }

    fn entropy(&self) -> u128 {
        self.clock.entropy()
    }
}

fn taken(items: std::ops::Range<u32>) -> Json {
    let task = |item: u32| {
        json!({
            "task_id": format!("01a202a0-7580-700{item}-8000-{:012}", item + 1),
            "status": "completed",
            "result": {"status": "success", "outputs": [{"url": "/a.png"}]},
        })
    };
    json!({"tasks": items.map(task).collect::<Vec<_>>()})
}

/// Eight tasks whose first exchange fails, and whose pauses end so far apart.
fn play(apart: Duration, repeats: &[Json]) -> (Harness, Vec<Task>) {
    let health = json!({"protocol": "media-factory/1", "capabilities": {"batch": true}});
    let mut exchanges = vec![
        json!({"expect": {"method": "GET"}, "reply": {"json": health}}),
        json!({"expect": {"method": "POST"}, "reply": {"fault": "torn"}}),
    ];
    exchanges.extend_from_slice(repeats);
    let scenario = json!({"env": {}, "random": [0.8], "exchanges": exchanges});
    let harness = Harness::new(&scenario, Arc::new(BareHost)).unwrap();
    let mut runtime = harness.runtime();
    runtime.clock = Arc::new(OneByOne { clock: runtime.clock, apart, slept: AtomicU64::new(0) });
    let registry = Registry::new(runtime);
    let workflow = registry.workflow(&MediaType::Image, &Map::new(), None).unwrap();
    let item = |number| Ok(Map::from_json(&json!({"prompt": format!("p{number}")})).unwrap());
    let tasks = workflow.batch((0..8).map(item).collect());
    harness.run();
    (harness, tasks)
}

fn batch(reply: &Json) -> Json {
    let url = "http://image-generation-service:5000/generate/batch";
    json!({"expect": {"method": "POST", "url": url}, "reply": {"status": 202, "json": reply}})
}

#[test]
fn who_was_in_a_failed_exchange_is_waited_for() {
    let (harness, tasks) = play(Duration::from_millis(2), &[batch(&taken(0..8))]);
    assert_eq!(harness.script().problems(), Vec::<String>::new());
    assert!(tasks.iter().all(|task| task.status() == ProcessingStatus::Completed));
}

#[test]
fn who_comes_back_late_goes_alone_and_holds_nobody_up() {
    let id = json!({"task_id": "{id}", "status": "completed",
                    "result": {"status": "success", "outputs": [{"url": "/a.png"}]}});
    let url = "http://image-generation-service:5000/generate";
    let alone = json!({"expect": {"method": "POST", "url": url}, "reply": {"json": id}});
    let (harness, tasks) = play(Duration::from_millis(30), &vec![alone; 8]);
    assert_eq!(harness.script().problems(), Vec::<String>::new());
    assert!(tasks.iter().all(|task| task.status() == ProcessingStatus::Completed));
    let last = &harness.script().requests()[9];
    assert_eq!(last["at"], json!(0.61), "the last one waits for nobody");
}
