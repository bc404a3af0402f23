//! The compiler for `wasm32-unknown-unknown`, found in one of three ways: a target that is
//! installed, one that rustup can add, or Debian's own compiler with the standard library built
//! from source.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::machine::{OLDEST_RUST, Version, is_on_path, version_of};
use crate::process::{self, Job, Step};
use crate::workspace::{WASM_MODULES, WasmModule, Workspace};
use crate::{bindgen, debian};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library/std";
const LINKERS: [&str; 3] = ["wasm-ld-19", "wasm-ld", "rust-lld"];

/// After other flags. Browsers have had these instructions since 2023, Safari as the last.
const SIMD: &str = "\x1f-Ctarget-feature=+simd128";

/// Set to `debian`, this goes the third way even where the first would do.
const CHOICE: &str = "MEDIA_FACTORY_WASM";

/// What a rustup cargo leaves in the environment of its children, and Debian's must not see.
const RUSTUP_VARIABLES: [&str; 6] =
    ["LD_LIBRARY_PATH", "RUSTC", "RUSTC_WRAPPER", "RUSTDOC", "RUSTFLAGS", "RUSTUP_TOOLCHAIN"];

/// A compiler that can make WebAssembly.
#[derive(Debug)]
pub(crate) enum Compiler {
    /// The machine's own Rust, with the target installed.
    Native,
    /// Debian's, which brings the sources of the standard library instead of the target.
    Debian { linker: &'static str },
}

impl Compiler {
    /// Finds a compiler or installs one.
    pub(crate) fn provide(ws: &Workspace) -> Result<Self> {
        let step = Step::begin("wasm32 target");
        let debian_only = std::env::var(CHOICE).is_ok_and(|choice| choice == "debian");
        if !debian_only && target_is_installed(ws) {
            step.end("installed");
            return Ok(Self::Native);
        }
        if !debian_only && is_on_path("rustup") {
            // Without a network rustup would try five times before it gives up.
            let mut rustup = ws.command("rustup");
            rustup.args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "1");
            process::capture(ws, "rustup target add", &mut rustup)?;
            if target_is_installed(ws) {
                step.end("added by rustup");
                return Ok(Self::Native);
            }
        }
        if let Some(compiler) = Self::debian(ws) {
            step.end("Debian's compiler, standard library from source");
            return Ok(compiler);
        }
        step.end("not there yet");
        if debian::is_here() {
            debian::install(ws, &DEBIAN_PACKAGES)?;
            if let Some(compiler) = Self::debian(ws) {
                return Ok(compiler);
            }
        }
        bail!(
            "nothing here compiles for {TARGET}: run `rustup target add {TARGET}`, or on Debian \
             `apt-get install {}`",
            DEBIAN_PACKAGES.join(" ")
        )
    }

    fn debian(ws: &Workspace) -> Option<Self> {
        let new_enough = |program: &str| {
            version_of(ws, program).is_some_and(|version: Version| version >= OLDEST_RUST)
        };
        let has_source = std::path::Path::new(DEBIAN_SOURCE).is_dir();
        let linker = LINKERS.into_iter().find(|linker| is_on_path(linker))?;
        (has_source && new_enough(DEBIAN_RUSTC) && new_enough(DEBIAN_CARGO))
            .then_some(Self::Debian { linker })
    }

    /// `cargo <verb>` for the crates that become WebAssembly.
    fn cargo(&self, ws: &Workspace, verb: &str) -> Command {
        let mut command = match self {
            Self::Native => ws.cargo(verb),
            Self::Debian { linker } => {
                let mut command = ws.command(DEBIAN_CARGO);
                for name in RUSTUP_VARIABLES {
                    command.env_remove(name);
                }
                command
                    .env("RUSTC", DEBIAN_RUSTC)
                    // `-Zbuild-std` is what makes this way work; it needs the unstable flag only.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                    .env("CARGO_TARGET_DIR", self.target_dir(ws))
                    .args([verb, "-Zbuild-std=std,panic_abort"]);
                command
            }
        };
        command.args(["--target", TARGET]);
        command
    }

    /// Two compilers that shared a directory would rebuild everything at each turn.
    fn target_dir(&self, ws: &Workspace) -> PathBuf {
        match self {
            Self::Native => ws.target().to_owned(),
            Self::Debian { .. } => ws.target().join("wasm-debian"),
        }
    }

    /// Compiles the crates and generates what JavaScript imports, into `bindings-wasm/pkg`.
    pub(crate) fn build(&self, ws: &Workspace) -> Result<()> {
        // One at a time: together, each would carry the features that only the other asks for.
        for WasmModule { package, feature, name, simd } in WASM_MODULES {
            let mut flags = ws.without_our_paths();
            if simd {
                flags.push_str(SIMD);
            }
            let mut build = self.cargo(ws, "build");
            build.env("CARGO_ENCODED_RUSTFLAGS", flags);
            build.args(["--profile", PROFILE, "--package", package, "--features", feature]);
            let what = format!("wasm: cargo build for {name} (minutes the first time)");
            process::run(ws, &what, &mut build)?;
            let file = format!("{}.wasm", package.replace('-', "_"));
            let compiled = self.target_dir(ws).join(TARGET).join(PROFILE).join(file);
            bindgen::generate(ws, &compiled, name)?;
        }
        Ok(())
    }

    /// The same crates under the strictest lints this compiler has.
    pub(crate) fn lint(&self, ws: &Workspace) -> Job {
        let (name, verb, strict) = match self {
            Self::Native => ("clippy on wasm32", "clippy", &["--", "--deny", "warnings"][..]),
            // The profile of `build` reuses its standard library, and so does denying warnings
            // through cargo: as a compiler flag it would be compiled once more.
            Self::Debian { .. } => (
                "cargo check on wasm32 (Debian's compiler comes without clippy)",
                "check",
                &["--profile", PROFILE, "-Zwarnings", "--config", "build.warnings='deny'"][..],
            ),
        };
        let mut command = self.cargo(ws, verb);
        for module in WASM_MODULES {
            command.args(["--package", module.package, "--features", module.feature]);
        }
        command.args(strict);
        Job::new(format!("lint: {name}"), command)
    }
}

fn target_is_installed(ws: &Workspace) -> bool {
    let mut rustc = ws.command("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    rustc.output().is_ok_and(|output| {
        let directory = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success() && std::path::Path::new(&directory).is_dir()
    })
}
