//! Takes queued tasks to the renderer, and what comes of them back to the store.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::{FutureExt, future::Abortable};
use media_factory_core::{
    error::{Code, Error},
    runtime::lock,
};
use serde_json::json;

use super::{
    Shared,
    answer::timestamp,
    files::File,
    renderer::{RenderFailure, RenderedFiles, Watch},
    store::Turn,
};

/// Renders queued tasks until there are none; each of these is one of [`super::Limits::workers`].
pub(super) async fn work_off(shared: Arc<Shared>) {
    loop {
        let turn = lock(&shared.store).next(shared.clock.now());
        let Some(turn) = turn else { return };
        render(&shared, turn).await;
    }
}

async fn render(shared: &Arc<Shared>, turn: Turn) {
    let Turn { id, order, registration } = turn;
    let renderer = shared.renderer.clone();
    let watch = watch(shared, &id);
    // Inside the block, so that a panic before the first wait is caught as well.
    let rendering = async move { renderer.render(order, watch).await };
    let rendering = AssertUnwindSafe(rendering).catch_unwind();
    let outcome = match Abortable::new(rendering, registration).await {
        // Cancelled: the task says so already, and dropping the rendering has stopped it.
        Err(_) => return,
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(RenderFailure::Internal("the renderer crashed".to_owned())),
    };
    match outcome {
        Ok(rendered) if rendered.files.is_empty() => {
            end(shared, &id, RenderFailure::Internal("the renderer gave no file".to_owned()));
        }
        Ok(rendered) => complete(shared, &id, rendered),
        Err(failure) => end(shared, &id, failure),
    }
}

/// Weak, because the renderer may keep it longer than the server lives.
fn watch(shared: &Arc<Shared>, id: &Arc<str>) -> Watch {
    let (shared, id) = (Arc::downgrade(shared), id.clone());
    Watch::new(move |progress| {
        if let Some(shared) = shared.upgrade() {
            let now = shared.clock.now();
            lock(&shared.store).advance(&id, now, progress);
        }
    })
}

fn end(shared: &Shared, id: &Arc<str>, failure: RenderFailure) {
    let now = shared.clock.now();
    let error = match failure {
        RenderFailure::Cancelled => {
            lock(&shared.store).stop(id, now);
            return;
        }
        RenderFailure::Unsupported(reason) => Error::new(Code::Unsupported, reason),
        RenderFailure::Invalid(reason) => Error::new(Code::Validation, reason),
        RenderFailure::Internal(reason) => Error::new(Code::Internal, reason),
    };
    lock(&shared.store).fail(id, now, error);
}

fn complete(shared: &Shared, id: &Arc<str>, rendered: RenderedFiles) {
    let (mut outputs, mut files) = (Vec::new(), Vec::new());
    for (number, rendered) in rendered.files.into_iter().enumerate() {
        let path = format!("/outputs/{id}/{number}.{}", rendered.extension);
        let file = File::new(rendered.bytes.clone(), &*rendered.mime_type);
        let mut output = json!(rendered);
        if let Some(members) = output.as_object_mut() {
            // Part of the URL here.
            members.remove("extension");
            members.insert("url".into(), json!(path));
            members.insert("bytes".into(), json!(file.bytes.len()));
            members.insert("sha256".into(), json!(file.sha256));
        }
        outputs.push(output);
        files.push((path, file));
    }
    let mut store = lock(&shared.store);
    let now = shared.clock.now();
    let Some((medium, model)) = store.nature(id) else { return };
    let url = outputs.first().and_then(|output| output.get("url")).cloned();
    let result = json!({
        "status": "success",
        (format!("{medium}_id")): **id,
        "url": url,
        "outputs": outputs,
        "timestamp": timestamp(now),
        "metadata": {
            "model": model,
            "requested": rendered.requested,
            "rendered": rendered.rendered,
        },
    });
    store.complete(id, now, result, rendered.notes, files);
}
