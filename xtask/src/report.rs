//! The account of a run: every check is made even if one fails, and the last line says it all.

use std::process::ExitCode;

use anyhow::Result;

use crate::counts::Counts;
use crate::process::{self, Finished, Job, Step};
use crate::workspace::Workspace;

/// What passed and what failed so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    counts: Counts,
    failing: Vec<String>,
}

impl Report {
    /// Takes the result of something later checks need. Success is not counted: nothing was tested.
    pub(crate) fn prepared<T>(&mut self, name: &str, result: Result<T>) -> Option<T> {
        result.map_err(|error| self.fail(name, &format!("{error:#}"))).ok()
    }

    /// Makes a check that needs no program: one check.
    pub(crate) fn own(&mut self, name: &str, check: impl FnOnce() -> Result<()>) {
        let step = Step::begin(name);
        match check() {
            Ok(()) => {
                step.end("passed");
                self.counts.passed += 1;
            }
            Err(error) => {
                step.end("failed");
                self.fail(name, &format!("{error:#}"));
            }
        }
    }

    /// Runs a program that passes or fails as a whole: one check.
    pub(crate) fn check(&mut self, ws: &Workspace, job: Job) {
        self.run(ws, job, |finished| match finished.success {
            true => (Counts { passed: 1, ..Counts::default() }, "passed".to_owned()),
            false => (Counts { failed: 1, ..Counts::default() }, "failed".to_owned()),
        });
    }

    /// Runs a program that counts its own tests. To run none is a failure.
    pub(crate) fn suite(&mut self, ws: &Workspace, job: Job, count: fn(&str) -> Counts) {
        self.run(ws, job, |finished| judge(finished.success, count(&finished.output)));
    }

    /// Records a failure that no program reported.
    pub(crate) fn fail(&mut self, name: &str, reason: &str) {
        println!("{name}: {reason}");
        self.counts.failed += 1;
        self.failing.push(name.to_owned());
    }

    fn run(&mut self, ws: &Workspace, mut job: Job, judge: impl Fn(&Finished) -> (Counts, String)) {
        let step = Step::begin(&job.name);
        let finished = match process::capture(ws, &job.name, &mut job.command) {
            Ok(finished) => finished,
            Err(error) => {
                step.end("not run");
                return self.fail(&job.name, &format!("{error:#}"));
            }
        };
        let (counts, remark) = judge(&finished);
        step.end(&remark);
        if counts.failed > 0 {
            process::print_tail(&finished.output);
            self.failing.push(job.name);
        }
        self.counts += counts;
    }

    /// Names what failed, then prints the summary, which is the last line.
    pub(crate) fn finish(self) -> ExitCode {
        println!();
        if self.counts.skipped > 0 {
            println!("skipped: {}", self.counts.skipped);
        }
        for name in &self.failing {
            println!("failed: {name}");
        }
        println!("{} passed, {} failed", self.counts.passed, self.counts.failed);
        if self.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

/// A program may break before it counts, or count nothing: neither may pass for a success.
fn judge(success: bool, counts: Counts) -> (Counts, String) {
    let Counts { passed, failed, skipped } = counts;
    if failed == 0 && !success {
        return (Counts { failed: 1, ..counts }, "ended with an error".to_owned());
    }
    if passed + failed == 0 {
        return (Counts { failed: 1, ..counts }, "ran no test at all".to_owned());
    }
    let skips = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    (counts, format!("{passed} passed, {failed} failed{skips}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runner_without_tests_fails() {
        let (counts, remark) = judge(true, Counts::default());
        assert_eq!(counts.failed, 1);
        assert_eq!(remark, "ran no test at all");
    }

    #[test]
    fn a_runner_that_breaks_fails_whatever_it_counted() {
        let (counts, _) = judge(false, Counts { passed: 3, failed: 0, skipped: 0 });
        assert_eq!(counts, Counts { passed: 3, failed: 1, skipped: 0 });
    }

    #[test]
    fn failed_tests_are_counted_as_the_runner_counted_them() {
        let counts = Counts { passed: 3, failed: 2, skipped: 1 };
        assert_eq!(judge(false, counts), (counts, "3 passed, 2 failed, 1 skipped".to_owned()));
    }
}
