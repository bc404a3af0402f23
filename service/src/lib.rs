//! The native service of Media Factory: protocol version 1 of `docs/service-protocol.md` on the
//! network.
//!
//! What a task is, and what each path answers, is decided by [`media_factory_sandbox::server`].
//! This crate is what stands between it and the world: a request comes through `listener` and
//! `connection`, is let in by `access`, read by `intake`, answered by `site`, and `data` keeps on
//! disk what must outlive the process. [`Service::start`] puts it together; `main` only calls it.

mod access;
mod answer;
mod arguments;
mod blank;
pub mod check;
mod connection;
mod data;
mod failure;
mod faults;
mod intake;
pub mod intercept;
mod listener;
pub mod log;
mod openapi;
mod refusal;
mod service;
pub mod signals;
mod site;
mod spawner;

pub use self::{
    arguments::{Arguments, LogForm, TOKEN_VARIABLE},
    failure::StartError,
    listener::Listening,
    service::Service,
};
