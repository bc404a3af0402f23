//! What became of each task so far: how often each of its exchanges was tried, from which the next
//! try's fate is drawn.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::{
    number::written,
    runtime::{HttpRequest, Method},
};

/// So many tasks are told apart; of the oldest beyond that the story begins anew.
const MOST_STORIES: usize = 10_000;

/// How often each exchange of each task was tried.
#[derive(Debug, Default)]
pub(super) struct Stories {
    known: BTreeMap<Arc<str>, Story>,
    /// The oldest first.
    by_age: VecDeque<Arc<str>>,
}

/// One task, or one list that belongs to none.
#[derive(Debug)]
struct Story {
    /// The digest of what was submitted.
    subject: Arc<str>,
    tries: BTreeMap<String, u32>,
}

/// One try of one exchange.
pub(super) struct Try {
    pub(super) role: Role,
    subject: Arc<str>,
    exchange: String,
    number: u32,
}

/// What an exchange is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Begins a task.
    Submission,
    /// Sends bytes ahead of the tasks that need them, any number of which may share it.
    Upload,
    /// Follows, reads, downloads, cancels or lists.
    Other,
}

impl Stories {
    /// Counts the request as a try of its exchange.
    pub(super) fn enter(&mut self, request: &HttpRequest) -> Try {
        let key = request.header("idempotency-key");
        let path = path_of(&request.url);
        let role = match (key, request.method) {
            (Some(_), _) => Role::Submission,
            // What is posted without a key makes no task.
            (None, Method::Post) => Role::Upload,
            (None, _) => Role::Other,
        };
        let named = path.split('/').find(|segment| self.known.contains_key(*segment));
        let (name, exchange) = match key.or(named) {
            Some(id) => {
                let names = path.split('/').map(|name| if name == id { "{id}" } else { name });
                (Arc::from(id), names.collect::<Vec<_>>().join("/"))
            }
            // Its bytes tell an upload apart from others.
            None => (Arc::from(format!("{path} {}", digest(&request.body))), path.to_owned()),
        };
        let exchange = format!("{} {exchange}", request.method.as_str());
        if !self.known.contains_key(&name) {
            self.begin(name.clone(), request);
        }
        let (mut subject, mut number) = (Arc::from(""), 1);
        if let Some(story) = self.known.get_mut(&name) {
            let tries = story.tries.entry(exchange.clone()).or_default();
            *tries += 1;
            (subject, number) = (story.subject.clone(), *tries);
        }
        Try { role, subject, exchange, number }
    }

    fn begin(&mut self, name: Arc<str>, request: &HttpRequest) {
        if self.by_age.len() >= MOST_STORIES
            && let Some(oldest) = self.by_age.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.by_age.push_back(name.clone());
        let subject = match serde_json::from_slice::<Json>(&request.body) {
            Ok(parameters) => digest(canonical(parameters).to_string().as_bytes()),
            Err(_) => digest(&request.body),
        };
        self.known.insert(name, Story { subject: subject.into(), tries: BTreeMap::new() });
    }
}

impl Try {
    /// A number from 0 (included) to 1 (excluded), always the same for the same words.
    pub(super) fn draw(&self, seed: u64, what: &str) -> f64 {
        let Self { subject, exchange, number, .. } = self;
        let digest = Sha256::digest(format!("{seed}\n{subject}\n{exchange}\n{number}\n{what}"));
        let bits = digest.iter().take(7).fold(0, |bits, byte| (bits << 8) | u64::from(*byte));
        #[allow(clippy::cast_precision_loss, reason = "53 bits are exact")]
        let share = (bits >> 3) as f64 / (1_u64 << 53) as f64;
        share
    }
}

fn digest(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// What follows the host in a URL, without the query.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    path.split(['?', '#']).next().unwrap_or_default()
}

/// JSON in one form: members are sorted, and a number is the same whether it came as an integer or
/// not, because languages differ in that.
fn canonical(json: Json) -> Json {
    match json {
        Json::Number(number) => {
            let written = written(number.as_f64().unwrap_or_default());
            Json::from(written)
        }
        Json::Array(items) => items.into_iter().map(canonical).collect(),
        Json::Object(members) => {
            members.into_iter().map(|(name, value)| (name, canonical(value))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;

    fn submission(id: &str, parameters: &Json) -> HttpRequest {
        let mut request = HttpRequest::new(Method::Post, "sandbox://image/generate")
            .with_header("idempotency-key", id);
        request.body = Bytes::from(parameters.to_string());
        request
    }

    fn draws(stories: &mut Stories, request: &HttpRequest, times: usize) -> Vec<f64> {
        (0..times).map(|_| stories.enter(request).draw(7, "failure")).collect()
    }

    #[test]
    fn a_story_depends_on_the_parameters_and_not_on_the_task_or_the_order() {
        let fox = |id| submission(id, &json!({ "prompt": "a fox", "seed": 1 }));
        let owl = |id| submission(id, &json!({ "prompt": "an owl" }));
        let mut first = Stories::default();
        let (of_fox, of_owl) = (draws(&mut first, &fox("a"), 5), draws(&mut first, &owl("b"), 5));
        let mut second = Stories::default();
        assert_eq!(draws(&mut second, &owl("x"), 5), of_owl);
        assert_eq!(draws(&mut second, &fox("y"), 2), of_fox[..2]);
        assert_eq!(draws(&mut second, &fox("z"), 5), of_fox);
        assert_eq!(draws(&mut second, &fox("y"), 3), of_fox[2..]);
        assert_ne!(of_fox, of_owl);
    }

    #[test]
    fn what_follows_a_submission_is_of_its_story() {
        let of = |id: &str, seed: Json| {
            let mut stories = Stories::default();
            stories.enter(&submission(id, &json!({ "prompt": "a fox", "seed": seed })));
            let url = format!("sandbox://image/outputs/{id}/0.png");
            draws(&mut stories, &HttpRequest::new(Method::Get, url), 3)
        };
        assert_eq!(of("a", json!(1)), of("b", json!(1.0)));
        assert_ne!(of("a", json!(1)), of("a", json!(2)));
    }

    #[test]
    fn draws_are_spread_evenly() {
        let draw = |number| {
            let exchange = "POST generate".to_owned();
            let subject = Arc::from("x");
            Try { role: Role::Submission, subject, exchange, number }.draw(1, "failure")
        };
        let draws: Vec<f64> = (0..10_000).map(draw).collect();
        assert!(draws.iter().all(|draw| (0.0..1.0).contains(draw)));
        for tenth in 0..10 {
            let from = f64::from(tenth) / 10.0;
            let inside = draws.iter().filter(|draw| (from..from + 0.1).contains(*draw)).count();
            assert!((900..1100).contains(&inside), "{inside} from {from}");
        }
    }

    #[test]
    fn the_oldest_stories_are_forgotten() {
        let mut stories = Stories::default();
        for id in 0..MOST_STORIES + 5 {
            stories.enter(&submission(&id.to_string(), &json!({})));
        }
        assert_eq!((stories.known.len(), stories.by_age.len()), (MOST_STORIES, MOST_STORIES));
        assert!(!stories.known.contains_key("4") && stories.known.contains_key("5"));
    }
}
