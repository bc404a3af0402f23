//! A live handle of one task.

use std::{
    collections::VecDeque,
    future::Future,
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use media_factory_core::{
    Code, Error,
    media::{MediaOutput, Value},
    runtime::lock,
    task::{self, Completion, Finished, WaitError},
};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyDict, PyList},
};

use crate::{
    errors::{exception, from_py, to_py},
    events::{EventStream, Inbox},
    output::Output,
    runtime::{Home, millis},
    value::{Reader, json_to_py, map_to_py, to_json},
    wake::LoopQueue,
};

/// A task as the core knows it.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Task {
    pub(crate) task: task::Task,
    home: Arc<Home>,
}

impl Task {
    pub(crate) fn new(task: task::Task, home: &Arc<Home>) -> Self {
        Self { task, home: home.clone() }
    }
}

/// Seconds that a user gave.
pub(crate) fn seconds(timeout: Option<f64>) -> PyResult<Option<Duration>> {
    let read = |seconds: f64| {
        Duration::try_from_secs_f64(seconds.max(0.0)).map_err(|_| {
            PyValueError::new_err("a timeout is a number of seconds, or None to wait for ever")
        })
    };
    timeout.map(read).transpose()
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

    fn cancel(&self, py: Python<'_>) -> bool {
        py.detach(|| self.task.cancel())
    }

    /// Blocks until the task is terminal; `False` when `timeout` seconds pass first.
    #[pyo3(signature = (timeout=None))]
    fn wait(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<bool> {
        let mut finished = pin!(self.task.finished());
        let ended =
            self.home.block(py, seconds(timeout)?, |context| finished.as_mut().poll(context))?;
        Ok(ended.is_some())
    }

    /// Whether the task is terminal. In a testing registry everything moves before that, for as
    /// long as `timeout` seconds of its clock.
    #[pyo3(signature = (timeout=None))]
    fn settle(&self, py: Python<'_>, timeout: Option<f64>) -> PyResult<bool> {
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
        timeout: Option<f64>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        match self.task.outcome(seconds(timeout)?) {
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
        self.task.start().map_err(|error| to_py(py, &error))
    }

    fn report(&self, py: Python<'_>, progress: f64, stage: Option<String>) -> PyResult<()> {
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
        self.task.fail(from_py(error)).map_err(|error| to_py(py, &error))
    }
}

/// Tasks in the order in which they finish.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Finishers {
    home: Option<Arc<Home>>,
    /// In ticks of the clock.
    end: Option<u64>,
    line: Arc<Mutex<Line>>,
    /// Dropping these takes their wakers back.
    _waits: Vec<Finished>,
}

#[derive(Default)]
struct Line {
    finished: VecDeque<usize>,
    left: usize,
    waker: Option<Waker>,
}

/// Puts one task into the line.
struct Finisher {
    line: Arc<Mutex<Line>>,
    place: usize,
}

impl Wake for Finisher {
    fn wake(self: Arc<Self>) {
        let waker = {
            let mut line = lock(&self.line);
            line.finished.push_back(self.place);
            line.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[pymethods]
impl Finishers {
    #[new]
    #[pyo3(signature = (tasks, timeout=None))]
    fn new(tasks: Vec<PyRef<'_, Task>>, timeout: Option<f64>) -> PyResult<Self> {
        let line = Arc::new(Mutex::new(Line { left: tasks.len(), ..Line::default() }));
        let mut waits = Vec::with_capacity(tasks.len());
        for (place, task) in tasks.iter().enumerate() {
            let finisher = Arc::new(Finisher { line: line.clone(), place });
            let mut finished = task.task.finished();
            let waker = Waker::from(finisher.clone());
            match Pin::new(&mut finished).poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(()) => finisher.wake(),
                Poll::Pending => waits.push(finished),
            }
        }
        let home = tasks.first().map(|task| task.home.clone());
        let now = home.as_ref().map_or(0, |home| home.clock.ticks());
        let end = seconds(timeout)?.map(|timeout| now.saturating_add(millis(timeout)));
        Ok(Self { home, end, line, _waits: waits })
    }

    /// Seconds until the timeout.
    fn left(&self) -> Option<f64> {
        self.time_left().map(|left| left.as_secs_f64())
    }

    /// Blocks until one more task has finished and gives its place; `None` after the last.
    fn next(&self, py: Python<'_>) -> PyResult<Option<usize>> {
        let Some(home) = &self.home else { return Ok(None) };
        let place = home.block(py, self.time_left(), |context| self.poll_next(context))?;
        place.ok_or_else(|| {
            let message = "not all tasks have finished in time";
            let error = Error::new(Code::WaitTimeout, message);
            to_py(py, &error.with_hint("the tasks go on; wait again or cancel them"))
        })
    }

    /// Gives `None` when `next` would not block; else the key under which `future` waits.
    fn poll(&self, py: Python<'_>, queue: &LoopQueue, future: Py<PyAny>) -> PyResult<Option<u64>> {
        let is_ready = || {
            let line = lock(&self.line);
            line.left == 0 || !line.finished.is_empty()
        };
        if let Some(home) = &self.home {
            home.settle(py, is_ready)?;
        }
        let (key, waker) = queue.waker(future);
        lock(&self.line).waker = Some(waker);
        if is_ready() {
            queue.forget(key);
            return Ok(None);
        }
        Ok(Some(key))
    }
}

impl Finishers {
    fn time_left(&self) -> Option<Duration> {
        let now = self.home.as_ref().map_or(0, |home| home.clock.ticks());
        self.end.map(|end| Duration::from_millis(end.saturating_sub(now)))
    }

    fn poll_next(&self, context: &Context<'_>) -> Poll<Option<usize>> {
        let mut line = lock(&self.line);
        if line.left == 0 {
            return Poll::Ready(None);
        }
        match line.finished.pop_front() {
            Some(place) => {
                line.left -= 1;
                Poll::Ready(Some(place))
            }
            None => {
                line.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
