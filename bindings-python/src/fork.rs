//! `os.fork()`: the child has none of the parent's threads. It sees inherited tasks as they were,
//! and works with a runtime and connections of its own.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use pyo3::{Python, pyfunction};

use crate::{
    gate::{Gate, Pass},
    interpreter, runtime, sandbox, transport,
};

/// Counts forks on the way from the first process to this one.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// Tells a forked child from its parent.
pub(crate) fn generation() -> u32 {
    GENERATION.load(Ordering::Relaxed)
}

/// While a pass is held the process is not forked.
pub(crate) fn pass() -> Pass {
    loop {
        if let Some(pass) = GATE.enter() {
            return pass;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// Keeps workers out of tasks while the process is being forked: a lock that is held then stays
/// held for ever in the child.
static GATE: Gate = Gate::new();

/// Called right before `os.fork()`.
#[pyfunction]
pub(crate) fn before_fork(py: Python<'_>) {
    py.detach(|| GATE.close());
}

/// Called in the parent after `os.fork()`.
#[pyfunction]
pub(crate) fn after_fork_in_parent() {
    GATE.open();
}

/// Called in the child after `os.fork()`: none of the parent's threads is there any more, so that
/// its runtime and its connections are left alone and new ones are made when they are needed.
#[pyfunction]
pub(crate) fn after_fork_in_child() {
    GATE.reset();
    interpreter::after_fork();
    GENERATION.fetch_add(1, Ordering::Relaxed);
    runtime::forget();
    transport::forget_connections();
    sandbox::forget_threads();
}
