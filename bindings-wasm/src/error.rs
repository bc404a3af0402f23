//! Errors across the border: the classes live in `js/errors.js`, made through one function.

use std::{any::Any, fmt, sync::Arc, time::Duration};

use js_sys::Reflect;
use media_factory_core::{
    error::{Cause, Code, Error, HostException, Issue, IssueCode},
    task::WaitError,
};
use wasm_bindgen::{
    JsCast,
    prelude::{JsValue, wasm_bindgen},
};

use crate::present::to_js;

#[wasm_bindgen(raw_module = "../js/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = makeError)]
    fn make_error(details: &JsValue, cause: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = taskFailed)]
    fn task_failed(cause: &JsValue) -> JsValue;
}

/// The error as an instance of its JavaScript class.
pub(crate) fn error_to_js(error: &Error) -> JsValue {
    let raised = error.cause.as_ref().and_then(|cause| cause.as_any().downcast_ref::<Raised>());
    make_error(&to_js(error), raised.map_or(&JsValue::UNDEFINED, |raised| &raised.0))
}

/// As [`error_to_js`], for `map_err`.
pub(crate) fn thrown(error: Error) -> JsValue {
    error_to_js(&error)
}

/// How waiting ended, as an instance of its JavaScript class.
pub(crate) fn wait_error_to_js(error: &WaitError) -> JsValue {
    match error {
        WaitError::Failed(cause) => task_failed(&error_to_js(cause)),
        WaitError::Cancelled(error) | WaitError::Timeout(error) => error_to_js(error),
    }
}

/// A duration given in seconds as an option of a call.
pub(crate) fn seconds(option: &str, seconds: Option<f64>) -> Result<Option<Duration>, JsValue> {
    let Some(seconds) = seconds else { return Ok(None) };
    let duration = Duration::try_from_secs_f64(seconds).map_err(|_| {
        let message = format!("{option} must be a number of seconds from 0");
        let issue = Issue::new(option, IssueCode::Range, message);
        error_to_js(&Error::invalid("options", vec![issue]))
    })?;
    Ok(Some(duration))
}

/// A JavaScript exception behind an error, which comes back as `cause`.
struct Raised(JsValue);

impl HostException for Raised {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl fmt::Debug for Raised {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JavaScript exception")
    }
}

/// Keeps `exception` for `cause`.
pub(crate) fn cause(exception: JsValue) -> Cause {
    Cause::new(Arc::new(Raised(exception)))
}

/// The core's error for an exception that was thrown where it could not pass, such as in the body
/// of a custom workflow. Media Factory's own errors keep their code.
pub(crate) fn error_from_js(exception: &JsValue) -> Error {
    let member = |name: &str| Reflect::get(exception, &name.into()).ok();
    let text = |name: &str| member(name)?.as_string();
    let code = text("code");
    let code = code.and_then(|code| Code::ALL.iter().find(|known| known.as_str() == code));
    let mut error = match (code, text("message")) {
        (Some(code), Some(message)) => {
            let mut error = Error::new(*code, message);
            error.hint = text("hint");
            error
        }
        _ => Error::new(Code::Internal, describe(exception)),
    };
    if let Some(retryable) = member("retryable").and_then(|flag| flag.as_bool()) {
        error.retryable = retryable;
    }
    error.cause = Some(cause(exception.clone()));
    error
}

/// `TypeError: what it says`.
pub(crate) fn describe(exception: &JsValue) -> String {
    match exception.dyn_ref::<js_sys::Error>() {
        Some(error) => error.to_string().into(),
        None => exception.as_string().unwrap_or_else(|| "something was thrown".to_owned()),
    }
}
