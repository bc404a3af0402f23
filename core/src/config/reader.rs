//! Takes typed settings out of a dictionary and notes every problem on the way.

use std::{ops::RangeInclusive, time::Duration};

use crate::{
    error::{Issue, IssueCode},
    media::{Map, Value},
    number::written,
    validation::suggest,
};

/// The longest duration that is a setting and not a mistake: a year.
const MAX_SECONDS: f64 = 31_536_000.0;

pub(super) struct Reader<'a> {
    map: &'a Map,
    prefix: String,
    issues: Vec<Issue>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(map: &'a Map) -> Self {
        Self { map, prefix: String::new(), issues: Vec::new() }
    }

    pub(super) fn problem(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// Adds a problem for every key that does not exist and gives all problems back.
    pub(super) fn finish(mut self, known: &[&str], prefix: &str) -> Vec<Issue> {
        for (key, _) in self.map.iter().filter(|(key, _)| !known.contains(key)) {
            let issue = Issue::new(
                format!("{prefix}{key}"),
                IssueCode::Unknown,
                format!("there is no configuration key '{prefix}{key}'"),
            );
            self.issues.push(issue.with_suggestion(suggest(key, known.iter().copied())));
        }
        self.issues
    }

    /// Reads a dictionary inside the dictionary.
    pub(super) fn nested<T>(
        &mut self,
        key: &'static str,
        known: &[&str],
        read: impl FnOnce(&mut Reader<'_>) -> T,
    ) -> T {
        let empty = Map::new();
        let inner = match self.map.get(key) {
            Some(Value::Map(inner)) => inner,
            Some(other) => {
                self.wrong_type(key, "a dictionary", other);
                &empty
            }
            None => &empty,
        };
        let prefix = format!("{key}.");
        let mut reader = Reader { map: inner, prefix: prefix.clone(), issues: Vec::new() };
        let value = read(&mut reader);
        self.issues.extend(reader.finish(known, &prefix));
        value
    }

    pub(super) fn text(&mut self, key: &str) -> Option<&'a str> {
        match self.map.get(key)? {
            Value::String(text) if text.trim().is_empty() => {
                let path = self.path(key);
                let message = format!("{path} is empty");
                self.issues.push(Issue::new(path, IssueCode::Empty, message));
                None
            }
            Value::String(text) => Some(text),
            other => {
                self.wrong_type(key, "a string", other);
                None
            }
        }
    }

    /// Text that can stand in a header; its value never shows in an issue.
    pub(super) fn header_text(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?;
        if is_header_text(text) {
            return Some(text.to_owned());
        }
        let message = format!("{key} must be one line of visible ASCII characters");
        self.issues.push(Issue::new(key, IssueCode::Format, message));
        None
    }

    pub(super) fn choice(&mut self, key: &str, allowed: &[&'static str]) -> Option<&'static str> {
        let text = self.text(key)?;
        let chosen = allowed.iter().find(|word| **word == text);
        if chosen.is_none() {
            let path = self.path(key);
            let issue = Issue::new(&path, IssueCode::Choice, format!("{path} cannot be '{text}'"))
                .with_allowed(allowed.iter().copied())
                .with_suggestion(suggest(text, allowed.iter().copied()));
            self.issues.push(issue);
        }
        chosen.copied()
    }

    pub(super) fn texts(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.map.get(key) else { return Vec::new() };
        let texts = match value {
            Value::List(items) => items.iter().map(|v| v.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        texts.unwrap_or_else(|| {
            self.wrong_type(key, "a list of strings", value);
            Vec::new()
        })
    }

    pub(super) fn text_map(&mut self, key: &str) -> Vec<(String, String)> {
        let Some(value) = self.map.get(key) else { return Vec::new() };
        let pair =
            |(key, value): (&str, &Value)| Some((key.to_owned(), value.as_str()?.to_owned()));
        let pairs = match value {
            Value::Map(map) => map.iter().map(pair).collect(),
            _ => None,
        };
        pairs.unwrap_or_else(|| {
            let path = self.path(key);
            // The values may be secrets: they are not shown.
            let message = format!("{path} must be a dictionary of strings");
            self.issues.push(Issue::new(path, IssueCode::Type, message));
            Vec::new()
        })
    }

    pub(super) fn number(&mut self, key: &str, standard: f64, range: RangeInclusive<f64>) -> f64 {
        let Some(value) = self.map.get(key) else { return standard };
        let Some(number) = value.as_f64() else {
            self.wrong_type(key, "a number", value);
            return standard;
        };
        if range.contains(&number) {
            return number;
        }
        self.out_of_range(key, &written(*range.start()), &written(*range.end()), value);
        standard
    }

    pub(super) fn whole(&mut self, key: &str, standard: u64, range: RangeInclusive<u64>) -> u64 {
        let Some(value) = self.map.get(key) else { return standard };
        let Some(number) = value.as_i64() else {
            self.wrong_type(key, "a whole number", value);
            return standard;
        };
        match u64::try_from(number) {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.out_of_range(key, range.start(), range.end(), value);
                standard
            }
        }
    }

    pub(super) fn optional_whole(&mut self, key: &str) -> Option<u64> {
        self.map.get(key)?;
        Some(self.whole(key, 0, 0..=(1 << 50)))
    }

    pub(super) fn positive(&mut self, key: &str) -> Option<f64> {
        self.map.get(key)?;
        Some(self.number(key, 1.0, 1.0e-6..=1.0e9))
    }

    /// A duration above zero.
    pub(super) fn seconds(&mut self, key: &str, standard: f64) -> Duration {
        Duration::from_secs_f64(self.number(key, standard, 0.001..=MAX_SECONDS))
    }

    /// A duration that may be zero.
    pub(super) fn seconds_from_zero(&mut self, key: &str, standard: f64) -> Duration {
        Duration::from_secs_f64(self.number(key, standard, 0.0..=MAX_SECONDS))
    }

    /// A duration, or the shortest and the longest of a list of two; each may be zero.
    pub(super) fn span_of_seconds(&mut self, key: &str) -> (Duration, Duration) {
        let Some(value) = self.map.get(key) else { return Default::default() };
        let ends = match value {
            Value::List(ends) => match ends.as_slice() {
                [least, most] => least.as_f64().zip(most.as_f64()),
                _ => None,
            },
            one => one.as_f64().map(|seconds| (seconds, seconds)),
        };
        let Some((least, most)) = ends else {
            self.wrong_type(key, "a number of seconds or a list of two, [least, most]", value);
            return Default::default();
        };
        let range = 0.0..=MAX_SECONDS;
        if range.contains(&least) && range.contains(&most) && least <= most {
            return (Duration::from_secs_f64(least), Duration::from_secs_f64(most));
        }
        let path = self.path(key);
        let most = written(MAX_SECONDS);
        let message = format!("{path} must be from 0 to {most} seconds, the shortest first");
        self.issues.push(Issue::new(path, IssueCode::Range, message).with_value(value));
        Default::default()
    }

    fn path(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    fn wrong_type(&mut self, key: &str, expected: &str, value: &Value) {
        let path = self.path(key);
        let message = format!("{path} must be {expected}, not {}", value.kind());
        self.issues.push(Issue::new(path, IssueCode::Type, message));
    }

    fn out_of_range(
        &mut self,
        key: &str,
        from: &dyn std::fmt::Display,
        to: &dyn std::fmt::Display,
        value: &Value,
    ) {
        let path = self.path(key);
        let message = format!("{path} must be from {from} to {to}");
        self.issues.push(Issue::new(path, IssueCode::Range, message).with_value(value));
    }
}

pub(super) fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}
