//! `cargo xtask setup`: from a machine with Rust, Python and Node to one that can do everything.

use anyhow::Result;

use crate::machine::Machine;
use crate::wasm::Compiler;
use crate::workspace::Workspace;
use crate::{chromium, media_tools, node, python};

/// What building needs.
#[derive(Debug)]
pub(crate) struct Tools {
    pub(crate) machine: Machine,
    pub(crate) wasm: Compiler,
}

/// Everything, the browser and the media tools of the tests included.
pub(crate) fn run(ws: &Workspace) -> Result<()> {
    tools(ws)?;
    chromium::provide(ws)?;
    media_tools::provide(ws)?;
    Ok(())
}

/// Everything but what only tests need.
pub(crate) fn tools(ws: &Workspace) -> Result<Tools> {
    let machine = Machine::inspect(ws)?;
    let wasm = Compiler::provide(ws)?;
    python::provide(ws, &machine)?;
    node::provide(ws, &machine)?;
    Ok(Tools { machine, wasm })
}
