//! Media among the parameters: what strings name, and what may be sent.

use super::{Rules, shorten, wrong_type};
use crate::{
    error::{Issue, IssueCode},
    media::{Map, MediaInput, Value, decode_data_url},
    parameters::{Field, Rule},
    url,
};

/// Turns strings in media fields into media: URLs, or paths where the host has files. A string that
/// is neither is reported and stays as it is.
pub(super) fn resolve(
    rules: &Rules<'_>,
    field: &Field,
    parameters: &mut Map,
    issues: &mut Vec<Issue>,
) {
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
        Some("http" | "https") => return Ok(MediaInput::Url(text.to_owned())),
        // Its bytes are here: they are measured, sniffed and, when many, uploaded as any others.
        Some("data") => {
            return match decode_data_url(text) {
                Some((_, bytes)) => Ok(MediaInput::Bytes(bytes)),
                None => wrong("is a malformed data: URL".to_owned()),
            };
        }
        // It means something in the page that made it, and nothing to a service.
        Some("blob") => return wrong("is a blob: URL; give the Blob itself".to_owned()),
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

pub(super) fn single(path: &str, value: &Value, most: u64) -> Option<Issue> {
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

pub(super) fn list(name: &str, value: &Value, most: usize, most_bytes: u64) -> Vec<Issue> {
    let whole = |issue: Issue| vec![issue.with_value(value)];
    match value {
        Value::List(items) if items.is_empty() => {
            whole(Issue::new(name, IssueCode::Empty, format!("{name} has no items")))
        }
        Value::List(items) if items.len() > most => {
            let message = format!("{name} has more than {most} items");
            whole(Issue::new(name, IssueCode::TooLong, message))
        }
        Value::List(items) => {
            let problem = |(place, item): (usize, &Value)| {
                let issue = single(&format!("{name}[{place}]"), item, most_bytes)?;
                Some(issue.with_value(item))
            };
            items.iter().enumerate().filter_map(problem).collect()
        }
        other => whole(wrong_type(name, "a list of media", other)),
    }
}
