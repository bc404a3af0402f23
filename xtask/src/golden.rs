//! `cargo xtask golden`: what the engine makes, written down anew.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// Makes the tests that compare write instead.
const WRITE: &str = "MEDIA_FACTORY_WRITE_GOLDEN";

/// Writes the digests of `tests/golden`, the sheets of `docs/sheets` and the media of the README.
pub(crate) fn write(ws: &Workspace) -> Result<ExitCode> {
    let mut tests = ws.cargo("test");
    tests.args([
        "-p",
        "media-factory-sandbox",
        "--test",
        "golden",
        "--test",
        "sheets",
        "--test",
        "showcase",
    ]);
    process::run(ws, "golden jobs and sheets", tests.env(WRITE, "1"))?;
    Ok(ExitCode::SUCCESS)
}
