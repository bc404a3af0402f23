//! `cargo xtask test`: every check there is, and one line that says how many passed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

use crate::machine::{Machine, is_on_path};
use crate::process::Job;
use crate::report::Report;
use crate::wasm::Compiler;
use crate::workspace::Workspace;
use crate::{
    chromium, counts, crates, dist, fmt, lint, media_tools, node, notices, python, service, types,
};

const GROUPS: [&str; 14] = [
    "fmt",
    "lint",
    "rust",
    "service",
    "python",
    "node",
    "browser",
    "films",
    "speech",
    "faults",
    "packaging",
    "types",
    "docs",
    "licences",
];

/// Tells the browser tests which program to drive.
const CHROMIUM: &str = "MEDIA_FACTORY_CHROMIUM";
/// Tells tests which service to start.
const SERVICE: &str = "MEDIA_FACTORY_SERVICE";
/// Tell the packaging tests which files to install: a wheel for each of `python::WHEELS`.
const WHEEL_NAMES: [&str; 2] = ["MEDIA_FACTORY_WHEEL", "MEDIA_FACTORY_VOICE_WHEEL"];
const TARBALL: &str = "MEDIA_FACTORY_TARBALL";

/// Sets up, builds, then runs the chosen groups, all of them if none is named.
pub(crate) fn run(ws: &Workspace, chosen: &[String]) -> Result<ExitCode> {
    for group in chosen {
        ensure!(
            GROUPS.contains(&group.as_str()),
            "there is no group `{group}`; there are: {}",
            GROUPS.join(" ")
        );
    }
    let mut report = Report::default();
    let prepared = Prepared::make(ws, &mut report);
    for group in GROUPS {
        if chosen.is_empty() || chosen.iter().any(|name| name == group) {
            prepared.run(ws, group, &mut report);
        }
    }
    Ok(report.finish())
}

/// What the checks stand on. What is missing has been reported; the rest is still checked.
struct Prepared {
    wasm: Option<Compiler>,
    chromium: Option<PathBuf>,
    service: Option<PathBuf>,
    media_tools: Option<()>,
}

impl Prepared {
    fn make(ws: &Workspace, report: &mut Report) -> Self {
        let machine = report.prepared("machine", Machine::inspect(ws));
        let wasm = report.prepared("wasm32 target", Compiler::provide(ws));
        if let Some(machine) = &machine {
            let tools = report.prepared("python tools", python::provide(ws, machine));
            if tools.is_some() {
                report.prepared("wheels", python::build(ws, machine));
            }
            report.prepared("npm tools", node::provide(ws, machine));
        }
        let built = wasm.as_ref().and_then(|wasm| report.prepared("wasm", wasm.build(ws)));
        if built.is_some() {
            report.prepared(node::PACKAGE, node::build_package(ws));
            report.prepared(node::PAGE, node::build_page(ws));
        }
        let chromium = report.prepared("chromium", chromium::provide(ws));
        let service = report.prepared("service", service::of_tests(ws));
        let media_tools = report.prepared("media tools", media_tools::provide(ws));
        Self { wasm, chromium, service, media_tools }
    }

    fn run(&self, ws: &Workspace, group: &str, report: &mut Report) {
        match group {
            "fmt" => {
                for job in fmt::jobs(ws, true) {
                    report.check(ws, job);
                }
            }
            "lint" => self.lint(ws, report),
            "rust" => rust(ws, report),
            "packaging" => packaging(ws, report),
            "types" => types::check(ws, report),
            "docs" => docs(ws, report),
            "licences" => licences(ws, report),
            "service" => self.folder(ws, report, "service", "tests/service"),
            "python" => self.folder(ws, report, "python", "tests/python"),
            "node" => self.folder(ws, report, "node", "tests/js"),
            "films" => self.media(ws, report, "films", "tests/films"),
            "speech" => self.media(ws, report, "speech", "tests/speech"),
            "faults" => self.folder(ws, report, "faults", "tests/faults"),
            _ => self.folder(ws, report, "browser", "tests/browser"),
        }
    }

    fn lint(&self, ws: &Workspace, report: &mut Report) {
        for job in lint::jobs(ws) {
            report.check(ws, job);
        }
        match &self.wasm {
            Some(compiler) => report.check(ws, compiler.lint(ws)),
            None => report.fail("lint: wasm32", "there is no compiler for it"),
        }
    }

    /// Tests that look at films or listen to speech with programs of others.
    fn media(&self, ws: &Workspace, report: &mut Report, group: &str, tests: &str) {
        if self.media_tools.is_none() {
            return report.fail(group, "the programs that judge it are not there");
        }
        folder(ws, report, group, tests, &|_| {});
    }

    /// Tests that start the service, or drive a browser, or both.
    fn folder(&self, ws: &Workspace, report: &mut Report, group: &str, tests: &str) {
        let (Some(chromium), Some(service)) = (&self.chromium, &self.service) else {
            return report.fail(group, "there is no Chromium, or no service");
        };
        folder(ws, report, group, tests, &|command| {
            command.env(CHROMIUM, chromium).env(SERVICE, service);
        });
    }
}

fn rust(ws: &Workspace, report: &mut Report) {
    let mut test = crates::tests(ws);
    test.arg("--no-fail-fast");
    report.suite(ws, Job::new("rust: cargo test", test), counts::of_cargo);
}

/// Packs the packages, lets the npm linters judge the tarball, and installs all elsewhere.
fn packaging(ws: &Workspace, report: &mut Report) {
    let Some(packages) = report.prepared("packaging: dist", dist::run(ws)) else { return };
    let mut publint = ws.command(ws.npm_program("publint"));
    publint.args(["run", "--strict"]).arg(&packages.tarball);
    report.check(ws, Job::new("packaging: publint", publint));
    let mut attw = ws.command(ws.npm_program("attw"));
    attw.arg(&packages.tarball).args(["--profile", "esm-only", "--no-color"]);
    report.check(ws, Job::new("packaging: attw", attw));
    folder(ws, report, "packaging", "tests/packaging", &|command| {
        command.envs(WHEEL_NAMES.iter().zip(&packages.wheels)).env(TARBALL, &packages.tarball);
    });
}

fn docs(ws: &Workspace, report: &mut Report) {
    let mut rustdoc = crates::native(ws.cargo("doc"));
    rustdoc.args(["--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "--deny warnings");
    report.check(ws, Job::new("docs: cargo doc", rustdoc));
    folder(ws, report, "docs", "tests/docs", &|_| {});
}

/// What may be used and what must be said of it; cargo-deny looks closer where it is installed.
fn licences(ws: &Workspace, report: &mut Report) {
    report.own("licences: third-party notices", || notices::check(ws));
    if is_on_path("cargo-deny") {
        let mut deny = ws.cargo("deny");
        deny.args(["check", "licenses", "bans", "sources"]);
        report.check(ws, Job::new("licences: cargo deny", deny));
    }
}

/// Runs the Python tests and the Node tests of a folder, whichever it has.
fn folder(
    ws: &Workspace,
    report: &mut Report,
    group: &str,
    folder: &str,
    prepare: &dyn Fn(&mut Command),
) {
    let python = files(&ws.path(folder), &is_python_test);
    let node = files(&ws.path(folder), &is_node_test);
    if python.is_empty() && node.is_empty() {
        return report.fail(group, &format!("there are no tests in {folder}"));
    }
    if !python.is_empty() {
        let mut pytest = ws.command(ws.python());
        pytest.args(["-m", "pytest", "--quiet", "--color=no", folder]);
        prepare(&mut pytest);
        report.suite(ws, Job::new(format!("{group}: pytest {folder}"), pytest), counts::of_pytest);
    }
    if !node.is_empty() {
        // The files by name: Node 20 and Node 22 disagree about what a folder means.
        let mut runner = ws.command("node");
        runner.args(["--test", "--test-reporter=spec"]).args(node);
        prepare(&mut runner);
        report.suite(ws, Job::new(format!("{group}: node {folder}"), runner), counts::of_node);
    }
}

fn is_python_test(name: &str) -> bool {
    name.starts_with("test_") && name.ends_with(".py")
}

fn is_node_test(name: &str) -> bool {
    [".test.mjs", ".test.js", ".test.cjs"].iter().any(|suffix| name.ends_with(suffix))
}

/// The files below a folder whose name is accepted, sorted.
fn files(folder: &Path, accept: &dyn Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && entry.file_name() != "node_modules" {
            found.extend(files(&path, accept));
        } else if accept(&entry.file_name().to_string_lossy()) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_known_by_their_names() {
        assert!(is_python_test("test_lifecycle.py"));
        assert!(!is_python_test("conftest.py"));
        assert!(is_node_test("lifecycle.test.mjs"));
        assert!(!is_node_test("server.mjs"));
    }
}
