//! The project's Python: an environment of its own in `.venv`, the locked tools, the wheels.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::debian;
use crate::machine::{Machine, version_of};
use crate::process::{self, Step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;
use crate::{neural_model, notices};

const LOCK: &str = "tests/requirements.txt";

/// A wheel of this repository.
pub(crate) struct Wheel {
    /// The package that is imported.
    pub(crate) package: &'static str,
    /// The folder of its `pyproject.toml`.
    pub(crate) folder: &'static str,
    /// The crate of its extension module: linked against Python, so tested through Python and not
    /// by `cargo test`.
    pub(crate) extension: &'static str,
    /// What it is made from.
    sources: &'static [&'static str],
}

/// All of them, that of the SDK first.
pub(crate) const WHEELS: [Wheel; 2] = [
    Wheel {
        package: "media_factory",
        folder: ".",
        extension: "media-factory-python",
        sources: &[
            "Cargo.lock",
            "Cargo.toml",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "THIRD-PARTY-NOTICES.md",
            "bindings-python/Cargo.toml",
            "bindings-python/python",
            "bindings-python/src",
            "core",
            "machine-clock",
            "pyproject.toml",
            "sandbox",
        ],
    },
    Wheel {
        package: "media_factory_neural_voice",
        folder: NEURAL_VOICE,
        extension: "media-factory-neural-voice-python",
        sources: &["Cargo.lock", "Cargo.toml", NEURAL_VOICE, "neural-voice"],
    },
];

const NEURAL_VOICE: &str = "bindings-python/neural-voice";

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

/// Builds the release wheels into `target/wheels` and installs them into `.venv`.
pub(crate) fn build(ws: &Workspace, machine: &Machine) -> Result<()> {
    furnish_neural_voice(ws)?;
    for wheel in &WHEELS {
        wheel.build(ws, machine)?;
    }
    Ok(())
}

/// Lays what goes into the wheel of the neural voice, and is of other places, into its folder.
fn furnish_neural_voice(ws: &Workspace) -> Result<()> {
    let model = neural_model::provide(ws)?;
    let folder = ws.path(NEURAL_VOICE);
    let package = folder.join("python/media_factory_neural_voice").join(neural_model::NAME);
    let texts = ["LICENSE-APACHE", "LICENSE-MIT", notices::FILE];
    let texts = texts.map(|text| (ws.path(text), folder.join(text)));
    for (from, to) in texts.into_iter().chain([(model, package)]) {
        fs::copy(&from, &to).with_context(|| format!("{} cannot be copied", from.display()))?;
    }
    Ok(())
}

impl Wheel {
    fn build(&self, ws: &Workspace, machine: &Machine) -> Result<()> {
        let Self { package, folder, sources, .. } = self;
        let directory = self.directory(ws);
        let context = format!("Rust {} Python {}", machine.rust, machine.python_version);
        let built = Stamp::of(ws, directory.join(".stamp"), sources, &context)?;
        if built.is_current() && self.file(ws).is_ok() {
            Step::begin(&format!("wheel {package}")).end("unchanged");
        } else {
            if directory.is_dir() {
                fs::remove_dir_all(&directory).context("old wheels cannot be removed")?;
            }
            let mut maturin = ws.command(ws.venv_program("maturin"));
            maturin.current_dir(ws.path(folder));
            maturin.args(["build", "--release", "--locked", "--interpreter"]).arg(ws.python());
            maturin.env("CARGO_ENCODED_RUSTFLAGS", ws.without_our_paths());
            process::run(
                ws,
                &format!("wheel {package}: maturin build (minutes the first time)"),
                maturin.arg("--out").arg(&directory),
            )?;
            built.write()?;
        }
        let stamp = ws.path(format!(".venv/.{package}.stamp"));
        let installed = Stamp::of(ws, stamp, sources, &context)?;
        if installed.is_current() {
            return Ok(());
        }
        let mut pip = ws.command(ws.python());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]);
        pip.args(["--no-index", "--no-deps", "--force-reinstall"]).arg(self.file(ws)?);
        process::run(ws, &format!("wheel {package}: into .venv"), &mut pip)?;
        installed.write()
    }

    fn directory(&self, ws: &Workspace) -> PathBuf {
        ws.target().join("wheels").join(self.package)
    }

    /// The one file that `build` left.
    pub(crate) fn file(&self, ws: &Workspace) -> Result<PathBuf> {
        let directory = self.directory(ws);
        let entries = fs::read_dir(&directory)
            .with_context(|| format!("there is no wheel in {} yet", directory.display()))?;
        entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .with_context(|| format!("there is no wheel in {} yet", directory.display()))
    }
}
