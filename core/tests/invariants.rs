//! What holds for every task whatever happens to it, tried with many random histories.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may")]

use std::{
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use media_factory_core::{
    Code, Error, Event, Registry, Task,
    media::{Map, MediaType, ProcessingStatus},
    runtime::Clock,
    task::{Completion, EventKind, EventStream, Listener, TaskIds},
    testing::{BareHost, Harness, ManualClock},
};
use proptest::prelude::*;
use serde_json::json;

#[derive(Debug, Clone)]
enum Step {
    Start,
    Progress(f64),
    Log,
    Complete,
    Fail,
    Cancel,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Start),
        6 => (-0.5..1.5).prop_map(Step::Progress),
        2 => Just(Step::Log),
        1 => Just(Step::Complete),
        1 => Just(Step::Fail),
        1 => Just(Step::Cancel),
        2 => (0..5000u64).prop_map(Step::Wait),
    ]
}

#[derive(Default)]
struct Told(Mutex<Vec<Event>>);

impl Listener for Told {
    fn push(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

fn a_task(harness: &Harness, told: &Arc<Told>) -> Task {
    let registry = Registry::new(harness.runtime());
    let workflow = registry.workflow(&MediaType::Image, &Map::new(), None).unwrap();
    workflow.create_task_for(Map::new(), serde_json::Map::new(), Some(told.clone()))
}

fn apply(harness: &Harness, task: &Task, step: &Step) {
    // What is not legal now is refused with an error and must change nothing.
    let _ = match step {
        Step::Start => task.start(),
        Step::Progress(value) => task.progress(*value, None),
        Step::Log => {
            task.log("x");
            Ok(())
        }
        Step::Complete => task.complete(Completion::default()),
        Step::Fail => task.fail(Error::new(Code::Internal, "x")),
        Step::Cancel => {
            task.cancel();
            Ok(())
        }
        Step::Wait(millis) => {
            harness.advance(Duration::from_millis(*millis));
            Ok(())
        }
    };
}

fn drain(stream: &mut EventStream) -> Vec<Event> {
    let mut context = Context::from_waker(Waker::noop());
    let mut events = Vec::new();
    while let Poll::Ready(Some(event)) = stream.poll_next(&mut context) {
        events.push(event);
    }
    events
}

fn is_progress(event: &Event) -> bool {
    matches!(event.kind, EventKind::Progress { .. })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_history_is_always_legal(steps in prop::collection::vec(step(), 0..40)) {
        use ProcessingStatus::{Pending, Processing};
        let harness = Harness::new(&json!({"env": {}}), Arc::new(BareHost)).unwrap();
        let told = Arc::new(Told::default());
        let task = a_task(&harness, &told);
        let mut before = json!(task.snapshot());
        for step in &steps {
            let was = task.status();
            apply(&harness, &task, step);
            let after = json!(task.snapshot());
            let is = task.status();
            let legal = match was {
                Pending => true,
                Processing => is != Pending,
                _ => false,
            };
            prop_assert!(legal || was == is);
            if was.is_terminal() {
                prop_assert_eq!(&before, &after, "a terminal state never changes");
            }
            prop_assert!(before["progress"].as_f64() <= after["progress"].as_f64());
            prop_assert!(after["created_at"].as_u64() <= after["updated_at"].as_u64());
            prop_assert_eq!(is.is_terminal(), after["finished_at"].is_u64());
            before = after;
        }
        let told = told.0.lock().unwrap();
        prop_assert!(told.iter().zip(1..).all(|(event, place)| event.seq == place));
        prop_assert!(told.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let ends = told.iter().filter(|event| {
            matches!(event.kind, EventKind::Status { status, .. } if status.is_terminal())
        });
        prop_assert_eq!(ends.count(), usize::from(task.is_finished()));
    }

    #[test]
    fn a_stream_misses_progress_only(
        steps in prop::collection::vec((step(), any::<bool>()), 0..40),
        from in 0..40usize,
    ) {
        let harness = Harness::new(&json!({"env": {}}), Arc::new(BareHost)).unwrap();
        let told = Arc::new(Told::default());
        let task = a_task(&harness, &told);
        let mut stream = None;
        let mut seen = Vec::new();
        for (place, (step, reads)) in steps.iter().enumerate() {
            if place == from {
                stream = Some(task.events());
            }
            apply(&harness, &task, step);
            if let Some(stream) = stream.as_mut().filter(|_| *reads) {
                seen.extend(drain(stream));
            }
        }
        let mut stream = stream.unwrap_or_else(|| task.events());
        seen.extend(drain(&mut stream));
        prop_assert_eq!(seen[0].kind.name(), "snapshot");
        prop_assert!(seen.windows(2).all(|pair| pair[0].seq < pair[1].seq));
        let told = told.0.lock().unwrap();
        let must_come = told.iter().filter(|event| event.seq > seen[0].seq && !is_progress(event));
        let came = seen.iter().skip(1).filter(|event| !is_progress(event));
        let numbers = |events: Vec<&Event>| events.iter().map(|event| event.seq).collect::<Vec<_>>();
        prop_assert_eq!(numbers(came.collect()), numbers(must_come.collect()));
        // The newest progress is never the one that is missed.
        let newest = told.iter().rev().find(|event| is_progress(event)).map(|event| event.seq);
        let expected = newest.filter(|seq| *seq > seen[0].seq);
        prop_assert_eq!(seen.iter().rev().find(|event| is_progress(event)).map(|e| e.seq), expected);
    }

    #[test]
    fn ids_rise_whatever_the_clock_does(jumps in prop::collection::vec(0..3u64, 1..9000)) {
        let clock = Backwards(Mutex::new((ManualClock::new(Vec::new()), jumps)));
        let ids = TaskIds::default();
        let count = clock.0.lock().unwrap().1.len();
        let made: Vec<Arc<str>> = (0..count).map(|_| ids.next(&clock)).collect();
        prop_assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(made.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'7'));
    }

    #[test]
    fn the_pool_is_first_come_first_served(
        limit in 1..5usize,
        lasts in prop::collection::vec(0..8u32, 1..20),
    ) {
        let reply = |(place, seconds): (usize, &u32)| json!({
            "expect": {"json": {"prompt": place.to_string()}},
            "reply": {"after": seconds, "json": {"status": "success", "url": "/a.png"}},
        });
        let mut exchanges: Vec<_> = lasts.iter().enumerate().map(reply).collect();
        exchanges.push(json!({
            "expect": {"method": "GET"}, "reply": {"status": 404}, "standing": true,
        }));
        let scenario = json!({"env": {}, "exchanges": exchanges});
        let harness = Harness::new(&scenario, Arc::new(BareHost)).unwrap();
        let registry = Registry::new(harness.runtime());
        let config = Map::from_json(&json!({"max_concurrency": limit})).unwrap();
        let workflow = registry.workflow(&MediaType::Image, &config, None).unwrap();
        let parameters = |place: usize| Map::from_json(&json!({"prompt": place.to_string()}));
        let items = (0..lasts.len()).map(|place| Ok(parameters(place).unwrap()));
        let tasks = workflow.batch(items.collect());
        harness.run();
        prop_assert!(tasks.iter().all(|task| task.status() == ProcessingStatus::Completed));
        let mut requests = harness.script().requests();
        requests.retain(|request| request["method"] == "POST");
        let order: Vec<_> = requests.iter().map(|request| request["json"]["prompt"].clone()).collect();
        let expected: Vec<_> = (0..lasts.len()).map(|place| json!(place.to_string())).collect();
        prop_assert_eq!(order, expected);
        // Started at `from`, over at `to`: never more than `limit` at one moment.
        let spans: Vec<(f64, f64)> = requests
            .iter()
            .zip(&lasts)
            .map(|(request, seconds)| {
                let from = request["at"].as_f64().unwrap();
                (from, from + f64::from(*seconds))
            })
            .collect();
        for (moment, _) in &spans {
            let running = spans.iter().filter(|(from, to)| from <= moment && moment < to).count();
            prop_assert!(running <= limit, "{running} at {moment}");
        }
    }
}

/// A clock that may be set back between two readings.
#[derive(Debug)]
struct Backwards(Mutex<(ManualClock, Vec<u64>)>);

impl Clock for Backwards {
    fn now(&self) -> u64 {
        let mut inner = self.0.lock().unwrap();
        let jump = inner.1.pop().unwrap_or_default();
        inner.0.now() + jump
    }

    fn ticks(&self) -> u64 {
        self.0.lock().unwrap().0.ticks()
    }

    fn sleep(&self, duration: Duration) -> media_factory_core::runtime::BoxFuture<'static, ()> {
        self.0.lock().unwrap().0.sleep(duration)
    }

    fn random(&self) -> f64 {
        self.0.lock().unwrap().0.random()
    }

    fn entropy(&self) -> u128 {
        // All bits set: the counter starts as high as it may.
        u128::MAX
    }
}
