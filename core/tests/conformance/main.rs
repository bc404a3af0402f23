//! Runs every vector under `tests/conformance/` on the core; Python and JavaScript run the same
//! files. The format is described in `tests/conformance/README.md`.
//!
//! One case per file, named after it, so it has its own `main`; arguments that are no option
//! select cases by a part of their name, as with any Rust test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that meets the unexpected has failed, and it prints what failed"
)]

mod play;
mod prove;
mod values;
mod vector;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use serde_json::Value as Json;

use crate::vector::Collection;

/// Fewer files than this means that some were lost.
const LEAST_VECTORS: usize = 100;

fn main() -> ExitCode {
    let collection = Collection::read();
    let mut cases: Vec<(String, Check)> = vec![
        ("the collection is whole".to_owned(), Box::new(|| is_whole(&collection))),
        ("errors/codes".to_owned(), Box::new(|| codes_agree(&collection.codes()))),
    ];
    for vector in &collection.vectors {
        cases.push((vector.name.clone(), Box::new(|| vector.run())));
    }
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let all = cases.len();
    cases.retain(|(name, _)| wanted.is_empty() || wanted.iter().any(|part| name.contains(part)));
    println!("\nrunning {} tests", cases.len());
    let mut failures = Vec::new();
    for (name, check) in &cases {
        let outcome =
            catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| Err("panicked".into()));
        let word = if outcome.is_ok() { "ok" } else { "FAILED" };
        println!("test {name} ... {word}");
        if let Err(problem) = outcome {
            failures.push(format!("---- {name} ----\n{problem}\n"));
        }
    }
    if !failures.is_empty() {
        println!("\nfailures:\n\n{}", failures.join("\n"));
    }
    let (failed, passed) = (failures.len(), cases.len() - failures.len());
    let result = if failed == 0 { "ok" } else { "FAILED" };
    let left_out = all - cases.len();
    println!(
        "\ntest result: {result}. {passed} passed; {failed} failed; 0 ignored; 0 measured; \
         {left_out} filtered out\n"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

type Check<'a> = Box<dyn Fn() -> Result<(), String> + 'a>;

fn is_whole(collection: &Collection) -> Result<(), String> {
    if !collection.strays.is_empty() {
        return Err(format!("files that no runner runs: {:?}", collection.strays));
    }
    match collection.vectors.len() {
        enough if enough >= LEAST_VECTORS => Ok(()),
        few => Err(format!("only {few} vectors")),
    }
}

/// The table of codes is the same in every language: no code missing, none added, none changed.
fn codes_agree(table: &Json) -> Result<(), String> {
    let codes: Vec<Json> = media_factory_core::Code::ALL
        .iter()
        .map(|code| serde_json::json!([code.as_str(), code.is_retryable()]))
        .collect();
    let written: Vec<Json> = table["codes"]
        .as_array()
        .ok_or("no codes")?
        .iter()
        .map(|row| serde_json::json!([row["code"], row["retryable"]]))
        .collect();
    if codes == written { Ok(()) } else { Err(format!("core: {codes:?}\ntable: {written:?}")) }
}
