//! How many tests a runner ran, read from what it printed.

use std::ops::AddAssign;

/// The tests of one runner. Skipped ones are neither passed nor failed, but are not kept quiet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// `cargo test`: one `test result:` line per test binary, all of them count.
pub(crate) fn of_cargo(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines().filter_map(|line| line.strip_prefix("test result:")) {
        counts += Counts {
            passed: number_before(line, "passed"),
            failed: number_before(line, "failed"),
            skipped: number_before(line, "ignored"),
        };
    }
    counts
}

/// `pytest`: the last line, `== 1 failed, 20 passed, 1 error in 3.02s ==`.
pub(crate) fn of_pytest(output: &str) -> Counts {
    let is_summary = |line: &&str| {
        let line = line.trim_matches(|c| c == '=' || c == ' ');
        line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" in ")
    };
    let line = output.lines().rev().find(is_summary).unwrap_or_default();
    Counts {
        passed: number_before(line, "passed") + number_before(line, "xfailed"),
        failed: number_before(line, "failed")
            + number_before(line, "error")
            + number_before(line, "errors")
            + number_before(line, "xpassed"),
        skipped: number_before(line, "skipped"),
    }
}

/// `node --test`: the closing lines `# pass 12` (tap) or `ℹ pass 12` (spec).
pub(crate) fn of_node(output: &str) -> Counts {
    let total = |key: &str| {
        let value = |line: &str| {
            let rest = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
            rest.strip_prefix(key)?.strip_prefix(' ')?.trim().parse::<u64>().ok()
        };
        output.lines().rev().find_map(value).unwrap_or(0)
    };
    Counts {
        passed: total("pass"),
        failed: total("fail") + total("cancelled"),
        skipped: total("skipped") + total("todo"),
    }
}

/// The number right before a word, 0 if there is none.
fn number_before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> =
        line.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .find_map(|pair| match pair {
            [number, found] if *found == word => number.parse().ok(),
            _ => None,
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_binary_of_cargo_test_counts() {
        let output = "\
running 2 tests
test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 3 filtered out; finished in 1.00s
";
        assert_eq!(of_cargo(output), Counts { passed: 12, failed: 2, skipped: 1 });
        assert_eq!(of_cargo("error: could not compile"), Counts::default());
    }

    #[test]
    fn pytest_counts_come_from_its_last_line() {
        let loud = "5 items in x\n==== 1 failed, 20 passed, 2 skipped, 1 error in 3.02s ====\n";
        assert_eq!(of_pytest(loud), Counts { passed: 20, failed: 2, skipped: 2 });
        let quiet = "...\n20 passed, 1 warning in 12.30s (0:00:12)\n";
        assert_eq!(of_pytest(quiet), Counts { passed: 20, failed: 0, skipped: 0 });
        let strict = "=== 3 passed, 1 xfailed, 1 xpassed, 2 errors in 0.10s ===";
        assert_eq!(of_pytest(strict), Counts { passed: 4, failed: 3, skipped: 0 });
        assert_eq!(of_pytest("=== no tests ran in 0.01s ==="), Counts::default());
    }

    #[test]
    fn node_counts_are_read_from_both_reporters() {
        let tap =
            "# tests 4\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0\n";
        assert_eq!(of_node(tap), Counts { passed: 2, failed: 2, skipped: 0 });
        let spec = "✔ works (1.2ms)\nℹ tests 9\nℹ pass 8\nℹ fail 0\nℹ skipped 1\nℹ todo 0\n";
        assert_eq!(of_node(spec), Counts { passed: 8, failed: 0, skipped: 1 });
        assert_eq!(of_node("SyntaxError: nothing ran"), Counts::default());
    }

    #[test]
    fn what_a_test_prints_is_not_taken_for_the_summary() {
        let output = "# pass 99\nℹ tests 1\nℹ pass 1\nℹ fail 0\n";
        assert_eq!(of_node(output).passed, 1);
        assert_eq!(
            of_pytest("99 passed in jest\n=== 1 passed in 0.1s ==="),
            Counts { passed: 1, failed: 0, skipped: 0 }
        );
    }
}
