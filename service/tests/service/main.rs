//! The service on loopback: in this process where that is enough, as a program where it must be
//! killed, or read from outside.

mod access;
mod data;
mod ends;
mod http;
mod limits;
mod logs;
mod program;
mod streams;
mod support;
