//! What a fault rule says: which requests it is for, how often, and what goes wrong.

use std::{fmt, time::Duration};

use media_factory_core::media::MediaType;
use serde::{Deserialize, Serialize};

/// One rule, as `POST /admin/faults` and the request header write it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// Shown by `GET /admin/faults`; means nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// The requests that the rule is for; all without it.
    #[serde(default, rename = "match")]
    pub(crate) wanted: Wanted,
    /// So many of them pass first.
    #[serde(default)]
    pub(crate) after: u64,
    /// So many of them are then hit; `null` means all that follow.
    #[serde(default = "once")]
    pub(crate) times: Option<u64>,
    /// What goes wrong.
    pub(crate) fault: Fault,
}

/// The requests that a rule is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// What the request asks for.
    #[serde(default)]
    pub(crate) operation: Operation,
    /// The service that is asked; all three without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) medium: Option<Medium>,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Operation {
    /// `POST /generate`.
    Submit,
    /// `POST /generate/batch`.
    Batch,
    /// `GET /tasks/{id}`.
    Read,
    /// `GET /tasks/{id}/events`.
    Events,
    /// `GET` or `POST /events`.
    SharedEvents,
    /// Either event stream, whichever a client prefers.
    Follow,
    /// `DELETE /tasks/{id}`.
    Cancel,
    /// `POST /uploads`.
    Upload,
    /// `GET /outputs/…`.
    Output,
    /// `GET /health`.
    Health,
    /// Whatever it is.
    #[default]
    Any,
}

/// The service that is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Medium {
    Image,
    Video,
    Voice,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Fault {
    /// A slow service: the request is held up before it is looked at, or its answer after that.
    Latency { seconds: f64, when: Moment },
    /// An answer that is not the service's own, as of a gateway in front of it.
    Status {
        status: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<f64>,
        #[serde(default)]
        body: StatusBody,
        /// Whether the request has been done all the same.
        #[serde(default)]
        when: Moment,
    },
    /// The connection is closed.
    Drop { when: Cut },
    /// Nothing comes for so long, and then the connection is closed.
    Stall { when: Silence, seconds: f64 },
    /// The answer's JSON is not what it should be. Its status and its length are right.
    Json { how: Garble },
    /// The answer says that it is something else.
    ContentType { value: String },
    /// Events come in another way than they were told.
    Events {
        how: Disorder,
        /// How late, for `late`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<f64>,
    },
    /// The task is unknown from now on. A submission is done first, anything else comes too late.
    Forget {},
}

/// Before the request is looked at, or after it has been done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Moment {
    #[default]
    Before,
    After,
}

/// When the connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Cut {
    /// The request is not looked at.
    Before,
    /// It is done, and nobody is told.
    After,
    /// It is done, and the head and half of the body are sent.
    Body,
}

/// What is not sent any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Silence {
    /// The whole answer.
    Head,
    /// The second half of its body.
    Body,
}

/// What a bare status comes with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StatusBody {
    #[default]
    Json,
    Text,
    Html,
    Empty,
}

/// What becomes of JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Garble {
    /// Half of it.
    Torn,
    /// JSON that says something else.
    Wrong,
    /// A page, as portals put in front of everything.
    Html,
}

/// What becomes of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Disorder {
    /// Every one comes twice.
    Duplicate,
    /// Every one comes `seconds` after it happened.
    Late,
    /// Of every two the second comes first.
    Reorder,
}

/// Why a rule cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unclear(String);

/// Nobody wants to wait for longer than this, in seconds.
const LONGEST: f64 = 3600.0;

fn once() -> Option<u64> {
    Some(1)
}

impl Rule {
    /// One rule as JSON text.
    pub(crate) fn read(text: &str) -> Result<Self, Unclear> {
        let rule: Self = serde_json::from_str(text).map_err(|error| unclear(&error))?;
        rule.check()?;
        Ok(rule)
    }

    /// A list of rules as JSON text.
    pub(crate) fn read_list(body: &[u8]) -> Result<Vec<Self>, Unclear> {
        let rules: Vec<Self> = serde_json::from_slice(body).map_err(|error| unclear(&error))?;
        rules.iter().try_for_each(Self::check)?;
        Ok(rules)
    }

    fn check(&self) -> Result<(), Unclear> {
        let Wanted { operation, .. } = self.wanted;
        match &self.fault {
            Fault::Latency { seconds, .. } | Fault::Stall { seconds, .. } => duration(*seconds),
            Fault::Status { status, .. } if !(200..600).contains(status) => {
                Err(Unclear(format!("status is a number from 200 to 599, not {status}")))
            }
            Fault::Status { retry_after: Some(seconds), .. } => duration(*seconds),
            Fault::ContentType { value } if !is_header_value(value) => {
                Err(Unclear("value is what a header can hold".to_owned()))
            }
            Fault::Events { how: Disorder::Late, seconds: None } => {
                Err(Unclear("late events need seconds".to_owned()))
            }
            Fault::Events { how: Disorder::Duplicate | Disorder::Reorder, seconds: Some(_) } => {
                Err(Unclear("seconds are for late events only".to_owned()))
            }
            Fault::Events { .. } if !operation.streams() => Err(Unclear(
                "events come with the operations follow, events and shared-events".to_owned(),
            )),
            Fault::Events { seconds: Some(seconds), .. } => duration(*seconds),
            Fault::Json { .. } if operation == Operation::Output => {
                Err(Unclear("an output is no JSON; answer it with a status and a body".to_owned()))
            }
            Fault::Forget {} if matches!(operation, Operation::Upload | Operation::Health) => {
                Err(Unclear("this operation names no task that could be forgotten".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

impl Operation {
    fn streams(self) -> bool {
        matches!(self, Self::Events | Self::SharedEvents | Self::Follow | Self::Any)
    }

    fn includes(self, operation: Option<Self>) -> bool {
        match self {
            Self::Any => true,
            Self::Follow => matches!(operation, Some(Self::Events | Self::SharedEvents)),
            _ => operation == Some(self),
        }
    }
}

impl Wanted {
    /// Whether the rule is for such a request; `None`: one that has no name here.
    pub(crate) fn takes(&self, operation: Option<Operation>, media_type: &MediaType) -> bool {
        let asked = self.operation.includes(operation);
        asked && self.medium.is_none_or(|medium| medium.as_str() == media_type.as_str())
    }
}

impl Medium {
    fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Voice => "voice",
        }
    }
}

impl Unclear {
    pub(super) fn too_many(most: usize) -> Self {
        Self(format!("{most} rules came in headers already; DELETE /admin/faults forgets them"))
    }
}

impl fmt::Display for Unclear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the fault rule cannot be followed: {}", self.0)
    }
}

/// `seconds`, which were checked as the rule was read.
pub(crate) fn wait(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

fn duration(seconds: f64) -> Result<(), Unclear> {
    match (0.0..=LONGEST).contains(&seconds) {
        true => Ok(()),
        false => Err(Unclear(format!("seconds are from 0 to {LONGEST}, not {seconds}"))),
    }
}

fn is_header_value(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn unclear(error: &serde_json::Error) -> Unclear {
    Unclear(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_rule_leaves_out_has_a_meaning() {
        let rule = Rule::read(r#"{"fault": {"kind": "drop", "when": "after"}}"#).unwrap();
        assert_eq!(rule.wanted, Wanted { operation: Operation::Any, medium: None });
        assert_eq!((rule.after, rule.times), (0, Some(1)));
        let rule = r#"{"times": null, "fault": {"kind": "status", "status": 503}}"#;
        let rule = Rule::read(rule).unwrap();
        assert_eq!(rule.times, None);
        let status = Fault::Status {
            status: 503,
            retry_after: None,
            body: StatusBody::Json,
            when: Moment::Before,
        };
        assert_eq!(rule.fault, status);
    }

    #[test]
    fn a_rule_is_written_as_it_is_read() {
        let text = concat!(
            r#"{"name":"late","match":{"operation":"shared-events","medium":"voice"},"#,
            r#""after":2,"times":null,"fault":{"kind":"events","how":"late","seconds":0.5}}"#
        );
        let rule = Rule::read(text).unwrap();
        assert_eq!(serde_json::to_string(&rule).unwrap(), text);
    }

    #[test]
    fn every_kind_is_read() {
        for fault in [
            r#"{"kind": "latency", "seconds": 1, "when": "before"}"#,
            r#"{"kind": "status", "status": 429, "retry_after": 2, "body": "html"}"#,
            r#"{"kind": "status", "status": 502, "body": "empty", "when": "after"}"#,
            r#"{"kind": "drop", "when": "body"}"#,
            r#"{"kind": "stall", "when": "head", "seconds": 3}"#,
            r#"{"kind": "json", "how": "torn"}"#,
            r#"{"kind": "content-type", "value": "text/plain"}"#,
            r#"{"kind": "events", "how": "reorder"}"#,
            r#"{"kind": "forget"}"#,
        ] {
            let rule = format!(r#"{{"fault": {fault}}}"#);
            assert!(Rule::read(&rule).is_ok(), "{fault}");
        }
    }

    #[test]
    fn a_rule_that_cannot_be_followed_is_refused() {
        for (rule, why) in [
            (r#"{}"#, "missing field `fault`"),
            (r#"{"fault": {"kind": "meteor"}}"#, "unknown variant"),
            (r#"{"fault": {"kind": "drop", "when": "after", "often": 1}}"#, "unknown field"),
            (r#"{"fault": {"kind": "forget"}, "time": 1}"#, "unknown field `time`"),
            (r#"{"fault": {"kind": "status", "status": 99}}"#, "from 200 to 599"),
            (r#"{"fault": {"kind": "latency", "seconds": -1, "when": "after"}}"#, "from 0 to 3600"),
            (r#"{"fault": {"kind": "content-type", "value": "a\r\nb: c"}}"#, "header"),
            (r#"{"fault": {"kind": "events", "how": "late"}}"#, "need seconds"),
            (
                r#"{"match": {"operation": "read"}, "fault": {"kind": "events", "how": "reorder"}}"#,
                "events and shared-events",
            ),
            (
                r#"{"match": {"operation": "output"}, "fault": {"kind": "json", "how": "torn"}}"#,
                "no JSON",
            ),
            (r#"{"match": {"operation": "upload"}, "fault": {"kind": "forget"}}"#, "names no task"),
        ] {
            let told = Rule::read(rule).unwrap_err().to_string();
            assert!(told.contains(why), "{rule}: {told}");
        }
    }

    #[test]
    fn a_rule_takes_its_operation_and_medium_only() {
        let wanted = |text: &str| serde_json::from_str::<Wanted>(text).unwrap();
        let (image, voice) = (&MediaType::Image, &MediaType::Voice);
        assert!(wanted("{}").takes(None, image));
        let reads = wanted(r#"{"operation": "read"}"#);
        assert!(reads.takes(Some(Operation::Read), image));
        assert!(!reads.takes(Some(Operation::Events), image));
        assert!(!reads.takes(None, image));
        let streams = wanted(r#"{"operation": "follow"}"#);
        assert!(streams.takes(Some(Operation::SharedEvents), image));
        assert!(!streams.takes(Some(Operation::Read), image));
        let voices = wanted(r#"{"medium": "voice"}"#);
        assert!(voices.takes(Some(Operation::Output), voice));
        assert!(!voices.takes(Some(Operation::Output), image));
    }
}
