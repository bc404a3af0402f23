//! The embedded sandbox of Media Factory: what makes the SDK useful on an empty machine.
//!
//! [`engine`] turns a typed job into finished files without network, clock, files or random
//! numbers from outside: the same job gives the same bytes, natively and in WebAssembly.

pub mod engine;
