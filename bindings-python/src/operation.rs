//! Something that takes time and gives a value: a download, a question to a service.

use std::{
    future::Future,
    io,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_util::future::{AbortHandle, abortable};
use media_factory_core::{Result, runtime::lock};
use pyo3::{exceptions::PyOSError, prelude::*, types::PyBytes};
use serde_json::Value as Json;

use crate::{errors::to_py, runtime::Home, value::json_to_py, wake::LoopQueue};

/// What an operation gives.
pub(crate) enum Given {
    Bytes(Bytes),
    Json(Json),
    /// A file that this machine could not write.
    Unwritten(io::Error),
}

impl Given {
    pub(crate) fn into_py(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(match self {
            Self::Bytes(bytes) => PyBytes::new(py, &bytes).into_any().unbind(),
            Self::Json(json) => json_to_py(py, &json)?.unbind(),
            Self::Unwritten(error) => return Err(os_error(py, error)),
        })
    }
}

/// As Python itself raises it, with the system's number.
fn os_error(py: Python<'_>, error: io::Error) -> PyErr {
    let told = |code: i32| py.import("os")?.call_method1("strerror", (code,))?.extract::<String>();
    match error.raw_os_error().filter(|_| cfg!(unix)) {
        Some(code) => match told(code) {
            Ok(text) => PyOSError::new_err((code, text)),
            Err(failure) => failure,
        },
        None => error.into(),
    }
}

/// A running operation; dropping it ends it.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Operation {
    home: Arc<Home>,
    slot: Arc<Mutex<Slot>>,
    abort: AbortHandle,
}

#[derive(Default)]
struct Slot {
    given: Option<Result<Given>>,
    waker: Option<Waker>,
}

impl Operation {
    pub(crate) fn start(
        py: Python<'_>,
        home: &Arc<Home>,
        work: impl Future<Output = Result<Given>> + Send + 'static,
    ) -> PyResult<Self> {
        home.must_be_own(py)?;
        let slot = Arc::new(Mutex::new(Slot::default()));
        let filled = slot.clone();
        let (work, abort) = abortable(async move {
            let given = work.await;
            let waker = {
                let mut slot = lock(&filled);
                slot.given = Some(given);
                slot.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        });
        home.spawner.spawn(Box::pin(async move {
            // An aborted operation has nobody left to tell.
            let _ = work.await;
        }));
        Ok(Self { home: home.clone(), slot, abort })
    }

    fn poll_given(&self, context: &Context<'_>) -> Poll<Result<Given>> {
        let mut slot = lock(&self.slot);
        match slot.given.take() {
            Some(given) => Poll::Ready(given),
            None => {
                slot.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

#[pymethods]
impl Operation {
    /// Blocks until the value is there, and gives it once.
    fn wait(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        match self.home.block(py, None, |context| self.poll_given(context))? {
            Some(Ok(given)) => given.into_py(py),
            Some(Err(error)) => Err(to_py(py, &error)),
            None => Ok(py.None()),
        }
    }

    /// Gives `None` when the value is there; else the key under which `future` waits for it.
    fn poll(&self, py: Python<'_>, queue: &LoopQueue, future: Py<PyAny>) -> PyResult<Option<u64>> {
        self.home.settle(py, || lock(&self.slot).given.is_some())?;
        let mut slot = lock(&self.slot);
        if slot.given.is_some() {
            return Ok(None);
        }
        let (key, waker) = queue.waker(future);
        slot.waker = Some(waker);
        Ok(Some(key))
    }
}

impl Drop for Operation {
    fn drop(&mut self) {
        self.abort.abort();
    }
}
