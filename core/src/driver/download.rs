//! Fetches an output when somebody asks for its bytes.

use std::sync::{Arc, Weak};

use bytes::Bytes;

use super::link::Link;
use crate::{
    error::{Code, Error, Result},
    media::{MediaOutput, OutputFacts, OutputSource, decode_data_url},
    runtime::{BoxFuture, HttpRequest, Method},
    task::{Store, Task},
};

struct Download {
    link: Arc<Link>,
    url: String,
    task_id: Arc<str>,
    store: Weak<Store>,
}

/// An output that is fetched on demand; one inside a `data:` URL is held at once.
pub(super) fn output(
    link: &Arc<Link>,
    task: &Task,
    store: Weak<Store>,
    mut facts: OutputFacts,
) -> Result<MediaOutput> {
    let Some(url) = facts.url.clone() else {
        return Err(Error::new(Code::Protocol, "an output has no address"));
    };
    if !url.starts_with("data:") {
        let link = link.clone();
        let download = Download { link, url, task_id: task.id().clone(), store };
        return Ok(MediaOutput::lazy(facts, Arc::new(download)));
    }
    let Some((mime_type, bytes)) = decode_data_url(&url) else {
        return Err(Error::new(Code::Protocol, "an output is a malformed data URL"));
    };
    facts.url = None;
    facts.mime_type = mime_type;
    Ok(MediaOutput::from_bytes(bytes, facts))
}

impl OutputSource for Download {
    fn read(&self) -> BoxFuture<'_, Result<Bytes>> {
        Box::pin(async move {
            let request = HttpRequest::new(Method::Get, &self.url);
            let limit = self.link.config.max_output_bytes;
            let attempts = self.link.config.retry.max_attempts;
            let answer = self.link.read(request, limit, None, attempts).await;
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
