//! Waiting for many tasks at once.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use media_factory_core::{Code, Error, runtime::lock, task::Finished};
use pyo3::prelude::*;

use crate::{
    errors::to_py,
    runtime::{Home, millis},
    task::{Task, Timeout},
    wake::LoopQueue,
};

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
    /// How many must have finished before whoever waits is woken.
    enough: usize,
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
            if line.finished.len() < line.enough { None } else { line.waker.take() }
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
    fn new(tasks: Vec<PyRef<'_, Task>>, timeout: Option<Timeout>) -> PyResult<Self> {
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
        let end = timeout.map(|timeout| now.saturating_add(millis(timeout.0)));
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
        place.ok_or_else(|| too_late(py))
    }

    /// Blocks until all have finished, woken once and not at each: a thread that is woken for every
    /// task of a large batch costs more than the task.
    fn all(&self, py: Python<'_>) -> PyResult<()> {
        let Some(home) = &self.home else { return Ok(()) };
        let ended = home.block(py, self.time_left(), |context| self.poll_all(context))?;
        ended.ok_or_else(|| too_late(py))
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
        lock(&self.line).wait_for(1, waker);
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
                line.wait_for(1, context.waker().clone());
                Poll::Pending
            }
        }
    }

    fn poll_all(&self, context: &Context<'_>) -> Poll<()> {
        let mut line = lock(&self.line);
        if line.finished.len() >= line.left {
            return Poll::Ready(());
        }
        let left = line.left;
        line.wait_for(left, context.waker().clone());
        Poll::Pending
    }
}

impl Line {
    fn wait_for(&mut self, enough: usize, waker: Waker) {
        self.enough = enough;
        self.waker = Some(waker);
    }
}

fn too_late(py: Python<'_>) -> PyErr {
    let error = Error::new(Code::WaitTimeout, "not all tasks have finished in time");
    to_py(py, &error.with_hint("the tasks go on; wait again or cancel them"))
}
