//! `cargo xtask dist`: the files that would be published, in `dist/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::node;
use crate::python::WHEELS;
use crate::workspace::Workspace;

/// The packages.
#[derive(Debug)]
pub(crate) struct Packages {
    /// In the order of [`WHEELS`].
    pub(crate) wheels: Vec<PathBuf>,
    pub(crate) tarball: PathBuf,
}

/// Collects what `build` made; older packages are removed, so that nobody ships the wrong one.
pub(crate) fn run(ws: &Workspace) -> Result<Packages> {
    let directory = ws.path("dist");
    if directory.is_dir() {
        fs::remove_dir_all(&directory).context("the old dist/ cannot be removed")?;
    }
    fs::create_dir_all(&directory).context("dist/ cannot be made")?;
    let mut wheels = Vec::new();
    for wheel in &WHEELS {
        let built = wheel.file(ws)?;
        let copy = directory.join(built.file_name().context("a wheel has a name")?);
        fs::copy(&built, &copy).with_context(|| format!("{} cannot be copied", built.display()))?;
        wheels.push(copy);
    }
    let tarball = node::pack(ws, &directory)?;
    Ok(Packages { wheels, tarball })
}
