//! Registries.

use std::sync::Arc;

use media_factory_core::{
    error::{Error, Issue, IssueCode, Result},
    media::{Map, MediaType, Value},
    registry::Registry,
    runtime::{Runtime, Transport},
};
use media_factory_event_loop::EventLoop;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::{
    error::thrown,
    host::Platform,
    host_transport::{HostTransport, JsTransport},
    page_fetch::PageFetch,
    task::CoreTask,
    value::value_of,
    workflow::{CoreWorkflow, status_of},
};

/// A transport written in JavaScript; workflows that share it share their endpoints.
#[wasm_bindgen]
pub struct CoreTransport(Arc<dyn Transport>);

/// An isolated set of workflows and tasks.
#[wasm_bindgen]
pub struct CoreRegistry(pub(crate) Registry);

#[wasm_bindgen]
impl CoreRegistry {
    /// On the platform's own ports; `transport` in place of the page's fetch, `sandbox` to a
    /// server in this process.
    #[wasm_bindgen(constructor)]
    pub fn new(transport: Option<JsTransport>, sandbox: JsTransport) -> Self {
        let transport: Arc<dyn Transport> = match transport {
            Some(own) => Arc::new(HostTransport(own)),
            None => Arc::new(PageFetch),
        };
        Self(Registry::new(Runtime {
            transport,
            sandbox: Some(Arc::new(HostTransport(sandbox))),
            clock: Arc::new(EventLoop),
            spawner: Arc::new(EventLoop),
            host: Arc::new(Platform),
        }))
    }

    /// Sets default configuration.
    pub fn configure(&self, defaults: &JsValue) -> Result<(), JsValue> {
        config_of(value_of(defaults))
            .and_then(|defaults| self.0.configure(defaults))
            .map_err(thrown)
    }

    /// The names of what it makes.
    pub fn available(&self) -> Vec<String> {
        self.0.available().iter().map(|medium| medium.as_str().to_owned()).collect()
    }

    /// Makes a custom workflow's name known.
    pub fn register(&self, name: &str) -> Result<(), JsValue> {
        self.0.register(name).map(drop).map_err(thrown)
    }

    /// Throws unless something is registered under that name.
    #[wasm_bindgen(js_name = mustKnow)]
    pub fn must_know(&self, name: &str) -> Result<(), JsValue> {
        self.0.media_type(name).map(drop).map_err(thrown)
    }

    /// Wraps an object with a `send` method for [`CoreRegistry::workflow_over`].
    pub fn transport(&self, own: JsTransport) -> CoreTransport {
        CoreTransport(Arc::new(HostTransport(own)))
    }

    /// A new workflow.
    pub fn workflow(&self, name: &str, config: &JsValue) -> Result<CoreWorkflow, JsValue> {
        self.make(name, config, None)
    }

    /// A new workflow whose requests `transport` carries.
    #[wasm_bindgen(js_name = workflowOver)]
    pub fn workflow_over(
        &self,
        name: &str,
        config: &JsValue,
        transport: &CoreTransport,
    ) -> Result<CoreWorkflow, JsValue> {
        self.make(name, config, Some(transport.0.clone()))
    }

    /// The task with that id.
    pub fn task(&self, id: &str) -> Option<CoreTask> {
        self.0.task(id).map(CoreTask)
    }

    /// All tasks, or those with one status.
    pub fn tasks(&self, status: Option<String>) -> Result<Vec<CoreTask>, JsValue> {
        let tasks = self.0.tasks(status_of(status)?);
        Ok(tasks.into_iter().map(CoreTask).collect())
    }
}

impl CoreRegistry {
    fn make(
        &self,
        name: &str,
        config: &JsValue,
        own: Option<Arc<dyn Transport>>,
    ) -> Result<CoreWorkflow, JsValue> {
        let config = match value_of(config) {
            Value::Null => Map::new(),
            given => config_of(given).map_err(thrown)?,
        };
        let workflow = self.0.workflow(&MediaType::from_name(name), &config, own);
        workflow.map(CoreWorkflow).map_err(thrown)
    }
}

fn config_of(value: Value) -> Result<Map> {
    match value {
        Value::Map(config) => Ok(config),
        other => {
            let message = format!("the configuration must be a dictionary, not {}", other.kind());
            Err(Error::config(vec![Issue::new("", IssueCode::Type, message)]))
        }
    }
}
