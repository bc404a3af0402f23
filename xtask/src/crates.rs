//! Which crates a cargo command is about.

use std::process::Command;

use crate::python;
use crate::workspace::{WASM_MODULES, Workspace};

/// The crates that compile for the machine itself.
pub(crate) fn native(mut cargo: Command) -> Command {
    cargo.arg("--workspace");
    for module in WASM_MODULES {
        cargo.args(["--exclude", module.package]);
    }
    cargo
}

/// `cargo test` of all that it can link: with them, it builds their programs.
pub(crate) fn tests(ws: &Workspace) -> Command {
    let mut cargo = native(ws.cargo("test"));
    for wheel in &python::WHEELS {
        cargo.args(["--exclude", wheel.extension]);
    }
    cargo
}
