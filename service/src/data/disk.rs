//! The storage of the server on a disk.

use std::{collections::BTreeSet, fmt, fs::File, io, ops::Range, sync::Arc};

use bytes::Bytes;
use media_factory_core::runtime::BoxFuture;
use media_factory_sandbox::server::{Change, Storage, StorageError};
use tokio::sync::oneshot;

use super::{files::Files, records::Book};

/// Keeps records and files in a data directory. Dropping it closes the directory, after everything
/// was written.
pub(crate) struct Disk {
    // In this order: the lock is let go last.
    book: Book,
    files: Files,
    _lock: File,
}

impl Disk {
    pub(super) fn new(book: Book, files: Files, lock: File) -> Self {
        Self { book, files, _lock: lock }
    }
}

impl Storage for Disk {
    fn save(&self, changes: Vec<Change>) -> BoxFuture<'static, Result<(), StorageError>> {
        let saved = self.book.save(changes);
        Box::pin(async move { saved.await.unwrap_or_else(|_| Err(closed())) })
    }

    fn put(&self, sha256: &str, bytes: Bytes) -> BoxFuture<'static, Result<(), StorageError>> {
        answered(self.files.put(sha256, bytes))
    }

    fn read(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> BoxFuture<'static, Result<Bytes, StorageError>> {
        answered(self.files.read(sha256, range))
    }

    fn remove(&self, sha256: &str) {
        self.files.remove(sha256);
    }

    fn retain(&self, files: &BTreeSet<Arc<str>>) {
        if let Err(error) = self.files.retain(files) {
            tracing::warn!(%error, "files that nobody needs could not be removed");
        }
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Disk")
    }
}

fn answered<T: Send + 'static>(
    answer: oneshot::Receiver<io::Result<T>>,
) -> BoxFuture<'static, Result<T, StorageError>> {
    Box::pin(async move {
        let result = answer.await.map_err(|_| closed())?;
        result.map_err(|error| {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::error!(%error, "a file cannot be written or read");
            }
            in_answer(&error)
        })
    })
}

fn closed() -> StorageError {
    StorageError::new("the service is ending")
}

/// What a client is told; the log says more.
pub(super) fn in_answer(error: &io::Error) -> StorageError {
    StorageError::new(match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk of the service is full"
        }
        io::ErrorKind::NotFound => "the file is gone",
        io::ErrorKind::UnexpectedEof => "the file is shorter than it was",
        _ => "the disk of the service does not work",
    })
}
