//! `cargo xtask bench`: the project's own benchmarks, one script per host language.

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;
use crate::{assemble, chromium};

/// Builds, then runs the benchmarks one after the other: they would disturb each other.
pub(crate) fn run(ws: &Workspace) -> Result<ExitCode> {
    assemble::run(ws)?;
    let chromium = chromium::provide(ws)?;
    let mut python = ws.command(ws.python());
    python.arg("benches/python_bench.py");
    let mut service = ws.command(ws.python());
    service.arg("benches/service_bench.py");
    let mut sandbox = ws.command(ws.python());
    sandbox.arg("benches/sandbox_bench.py");
    let mut node = ws.command("node");
    node.arg("benches/node_bench.mjs").env("MEDIA_FACTORY_CHROMIUM", chromium);
    for mut bench in [python, service, sandbox, node] {
        // The scripts start programs that cargo built, and cargo may be told to build elsewhere.
        measure(bench.env("CARGO_TARGET_DIR", ws.target()))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A benchmark speaks to the terminal itself.
fn measure(bench: &mut Command) -> Result<()> {
    let name: Vec<_> = bench.get_args().map(|word| word.to_string_lossy().into_owned()).collect();
    let name = name.join(" ");
    println!("\n{name}");
    let status = bench
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .status()
        .with_context(|| format!("{name} could not be started"))?;
    ensure!(status.success(), "{name} failed, see above");
    Ok(())
}
