//! `cargo xtask build`: the wheels, the npm package and the page, in the order they need each other.

use anyhow::Result;

use crate::setup::{self, Tools};
use crate::workspace::Workspace;
use crate::{node, python};

/// Sets up, then builds everything.
pub(crate) fn run(ws: &Workspace) -> Result<()> {
    let Tools { machine, wasm } = setup::tools(ws)?;
    python::build(ws, &machine)?;
    wasm.build(ws)?;
    node::build_package(ws)?;
    node::build_page(ws)
}
