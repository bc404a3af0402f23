//! The npm side: the locked tools, the package's JavaScript, the page, the tarball.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::machine::Machine;
use crate::process::{self, Step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;
use crate::{bindgen, neural_model, notices};

/// The npm package and the page, as workspaces of the root `package.json`.
pub(crate) const PACKAGE: &str = "bindings-wasm";
pub(crate) const PAGE: &str = "js-demo";

const LOCKED: [&str; 4] =
    ["package-lock.json", "package.json", "bindings-wasm/package.json", "js-demo/package.json"];

/// Installs the locked npm tools.
pub(crate) fn provide(ws: &Workspace, machine: &Machine) -> Result<()> {
    let file = ws.path("node_modules/.tools.stamp");
    let stamp = Stamp::of(ws, file, &LOCKED, &format!("Node {}", machine.node))?;
    if stamp.is_current() {
        Step::begin("npm tools").end("unchanged");
        return Ok(());
    }
    process::run(ws, "npm tools: npm ci", &mut ws.npm(&["ci", "--no-audit", "--no-fund"]))?;
    stamp.write()
}

/// Assembles the package's JavaScript around the generated modules, and the model beside them.
pub(crate) fn build_package(ws: &Workspace) -> Result<()> {
    let model = neural_model::provide(ws)?;
    let copy = ws.path(bindgen::DIRECTORY).join(neural_model::NAME);
    fs::copy(&model, &copy).with_context(|| format!("{} cannot be copied", model.display()))?;
    run_script(ws, PACKAGE, "build:js")
}

/// Builds the page into `js-demo/dist`.
pub(crate) fn build_page(ws: &Workspace) -> Result<()> {
    run_script(ws, PAGE, "build")
}

fn run_script(ws: &Workspace, directory: &str, script: &str) -> Result<()> {
    let what = format!("{directory}: npm run {script}");
    process::run(ws, &what, &mut ws.npm(&["run", "--silent", script, "--workspace", directory]))
}

/// What a package must carry and only the root has: npm packs nothing from outside a package.
const TEXTS: [&str; 4] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", notices::FILE];

/// Packs the npm package into a directory and gives the tarball's path.
pub(crate) fn pack(ws: &Workspace, directory: &Path) -> Result<PathBuf> {
    let step = Step::begin("npm pack");
    for text in TEXTS {
        fs::copy(ws.path(text), ws.path(PACKAGE).join(text))
            .with_context(|| format!("{text} cannot be copied into {PACKAGE}"))?;
    }
    let mut pack = ws.npm(&["pack", "--json", "--workspace", PACKAGE, "--pack-destination"]);
    let output = pack.arg(directory).output().context("npm could not be started")?;
    let listing: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("npm pack: {}", String::from_utf8_lossy(&output.stderr).trim()))?;
    // npm 10 and 11 list the packages, later ones key them by name.
    let first = match &listing {
        Value::Array(items) => items.first(),
        Value::Object(items) => items.values().next(),
        _ => None,
    };
    let name = first.and_then(|package| package.get("filename")).and_then(Value::as_str);
    let tarball = directory.join(name.context("npm pack named no file")?);
    let size = fs::metadata(&tarball).with_context(|| format!("{}", tarball.display()))?.len();
    step.end(&format!("{} kB", size / 1_000));
    Ok(tarball)
}
