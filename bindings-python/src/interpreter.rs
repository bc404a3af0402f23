//! Python code on threads that Python has not made, which must not outlive the interpreter.

use std::thread;

use pyo3::{Python, pyfunction};

use crate::gate::Gate;

/// Closed when the interpreter goes down.
static GATE: Gate = Gate::new();

/// Runs `act` with the interpreter; `None` when that is going down.
pub(crate) fn attached<T>(act: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let _pass = GATE.enter()?;
    Python::try_attach(|py| {
        let guard = HangWhenUnwound;
        let done = act(py);
        std::mem::forget(guard);
        done
    })
}

/// Before version 3.14 Python ends a thread that wants the interpreter back too late by unwinding
/// it. What lies below is Rust's, and may not be unwound: such a thread stays where it is instead.
struct HangWhenUnwound;

impl Drop for HangWhenUnwound {
    fn drop(&mut self) {
        while !thread::panicking() {
            thread::park();
        }
    }
}

/// Called at the end of the process, before the interpreter goes down.
#[pyfunction]
pub(crate) fn before_exit(py: Python<'_>) {
    py.detach(|| GATE.close());
}

/// In a forked child none of the threads exists that were in Python.
pub(crate) fn after_fork() {
    GATE.reset();
}
