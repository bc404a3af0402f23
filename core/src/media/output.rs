//! A produced file: what is known about it at once, and its bytes on demand.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use serde::{Serialize, Serializer};

use crate::{
    error::{Code, Error, Result},
    runtime::{BoxFuture, MaybeSendSync, lock},
};

/// What is known about an output without downloading it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OutputFacts {
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
    /// Downloads all bytes.
    fn read(&self) -> BoxFuture<'_, Result<Bytes>>;

    /// Told how many bytes the output now holds in memory.
    fn held(&self, bytes: u64);
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
        let Some(source) = &self.0.source else {
            return Err(Error::new(Code::Output, "the output has neither bytes nor an address"));
        };
        let bytes = source.read().await?;
        let held_before = lock(&self.0.held).replace(bytes.clone());
        if held_before.is_none() {
            source.held(bytes.len() as u64);
        }
        Ok(bytes)
    }

    /// The bytes, if they are here already.
    pub fn in_memory(&self) -> Option<Bytes> {
        lock(&self.0.held).clone()
    }

    /// The file extension that fits the bytes, or the declared kind where the bytes say nothing.
    pub fn extension(&self) -> &'static str {
        let sniffed = self.in_memory().and_then(|bytes| super::sniff(&bytes));
        super::extension_of(sniffed.unwrap_or(&self.0.facts.mime_type)).unwrap_or("bin")
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
