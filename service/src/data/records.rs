//! Records in an embedded database, and the thread that writes them.

use std::{
    any::Any,
    fs, io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, Sender},
    thread,
};

use media_factory_sandbox::server::{Change, Records, StorageError, TaskKey};
use redb::{
    CommitError, Database, DatabaseError, ReadableDatabase, ReadableTable, TableDefinition,
    TableError,
};
use serde::de::DeserializeOwned;
use tokio::sync::oneshot;

use super::{damaged, in_use, sync_parent, unusable};

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
/// JSON by scope and id, which are parted by a NUL that neither contains.
const TASKS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("tasks");
/// JSON by scope and digest.
const UPLOADS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("uploads");

const STARTS: &str = "starts";

/// Saves that go into one transaction; more would only make the first one wait.
const LARGEST_GROUP: usize = 1024;

/// Bytes of the database that are kept in memory. Records are read once, at the start.
const CACHE: usize = 32 << 20;

/// Where records are written. Saves that come while the disk is busy share the next transaction.
#[derive(Debug)]
pub(super) struct Book {
    saves: Sender<Save>,
    writer: Option<thread::JoinHandle<()>>,
}

struct Save {
    changes: Vec<Change>,
    done: oneshot::Sender<Result<(), StorageError>>,
}

impl Book {
    /// Opens the database, or makes it, and reads everything in it.
    pub(super) fn open(path: PathBuf) -> Result<(Self, Records), String> {
        // The database may not expect every damage that there is.
        let opened = catch_unwind(|| {
            let database = database(&path)?;
            let records = read_all(&database)?;
            Ok((database, records))
        });
        let (database, records) = opened.unwrap_or_else(|panic| Err(panicked(&*panic)))?;
        let (saves, waiting) = mpsc::channel();
        let keeper = Keeper { path, database: Some(database) };
        let writer = thread::Builder::new().name("media-factory-records".to_owned());
        let writer =
            writer.spawn(move || keeper.write_off(&waiting)).map_err(|error| unusable(&error))?;
        Ok((Self { saves, writer: Some(writer) }, records))
    }

    /// Hands changes to the writer, in the order of these calls.
    pub(super) fn save(&self, changes: Vec<Change>) -> oneshot::Receiver<Result<(), StorageError>> {
        let (done, answer) = oneshot::channel();
        // Without a writer the answer is that the sender is gone.
        drop(self.saves.send(Save { changes, done }));
        answer
    }
}

impl Drop for Book {
    /// Waits until everything is written and the database is closed.
    fn drop(&mut self) {
        drop(std::mem::replace(&mut self.saves, mpsc::channel().0));
        if let Some(writer) = self.writer.take() {
            drop(writer.join());
        }
    }
}

/// What the writer's thread owns.
struct Keeper {
    path: PathBuf,
    /// `None` after a failed write: the database wants to be opened anew then.
    database: Option<Database>,
}

impl Keeper {
    fn write_off(mut self, waiting: &Receiver<Save>) {
        while let Ok(first) = waiting.recv() {
            let mut group = vec![first];
            while group.len() < LARGEST_GROUP {
                let Ok(next) = waiting.try_recv() else { break };
                group.push(next);
            }
            let changes = || group.iter().flat_map(|save| &save.changes);
            let result = catch_unwind(AssertUnwindSafe(|| self.write(changes())))
                .unwrap_or_else(|panic| Err(redb::Error::Corrupted(words_of(&*panic))));
            let result = result.map_err(|error| {
                self.database = None;
                tracing::error!(%error, "records cannot be written");
                in_answer(&error)
            });
            for save in group {
                // Whoever does not wait any more does not need to know.
                drop(save.done.send(result.clone()));
            }
        }
    }

    fn write<'a>(&mut self, changes: impl Iterator<Item = &'a Change>) -> Result<(), redb::Error> {
        let database = match &mut self.database {
            Some(database) => database,
            closed => closed.insert(builder().open(&self.path)?),
        };
        let transaction = database.begin_write()?;
        {
            let mut meta = transaction.open_table(META)?;
            let mut tasks = transaction.open_table(TASKS)?;
            let mut uploads = transaction.open_table(UPLOADS)?;
            for change in changes {
                match change {
                    Change::Start(number) => drop(meta.insert(STARTS, number)?),
                    Change::KeepTask(record) => {
                        let key = task_key(&record.key);
                        drop(tasks.insert(&*key, &*json(&**record)?)?);
                    }
                    Change::ForgetTask(key) => drop(tasks.remove(&*task_key(key))?),
                    Change::KeepUpload(record) => {
                        let key = joined(&record.scope, &record.file.sha256);
                        drop(uploads.insert(&*key, &*json(record)?)?);
                    }
                    Change::ForgetUpload { scope, sha256 } => {
                        drop(uploads.remove(&*joined(scope, sha256))?);
                    }
                }
            }
        }
        transaction.commit().map_err(CommitError::into)
    }
}

fn task_key(key: &TaskKey) -> String {
    joined(&key.scope, &key.id)
}

fn joined(scope: &str, name: &str) -> String {
    format!("{scope}\0{name}")
}

fn json(record: &impl serde::Serialize) -> Result<Vec<u8>, redb::Error> {
    serde_json::to_vec(record).map_err(|error| redb::Error::Io(io::Error::other(error)))
}

fn builder() -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE);
    builder
}

/// Opens the database after a look at every page of it. A new one gets its name when it is whole.
fn database(path: &Path) -> Result<Database, String> {
    if !fs::exists(path).map_err(|error| unusable(&error))? {
        let unfinished = path.with_extension("redb.new");
        let made = match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        made.map_err(|error| unusable(&error))?;
        drop(builder().create(&unfinished).map_err(in_words)?);
        let named = fs::rename(&unfinished, path).and_then(|()| sync_parent(path));
        named.map_err(|error| unusable(&error))?;
    }
    builder().set_check_integrity_on_open(true).open(path).map_err(in_words)
}

fn in_words(error: DatabaseError) -> String {
    match error {
        DatabaseError::DatabaseAlreadyOpen => in_use(),
        DatabaseError::Storage(redb::StorageError::Io(error))
            if error.kind() != io::ErrorKind::InvalidData
                && error.kind() != io::ErrorKind::UnexpectedEof =>
        {
            unusable(&error)
        }
        other => damaged(&format!("records.redb: {other}")),
    }
}

fn read_all(database: &Database) -> Result<Records, String> {
    let broken = |error: redb::Error| damaged(&format!("records.redb: {error}"));
    let transaction = database.begin_read().map_err(|error| broken(error.into()))?;
    let starts = match transaction.open_table(META) {
        Ok(meta) => meta.get(STARTS).map_err(|error| broken(error.into()))?,
        // Nothing was ever written.
        Err(TableError::TableDoesNotExist(_)) => return Ok(Records::default()),
        Err(error) => return Err(broken(error.into())),
    };
    Ok(Records {
        starts: starts.map_or(0, |starts| starts.value()),
        tasks: read_table(&transaction, TASKS)?,
        uploads: read_table(&transaction, UPLOADS)?,
    })
}

fn read_table<T: DeserializeOwned>(
    transaction: &redb::ReadTransaction,
    table: TableDefinition<'_, &str, &[u8]>,
) -> Result<Vec<T>, String> {
    let broken = |error: redb::Error| damaged(&format!("records.redb: {error}"));
    let table = transaction.open_table(table).map_err(|error| broken(error.into()))?;
    let entries = table.iter().map_err(|error| broken(error.into()))?;
    let read = entries.map(|entry| {
        let (_, record) = entry.map_err(|error| broken(error.into()))?;
        serde_json::from_slice(record.value())
            .map_err(|error| damaged(&format!("records.redb holds an unknown record: {error}")))
    });
    read.collect()
}

/// What a client is told; the log says more.
fn in_answer(error: &redb::Error) -> StorageError {
    match error {
        redb::Error::Io(error) => super::disk::in_answer(error),
        _ => StorageError::new("the service cannot write its records"),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    damaged(&format!("records.redb: {}", words_of(panic)))
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given").to_owned()
}
