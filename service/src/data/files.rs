//! Files under their digests, and the threads that write and read them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
    path::PathBuf,
    sync::{
        Arc,
        mpsc::{self, Sender},
    },
    thread,
};

use bytes::Bytes;
use media_factory_sandbox::server::StorageError;
use tokio::sync::oneshot;

use super::{disk::in_answer, sync_parent, write_whole};

/// Threads that wait for the disk. All work for one name is done by the same one, in order.
const THREADS: usize = 4;

/// Characters of a SHA-256 in hexadecimal.
const NAME: usize = 64;

/// The folder of all files.
#[derive(Debug)]
pub(super) struct Files {
    folder: PathBuf,
    threads: Vec<(Sender<Work>, thread::JoinHandle<()>)>,
}

type Work = Box<dyn FnOnce() + Send>;

impl Files {
    /// Opens the folder, which is made where there is none.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        sync_parent(&folder)?;
        let threads = (0..THREADS).map(|_| {
            let (work, waiting) = mpsc::channel::<Work>();
            let thread = thread::Builder::new().name("media-factory-files".to_owned());
            let thread = thread.spawn(move || waiting.into_iter().for_each(|work| work()))?;
            Ok((work, thread))
        });
        let threads = threads.collect::<io::Result<_>>()?;
        Ok(Self { folder, threads })
    }

    /// Every file and its length in bytes.
    pub(super) fn sizes(&self) -> io::Result<BTreeMap<String, u64>> {
        let entries = fs::read_dir(&self.folder)?.map(|entry| {
            let entry = entry?;
            Ok((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()))
        });
        entries.collect()
    }

    /// Writes a file unless it is there.
    pub(super) fn put(
        &self,
        sha256: &str,
        bytes: Bytes,
    ) -> oneshot::Receiver<Result<(), StorageError>> {
        self.later(sha256, move |path| {
            // A file is there whole or not at all, and its name says what is in it. The length is
            // compared all the same: a disk that was full may have promised too much.
            match fs::metadata(&path) {
                // Whoever wrote it may have failed after it had its name.
                Ok(known) if known.len() == bytes.len() as u64 => sync_parent(&path),
                _ => write_whole(&path, &bytes),
            }
        })
    }

    /// Reads a part of a file.
    pub(super) fn read(
        &self,
        sha256: &str,
        range: Range<u64>,
    ) -> oneshot::Receiver<Result<Bytes, StorageError>> {
        self.later(sha256, move |path| {
            let length = range.end.checked_sub(range.start).and_then(|n| usize::try_from(n).ok());
            let length = length.ok_or(io::ErrorKind::InvalidInput)?;
            let mut file = File::open(path)?;
            // Before memory is taken for what may not be there.
            if file.metadata()?.len() < range.end {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            file.seek(SeekFrom::Start(range.start))?;
            let mut bytes = vec![0; length];
            file.read_exact(&mut bytes)?;
            Ok(Bytes::from(bytes))
        })
    }

    /// Removes a file.
    pub(super) fn remove(&self, sha256: &str) {
        // Nobody waits: a file that stays is removed at the next start.
        drop(self.later(sha256, fs::remove_file));
    }

    /// Removes all files but these, and what was being written when the process ended.
    pub(super) fn retain(&self, files: &BTreeSet<Arc<str>>) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let known = name.to_str().is_some_and(|name| files.contains(name));
            // A folder in here is none of ours.
            if !known && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn later<T: Send + 'static>(
        &self,
        sha256: &str,
        work: impl FnOnce(PathBuf) -> io::Result<T> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, StorageError>> {
        let (done, answer) = oneshot::channel();
        let Some(number) = number_of(sha256) else {
            drop(done.send(Err(StorageError::new("a file is named by its SHA-256"))));
            return answer;
        };
        let path = self.folder.join(sha256);
        if let Some((thread, _)) = self.threads.get(number % THREADS) {
            drop(thread.send(Box::new(move || drop(done.send(work(path).map_err(in_words))))));
        }
        answer
    }
}

impl Drop for Files {
    /// Waits until everything is done.
    fn drop(&mut self) {
        for (work, thread) in self.threads.drain(..) {
            drop(work);
            drop(thread.join());
        }
    }
}

fn in_words(error: io::Error) -> StorageError {
    if error.kind() != io::ErrorKind::NotFound {
        tracing::error!(%error, "a file cannot be written or read");
    }
    in_answer(&error)
}

/// A number that depends on the name; `None` for anything but a digest, so that no name leads out
/// of the folder.
fn number_of(sha256: &str) -> Option<usize> {
    let plain = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    let well_formed = sha256.len() == NAME && sha256.as_bytes().iter().all(plain);
    well_formed.then(|| sha256.bytes().map(usize::from).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME_OF_A: &str = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";

    fn files() -> (tempfile::TempDir, Files) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path().join("files")).unwrap();
        (folder, files)
    }

    #[test]
    fn work_for_a_name_is_done_in_order() {
        let (_folder, files) = files();
        let put = files.put(NAME_OF_A, Bytes::from_static(b"a"));
        let read = files.read(NAME_OF_A, 0..1);
        files.remove(NAME_OF_A);
        let gone = files.read(NAME_OF_A, 0..1);
        let again = files.put(NAME_OF_A, Bytes::from_static(b"a"));
        let past = files.read(NAME_OF_A, 0..2);
        assert_eq!(put.blocking_recv().unwrap(), Ok(()));
        assert_eq!(read.blocking_recv().unwrap(), Ok(Bytes::from_static(b"a")));
        assert_eq!(gone.blocking_recv().unwrap().unwrap_err().message, "the file is gone");
        assert_eq!(again.blocking_recv().unwrap(), Ok(()));
        assert!(past.blocking_recv().unwrap().unwrap_err().message.contains("shorter"));
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let (folder, files) = files();
        for name in ["../x", "", "/etc/passwd", "x", &"A".repeat(64), &"../".repeat(22)[..64]] {
            let put = files.put(name, Bytes::from_static(b"a")).blocking_recv().unwrap();
            assert!(put.unwrap_err().message.contains("SHA-256"), "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_leaves_nothing_half_written() {
        let (folder, files) = files();
        let unfinished = folder.path().join(format!("files/{NAME_OF_A}.new"));
        std::os::unix::fs::symlink("/dev/full", &unfinished).unwrap();
        let full = files.put(NAME_OF_A, Bytes::from_static(b"a")).blocking_recv().unwrap();
        assert_eq!(full.unwrap_err().message, "the disk of the service is full");
        assert!(!unfinished.exists());
        let again = files.put(NAME_OF_A, Bytes::from_static(b"a")).blocking_recv().unwrap();
        assert_eq!(again, Ok(()), "it is tried anew when there is room");
    }
}
