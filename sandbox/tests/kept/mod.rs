//! Files of the repository that hold what the engine makes, byte for byte.

use std::{env, fs, path::Path};

/// Set by `cargo xtask golden`.
const WRITE: &str = "MEDIA_FACTORY_WRITE_GOLDEN";

/// Whether the files are written anew instead of compared.
pub(crate) fn are_renewed() -> bool {
    env::var_os(WRITE).is_some()
}

/// Compares a file with what was made, or writes it.
pub(crate) fn check(path: &Path, found: &[u8]) {
    if are_renewed() {
        fs::write(path, found).unwrap();
    } else {
        let kept = fs::read(path).unwrap();
        assert!(kept == found, "{} is not what the engine makes now", path.display());
    }
}
