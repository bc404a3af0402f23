//! `os.fork()`: the child has none of the parent's threads. It sees inherited tasks as they were,
//! and works with a runtime and connections of its own.

use std::{
    sync::atomic::{AtomicU32, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use pyo3::{Python, pyfunction};

use crate::{runtime, sandbox, transport};

/// Counts forks on the way from the first process to this one.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// Tells a forked child from its parent.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// While a pass is held the process is not forked.
pub(crate) fn pass() -> Pass {
    GATE.enter()
}

/// Keeps workers out of tasks while the process is being forked: a lock that is held then stays
/// held for ever in the child.
struct Gate(AtomicUsize);

static GATE: Gate = Gate(AtomicUsize::new(0));

const CLOSED: usize = 1 << (usize::BITS - 1);

/// How long a fork waits for work that does not pause.
const PATIENCE: u32 = 1_000;

impl Gate {
    fn enter(&'static self) -> Pass {
        while self.0.fetch_add(1, Ordering::SeqCst) & CLOSED != 0 {
            self.0.fetch_sub(1, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(1));
        }
        Pass
    }

    fn close(&self) {
        self.0.fetch_or(CLOSED, Ordering::SeqCst);
        for _ in 0..PATIENCE {
            if self.0.load(Ordering::SeqCst) == CLOSED {
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

pub(crate) struct Pass;

impl Drop for Pass {
    fn drop(&mut self) {
        GATE.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Called right before `os.fork()`.
#[pyfunction]
pub(crate) fn before_fork(py: Python<'_>) {
    py.detach(|| GATE.close());
}

/// Called in the parent after `os.fork()`.
#[pyfunction]
pub(crate) fn after_fork_in_parent() {
    GATE.0.fetch_and(!CLOSED, Ordering::SeqCst);
}

/// Called in the child after `os.fork()`: none of the parent's threads is there any more, so that
/// its runtime and its connections are left alone and new ones are made when they are needed.
#[pyfunction]
pub(crate) fn after_fork_in_child() {
    GATE.0.store(0, Ordering::SeqCst);
    GENERATION.fetch_add(1, Ordering::Relaxed);
    runtime::forget();
    transport::forget_connections();
    sandbox::forget_threads();
}
