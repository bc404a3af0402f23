//! The server through its only door: requests in, responses out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is how a failure is told, in its helpers too"
)]

mod batch;
mod bench;
mod depot;
#[cfg(feature = "engine")]
mod end_to_end;
mod events;
mod files;
mod keeping;
mod listing;
mod paths;
mod restart;
mod scopes;
mod submit;
mod tasks;
mod threads;
mod trouble;
mod version_0;
