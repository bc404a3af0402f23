//! What a user's type checker sees: the stubs against the module, Python and TypeScript that must
//! check, and lines that must not.

use crate::process::Job;
use crate::report::Report;
use crate::workspace::Workspace;

const STUB: &str = "bindings-python/python/media_factory/_core.pyi";

/// Runs mypy, stubtest, pyright and tsc.
pub(crate) fn check(ws: &Workspace, report: &mut Report) {
    let mut mypy = ws.command(ws.python());
    mypy.args(["-m", "mypy"]);
    report.check(ws, Job::new("types: mypy --strict", mypy));

    // stubtest is content with a module that has no stub at all.
    if ws.path(STUB).is_file() {
        let mut stubtest = ws.command(ws.python());
        stubtest.args(["-m", "mypy.stubtest", "media_factory._core"]);
        report.check(ws, Job::new("types: stubtest", stubtest));
    } else {
        report.fail("types: stubtest", &format!("{STUB} is not there"));
    }

    report.check(ws, Job::new("types: pyright", ws.command(ws.npm_program("pyright"))));

    let mut tsc = ws.command(ws.npm_program("tsc"));
    tsc.args(["--noEmit", "--project", "tests/types"]);
    report.check(ws, Job::new("types: tsc", tsc));
}
