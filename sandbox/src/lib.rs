//! The embedded sandbox of Media Factory: what makes the SDK useful on an empty machine.
//!
//! `engine` turns a typed job into finished files without network, clock, files or random
//! numbers from outside: the same job gives the same bytes, natively and in WebAssembly.
//! [`server`] speaks the native service protocol, version 1, in front of it, and `order` is the
//! way from the one to the other.
//!
//! Without the feature `engine` only the server is built: a page carries that, and renders in a
//! worker which has a module of its own.
#![cfg_attr(
    target_arch = "wasm32",
    allow(clippy::arc_with_non_send_sync, reason = "one thread there, many elsewhere: one code")
)]

#[cfg(feature = "engine")]
pub mod engine;
#[cfg(feature = "engine")]
pub mod order;
#[cfg(feature = "engine")]
pub mod platform_film;
pub mod server;
