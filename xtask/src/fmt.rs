//! `cargo xtask fmt`: one formatter per language, the same that `test` checks with.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::Job;
use crate::report::Report;
use crate::setup;
use crate::workspace::Workspace;

/// Formats everything, or with `check` only says whether it is formatted.
pub(crate) fn run(ws: &Workspace, check: bool) -> Result<ExitCode> {
    setup::tools(ws)?;
    let mut report = Report::default();
    for job in jobs(ws, check) {
        report.check(ws, job);
    }
    Ok(report.finish())
}

/// The formatters, one per language.
pub(crate) fn jobs(ws: &Workspace, check: bool) -> [Job; 3] {
    let mut rust = ws.cargo("fmt");
    rust.arg("--all");
    let mut python = ws.command(ws.venv_program("ruff"));
    python.arg("format");
    let mut javascript = ws.command(ws.npm_program("biome"));
    javascript.arg("format");
    if check {
        rust.args(["--check", "--", "--color=never"]);
        python.args(["--diff", "--quiet"]);
    } else {
        javascript.arg("--write");
    }
    [
        Job::new("fmt: rustfmt", rust),
        Job::new("fmt: ruff", python),
        Job::new("fmt: biome", javascript),
    ]
}
