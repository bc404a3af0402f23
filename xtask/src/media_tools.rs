//! The programs that look at films and listen to speech in tests: independent of what they judge.

use anyhow::{Result, ensure};

use crate::debian;
use crate::machine::is_on_path;
use crate::process::Step;
use crate::workspace::Workspace;

/// What runs, and the Debian packages that bring it.
const PROGRAMS: [(&str, &str); 4] =
    [("ffprobe", "ffmpeg"), ("ffmpeg", "ffmpeg"), ("espeak-ng", "espeak-ng"), ("flite", "flite")];

/// Finds the programs, or installs Debian's.
pub(crate) fn provide(ws: &Workspace) -> Result<()> {
    let step = Step::begin("media tools");
    let missing = || PROGRAMS.into_iter().filter(|(program, _)| !is_on_path(program));
    let mut packages: Vec<&str> = missing().map(|(_, package)| package).collect();
    packages.dedup();
    if packages.is_empty() {
        step.end(&PROGRAMS.map(|(program, _)| program).join(", "));
        return Ok(());
    }
    step.end("not all there yet");
    if debian::is_here() {
        debian::install(ws, &packages)?;
    }
    let absent: Vec<&str> = missing().map(|(program, _)| program).collect();
    ensure!(
        absent.is_empty(),
        "the tests of films and speech need {}: install them, and put them on the PATH",
        absent.join(", ")
    );
    Ok(())
}
