//! Where work runs: one tokio runtime per process, started at first use, and the ways in which a
//! Python thread waits for it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use media_factory_core::{
    Code, Error,
    runtime::{BoxFuture, Clock, Spawner, lock},
    testing::Harness,
};
use media_factory_machine_clock::MachineClock;
use pyo3::{PyResult, Python, exceptions::PyRuntimeError, pyfunction};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::{errors::to_py, fork};

/// The core asks little of a thread; two keep encoding and decoding off each other's way, where
/// the process may use two processors. More threads than that only take turns.
const WORKERS: usize = 2;

/// How often a blocked thread looks whether Ctrl-C was pressed.
const SIGNAL_TICK: Duration = Duration::from_millis(100);

/// The runtime is never dropped: its threads may be at work when the interpreter goes down.
static RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);

thread_local! {
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
}

/// The handle of the process's runtime.
pub(crate) fn handle() -> PyResult<Handle> {
    let mut runtime = lock(&RUNTIME);
    if let Some(runtime) = &*runtime {
        return Ok(runtime.handle().clone());
    }
    let started = Builder::new_multi_thread()
        .worker_threads(thread::available_parallelism().map_or(1, usize::from).min(WORKERS))
        .thread_name("media-factory")
        .enable_all()
        .build()
        .map_err(|error| {
            PyRuntimeError::new_err(format!("media_factory cannot start its threads: {error}"))
        })?;
    Ok(runtime.insert(started).handle().clone())
}

/// Leaves the parent's runtime alone in a forked child: its threads are not there.
pub(crate) fn forget() {
    std::mem::forget(lock(&RUNTIME).take());
}

/// Runs background work on the process's runtime.
#[derive(Debug)]
pub(crate) struct HostSpawner(pub(crate) Handle);

impl Spawner for HostSpawner {
    fn spawn(&self, mut future: BoxFuture<'static, ()>) {
        // The join handle is dropped: nobody awaits background work.
        drop(self.0.spawn(std::future::poll_fn(move |context| {
            let _pass = fork::pass();
            future.as_mut().poll(context)
        })));
    }
}

/// What all handles of one registry share.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) spawner: Arc<dyn Spawner>,
    pub(crate) clock: Arc<dyn Clock>,
    /// In a testing registry: what moves when somebody waits.
    pub(crate) harness: Option<Harness>,
    /// Exchanges that a user's own transport is carrying.
    pub(crate) abroad: Arc<AtomicUsize>,
    /// What workflows want at the end of the process, where it is not the standard.
    pub(crate) endings: Mutex<BTreeMap<u64, Ending>>,
    generation: u32,
}

/// What a workflow wants for its open tasks when the process ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ending {
    /// Time for submissions to be answered.
    Grace(Duration),
    /// Nothing: Python runs its tasks, and they end with it.
    Hosted,
}

impl Home {
    pub(crate) fn live(handle: Handle) -> Self {
        Self {
            spawner: Arc::new(HostSpawner(handle.clone())),
            clock: Arc::new(MachineClock::new(handle)),
            harness: None,
            abroad: Arc::default(),
            endings: Mutex::default(),
            generation: fork::generation(),
        }
    }

    pub(crate) fn manual(harness: Harness) -> Self {
        Self {
            spawner: harness.executor().clone(),
            clock: harness.clock().clone(),
            harness: Some(harness),
            abroad: Arc::default(),
            endings: Mutex::default(),
            generation: fork::generation(),
        }
    }

    /// Refuses work on what was made before this process was forked off.
    pub(crate) fn must_be_own(&self, py: Python<'_>) -> PyResult<()> {
        if self.generation == fork::generation() {
            return Ok(());
        }
        let message = "this was made before the process was forked, and works only in the parent";
        let hint = "make a new workflow in the child; inherited tasks can still be looked at";
        Err(to_py(py, &Error::new(Code::Unsupported, message).with_hint(hint)))
    }

    /// Waits on the calling thread, with the interpreter free, until `poll` is ready; `None` when
    /// `timeout` passes first. Ctrl-C ends it.
    pub(crate) fn block<T: Send>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T> + Send,
    ) -> PyResult<Option<T>> {
        if let Poll::Ready(value) = poll(&mut Context::from_waker(Waker::noop())) {
            return Ok(Some(value));
        }
        self.must_be_own(py)?;
        if IN_CALLBACK.get() {
            let message = "waiting inside a callback would stop the callbacks it waits for";
            let hint = "wait outside of on_update, or start a thread that waits";
            return Err(to_py(py, &Error::new(Code::Internal, message).with_hint(hint)));
        }
        let end = timeout.map(|timeout| self.clock.ticks().saturating_add(millis(timeout)));
        // In a testing registry time stops at the end of the wait, as for every other sleeper.
        let _sleeper = self.harness.as_ref().and(timeout).map(|time| self.clock.sleep(time));
        let waker = Waker::from(Arc::new(Parked(thread::current())));
        loop {
            let moved = self.drive(py, &waker, &mut poll, end)?;
            if moved.is_some() {
                return Ok(moved);
            }
            let tick = match end {
                Some(end) => match end.saturating_sub(self.clock.ticks()) {
                    0 => return Ok(None),
                    left => SIGNAL_TICK.min(Duration::from_millis(left)),
                },
                None => SIGNAL_TICK,
            };
            py.detach(|| thread::park_timeout(tick));
            py.check_signals()?;
        }
    }

    /// Polls once; in a testing registry lets everything move that can move before that.
    fn drive<T: Send>(
        &self,
        py: Python<'_>,
        waker: &Waker,
        poll: &mut (impl FnMut(&mut Context<'_>) -> Poll<T> + Send),
        end: Option<u64>,
    ) -> PyResult<Option<T>> {
        let mut poll = || match poll(&mut Context::from_waker(waker)) {
            Poll::Ready(value) => Some(value),
            Poll::Pending => None,
        };
        let Some(harness) = &self.harness else {
            return Ok(py.detach(|| {
                let _pass = fork::pass();
                poll()
            }));
        };
        let (moved, value) = py.detach(|| {
            let state = RefCell::new((poll, None));
            let moved = harness.run_until(|| {
                let (poll, value) = &mut *state.borrow_mut();
                *value = poll();
                value.is_some() || end.is_some_and(|end| self.clock.ticks() >= end)
            });
            (moved, state.into_inner().1)
        });
        // What a custom workflow or a user's own transport does is not in the harness's hands.
        let outside = harness.executor().is_empty() || self.abroad.load(Ordering::Relaxed) > 0;
        if value.is_some() || moved || outside {
            return Ok(value);
        }
        Err(to_py(py, &stuck()))
    }

    /// In a testing registry: lets everything move until `ready`, without waiting for real time.
    pub(crate) fn settle(&self, py: Python<'_>, ready: impl Fn() -> bool + Send) -> PyResult<()> {
        let Some(harness) = &self.harness else { return Ok(()) };
        let moved = py.detach(|| harness.run_until(ready));
        let outside = harness.executor().is_empty() || self.abroad.load(Ordering::Relaxed) > 0;
        if moved || outside { Ok(()) } else { Err(to_py(py, &stuck())) }
    }
}

fn stuck() -> Error {
    let message = "nothing is left in the scenario that could end this wait";
    Error::new(Code::WaitTimeout, message)
        .with_hint("script the missing exchange; problems() tells what went otherwise")
}

/// Ticks of the clock.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Wakes a thread that waits in [`Home::block`].
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Tells whether the calling thread is inside a user's callback, where waiting would never end;
/// gives back what held before.
#[pyfunction]
pub(crate) fn entered_callback(inside: bool) -> bool {
    IN_CALLBACK.replace(inside)
}
