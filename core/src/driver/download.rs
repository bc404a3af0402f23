//! Fetches an output when somebody asks for its bytes.

use std::{
    ops::Range,
    sync::{Arc, Weak},
};

use super::{
    link::Link,
    transfer::{Piece, Transfer},
};
use crate::{
    error::{Code, Error, Result},
    media::{Chunk, MediaOutput, OutputChunks, OutputSource, decode_data_url},
    protocol::{Produced, Version},
    runtime::BoxFuture,
    task::{Store, Task},
    url,
};

struct Download {
    link: Arc<Link>,
    url: String,
    task_id: Arc<str>,
    store: Weak<Store>,
}

/// An output without an address that may be followed. The work is done and paid for all the same,
/// so this is the output's error and not the task's.
struct Unreachable {
    task_id: Arc<str>,
}

/// An output that is fetched on demand; one whose bytes came with the answer is held at once.
pub(super) fn output(
    link: &Arc<Link>,
    task: &Task,
    store: Weak<Store>,
    produced: Produced,
) -> MediaOutput {
    let task_id = task.id().clone();
    let mut facts = produced.facts;
    if let Some(bytes) = produced.bytes {
        return MediaOutput::from_bytes(bytes, facts);
    }
    let Some(url) = facts.url.take() else {
        return MediaOutput::lazy(facts, Arc::new(Unreachable { task_id }));
    };
    if !url::has_scheme(&url, "data") {
        facts.url = Some(url.clone());
        let download = Download { link: link.clone(), url, task_id, store };
        return MediaOutput::lazy(facts, Arc::new(download));
    }
    match decode_data_url(&url) {
        Some((mime_type, bytes)) => {
            facts.mime_type = mime_type;
            MediaOutput::from_bytes(bytes, facts)
        }
        None => MediaOutput::lazy(facts, Arc::new(Unreachable { task_id })),
    }
}

impl OutputSource for Unreachable {
    fn open(&self, _range: Option<Range<u64>>) -> Box<dyn OutputChunks> {
        let message = format!(
            "an output of task {} came without a readable file, and without an address that may be \
             followed: only http, https and data URLs are, and paths that do not climb",
            self.task_id
        );
        let mut error = Error::new(Code::Output, message);
        error.retryable = false;
        error.task_id = Some(self.task_id.clone());
        Box::new(Refused(Some(error)))
    }

    fn held(&self, _bytes: u64) {}
}

/// An error instead of chunks.
struct Refused(Option<Error>);

impl OutputChunks for Refused {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Chunk>>> {
        let error = self.0.take();
        Box::pin(async { error.map(Err) })
    }
}

impl OutputSource for Download {
    fn open(&self, range: Option<Range<u64>>) -> Box<dyn OutputChunks> {
        let transfer = match range {
            Some(range) => Transfer::part(&self.link, &self.url, range),
            None => Transfer::whole(&self.link, &self.url),
        };
        let (link, task_id) = (self.link.clone(), self.task_id.clone());
        Box::new(Downloading { transfer, link, task_id })
    }

    fn held(&self, bytes: u64) {
        if let Some(store) = self.store.upgrade() {
            store.grown(&self.task_id, bytes);
        }
    }
}

/// A download as it comes.
struct Downloading {
    transfer: Transfer,
    link: Arc<Link>,
    task_id: Arc<str>,
}

impl OutputChunks for Downloading {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Chunk>>> {
        Box::pin(async move {
            Some(match self.transfer.next().await? {
                Ok(Piece::Bytes(bytes)) => Ok(Chunk::Bytes(bytes)),
                Ok(Piece::StartsOver) => Ok(Chunk::StartsOver),
                Err(cause) => Err(self.failure(&cause)),
            })
        })
    }
}

impl Downloading {
    fn failure(&self, cause: &Error) -> Error {
        let code = if cause.code == Code::TooLarge { Code::TooLarge } else { Code::Output };
        let message = format!("an output of task {}: {}", self.task_id, cause.message);
        let mut error = Error::new(code, message);
        error.task_id = Some(self.task_id.clone());
        error.status = cause.status;
        error.hint = match cause.status {
            Some(404 | 410) => Some(self.hint_for_missing().to_owned()),
            _ if code == Code::TooLarge => Some("raise max_output_bytes".into()),
            _ => cause.hint.clone(),
        };
        error
    }

    /// Services of version 1, and the sandbox, write addresses that are right; what is missing
    /// there was there once.
    fn hint_for_missing(&self) -> &'static str {
        match (&*self.link.endpoint.version(), self.link.protocol.is_embedded()) {
            (_, true) => "old outputs make room for new ones: read or save them as tasks finish",
            (Version::One(_), _) => {
                "old outputs make room for new ones: read or save them as tasks finish; if the \
                 service serves files elsewhere, set asset_base_url or asset_rewrite"
            }
            _ => "the service may serve files elsewhere: set asset_base_url or asset_rewrite",
        }
    }
}
