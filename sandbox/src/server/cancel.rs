//! `DELETE /tasks/{id}`: stops a task, or the one that will come under this id.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use media_factory_core::{
    error::Code,
    media::{MediaType, ProcessingStatus},
    runtime::{HttpResponse, lock},
};
use serde_json::Map as JsonMap;

use super::{
    Exchange, Shared,
    answer::{Refusal, json_response},
    promise::to_its_end,
    record::{TaskKey, TaskRecord},
    storage::Change,
    submit::checked_id,
    sweep,
};

/// Answers with the cancelled task.
///
/// # Errors
/// 409 when it has ended already.
pub(super) async fn cancel(exchange: &Exchange, id: &str) -> Result<HttpResponse, Refusal> {
    let key = exchange.key(Arc::from(checked_id(id)?));
    let (shared, media_type) = (exchange.shared.clone(), exchange.media_type.clone());
    let work = stop(shared, media_type, key.clone());
    to_its_end(&*exchange.shared.spawner, work).await?;
    let task = lock(&exchange.shared.store).task(&exchange.media_type, &key)?.to_json();
    Ok(json_response(200, &task))
}

/// Keeps the end before it stops the work: a task whose end could not be kept goes on.
pub(super) async fn stop(
    shared: Arc<Shared>,
    media_type: MediaType,
    key: TaskKey,
) -> Result<(), Refusal> {
    let _passage = shared.turnstile.pass(BTreeSet::from([key.clone()])).await;
    let now = shared.clock.now();
    let record = {
        let mut store = lock(&shared.store);
        match store.any(&key) {
            None => tombstone(key.clone(), media_type, store.number(), now),
            Some(_) => {
                let task = store.task(&media_type, &key)?;
                if !task.is_open() {
                    let status = task.status().as_str();
                    let message = format!("the task is {status} and cannot be cancelled");
                    return Err(Refusal::new(409, Code::Validation, message));
                }
                task.ending(now, ProcessingStatus::Cancelled)
            }
        }
    };
    let record = Arc::new(record);
    let saved = shared.storage.save(vec![Change::KeepTask(record.clone())]).await;
    saved.map_err(|error| Refusal::storage(&error))?;
    let mut store = lock(&shared.store);
    let former = store.end(record.clone());
    if former.is_none() {
        store.add(record);
    }
    drop(store);
    for file in former.iter().flat_map(|former| former.inputs.values()) {
        shared.files.release(file);
    }
    sweep::start(&shared);
    Ok(())
}

/// What a cancel leaves behind that comes before its task.
fn tombstone(key: TaskKey, media_type: MediaType, number: u64, now: u64) -> TaskRecord {
    TaskRecord {
        key,
        media_type,
        number,
        fingerprint: None,
        model: String::new(),
        status: ProcessingStatus::Cancelled,
        created_at: now,
        updated_at: now,
        parameters: JsonMap::new(),
        fidelity: Default::default(),
        inputs: BTreeMap::new(),
        outputs: BTreeMap::new(),
        log: Vec::new(),
        result: None,
        error: None,
        generations: 0,
    }
}
