//! A produced file: what is known about it at once, and its bytes on demand.

use std::{
    fmt,
    ops::Range,
    sync::{Arc, Mutex},
};

use bytes::{Bytes, BytesMut};
use serde::{Serialize, Serializer};

use crate::{
    error::Result,
    runtime::{BoxFuture, MaybeSend, MaybeSendSync, lock},
};

/// What is known about an output without downloading it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OutputFacts {
    /// What it is to the result where that has several files, such as `image`, `hdr` or `normal`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Such as `image/png`.
    pub mime_type: String,
    /// Pixels from left to right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels from top to bottom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Seconds of film or sound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// What makes the service produce it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Where it is, absolute; absent for outputs that were only ever in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// One output of a task; clones are the same output.
#[derive(Clone)]
pub struct MediaOutput(Arc<OutputCell>);

struct OutputCell {
    facts: OutputFacts,
    source: Option<Arc<dyn OutputSource>>,
    held: Mutex<Option<Bytes>>,
}

/// Where the bytes of an output come from.
pub(crate) trait OutputSource: MaybeSendSync + 'static {
    /// Starts to download all bytes, or those in the range.
    fn open(&self, range: Option<Range<u64>>) -> Box<dyn OutputChunks>;

    /// Told how many bytes the output now holds in memory.
    fn held(&self, bytes: u64);
}

/// The bytes of an output as they come.
pub(crate) trait OutputChunks: MaybeSend {
    /// The next chunk; `None` after the last, and after an error.
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Chunk>>>;
}

/// A piece of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chunk {
    /// The next bytes.
    Bytes(Bytes),
    /// The download broke off and could not be resumed, so that it begins again: whoever keeps
    /// the bytes drops what came before.
    StartsOver,
}

/// An output that is downloaded chunk by chunk and not held in memory. Dropping it ends the
/// download.
pub struct OutputStream(Chunks);

enum Chunks {
    Held(Option<Bytes>),
    Coming(Box<dyn OutputChunks>),
}

impl OutputStream {
    /// The next chunk; `None` after the last, and after an error.
    ///
    /// # Errors
    /// As [`MediaOutput::read`].
    pub async fn next(&mut self) -> Option<Result<Chunk>> {
        match &mut self.0 {
            Chunks::Held(bytes) => {
                let rest = bytes.take().filter(|bytes| !bytes.is_empty())?;
                Some(Ok(Chunk::Bytes(rest)))
            }
            Chunks::Coming(chunks) => chunks.next().await,
        }
    }

    async fn collect(mut self) -> Result<Bytes> {
        let (mut first, mut rest) = (Bytes::new(), BytesMut::new());
        while let Some(chunk) = self.next().await {
            match chunk? {
                Chunk::StartsOver => (first, rest) = (Bytes::new(), BytesMut::new()),
                Chunk::Bytes(bytes) if first.is_empty() => first = bytes,
                Chunk::Bytes(bytes) => {
                    if rest.is_empty() {
                        rest.extend_from_slice(&first);
                    }
                    rest.extend_from_slice(&bytes);
                }
            }
        }
        Ok(if rest.is_empty() { first } else { rest.freeze() })
    }
}

impl fmt::Debug for OutputStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OutputStream").finish_non_exhaustive()
    }
}

impl MediaOutput {
    /// An output whose bytes are here already.
    pub fn from_bytes(bytes: Bytes, mut facts: OutputFacts) -> Self {
        facts.size = Some(bytes.len() as u64);
        if let Some(mime_type) = super::sniff(&bytes) {
            mime_type.clone_into(&mut facts.mime_type);
        }
        Self(Arc::new(OutputCell { facts, source: None, held: Mutex::new(Some(bytes)) }))
    }

    pub(crate) fn lazy(facts: OutputFacts, source: Arc<dyn OutputSource>) -> Self {
        Self(Arc::new(OutputCell { facts, source: Some(source), held: Mutex::new(None) }))
    }

    /// What is known about it.
    pub fn facts(&self) -> &OutputFacts {
        &self.0.facts
    }

    /// The bytes, downloaded when first asked for and held from then on.
    ///
    /// # Errors
    /// `output` when the download fails, `too-large` past `max_output_bytes`. A failure does not
    /// change the task; the call may be repeated.
    pub async fn read(&self) -> Result<Bytes> {
        if let Some(bytes) = self.in_memory() {
            return Ok(bytes);
        }
        let bytes = self.stream().collect().await?;
        let held_before = lock(&self.0.held).replace(bytes.clone());
        if let (None, Some(source)) = (held_before, &self.0.source) {
            source.held(bytes.len() as u64);
        }
        Ok(bytes)
    }

    /// A part of the bytes, without the rest where the service takes ranges, and not held. What
    /// lies beyond the end is left out, as in a slice of Python or JavaScript.
    ///
    /// # Errors
    /// As [`MediaOutput::read`].
    pub async fn read_range(&self, range: Range<u64>) -> Result<Bytes> {
        if let Some(bytes) = self.in_memory() {
            let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
            let (start, end) = (place(range.start), place(range.end));
            return Ok(bytes.slice(start..end.max(start)));
        }
        self.open(Some(range)).collect().await
    }

    /// The bytes chunk by chunk, for files that are too large for memory; they are not held.
    pub fn stream(&self) -> OutputStream {
        match self.in_memory() {
            Some(bytes) => OutputStream(Chunks::Held(Some(bytes))),
            None => self.open(None),
        }
    }

    fn open(&self, range: Option<Range<u64>>) -> OutputStream {
        OutputStream(match &self.0.source {
            Some(source) => Chunks::Coming(source.open(range)),
            None => Chunks::Held(None),
        })
    }

    /// The bytes, if they are here already.
    pub fn in_memory(&self) -> Option<Bytes> {
        lock(&self.0.held).clone()
    }

    /// The file extension that fits the bytes, or the declared kind where the bytes say nothing.
    pub fn extension(&self) -> &'static str {
        self.extension_of(&self.in_memory().unwrap_or_default())
    }

    /// The same where the bytes begin with `start`, for those who take them chunk by chunk.
    pub fn extension_of(&self, start: &[u8]) -> &'static str {
        let proven = super::sniff(start).unwrap_or(&self.0.facts.mime_type);
        super::extension_of(proven).unwrap_or("bin")
    }

    pub(crate) fn held_bytes(&self) -> u64 {
        lock(&self.0.held).as_ref().map_or(0, |bytes| bytes.len() as u64)
    }
}

impl fmt::Debug for MediaOutput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MediaOutput({})", self.0.facts.mime_type)
    }
}

impl Serialize for MediaOutput {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.facts.serialize(serializer)
    }
}
