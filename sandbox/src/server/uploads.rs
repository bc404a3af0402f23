//! Files that callers send ahead of the tasks that need them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use media_factory_core::{
    error::Code,
    media::sniff,
    runtime::{HttpRequest, HttpResponse, lock},
};
use serde_json::json;

use super::{
    Shared,
    answer::{Refusal, json_response, with_header},
    promise::to_its_end,
    record::{FileRecord, TaskKey, UploadRecord},
    storage::{Change, StorageError},
    sweep,
};

/// The uploads that are known, by whose they are and by age.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    files: BTreeMap<(Arc<str>, Arc<str>), UploadRecord>,
    by_age: BTreeMap<u64, (Arc<str>, Arc<str>)>,
    bytes: u64,
}

impl Uploads {
    /// The upload that a path such as `/uploads/{sha256}` names.
    pub(super) fn at(&self, scope: &Arc<str>, path: &str) -> Option<&FileRecord> {
        let sha256 = path.strip_prefix("/uploads/")?;
        self.files.get(&(scope.clone(), Arc::from(sha256))).map(|upload| &upload.file)
    }

    /// Puts the upload up as the newest; gives the one whose place it took.
    pub(super) fn put(&mut self, upload: UploadRecord) -> Option<UploadRecord> {
        let key = (upload.scope.clone(), upload.file.sha256.clone());
        let former = self.remove(&key.0, &key.1);
        self.bytes += upload.file.bytes;
        self.by_age.insert(upload.number, key.clone());
        self.files.insert(key, upload);
        former
    }

    pub(super) fn remove(&mut self, scope: &Arc<str>, sha256: &Arc<str>) -> Option<UploadRecord> {
        let upload = self.files.remove(&(scope.clone(), sha256.clone()))?;
        self.by_age.remove(&upload.number);
        self.bytes = self.bytes.saturating_sub(upload.file.bytes);
        Some(upload)
    }

    /// Those that must go, oldest first: past `horizon`, or past so many bytes. The newest one
    /// stays in any case.
    pub(super) fn overdue(&self, horizon: u64, limit: u64) -> impl Iterator<Item = &UploadRecord> {
        let mut bytes = self.bytes;
        let oldest = self.by_age.values().take(self.by_age.len().saturating_sub(1));
        oldest.filter_map(|key| self.files.get(key)).take_while(move |upload| {
            let goes = bytes > limit || upload.uploaded_at < horizon;
            bytes = bytes.saturating_sub(upload.file.bytes);
            goes
        })
    }
}

/// What the turnstile knows an upload by; no task has such an id.
pub(super) fn turnstile_key(scope: &Arc<str>, sha256: &str) -> TaskKey {
    TaskKey { scope: scope.clone(), id: Arc::from(format!("/uploads/{sha256}")) }
}

/// `POST /uploads`: keeps the body under its hash, once.
pub(super) async fn upload(
    shared: &Arc<Shared>,
    scope: &Arc<str>,
    request: &HttpRequest,
) -> Result<HttpResponse, Refusal> {
    let Some(mime_type) = sniff(&request.body) else {
        let message = "an upload is a picture, film or sound; these bytes are of no known kind";
        return Err(Refusal::new(415, Code::Unsupported, message));
    };
    let keep = keep(shared.clone(), scope.clone(), request.body.clone(), mime_type);
    let keep = async move { keep.await.map_err(|error| Refusal::storage(&error)) };
    let file = to_its_end(&*shared.spawner, keep).await?;
    sweep::start(shared);
    let path = format!("/uploads/{}", file.sha256);
    let answer = json!({ "url": path, "mime_type": mime_type, "bytes": file.bytes });
    Ok(with_header(json_response(201, &answer), "location", &path))
}

async fn keep(
    shared: Arc<Shared>,
    scope: Arc<str>,
    bytes: bytes::Bytes,
    mime_type: &'static str,
) -> Result<FileRecord, StorageError> {
    let file = shared.files.keep(bytes, mime_type).await?;
    let key = turnstile_key(&scope, &file.sha256);
    let _passage = shared.turnstile.pass(BTreeSet::from([key])).await;
    let number = lock(&shared.store).number();
    let uploaded_at = shared.clock.now();
    let upload = UploadRecord { scope, number, uploaded_at, file: file.clone() };
    match shared.storage.save(vec![Change::KeepUpload(upload.clone())]).await {
        Ok(()) => {
            // The former record was a user of the same file.
            if let Some(former) = lock(&shared.store).uploads.put(upload) {
                shared.files.release(&former.file);
            }
            Ok(file)
        }
        Err(error) => {
            shared.files.release(&file);
            Err(error)
        }
    }
}
