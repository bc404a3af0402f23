//! Event streams: how changes of tasks reach those who follow them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex},
    task::{Poll, Waker},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::future::{Either, select};
use media_factory_core::{
    error::Code,
    media::MediaType,
    runtime::{Body, BodyStream, BoxFuture, HttpResponse, TransportError, lock},
};
use serde_json::{Value as Json, json};

use super::{
    Exchange, Shared,
    answer::{Refusal, error_json},
    record::TaskKey,
    renderer::RenderPreview,
    store::Store,
    submit,
};

/// A stream without news says so this often, so that nobody takes it for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Tasks that one stream may follow.
pub const MOST_FOLLOWED: usize = 10_000;

/// Collects which tasks have changed since somebody last looked.
#[derive(Debug, Default)]
pub(super) struct Subscriber(Mutex<Changes>);

#[derive(Debug, Default)]
struct Changes {
    ids: BTreeSet<Arc<str>>,
    waker: Option<Waker>,
}

impl Subscriber {
    /// Notes that the task has changed.
    pub(super) fn tell(&self, id: &Arc<str>) {
        let mut changes = lock(&self.0);
        changes.ids.insert(id.clone());
        let waker = changes.waker.take();
        drop(changes);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// The tasks that have changed, as soon as there is one.
    pub(super) async fn changed(&self) -> BTreeSet<Arc<str>> {
        poll_fn(|context| {
            let mut changes = lock(&self.0);
            if changes.ids.is_empty() {
                changes.waker = Some(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(std::mem::take(&mut changes.ids))
        })
        .await
    }
}

/// `GET /tasks/{id}/events`: the task now, unless `Last-Event-ID` says that it is known, and then
/// after every change; and the newest preview of the work, where there is one.
pub(super) fn of_task(exchange: &Exchange, id: &str) -> Result<HttpResponse, Refusal> {
    let seen = exchange.request.header("last-event-id").and_then(|id| id.trim().parse().ok());
    let key = exchange.key(Arc::from(id));
    lock(&exchange.shared.store).task(&exchange.media_type, &key)?;
    Ok(stream(exchange, BTreeMap::from([(key.id, seen.unwrap_or(0))]), true))
}

/// `GET` or `POST /events`: one stream for many tasks. A task that does not exist is told as
/// failed with `not-found`, so that nobody waits for it.
pub(super) fn of_many<'a>(
    exchange: &Exchange,
    ids: impl Iterator<Item = &'a str>,
) -> Result<HttpResponse, Refusal> {
    let mut open = BTreeMap::new();
    for id in ids {
        open.insert(Arc::from(submit::checked_id(id)?), 0);
    }
    let refuse = |message: String| Err(Refusal::new(400, Code::Validation, message));
    match open.len() {
        0 => refuse("an event stream needs the ids of its tasks in 'tasks'".to_owned()),
        n if n > MOST_FOLLOWED => {
            refuse(format!("one stream follows at most {MOST_FOLLOWED} tasks"))
        }
        _ => Ok(stream(exchange, open, false)),
    }
}

/// `POST /events`: the ids are in the body, because there are too many for a URL.
pub(super) fn of_body(exchange: &Exchange) -> Result<HttpResponse, Refusal> {
    let mut members = submit::members(&exchange.request)?;
    let Some(Json::Array(ids)) = members.remove("tasks") else {
        return Err(submit::malformed("the ids of the tasks are a list, 'tasks'"));
    };
    let ids = ids.iter().map(Json::as_str).collect::<Option<Vec<_>>>();
    let ids = ids.ok_or_else(|| submit::malformed("the id of a task is a string"))?;
    of_many(exchange, ids.into_iter())
}

fn stream(exchange: &Exchange, open: BTreeMap<Arc<str>, u64>, numbered: bool) -> HttpResponse {
    let subscriber = Arc::new(Subscriber::default());
    let mut store = lock(&exchange.shared.store);
    for id in open.keys() {
        let key = exchange.key(id.clone());
        store.subscribe(&exchange.media_type, &key, &subscriber);
        subscriber.tell(id);
    }
    drop(store);
    let shared = exchange.shared.clone();
    let (scope, media_type) = (exchange.scope.clone(), exchange.media_type.clone());
    let body = EventBody { shared, scope, media_type, subscriber, open, numbered, previewed: 0 };
    HttpResponse {
        status: 200,
        headers: vec![
            ("content-type".into(), "text/event-stream".into()),
            ("cache-control".into(), "no-store".into()),
        ],
        body: Body::Stream(Box::new(body)),
    }
}

/// A stream that ends when all of its tasks have, or the server closes.
struct EventBody {
    shared: Arc<Shared>,
    scope: Arc<str>,
    media_type: MediaType,
    subscriber: Arc<Subscriber>,
    /// Tasks that are not finished, and which change of each was told last.
    open: BTreeMap<Arc<str>, u64>,
    /// Whether events have ids to resume from, which only make sense for one task.
    numbered: bool,
    /// The number of the last preview that was told.
    previewed: u64,
}

impl BodyStream for EventBody {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            while !self.open.is_empty() {
                let sleep = self.shared.clock.sleep(KEEP_ALIVE);
                let changed = match select(pin!(self.subscriber.changed()), sleep).await {
                    Either::Left((changed, _)) => Some(changed),
                    Either::Right(_) => None,
                };
                let Some(changed) = changed else {
                    return Some(Ok(Bytes::from_static(b": still here\n\n")));
                };
                let events = self.write(&changed);
                if !events.is_empty() {
                    return Some(Ok(Bytes::from(events)));
                }
                if lock(&self.shared.store).closed {
                    return None;
                }
            }
            None
        })
    }
}

impl EventBody {
    fn write(&mut self, changed: &BTreeSet<Arc<str>>) -> String {
        let shared = self.shared.clone();
        let store = lock(&shared.store);
        let mut events = String::new();
        for id in changed {
            let Some(seen) = self.open.get(id).copied() else { continue };
            let key = TaskKey { scope: self.scope.clone(), id: id.clone() };
            let now = Sight::of(&store, &self.media_type, &key);
            if self.numbered
                && let Ok(task) = store.task(&self.media_type, &key)
                && let (number, Some(preview)) = task.preview()
                && number > self.previewed
            {
                self.previewed = number;
                let _ = write!(events, "event: preview\ndata: {}\n\n", preview_json(id, preview));
            }
            if now.revision > seen {
                if self.numbered {
                    // Writing into a string cannot fail.
                    let _ = writeln!(events, "id: {}", now.revision);
                }
                let _ = write!(events, "event: update\ndata: {}\n\n", now.json);
            }
            if now.ended {
                self.open.remove(id);
            } else {
                self.open.insert(id.clone(), now.revision.max(seen));
            }
        }
        events
    }
}

/// The work so far as an output whose bytes are in its URL.
fn preview_json(id: &str, preview: &RenderPreview) -> Json {
    let encoded = STANDARD.encode(&preview.bytes);
    json!({
        "task_id": id,
        "preview": {
            "url": format!("data:{};base64,{encoded}", preview.mime_type),
            "mime_type": preview.mime_type,
            "width": preview.width,
            "height": preview.height,
            "bytes": preview.bytes.len(),
        },
    })
}

/// A task as a stream shows it.
struct Sight {
    revision: u64,
    ended: bool,
    json: Json,
}

impl Sight {
    fn of(store: &Store, media_type: &MediaType, key: &TaskKey) -> Self {
        match store.task(media_type, key) {
            Ok(task) => {
                Self { revision: task.revision(), ended: !task.is_open(), json: task.to_json() }
            }
            Err(refusal) => {
                let error = error_json(refusal.error());
                let json = json!({ "task_id": *key.id, "status": "failed", "error": error });
                Self { revision: u64::MAX, ended: true, json }
            }
        }
    }
}
