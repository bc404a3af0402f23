//! Files of this machine as media, and what else a process has: its environment.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use media_factory_core::{
    Code, Error, Issue,
    error::IssueCode,
    media::{MediaInput, MediaSource, Value},
    runtime::{BoxFuture, Host},
};
use pyo3::prelude::*;

/// The machine that Python runs on.
#[derive(Debug)]
pub(crate) struct Machine;

impl Host for Machine {
    fn environment(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn open(&self, path: &str) -> Option<Option<Arc<dyn MediaSource>>> {
        Some(MediaFile::open(Path::new(path)).map(|file| Arc::new(file) as Arc<dyn MediaSource>))
    }

    fn base_url(&self) -> Option<String> {
        None
    }

    fn connections_are_scarce(&self) -> bool {
        false
    }
}

/// A file that is there; read when the task needs its bytes.
#[derive(Debug)]
struct MediaFile {
    path: PathBuf,
    size: u64,
}

impl MediaFile {
    fn open(path: &Path) -> Option<Self> {
        let metadata = path.metadata().ok().filter(|metadata| !metadata.is_dir())?;
        Some(Self { path: path.to_owned(), size: metadata.len() })
    }

    fn content(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // One byte over the limit is enough to know that there are too many.
        File::open(&self.path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            return Err(io::Error::other(format!("it has more than {limit} bytes")));
        }
        Ok(bytes)
    }
}

impl MediaSource for MediaFile {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn size(&self) -> Option<u64> {
        Some(self.size)
    }

    fn read(&self, limit: u64) -> BoxFuture<'_, Result<Bytes, Error>> {
        Box::pin(async move {
            let content = tokio::task::block_in_place(|| self.content(limit));
            content.map(Bytes::from).map_err(|error| {
                let message = format!("'{}' cannot be read: {error}", self.path.display());
                let mut failure = Error::new(Code::Validation, message.clone());
                failure.issues = vec![Issue::new(self.name(), IssueCode::Format, message)];
                failure
            })
        })
    }
}

/// A path that the user gave as a path, and not as text.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct FileInput {
    path: PathBuf,
}

#[pymethods]
impl FileInput {
    #[new]
    fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

impl FileInput {
    /// The file, or the path as text, which validation then finds missing.
    pub(crate) fn value(&self) -> Value {
        match MediaFile::open(&self.path) {
            Some(file) => Value::Media(MediaInput::Source(Arc::new(file))),
            None => Value::String(self.path.display().to_string()),
        }
    }
}
