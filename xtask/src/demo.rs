//! `cargo xtask demo`: the service, media through it into `out/`, then the page.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;
use crate::{assemble, server, service};

/// Where the page is served unless `--port` says otherwise.
pub(crate) const DEFAULT_PORT: u16 = 8080;

/// Builds, generates, and serves the page until it is interrupted; `once` leaves out the serving.
pub(crate) fn run(ws: &Workspace, once: bool, port: u16) -> Result<()> {
    assemble::run(ws)?;
    let program = service::of_release(ws)?;
    println!();
    let service = service::Running::start(ws, &program)?;
    let mut example = ws.command(ws.python());
    for (medium, url) in &service.endpoints {
        println!("The {medium} service listens on {url}");
        example.env(format!("MEDIA_FACTORY_{}_ENDPOINT", medium.to_uppercase()), url);
    }
    println!();
    let status = example
        .args(["examples/demo.py", "--out", "out"])
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .status()
        .context("examples/demo.py could not be started")?;
    ensure!(status.success(), "examples/demo.py failed, see above");
    if once {
        return Ok(());
    }
    println!();
    server::serve(&ws.path("js-demo/dist"), port, &service.endpoints)
}
