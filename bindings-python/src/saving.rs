//! A download into a file, which is never whole in memory.

use std::{
    fs::File,
    io::{self, Seek, Write},
    path::Path,
};

use media_factory_core::{
    Result,
    media::{Chunk, MediaOutput},
};
use tokio::task::block_in_place;

use crate::operation::Given;

/// Bytes are gathered up to this before they are written: each write takes the thread away from
/// other tasks.
const GATHERED: usize = 1 << 20;

/// As many bytes from the start tell every kind of file.
const START: usize = 512;

/// Downloads into a file that is not there yet; gives the extension that fits what has come.
pub(crate) async fn saved(output: &MediaOutput, path: &Path) -> Result<Given> {
    let mut writing = match Writing::begin(path) {
        Ok(writing) => writing,
        Err(error) => return Ok(Given::Unwritten(error)),
    };
    let mut chunks = output.stream();
    while let Some(chunk) = chunks.next().await {
        let written = match chunk? {
            Chunk::Bytes(bytes) => writing.take(&bytes),
            Chunk::StartsOver => writing.start_over(),
        };
        if let Err(error) = written {
            return Ok(Given::Unwritten(error));
        }
    }
    Ok(match writing.write() {
        Ok(()) => Given::Json(output.extension_of(&writing.start).into()),
        Err(error) => Given::Unwritten(error),
    })
}

struct Writing {
    file: File,
    gathered: Vec<u8>,
    start: Vec<u8>,
}

impl Writing {
    fn begin(path: &Path) -> io::Result<Self> {
        let file = block_in_place(|| File::create_new(path))?;
        Ok(Self { file, gathered: Vec::new(), start: Vec::new() })
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let missing = START.saturating_sub(self.start.len());
        self.start.extend(bytes.iter().take(missing));
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() < GATHERED { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> io::Result<()> {
        block_in_place(|| self.file.write_all(&self.gathered))?;
        self.gathered.clear();
        Ok(())
    }

    fn start_over(&mut self) -> io::Result<()> {
        self.gathered.clear();
        self.start.clear();
        block_in_place(|| {
            self.file.set_len(0)?;
            self.file.rewind()
        })
    }
}
