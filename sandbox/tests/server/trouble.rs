//! Simulated trouble in front of the real server: the same story whatever the order, and nothing
//! made twice.

use std::{
    collections::BTreeMap,
    future::ready,
    sync::{Arc, Mutex},
};

use media_factory_core::{
    Registry, Task, TaskOptions,
    media::{Map, MediaType, ProcessingStatus},
    runtime::{BoxFuture, Runtime, lock},
    task::{EventKind, Listener},
    testing::{BareHost, Harness},
};
use media_factory_sandbox::server::{
    Limits, RenderOrder, Renderer, SandboxTransport, Server, Tally, Watch,
};
use serde_json::{Value as Json, json};

use crate::bench::{Outcome, PICTURE, picture};

/// Has every picture at once.
#[derive(Debug)]
struct Ready;

impl Renderer for Ready {
    fn render(&self, _order: RenderOrder, _watch: Watch) -> BoxFuture<'static, Outcome> {
        Box::pin(ready(Ok(picture(PICTURE))))
    }
}

/// What a task was told of its repetitions, in order.
#[derive(Default)]
struct Retries(Mutex<Vec<String>>);

impl Listener for Retries {
    fn push(&self, event: media_factory_core::Event) {
        if let EventKind::Retry { attempt, delay, reason, .. } = event.kind {
            lock(&self.0).push(format!("{attempt} {delay} {reason:?}"));
        }
    }
}

/// How everything ended: by prompt what was told and how the task ended, and by id how often it
/// was made.
struct Ending {
    stories: BTreeMap<String, String>,
    tallies: BTreeMap<Arc<str>, Tally>,
}

/// Plays all prompts at once.
fn play(sandbox: Json, concurrency: usize, prompts: &[usize]) -> Ending {
    let harness = Harness::new(&json!({ "env": {} }), Arc::new(BareHost)).unwrap();
    let (clock, executor) = (harness.clock().clone(), harness.executor().clone());
    let server = Server::new(Arc::new(Ready), clock, executor, Limits::default());
    let transport = Arc::new(SandboxTransport::new(server.clone()));
    let registry = Registry::new(Runtime { sandbox: Some(transport), ..harness.runtime() });
    let config = json!({
        "protocol": "sandbox", "sandbox": sandbox, "max_concurrency": concurrency,
    });
    let config = Map::from_json(&config).unwrap();
    let images = registry.workflow(&MediaType::Image, &config, None).unwrap();
    let start = |prompt: &usize| {
        let retries = Arc::new(Retries::default());
        let parameters = Map::from_json(&json!({ "prompt": format!("p{prompt}"), "seed": 1 }));
        let listener: Arc<dyn Listener> = retries.clone();
        let options = TaskOptions { listener: Some(listener), ..TaskOptions::default() };
        (*prompt, images.process(parameters.unwrap(), options).unwrap(), retries)
    };
    let played: Vec<_> = prompts.iter().map(start).collect();
    harness.run();
    let story = |(prompt, task, retries): &(usize, Task, Arc<Retries>)| {
        let error = task.snapshot().error.as_ref().map(|error| error.code);
        assert!(task.status().is_terminal(), "p{prompt} has ended");
        assert_eq!(task.status() == ProcessingStatus::Completed, error.is_none());
        (format!("p{prompt}"), format!("{:?} {error:?}", lock(&retries.0)))
    };
    Ending { stories: played.iter().map(story).collect(), tallies: server.counters() }
}

#[test]
fn the_order_and_the_number_at_once_change_nothing() {
    let trouble = json!({ "failure_rate": 0.4, "rate_limit": 0.3, "latency": [0.1, 2], "seed": 3 });
    let forwards: Vec<usize> = (0..60).collect();
    let stories = play(trouble.clone(), 64, &forwards).stories;
    let backwards: Vec<usize> = forwards.iter().rev().copied().collect();
    assert_eq!(play(trouble.clone(), 64, &backwards).stories, stories);
    let shuffled: Vec<usize> = forwards.iter().map(|place| place * 37 % 60).collect();
    assert_eq!(play(trouble.clone(), 1, &shuffled).stories, stories);
    let other = json!({ "failure_rate": 0.4, "rate_limit": 0.3, "latency": [0.1, 2], "seed": 4 });
    assert_ne!(play(other, 64, &forwards).stories, stories);
}

#[test]
fn nothing_is_made_twice_when_every_second_exchange_fails() {
    let prompts: Vec<usize> = (0..200).collect();
    let ending = play(json!({ "failure_rate": 0.5, "seed": 1 }), 64, &prompts);
    assert!(ending.tallies.values().all(|tally| tally.generations <= 1));
    let repeated = ending.tallies.values().filter(|tally| tally.submissions > 1).count();
    assert!(repeated > 10, "{repeated} were submitted more than once");
    let failed = ending.stories.values().filter(|story| story.contains("Some")).count();
    assert!((1..100).contains(&failed), "{failed} have failed for good");
}

#[test]
fn where_everything_fails_every_task_does() {
    let ending = play(json!({ "failure_rate": 1 }), 64, &(0..40).collect::<Vec<_>>());
    for (prompt, story) in &ending.stories {
        let expected = ["Some(Connection)", "Some(AmbiguousSubmit)"];
        assert!(expected.iter().any(|code| story.ends_with(code)), "{prompt}: {story}");
    }
    assert!(ending.tallies.values().all(|tally| tally.generations <= 1));
}

#[test]
fn refusals_are_waited_out_and_cost_nothing() {
    let ending = play(json!({ "rate_limit": 0.5 }), 64, &(0..40).collect::<Vec<_>>());
    assert!(ending.stories.values().all(|story| story.ends_with("None")), "{:?}", ending.stories);
    assert!(ending.stories.values().any(|story| story.contains("RateLimited")));
    assert!(ending.tallies.values().all(|tally| (tally.submissions, tally.generations) == (1, 1)));
}
