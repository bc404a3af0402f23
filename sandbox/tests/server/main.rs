//! The server through its only door: requests in, responses out.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is how a failure is told, in its helpers too"
)]

mod bench;
#[cfg(feature = "engine")]
mod end_to_end;
mod events;
mod files;
mod listing;
mod submit;
mod tasks;
mod threads;
mod version_0;
