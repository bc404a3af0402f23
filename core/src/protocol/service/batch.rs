//! Many submissions in one exchange, `POST /generate/batch` of version 1.
//!
//! The batch of version 0 is never used: it is all or nothing, without keys, so that one bad item
//! or one lost answer would leave open what of the rest was made and paid for.

use bytes::{BufMut, Bytes, BytesMut};
use serde_json::Value as Json;

use super::{
    super::{Answer, Batches, Job, Report},
    ServiceProtocol, body, decode, written,
};
use crate::{
    config::Config,
    error::{Code, Error, Result},
    media::Value,
    runtime::{HttpRequest, Method},
    url,
};

impl Batches for ServiceProtocol {
    fn item(&self, job: &Job<'_>) -> Result<Bytes> {
        let mut body = body(job);
        body.insert("idempotency_key", Value::from(job.task_id));
        written(&body)
    }

    fn submit(&self, config: &Config, items: &[Bytes]) -> HttpRequest {
        let length: usize = items.iter().map(|item| item.len() + 1).sum();
        let mut body = BytesMut::with_capacity(length + 16);
        body.put_slice(b"{\"requests\":[");
        for (place, item) in items.iter().enumerate() {
            if place > 0 {
                body.put_u8(b',');
            }
            body.put_slice(item);
        }
        body.put_slice(b"]}");
        let mut request = HttpRequest::new(Method::Post, address(config))
            .with_header("content-type", "application/json")
            .with_header("prefer", "respond-async");
        request.body = body.freeze();
        request
    }

    fn submitted(&self, jobs: &[Job<'_>], answer: &Answer) -> Result<Vec<Option<Report>>> {
        let json = answer.json()?;
        let Some(tasks) = json.get("tasks").and_then(Json::as_array) else {
            let message = format!("{} took a batch but listed no tasks", answer.to);
            return Err(Error::new(Code::Protocol, message).with_status(answer.status));
        };
        let report = |(job, task): (&Job<'_>, &Json)| {
            let is_its = task.get("task_id").and_then(Json::as_str) == Some(job.task_id);
            is_its.then(|| decode::report(job, task).ok()).flatten()
        };
        Ok(jobs.iter().zip(tasks).map(report).collect())
    }
}

/// Below the path of single submissions, unless `service_paths` says otherwise.
fn address(config: &Config) -> String {
    let path = config
        .replaced_path("batch")
        .map_or_else(|| url::join(config.path("generate"), "batch"), str::to_owned);
    url::join(&config.service_endpoint, &path)
}
