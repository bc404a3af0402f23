//! Programs the tool starts: quiet while they work, heard in full when they fail.

use std::fs::{self, File};
use std::io::Write;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// How much of a failed program's output is repeated on the terminal.
const TAIL_LINES: usize = 300;

/// A line that says what is being done and, once it is done, how long it took.
pub(crate) struct Step {
    started: Instant,
}

impl Step {
    pub(crate) fn begin(what: &str) -> Self {
        print!("{what} … ");
        // A terminal that has gone away is no reason to stop the work.
        let _ = std::io::stdout().flush();
        Self { started: Instant::now() }
    }

    pub(crate) fn end(self, outcome: &str) {
        println!("{outcome} ({:.1} s)", self.started.elapsed().as_secs_f64());
    }
}

/// A named program, ready to be started.
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) command: Command,
}

impl Job {
    pub(crate) fn new(name: impl Into<String>, command: Command) -> Self {
        Self { name: name.into(), command }
    }
}

/// What a program said, and whether it was content.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) success: bool,
    /// Standard output and standard error, in the order they were written.
    pub(crate) output: String,
}

/// Runs a program to its end. Its output goes to a file in `target/xtask`.
pub(crate) fn capture(ws: &Workspace, name: &str, command: &mut Command) -> Result<Finished> {
    let directory = ws.target().join("xtask");
    fs::create_dir_all(&directory)
        .with_context(|| format!("{} cannot be made", directory.display()))?;
    let path = directory.join(log_name(name));
    let log =
        File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    let status = command
        .stdout(log.try_clone().context("a log file cannot be shared")?)
        .stderr(log)
        .status()
        .with_context(|| format!("{} could not be started", command.get_program().display()))?;
    let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(Finished { success: status.success(), output: String::from_utf8_lossy(&bytes).into_owned() })
}

/// `wasm: wasm-opt on media_factory (643 kB before)` becomes `wasm-wasm-opt-on-media-factory.log`.
fn log_name(name: &str) -> String {
    let plain = name.split(" (").next().unwrap_or(name);
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!("{}.log", words.join("-"))
}

/// Runs a step that everything after it needs: its failure is an error.
pub(crate) fn run(ws: &Workspace, what: &str, command: &mut Command) -> Result<()> {
    let step = Step::begin(what);
    let finished = capture(ws, what, command);
    match finished {
        Ok(finished) if finished.success => {
            step.end("done");
            Ok(())
        }
        Ok(finished) => {
            step.end("failed");
            print_tail(&finished.output);
            bail!("{what}: `{}` failed, see above", describe(command))
        }
        Err(error) => {
            step.end("failed");
            Err(error.context(what.to_owned()))
        }
    }
}

/// Repeats the last lines of what a failed program said.
pub(crate) fn print_tail(output: &str) {
    let lines: Vec<&str> = output.lines().collect();
    let shown = lines.iter().skip(lines.len().saturating_sub(TAIL_LINES));
    for line in shown {
        println!("    {line}");
    }
}

/// The command as one would type it.
fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}
