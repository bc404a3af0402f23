//! `cargo xtask dist`: the files that would be published, in `dist/`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::workspace::Workspace;
use crate::{node, python};

/// The two packages.
#[derive(Debug)]
pub(crate) struct Packages {
    pub(crate) wheel: PathBuf,
    pub(crate) tarball: PathBuf,
}

/// Collects what `build` made; older packages are removed, so that nobody ships the wrong one.
pub(crate) fn run(ws: &Workspace) -> Result<Packages> {
    let directory = ws.path("dist");
    if directory.is_dir() {
        fs::remove_dir_all(&directory).context("the old dist/ cannot be removed")?;
    }
    fs::create_dir_all(&directory).context("dist/ cannot be made")?;
    let built = python::wheel(ws)?;
    let wheel = directory.join(built.file_name().context("a wheel has a name")?);
    fs::copy(&built, &wheel).with_context(|| format!("{} cannot be copied", built.display()))?;
    let tarball = node::pack(ws, &directory)?;
    Ok(Packages { wheel, tarball })
}
