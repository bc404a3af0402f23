//! The port to whoever renders: threads natively, a worker with a module of its own in a page.

use std::{collections::BTreeMap, fmt, sync::Arc};

use bytes::Bytes;
use media_factory_core::{
    config::Fidelity,
    media::MediaType,
    runtime::{BoxFuture, MaybeSendSync},
};
use serde::{Deserialize, Serialize};

/// Renders orders. Any number of orders may be open at once; the server starts no more than its
/// [`Limits::workers`](super::Limits::workers) at a time.
pub trait Renderer: fmt::Debug + MaybeSendSync + 'static {
    /// Renders one order and tells `watch` how far it is. Dropping the future stops the work.
    fn render(
        &self,
        order: RenderOrder,
        watch: Watch,
    ) -> BoxFuture<'static, Result<RenderedFiles, RenderFailure>>;

    /// Whether the platform encodes films that the engine cannot: WebM, in browsers.
    fn encodes_films(&self) -> bool {
        false
    }

    /// Whether the installation brings the voice `neural`.
    fn has_neural_voice(&self) -> bool {
        false
    }
}

/// What is to be made: checked parameters, and the bytes of the media among them.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderOrder {
    /// Image, video or voice.
    pub media_type: MediaType,
    /// The request's parameters as they came, without the media inputs.
    pub parameters: serde_json::Map<String, serde_json::Value>,
    /// Media inputs by parameter path: `image`, `images[0]`, `audio_input`.
    pub inputs: BTreeMap<String, Bytes>,
    /// Whether what is larger than the work budget may be made smaller.
    pub fidelity: Fidelity,
}

/// What came of an order. Its serialized form leaves the bytes of the files out, so that they can
/// cross a border beside it without a copy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RenderedFiles {
    /// The files, in order; never empty.
    pub files: Vec<RenderedFile>,
    /// What was asked for.
    pub requested: Extent,
    /// What was made; smaller than `requested` when the work budget was exceeded.
    pub rendered: Extent,
    /// What the user should know, in full sentences.
    pub notes: Vec<String>,
}

/// One finished file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RenderedFile {
    /// The file.
    #[serde(skip)]
    pub bytes: Bytes,
    /// What the file is to the result, such as `image`, `hdr` or `normal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Such as `image/png`.
    pub mime_type: String,
    /// The usual file extension without a dot.
    pub extension: String,
    /// Pixels from left to right, for pictures and films.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels from top to bottom, for pictures and films.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Seconds, for films and speech.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// How sound or moving pictures are written, such as `H.264`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codec: Option<String>,
    /// The seed that makes this very file again.
    pub seed: u64,
}

/// The measures of a result; what a medium does not have is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// Pixels from left to right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels from top to bottom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Frames in a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fps: Option<f64>,
    /// Seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
}

/// Why there are no files. Serialized as `{"kind": "unsupported", "message": "…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "message", rename_all = "lowercase")]
pub enum RenderFailure {
    /// The work was stopped.
    Cancelled,
    /// The engine cannot do it; the text says what, and what can be done instead.
    Unsupported(String),
    /// An input cannot be used, such as a picture that does not decode.
    Invalid(String),
    /// A part of the engine could not be fetched; the same order may succeed later.
    Unreachable(String),
    /// A defect of the engine.
    Internal(String),
}

/// How far an order is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RenderProgress {
    /// 0 to 1, never falling.
    pub fraction: f32,
    /// What is being done, such as `rendering` or `encoding`.
    pub stage: String,
    /// A first look at the result, where there is a new one.
    pub preview: Option<RenderPreview>,
}

/// A small picture of the result to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderPreview {
    /// The file.
    pub bytes: Bytes,
    /// Such as `image/jpeg`.
    pub mime_type: String,
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

/// Whom a renderer tells how far it is. Cheap to clone; may be called from any thread.
#[derive(Clone)]
pub struct Watch(Arc<dyn Notice>);

/// A function that takes progress, `Send + Sync` where threads are.
trait Notice: MaybeSendSync {
    fn take(&self, progress: RenderProgress);
}

impl<F: Fn(RenderProgress) + MaybeSendSync> Notice for F {
    fn take(&self, progress: RenderProgress) {
        self(progress);
    }
}

impl Watch {
    /// Hands every progress to `notice`.
    pub fn new(notice: impl Fn(RenderProgress) + MaybeSendSync + 'static) -> Self {
        Self(Arc::new(notice))
    }

    /// Tells of progress.
    pub fn tell(&self, progress: RenderProgress) {
        self.0.take(progress);
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Watch")
    }
}
