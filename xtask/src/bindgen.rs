//! From a compiled `.wasm` to what JavaScript imports: glue by wasm-bindgen, size by wasm-opt.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{self, Step};
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// Where the package's JavaScript is assembled from.
pub(crate) const DIRECTORY: &str = "bindings-wasm/pkg";

/// Writes `<name>.js`, `<name>.d.ts` and `<name>_bg.wasm` from a compiled module.
pub(crate) fn generate(ws: &Workspace, compiled: &Path, name: &str) -> Result<()> {
    let directory = ws.path(DIRECTORY);
    fs::create_dir_all(&directory)
        .with_context(|| format!("{} cannot be made", directory.display()))?;
    let module = directory.join(format!("{name}_bg.wasm"));
    let file = directory.join(format!(".{name}.stamp"));
    let bytes =
        fs::read(compiled).with_context(|| format!("{} cannot be read", compiled.display()))?;
    let stamp = Stamp::of_bytes(file, &bytes, "wasm-opt -Os");
    if module.is_file() && stamp.is_current() {
        Step::begin(&format!("wasm: {name}")).end("unchanged");
        return Ok(());
    }
    let step = Step::begin(&format!("wasm: bindings of {name}"));
    Bindgen::new()
        .input_path(compiled)
        .out_name(name)
        .web(true)?
        // The entries in js/ say where the module comes from: a default path here would make
        // every bundler copy a file that the inlined entry never loads.
        .omit_default_module_path(true)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&directory)
        .with_context(|| format!("wasm-bindgen on {}", compiled.display()))?;
    step.end("done");
    let before = size(&module)?;
    // The module itself says which features it may use: rustc left a section about them.
    let mut optimise = ws.command(ws.npm_program("wasm-opt"));
    optimise.arg("-Os").arg(&module).arg("-o").arg(&module);
    process::run(ws, &format!("wasm: wasm-opt on {name} ({before} kB before)"), &mut optimise)?;
    stamp.write()
}

fn size(file: &Path) -> Result<u64> {
    let metadata =
        fs::metadata(file).with_context(|| format!("{} is not there", file.display()))?;
    Ok(metadata.len() / 1_000)
}
