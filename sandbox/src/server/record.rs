//! What outlives the server: the persisted form of tasks and files.

use std::{collections::BTreeMap, sync::Arc};

use media_factory_core::{
    config::Fidelity,
    media::{MediaType, ProcessingStatus},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map as JsonMap, Value as Json};

/// What names a task: who submitted it, and the id under which.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TaskKey {
    /// Of the caller; see [`Caller`](super::Caller).
    pub scope: Arc<str>,
    /// 1 to 128 letters, digits, `-`, `_`, `.` or `~`.
    pub id: Arc<str>,
}

/// A task as it is kept. Progress is not part of it: work that was cut short begins anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Its name.
    pub key: TaskKey,
    /// What it makes.
    pub media_type: MediaType,
    /// Rises with every submission: the order of the queue and of lists.
    pub number: u64,
    /// SHA-256 of what was submitted, in lower-case hexadecimal; `None`: cancelled before anything
    /// was.
    pub fingerprint: Option<Arc<str>>,
    /// The model that was asked for, or the default.
    pub model: String,
    /// PENDING until it has ended, also while it is rendered.
    pub status: ProcessingStatus,
    /// Milliseconds since the Unix epoch.
    pub created_at: u64,
    /// Milliseconds since the Unix epoch.
    pub updated_at: u64,
    /// What is to be rendered, without media; empty once the task has ended.
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    pub parameters: JsonMap<String, Json>,
    /// Media inputs by parameter path, such as `images[0]`; empty once the task has ended.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<String, FileRecord>,
    /// Whether what is larger than the work budget may be made smaller.
    #[serde(default)]
    pub fidelity: Fidelity,
    /// Finished files by name, such as `0.png`; empty again when they made room for newer ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, FileRecord>,
    /// What the user should know, in full sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// The body of a synchronous answer, of a COMPLETED task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Json>,
    /// The error as version 1 writes it, of a FAILED task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Json>,
    /// How often a rendering of this task was finished and kept; never above 1.
    #[serde(default)]
    pub generations: u32,
}

/// Facts about a file; its bytes are under its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// In lower-case hexadecimal; the file's name in the storage.
    pub sha256: Arc<str>,
    /// Such as `image/png`.
    pub mime_type: String,
    /// Its size.
    pub bytes: u64,
}

/// A file that somebody uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadRecord {
    /// Of the caller; see [`Caller`](super::Caller).
    pub scope: Arc<str>,
    /// Rises with every upload: the lowest makes room first.
    pub number: u64,
    /// Milliseconds since the Unix epoch.
    pub uploaded_at: u64,
    /// The file.
    pub file: FileRecord,
}

/// Everything that a former life left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Records {
    /// How often a server was started on this storage.
    pub starts: u64,
    /// In any order.
    pub tasks: Vec<TaskRecord>,
    /// In any order.
    pub uploads: Vec<UploadRecord>,
}
