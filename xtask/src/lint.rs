//! `cargo xtask lint`: what the linters find is an error, in every language.

use std::process::ExitCode;

use anyhow::Result;

use crate::crates;
use crate::process::Job;
use crate::report::Report;
use crate::setup;
use crate::workspace::Workspace;

/// Sets up and lints everything.
pub(crate) fn run(ws: &Workspace) -> Result<ExitCode> {
    let tools = setup::tools(ws)?;
    let mut report = Report::default();
    for job in jobs(ws) {
        report.check(ws, job);
    }
    report.check(ws, tools.wasm.lint(ws));
    Ok(report.finish())
}

/// The linters that need no WebAssembly compiler; for that one see `wasm::Compiler::lint`.
pub(crate) fn jobs(ws: &Workspace) -> [Job; 4] {
    let mut clippy = crates::native(ws.cargo("clippy"));
    clippy.args(["--all-targets", "--", "--deny", "warnings"]);
    let mut ruff = ws.command(ws.venv_program("ruff"));
    ruff.arg("check");
    let mut biome = ws.command(ws.npm_program("biome"));
    biome.args(["lint", "--error-on-warnings"]);
    let mut tsc = ws.command(ws.npm_program("tsc"));
    tsc.args(["--noEmit", "--project", "js-demo"]);
    [
        Job::new("lint: clippy", clippy),
        Job::new("lint: ruff", ruff),
        Job::new("lint: biome", biome),
        Job::new("lint: tsc on the page", tsc),
    ]
}
