//! The native half of the Python package: carries bytes and translates types.
//!
//! Rules live in `media-factory-core`, the public API in `python/media_factory`. What is here is
//! private to that package, and `_core.pyi` beside it says what each thing takes and gives.

mod callback_transport;
mod errors;
mod events;
mod files;
mod finishers;
mod fork;
mod gate;
mod interpreter;
mod neural_voice;
mod operation;
mod output;
mod registry;
mod runtime;
mod sandbox;
mod saving;
mod task;
mod testing;
mod transport;
mod value;
mod wake;
mod workflow;

/// What tasks are made of is allocated on Python's threads and freed on the runtime's, which costs
/// the system's allocator a large part of an exchange.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use crate::{
        callback_transport::{OwnTransport, Reply},
        errors::codes,
        events::{EventStream, Inbox},
        files::FileInput,
        finishers::Finishers,
        fork::{after_fork_in_child, after_fork_in_parent, before_fork},
        interpreter::before_exit,
        operation::Operation,
        output::Output,
        registry::Registry,
        runtime::entered_callback,
        task::Task,
        testing::{Harness, mismatch},
        wake::LoopQueue,
        workflow::Workflow,
    };

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "the name that Python gives it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
