//! A user's own transport: a Python callable that carries each exchange.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use media_factory_core::runtime::{
    Body, BoxFuture, HttpRequest, HttpResponse, Sent, Transport, TransportError,
    TransportErrorKind, lock,
};
use pyo3::{
    prelude::*,
    pybacked::PyBackedBytes,
    types::{PyBytes, PyDict},
};
use tokio::{runtime::Handle, sync::oneshot};

use crate::{
    errors::{cause, describe},
    interpreter::attached,
    registry::Registry,
    runtime::handle,
};

/// Calls `carry(method, url, headers, body, reply)` of `media_factory.transport`, which calls the
/// user's function.
pub(crate) struct CallbackTransport {
    carry: Arc<Py<PyAny>>,
    threads: Handle,
    abroad: Arc<AtomicUsize>,
}

/// A user's callable; workflows that are given the same one share their endpoints.
#[pyclass(frozen, weakref, module = "media_factory._core")]
pub(crate) struct OwnTransport(pub(crate) Arc<CallbackTransport>);

#[pymethods]
impl OwnTransport {
    #[new]
    fn new(carry: Py<PyAny>, registry: &Registry) -> PyResult<Self> {
        let abroad = registry.home.abroad.clone();
        Ok(Self(Arc::new(CallbackTransport { carry: Arc::new(carry), threads: handle()?, abroad })))
    }
}

type Answer = Result<HttpResponse, TransportError>;

impl Transport for CallbackTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Answer> {
        let (carry, threads) = (self.carry.clone(), self.threads.clone());
        let abroad = Abroad::new(self.abroad.clone());
        Box::pin(async move {
            let (sender, receiver) = oneshot::channel();
            let exchange = Arc::new(Exchange::default());
            *lock(&exchange.answer) = Some(sender);
            let reply = Reply(exchange.clone());
            threads.spawn_blocking(move || {
                // `None` when the interpreter is going down: dropping the reply ends the exchange.
                attached(|py| call(py, &carry, &request, reply));
            });
            let _guard = StopWhenDropped { exchange, threads };
            let answer = receiver.await;
            drop(abroad);
            answer.unwrap_or_else(|_| Err(raised("it gave no answer")))
        })
    }
}

fn call(py: Python<'_>, carry: &Py<PyAny>, request: &HttpRequest, reply: Reply) {
    let exchange = reply.0.clone();
    let carried = Py::new(py, reply).and_then(|reply| {
        let body = PyBytes::new(py, &request.body);
        let headers = PyDict::new(py);
        for (name, value) in &request.headers {
            headers.set_item(name, value)?;
        }
        carry.call1(py, (request.method.as_str(), &request.url, headers, body, reply))
    });
    if let Err(error) = carried {
        exchange.give(Err(failure(error.value(py))));
    }
}

/// One exchange on its way through Python.
#[derive(Default)]
struct Exchange {
    answer: Mutex<Option<oneshot::Sender<Answer>>>,
    stop: Mutex<Stop>,
}

#[derive(Default)]
struct Stop {
    wanted: bool,
    by: Option<Py<PyAny>>,
}

impl Exchange {
    fn give(&self, answer: Answer) {
        if let Some(sender) = lock(&self.answer).take() {
            // Nobody listens any more when the task was cancelled.
            drop(sender.send(answer));
        }
    }
}

/// Where the Python side leaves the answer.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Reply(Arc<Exchange>);

#[pymethods]
impl Reply {
    fn answer(&self, status: u16, headers: Vec<(String, String)>, body: PyBackedBytes) {
        let headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        let body = Body::Full(Bytes::from_owner(body));
        self.0.give(Ok(HttpResponse { status, headers: headers.collect(), body }));
    }

    fn fail(&self, error: &Bound<'_, PyAny>) {
        self.0.give(Err(failure(error)));
    }

    /// `stop` is called when the exchange is not wanted any more.
    fn stop_with(&self, py: Python<'_>, stop: Py<PyAny>) -> PyResult<()> {
        let wanted = {
            let mut state = lock(&self.0.stop);
            if !state.wanted {
                state.by = Some(stop.clone_ref(py));
            }
            state.wanted
        };
        if wanted { stop.call0(py).map(drop) } else { Ok(()) }
    }
}

/// Tells the Python side when the core drops the exchange: on a timeout or a cancel.
struct StopWhenDropped {
    exchange: Arc<Exchange>,
    threads: Handle,
}

impl Drop for StopWhenDropped {
    fn drop(&mut self) {
        let by = {
            let mut state = lock(&self.exchange.stop);
            state.wanted = true;
            state.by.take()
        };
        let answered = lock(&self.exchange.answer).is_none();
        if let Some(stop) = by.filter(|_| !answered) {
            self.threads.spawn_blocking(move || {
                attached(|py| stop.call0(py).map(drop));
            });
        }
    }
}

/// What a raising transport means: only its `ConnectionFailed` says that nothing was sent.
fn failure(error: &Bound<'_, PyAny>) -> TransportError {
    let code = error.getattr("code").and_then(|code| code.extract::<String>());
    let (kind, sent) = match code.as_deref() {
        Ok("connection") => (TransportErrorKind::Connect, Sent::Never),
        _ => (TransportErrorKind::Callback, Sent::Maybe),
    };
    TransportError::new(kind, sent, describe(error)).with_cause(cause(error.clone().unbind()))
}

fn raised(message: &str) -> TransportError {
    TransportError::new(TransportErrorKind::Callback, Sent::Maybe, message)
}

/// Counts an exchange that is out of the core's hands.
struct Abroad(Arc<AtomicUsize>);

impl Abroad {
    fn new(count: Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Abroad {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for CallbackTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a transport of the user")
    }
}
