//! `THIRD-PARTY-NOTICES.md`: the crates inside the wheels and the npm package, their terms, and the
//! texts that must stay with copies of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::licences::{APACHE, Allowed};
use crate::neural_model;
use crate::python::WHEELS;
use crate::workspace::{WASM_MODULES, Workspace};

/// The committed file.
pub(crate) const FILE: &str = "THIRD-PARTY-NOTICES.md";

/// Wheels for all of them carry one file, whatever machine it is made on.
const WHEEL_TARGETS: [&str; 3] =
    ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"];
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The terms of Apple's documentation, which does not become part of a binary.
const DOCUMENTATION_ONLY: [(&str, &str); 1] = [("security-framework", "THIRD_PARTY")];

/// Where ring keeps the terms of the curve arithmetic that it took in.
const TAKEN_IN: &str = "third_party/fiat";

/// For crates that name this licence and bring no text.
const BSD_2_CLAUSE: &str = include_str!("BSD-2-Clause.txt");

const INTRODUCTION: &str = "\
# Third-party notices

Made by `cargo xtask notices`; `cargo xtask test licences` checks that it is up to date.

The wheels `media-factory` (below: *wheel*) and `media-factory-neural-voice` (*voice*) and the npm package `media-factory` (*npm*) contain the crates
below, and the Rust standard library (MIT OR Apache-2.0, by the Rust project developers). Where a crate offers a choice, it is taken under the terms in
the last column. The text of Apache-2.0 is in `LICENSE-APACHE`; all other texts and notices follow the table. The wheels' lists are those of Linux, macOS
and Windows together.

The wheel `media-factory-neural-voice` and the npm package also contain, unchanged, the model `hibari.onnx` of the Python package hibari-tts (Apache-2.0,
by Maureese Williams), which was distilled from Kokoro-82M (Apache-2.0, by hexgrad). Its notice is the last text.

This software is based in part on the work of the Independent JPEG Group.

| crate | version | licence | in | taken under |
| --- | --- | --- | --- | --- |
";

/// The packages, as the table calls them: the wheels, then this one.
const WHEEL_PLACES: [&str; 2] = ["wheel", "voice"];
const NPM_PLACE: &str = "npm";

/// A crate as `cargo metadata` describes it.
struct Linked<'a> {
    name: &'a str,
    version: &'a str,
    expression: &'a str,
    authors: Vec<&'a str>,
    folder: &'a Path,
    places: Vec<&'static str>,
    chosen: BTreeSet<String>,
}

/// Writes the file.
pub(crate) fn write(ws: &Workspace) -> Result<()> {
    fs::write(ws.path(FILE), generate(ws)?).with_context(|| format!("{FILE} cannot be written"))
}

/// Whether every package of the workspace, tools included, may be used, and the committed file is
/// what would be written now.
pub(crate) fn check(ws: &Workspace) -> Result<()> {
    Allowed::read(ws)?.check(&packages(ws)?)?;
    let committed = fs::read_to_string(ws.path(FILE)).unwrap_or_default();
    let is_current = plain(&committed) == plain(&generate(ws)?);
    ensure!(is_current, "{FILE} is not up to date: run `cargo xtask notices` and commit it");
    Ok(())
}

fn generate(ws: &Workspace) -> Result<String> {
    let packages = packages(ws)?;
    let linked = linked(ws, &packages)?;
    let mut page = INTRODUCTION.to_owned();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in &linked {
        let Linked { name, version, expression, .. } = item;
        let places = item.places.join(", ");
        let chosen: Vec<&str> = item.chosen.iter().map(String::as_str).collect();
        let chosen = chosen.join(" and ");
        writeln!(page, "| {name} | {version} | {expression} | {places} | {chosen} |")?;
        for text in item.texts()? {
            texts.entry(text).or_default().push(format!("{name} {version}"));
        }
    }
    // In the order of the table; one text often serves several crates.
    let mut texts: Vec<_> = texts.into_iter().map(|(text, owners)| (owners, text)).collect();
    texts.sort();
    for (owners, text) in texts {
        write!(page, "\n## {}\n\n~~~~text\n{text}~~~~\n", owners.join(", "))?;
    }
    let model = plain(neural_model::NOTICE);
    write!(page, "\n## {} of hibari-tts\n\n~~~~text\n{model}~~~~\n", neural_model::NAME)?;
    Ok(page)
}

impl Linked<'_> {
    /// The texts that its terms ask to be kept with a binary.
    fn texts(&self) -> Result<Vec<String>> {
        let mut files = Vec::new();
        for folder in [self.folder.to_owned(), self.folder.join(TAKEN_IN)] {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let entry = entry?;
                if self.must_keep(&entry.file_name().to_string_lossy()) && entry.path().is_file() {
                    files.push(entry.path());
                }
            }
        }
        files.sort();
        let asks_for_text = self.chosen.iter().any(|name| name != APACHE);
        if files.is_empty() && asks_for_text {
            let is_known = self.expression == "BSD-2-Clause" && !self.authors.is_empty();
            ensure!(is_known, "{} asks for a licence text and brings none", self.name);
            return Ok(vec![format!(
                "Copyright (c) {}\n\n{BSD_2_CLAUSE}",
                self.authors.join(", ")
            )]);
        }
        files.iter().map(read).collect()
    }

    fn must_keep(&self, file: &str) -> bool {
        let name = file.to_uppercase().replace('_', "-");
        let stem = name.split('.').next().unwrap_or(&name);
        if DOCUMENTATION_ONLY.contains(&(self.name, file)) {
            return false;
        }
        if stem.starts_with("NOTICE") || stem.contains("THIRD-PARTY") || stem == "COPYRIGHT" {
            return true;
        }
        let asks_for_text = self.chosen.iter().any(|name| name != APACHE);
        match stem.strip_prefix("LICENSE") {
            Some("") => asks_for_text,
            // `LICENSE-MIT` is for those who chose MIT; another word says what a part is under.
            Some(end) => match end.trim_start_matches('-') {
                "APACHE" | "APACHE-2" => false,
                licence @ ("MIT" | "ZLIB" | "ISC" | "IJG" | "UNICODE" | "0BSD") => {
                    self.chosen.iter().any(|name| name.to_uppercase().starts_with(licence))
                }
                _ => asks_for_text,
            },
            None => false,
        }
    }
}

/// The third-party crates that become part of a shipped binary: neither build scripts nor macros.
fn linked<'a>(ws: &Workspace, packages: &'a [Value]) -> Result<Vec<Linked<'a>>> {
    let mut contents = Vec::new();
    for (place, wheel) in WHEEL_PLACES.into_iter().zip(&WHEELS) {
        let mut tree = tree(ws, &WHEEL_TARGETS);
        tree.args(["--package", wheel.extension]);
        contents.push((place, names_and_versions(&mut tree)?));
    }
    let mut npm = tree(ws, &[WASM_TARGET]);
    for module in WASM_MODULES {
        npm.args(["--package", module.package, "--features", module.feature]);
    }
    contents.push((NPM_PLACE, names_and_versions(&mut npm)?));
    let allowed = Allowed::read(ws)?;
    let mut found = Vec::new();
    for package in packages {
        let word = |key: &str| package.get(key).and_then(Value::as_str);
        let (Some(name), Some(version)) = (word("name"), word("version")) else { continue };
        let key = (name.to_owned(), version.to_owned());
        let holders = contents.iter().filter(|(_, crates)| crates.contains(&key));
        let places: Vec<&str> = holders.map(|&(place, _)| place).collect();
        // The workspace's own packages come from no source.
        if word("source").is_none() || places.is_empty() {
            continue;
        }
        let expression = word("license").unwrap_or_default();
        let chosen = allowed
            .choose(expression)
            .with_context(|| format!("deny.toml does not allow {name} ({expression})"))?;
        let authors = package.get("authors").and_then(Value::as_array);
        let authors = authors.into_iter().flatten().filter_map(Value::as_str).collect();
        let folder = word("manifest_path").map(Path::new).and_then(Path::parent);
        let folder = folder.with_context(|| format!("{name} is in no folder"))?;
        found.push(Linked { name, version, expression, authors, folder, places, chosen });
    }
    found.sort_by_key(|item| (item.name, item.version));
    Ok(found)
}

/// Every package of the lock file that one of the shipped targets needs.
fn packages(ws: &Workspace) -> Result<Vec<Value>> {
    let mut metadata = ws.cargo("metadata");
    metadata.args(["--locked", "--format-version", "1"]);
    for target in WHEEL_TARGETS.iter().chain(&[WASM_TARGET]) {
        metadata.args(["--filter-platform", target]);
    }
    let metadata: Value = serde_json::from_str(&answer(&mut metadata)?)
        .context("cargo metadata gave something else than JSON")?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    Ok(packages.context("cargo metadata names no packages")?.clone())
}

/// `cargo tree`, because `cargo metadata` turns on the features that any package asks for.
fn tree(ws: &Workspace, targets: &[&str]) -> Command {
    let mut tree = ws.cargo("tree");
    tree.args(["--locked", "--edges", "normal,no-proc-macro", "--prefix", "none"]);
    for target in targets {
        tree.args(["--target", target]);
    }
    tree
}

/// From lines like `bytes v1.12.2 (*)`.
fn names_and_versions(tree: &mut Command) -> Result<BTreeSet<(String, String)>> {
    let pair = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some((name.to_owned(), rest.split(' ').next()?.to_owned()))
    };
    Ok(answer(tree)?.lines().filter_map(pair).collect())
}

fn answer(command: &mut Command) -> Result<String> {
    let output = command.output().context("cargo could not be started")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo could not list the crates: {}", complaint.trim());
    String::from_utf8(output.stdout).context("cargo did not answer in UTF-8")
}

fn read(file: &PathBuf) -> Result<String> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(plain(&text))
}

/// Line ends and trailing spaces differ from checkout to checkout, and say nothing.
fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.trim_matches(['\r', '\n']).lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeps(name: &str, chosen: &[&str], file: &str) -> bool {
        let linked = Linked {
            name,
            version: "1.0.0",
            expression: "",
            authors: Vec::new(),
            folder: Path::new(""),
            places: vec![NPM_PLACE],
            chosen: chosen.iter().map(|name| (*name).to_owned()).collect(),
        };
        linked.must_keep(file)
    }

    #[test]
    fn notices_are_kept_whatever_the_terms() {
        for file in ["NOTICE", "THIRD-PARTY-LICENSES.md", "LICENSE-THIRD-PARTY", "COPYRIGHT"] {
            assert!(keeps("some", &[APACHE], file), "{file}");
        }
        assert!(!keeps("security-framework", &[APACHE], "THIRD_PARTY"));
        assert!(!keeps("some", &[APACHE], "README.md"));
    }

    #[test]
    fn the_text_of_what_was_chosen_is_kept_and_no_other() {
        assert!(keeps("some", &["MIT"], "LICENSE"));
        assert!(keeps("some", &["MIT"], "LICENSE-MIT.md"));
        assert!(!keeps("some", &["MIT"], "LICENSE-ZLIB"));
        assert!(!keeps("some", &["MIT"], "UNLICENSE"));
        assert!(!keeps("some", &[APACHE], "LICENSE"));
        assert!(!keeps("some", &[APACHE, "IJG"], "LICENSE-APACHE"));
        assert!(keeps("some", &[APACHE, "IJG"], "LICENSE-IJG"));
        assert!(keeps("ring", &[APACHE, "ISC"], "LICENSE-other-bits"));
    }

    #[test]
    fn line_ends_make_no_difference() {
        assert_eq!(plain("one \r\n two\r\n\r\n"), "one\n two\n");
    }
}
