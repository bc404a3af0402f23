//! What the reference services do with clients that know no tasks: wait, and answer with the result,
//! in the codes and bodies of their frameworks. Other than theirs, every value is true of a real
//! file.
//!
//! A client may wait for long, and have sent media: nothing of its body is kept meanwhile.

mod batch;
mod result;
mod single;

use std::sync::Arc;

use media_factory_core::{
    media::ProcessingStatus,
    runtime::{HttpResponse, lock},
};
use serde_json::Value as Json;

use super::{Exchange, answer::Refusal, events::Subscriber, record::TaskKey};

/// `POST /generate`, as the Flask services answer.
pub(super) async fn generate(exchange: &mut Exchange) -> HttpResponse {
    single::generate(exchange).await
}

/// `POST /generate/batch`, as the FastAPI variant answers.
pub(super) async fn batch(exchange: &mut Exchange) -> HttpResponse {
    batch::generate(exchange).await
}

/// How a task ended that somebody has waited for.
enum End {
    /// With the result of version 1.
    Result(Json),
    /// Without; in words.
    Failure(String),
    /// Nobody knows yet: the server closes.
    Unknown(Refusal),
}

/// Waits for the end. A client that goes away does not stop the work.
async fn end_of(exchange: &Exchange, key: &TaskKey) -> End {
    let subscriber = Arc::new(Subscriber::default());
    let store = &exchange.shared.store;
    lock(store).subscribe(&exchange.media_type, key, &subscriber);
    loop {
        if let Some(end) = seen(exchange, key) {
            return end;
        }
        subscriber.changed().await;
    }
}

fn seen(exchange: &Exchange, key: &TaskKey) -> Option<End> {
    let store = lock(&exchange.shared.store);
    let record = match store.task(&exchange.media_type, key) {
        Ok(task) => task.record(),
        Err(refusal) => return Some(End::Unknown(refusal)),
    };
    match record.status {
        ProcessingStatus::Completed => Some(End::Result(record.result.clone().unwrap_or_default())),
        ProcessingStatus::Cancelled => Some(End::Failure("the task was cancelled".to_owned())),
        ProcessingStatus::Failed => {
            let message = record.error.as_ref().and_then(|error| error.get("message"));
            let message = message.and_then(Json::as_str).unwrap_or("the task failed");
            Some(End::Failure(message.to_owned()))
        }
        _ if store.closed => Some(End::Unknown(Refusal::closing())),
        _ => None,
    }
}
