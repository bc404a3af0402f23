//! The service on loopback: in this process where that is enough, as a program where it must be
//! killed, or read from outside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "in a test a panic is how a failure is told, in its helpers too"
)]
// Patience with a child process is measured on the clock of the machine.
#![allow(clippy::disallowed_methods, reason = "no core runs on this clock")]

mod access;
mod data;
mod ends;
mod http;
mod limits;
mod logs;
mod program;
mod streams;
mod support;
