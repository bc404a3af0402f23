//! The core of Media Factory: what images, films and voices are asked for with, and how a task
//! lives from `process()` to its outputs, the same in Rust, Python and JavaScript.
//!
//! One task is followed through five files: [`workflow`] checks parameters and creates it, `driver`
//! walks it over the ports of [`runtime`] in the words of a [`protocol`], [`task`] is the state it
//! moves, and [`media`] holds what it gives. Nothing here does I/O, reads a clock or draws a number.
//!
//! Custom workflows of a host language use [`workflow::Workflow::create_task`] and drive the task
//! themselves.
#![cfg_attr(
    target_arch = "wasm32",
    allow(clippy::arc_with_non_send_sync, reason = "one thread there, many elsewhere: one code")
)]

pub mod config;
mod driver;
pub mod error;
pub mod media;
mod multipart;
mod number;
pub mod parameters;
pub mod protocol;
pub mod recovery;
pub mod registry;
pub mod runtime;
mod sse;
pub mod task;
mod trouble;
pub mod url;
pub mod validation;
pub mod workflow;

#[cfg(feature = "testing")]
pub mod testing;

pub use crate::{
    error::{Code, Error, Issue, Result},
    registry::Registry,
    task::{Event, Task},
    workflow::{TaskOptions, Workflow},
};
