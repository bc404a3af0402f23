//! Where things are, and the clean environment in which other programs are started.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// A crate compiled for `wasm32-unknown-unknown`.
pub(crate) struct WasmModule {
    /// The crate.
    pub(crate) package: &'static str,
    /// Its feature beside the default ones, `package/feature`; empty for none.
    pub(crate) feature: &'static str,
    /// The name of what it produces.
    pub(crate) name: &'static str,
    /// Whether it may use the vector instructions of WebAssembly.
    pub(crate) simd: bool,
}

/// The modules of the npm package.
pub(crate) const WASM_MODULES: [WasmModule; 5] = [
    WasmModule { package: "media-factory-wasm", feature: "", name: "media_factory", simd: false },
    WasmModule {
        package: "media-factory-wasm",
        feature: "media-factory-wasm/testing",
        name: "media_factory_testing",
        simd: false,
    },
    WasmModule {
        package: "media-factory-sandbox-server",
        feature: "",
        name: "media_factory_sandbox_server",
        simd: false,
    },
    WasmModule {
        package: "media-factory-sandbox-worker",
        feature: "",
        name: "media_factory_sandbox_worker",
        simd: false,
    },
    WasmModule {
        package: "media-factory-neural-voice-wasm",
        feature: "",
        name: "media_factory_neural_voice",
        // Without them the network's interpreter is slow, and wrong where it narrows integers.
        simd: true,
    },
];

/// What cargo sets for the program it runs. A child cargo that saw them would believe them.
const CARGO_RUN_VARIABLES: [&str; 7] = [
    "CARGO",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
    "RUST_RECURSION_COUNT",
    "__CARGO_TEST_ROOT",
];

/// The repository on disk.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Asks cargo, which knows about `CARGO_TARGET_DIR` and configuration files.
    pub(crate) fn find() -> Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .stderr(Stdio::inherit())
            .output()
            .context("cargo could not be started; install Rust from https://rustup.rs")?;
        ensure!(output.status.success(), "cargo could not read the workspace (see above)");
        let metadata: Value = serde_json::from_slice(&output.stdout)
            .context("cargo metadata gave something else than JSON")?;
        let directory = |key: &str| {
            let text = metadata.get(key).and_then(Value::as_str);
            text.map(PathBuf::from).with_context(|| format!("cargo metadata names no {key}"))
        };
        Ok(Self { root: directory("workspace_root")?, target: directory("target_directory")? })
    }

    /// A path inside the repository.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Cargo's target directory.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// A program to be started at the repository's root, as if from a shell.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            // The last are a developer's own settings for the SDK: tests start from none.
            if CARGO_RUN_VARIABLES.contains(&text.as_ref())
                || text.starts_with("CARGO_PKG_")
                || text.starts_with("CARGO_MANIFEST_")
                || text.starts_with("MEDIA_FACTORY_")
            {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Native cargo. `PYO3_PYTHON` is always the same, or pyo3 would be rebuilt at every turn.
    pub(crate) fn cargo(&self, verb: &str) -> Command {
        let mut command = self.command("cargo");
        command.arg(verb).env("PYO3_PYTHON", self.python());
        command
    }

    /// Flags for what is shipped: panic messages name files, and those must not tell where on this
    /// machine the checkout and cargo's sources are.
    pub(crate) fn without_our_paths(&self) -> String {
        let home = std::env::home_dir().unwrap_or_default();
        let cargo =
            std::env::var_os("CARGO_HOME").map_or_else(|| home.join(".cargo"), PathBuf::from);
        let hidden = [(&cargo, "cargo"), (&self.root, "media-factory")];
        let flags =
            hidden.map(|(path, name)| format!("--remap-path-prefix={}={name}", path.display()));
        // What cargo splits CARGO_ENCODED_RUSTFLAGS at, so that paths may contain spaces.
        flags.join("\x1f")
    }

    /// The Python of the project's own environment.
    pub(crate) fn python(&self) -> PathBuf {
        self.venv_program("python")
    }

    /// A program that pip installed into `.venv`.
    pub(crate) fn venv_program(&self, name: &str) -> PathBuf {
        if cfg!(windows) {
            self.path(".venv").join("Scripts").join(format!("{name}.exe"))
        } else {
            self.path(".venv").join("bin").join(name)
        }
    }

    /// A program that npm installed into `node_modules`.
    pub(crate) fn npm_program(&self, name: &str) -> PathBuf {
        let file = if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() };
        self.path("node_modules").join(".bin").join(file)
    }

    /// The npm command line.
    pub(crate) fn npm(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(if cfg!(windows) { "npm.cmd" } else { "npm" });
        command.args(arguments);
        command
    }
}
