//! The generation service as a program: built by cargo, started here, ended with whoever started it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::crates;
use crate::process;
use crate::workspace::Workspace;

/// The crate, and the name of its program.
pub(crate) const PACKAGE: &str = "media-factory-service";

/// The one that people use: slow to build, quick to run.
pub(crate) fn of_release(ws: &Workspace) -> Result<PathBuf> {
    let mut cargo = ws.cargo("build");
    cargo.args(["--package", PACKAGE, "--bin", PACKAGE, "--release"]);
    process::run(ws, "service: cargo build", &mut cargo)?;
    Ok(program(ws, "release"))
}

/// The one that tests use. It is built with the Rust tests: alone, it would want all that it
/// stands on compiled once more, for the features that only tests ask for.
pub(crate) fn of_tests(ws: &Workspace) -> Result<PathBuf> {
    let mut cargo = crates::tests(ws);
    process::run(ws, "service and Rust tests: cargo test --no-run", cargo.arg("--no-run"))?;
    Ok(program(ws, "debug"))
}

fn program(ws: &Workspace, folder: &str) -> PathBuf {
    ws.target().join(folder).join(format!("{PACKAGE}{}", std::env::consts::EXE_SUFFIX))
}

/// A running service; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    /// Medium and address, as the service told them.
    pub(crate) endpoints: Vec<(String, String)>,
}

impl Running {
    /// Starts it on its usual ports, or on free ones where another program has those.
    pub(crate) fn start(ws: &Workspace, program: &PathBuf) -> Result<Self> {
        Self::on(ws, program, &[]).or_else(|_| Self::on(ws, program, &["--port", "0"]))
    }

    fn on(ws: &Workspace, program: &PathBuf, arguments: &[&str]) -> Result<Self> {
        let mut command: Command = ws.command(program);
        command.args(["--log-level", "warn"]).args(arguments);
        // The last try speaks for itself; before it, a port in use is no news.
        let last = !arguments.is_empty();
        let stderr = if last { Stdio::inherit() } else { Stdio::null() };
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .with_context(|| format!("{} could not be started", program.display()))?;
        let stdout = child.stdout.take().context("the service has a standard output")?;
        // Made before the first line is read, so that the child is ended if that fails.
        let mut running = Self { child, endpoints: Vec::new() };
        for line in BufReader::new(stdout).lines() {
            let line: Value = serde_json::from_str(&line?).context("a line of the service")?;
            let text = |key: &str| line.get(key).and_then(Value::as_str).map(str::to_owned);
            running.endpoints.extend(text("listening").zip(text("url")));
            if running.endpoints.len() == MEDIA {
                return Ok(running);
            }
        }
        bail!("the service ended before it listened")
    }
}

/// How many media the service has a port for.
const MEDIA: usize = 3;

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended with the terminal already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
