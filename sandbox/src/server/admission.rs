//! How submissions become tasks: each key once, kept before it is answered.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use media_factory_core::{
    media::{MediaType, ProcessingStatus},
    runtime::lock,
};
use serde_json::{Map as JsonMap, Value as Json};
use sha2::{Digest, Sha256};

use super::{
    Exchange, Shared,
    answer::Refusal,
    check::{self, Checked, Source},
    promise::to_its_end,
    record::{FileRecord, TaskKey, TaskRecord},
    storage::{Change, StorageError},
    sweep, work,
};

/// One submission.
pub(super) struct Draft {
    pub(super) key: TaskKey,
    /// Of what was sent, however it came: alone, or in a batch.
    fingerprint: Arc<str>,
    parameters: JsonMap<String, Json>,
}

/// How submissions are taken.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terms {
    /// Whether one refusal refuses all.
    pub(super) all_or_none: bool,
    /// Whether there may be nothing to say, as version 0 has it.
    pub(super) blank_prompt: bool,
}

impl Draft {
    pub(super) fn new(
        exchange: &Exchange,
        id: Arc<str>,
        parameters: JsonMap<String, Json>,
    ) -> Self {
        let fingerprint = fingerprint(&exchange.media_type, &parameters);
        Self { key: exchange.key(id), fingerprint, parameters }
    }

    /// The same submission, rendered with other parameters than were sent.
    pub(super) fn with_parameters(mut self, parameters: JsonMap<String, Json>) -> Self {
        self.parameters = parameters;
        self
    }
}

fn fingerprint(media_type: &MediaType, parameters: &JsonMap<String, Json>) -> Arc<str> {
    let digest = Sha256::new().chain_update(media_type.as_str()).chain_update([0]);
    // Members are sorted, so that the same submission written otherwise is the same.
    let sent = serde_json::to_vec(parameters).unwrap_or_default();
    Arc::from(format!("{:x}", digest.chain_update(sent).finalize()))
}

/// Makes a task of every draft whose key has none, and gives the keys in order.
///
/// # Errors
/// 503 when the storage fails; then there is no new task. With [`Terms::all_or_none`] there is none
/// either when a single draft is refused.
pub(super) async fn admit(
    exchange: &Exchange,
    drafts: Vec<Draft>,
    terms: Terms,
) -> Result<Vec<Result<TaskKey, Refusal>>, Refusal> {
    let shared = exchange.shared.clone();
    let media_type = exchange.media_type.clone();
    let admission = Admission { shared, media_type, terms, fresh: Vec::new() };
    to_its_end(&*exchange.shared.spawner, admission.run(drafts)).await
}

struct Admission {
    shared: Arc<Shared>,
    media_type: MediaType,
    terms: Terms,
    /// What is to be kept.
    fresh: Vec<Arc<TaskRecord>>,
}

impl Admission {
    async fn run(mut self, drafts: Vec<Draft>) -> Result<Vec<Result<TaskKey, Refusal>>, Refusal> {
        let shared = self.shared.clone();
        let keys: BTreeSet<TaskKey> = drafts.iter().map(|draft| draft.key.clone()).collect();
        let _passage = shared.turnstile.pass(keys).await;
        let (mut outcomes, mut met) = (Vec::with_capacity(drafts.len()), BTreeMap::new());
        for draft in drafts {
            let before = met.get(&draft.key);
            let (key, fingerprint) = (draft.key.clone(), draft.fingerprint.clone());
            let outcome = match self.judge(draft, before).await {
                Ok(outcome) => outcome,
                Err(error) => {
                    self.abandon();
                    return Err(Refusal::storage(&error));
                }
            };
            if outcome.is_ok() {
                met.insert(key.clone(), fingerprint);
            }
            outcomes.push(outcome.map(|()| key));
        }
        if self.terms.all_or_none && outcomes.iter().any(Result::is_err) {
            self.abandon();
            return Ok(outcomes);
        }
        let changes: Vec<Change> = self.fresh.iter().cloned().map(Change::KeepTask).collect();
        if !changes.is_empty()
            && let Err(error) = shared.storage.save(changes).await
        {
            self.abandon();
            return Err(Refusal::storage(&error));
        }
        self.show(&outcomes);
        Ok(outcomes)
    }

    /// Whether a draft can be a task; `before` is what came under the same key in this very call.
    async fn judge(
        &mut self,
        draft: Draft,
        before: Option<&Arc<str>>,
    ) -> Result<Result<(), Refusal>, StorageError> {
        let known = match before {
            Some(fingerprint) if *fingerprint == draft.fingerprint => Ok(true),
            Some(_) => Err(Refusal::key_was_used()),
            None => lock(&self.shared.store).knows(&draft.key, &draft.fingerprint),
        };
        match known {
            Ok(false) => {}
            Ok(true) => return Ok(Ok(())),
            Err(refusal) => return Ok(Err(refusal)),
        }
        let (shared, scope) = (&self.shared, &draft.key.scope);
        let terms = self.terms;
        let checked = check::check(shared, scope, &self.media_type, draft.parameters, terms);
        let Checked { parameters, model, media, fidelity } = match checked {
            Ok(checked) => checked,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let place = match has_room(shared, &media) {
            true => lock(&shared.store).promise_place(),
            false => Err(Refusal::inputs_full()),
        };
        if let Err(refusal) = place {
            let shares = media.iter().filter_map(|(_, source)| source.share());
            shares.for_each(|file| shared.files.release(file));
            return Ok(Err(refusal));
        }
        let inputs = match keep_media(shared, media).await {
            Ok(inputs) => inputs,
            Err(error) => {
                lock(&shared.store).settle_place();
                return Err(error);
            }
        };
        let (number, now) = (lock(&shared.store).number(), shared.clock.now());
        self.fresh.push(Arc::new(TaskRecord {
            key: draft.key,
            media_type: self.media_type.clone(),
            number,
            fingerprint: Some(draft.fingerprint),
            model,
            status: ProcessingStatus::Pending,
            created_at: now,
            updated_at: now,
            parameters,
            inputs,
            fidelity,
            outputs: BTreeMap::new(),
            log: Vec::new(),
            result: None,
            error: None,
            generations: 0,
        }));
        Ok(Ok(()))
    }

    /// Takes back what was prepared.
    fn abandon(self) {
        for record in self.fresh {
            lock(&self.shared.store).settle_place();
            record.inputs.values().for_each(|file| self.shared.files.release(file));
        }
    }

    /// Shows what was kept, and finds workers for it.
    fn show(self, outcomes: &[Result<TaskKey, Refusal>]) {
        let mut store = lock(&self.shared.store);
        for record in self.fresh {
            store.settle_place();
            store.add(record);
        }
        for key in outcomes.iter().flatten() {
            store.tally(&key.id).submissions += 1;
        }
        drop(store);
        work::start(&self.shared);
        sweep::start(&self.shared);
    }
}

/// Whether there is room for the media of one more task. Outputs and uploads make room by
/// themselves, so what is above their limits is what waiting tasks need.
fn has_room(shared: &Shared, media: &[(String, Source)]) -> bool {
    let limits = shared.limits;
    let most = [limits.output_bytes, limits.upload_bytes, limits.input_bytes];
    let fresh = media.iter().map(|(_, source)| match source {
        Source::Bytes { bytes, .. } => bytes.len() as u64,
        Source::Kept(_) => 0,
    });
    let needed = shared.files.bytes().saturating_add(fresh.sum());
    media.is_empty() || needed <= most.into_iter().fold(0, u64::saturating_add)
}

/// Keeps the media of one task, all or none.
async fn keep_media(
    shared: &Shared,
    media: Vec<(String, Source)>,
) -> Result<BTreeMap<String, FileRecord>, StorageError> {
    let (mut inputs, mut failure) = (BTreeMap::new(), None);
    for (path, source) in media {
        let kept = match source {
            Source::Kept(file) => Ok(file),
            Source::Bytes { mime_type, bytes } => match failure {
                None => shared.files.keep(bytes, &mime_type).await,
                Some(_) => continue,
            },
        };
        match kept {
            Ok(file) => drop(inputs.insert(path, file)),
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        None => Ok(inputs),
        Some(error) => {
            inputs.values().for_each(|file| shared.files.release(file));
            Err(error)
        }
    }
}
