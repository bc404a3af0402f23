//! Errors across the border: the classes live in `js/errors.js`, made through one function.

use std::time::Duration;

use media_factory_core::{
    error::{Error, Issue, IssueCode},
    task::WaitError,
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::present::to_js;

#[wasm_bindgen(raw_module = "../js/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = makeError)]
    fn make_error(details: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = taskFailed)]
    fn task_failed(cause: &JsValue) -> JsValue;
}

/// The error as an instance of its JavaScript class.
pub(crate) fn error_to_js(error: &Error) -> JsValue {
    make_error(&to_js(error))
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
