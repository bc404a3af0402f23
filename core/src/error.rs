//! One error type with stable codes, the same in every language.

use std::{any::Any, fmt, ops, sync::Arc};

use serde::{Serialize, Serializer};

use crate::{media::Value, number::written, runtime::MaybeSendSync};

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

macro_rules! codes {
    ($($variant:ident $name:literal $retryable:literal $doc:literal,)*) => {
        /// Why something failed. Codes are only ever added.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code { $(#[doc = $doc] $variant,)* }

        impl Code {
            /// Every code, in the order of the table in `docs/semantics.md`.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The kebab-case name that all languages show.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Whether the same call may succeed later without a change.
            pub fn is_retryable(self) -> bool {
                match self { $(Self::$variant => $retryable,)* }
            }
        }
    };
}

codes! {
    Validation "validation" false "A parameter is wrong; `issues` lists every problem.",
    Config "config" false "The configuration is wrong.",
    Connection "connection" true "The service could not be reached.",
    Timeout "timeout" true "The task's deadline or an exchange's silence limit passed.",
    RateLimited "rate-limited" true "The service asked to come back later than the task may wait.",
    Quota "quota" false "The account's quota or credit is used up.",
    Auth "auth" false "The service refused the credentials.",
    NotFound "not-found" false "The service does not know the path, model or task.",
    ServiceFailed "service-failed" false "The service reported a failure.",
    Protocol "protocol" false "The service's answer could not be understood.",
    Unsupported "unsupported" false "The chosen protocol or service cannot do what was asked.",
    AmbiguousSubmit "ambiguous-submit" false "A paid submission may or may not have been accepted.",
    Cancelled "cancelled" false "The task was cancelled.",
    TooLarge "too-large" false "An answer or an output is over its limit, or the service takes no input of that size.",
    WaitTimeout "wait-timeout" true "Waiting took too long; the task goes on.",
    QueueFull "queue-full" true "The service's queue has no room.",
    Output "output" true "An output could not be downloaded.",
    NotResumable "not-resumable" false "The task cannot be taken up again.",
    NeedsCredentials "needs-credentials" false "Taking the task up again needs an API key.",
    Journal "journal" false "The journal could not be read or written.",
    BudgetExceeded "budget-exceeded" false "A spending limit was reached.",
    Signature "signature" false "A webhook's signature is not genuine.",
    Internal "internal" false "A defect in Media Factory or in a callback.",
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What went wrong, with which endpoint, and what to do next. Holds no key, header or body.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Error(Box<ErrorDetail>);

/// The members of an [`Error`].
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The stable code.
    pub code: Code,
    /// What happened, for people.
    pub message: String,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether the same call may succeed later.
    pub retryable: bool,
    /// The HTTP status of the deciding answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How many submissions were made.
    pub attempts: u32,
    /// The task that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<Arc<str>>,
    /// The service's own id of the task, where it gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_id: Option<Arc<str>>,
    /// Seconds to wait before another try, where the service said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<f64>,
    /// Every problem with the parameters or the configuration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<Issue>,
    /// The host language's exception behind it, where a user's own code raised one.
    #[serde(skip)]
    pub cause: Option<Cause>,
}

/// An exception of the host language, which the core carries and does not look into.
pub trait HostException: fmt::Debug + MaybeSendSync + 'static {
    /// The exception as its binding knows it.
    fn as_any(&self) -> &dyn Any;
}

/// What a user's own code raised; a binding hands it back as the cause of the error.
#[derive(Debug, Clone)]
pub struct Cause(Arc<dyn HostException>);

impl Cause {
    /// Wraps an exception.
    pub fn new(exception: Arc<dyn HostException>) -> Self {
        Self(exception)
    }

    /// The exception as its binding knows it.
    pub fn as_any(&self) -> &dyn Any {
        self.0.as_any()
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Cause {}

impl Error {
    /// An error with that code and message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorDetail {
            code,
            message: message.into(),
            hint: None,
            retryable: code.is_retryable(),
            status: None,
            attempts: 0,
            task_id: None,
            remote_id: None,
            retry_after: None,
            issues: Vec::new(),
            cause: None,
        }))
    }

    /// A `validation` or `unsupported` error that lists every problem.
    ///
    /// It is `unsupported` only when nothing else is wrong.
    pub fn invalid(what: &str, issues: Vec<Issue>) -> Self {
        let unsupported = issues.iter().all(|issue| issue.code == IssueCode::Unsupported);
        let code = if unsupported { Code::Unsupported } else { Code::Validation };
        Self::listing(code, what, issues)
    }

    /// A `config` error that lists every problem.
    pub fn config(issues: Vec<Issue>) -> Self {
        Self::listing(Code::Config, "configuration", issues)
    }

    fn listing(code: Code, what: &str, issues: Vec<Issue>) -> Self {
        let problems: Vec<&str> = issues.iter().map(|issue| issue.message.as_str()).collect();
        let mut error = Self::new(code, format!("invalid {what}: {}", problems.join("; ")));
        error.issues = issues;
        error
    }

    /// The same error with advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error with the HTTP status that decided it.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl ops::Deref for Error {
    type Target = ErrorDetail;
    fn deref(&self) -> &ErrorDetail {
        &self.0
    }
}

impl ops::DerefMut for Error {
    fn deref_mut(&mut self) -> &mut ErrorDetail {
        &mut self.0
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(formatter, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

/// What is wrong with one parameter or configuration key.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Issue {
    /// The key, with `[index]` or `.key` for what is inside it.
    pub path: String,
    /// The kind of problem.
    pub code: IssueCode,
    /// The problem in words.
    pub message: String,
    /// The value as it was given, shortened; never media bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
    /// What would be accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Vec<String>>,
    /// What was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// The kinds of [`Issue`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueCode {
    /// A key that must be there is missing.
    Required,
    /// The value has the wrong type.
    Type,
    /// Nothing but white space, or an empty list.
    Empty,
    /// More characters or items than allowed.
    TooLong,
    /// A number out of its range.
    Range,
    /// None of the allowed words.
    Choice,
    /// Text that does not have the needed form.
    Format,
    /// A key that does not exist.
    Unknown,
    /// Keys that do not go together.
    Conflict,
    /// The chosen protocol cannot do it.
    Unsupported,
}

impl Issue {
    /// An issue without value, choices or suggestion.
    pub fn new(path: impl Into<String>, code: IssueCode, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            code,
            message: message.into(),
            value: None,
            allowed: None,
            suggestion: None,
        }
    }

    /// The same issue showing the value, shortened to 80 characters.
    #[must_use]
    pub fn with_value(mut self, value: &Value) -> Self {
        const SHOWN: usize = 80;
        let json = match value {
            Value::String(text) if text.chars().nth(SHOWN).is_some() => {
                format!("{}…", text.chars().take(SHOWN).collect::<String>()).into()
            }
            Value::List(_) | Value::Map(_) => format!("<{}>", value.kind()).into(),
            // JSON has no NaN; the word says what the number was.
            Value::Float(number) if !number.is_finite() => written(*number).into(),
            other => other.to_json(),
        };
        self.value = Some(json);
        self
    }

    /// The same issue naming what would be accepted; the message does so where the list is short.
    #[must_use]
    pub fn with_allowed<T: Into<String>>(mut self, allowed: impl IntoIterator<Item = T>) -> Self {
        const SHORT: usize = 100;
        let allowed: Vec<String> = allowed.into_iter().map(Into::into).collect();
        let listed = allowed.join(", ");
        if !allowed.is_empty() && listed.len() <= SHORT {
            self.message.push_str(&format!("; allowed are {listed}"));
        }
        self.allowed = Some(allowed);
        self
    }

    /// The same issue naming what was probably meant.
    #[must_use]
    pub fn with_suggestion(mut self, suggestion: Option<&str>) -> Self {
        if let Some(word) = suggestion {
            self.message.push_str(&format!("; did you mean '{word}'?"));
        }
        self.suggestion = suggestion.map(str::to_owned);
        self
    }
}
