//! Workflows of one medium.

use js_sys::{Array, Function, Promise};
use media_factory_core::{
    error::{Error, Issue, IssueCode},
    media::{ProcessingStatus, Value},
    protocol::Listing,
    workflow::{TaskOptions, Workflow},
};
use serde_json::Value as Json;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use crate::{
    error::{error_to_js, seconds, thrown},
    event::listener,
    present::{json_to_js, to_js},
    task::CoreTask,
    value::{map_of, plain_data, value_of},
};

/// A workflow instance.
#[wasm_bindgen]
pub struct CoreWorkflow(pub(crate) Workflow);

#[wasm_bindgen]
impl CoreWorkflow {
    /// What it makes.
    #[wasm_bindgen(getter, js_name = mediaType)]
    pub fn media_type(&self) -> String {
        self.0.media_type().as_str().to_owned()
    }

    /// Every problem of the parameters that shows without I/O.
    pub fn check(&self, parameters: &JsValue) -> JsValue {
        match map_of(parameters, "parameters") {
            Ok(parameters) => to_js(&self.0.check(&parameters)),
            Err(error) => to_js(&error.issues),
        }
    }

    /// Starts a task.
    pub fn process(
        &self,
        parameters: &JsValue,
        timeout: Option<f64>,
        on_update: Option<Function>,
    ) -> Result<CoreTask, JsValue> {
        let parameters = map_of(parameters, "parameters").map_err(thrown)?;
        let task = self.0.process(parameters, options(timeout, on_update)?);
        task.map(CoreTask).map_err(thrown)
    }

    /// One task for each item.
    pub fn batch(&self, items: &Array) -> Vec<CoreTask> {
        let items = items.iter().map(|item| map_of(&item, "parameters")).collect();
        self.0.batch(items).into_iter().map(CoreTask).collect()
    }

    /// A film from pictures.
    #[wasm_bindgen(js_name = createFromImages)]
    pub fn create_from_images(
        &self,
        images: &Array,
        parameters: &JsValue,
        timeout: Option<f64>,
        on_update: Option<Function>,
    ) -> Result<CoreTask, JsValue> {
        let images = images.iter().map(|image| value_of(&image)).collect();
        let parameters = map_of(parameters, "parameters").map_err(thrown)?;
        let options = options(timeout, on_update)?;
        self.0.create_from_images(images, parameters, options).map(CoreTask).map_err(thrown)
    }

    /// Speech.
    #[wasm_bindgen(js_name = textToSpeech)]
    pub fn text_to_speech(
        &self,
        text: &JsValue,
        voice: &JsValue,
        language: &JsValue,
        timeout: Option<f64>,
        on_update: Option<Function>,
    ) -> Result<CoreTask, JsValue> {
        let options = options(timeout, on_update)?;
        let (text, voice, language) = (value_of(text), value_of(voice), value_of(language));
        self.0.text_to_speech(text, voice, language, options).map(CoreTask).map_err(thrown)
    }

    /// Speech in the voice of a sample.
    #[wasm_bindgen(js_name = cloneVoice)]
    pub fn clone_voice(
        &self,
        sample: &JsValue,
        text: &JsValue,
        timeout: Option<f64>,
        on_update: Option<Function>,
    ) -> Result<CoreTask, JsValue> {
        let options = options(timeout, on_update)?;
        let task = self.0.clone_voice(value_of(sample), value_of(text), options);
        task.map(CoreTask).map_err(thrown)
    }

    /// A PENDING task that JavaScript runs itself.
    #[wasm_bindgen(js_name = createTask)]
    pub fn create_task(
        &self,
        parameters: &JsValue,
        metadata: &JsValue,
        on_update: Option<Function>,
    ) -> Result<CoreTask, JsValue> {
        let parameters = map_of(parameters, "parameters").map_err(thrown)?;
        let metadata = map_of(metadata, "metadata").map_err(thrown)?;
        let metadata = match plain_data("metadata", &Value::Map(metadata)).map_err(thrown)? {
            Json::Object(members) => members,
            _ => serde_json::Map::new(),
        };
        Ok(CoreTask(self.0.create_task_for(parameters, metadata, on_update.map(listener))))
    }

    /// This instance's task with that id.
    pub fn task(&self, id: &str) -> Option<CoreTask> {
        self.0.task(id).map(CoreTask)
    }

    /// This instance's tasks, or those with one status.
    pub fn tasks(&self, status: Option<String>) -> Result<Vec<CoreTask>, JsValue> {
        let tasks = self.0.tasks(status_of(status)?);
        Ok(tasks.into_iter().map(CoreTask).collect())
    }

    /// Cancels this instance's task with that id.
    #[wasm_bindgen(js_name = cancelTask)]
    pub fn cancel_task(&self, id: &str) -> bool {
        self.0.cancel_task(id)
    }

    /// What the chosen protocol really does.
    pub fn capabilities(&self) -> JsValue {
        to_js(&self.0.capabilities())
    }

    /// Asks the service for `health`, `models`, `styles`, `resolutions` or `voices`.
    pub fn list(&self, listing: &str) -> Promise {
        let workflow = self.0.clone();
        let listing = match listing {
            "models" => Listing::Models,
            "styles" => Listing::Styles,
            "resolutions" => Listing::Resolutions,
            "voices" => Listing::Voices,
            _ => Listing::Health,
        };
        future_to_promise(async move {
            workflow.list(listing).await.map(|json| json_to_js(&json)).map_err(thrown)
        })
    }
}

fn options(timeout: Option<f64>, on_update: Option<Function>) -> Result<TaskOptions, JsValue> {
    if timeout.is_some_and(|seconds| !(seconds.is_finite() && seconds > 0.0)) {
        let message = "timeout must be a number of seconds above 0";
        let issue = Issue::new("timeout", IssueCode::Range, message);
        return Err(error_to_js(&Error::invalid("options", vec![issue])));
    }
    Ok(TaskOptions { timeout: seconds("timeout", timeout)?, listener: on_update.map(listener) })
}

/// The status of that name; every status if none is named.
pub(crate) fn status_of(name: Option<String>) -> Result<Option<ProcessingStatus>, JsValue> {
    let Some(name) = name else { return Ok(None) };
    let status = ProcessingStatus::from_name(&name).ok_or_else(|| {
        let names = ["pending", "processing", "completed", "failed", "cancelled"];
        let issue = Issue::new("status", IssueCode::Choice, "there is no such status");
        error_to_js(&Error::invalid("options", vec![issue.with_allowed(names)]))
    })?;
    Ok(Some(status))
}
