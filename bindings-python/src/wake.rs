//! Wakes an asyncio event loop once for many finished things, instead of once for each.
//!
//! What finishes is queued here from any thread, without the interpreter. The loop is rung through
//! a pipe that it watches, and then takes everything that is queued.

use std::{
    collections::HashMap,
    io::{PipeReader, PipeWriter, Read, Write},
    sync::{Arc, Mutex, mpsc},
    task::{Wake, Waker},
    thread,
};

use media_factory_core::{runtime::lock, task::Finished};
use pyo3::{exceptions::PyOSError, intern, prelude::*};
use tokio::runtime::Handle;

use crate::interpreter::attached;

/// The queue of one event loop.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct LoopQueue {
    ready: Arc<Ready>,
    ears: Option<PipeReader>,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    last_key: u64,
    entries: HashMap<u64, Entry>,
}

enum Entry {
    /// A future of the loop to be resolved; kept with what it waits for.
    Future(
        Py<PyAny>,
        #[allow(dead_code, reason = "dropping it takes its waker back")] Option<Finished>,
    ),
    /// Called as often as it is woken.
    Callback(Py<PyAny>),
}

struct Ready {
    keys: Mutex<Keys>,
    bell: Bell,
}

#[derive(Default)]
struct Keys {
    keys: Vec<u64>,
    /// The loop knows already.
    rung: bool,
}

enum Bell {
    Pipe(PipeWriter),
    /// For loops that cannot watch a pipe: a thread that calls them. Whoever finishes something
    /// may hold locks, under which nobody may wait for the interpreter.
    Thread(mpsc::Sender<()>),
}

impl Bell {
    fn calling(ring: Py<PyAny>) -> PyResult<Self> {
        let (sender, receiver) = mpsc::channel();
        let calls = move || {
            for () in receiver {
                // `None` when the interpreter is going down; then nobody waits any more.
                attached(|py| ring.call0(py).map(drop));
            }
        };
        let thread = thread::Builder::new().name("media-factory-bell".to_owned()).spawn(calls);
        thread.map(|_| Self::Thread(sender)).map_err(PyOSError::new_err)
    }
}

impl Ready {
    /// On a thread of the runtime the bell is rung when everything else that is ready there has had
    /// its turn: what finishes together wakes the loop once.
    fn push(self: &Arc<Self>, key: u64) {
        {
            let mut keys = lock(&self.keys);
            keys.keys.push(key);
            if std::mem::replace(&mut keys.rung, true) {
                return;
            }
        }
        match Handle::try_current() {
            Ok(runtime) => {
                let ready = self.clone();
                drop(runtime.spawn(async move {
                    tokio::task::yield_now().await;
                    ready.ring();
                }));
            }
            Err(_) => self.ring(),
        }
    }

    fn ring(&self) {
        match &self.bell {
            // One byte at a time is in the pipe, so this neither blocks nor fails but when the
            // loop is gone.
            Bell::Pipe(pipe) => drop((&*pipe).write(&[0])),
            Bell::Thread(sender) => drop(sender.send(())),
        }
    }
}

/// Wakes one entry.
struct Woken {
    ready: Arc<Ready>,
    key: u64,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.ready.push(self.key);
    }
}

#[pymethods]
impl LoopQueue {
    /// `ring` is called, from any thread, where the loop cannot watch `fileno()`.
    #[new]
    #[pyo3(signature = (ring=None))]
    fn new(ring: Option<Py<PyAny>>) -> PyResult<Self> {
        let (ears, bell) = match ring {
            Some(ring) => (None, Bell::calling(ring)?),
            None => {
                let (reader, writer) = std::io::pipe().map_err(PyOSError::new_err)?;
                (Some(reader), Bell::Pipe(writer))
            }
        };
        let ready = Arc::new(Ready { keys: Mutex::default(), bell });
        Ok(Self { ready, ears, waiting: Mutex::default() })
    }

    /// What the loop watches.
    #[cfg(unix)]
    fn fileno(&self) -> Option<i32> {
        use std::os::fd::AsRawFd;
        self.ears.as_ref().map(AsRawFd::as_raw_fd)
    }

    /// What the loop watches: nothing here, since Windows' loops watch sockets only.
    #[cfg(not(unix))]
    fn fileno(&self) -> Option<i32> {
        None
    }

    /// Resolves and calls everything that is ready; runs on the loop.
    fn drain(&self, py: Python<'_>) -> PyResult<()> {
        if let Some(ears) = &self.ears {
            // The loop has seen at least one byte.
            drop((&*ears).read(&mut [0; 16]));
        }
        let keys = {
            let mut ready = lock(&self.ready.keys);
            ready.rung = false;
            std::mem::take(&mut ready.keys)
        };
        for key in keys {
            match self.take(py, key) {
                Some(Entry::Future(future, _)) => resolve(future.bind(py))?,
                Some(Entry::Callback(callback)) => drop(callback.call0(py)?),
                None => {}
            }
        }
        Ok(())
    }

    /// Forgets a future that nobody awaits any more.
    pub(crate) fn forget(&self, key: u64) {
        let entry = lock(&self.waiting).entries.remove(&key);
        // Outside of the lock: dropping a future may run Python code.
        drop(entry);
    }

    /// How many futures and callbacks wait.
    fn waiting(&self) -> usize {
        lock(&self.waiting).entries.len()
    }
}

fn resolve(future: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = future.py();
    let resolved = future.call_method1(intern!(py, "set_result"), (py.None(),));
    match resolved {
        // Whoever awaited it may have been cancelled.
        Err(_) if future.call_method0(intern!(py, "done"))?.is_truthy()? => Ok(()),
        resolved => resolved.map(drop),
    }
}

impl LoopQueue {
    fn take(&self, py: Python<'_>, key: u64) -> Option<Entry> {
        let mut waiting = lock(&self.waiting);
        if let Some(Entry::Callback(callback)) = waiting.entries.get(&key) {
            return Some(Entry::Callback(callback.clone_ref(py)));
        }
        waiting.entries.remove(&key)
    }

    /// A waker that resolves `future`, and the key to forget it with.
    pub(crate) fn waker(&self, future: Py<PyAny>) -> (u64, Waker) {
        self.add(Entry::Future(future, None))
    }

    /// A waker that calls `callback` on the loop.
    pub(crate) fn caller(&self, callback: Py<PyAny>) -> (u64, Waker) {
        self.add(Entry::Callback(callback))
    }

    /// Keeps what `key` waits for until it is woken or forgotten.
    pub(crate) fn keep(&self, key: u64, finished: Finished) {
        if let Some(Entry::Future(_, kept)) = lock(&self.waiting).entries.get_mut(&key) {
            *kept = Some(finished);
        }
    }

    fn add(&self, entry: Entry) -> (u64, Waker) {
        let mut waiting = lock(&self.waiting);
        waiting.last_key += 1;
        let key = waiting.last_key;
        waiting.entries.insert(key, entry);
        (key, Waker::from(Arc::new(Woken { ready: self.ready.clone(), key })))
    }
}
