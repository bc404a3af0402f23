//! The native service protocol, version 1, as a pure handler: a request in, a response out.

mod renderer;

pub use renderer::{
    Extent, RenderFailure, RenderOrder, RenderProgress, RenderedFile, RenderedFiles, Renderer,
    Watch,
};

/// How much a server takes on.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Tasks that are rendered at the same time.
    pub workers: usize,
    /// Tasks that may wait beside them.
    pub queue: usize,
    /// Bytes of finished outputs that are kept; the oldest go first.
    pub output_bytes: u64,
}
