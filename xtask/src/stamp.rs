//! Stamps: a product remembers a fingerprint of what it was made from, and is reused while that
//! has not changed. Contents count, not times: a fresh checkout is not a change.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Directories that hold products, never sources.
const PRODUCTS: [&str; 6] = ["target", "node_modules", "pkg", "dist", "__pycache__", ".venv"];

/// A fingerprint and the file that keeps it, beside the product it describes.
pub(crate) struct Stamp {
    file: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// Fingerprints `sources` (files or whole directories; a missing one counts as empty) and
    /// `context`, whatever else the product depends on, such as the version of a compiler.
    pub(crate) fn of(
        ws: &Workspace,
        file: PathBuf,
        sources: &[&str],
        context: &str,
    ) -> Result<Self> {
        let mut paths = Vec::new();
        for source in sources {
            collect(&ws.path(source), &mut paths)?;
        }
        paths.sort();
        let mut hasher = DefaultHasher::new();
        context.hash(&mut hasher);
        for path in paths {
            path.hash(&mut hasher);
            fs::read(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?
                .hash(&mut hasher);
        }
        Ok(Self { file, fingerprint: format!("{:016x}", hasher.finish()) })
    }

    /// Fingerprints a source that is already in memory.
    pub(crate) fn of_bytes(file: PathBuf, source: &[u8], context: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        context.hash(&mut hasher);
        source.hash(&mut hasher);
        Self { file, fingerprint: format!("{:016x}", hasher.finish()) }
    }

    /// Whether the product was made from exactly these sources.
    pub(crate) fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == self.fingerprint)
    }

    /// Remembers that the product is now made from these sources.
    pub(crate) fn write(&self) -> Result<()> {
        fs::write(&self.file, &self.fingerprint)
            .with_context(|| format!("{} cannot be written", self.file.display()))
    }
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        into.push(path.to_owned());
    } else if path.is_dir() {
        for entry in
            fs::read_dir(path).with_context(|| format!("{} cannot be listed", path.display()))?
        {
            let entry = entry?;
            if !PRODUCTS.contains(&entry.file_name().to_string_lossy().as_ref()) {
                collect(&entry.path(), into)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_follows_contents_and_context() {
        let file = std::env::temp_dir().join(format!("stamp-{}", std::process::id()));
        let stamp = |source: &[u8], context| Stamp::of_bytes(file.clone(), source, context);
        assert!(!stamp(b"one", "1.0").is_current());
        stamp(b"one", "1.0").write().unwrap();
        assert!(stamp(b"one", "1.0").is_current());
        assert!(!stamp(b"two", "1.0").is_current());
        assert!(!stamp(b"one", "1.1").is_current());
        fs::remove_file(&file).unwrap();
    }

    #[test]
    fn products_are_no_sources() {
        let folder = std::env::temp_dir().join(format!("sources-{}", std::process::id()));
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::create_dir_all(folder.join("target")).unwrap();
        fs::write(folder.join("src/lib.rs"), "").unwrap();
        fs::write(folder.join("target/lib.o"), "").unwrap();
        let mut paths = Vec::new();
        collect(&folder, &mut paths).unwrap();
        assert_eq!(paths, [folder.join("src/lib.rs")]);
        fs::remove_dir_all(&folder).unwrap();
    }
}
