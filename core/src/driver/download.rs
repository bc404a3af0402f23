//! Fetches an output when somebody asks for its bytes.

use std::sync::{Arc, Weak};

use bytes::Bytes;

use super::link::{Budget, Link};
use crate::{
    error::{Code, Error, Result},
    media::{MediaOutput, OutputSource, decode_data_url},
    protocol::Produced,
    runtime::{BoxFuture, HttpRequest, Method},
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
    fn read(&self) -> BoxFuture<'_, Result<Bytes>> {
        let message = format!(
            "an output of task {} has no address that may be followed: only http, https and data \
             URLs are, and paths that do not climb",
            self.task_id
        );
        let mut error = Error::new(Code::Output, message);
        error.retryable = false;
        error.task_id = Some(self.task_id.clone());
        Box::pin(async { Err(error) })
    }

    fn held(&self, _bytes: u64) {}
}

impl OutputSource for Download {
    fn read(&self) -> BoxFuture<'_, Result<Bytes>> {
        Box::pin(async move {
            let request = HttpRequest::new(Method::Get, &self.url);
            let limit = self.link.config.max_output_bytes;
            let budget = Budget::Attempts(self.link.config.retry.max_attempts);
            let answer = self.link.read(request, limit, None, budget).await;
            answer.map(|answer| answer.body).map_err(|cause| self.failure(&cause))
        })
    }

    fn held(&self, bytes: u64) {
        if let Some(store) = self.store.upgrade() {
            store.grown(&self.task_id, bytes);
        }
    }
}

impl Download {
    fn failure(&self, cause: &Error) -> Error {
        let code = if cause.code == Code::TooLarge { Code::TooLarge } else { Code::Output };
        let message = format!("an output of task {}: {}", self.task_id, cause.message);
        let mut error = Error::new(code, message);
        error.task_id = Some(self.task_id.clone());
        error.status = cause.status;
        error.hint = match cause.status {
            Some(404) => Some(
                "the service may serve files elsewhere: set asset_base_url or asset_rewrite".into(),
            ),
            _ if code == Code::TooLarge => Some("raise max_output_bytes".into()),
            _ => cause.hint.clone(),
        };
        error
    }
}
