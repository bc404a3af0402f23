//! The data directory: what must outlive the process.
//!
//! ```text
//! format         the version of everything below, as text
//! lock           held by the process that uses the directory
//! records.redb   tasks, keys and uploads
//! files/         inputs and outputs, each under its SHA-256
//! ```

mod disk;
mod files;
mod records;

use std::{
    collections::BTreeMap,
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use media_factory_sandbox::server::{FileRecord, Records};

pub(crate) use self::disk::Disk;
use self::{files::Files, records::Book};
use crate::failure::StartError;

/// The version that this program writes, and the highest that it reads.
const FORMAT: u32 = 1;

const FORMAT_FILE: &str = "format";
const LOCK_FILE: &str = "lock";
const RECORDS_FILE: &str = "records.redb";
const FILES: &str = "files";

/// Opens the directory, which is made where there is none, and reads what a former life left.
///
/// # Errors
/// In words: the directory is not writable, in use, damaged, of a newer version, or holds
/// something else. Nothing is changed then.
pub(crate) fn open(directory: &Path) -> Result<(Disk, Records), StartError> {
    let failed = |problem: String| StartError::Data { directory: directory.to_owned(), problem };
    prepare(directory).map_err(failed)?;
    let lock = take_lock(directory).map_err(failed)?;
    let fresh = !check_format(directory).map_err(failed)?;
    let (book, mut records) = Book::open(directory.join(RECORDS_FILE)).map_err(failed)?;
    let files = Files::open(directory.join(FILES)).map_err(|error| failed(unusable(&error)))?;
    let sizes = files.sizes().map_err(|error| failed(unusable(&error)))?;
    forget_missing(&mut records, &sizes);
    if fresh {
        // Last, so that a start that was cut short is begun anew.
        write_format(directory).map_err(|error| failed(unusable(&error)))?;
    }
    Ok((Disk::new(book, files, lock), records))
}

/// Takes files out of the records that are not there, or not of the size they were: what nobody
/// can serve does not exist for clients.
fn forget_missing(records: &mut Records, sizes: &BTreeMap<String, u64>) {
    let mut missing = 0;
    let mut is_there = |file: &FileRecord| {
        let there = sizes.get(&*file.sha256) == Some(&file.bytes);
        missing += usize::from(!there);
        there
    };
    for task in &mut records.tasks {
        task.outputs.retain(|_, file| is_there(file));
    }
    records.uploads.retain(|upload| is_there(&upload.file));
    if missing > 0 {
        tracing::warn!(missing, "files are not in the data directory any more, or cut short");
    }
}

fn prepare(directory: &Path) -> Result<(), String> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // What users make is theirs.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let absent = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    let made: Vec<&Path> = directory.ancestors().take_while(absent).collect();
    builder.create(directory).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "is no directory: give --data-dir another path".to_owned()
        }
        _ => unusable(&error),
    })?;
    // What is kept in it must not vanish with its name.
    made.into_iter().try_for_each(sync_parent).map_err(|error| unusable(&error))
}

/// The lock goes with the process, however that ends.
fn take_lock(directory: &Path) -> Result<File, String> {
    let path = directory.join(LOCK_FILE);
    let lock = File::options().create(true).write(true).truncate(false).open(path);
    let lock = lock.map_err(|error| unusable(&error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(in_use()),
        Err(TryLockError::Error(error)) => Err(unusable(&error)),
    }
}

fn in_use() -> String {
    "is in use by another media-factory-service: end that one, or give this one a directory of \
     its own"
        .to_owned()
}

/// Whether the directory is one of this program's; `false` when it is empty so far.
fn check_format(directory: &Path) -> Result<bool, String> {
    let text = match fs::read(directory.join(FORMAT_FILE)) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return expect_empty(directory).map(|()| false);
        }
        Err(error) => return Err(unusable(&error)),
    };
    match text.trim().parse::<u32>() {
        Ok(1..=FORMAT) => Ok(true),
        Ok(newer @ 2..) => Err(format!(
            "was written by a newer media-factory-service (format {newer}, this one knows \
             {FORMAT}): start that version, or choose another directory"
        )),
        _ => Err(damaged("its file 'format' holds no version")),
    }
}

/// Anything that this program did not make is somebody else's.
fn expect_empty(directory: &Path) -> Result<(), String> {
    let entries = fs::read_dir(directory).map_err(|error| unusable(&error))?;
    for entry in entries {
        let name = entry.map_err(|error| unusable(&error))?.file_name();
        let own = [LOCK_FILE, RECORDS_FILE, FILES].iter().any(|own| name == *own);
        if !own && !name.to_string_lossy().ends_with(NEW) {
            return Err("holds other files and is no data directory: choose an empty or a new one"
                .to_owned());
        }
    }
    Ok(())
}

fn write_format(directory: &Path) -> io::Result<()> {
    write_whole(&directory.join(FORMAT_FILE), format!("{FORMAT}\n").as_bytes())
}

/// What files are called while they are written.
const NEW: &str = ".new";

/// Writes a file so that it is there with all of its content or not at all, also after a crash.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(NEW);
    let unfinished = PathBuf::from(name);
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, path)?;
        sync_parent(path)
    });
    if written.is_err() {
        // A full disk needs the room; where this fails too, the next start removes it.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Makes a renaming survive a crash.
fn sync_parent(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(parent) = path.parent() {
        let here = Path::new(".");
        let parent = if parent.as_os_str().is_empty() { here } else { parent };
        File::open(parent)?.sync_all()?;
    }
    // Elsewhere directories cannot be opened; the system writes them in order.
    let _ = path;
    Ok(())
}

fn unusable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "is not writable for this user: change its owner or mode, or give --data-dir another \
             path"
                .to_owned()
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "is on a full disk: make room, or give --data-dir another path".to_owned()
        }
        _ => format!("cannot be used: {error}"),
    }
}

fn damaged(what: &str) -> String {
    format!(
        "is damaged ({what}); nothing in it was changed: restore it from a backup, or choose \
         another directory"
    )
}
