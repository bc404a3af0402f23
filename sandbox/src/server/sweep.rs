//! Making room: old tasks are forgotten, old outputs and uploads removed.

use std::{collections::BTreeSet, sync::Arc};

use media_factory_core::runtime::lock;

use super::{
    Shared,
    record::{TaskKey, TaskRecord, UploadRecord},
    storage::Change,
    store::Store,
    uploads,
};

/// Finished tasks, and so their keys, are known this long, in milliseconds; uploads are as well.
const MEMORY: u64 = 24 * 60 * 60 * 1000;

/// What goes in one step, so that no step is long.
const STEP: usize = 1000;

/// What is over a limit.
struct Overdue {
    tasks: Vec<TaskKey>,
    outputs: Vec<TaskKey>,
    uploads: Vec<UploadRecord>,
}

/// Makes room where it is due, beside everything else.
pub(super) fn start(shared: &Arc<Shared>) {
    let mut store = lock(&shared.store);
    if store.sweeping || Overdue::find(&store, shared.clock.now()).is_none() {
        return;
    }
    store.sweeping = true;
    drop(store);
    shared.spawner.spawn(Box::pin(sweep(shared.clone())));
}

async fn sweep(shared: Arc<Shared>) {
    while let Some(overdue) = next_step(&shared) {
        if !overdue.remove(&shared).await {
            // Whoever needs room next tries again.
            lock(&shared.store).sweeping = false;
            return;
        }
    }
}

fn next_step(shared: &Shared) -> Option<Overdue> {
    let mut store = lock(&shared.store);
    let overdue = Overdue::find(&store, shared.clock.now());
    store.sweeping = overdue.is_some();
    overdue
}

impl Overdue {
    fn find(store: &Store, now: u64) -> Option<Self> {
        let (limits, horizon) = (store.limits, now.saturating_sub(MEMORY));
        let surplus = store.finished.len().saturating_sub(limits.history);
        let old = store.finished.iter().enumerate();
        let tasks: Vec<TaskKey> = old
            .take_while(|(place, ((ended, _), _))| *place < surplus || *ended < horizon)
            .map(|(_, (_, key))| key.clone())
            .take(STEP)
            .collect();
        let mut bytes = store.output_bytes;
        // The newest outputs stay in any case: somebody has just waited for them.
        let oldest = store.with_outputs.len().saturating_sub(1);
        let full = store.with_outputs.values().take(oldest).take_while(|key| {
            let over = bytes > limits.output_bytes;
            let outputs = store.any(key).map(|task| task.record().outputs.values());
            bytes =
                bytes.saturating_sub(outputs.into_iter().flatten().map(|file| file.bytes).sum());
            over
        });
        let outputs: Vec<TaskKey> = full.take(STEP).cloned().collect();
        let uploads = store.uploads.overdue(horizon, limits.upload_bytes);
        let uploads: Vec<UploadRecord> = uploads.take(STEP).cloned().collect();
        let nothing = tasks.is_empty() && outputs.is_empty() && uploads.is_empty();
        (!nothing).then_some(Self { tasks, outputs, uploads })
    }

    /// `false` when the storage cannot do it.
    async fn remove(self, shared: &Shared) -> bool {
        let uploads = self.uploads.iter();
        let uploads = uploads.map(|gone| uploads::turnstile_key(&gone.scope, &gone.file.sha256));
        let tasks = self.tasks.iter().chain(&self.outputs).cloned();
        let keys: BTreeSet<TaskKey> = tasks.chain(uploads).collect();
        let _passage = shared.turnstile.pass(keys).await;
        let (tasks, emptied, uploads) = {
            let store = lock(&shared.store);
            // Somebody may have forgotten, or sent again, what was found.
            let has_ended = |key: &TaskKey| store.any(key).is_some_and(|task| !task.is_open());
            let tasks = self.tasks.iter().filter(|key| has_ended(key)).cloned();
            let tasks: BTreeSet<TaskKey> = tasks.collect();
            let known = self.outputs.iter().filter(|key| !tasks.contains(key));
            let emptied: Vec<Arc<TaskRecord>> = known
                .filter_map(|key| store.any(key))
                .filter(|task| !task.record().outputs.is_empty())
                .map(|task| {
                    let mut record = TaskRecord::clone(task.record());
                    record.outputs.clear();
                    Arc::new(record)
                })
                .collect();
            let horizon = shared.clock.now().saturating_sub(MEMORY);
            let still = store.uploads.overdue(horizon, store.limits.upload_bytes);
            let still: BTreeSet<u64> = still.map(|upload| upload.number).collect();
            let uploads = self.uploads.into_iter().filter(|gone| still.contains(&gone.number));
            (tasks, emptied, uploads.collect::<Vec<_>>())
        };
        let forget_task = tasks.iter().cloned().map(Change::ForgetTask);
        let empty = emptied.iter().cloned().map(Change::KeepTask);
        let forget_upload = uploads.iter().map(|gone| Change::ForgetUpload {
            scope: gone.scope.clone(),
            sha256: gone.file.sha256.clone(),
        });
        let changes = forget_task.chain(empty).chain(forget_upload).collect();
        if shared.storage.save(changes).await.is_err() {
            return false;
        }
        let mut store = lock(&shared.store);
        let mut released: Vec<Arc<TaskRecord>> = Vec::new();
        for key in &tasks {
            released.extend(store.drop_task(key));
            store.forget_tally(&key.id);
        }
        released.extend(emptied.into_iter().filter_map(|record| store.without_outputs(record)));
        for upload in &uploads {
            store.uploads.remove(&upload.scope, &upload.file.sha256);
            shared.files.release(&upload.file);
        }
        drop(store);
        for record in released {
            record.outputs.values().for_each(|file| shared.files.release(file));
        }
        true
    }
}
