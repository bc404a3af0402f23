//! `cargo xtask <verb>`: the one tool that sets up, builds, tests and runs Media Factory.
//!
//! A verb first brings about what it needs (`setup`, then `build`), reuses what is there, says in
//! one line per step what it does and how long it took, and fails with a sentence that says what
//! to do.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command-line tool: it speaks to a terminal and measures real time"
)]

mod assemble;
mod bench;
mod bindgen;
mod chromium;
mod counts;
mod crates;
mod debian;
mod demo;
mod dist;
mod fmt;
mod golden;
mod licences;
mod lint;
mod machine;
mod media_tools;
mod neural_model;
mod node;
mod notices;
mod process;
mod python;
mod report;
mod server;
mod service;
mod setup;
mod stamp;
mod test;
mod types;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use pico_args::Arguments;

use crate::workspace::Workspace;

const USAGE: &str = "\
cargo xtask <verb>

  setup                    wasm target, Python tools in .venv, npm tools, Chromium, media tools
  build                    the wheels, the npm package and the page
  demo [--once] [--port N] the service, media through it into out/, then the page on http://127.0.0.1:8080
  test [GROUP...]          everything, or only: fmt lint rust service python node browser films speech
                           faults packaging types docs licences
  fmt [--check]            formats Rust, Python, JavaScript and TypeScript
  lint                     clippy, ruff, biome, tsc
  golden                   tests/golden, docs/sheets and docs/media anew, after the engine was changed on purpose
  notices                  THIRD-PARTY-NOTICES.md, from the crates that the packages contain
  bench                    the project's own benchmarks, figures into benches/RESULTS.md
  dist                     the wheels and the npm tarball into dist/
";

fn main() -> ExitCode {
    match run(Arguments::from_env()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Arguments) -> Result<ExitCode> {
    if arguments.contains(["-h", "--help"]) {
        print!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    }
    let Some(verb) = arguments.subcommand()? else {
        print!("{USAGE}");
        return Ok(ExitCode::FAILURE);
    };
    match verb.as_str() {
        "setup" => {
            let workspace = begin(arguments)?;
            setup::run(&workspace)?;
        }
        "build" => {
            let workspace = begin(arguments)?;
            assemble::run(&workspace)?;
        }
        "demo" => {
            let once = arguments.contains("--once");
            let port = arguments.opt_value_from_str("--port")?.unwrap_or(demo::DEFAULT_PORT);
            demo::run(&begin(arguments)?, once, port)?;
        }
        "test" => {
            let mut groups = Vec::new();
            while let Some(group) = arguments.opt_free_from_str()? {
                groups.push(group);
            }
            return test::run(&begin(arguments)?, &groups);
        }
        "fmt" => {
            let check = arguments.contains("--check");
            return fmt::run(&begin(arguments)?, check);
        }
        "lint" => return lint::run(&begin(arguments)?),
        "golden" => return golden::write(&begin(arguments)?),
        "notices" => {
            let workspace = begin(arguments)?;
            notices::write(&workspace)?;
        }
        "bench" => return bench::run(&begin(arguments)?),
        "dist" => {
            let workspace = begin(arguments)?;
            assemble::run(&workspace)?;
            dist::run(&workspace)?;
        }
        _ => bail!("there is no verb `{verb}`; `cargo xtask --help` lists them"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses arguments the verb does not know, then finds the workspace.
fn begin(arguments: Arguments) -> Result<Workspace> {
    let left = arguments.finish();
    if let Some(argument) = left.first() {
        bail!("`{}` is not understood; `cargo xtask --help` lists what is", argument.display());
    }
    Workspace::find()
}
