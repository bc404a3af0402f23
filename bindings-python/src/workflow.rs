//! A workflow instance: reads parameters, hands out tasks.

use std::sync::Arc;

use media_factory_core::{
    Error, Result,
    media::{Map, MediaType, ProcessingStatus, Value},
    protocol::Listing,
    runtime::{Transport, lock},
    task, workflow,
};
use pyo3::{exceptions::PyValueError, prelude::*, types::PyList};

use crate::{
    callback_transport::OwnTransport,
    errors::{issues_to_py, to_py, wrong_argument},
    events::Inbox,
    operation::{Given, Operation},
    registry::{Registry, STANDARD_GRACE},
    runtime::{Ending, Home},
    task::{Task, Timeout},
    value::{Reader, json_object, json_to_py},
};

/// A workflow as the core knows it.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Workflow {
    workflow: workflow::Workflow,
    home: Arc<Home>,
}

/// The status of that name.
pub(crate) fn status(py: Python<'_>, name: Option<&str>) -> PyResult<Option<ProcessingStatus>> {
    let read = |name: &str| {
        ProcessingStatus::from_name(name).ok_or_else(|| {
            let message = format!("status must be a ProcessingStatus or its value, not '{name}'");
            to_py(py, &wrong_argument("status", message))
        })
    };
    name.map(read).transpose()
}

#[pymethods]
impl Workflow {
    /// `transport` carries every exchange in place of the registry's own.
    #[new]
    #[pyo3(signature = (registry, media_type, config, transport=None))]
    fn new(
        py: Python<'_>,
        registry: &Registry,
        media_type: &str,
        config: &Bound<'_, PyAny>,
        transport: Option<&OwnTransport>,
    ) -> PyResult<Self> {
        let home = &registry.home;
        home.must_be_own(py)?;
        let refused = |error: Error| to_py(py, &error);
        let config = Reader::new(0).map("config", config)?.map_err(refused)?;
        let transport = transport.map(|own| own.0.clone() as Arc<dyn Transport>);
        let media_type = MediaType::from_name(media_type);
        let workflow =
            registry.registry.workflow(&media_type, &config, transport).map_err(refused)?;
        let grace = workflow.config().exit_grace;
        if grace != STANDARD_GRACE {
            lock(&home.endings).insert(workflow.id(), Ending::Grace(grace));
        }
        Ok(Self { workflow, home: home.clone() })
    }

    #[getter]
    fn media_type(&self) -> &str {
        self.workflow.media_type().as_str()
    }

    #[getter]
    fn service_endpoint(&self) -> &str {
        &self.workflow.config().service_endpoint
    }

    #[getter]
    fn protocol(&self) -> &str {
        self.workflow.config().protocol.name()
    }

    /// Every problem that shows without I/O.
    fn check<'py>(
        &self,
        py: Python<'py>,
        parameters: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyList>> {
        match self.read(parameters)? {
            Ok(parameters) => issues_to_py(py, &self.workflow.check(&parameters)),
            Err(error) => issues_to_py(py, &error.issues),
        }
    }

    #[pyo3(signature = (parameters, timeout=None, inbox=None, subscription=0))]
    fn process(
        &self,
        py: Python<'_>,
        parameters: &Bound<'_, PyAny>,
        timeout: Option<Timeout>,
        inbox: Option<&Inbox>,
        subscription: u64,
    ) -> PyResult<Task> {
        let parameters = self.read(parameters)?;
        self.begin(py, timeout, inbox, subscription, |workflow, options| {
            workflow.process(parameters?, options)
        })
    }

    #[pyo3(signature = (images, parameters, timeout=None, inbox=None, subscription=0))]
    fn create_from_images(
        &self,
        py: Python<'_>,
        images: &Bound<'_, PyAny>,
        parameters: &Bound<'_, PyAny>,
        timeout: Option<Timeout>,
        inbox: Option<&Inbox>,
        subscription: u64,
    ) -> PyResult<Task> {
        let reader = self.reader();
        let images = match reader.value(images, 0)? {
            Value::List(images) => images,
            single => vec![single],
        };
        let parameters = self.read(parameters)?;
        self.begin(py, timeout, inbox, subscription, |workflow, options| {
            workflow.create_from_images(images, parameters?, options)
        })
    }

    #[pyo3(signature = (text, voice, language, timeout=None, inbox=None, subscription=0))]
    #[allow(clippy::too_many_arguments, reason = "the method of the API, and two for its callback")]
    fn text_to_speech(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyAny>,
        voice: &Bound<'_, PyAny>,
        language: &Bound<'_, PyAny>,
        timeout: Option<Timeout>,
        inbox: Option<&Inbox>,
        subscription: u64,
    ) -> PyResult<Task> {
        let reader = self.reader();
        let (text, voice) = (reader.value(text, 0)?, reader.value(voice, 0)?);
        let language = reader.value(language, 0)?;
        self.begin(py, timeout, inbox, subscription, |workflow, options| {
            workflow.text_to_speech(text, voice, language, options)
        })
    }

    #[pyo3(signature = (sample, text, timeout=None, inbox=None, subscription=0))]
    fn clone_voice(
        &self,
        py: Python<'_>,
        sample: &Bound<'_, PyAny>,
        text: &Bound<'_, PyAny>,
        timeout: Option<Timeout>,
        inbox: Option<&Inbox>,
        subscription: u64,
    ) -> PyResult<Task> {
        let reader = self.reader();
        let (sample, text) = (reader.value(sample, 0)?, reader.value(text, 0)?);
        self.begin(py, timeout, inbox, subscription, |workflow, options| {
            workflow.clone_voice(sample, text, options)
        })
    }

    /// One task for each item, in order; an invalid item becomes a FAILED task.
    fn batch(&self, py: Python<'_>, items: &Bound<'_, PyList>) -> PyResult<Vec<Task>> {
        self.home.must_be_own(py)?;
        let items = items.iter().map(|item| self.read(&item)).collect::<PyResult<Vec<_>>>()?;
        let tasks = py.detach(|| self.workflow.batch(items));
        Ok(tasks.into_iter().map(|task| Task::new(task, &self.home)).collect())
    }

    /// A PENDING task that Python runs itself.
    #[pyo3(signature = (parameters, metadata=None, inbox=None, subscription=0))]
    fn create_task(
        &self,
        py: Python<'_>,
        parameters: &Bound<'_, PyAny>,
        metadata: Option<&Bound<'_, PyAny>>,
        inbox: Option<&Inbox>,
        subscription: u64,
    ) -> PyResult<Task> {
        self.home.must_be_own(py)?;
        let refused = |error: Error| to_py(py, &error);
        let parameters = self.read(parameters)?.map_err(refused)?;
        let metadata = json_object("metadata", metadata)?.map_err(refused)?;
        let listener = inbox.map(|inbox| inbox.listener(subscription));
        lock(&self.home.endings).insert(self.workflow.id(), Ending::Hosted);
        let task = self.workflow.create_task_for(parameters, metadata, listener);
        Ok(Task::new(task, &self.home))
    }

    /// Puts a task that Python made itself, id and all, into the store.
    fn adopt(
        &self,
        py: Python<'_>,
        task_id: &str,
        media_type: &str,
        parameters: &Bound<'_, PyAny>,
    ) -> PyResult<Task> {
        self.home.must_be_own(py)?;
        let parameters = self.read(parameters)?.map_err(|error| to_py(py, &error))?;
        let media_type = MediaType::from_name(media_type);
        lock(&self.home.endings).insert(self.workflow.id(), Ending::Hosted);
        let registry = self.workflow.registry();
        let task = registry.adopt(task_id, self.workflow.id(), media_type, parameters);
        Ok(Task::new(task, &self.home))
    }

    fn task(&self, task_id: &str) -> Option<Task> {
        self.workflow.task(task_id).map(|task| Task::new(task, &self.home))
    }

    #[pyo3(signature = (with_status=None))]
    fn tasks(&self, py: Python<'_>, with_status: Option<&str>) -> PyResult<Vec<Task>> {
        let tasks = self.workflow.tasks(status(py, with_status)?).into_iter();
        Ok(tasks.map(|task| Task::new(task, &self.home)).collect())
    }

    fn cancel_task(&self, py: Python<'_>, task_id: &str) -> bool {
        py.detach(|| self.workflow.cancel_task(task_id))
    }

    fn capabilities<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = serde_json::to_value(self.workflow.capabilities()).unwrap_or_default();
        json_to_py(py, &json)
    }

    /// Asks the service for `models`, `styles`, `resolutions`, `voices` or `health`.
    fn list(&self, py: Python<'_>, listing: &str) -> PyResult<Operation> {
        let listing = match listing {
            "health" => Listing::Health,
            "models" => Listing::Models,
            "styles" => Listing::Styles,
            "resolutions" => Listing::Resolutions,
            "voices" => Listing::Voices,
            other => return Err(PyValueError::new_err(format!("there is no list of {other}"))),
        };
        let workflow = self.workflow.clone();
        Operation::start(
            py,
            &self.home,
            async move { workflow.list(listing).await.map(Given::Json) },
        )
    }
}

impl Workflow {
    fn reader(&self) -> Reader {
        Reader::new(self.workflow.config().max_input_bytes)
    }

    fn read(&self, parameters: &Bound<'_, PyAny>) -> PyResult<Result<Map>> {
        self.reader().map("parameters", parameters)
    }

    fn begin(
        &self,
        py: Python<'_>,
        timeout: Option<Timeout>,
        inbox: Option<&Inbox>,
        subscription: u64,
        start: impl FnOnce(&workflow::Workflow, workflow::TaskOptions) -> Result<task::Task>,
    ) -> PyResult<Task> {
        self.home.must_be_own(py)?;
        let timeout = timeout.map(|timeout| timeout.0);
        if timeout.is_some_and(|timeout| timeout.is_zero()) {
            let message = "timeout must be a number of seconds above 0".to_owned();
            return Err(to_py(py, &wrong_argument("timeout", message)));
        }
        let listener = inbox.map(|inbox| inbox.listener(subscription));
        let options = workflow::TaskOptions { timeout, listener };
        let task = start(&self.workflow, options).map_err(|error| to_py(py, &error))?;
        Ok(Task::new(task, &self.home))
    }
}
