//! The port to whatever outlives the server: memory by default, a disk behind the service.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use media_factory_core::runtime::{BoxFuture, MaybeSendSync, lock};

use super::record::{TaskKey, TaskRecord, UploadRecord};

/// Keeps records and files.
///
/// Files are named by their SHA-256 digest in lower-case hexadecimal and never change, so the same
/// bytes are kept once. Calls for one name take effect in the order in which they were made, not in
/// that in which their futures are polled.
pub trait Storage: fmt::Debug + MaybeSendSync + 'static {
    /// Writes all changes or none; they survive a crash once this resolves with `Ok`. Many calls
    /// may be open at once, and an implementation may gather them into one transaction. The future
    /// may be dropped; then it does not matter whether the changes were written.
    fn save(&self, changes: Vec<Change>) -> BoxFuture<'static, Result<(), StorageError>>;

    /// Keeps a file; it survives a crash once this resolves with `Ok`. The file may be there.
    fn put(&self, sha256: &str, bytes: Bytes) -> BoxFuture<'static, Result<(), StorageError>>;

    /// Reads a part of a file, without reading the rest of it. A part that ends past the file's
    /// end is an error, as is a file that is not there.
    fn read(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> BoxFuture<'static, Result<Bytes, StorageError>>;

    /// Removes a file soon; one that is not there is no matter.
    fn remove(&self, sha256: &str);

    /// Removes all files but these; called once, before anything else is.
    fn retain(&self, files: &BTreeSet<Arc<str>>);
}

/// One change of what is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A server was started for the so-manieth time; see [`Records`](super::Records).
    Start(u64),
    /// Keeps the task, in place of what was kept under its key.
    KeepTask(Arc<TaskRecord>),
    /// Forgets the task.
    ForgetTask(TaskKey),
    /// Keeps the upload, in place of what was kept for its scope and digest.
    KeepUpload(UploadRecord),
    /// Forgets the upload.
    ForgetUpload {
        /// Whose it is.
        scope: Arc<str>,
        /// Which file it is.
        sha256: Arc<str>,
    },
}

/// Why something could not be kept or read. The text goes into answers, so it names no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageError {
    /// Such as `the disk is full`.
    pub message: String,
}

impl StorageError {
    /// An error of these words.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for StorageError {}

/// Keeps files in memory, and no records: nobody could ask for them again.
#[derive(Default)]
pub struct MemoryStorage {
    files: Mutex<BTreeMap<Arc<str>, Bytes>>,
}

impl Storage for MemoryStorage {
    fn save(&self, _changes: Vec<Change>) -> BoxFuture<'static, Result<(), StorageError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn put(&self, sha256: &str, bytes: Bytes) -> BoxFuture<'static, Result<(), StorageError>> {
        lock(&self.files).insert(Arc::from(sha256), bytes);
        Box::pin(std::future::ready(Ok(())))
    }

    fn read(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> BoxFuture<'static, Result<Bytes, StorageError>> {
        let part = lock(&self.files).get(sha256).and_then(|file| {
            let (from, to) = (usize::try_from(range.start), usize::try_from(range.end));
            let range = from.ok()?..to.ok()?;
            (range.start <= range.end && range.end <= file.len()).then(|| file.slice(range))
        });
        let part = part.ok_or_else(|| StorageError::new("the file is gone"));
        Box::pin(std::future::ready(part))
    }

    fn remove(&self, sha256: &str) {
        lock(&self.files).remove(sha256);
    }

    fn retain(&self, files: &BTreeSet<Arc<str>>) {
        lock(&self.files).retain(|sha256, _| files.contains(sha256));
    }
}

impl fmt::Debug for MemoryStorage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MemoryStorage({} files)", lock(&self.files).len())
    }
}
