//! Checks parameters against their table without I/O, and finds every problem at once.

use std::fmt;

use crate::{
    error::{Issue, IssueCode},
    media::{Foreign, Map, MediaInput, Resolution, Value, decode_data_url},
    parameters::{Field, LANGUAGES, Rule, Table},
    runtime::Host,
    url,
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
        resolve_media(rules, field, parameters, &mut issues);
        match (field.rule, parameters.get(field.name)) {
            (Rule::MediaList(most), Some(value)) => {
                issues.extend(media_list(field.name, value, most, rules.max_input_bytes));
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
        Rule::Media => media(name, value, rules.max_input_bytes),
        // Each item has a problem of its own; see `media_list`.
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
        Some(_) => Some(out_of_range(name, &from, &to)),
        None if matches!(value, Value::Foreign(Foreign::HugeInteger)) => {
            Some(out_of_range(name, &from, &to))
        }
        None => Some(wrong_type(name, "a number", value)),
    }
}

fn duration(name: &str, value: &Value, most: f64) -> Option<Issue> {
    match value.as_f64() {
        Some(seconds) if seconds <= 0.0 => {
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

fn media(path: &str, value: &Value, most: u64) -> Option<Issue> {
    let input = match value {
        Value::Media(input) => input,
        // Reported when it turned out to name no medium.
        Value::String(_) => return None,
        other => return Some(wrong_type(path, "media (bytes, a file or a URL)", other)),
    };
    let size = input.size()?;
    if size == 0 {
        return Some(Issue::new(path, IssueCode::Empty, format!("{path} has no bytes")));
    }
    (size > most).then(|| {
        let message = format!("{path} has {size} bytes; max_input_bytes is {most}");
        Issue::new(path, IssueCode::TooLong, message)
    })
}

fn media_list(name: &str, value: &Value, most: usize, most_bytes: u64) -> Vec<Issue> {
    let single = |issue: Issue| vec![issue.with_value(value)];
    match value {
        Value::List(items) if items.is_empty() => {
            single(Issue::new(name, IssueCode::Empty, format!("{name} has no items")))
        }
        Value::List(items) if items.len() > most => {
            let message = format!("{name} has more than {most} items");
            single(Issue::new(name, IssueCode::TooLong, message))
        }
        Value::List(items) => {
            let problem = |(place, item): (usize, &Value)| {
                let issue = media(&format!("{name}[{place}]"), item, most_bytes)?;
                Some(issue.with_value(item))
            };
            items.iter().enumerate().filter_map(problem).collect()
        }
        other => single(wrong_type(name, "a list of media", other)),
    }
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

/// Turns strings in media fields into media: URLs, or paths where the host has files. A string that
/// is neither is reported and stays as it is.
fn resolve_media(rules: &Rules<'_>, field: &Field, parameters: &mut Map, issues: &mut Vec<Issue>) {
    let mut resolved = match (field.rule, parameters.get(field.name)) {
        (Rule::Media | Rule::MediaList(_), Some(value)) => value.clone(),
        _ => return,
    };
    let mut replace = |path: String, value: &mut Value| {
        let Value::String(text) = value else { return };
        match media_of(rules, text) {
            Ok(input) => *value = Value::Media(input),
            Err((code, problem)) => {
                issues.push(Issue::new(&path, code, format!("{path} {problem}")).with_value(value));
            }
        }
    };
    match (field.rule, &mut resolved) {
        (Rule::MediaList(most), Value::List(items)) if items.len() <= most => {
            for (place, item) in items.iter_mut().enumerate() {
                replace(format!("{}[{place}]", field.name), item);
            }
        }
        (Rule::Media, single) => replace(field.name.to_owned(), single),
        _ => return,
    }
    parameters.insert(field.name, resolved);
}

fn media_of(rules: &Rules<'_>, text: &str) -> Result<MediaInput, (IssueCode, String)> {
    if text.trim().is_empty() {
        return Err((IssueCode::Empty, "is empty".to_owned()));
    }
    let wrong = |problem: String| Err((IssueCode::Format, problem));
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https" | "blob") => return Ok(MediaInput::Url(text.to_owned())),
        // Its bytes are here: they are measured, sniffed and, when many, uploaded as any others.
        Some("data") => {
            return match decode_data_url(text) {
                Some((_, bytes)) => Ok(MediaInput::Bytes(bytes)),
                None => wrong("is a malformed data: URL".to_owned()),
            };
        }
        Some(scheme @ ("file" | "javascript" | "vbscript" | "ftp" | "about")) => {
            return wrong(format!("is a {scheme}: URL; give http, https or data URLs, or a file"));
        }
        _ => {}
    }
    match rules.host.open(text) {
        Some(Some(source)) => Ok(MediaInput::Source(source)),
        Some(None) => wrong(format!("names no file: '{}' does not exist", shorten(text))),
        None => relative(rules, text).or_else(wrong),
    }
}

fn relative(rules: &Rules<'_>, text: &str) -> Result<MediaInput, String> {
    let base = rules.base_url.map(str::to_owned).or_else(|| rules.host.base_url());
    match base {
        _ if url::is_absolute(text) => Err("has a URL scheme that is not supported".to_owned()),
        Some(base) => Ok(MediaInput::Url(url::resolve_reference(&base, text))),
        None => Err("is a relative URL; set base_url in the configuration".to_owned()),
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

/// The candidate that `word` was probably meant to be: at most two edits away, and not another word
/// altogether, as `mp4` is for `jpg`.
pub(crate) fn suggest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const FAR: usize = 3;
    if word.len() > 60 {
        return None;
    }
    let word = word.to_lowercase();
    let near = candidates.into_iter().map(|candidate| (distance(&word, candidate), candidate));
    near.filter(|(edits, candidate)| *edits < FAR && edits * 2 <= candidate.chars().count())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Levenshtein's distance in characters.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (removed, a) in from.chars().enumerate() {
        let mut diagonal = removed;
        let mut left = removed + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&to) {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = removed + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
