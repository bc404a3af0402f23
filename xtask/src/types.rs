//! What a user's type checker sees: the stubs against the module, Python and TypeScript that must
//! check, and lines that must not.

use crate::process::Job;
use crate::report::Report;
use crate::workspace::Workspace;

/// The extension modules, and where their stubs are.
const STUBS: [(&str, &str); 2] = [
    ("media_factory._core", "bindings-python/python/media_factory/_core.pyi"),
    (
        "media_factory_neural_voice._network",
        "bindings-python/neural-voice/python/media_factory_neural_voice/_network.pyi",
    ),
];

/// Runs mypy, stubtest, pyright and tsc.
pub(crate) fn check(ws: &Workspace, report: &mut Report) {
    let mut mypy = ws.command(ws.python());
    mypy.args(["-m", "mypy"]);
    report.check(ws, Job::new("types: mypy --strict", mypy));

    for (module, stub) in STUBS {
        let name = format!("types: stubtest {module}");
        // stubtest is content with a module that has no stub at all.
        if ws.path(stub).is_file() {
            let mut stubtest = ws.command(ws.python());
            stubtest.args(["-m", "mypy.stubtest", module]);
            report.check(ws, Job::new(name, stubtest));
        } else {
            report.fail(&name, &format!("{stub} is not there"));
        }
    }

    report.check(ws, Job::new("types: pyright", ws.command(ws.npm_program("pyright"))));

    let mut tsc = ws.command(ws.npm_program("tsc"));
    tsc.args(["--noEmit", "--project", "tests/types"]);
    report.check(ws, Job::new("types: tsc", tsc));
}
