//! Events on their way to Python: pulled by whoever iterates, or queued for callbacks.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, PoisonError},
    task::{Context, Poll, Waker},
};

use media_factory_core::{
    runtime::lock,
    task::{self, Event, EventKind, Listener},
};
use pyo3::{prelude::*, types::PyDict};

use crate::{
    errors::exception,
    output::Output,
    runtime::Home,
    value::{json_to_py, map_to_py},
    wake::LoopQueue,
};

/// The event as a dictionary: what the core tells, with bytes as bytes and errors as exceptions.
fn event_to_py<'py>(py: Python<'py>, event: &Event) -> PyResult<Bound<'py, PyAny>> {
    let json = serde_json::to_value(event).unwrap_or_default();
    let told = json_to_py(py, &json)?;
    match &event.kind {
        EventKind::Preview { output } => {
            told.set_item("output", Output::in_hand(output.clone()))?
        }
        EventKind::Status { error: Some(error), .. } => {
            told.set_item("error", exception(py, error)?)?;
        }
        EventKind::Snapshot { task } => {
            let parameters = map_to_py(py, &task.parameters)?;
            told.get_item("task")?.cast::<PyDict>()?.set_item("parameters", parameters)?;
        }
        _ => {}
    }
    Ok(told)
}

/// The events of one task from a snapshot to the terminal event.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct EventStream {
    events: Mutex<task::EventStream>,
    peeked: Mutex<Option<Option<Event>>>,
    home: Arc<Home>,
}

impl EventStream {
    pub(crate) fn new(events: task::EventStream, home: &Arc<Home>) -> Self {
        Self { events: Mutex::new(events), peeked: Mutex::default(), home: home.clone() }
    }

    fn poll_event(&self, context: &mut Context<'_>) -> Poll<Option<Event>> {
        match lock(&self.peeked).take() {
            Some(event) => Poll::Ready(event),
            None => lock(&self.events).poll_next(context),
        }
    }

    /// Whether an event, or the end, is there.
    fn is_ready(&self, context: &mut Context<'_>) -> bool {
        let mut peeked = lock(&self.peeked);
        if peeked.is_none()
            && let Poll::Ready(event) = lock(&self.events).poll_next(context)
        {
            *peeked = Some(event);
        }
        peeked.is_some()
    }
}

#[pymethods]
impl EventStream {
    /// Blocks until there is an event; `None` after the terminal one.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let event = self.home.block(py, None, |context| self.poll_event(context))?.flatten();
        event.map(|event| event_to_py(py, &event)).transpose()
    }

    /// Gives `None` when `next` would not block; else the key under which `future` waits.
    fn poll(&self, py: Python<'_>, queue: &LoopQueue, future: Py<PyAny>) -> PyResult<Option<u64>> {
        self.home.settle(py, || self.is_ready(&mut Context::from_waker(Waker::noop())))?;
        let (key, waker) = queue.waker(future);
        if self.is_ready(&mut Context::from_waker(&waker)) {
            queue.forget(key);
            return Ok(None);
        }
        Ok(Some(key))
    }
}

/// Events for callbacks, in the order in which they happened.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Inbox(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Default)]
struct State {
    events: VecDeque<(u64, Event)>,
    waker: Option<Waker>,
    closed: bool,
    /// A thread waits for more, so that everything before has been dealt with.
    idle: bool,
}

#[pymethods]
impl Inbox {
    #[new]
    fn new() -> Self {
        Self(Arc::default())
    }

    /// Blocks until there are events and gives all of them, with the subscription that each is
    /// for; `None` when the inbox is closed.
    fn wait<'py>(&self, py: Python<'py>) -> PyResult<Option<Told<'py>>> {
        let events = py.detach(|| {
            let mut state = lock(&self.0.state);
            state.idle = state.events.is_empty();
            while state.events.is_empty() && !state.closed {
                state = self.0.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            state.idle = false;
            std::mem::take(&mut state.events)
        });
        if events.is_empty() { Ok(None) } else { told(py, events).map(Some) }
    }

    /// Gives what is there, without blocking.
    fn take<'py>(&self, py: Python<'py>) -> PyResult<Told<'py>> {
        let events = std::mem::take(&mut lock(&self.0.state).events);
        told(py, events)
    }

    /// From now on `callback` is called on the loop of `queue` when there are events.
    fn ring(&self, queue: &LoopQueue, callback: Py<PyAny>) {
        let (_, waker) = queue.caller(callback);
        lock(&self.0.state).waker = Some(waker);
    }

    /// Whether all events have been dealt with.
    fn is_idle(&self) -> bool {
        let state = lock(&self.0.state);
        state.idle && state.events.is_empty()
    }

    /// Lets go of whoever waits.
    fn close(&self) {
        lock(&self.0.state).closed = true;
        self.0.arrived.notify_all();
    }
}

impl Inbox {
    /// A listener whose events arrive here under `subscription`.
    pub(crate) fn listener(&self, subscription: u64) -> Arc<dyn Listener> {
        Arc::new(Subscriber { inbox: self.0.clone(), subscription })
    }
}

/// Events as dictionaries, each with its subscription.
type Told<'py> = Vec<(u64, Bound<'py, PyAny>)>;

fn told(py: Python<'_>, events: VecDeque<(u64, Event)>) -> PyResult<Told<'_>> {
    events.into_iter().map(|(key, event)| Ok((key, event_to_py(py, &event)?))).collect()
}

struct Subscriber {
    inbox: Arc<Shared>,
    subscription: u64,
}

impl Listener for Subscriber {
    fn push(&self, event: Event) {
        let mut state = lock(&self.inbox.state);
        state.events.push_back((self.subscription, event));
        if let Some(waker) = &state.waker {
            waker.wake_by_ref();
        }
        drop(state);
        self.inbox.arrived.notify_one();
    }
}
