//! The bytes of inputs, outputs and uploads: kept once for all who use them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use media_factory_core::runtime::{
    Body, BodyStream, BoxFuture, Sent, TransportError, TransportErrorKind, lock,
};
use sha2::{Digest, Sha256};

use super::{
    record::FileRecord,
    storage::{Storage, StorageError},
};

/// What is read and sent at a time of a long file, in bytes.
const CHUNK: u64 = 256 * 1024;

/// Files in the storage, and how many records use each. A file without users is removed.
#[derive(Debug)]
pub(super) struct Files {
    storage: Arc<dyn Storage>,
    known: Mutex<AllKnown>,
}

#[derive(Debug, Default)]
struct AllKnown {
    by_sha256: BTreeMap<Arc<str>, Known>,
    bytes: u64,
}

#[derive(Debug, Default)]
struct Known {
    users: usize,
    /// Whether its bytes are in the storage, rather than on their way.
    there: bool,
}

impl AllKnown {
    fn one_more_user(&mut self, file: &FileRecord) -> &mut Known {
        let known = self.by_sha256.entry(file.sha256.clone()).or_default();
        if known.users == 0 {
            self.bytes += file.bytes;
        }
        known.users += 1;
        known
    }
}

impl Files {
    pub(super) fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage, known: Mutex::default() }
    }

    /// Counts a user of a file that a former life kept.
    pub(super) fn restore(&self, file: &FileRecord) {
        lock(&self.known).one_more_user(file).there = true;
    }

    /// How much all files have, in bytes.
    pub(super) fn bytes(&self) -> u64 {
        lock(&self.known).bytes
    }

    /// Removes what nobody was counted for.
    pub(super) fn retain_used(&self) {
        self.storage.retain(&lock(&self.known).by_sha256.keys().cloned().collect());
    }

    /// Keeps the bytes, for one user more.
    pub(super) async fn keep(
        &self,
        bytes: Bytes,
        mime_type: &str,
    ) -> Result<FileRecord, StorageError> {
        let sha256: Arc<str> = Arc::from(format!("{:x}", Sha256::digest(&bytes)));
        let size = bytes.len() as u64;
        let file =
            FileRecord { sha256: sha256.clone(), mime_type: mime_type.to_owned(), bytes: size };
        if lock(&self.known).one_more_user(&file).there {
            return Ok(file);
        }
        match self.storage.put(&sha256, bytes).await {
            Ok(()) => {
                if let Some(entry) = lock(&self.known).by_sha256.get_mut(&sha256) {
                    entry.there = true;
                }
                Ok(file)
            }
            Err(error) => {
                self.release(&file);
                Err(error)
            }
        }
    }

    /// Counts one user more of a file that has one.
    pub(super) fn share(&self, file: &FileRecord) {
        if let Some(entry) = lock(&self.known).by_sha256.get_mut(&file.sha256) {
            entry.users += 1;
        }
    }

    /// One user less; the last one's file is removed.
    pub(super) fn release(&self, file: &FileRecord) {
        let mut known = lock(&self.known);
        let Some(entry) = known.by_sha256.get_mut(&file.sha256) else { return };
        entry.users = entry.users.saturating_sub(1);
        if entry.users == 0 {
            known.by_sha256.remove(&file.sha256);
            known.bytes = known.bytes.saturating_sub(file.bytes);
            // Under the lock, so that whoever keeps the same bytes next does so after this.
            self.storage.remove(&file.sha256);
        }
    }

    /// The whole file.
    pub(super) async fn read(&self, file: &FileRecord) -> Result<Bytes, StorageError> {
        self.storage.read(&file.sha256, 0..file.bytes).await
    }

    /// A part of the file as a response's body. Its beginning is read before this resolves, so that
    /// a file which cannot be read is told in the head.
    pub(super) async fn body(
        &self,
        file: &FileRecord,
        range: std::ops::Range<u64>,
    ) -> Result<Body, StorageError> {
        let first_end = range.end.min(range.start.saturating_add(CHUNK));
        let first = self.storage.read(&file.sha256, range.start..first_end).await?;
        if first_end == range.end {
            return Ok(Body::Full(first));
        }
        Ok(Body::Stream(Box::new(FileBody {
            storage: self.storage.clone(),
            sha256: file.sha256.clone(),
            first: Some(first),
            at: first_end,
            end: range.end,
        })))
    }
}

/// A long file on its way, chunk by chunk.
struct FileBody {
    storage: Arc<dyn Storage>,
    sha256: Arc<str>,
    first: Option<Bytes>,
    at: u64,
    end: u64,
}

impl BodyStream for FileBody {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            if let Some(first) = self.first.take() {
                return Some(Ok(first));
            }
            if self.at >= self.end {
                return None;
            }
            let to = self.end.min(self.at.saturating_add(CHUNK));
            let chunk = self.storage.read(&self.sha256, self.at..to).await;
            // An error ends the body: what would follow has a gap before it.
            self.at = if chunk.is_ok() { to } else { self.end };
            Some(chunk.map_err(|error| {
                TransportError::new(TransportErrorKind::Torn, Sent::Maybe, error.message)
            }))
        })
    }
}
