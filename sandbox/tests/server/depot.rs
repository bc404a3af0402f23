//! A storage that outlives its servers, and fails or takes its time as it is told.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use media_factory_core::runtime::{BoxFuture, lock};
use media_factory_sandbox::server::{
    Change, Records, Storage, StorageError, TaskKey, TaskRecord, UploadRecord,
};
use tokio::sync::Notify;

/// A disk in memory.
#[derive(Default)]
pub(crate) struct Depot {
    tasks: Mutex<BTreeMap<TaskKey, TaskRecord>>,
    /// By scope and digest.
    uploads: Mutex<BTreeMap<[Arc<str>; 2], UploadRecord>>,
    starts: Mutex<u64>,
    files: Mutex<BTreeMap<String, Bytes>>,
    /// Every call, in words.
    pub(crate) calls: Mutex<Vec<String>>,
    /// What the next calls whose words begin so do.
    orders: Mutex<Vec<(String, Order)>>,
    open: Notify,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Order {
    Fail,
    Wait,
    Crash,
}

impl Depot {
    /// The next call that begins so fails, as on a full disk.
    pub(crate) fn fail(&self, call: &str) {
        lock(&self.orders).push((call.to_owned(), Order::Fail));
    }

    /// The next call that begins so takes until [`Self::go_on`].
    pub(crate) fn hold(&self, call: &str) {
        lock(&self.orders).push((call.to_owned(), Order::Wait));
    }

    /// The next call that begins so panics after [`Self::go_on`].
    pub(crate) fn crash(&self, call: &str) {
        lock(&self.orders).push((call.to_owned(), Order::Crash));
    }

    pub(crate) fn go_on(&self) {
        self.open.notify_waiters();
    }

    /// What a server would find that starts now; through JSON, as on a disk.
    pub(crate) fn records(&self) -> Records {
        let tasks = lock(&self.tasks);
        let through_json = |record: &TaskRecord| {
            serde_json::from_str(&serde_json::to_string(record).unwrap()).unwrap()
        };
        Records {
            starts: *lock(&self.starts),
            tasks: tasks.values().map(through_json).collect(),
            uploads: lock(&self.uploads).values().cloned().collect(),
        }
    }

    /// The status under which the task is kept.
    pub(crate) fn kept(&self, id: &str) -> Option<&'static str> {
        let tasks = lock(&self.tasks);
        tasks.values().find(|task| &*task.key.id == id).map(|task| task.status.as_str())
    }

    pub(crate) fn file_count(&self) -> usize {
        lock(&self.files).len()
    }

    /// The calls that begin so.
    pub(crate) fn calls_of(&self, kind: &str) -> usize {
        lock(&self.calls).iter().filter(|call| call.starts_with(kind)).count()
    }

    fn call<T: Send + 'static>(
        self: &Arc<Self>,
        words: String,
        work: impl FnOnce(&Self) -> Result<T, StorageError> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, StorageError>> {
        let order = {
            let mut orders = lock(&self.orders);
            let place = orders.iter().position(|(call, _)| words.starts_with(call.as_str()));
            place.map(|place| orders.remove(place).1)
        };
        lock(&self.calls).push(words);
        let depot = self.clone();
        Box::pin(async move {
            match order {
                Some(Order::Fail) => return Err(StorageError::new("the disk is full")),
                Some(Order::Wait) => depot.open.notified().await,
                Some(Order::Crash) => {
                    depot.open.notified().await;
                    panic!("told to panic");
                }
                None => {}
            }
            work(&depot)
        })
    }
}

/// The port, with a way back to the depot for futures.
#[derive(Debug, Clone)]
pub(crate) struct Shelf(pub(crate) Arc<Depot>);

impl Storage for Shelf {
    fn save(&self, changes: Vec<Change>) -> BoxFuture<'static, Result<(), StorageError>> {
        let words: Vec<String> = changes
            .iter()
            .map(|change| match change {
                Change::Start(_) => "start".to_owned(),
                Change::KeepTask(task) => format!("{} {}", task.status.as_str(), task.key.id),
                Change::ForgetTask(key) => format!("forget {}", key.id),
                Change::KeepUpload(_) => "upload".to_owned(),
                Change::ForgetUpload { .. } => "forget upload".to_owned(),
            })
            .collect();
        self.0.call(format!("save {}", words.join(", ")), |depot| {
            for change in changes {
                match change {
                    Change::Start(starts) => *lock(&depot.starts) = starts,
                    Change::KeepTask(task) => {
                        lock(&depot.tasks).insert(task.key.clone(), TaskRecord::clone(&task));
                    }
                    Change::ForgetTask(key) => drop(lock(&depot.tasks).remove(&key)),
                    Change::KeepUpload(upload) => {
                        let key = [upload.scope.clone(), upload.file.sha256.clone()];
                        lock(&depot.uploads).insert(key, upload);
                    }
                    Change::ForgetUpload { scope, sha256 } => {
                        lock(&depot.uploads).remove(&[scope, sha256]);
                    }
                }
            }
            Ok(())
        })
    }

    fn put(&self, sha256: &str, bytes: Bytes) -> BoxFuture<'static, Result<(), StorageError>> {
        let name = sha256.to_owned();
        self.0.call("put".to_owned(), move |depot| {
            lock(&depot.files).insert(name, bytes);
            Ok(())
        })
    }

    fn read(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> BoxFuture<'static, Result<Bytes, StorageError>> {
        let name = sha256.to_owned();
        self.0.call(format!("read {range:?}"), move |depot| {
            let gone = || StorageError::new("the file is gone");
            let file = lock(&depot.files).get(&name).cloned().ok_or_else(gone)?;
            Ok(file.slice(range.start as usize..range.end as usize))
        })
    }

    fn remove(&self, sha256: &str) {
        lock(&self.0.calls).push("remove".to_owned());
        lock(&self.0.files).remove(sha256);
    }

    fn retain(&self, files: &BTreeSet<Arc<str>>) {
        lock(&self.0.files).retain(|sha256, _| files.contains(sha256.as_str()));
    }
}

impl fmt::Debug for Depot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Depot")
    }
}
