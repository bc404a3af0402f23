//! The native service protocol, version 1, as a pure handler: a request in, a response out.
//!
//! [`Server`] keeps tasks, their queue and their files in memory and reaches whoever renders
//! through a port, [`Renderer`]. In process it is asked through [`SandboxTransport`]; that is the
//! SDK's `sandbox` protocol, so that it takes the same path as a service on the network.

mod answer;
mod events;
mod files;
mod listing;
mod renderer;
mod routes;
mod store;
mod submit;
mod task;
#[cfg(not(target_family = "wasm"))]
mod threads;
mod transport;
mod version_0;
mod work;

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use media_factory_core::{
    media::MediaType,
    runtime::{BoxFuture, Clock, HttpRequest, HttpResponse, Spawner},
    task::TaskIds,
};

use self::store::Store;
#[cfg(not(target_family = "wasm"))]
pub use self::threads::{RenderWork, ThreadRenderer};
pub use self::{
    listing::VOICES,
    renderer::{
        Extent, RenderFailure, RenderOrder, RenderProgress, RenderedFile, RenderedFiles, Renderer,
        Watch,
    },
    transport::SandboxTransport,
};

/// How much a server takes on.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Tasks that are rendered at the same time.
    pub workers: usize,
    /// Tasks that may wait beside them; further ones are refused with 503.
    pub queue: usize,
    /// Finished tasks that are remembered, for a day at most.
    pub history: usize,
    /// Bytes of finished outputs that are kept; the oldest go first.
    pub output_bytes: u64,
    /// Bytes of uploads that are kept; the oldest go first.
    pub upload_bytes: u64,
    /// The longest film, in seconds.
    pub max_duration: f64,
}

impl Default for Limits {
    /// One worker, a queue of 10,000, a history of 100,000, 1 GiB each of outputs and uploads,
    /// films of up to an hour.
    fn default() -> Self {
        Self {
            workers: 1,
            queue: 10_000,
            history: 100_000,
            output_bytes: 1 << 30,
            upload_bytes: 1 << 30,
            max_duration: 3600.0,
        }
    }
}

/// A service in memory; clones are the same service.
#[derive(Clone)]
pub struct Server(Arc<Shared>);

pub(crate) struct Shared {
    renderer: Arc<dyn Renderer>,
    clock: Arc<dyn Clock>,
    spawner: Arc<dyn Spawner>,
    limits: Limits,
    ids: TaskIds,
    store: Mutex<Store>,
}

impl Server {
    /// A service without tasks. Workers run on `spawner`, time comes from `clock`.
    pub fn new(
        renderer: Arc<dyn Renderer>,
        clock: Arc<dyn Clock>,
        spawner: Arc<dyn Spawner>,
        limits: Limits,
    ) -> Self {
        let store = Mutex::new(Store::new(limits));
        Self(Arc::new(Shared { renderer, clock, spawner, limits, ids: TaskIds::default(), store }))
    }

    /// A service on the embedded engine and as many threads as there are processor cores.
    #[cfg(all(feature = "engine", not(target_family = "wasm")))]
    pub fn on_threads(clock: Arc<dyn Clock>, spawner: Arc<dyn Spawner>) -> Self {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let renderer = ThreadRenderer::new(crate::order::run_order, workers);
        Self::new(Arc::new(renderer), clock, spawner, Limits { workers, ..Limits::default() })
    }

    /// Answers a request to the service for one medium. Only the path and the query of the URL
    /// count. A request that was dropped before its answer may have been done all the same.
    pub fn handle(
        &self,
        media_type: MediaType,
        request: HttpRequest,
    ) -> BoxFuture<'static, HttpResponse> {
        Box::pin(routes::answer(self.0.clone(), media_type, request))
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Server")
            .field("renderer", &self.renderer)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
