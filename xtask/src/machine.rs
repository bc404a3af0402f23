//! What the machine brings: Rust, Python, Node and npm, and whether they are new enough.

use std::ffi::OsStr;
use std::fmt;

use anyhow::{Result, bail};

use crate::process::Step;
use crate::workspace::Workspace;

/// The first three numbers of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u32, u32, u32);

impl Version {
    /// Finds the version in what a program says of itself: `Python 3.11.7`, `v20.20.2`,
    /// `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.strip_prefix('v').unwrap_or(word).splitn(3, '.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        // A patch may carry a suffix (`0rc1`, `0-nightly`) or be missing.
        let patch = numbers.next().unwrap_or("0");
        let digits: String = patch.chars().take_while(char::is_ascii_digit).collect();
        Some(Self(major, minor, digits.parse().unwrap_or(0)))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The workspace's `rust-version`.
pub(crate) const OLDEST_RUST: Version = Version(1, 90, 0);
const OLDEST_PYTHON: Version = Version(3, 10, 0);
const OLDEST_NODE: Version = Version(20, 19, 0);

const PYTHONS: [&str; 6] =
    ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];

/// The interpreters and compilers found on the machine.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) rust: Version,
    /// The Python that makes `.venv`; afterwards only the one in there is used.
    pub(crate) python: String,
    pub(crate) python_version: Version,
    pub(crate) node: Version,
}

impl Machine {
    /// Looks for everything the verbs need, and says what is missing and where to get it.
    pub(crate) fn inspect(ws: &Workspace) -> Result<Self> {
        let step = Step::begin("machine");
        let rust = require(
            version_of(ws, "rustc"),
            OLDEST_RUST,
            "Rust",
            "`rustup update stable`, or install it from https://rustup.rs",
        )?;
        let node = require(
            version_of(ws, "node"),
            OLDEST_NODE,
            "Node",
            "install it from https://nodejs.org or with your package manager",
        )?;
        let npm = ws.npm(&["--version"]).output().ok().filter(|output| output.status.success());
        if npm.is_none() {
            bail!("npm is not there; it comes with Node from https://nodejs.org (Debian: npm)");
        }
        let (python, python_version) = find_python(ws)?;
        step.end(&format!("Rust {rust}, Python {python_version}, Node {node}"));
        Ok(Self { rust, python, python_version, node })
    }
}

/// The version a program gives when asked, if it is there at all.
pub(crate) fn version_of(ws: &Workspace, program: impl AsRef<OsStr>) -> Option<Version> {
    let output = ws.command(program).arg("--version").output().ok()?;
    output.status.success().then(|| Version::find(&String::from_utf8_lossy(&output.stdout)))?
}

fn require(found: Option<Version>, oldest: Version, name: &str, remedy: &str) -> Result<Version> {
    match found {
        Some(version) if version >= oldest => Ok(version),
        Some(version) => bail!("{name} {version} is too old, {oldest} is needed: {remedy}"),
        None => bail!("{name} {oldest} or newer is not there: {remedy}"),
    }
}

fn find_python(ws: &Workspace) -> Result<(String, Version)> {
    let chosen = std::env::var("PYTHON").ok();
    let candidates = chosen.as_deref().into_iter().chain(PYTHONS);
    for program in candidates {
        if let Some(version) = version_of(ws, program).filter(|version| *version >= OLDEST_PYTHON) {
            return Ok((program.to_owned(), version));
        }
    }
    bail!(
        "Python {OLDEST_PYTHON} or newer is not there: install it from https://python.org or with your \
         package manager (Debian: python3 python3-venv), or name one in the variable PYTHON"
    )
}

/// Whether a program of this name can be found on the search path.
pub(crate) fn is_on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| {
        std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_programs_say() {
        assert_eq!(Version::find("Python 3.11.7"), Some(Version(3, 11, 7)));
        assert_eq!(Version::find("v20.20.2\n"), Some(Version(20, 20, 2)));
        assert_eq!(Version::find("rustc 1.95.0 (59807616e 2026-04-14)"), Some(Version(1, 95, 0)));
        assert_eq!(Version::find("rustc 1.97.0-nightly (abc)"), Some(Version(1, 97, 0)));
        assert_eq!(Version::find("Python 3.14.0rc1"), Some(Version(3, 14, 0)));
        assert_eq!(Version::find("LLD 19.1 (compatible)"), Some(Version(19, 1, 0)));
        assert_eq!(Version::find("no number here"), None);
    }

    #[test]
    fn versions_compare_by_number_and_not_by_letter() {
        assert!(Version(3, 9, 18) < OLDEST_PYTHON);
        assert!(Version(3, 10, 0) >= OLDEST_PYTHON);
        assert!(Version(20, 18, 9) < OLDEST_NODE);
    }

    #[test]
    fn what_is_missing_and_what_is_old_is_named_with_a_remedy() {
        let old = require(Some(Version(1, 2, 3)), Version(2, 0, 0), "Rust", "get it").unwrap_err();
        assert_eq!(old.to_string(), "Rust 1.2.3 is too old, 2.0.0 is needed: get it");
        let missing = require(None, Version(2, 0, 0), "Rust", "get it").unwrap_err();
        assert_eq!(missing.to_string(), "Rust 2.0.0 or newer is not there: get it");
    }
}
