//! The project's Python: an environment of its own in `.venv`, the locked tools, the wheel.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::machine::{Machine, version_of};
use crate::neural_model;
use crate::process::{self, Step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

const LOCK: &str = "tests/requirements.txt";
const WHEEL_SOURCES: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "THIRD-PARTY-NOTICES.md",
    "bindings-python",
    "core",
    "neural-voice",
    "pyproject.toml",
    "sandbox",
];

/// Makes `.venv` and installs the locked tools.
pub(crate) fn provide(ws: &Workspace, machine: &Machine) -> Result<()> {
    let python = ws.python();
    if version_of(ws, &python) != Some(machine.python_version) {
        create(ws, machine)?;
    }
    let stamp = Stamp::of(ws, ws.path(".venv/.tools.stamp"), &[LOCK], "")?;
    if stamp.is_current() {
        Step::begin("python tools").end("unchanged");
        return Ok(());
    }
    let mut pip = ws.command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
    process::run(ws, &format!("python tools from {LOCK}"), pip.args(["--requirement", LOCK]))?;
    stamp.write()
}

fn create(ws: &Workspace, machine: &Machine) -> Result<()> {
    let step = Step::begin(".venv");
    let mut venv = ws.command(&machine.python);
    venv.args(["-m", "venv", "--clear", ".venv"]);
    let mut finished = process::capture(ws, "venv", &mut venv)?;
    // Debian keeps the module apart from the interpreter.
    if !finished.success && debian::is_here() {
        step.end("needs a package first");
        debian::install(ws, &["python3-venv"])?;
        let step = Step::begin(".venv");
        finished = process::capture(ws, "venv", &mut venv)?;
        step.end(if finished.success { "made" } else { "failed" });
    } else {
        step.end(if finished.success { "made" } else { "failed" });
    }
    if !finished.success {
        process::print_tail(&finished.output);
        bail!(
            "{} cannot make a virtual environment, see above; on Debian its package is \
             python3-venv, elsewhere reinstall Python with the venv module",
            machine.python
        );
    }
    Ok(())
}

/// Builds the release wheel into `target/wheels` and installs it into `.venv`.
pub(crate) fn build(ws: &Workspace, machine: &Machine) -> Result<()> {
    neural_model::provide(ws)?;
    let directory = ws.target().join("wheels");
    let context = format!("Rust {} Python {}", machine.rust, machine.python_version);
    let built = Stamp::of(ws, directory.join(".stamp"), &WHEEL_SOURCES, &context)?;
    if built.is_current() && wheel(ws).is_ok() {
        Step::begin("wheel").end("unchanged");
    } else {
        if directory.is_dir() {
            fs::remove_dir_all(&directory).context("old wheels cannot be removed")?;
        }
        let mut maturin = ws.command(ws.venv_program("maturin"));
        maturin.args(["build", "--release", "--locked", "--interpreter"]).arg(ws.python());
        maturin.env("CARGO_ENCODED_RUSTFLAGS", ws.without_our_paths());
        process::run(
            ws,
            "wheel: maturin build (minutes the first time)",
            maturin.arg("--out").arg(&directory),
        )?;
        built.write()?;
    }
    let installed = Stamp::of(ws, ws.path(".venv/.wheel.stamp"), &WHEEL_SOURCES, &context)?;
    if installed.is_current() {
        return Ok(());
    }
    let mut pip = ws.command(ws.python());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
    pip.args(["--no-index", "--no-deps", "--force-reinstall"]).arg(wheel(ws)?);
    process::run(ws, "wheel: into .venv", &mut pip)?;
    installed.write()
}

/// The one wheel that `build` left.
pub(crate) fn wheel(ws: &Workspace) -> Result<PathBuf> {
    let directory = ws.target().join("wheels");
    let entries = fs::read_dir(&directory)
        .with_context(|| format!("there is no wheel in {} yet", directory.display()))?;
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .with_context(|| format!("there is no wheel in {} yet", directory.display()))
}
