//! Plays what a vector gives, up to the point where nothing moves any more.

use std::{
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use media_factory_core::{
    Error, Event, Registry, Task, TaskOptions, Workflow,
    error::Issue,
    media::{MediaOutput, Value},
    protocol::Listing,
    runtime::Spawner,
    task::{EventStream, Listener, WaitError},
    testing::{BareHost, Harness},
};
use serde_json::{Value as Json, json};

use crate::{
    values::{dictionary, value},
    vector::members,
};

/// Everything that can be seen after a case was played.
#[derive(Default)]
pub(crate) struct Played {
    pub(crate) harness: Option<Harness>,
    pub(crate) workflow: Option<Workflow>,
    pub(crate) registry: Option<Registry>,
    /// What `check` found in the parameters.
    pub(crate) issues: Vec<Issue>,
    /// What `get_workflow` or `process` raised.
    pub(crate) error: Option<Error>,
    pub(crate) tasks: Vec<Task>,
    /// Every event of the first task from `created` on.
    pub(crate) events: Arc<Events>,
    /// The streams that were opened on the way.
    pub(crate) followed: Vec<Vec<Event>>,
    /// Where an action did not give what the vector says.
    pub(crate) problems: Vec<String>,
    pub(crate) elapsed: f64,
    streams: Vec<EventStream>,
}

#[derive(Default)]
pub(crate) struct Events(pub(crate) Mutex<Vec<Event>>);

impl Listener for Events {
    fn push(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

/// Runs one case.
pub(crate) fn play(given: &Json, when: &Json) -> Result<Played, String> {
    let mut scenario = members(given);
    // The environment of whoever runs the tests must not show.
    scenario.entry("env").or_insert_with(|| json!({}));
    let harness = Harness::new(&Json::Object(scenario), Arc::new(BareHost))
        .map_err(|error| error.to_string())?;
    let mut played = Played { harness: Some(harness.clone()), ..Played::default() };
    if let Err(error) = played.start(given, &harness) {
        played.error = Some(error);
    }
    for action in when.as_array().into_iter().flatten() {
        let at = Duration::from_secs_f64(action["at"].as_f64().ok_or("an action without 'at'")?);
        let ahead = at.saturating_sub(harness.clock().elapsed());
        // At the very start nothing has run yet, and an action there comes before anything does.
        if !ahead.is_zero() {
            harness.advance(ahead);
        }
        played.act(action)?;
    }
    harness.run();
    played.elapsed = harness.clock().elapsed().as_secs_f64();
    let streams = std::mem::take(&mut played.streams);
    played.followed = streams.into_iter().map(drain).collect();
    Ok(played)
}

/// Everything in a stream that nobody feeds any more.
fn drain(mut stream: EventStream) -> Vec<Event> {
    let mut context = Context::from_waker(Waker::noop());
    let mut events = Vec::new();
    while let Poll::Ready(Some(event)) = stream.poll_next(&mut context) {
        events.push(event);
    }
    events
}

impl Played {
    fn start(&mut self, given: &Json, harness: &Harness) -> Result<(), Error> {
        let registry = Registry::new(harness.runtime());
        self.registry = Some(registry.clone());
        if given["defaults"].is_object() {
            registry.configure(dictionary(&given["defaults"]))?;
        }
        let media_type = registry.media_type(given["media_type"].as_str().unwrap_or("image"))?;
        let workflow = registry.workflow(&media_type, &dictionary(&given["config"]), None)?;
        self.workflow = Some(workflow.clone());
        if let Some(items) = given["batch"].as_array() {
            self.tasks = workflow.batch(items.iter().map(|item| Ok(dictionary(item))).collect());
        } else if let Some((name, arguments)) = members(&given["call"]).iter().next() {
            self.tasks.push(call(&workflow, name, arguments, self.options(given))?);
        } else if given["parameters"].is_object() {
            let parameters = dictionary(&given["parameters"]);
            self.issues = workflow.check(&parameters);
            if self.issues.is_empty() && given["exchanges"].is_null() {
                return Ok(());
            }
            self.tasks.push(workflow.process(parameters, self.options(given))?);
        }
        Ok(())
    }

    fn options(&self, given: &Json) -> TaskOptions {
        TaskOptions {
            timeout: given["options"]["timeout"].as_f64().map(Duration::from_secs_f64),
            listener: Some(self.events.clone()),
        }
    }

    fn act(&mut self, action: &Json) -> Result<(), String> {
        let harness = self.harness.clone().ok_or("nothing was started")?;
        let place = usize::try_from(action["task"].as_u64().unwrap_or(0)).unwrap_or(0);
        let task = self.tasks.get(place).cloned().ok_or("no such task");
        let gave = match action["do"].as_str() {
            Some("cancel") => json!(task?.cancel()),
            Some("wait") => {
                let timeout = action["timeout"].as_f64().map(Duration::from_secs_f64);
                let task = task?;
                let ended = finish(&harness, async move { task.wait(timeout).await });
                match ended.ok_or("the wait never ended")? {
                    Ok(()) => json!("completed"),
                    Err(WaitError::Failed(error)) => {
                        json!({"raised": "TaskFailed", "code": error.code})
                    }
                    Err(WaitError::Cancelled(error)) => {
                        json!({"raised": "TaskCancelled", "code": error.code})
                    }
                    Err(WaitError::Timeout(error)) => {
                        json!({"raised": "WaitTimeout", "code": error.code})
                    }
                }
            }
            Some("follow") => {
                self.streams.push(task?.events());
                Json::Null
            }
            Some("process") => {
                let workflow = self.workflow.clone().ok_or("no workflow")?;
                let parameters = dictionary(&action["parameters"]);
                match workflow.process(parameters, TaskOptions::default()) {
                    Ok(task) => {
                        self.tasks.push(task);
                        Json::Null
                    }
                    Err(error) => json!({"code": error.code, "issues": issues(&error.issues)}),
                }
            }
            Some("list") => {
                let workflow = self.workflow.clone().ok_or("no workflow")?;
                let listing = match action["what"].as_str() {
                    Some("models") => Listing::Models,
                    Some("styles") => Listing::Styles,
                    Some("resolutions") => Listing::Resolutions,
                    _ => Listing::Health,
                };
                let listed = finish(&harness, async move { workflow.list(listing).await });
                match listed.ok_or("the list never came")? {
                    Ok(list) => list,
                    Err(error) => json!({"code": error.code}),
                }
            }
            other => return Err(format!("unknown action {other:?}")),
        };
        if let Some(expected) = action.get("gives")
            && *expected != gave
        {
            self.problems.push(format!("{} gave {gave}, not {expected}", action["do"]));
        }
        Ok(())
    }

    /// What reading an output gives: its bytes or the error.
    pub(crate) fn read(&self, output: &MediaOutput) -> Option<Result<bytes::Bytes, Error>> {
        let output = output.clone();
        finish(self.harness.as_ref()?, async move { output.read().await })
    }
}

fn call(
    workflow: &Workflow,
    name: &str,
    arguments: &Json,
    options: TaskOptions,
) -> Result<Task, Error> {
    let or = |key: &str, standard: &str| match &arguments[key] {
        Json::Null => Value::from(standard),
        given => value(given),
    };
    match name {
        "create_from_images" => {
            let images = arguments["images"].as_array().into_iter().flatten();
            let images = images.map(value).collect();
            workflow.create_from_images(images, dictionary(&arguments["parameters"]), options)
        }
        "text_to_speech" => workflow.text_to_speech(
            value(&arguments["text"]),
            or("voice", "default"),
            or("language", "en"),
            options,
        ),
        "clone_voice" => workflow.clone_voice(
            value(&arguments["sample_audio"]),
            value(&arguments["text"]),
            options,
        ),
        other => panic!("unknown call {other}"),
    }
}

/// Issues as vectors write them: without words for people and without the value.
pub(crate) fn issues(issues: &[Issue]) -> Json {
    let plain = |issue: &Issue| {
        let mut json = serde_json::to_value(issue).expect("an issue is plain data");
        let members = json.as_object_mut().expect("an object");
        members.remove("message");
        members.remove("value");
        json
    };
    issues.iter().map(plain).collect()
}

/// Runs a future on the harness until it is done; `None` when it never can be.
fn finish<T: Send + 'static>(
    harness: &Harness,
    future: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    let slot = Arc::new(Mutex::new(None));
    let inside = slot.clone();
    harness.executor().spawn(Box::pin(async move {
        let value = future.await;
        *inside.lock().unwrap() = Some(value);
    }));
    harness.run_until(|| slot.lock().unwrap().is_some());
    slot.lock().unwrap().take()
}
