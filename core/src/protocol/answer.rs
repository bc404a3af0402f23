//! A whole answer, and what every protocol reads from one in the same way.

use std::time::Duration;

use bytes::Bytes;

use crate::{
    config::Config,
    error::{Code, Error, Issue, IssueCode, Result},
    runtime::HttpResponse,
    url,
};

/// A response with all of its body.
#[derive(Clone)]
pub struct Answer {
    /// The request's URL without its query, for messages.
    pub to: String,
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    pub(crate) fn new(url: &str, response: HttpResponse, body: Bytes) -> Self {
        let to = url::without_query(url).to_owned();
        Self { to, status: response.status, headers: response.headers, body }
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// `protocol` when it is anything else.
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_slice(&self.body).map_err(|_| {
            let what = self.kind_of_body();
            let message =
                format!("{} answered {} with {what} instead of JSON", self.to, self.status);
            Error::new(Code::Protocol, message)
                .with_status(self.status)
                .with_hint("check that service_endpoint is the service itself")
        })
    }

    fn kind_of_body(&self) -> &'static str {
        let start = self.body.get(..512).unwrap_or(&self.body);
        let text = String::from_utf8_lossy(start).to_ascii_lowercase();
        match () {
            () if self.body.is_empty() => "nothing",
            () if std::str::from_utf8(&self.body).is_err() => "bytes that are no text",
            () if text.contains("<html") || text.contains("<!doctype") => "an HTML page",
            () if text.trim_start().starts_with(['{', '[']) => "malformed JSON",
            () => "text",
        }
    }

    /// What the service asks to wait: `Retry-After-Ms`, else `Retry-After` in seconds or as an HTTP
    /// date; `now` in milliseconds since the epoch.
    pub fn retry_after(&self, now: u64) -> Option<Duration> {
        let millis = self.header("retry-after-ms").and_then(number);
        if let Some(wish) = millis.and_then(|millis| usable(millis / 1000.0)) {
            return Some(wish);
        }
        let value = self.header("retry-after")?.trim();
        if let Some(seconds) = number(value) {
            return usable(seconds);
        }
        let at = http_date(value)?;
        Some(Duration::from_millis(at.saturating_mul(1000).saturating_sub(now)))
    }

    /// Whether the body says what went wrong, in any shape that services use.
    pub fn reports_error(&self) -> bool {
        let json = serde_json::from_slice::<serde_json::Value>(&self.body).unwrap_or_default();
        told_error(&json).is_some()
    }

    /// Whether the body is an error as version 0 writes it: version 1 has an object there.
    pub fn reports_error_in_words(&self) -> bool {
        let json = serde_json::from_slice::<serde_json::Value>(&self.body).unwrap_or_default();
        json.get("error").is_some_and(|error| error.is_string())
    }

    /// The error that a non-2xx answer means, in the service's own words where it has some, but
    /// without the secrets of `config`.
    pub fn error(&self, config: &Config, now: u64) -> Error {
        let json = serde_json::from_slice::<serde_json::Value>(&self.body).unwrap_or_default();
        let reported = json.get("error").and_then(|error| error.get("code")?.as_str());
        let known = |name: &str| Code::ALL.iter().copied().find(|code| code.as_str() == name);
        let named = reported.and_then(known);
        let code = named.unwrap_or_else(|| self.code_of_status());
        let message = match error_text(config, &json) {
            Some(text) => format!("{} answered {}: {text}", self.to, self.status),
            None if (300..400).contains(&self.status) => {
                format!("{} answered {}: a redirect, which is not followed", self.to, self.status)
            }
            None if json.is_object() => format!("{} answered {}", self.to, self.status),
            None => format!("{} answered {} with {}", self.to, self.status, self.kind_of_body()),
        };
        let mut error = Error::new(code, message).with_status(self.status);
        error.retryable |= named.is_none() && matches!(self.status, 408 | 425 | 429 | 502..=504);
        error.retry_after = self.retry_after(now).map(|wait| wait.as_secs_f64());
        error.issues = issues(config, &json);
        if let Some(retryable) = json.pointer("/error/retryable").and_then(|flag| flag.as_bool()) {
            error.retryable = retryable;
        }
        match hint(code, self.status) {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }

    fn code_of_status(&self) -> Code {
        match self.status {
            300..=399 => Code::Protocol,
            401 | 403 => Code::Auth,
            402 => Code::Quota,
            404 | 405 | 410 => Code::NotFound,
            408 | 504 => Code::Timeout,
            413 => Code::TooLarge,
            429 => Code::RateLimited,
            _ => Code::ServiceFailed,
        }
    }
}

fn hint(code: Code, status: u16) -> Option<&'static str> {
    Some(match code {
        Code::Protocol if (300..400).contains(&status) => {
            "set service_endpoint to where the service really is"
        }
        Code::Auth => "check api_key in the configuration",
        Code::NotFound => "check service_endpoint and service_paths",
        Code::RateLimited => "wait, or lower max_concurrency or requests_per_second",
        Code::TooLarge => "send a smaller input",
        _ => return None,
    })
}

/// What the body says went wrong, short and without the secrets of `config`.
pub(crate) fn error_text(config: &Config, json: &serde_json::Value) -> Option<String> {
    const LONGEST: usize = 300;
    // Before the text is cut, or a part of a secret could stay.
    let text = config.conceal(&told_error(json)?);
    Some(match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    })
}

/// A header's number. Read as JSON reads it: Rust's own parser would bring 10 kB of tables into
/// pages.
fn number(text: &str) -> Option<f64> {
    serde_json::from_slice::<serde_json::Value>(text.trim().as_bytes()).ok()?.as_f64()
}

fn usable(seconds: f64) -> Option<Duration> {
    let usable = seconds.is_finite() && (0.0..=1.0e9).contains(&seconds);
    usable.then(|| Duration::from_secs_f64(seconds))
}

/// `error.message`, `error`, `detail`, or a list of details.
fn told_error(json: &serde_json::Value) -> Option<String> {
    let message = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let of_item = |item: &serde_json::Value| {
        let text = item.get("msg").or_else(|| item.get("message")).and_then(message);
        let place = item.get("loc").and_then(|loc| loc.as_array()).map(|parts| {
            let part = |part: &serde_json::Value| {
                message(part).or_else(|| serde_json::to_string(part).ok()).unwrap_or_default()
            };
            // `body` says only where the parameters were.
            let inner = parts.strip_prefix(&["body".into()]).unwrap_or(parts);
            inner.iter().map(part).collect::<Vec<_>>().join(".")
        });
        match (place, text) {
            (Some(place), Some(text)) => Some(format!("{place}: {text}")),
            (_, text) => text.or_else(|| message(item)),
        }
    };
    json.pointer("/error/message")
        .or_else(|| json.get("error"))
        .and_then(message)
        .or_else(|| json.get("detail").and_then(message))
        .or_else(|| {
            let items = json.get("detail")?.as_array()?;
            Some(items.iter().filter_map(of_item).collect::<Vec<_>>().join("; "))
        })
        .filter(|text| !text.trim().is_empty())
}

/// `error.details` of version 1 as issues.
pub(super) fn issues(config: &Config, json: &serde_json::Value) -> Vec<Issue> {
    let details = json.pointer("/error/details").and_then(|list| list.as_array());
    let issue = |detail: &serde_json::Value| {
        let text = |key: &str| detail.get(key).and_then(|value| value.as_str()).unwrap_or_default();
        let code = match text("code") {
            "required" => IssueCode::Required,
            "type" => IssueCode::Type,
            "empty" => IssueCode::Empty,
            "too_long" => IssueCode::TooLong,
            "range" => IssueCode::Range,
            "choice" => IssueCode::Choice,
            "unknown" => IssueCode::Unknown,
            "conflict" => IssueCode::Conflict,
            "unsupported" => IssueCode::Unsupported,
            _ => IssueCode::Format,
        };
        Issue::new(config.conceal(text("path")), code, config.conceal(text("message")))
    };
    details.map(|list| list.iter().map(issue).collect()).unwrap_or_default()
}

/// Seconds since the epoch of an IMF-fixdate such as `Sun, 22 Nov 2026 09:40:00 GMT` (RFC 9110).
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_once(", ")?.1.split(' ');
    let day: u64 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as u64 + 1;
    let year: u64 = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let sane = (1970..=9999).contains(&year) && (1..=31).contains(&day);
    if words.next() != Some("GMT") || !sane || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Days from civil date: years start in March, so that leap days come last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{media::MediaType, testing::BareHost};

    fn answer(headers: &[(&str, &str)], body: &str) -> Answer {
        Answer {
            to: "http://h/generate".to_owned(),
            status: 429,
            headers: headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    #[test]
    fn retry_after_is_milliseconds_seconds_or_a_date() {
        let table = include_str!("../../../tests/conformance/common/retry-after.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let header = |name: &'static str| Some((name, case[&name.replace('-', "_")].as_str()?));
            let headers = ["retry-after", "retry-after-ms"].into_iter().filter_map(header);
            let answer = answer(&headers.collect::<Vec<_>>(), "");
            let expected = case["delay_ms"].as_u64().map(Duration::from_millis);
            assert_eq!(answer.retry_after(1_795_340_400_000), expected, "{case}");
        }
    }

    #[test]
    fn nonsense_is_no_wish() {
        for nonsense in ["NaN", "inf", "1e99", "Sun, 99 Nov 2026 09:40:30 GMT", ""] {
            let answer = answer(&[("retry-after", nonsense)], "");
            assert_eq!(answer.retry_after(1_795_340_400_000), None, "{nonsense}");
        }
    }

    #[test]
    fn error_text_comes_from_every_known_shape() {
        let config = Config::read(&MediaType::Image, &[], &BareHost).unwrap();
        let table = include_str!("../../../tests/conformance/common/error-bodies.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let body = serde_json::from_str(case["body"].as_str().unwrap()).unwrap_or_default();
            assert_eq!(error_text(&config, &body).as_deref(), case["message"].as_str(), "{case}");
        }
    }
}
