//! Takes queued tasks to the renderer, and what comes of them to the storage.

use std::{
    collections::{BTreeMap, BTreeSet},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, future::Abortable};
use media_factory_core::{
    error::{Code, Error},
    media::ProcessingStatus,
    runtime::lock,
};
use serde_json::{Value as Json, json};

use super::{
    Shared,
    answer::{error_json, timestamp},
    record::{FileRecord, TaskKey, TaskRecord},
    renderer::{RenderFailure, RenderOrder, RenderedFile, RenderedFiles, Watch},
    storage::{Change, StorageError},
    store::Turn,
    sweep,
};

/// How long an end that could not be kept, or an input that could not be read, waits for the next
/// try.
const PAUSE: Duration = Duration::from_secs(1);

/// How often an input is read before its task fails.
const TRIES: u32 = 5;

/// Starts workers for what waits.
pub(super) fn start(shared: &Arc<Shared>) {
    let hired = lock(&shared.store).hire();
    for _ in 0..hired {
        shared.spawner.spawn(Box::pin(work_off(shared.clone())));
    }
}

/// Renders queued tasks until there are none; each of these is one of [`super::Limits::workers`].
async fn work_off(shared: Arc<Shared>) {
    loop {
        let turn = lock(&shared.store).next(shared.clock.now());
        let Some(Turn { record, registration }) = turn else { return };
        let rendering = Abortable::new(render(&shared, &record), registration);
        // Aborted: the task was cancelled, and says so already, or the server closes.
        if let Ok(outcome) = rendering.await {
            finish(&shared, &record, outcome).await;
        }
        lock(&shared.store).turn_over();
        sweep::start(&shared);
    }
}

async fn render(shared: &Arc<Shared>, record: &TaskRecord) -> Result<RenderedFiles, RenderFailure> {
    let mut inputs = BTreeMap::new();
    for (path, file) in &record.inputs {
        let bytes = input(shared, file).await.map_err(|error| {
            RenderFailure::Internal(format!("the input {path} could not be read: {error}"))
        })?;
        inputs.insert(path.clone(), bytes);
    }
    let media_type = record.media_type.clone();
    let (parameters, fidelity) = (record.parameters.clone(), record.fidelity);
    let order = RenderOrder { media_type, parameters, inputs, fidelity };
    let (renderer, watch) = (shared.renderer.clone(), watch(shared, &record.key));
    // Inside the block, so that a panic before the first wait is caught as well.
    let rendering = async move { renderer.render(order, watch).await };
    match AssertUnwindSafe(rendering).catch_unwind().await {
        Ok(Ok(rendered)) if rendered.files.is_empty() => {
            Err(RenderFailure::Internal("the renderer gave no file".to_owned()))
        }
        Ok(outcome) => outcome,
        Err(_) => Err(RenderFailure::Internal("the renderer crashed".to_owned())),
    }
}

/// The bytes of an input. What fails once may be a disk that is slow or a limit that was met; only
/// what goes on failing costs an accepted task.
async fn input(shared: &Shared, file: &FileRecord) -> Result<Bytes, StorageError> {
    let mut tries_left = TRIES - 1;
    loop {
        match shared.files.read(file).await {
            Err(_) if tries_left > 0 => tries_left -= 1,
            outcome => return outcome,
        }
        shared.clock.sleep(PAUSE).await;
    }
}

/// Weak, because the renderer may keep it longer than the server lives.
fn watch(shared: &Arc<Shared>, key: &TaskKey) -> Watch {
    let (shared, key) = (Arc::downgrade(shared), key.clone());
    Watch::new(move |progress| {
        if let Some(shared) = shared.upgrade() {
            let now = shared.clock.now();
            if let Some(task) = lock(&shared.store).any_mut(&key) {
                task.advance(now, progress);
            }
        }
    })
}

/// Keeps and shows how a task ended. Where the storage fails, the end waits for it: the task stays
/// in work, says why, and can be cancelled; it is neither lost nor rendered again.
async fn finish(
    shared: &Arc<Shared>,
    begun: &TaskRecord,
    outcome: Result<RenderedFiles, RenderFailure>,
) {
    let key = &begun.key;
    loop {
        let passage = shared.turnstile.pass(BTreeSet::from([key.clone()])).await;
        let ending = {
            let store = lock(&shared.store);
            match store.any(key) {
                // Another number is another task, after this one was forgotten.
                Some(task)
                    if task.is_open() && task.record().number == begun.number && !store.closed =>
                {
                    let now = shared.clock.now();
                    let record = task.ending(now, status_of(&outcome));
                    let took = now.saturating_sub(task.started_at().unwrap_or(now));
                    Ending { record, now, took }
                }
                _ => return,
            }
        };
        let Err(error) = ending.keep(shared, &outcome).await else { return };
        drop(passage);
        let remark = format!("The result cannot be kept yet: {error}. It is tried again.");
        if let Some(task) = lock(&shared.store).any_mut(key) {
            task.remark(shared.clock.now(), remark);
        }
        shared.clock.sleep(PAUSE).await;
    }
}

fn status_of(outcome: &Result<RenderedFiles, RenderFailure>) -> ProcessingStatus {
    match outcome {
        Ok(_) => ProcessingStatus::Completed,
        Err(RenderFailure::Cancelled) => ProcessingStatus::Cancelled,
        Err(_) => ProcessingStatus::Failed,
    }
}

/// An end on its way to the storage.
struct Ending {
    record: TaskRecord,
    now: u64,
    /// Milliseconds of work.
    took: u64,
}

impl Ending {
    /// Keeps the files and then the record, and shows it.
    async fn keep(
        mut self,
        shared: &Shared,
        outcome: &Result<RenderedFiles, RenderFailure>,
    ) -> Result<(), StorageError> {
        match outcome {
            Ok(rendered) => self.complete(shared, rendered).await?,
            Err(failure) => self.record.error = error_of(failure).as_ref().map(error_json),
        }
        let record = Arc::new(self.record);
        if let Err(error) = shared.storage.save(vec![Change::KeepTask(record.clone())]).await {
            record.outputs.values().for_each(|file| shared.files.release(file));
            return Err(error);
        }
        if let Some(former) = lock(&shared.store).end(record) {
            former.inputs.values().for_each(|file| shared.files.release(file));
        }
        Ok(())
    }

    async fn complete(
        &mut self,
        shared: &Shared,
        rendered: &RenderedFiles,
    ) -> Result<(), StorageError> {
        let mut outputs = Vec::new();
        for (number, file) in rendered.files.iter().enumerate() {
            let kept = match shared.files.keep(file.bytes.clone(), &file.mime_type).await {
                Ok(kept) => kept,
                Err(error) => {
                    self.record.outputs.values().for_each(|file| shared.files.release(file));
                    return Err(error);
                }
            };
            let name = format!("{number}.{}", file.extension);
            outputs.push(output(&format!("/outputs/{}/{name}", self.record.key.id), file, &kept));
            self.record.outputs.insert(name, kept);
        }
        self.record.generations += 1;
        self.record.log.extend(rendered.notes.iter().cloned());
        self.record.result = Some(json!({
            "status": "success",
            (format!("{}_id", self.record.media_type)): *self.record.key.id,
            "url": outputs.first().and_then(|output| output.get("url")),
            "outputs": outputs,
            "timestamp": timestamp(self.now),
            "metadata": {
                "model": self.record.model,
                // Models are accepted by name; whatever was named, no model made this.
                "engine": "media-factory-sandbox",
                "requested": rendered.requested,
                "rendered": rendered.rendered,
                // What is no more than an approximation is called one beside the file as well.
                "notes": rendered.notes,
                "device": "cpu",
                "generation_time_ms": self.took,
            },
        }));
        Ok(())
    }
}

/// An output as a result writes it.
fn output(url: &str, rendered: &RenderedFile, kept: &FileRecord) -> Json {
    let mut output = json!(rendered);
    if let Some(members) = output.as_object_mut() {
        // Part of the URL here.
        members.remove("extension");
        members.insert("url".into(), json!(url));
        members.insert("bytes".into(), json!(kept.bytes));
        members.insert("sha256".into(), json!(kept.sha256));
    }
    output
}

fn error_of(failure: &RenderFailure) -> Option<Error> {
    match failure {
        RenderFailure::Cancelled => None,
        RenderFailure::Unsupported(reason) => Some(Error::new(Code::Unsupported, reason)),
        RenderFailure::Invalid(reason) => Some(Error::new(Code::Validation, reason)),
        RenderFailure::Unreachable(reason) => Some(Error::new(Code::Connection, reason)),
        RenderFailure::Internal(reason) => Some(Error::new(Code::Internal, reason)),
    }
}
