//! A live handle of one task.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::Context,
    time::Duration,
};

use media_factory_core::{
    Error,
    media::{MediaOutput, Value},
    task::{self, Completion, WaitError},
};
use pyo3::{
    prelude::*,
    types::{PyBool, PyDict, PyList},
};

use crate::{
    errors::{exception, from_py, to_py, wrong_argument},
    events::{EventStream, Inbox},
    output::Output,
    runtime::Home,
    value::{Reader, json_to_py, map_to_py, to_json},
    wake::LoopQueue,
};

/// A task as the core knows it.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Task {
    pub(crate) task: task::Task,
    pub(crate) home: Arc<Home>,
}

impl Task {
    pub(crate) fn new(task: task::Task, home: &Arc<Home>) -> Self {
        Self { task, home: home.clone() }
    }
}

/// The argument `timeout` of a call: how long a user wants to wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timeout(pub(crate) Duration);

impl<'py> FromPyObject<'_, 'py> for Timeout {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let seconds = object.extract::<f64>().ok().filter(|_| !object.is_instance_of::<PyBool>());
        let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        time.map(Self).ok_or_else(|| {
            let message = "timeout must be a number of seconds from 0, or None".to_owned();
            to_py(object.py(), &wrong_argument("timeout", message))
        })
    }
}

#[pymethods]
impl Task {
    #[getter]
    fn id(&self) -> &str {
        self.task.id()
    }

    #[getter]
    fn media_type(&self) -> &str {
        self.task.media_type().as_str()
    }

    #[getter]
    fn status(&self) -> &'static str {
        self.task.status().as_str()
    }

    #[getter]
    fn finished(&self) -> bool {
        self.task.is_finished()
    }

    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        map_to_py(py, self.task.parameters())
    }

    #[getter]
    fn created_at(&self) -> u64 {
        self.task.snapshot().created_at
    }

    #[getter]
    fn started_at(&self) -> Option<u64> {
        self.task.snapshot().started_at
    }

    #[getter]
    fn updated_at(&self) -> u64 {
        self.task.snapshot().updated_at
    }

    #[getter]
    fn finished_at(&self) -> Option<u64> {
        self.task.snapshot().finished_at
    }

    #[getter]
    fn progress(&self) -> Option<f64> {
        self.task.snapshot().progress
    }

    #[getter]
    fn stage(&self) -> Option<String> {
        self.task.snapshot().stage
    }

    #[getter]
    fn eta_seconds(&self) -> Option<f64> {
        self.task.snapshot().eta_seconds
    }

    #[getter]
    fn remote_id(&self) -> Option<String> {
        self.task.snapshot().remote_id.map(|id| id.to_string())
    }

    #[getter]
    fn attempts(&self) -> u32 {
        self.task.snapshot().attempts
    }

    #[getter]
    fn metadata<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json_to_py(py, &self.task.snapshot().metadata.into())
    }

    #[getter]
    fn error<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.task.error().map(|error| exception(py, &error)).transpose()
    }

    #[getter]
    fn outputs(&self) -> Vec<Output> {
        let outputs = self.task.outputs().into_iter();
        outputs.map(|output| Output::new(output, &self.home)).collect()
    }

    #[getter]
    fn raw_result<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.task.raw_result().map(|raw| json_to_py(py, &raw)).transpose()
    }

    /// Everything at one moment as plain data.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json_to_py(py, &serde_json::to_value(self.task.snapshot()).unwrap_or_default())
    }

    fn cancel(&self, py: Python<'_>) -> PyResult<bool> {
        self.home.must_be_own(py)?;
        Ok(py.detach(|| self.task.cancel()))
    }

    /// Blocks until the task is terminal; `False` when `timeout` seconds pass first.
    #[pyo3(signature = (timeout=None))]
    fn wait(&self, py: Python<'_>, timeout: Option<Timeout>) -> PyResult<bool> {
        let mut finished = pin!(self.task.finished());
        let ended = self.home.block(py, timeout.map(|timeout| timeout.0), |context| {
            finished.as_mut().poll(context)
        })?;
        Ok(ended.is_some())
    }

    /// Whether the task is terminal. In a testing registry everything moves before that, for as
    /// long as `timeout` seconds of its clock.
    #[pyo3(signature = (timeout=None))]
    fn settle(&self, py: Python<'_>, timeout: Option<Timeout>) -> PyResult<bool> {
        if self.home.harness.is_some() {
            self.wait(py, timeout)?;
            return Ok(true);
        }
        Ok(self.task.is_finished())
    }

    /// Gives `None` when the task is terminal; else the key under which `future` waits for that.
    fn poll(&self, py: Python<'_>, queue: &LoopQueue, future: Py<PyAny>) -> PyResult<Option<u64>> {
        self.home.settle(py, || self.task.is_finished())?;
        if self.task.is_finished() {
            return Ok(None);
        }
        self.home.must_be_own(py)?;
        let (key, waker) = queue.waker(future);
        let mut finished = self.task.finished();
        if Pin::new(&mut finished).poll(&mut Context::from_waker(&waker)).is_ready() {
            queue.forget(key);
            return Ok(None);
        }
        queue.keep(key, finished);
        Ok(Some(key))
    }

    /// What waiting for `timeout` seconds has come to: `None` when the task is COMPLETED, else the
    /// exception that says how it ended, or that it has not.
    #[pyo3(signature = (timeout=None))]
    fn outcome<'py>(
        &self,
        py: Python<'py>,
        timeout: Option<Timeout>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.task.outcome(timeout.map(|timeout| timeout.0)) {
            Ok(()) => Ok(None),
            Err(
                WaitError::Failed(error) | WaitError::Cancelled(error) | WaitError::Timeout(error),
            ) => exception(py, &error).map(Some),
        }
    }

    fn events(&self) -> EventStream {
        EventStream::new(self.task.events(), &self.home)
    }

    /// Events from now on arrive in `inbox` under `subscription`; gives the key to unsubscribe.
    fn subscribe(&self, inbox: &Inbox, subscription: u64) -> u64 {
        self.task.subscribe(inbox.listener(subscription))
    }

    fn unsubscribe(&self, key: u64) {
        self.task.unsubscribe(key);
    }

    fn start(&self, py: Python<'_>) -> PyResult<()> {
        self.home.must_be_own(py)?;
        self.task.start().map_err(|error| to_py(py, &error))
    }

    fn report(&self, py: Python<'_>, progress: f64, stage: Option<String>) -> PyResult<()> {
        self.home.must_be_own(py)?;
        self.task.progress(progress, stage).map_err(|error| to_py(py, &error))
    }

    fn log(&self, message: String) {
        self.task.log(message);
    }

    fn complete(
        &self,
        py: Python<'_>,
        result: &Bound<'_, PyAny>,
        outputs: &Bound<'_, PyList>,
    ) -> PyResult<()> {
        self.home.must_be_own(py)?;
        let refused = |error: Error| to_py(py, &error);
        let result: Value = Reader::new(0).value(result, 0)?;
        let raw = to_json("result", &result).map_err(refused)?;
        let output = |item: Bound<'_, PyAny>| -> PyResult<MediaOutput> {
            Ok(item.cast::<Output>()?.get().output.clone())
        };
        let outputs = outputs.iter().map(output).collect::<PyResult<_>>()?;
        let completion = Completion { raw, outputs, ..Completion::default() };
        self.task.complete(completion).map_err(refused)
    }

    fn fail(&self, py: Python<'_>, error: &Bound<'_, PyAny>) -> PyResult<()> {
        self.home.must_be_own(py)?;
        self.task.fail(from_py(error)).map_err(|error| to_py(py, &error))
    }
}
