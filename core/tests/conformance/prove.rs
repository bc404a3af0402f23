//! Compares what was played with what a vector says.

use base64::{Engine, engine::general_purpose::STANDARD};
use media_factory_core::{Event, Task, testing::mismatch};
use serde_json::{Value as Json, json};

use crate::{
    play::{Played, issues},
    vector::members,
};

/// 2026-11-22T09:40:00Z, at which every scenario starts.
const START: f64 = 1_795_340_400_000.0;

/// The members of `then`.
const MEMBERS: [&str; 11] = [
    "issues",
    "error",
    "task",
    "tasks",
    "events",
    "followed",
    "requests",
    "elapsed",
    "outputs",
    "capabilities",
    "listed",
];

/// Everything that is wrong, one line each.
pub(crate) fn prove(played: &Played, then: &Json) -> Result<(), String> {
    let mut problems = played.problems.clone();
    let expected = members(then);
    for (member, wanted) in &expected {
        if !MEMBERS.contains(&member.as_str()) {
            problems.push(format!("unknown member of then: {member}"));
        } else if let Some(problem) = compare(played, member, wanted) {
            problems.push(format!("{member}{problem}"));
        }
    }
    if expected.is_empty() {
        problems.push("proves nothing".to_owned());
    }
    if let Some(error) = &played.error
        && !["issues", "error"].iter().any(|member| expected.contains_key(*member))
    {
        problems.push(format!("raised {error}"));
    }
    if let Some(harness) = &played.harness {
        problems.extend(harness.script().problems());
    }
    problems.extend(broken_promises(played));
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n  ")) }
}

fn compare(played: &Played, member: &str, wanted: &Json) -> Option<String> {
    let ids: Vec<String> = played.tasks.iter().map(|task| task.id().to_string()).collect();
    let wanted = &with_ids(wanted, &ids);
    match member {
        "issues" => {
            let found = issues(&played.issues);
            let raised = played.error.as_ref().map(|error| issues(&error.issues));
            let agree = raised.is_none_or(|raised| raised == found);
            match (found == *wanted, agree) {
                (true, true) => None,
                (false, _) => Some(format!(": found {found}")),
                (_, false) => Some(format!(": {:?} was raised", played.error)),
            }
        }
        "error" => match &played.error {
            Some(error) => {
                let mut seen = json!(error);
                seen["issues"] = issues(&error.issues);
                mismatch(wanted, &seen)
            }
            None => Some(": nothing was raised".to_owned()),
        },
        "task" => mismatch(wanted, &played.tasks.first().map(snapshot).unwrap_or_default()),
        "tasks" => mismatch(wanted, &played.tasks.iter().map(snapshot).collect()),
        "events" => mismatch(wanted, &played.events.0.lock().unwrap().iter().map(event).collect()),
        "followed" => {
            let streams = played.followed.iter();
            mismatch(
                wanted,
                &streams.map(|events| events.iter().map(event).collect::<Json>()).collect(),
            )
        }
        "requests" => requests(played, wanted),
        "elapsed" => mismatch(wanted, &json!(played.elapsed)),
        "outputs" => mismatch(wanted, &outputs(played)),
        "capabilities" => {
            let seen = json!(played.workflow.as_ref()?.capabilities());
            (seen != *wanted).then(|| format!(": got {seen}"))
        }
        _ => {
            let listed = played.registry.as_ref()?.tasks(None);
            mismatch(wanted, &listed.iter().map(|task| json!(task.id())).collect())
        }
    }
}

/// Exact in number, order and JSON bodies; headers may be more than the vector names.
fn requests(played: &Played, wanted: &Json) -> Option<String> {
    let seen = played.harness.as_ref()?.script().requests();
    if let Some(problem) = mismatch(wanted, &json!(seen)) {
        return Some(problem);
    }
    let pairs = wanted.as_array()?.iter().zip(&seen);
    pairs.enumerate().find_map(|(place, (wanted, seen))| {
        let (wanted, seen) = (wanted.get("json")?, &seen["json"]);
        (!same(wanted, seen)).then(|| format!("[{place}].json: expected {wanted}, got {seen}"))
    })
}

/// Equal, with numbers compared by value: `2` and `2.0` are one number on the wire.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

fn outputs(played: &Played) -> Json {
    let outputs = played.tasks.iter().flat_map(Task::outputs);
    let read = outputs.map(|output| match played.read(&output) {
        Some(Ok(bytes)) => match std::str::from_utf8(&bytes) {
            Ok(text) => json!({"text": text, "extension": output.extension()}),
            Err(_) => json!({"base64": STANDARD.encode(&bytes), "extension": output.extension()}),
        },
        Some(Err(error)) => json!({"error": error}),
        None => json!({"error": "the read never ended"}),
    });
    read.collect()
}

/// Snapshots and events count time in seconds since the start of the scenario.
fn snapshot(task: &Task) -> Json {
    let mut json = json!(task.snapshot());
    for moment in ["created_at", "started_at", "updated_at", "finished_at"] {
        json[moment] = seconds(&json[moment]);
    }
    json["raw"] = json["result"].take();
    json
}

fn event(event: &Event) -> Json {
    let mut json = json!(event);
    json["at"] = seconds(&json["at"]);
    json
}

fn seconds(millis: &Json) -> Json {
    millis.as_f64().map_or(Json::Null, |millis| json!((millis - START) / 1000.0))
}

/// `{id}` is the first task's id, `{id:1}` the second's.
fn with_ids(json: &Json, ids: &[String]) -> Json {
    match json {
        Json::String(text) => {
            let mut text = text.clone();
            for (place, id) in ids.iter().enumerate() {
                text = text.replace(&format!("{{id:{place}}}"), id);
            }
            json!(ids.first().map_or(text.clone(), |id| text.replace("{id}", id)))
        }
        Json::Array(items) => items.iter().map(|item| with_ids(item, ids)).collect(),
        Json::Object(members) => {
            members.iter().map(|(key, item)| (key.clone(), with_ids(item, ids))).collect()
        }
        other => other.clone(),
    }
}

/// What holds in every vector, whatever it is about.
fn broken_promises(played: &Played) -> Vec<String> {
    let mut broken = Vec::new();
    let events = played.events.0.lock().unwrap();
    if events.iter().zip(1..).any(|(event, place)| event.seq != place) {
        broken.push("seq has gaps".to_owned());
    }
    if events.windows(2).any(|pair| pair[0].at > pair[1].at) {
        broken.push("events run backwards in time".to_owned());
    }
    let told = json!({
        "events": events.iter().map(event).collect::<Json>(),
        "tasks": played.tasks.iter().map(snapshot).collect::<Json>(),
        "error": played.error,
        "debug": format!("{:?} {:?}", played.workflow, played.tasks),
    });
    // Vectors mark what must never show by this word.
    if told.to_string().contains("s3cret") {
        broken.push(format!("a secret shows: {told}"));
    }
    for task in &played.tasks {
        let seen = snapshot(task);
        let times: Vec<f64> = ["created_at", "started_at", "updated_at"]
            .iter()
            .filter_map(|moment| seen[moment].as_f64())
            .collect();
        if times.windows(2).any(|pair| pair[0] > pair[1]) {
            broken.push(format!("times out of order: {times:?}"));
        }
        if seen["status"] == "completed" && seen["progress"] != 1.0 {
            broken.push("completed without progress 1".to_owned());
        }
    }
    broken
}
