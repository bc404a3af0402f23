//! Errors on their way to Python: the classes live in `media_factory.errors`, and one function
//! there makes all of them.

use std::{any::Any, fmt, sync::Arc};

use media_factory_core::{
    Code, Error, Issue,
    error::{Cause, HostException, IssueCode},
};
use pyo3::{
    Bound, Py, PyAny, PyErr, PyResult, Python,
    prelude::*,
    pyfunction,
    sync::PyOnceLock,
    types::{PyDict, PyList},
};

use crate::value::json_to_py;

/// The exception for `error`; should even that fail, the exception that says why.
pub(crate) fn to_py(py: Python<'_>, error: &Error) -> PyErr {
    match exception(py, error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

/// The exception for `error` as an object.
pub(crate) fn exception<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyAny>> {
    static MAKE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let details = PyDict::new(py);
    details.set_item("code", error.code.as_str())?;
    details.set_item("message", &error.message)?;
    details.set_item("hint", error.hint.as_deref())?;
    details.set_item("retryable", error.retryable)?;
    details.set_item("status", error.status)?;
    details.set_item("attempts", error.attempts)?;
    details.set_item("task_id", error.task_id.as_deref())?;
    details.set_item("remote_id", error.remote_id.as_deref())?;
    details.set_item("retry_after", error.retry_after)?;
    details.set_item("issues", issues_to_py(py, &error.issues)?)?;
    details.set_item("cause", cause_of(py, error))?;
    MAKE.import(py, "media_factory.errors", "make_error")?.call1((details,))
}

/// Issues as dictionaries.
pub(crate) fn issues_to_py<'py>(py: Python<'py>, issues: &[Issue]) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for issue in issues {
        let json = serde_json::to_value(issue).unwrap_or_default();
        list.append(json_to_py(py, &json)?)?;
    }
    Ok(list)
}

/// Every code in the order of the documentation, and whether it is retryable as a rule.
#[pyfunction]
pub(crate) fn codes() -> Vec<(&'static str, bool)> {
    Code::ALL.iter().map(|code| (code.as_str(), code.is_retryable())).collect()
}

/// A Python exception behind an error, which comes back as `__cause__`.
struct Raised(Py<PyAny>);

impl HostException for Raised {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl fmt::Debug for Raised {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a Python exception")
    }
}

/// Keeps `exception` for `__cause__`.
pub(crate) fn cause(exception: Py<PyAny>) -> Cause {
    Cause::new(Arc::new(Raised(exception)))
}

fn cause_of(py: Python<'_>, error: &Error) -> Option<Py<PyAny>> {
    let raised = error.cause.as_ref()?.as_any().downcast_ref::<Raised>()?;
    Some(raised.0.clone_ref(py))
}

/// The core's error for an exception that was raised where it could not pass, such as in the body
/// of a custom workflow. Media Factory's own exceptions keep their code.
pub(crate) fn from_py(exception: &Bound<'_, PyAny>) -> Error {
    let text = |name: &str| exception.getattr(name).ok()?.extract::<Option<String>>().ok()?;
    let code = text("code")
        .and_then(|code| Code::ALL.iter().find(|known| known.as_str() == code).copied());
    let mut error = match (code, text("message")) {
        (Some(code), Some(message)) => Error::new(code, message),
        _ => Error::new(Code::Internal, describe(exception)),
    };
    error.hint = code.and_then(|_| text("hint"));
    if let Ok(retryable) = exception.getattr("retryable").and_then(|flag| flag.extract()) {
        error.retryable = retryable;
    }
    error.cause = Some(cause(exception.clone().unbind()));
    error
}

/// `ValueError: what it says`.
pub(crate) fn describe(exception: &Bound<'_, PyAny>) -> String {
    let kind = exception.get_type().name().map(|name| name.to_string());
    let kind = kind.unwrap_or_else(|_| "an exception".to_owned());
    match exception.str().map(|text| text.to_string()) {
        Ok(text) if !text.is_empty() => format!("{kind}: {text}"),
        _ => kind,
    }
}

/// An error about an argument that is no parameter of a task.
pub(crate) fn wrong_argument(path: &str, message: String) -> Error {
    let issue = Issue::new(path, IssueCode::Type, message.clone());
    let mut error = Error::new(Code::Validation, message);
    error.issues = vec![issue];
    error
}
