//! The browser of the tests: the Chromium or Chrome on the machine, else Debian's package.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::debian;
use crate::process::Step;
use crate::workspace::Workspace;

const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome.exe"];
const ELSEWHERE: [&str; 3] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/// Finds a browser, or installs Debian's.
pub(crate) fn provide(ws: &Workspace) -> Result<PathBuf> {
    let step = Step::begin("chromium");
    if let Some(path) = find() {
        step.end(&path.to_string_lossy());
        return Ok(path);
    }
    step.end("not there yet");
    if debian::is_here() {
        debian::install(ws, &["chromium"])?;
        if let Some(path) = find() {
            return Ok(path);
        }
    }
    bail!("no Chromium or Chrome is there: install one, or name its program in CHROME_PATH")
}

fn find() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROME_PATH") {
        return Some(PathBuf::from(chosen)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories: Vec<PathBuf> = std::env::split_paths(&path).collect();
    NAMES
        .iter()
        .flat_map(|name| directories.iter().map(move |directory| directory.join(name)))
        .chain(ELSEWHERE.iter().map(PathBuf::from))
        .find(|candidate| candidate.is_file())
}
