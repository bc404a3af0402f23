//! The storage of the server on a disk.

use std::{
    collections::BTreeSet,
    fmt,
    fs::File,
    io,
    ops::Range,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use media_factory_core::runtime::{BoxFuture, lock};
use media_factory_sandbox::server::{Change, Storage, StorageError};
use tokio::sync::oneshot;

use super::{files::Files, records::Book};

/// Keeps records and files in a data directory.
pub(crate) struct Disk(Mutex<Option<Open>>);

/// An open directory. Dropping it waits until everything is written.
struct Open {
    // In this order: the lock is let go last.
    book: Book,
    files: Files,
    _lock: File,
}

impl Disk {
    pub(super) fn new(book: Book, files: Files, lock: File) -> Self {
        Self(Mutex::new(Some(Open { book, files, _lock: lock })))
    }

    /// Closes the directory, after everything was written. Whoever still asks is refused.
    pub(crate) async fn close(&self) {
        let open = lock(&self.0).take();
        // A thread that could not be had, or died, has closed it as well.
        let _ = tokio::task::spawn_blocking(move || drop(open)).await;
    }

    fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Open) -> oneshot::Receiver<Result<T, StorageError>>,
    ) -> BoxFuture<'static, Result<T, StorageError>> {
        // Work is handed over here and now, so that it is done in the order of the calls.
        let answer = lock(&self.0).as_ref().map(work);
        Box::pin(async move {
            let closed = || StorageError::new("the service is ending");
            answer.ok_or_else(closed)?.await.unwrap_or_else(|_| Err(closed()))
        })
    }
}

impl Storage for Disk {
    fn save(&self, changes: Vec<Change>) -> BoxFuture<'static, Result<(), StorageError>> {
        self.with(|open| open.book.save(changes))
    }

    fn put(&self, sha256: &str, bytes: Bytes) -> BoxFuture<'static, Result<(), StorageError>> {
        self.with(|open| open.files.put(sha256, bytes))
    }

    fn read(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> BoxFuture<'static, Result<Bytes, StorageError>> {
        self.with(|open| open.files.read(sha256, range))
    }

    fn remove(&self, sha256: &str) {
        if let Some(open) = &*lock(&self.0) {
            open.files.remove(sha256);
        }
    }

    fn retain(&self, files: &BTreeSet<Arc<str>>) {
        let retained = lock(&self.0).as_ref().map_or(Ok(()), |open| open.files.retain(files));
        if let Err(error) = retained {
            tracing::warn!(%error, "files that nobody needs could not be removed");
        }
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Disk")
    }
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
