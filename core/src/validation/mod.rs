//! Checks parameters against their table without I/O, and finds every problem at once.

mod media;
mod suggest;

use std::fmt;

pub(crate) use self::suggest::suggest;
use crate::{
    error::{Issue, IssueCode},
    media::{Foreign, Map, Resolution, Value},
    number::written,
    parameters::{Field, LANGUAGES, Rule, Table},
    runtime::Host,
};

/// What validation needs to know beside the parameters.
pub struct Rules<'a> {
    /// The medium's parameters.
    pub table: &'static Table,
    /// The longest film, in seconds.
    pub max_duration: f64,
    /// The longest media input, in bytes.
    pub max_input_bytes: u64,
    /// What relative media inputs resolve against, before the host's own base.
    pub base_url: Option<&'a str>,
    /// Who knows files.
    pub host: &'a dyn Host,
    /// Gives the models that are known beside the table's own; `None` accepts any.
    pub models: Option<&'a dyn Fn() -> Vec<String>>,
}

impl fmt::Debug for Rules<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rules").field("table", self.table).finish_non_exhaustive()
    }
}

/// Every problem of `parameters`, in the order of the table; unknown keys and keys that do not go
/// together come last. Strings that name media become media in place.
pub fn check(rules: &Rules<'_>, parameters: &mut Map) -> Vec<Issue> {
    let mut issues = Vec::new();
    require(rules.table, parameters, &mut issues);
    let lonely = lonely(rules.table, parameters);
    for field in rules.table.fields {
        media::resolve(rules, field, parameters, &mut issues);
        match (field.rule, parameters.get(field.name)) {
            (Rule::MediaList(most), Some(value)) => {
                issues.extend(media::list(field.name, value, most, rules.max_input_bytes));
            }
            (_, Some(value)) => {
                issues.extend(problem(rules, field, value).map(|issue| issue.with_value(value)));
            }
            (_, None) => {}
        }
    }
    let names = || rules.table.fields.iter().map(|field| field.name);
    for (key, _) in parameters.iter().filter(|(key, _)| !names().any(|name| name == *key)) {
        let message = format!("there is no parameter '{}'", shorten(key));
        let issue = Issue::new(shorten(key), IssueCode::Unknown, message);
        issues.push(issue.with_suggestion(suggest(key, names())));
    }
    issues.extend(lonely);
    issues
}

/// Keys that mean nothing without another that is not there.
fn lonely(table: &Table, parameters: &Map) -> Vec<Issue> {
    let there = |key: &str| parameters.get(key).is_some();
    let lonely = table.needs.iter().filter(|(key, needed)| there(key) && !there(needed));
    let issue = |(key, needed): &(&str, &str)| {
        let message = format!("{key} means nothing without {needed}");
        Issue::new(*key, IssueCode::Conflict, message)
    };
    lonely.map(issue).collect()
}

fn require(table: &Table, parameters: &Map, issues: &mut Vec<Issue>) {
    let (key, substitute) = table.required;
    let there = |key: &str| parameters.get(key).is_some();
    if there(key) || substitute.is_some_and(there) {
        return;
    }
    let message = match substitute {
        Some(other) => format!("{key} is required unless {other} is given"),
        None => format!("{key} is required"),
    };
    issues.push(Issue::new(key, IssueCode::Required, message));
}

fn problem(rules: &Rules<'_>, field: &Field, value: &Value) -> Option<Issue> {
    let name = field.name;
    if let Value::Foreign(Foreign::LoneSurrogate) = value {
        let message = format!("{name} contains half of a surrogate pair, which is no text");
        return Some(Issue::new(name, IssueCode::Format, message));
    }
    match field.rule {
        Rule::Text(most) => text(name, value, most).err(),
        Rule::FreeText(most) => free_text(name, value, most).err(),
        Rule::Flag => match value {
            Value::Bool(_) => None,
            other => Some(wrong_type(name, "a boolean", other)),
        },
        Rule::Whole(from, to) => whole(name, value, from, to),
        Rule::Number(from, to) => number(name, value, from, to),
        Rule::Duration => duration(name, value, rules.max_duration),
        Rule::Resolution => resolution(name, value),
        Rule::Choice(allowed) => choice(name, value, allowed),
        Rule::Model => model(name, value, rules),
        Rule::Language => language(name, value),
        Rule::Media => media::single(name, value, rules.max_input_bytes),
        // Each item has a problem of its own; see `media::list`.
        Rule::MediaList(_) => None,
        Rule::Open => open(name, value),
    }
}

fn text<'a>(name: &str, value: &'a Value, most: usize) -> Result<&'a str, Issue> {
    let text = free_text(name, value, most)?;
    match text.trim().is_empty() {
        true => Err(Issue::new(name, IssueCode::Empty, format!("{name} is empty"))),
        false => Ok(text),
    }
}

fn free_text<'a>(name: &str, value: &'a Value, most: usize) -> Result<&'a str, Issue> {
    let text = value.as_str().ok_or_else(|| wrong_type(name, "a string", value))?;
    // Counting stops at the limit, so that 100 MB of prompt cost no more than a long one.
    if text.len() > most && text.chars().nth(most).is_some() {
        let message = format!("{name} has more than {most} characters");
        return Err(Issue::new(name, IssueCode::TooLong, message));
    }
    Ok(text)
}

/// From here on a 64-bit float cannot tell neighbouring integers apart.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn whole(name: &str, value: &Value, from: i64, to: i64) -> Option<Issue> {
    match value {
        Value::Int(number) if (from..=to).contains(number) => None,
        Value::Int(_) | Value::Foreign(Foreign::HugeInteger) => {
            Some(out_of_range(name, &from, &to))
        }
        Value::Float(number) if !number.is_finite() => Some(not_finite(name)),
        // JavaScript has one kind of number: there, this is an integer out of range.
        Value::Float(number) if number.fract() == 0.0 && number.abs() >= EXACT => {
            Some(out_of_range(name, &from, &to))
        }
        other => Some(wrong_type(name, "an integer", other)),
    }
}

fn number(name: &str, value: &Value, from: f64, to: f64) -> Option<Issue> {
    match value.as_f64() {
        Some(number) if !number.is_finite() => Some(not_finite(name)),
        Some(number) if (from..=to).contains(&number) => None,
        None if !matches!(value, Value::Foreign(Foreign::HugeInteger)) => {
            Some(wrong_type(name, "a number", value))
        }
        _ => Some(out_of_range(name, &written(from), &written(to))),
    }
}

fn duration(name: &str, value: &Value, most: f64) -> Option<Issue> {
    match value.as_f64() {
        Some(seconds) if seconds <= 0.0 => {
            let most = written(most);
            let message = format!("{name} must be more than 0 and at most {most} seconds");
            Some(Issue::new(name, IssueCode::Range, message))
        }
        _ => number(name, value, 0.0, most),
    }
}

fn resolution(name: &str, value: &Value) -> Option<Issue> {
    let text = match text(name, value, 100) {
        Ok(text) => text,
        Err(issue) => return Some(issue),
    };
    if Resolution::parse(text).is_some() {
        return None;
    }
    let (least, most) = (Resolution::MIN_SIDE, Resolution::MAX_SIDE);
    let message = format!(
        "{name} must be WIDTHxHEIGHT with sides from {least} to {most}, such as 1024x1024, or a name"
    );
    Some(Issue::new(name, IssueCode::Format, message).with_allowed(Resolution::names()))
}

fn choice(name: &str, value: &Value, allowed: &'static [&'static str]) -> Option<Issue> {
    let Some(text) = value.as_str() else {
        return Some(wrong_type(name, "a string", value));
    };
    (!allowed.contains(&text)).then(|| not_among(name, text, allowed.iter().copied()))
}

fn model(name: &str, value: &Value, rules: &Rules<'_>) -> Option<Issue> {
    let text = match text(name, value, 200) {
        Ok(text) => text,
        Err(issue) => return Some(issue),
    };
    if rules.table.models.contains(&text) {
        return None;
    }
    let known = rules.models?();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    (!known.contains(&text)).then(|| not_among(name, text, known.iter().copied()))
}

fn language(name: &str, value: &Value) -> Option<Issue> {
    let Some(text) = value.as_str() else {
        return Some(wrong_type(name, "a string", value));
    };
    let primary = text.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let well_formed =
        text.len() <= 35 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let known = well_formed && LANGUAGES.contains(&primary.as_str());
    (!known).then(|| not_among(name, text, LANGUAGES.iter().copied()))
}

fn open(name: &str, value: &Value) -> Option<Issue> {
    if !matches!(value, Value::Map(_)) {
        return Some(wrong_type(name, "a dictionary", value));
    }
    unsendable(name, value)
}

/// The first thing inside a free dictionary that JSON cannot carry.
fn unsendable(path: &str, value: &Value) -> Option<Issue> {
    match value {
        Value::Float(number) if !number.is_finite() => Some(not_finite(path)),
        Value::Foreign(Foreign::LoneSurrogate) => {
            Some(Issue::new(path, IssueCode::Format, format!("{path} is no valid text")))
        }
        Value::Foreign(Foreign::HugeInteger) => {
            Some(Issue::new(path, IssueCode::Range, format!("{path} is beyond 64 bits")))
        }
        Value::Foreign(_) | Value::Media(_) => Some(wrong_type(path, "plain data", value)),
        Value::List(items) => items
            .iter()
            .enumerate()
            .find_map(|(place, item)| unsendable(&format!("{path}[{place}]"), item)),
        Value::Map(map) => {
            map.iter().find_map(|(key, item)| unsendable(&format!("{path}.{}", shorten(key)), item))
        }
        _ => None,
    }
}

fn wrong_type(path: &str, expected: &str, value: &Value) -> Issue {
    let message = format!("{path} must be {expected}, not {}", value.kind());
    Issue::new(path, IssueCode::Type, message)
}

fn not_finite(path: &str) -> Issue {
    Issue::new(path, IssueCode::Range, format!("{path} must be a finite number"))
}

fn out_of_range(name: &str, from: &dyn std::fmt::Display, to: &dyn std::fmt::Display) -> Issue {
    Issue::new(name, IssueCode::Range, format!("{name} must be from {from} to {to}"))
}

fn not_among<'a>(name: &str, text: &str, allowed: impl Iterator<Item = &'a str> + Clone) -> Issue {
    Issue::new(name, IssueCode::Choice, format!("{name} cannot be '{}'", shorten(text)))
        .with_allowed(allowed.clone())
        .with_suggestion(suggest(text, allowed))
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
