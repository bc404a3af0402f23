//! Live handles of tasks.

use js_sys::{Array, Function, Promise, Reflect};
use media_factory_core::{
    error::{Code, Error},
    media::{MediaOutput, OutputFacts},
    task::{Completion, Task},
};
use serde_json::json;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use crate::{
    error::{error_from_js, error_to_js, seconds, thrown, wait_error_to_js},
    event::{CoreEvents, listener},
    output::CoreOutput,
    present::{json_to_js, to_js},
    value::{bytes_of, plain_data, value_of},
};

/// A task.
#[wasm_bindgen]
pub struct CoreTask(pub(crate) Task);

#[wasm_bindgen]
impl CoreTask {
    /// The id.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.0.id().to_string()
    }

    /// What it makes.
    #[wasm_bindgen(getter, js_name = mediaType)]
    pub fn media_type(&self) -> String {
        self.0.media_type().as_str().to_owned()
    }

    /// Where it stands.
    #[wasm_bindgen(getter)]
    pub fn status(&self) -> String {
        self.0.status().as_str().to_owned()
    }

    /// The parameters, media as descriptions.
    #[wasm_bindgen(getter)]
    pub fn parameters(&self) -> JsValue {
        to_js(&**self.0.parameters())
    }

    /// What changes while it runs, but for status, error, outputs and result.
    pub fn progress(&self) -> JsValue {
        let state = self.0.snapshot();
        json_to_js(&json!({
            "created_at": state.created_at,
            "started_at": state.started_at,
            "updated_at": state.updated_at,
            "finished_at": state.finished_at,
            "progress": state.progress,
            "stage": state.stage,
            "eta_seconds": state.eta_seconds,
            "metadata": state.metadata,
            "remote_id": state.remote_id,
            "attempts": state.attempts,
        }))
    }

    /// All of it as plain data; times in milliseconds.
    pub fn snapshot(&self) -> JsValue {
        to_js(&self.0.snapshot())
    }

    /// The error of a FAILED or CANCELLED task.
    #[wasm_bindgen(getter)]
    pub fn error(&self) -> JsValue {
        self.0.error().map_or(JsValue::NULL, |error| error_to_js(&error))
    }

    /// The outputs of a COMPLETED task.
    #[wasm_bindgen(getter)]
    pub fn outputs(&self) -> Vec<CoreOutput> {
        self.0.outputs().into_iter().map(CoreOutput).collect()
    }

    /// The service's own body, or what a custom workflow gave.
    #[wasm_bindgen(getter)]
    pub fn raw(&self) -> JsValue {
        self.0.raw_result().map_or(JsValue::UNDEFINED, |raw| json_to_js(&raw))
    }

    /// CANCELLED at once; `false` when it had ended already.
    pub fn cancel(&self) -> bool {
        self.0.cancel()
    }

    /// Resolves when it is COMPLETED; rejects when it ends otherwise or `timeout` seconds pass.
    pub fn wait(&self, timeout: Option<f64>) -> Result<Promise, JsValue> {
        let timeout = seconds("timeout", timeout)?;
        let task = self.0.clone();
        Ok(future_to_promise(async move {
            let outcome = task.wait(timeout).await;
            outcome.map(|()| JsValue::UNDEFINED).map_err(|error| wait_error_to_js(&error))
        }))
    }

    /// Resolves when it has ended.
    pub fn finished(&self) -> Promise {
        let finished = self.0.finished();
        future_to_promise(async move {
            finished.await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// A snapshot, then every event.
    pub fn events(&self) -> CoreEvents {
        CoreEvents::new(self.0.events())
    }

    /// Calls `callback` with every event from now on; gives the key for `unsubscribe`.
    pub fn subscribe(&self, callback: Function) -> u64 {
        self.0.subscribe(listener(callback))
    }

    /// Stops the calls of that subscription.
    pub fn unsubscribe(&self, key: u64) {
        self.0.unsubscribe(key);
    }
}

/// How a custom workflow moves its task.
#[wasm_bindgen]
impl CoreTask {
    /// PROCESSING.
    pub fn start(&self) -> Result<(), JsValue> {
        self.0.start().map_err(thrown)
    }

    /// Progress from 0 to 1.
    pub fn report(&self, progress: f64, stage: Option<String>) -> Result<(), JsValue> {
        self.0.progress(progress, stage).map_err(thrown)
    }

    /// A line of the log.
    pub fn log(&self, message: String) {
        self.0.log(message);
    }

    /// COMPLETED with a result and output files: `[{ bytes, mime_type, … }, …]`.
    pub fn complete(&self, raw: &JsValue, outputs: &Array) -> Result<(), JsValue> {
        let raw = plain_data("result", &value_of(raw)).map_err(thrown)?;
        let outputs = outputs.iter().map(|output| output_of(&output)).collect::<Result<_, _>>();
        let outputs = outputs.map_err(thrown)?;
        self.0.complete(Completion { raw, outputs, ..Completion::default() }).map_err(thrown)
    }

    /// FAILED with what was thrown.
    pub fn fail(&self, exception: &JsValue) -> Result<(), JsValue> {
        self.0.fail(error_from_js(exception)).map_err(thrown)
    }
}

/// `{ bytes, role, mime_type, width, height, duration, seed }` as an output.
fn output_of(js: &JsValue) -> Result<MediaOutput, Error> {
    let member = |name: &str| Reflect::get(js, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let bytes = bytes_of(&member("bytes")).ok_or_else(|| {
        Error::new(Code::Validation, "an output needs bytes: an ArrayBuffer or a typed array")
            .with_hint("read a Blob first: await blob.arrayBuffer()")
    })?;
    let number = |name: &str| member(name).as_f64();
    let facts = OutputFacts {
        role: member("role").as_string(),
        mime_type: member("mime_type").as_string().unwrap_or_default(),
        width: number("width").map(|width| width as u32),
        height: number("height").map(|height| height as u32),
        duration: number("duration"),
        seed: number("seed").map(|seed| seed as u64),
        ..OutputFacts::default()
    };
    Ok(MediaOutput::from_bytes(bytes, facts))
}
