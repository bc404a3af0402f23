//! The native service protocol, version 1, as a pure handler: a request in, a response out.
//!
//! [`Server`] reaches whoever renders through a port, [`Renderer`], and whatever outlives it through
//! another, [`Storage`]; by default that is memory. In process it is asked through [`SandboxTransport`]; that is the
//! SDK's `sandbox` protocol, so that it takes the same path as a service on the network.

mod admission;
mod answer;
mod caller;
mod cancel;
mod check;
mod downloads;
mod events;
mod files;
mod json;
mod listing;
mod promise;
mod record;
mod renderer;
mod routes;
mod storage;
mod store;
mod submit;
mod sweep;
mod task;
#[cfg(not(target_family = "wasm"))]
mod threads;
mod transport;
mod turnstile;
mod uploads;
mod version_0;
mod work;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex},
};

use media_factory_core::{
    config::Fidelity,
    media::MediaType,
    runtime::{BoxFuture, Clock, HttpRequest, HttpResponse, Spawner, lock},
    task::TaskIds,
};

#[cfg(all(feature = "engine", not(target_family = "wasm")))]
use crate::engine::neural_voice::Extras;

#[cfg(not(target_family = "wasm"))]
pub use self::threads::{RenderWork, ThreadRenderer, workers};
pub use self::{
    caller::Caller,
    events::MOST_FOLLOWED,
    listing::VOICES,
    record::{FileRecord, Records, TaskKey, TaskRecord, UploadRecord},
    renderer::{
        Extent, RenderFailure, RenderOrder, RenderPreview, RenderProgress, RenderedFile,
        RenderedFiles, Renderer, Watch,
    },
    routes::{LONGEST_PAGE, names_in},
    storage::{Change, MemoryStorage, Storage, StorageError},
    transport::SandboxTransport,
};
use self::{files::Files, store::Store, turnstile::Turnstile};

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
    /// Bytes that tasks which have not ended may need beside outputs and uploads; further ones with
    /// media are refused with 503.
    pub input_bytes: u64,
    /// Requests in one batch.
    pub batch: usize,
    /// The longest film, in seconds.
    pub max_duration: f64,
    /// What is rendered for requests that name no fidelity, and the most that one may ask for.
    pub fidelity: Fidelity,
}

impl Default for Limits {
    /// One worker, a queue of 10,000, a history of 100,000, 1 GiB each of outputs, uploads and
    /// inputs, batches of 1,000, films of up to an hour, everything within the work budget.
    fn default() -> Self {
        Self {
            workers: 1,
            queue: 10_000,
            history: 100_000,
            output_bytes: 1 << 30,
            upload_bytes: 1 << 30,
            input_bytes: 1 << 30,
            batch: 1000,
            max_duration: 3600.0,
            fidelity: Fidelity::Preview,
        }
    }
}

/// How many tasks a server knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tasks that wait.
    pub pending: usize,
    /// Tasks that are rendered.
    pub processing: usize,
    /// Tasks that have ended and are remembered.
    pub finished: usize,
}

/// What became of one key, for tests of the promise that nothing is paid for twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How often it was submitted and not refused.
    pub submissions: u32,
    /// How often a rendering for it was finished and kept.
    pub generations: u32,
}

/// A service; clones are the same one.
#[derive(Clone)]
pub struct Server(Arc<Shared>);

pub(crate) struct Shared {
    renderer: Arc<dyn Renderer>,
    clock: Arc<dyn Clock>,
    spawner: Arc<dyn Spawner>,
    limits: Limits,
    ids: TaskIds,
    storage: Arc<dyn Storage>,
    files: Files,
    turnstile: Turnstile,
    store: Mutex<Store>,
}

/// A request to the service for one medium, and what it takes to answer it.
pub(crate) struct Exchange {
    shared: Arc<Shared>,
    scope: Arc<str>,
    media_type: MediaType,
    request: HttpRequest,
}

impl Exchange {
    /// What names the caller's task of this id.
    fn key(&self, id: Arc<str>) -> TaskKey {
        TaskKey { scope: self.scope.clone(), id }
    }
}

impl Server {
    /// A service without tasks, in memory. Workers run on `spawner`, time comes from `clock`.
    pub fn new(
        renderer: Arc<dyn Renderer>,
        clock: Arc<dyn Clock>,
        spawner: Arc<dyn Spawner>,
        limits: Limits,
    ) -> Self {
        let storage = Arc::new(MemoryStorage::default());
        Self::over(renderer, clock, spawner, limits, storage, Records::default())
    }

    /// A service that goes on where a former one stopped: what had not ended is queued again in its
    /// old order, and keys, results, uploads and outputs are known. `records` is what `storage`
    /// kept.
    ///
    /// # Errors
    /// When the storage cannot note this start.
    pub async fn restored(
        renderer: Arc<dyn Renderer>,
        clock: Arc<dyn Clock>,
        spawner: Arc<dyn Spawner>,
        limits: Limits,
        storage: Arc<dyn Storage>,
        mut records: Records,
    ) -> Result<Self, StorageError> {
        // Before anything is told: no revision of this life may have been told in a former one.
        records.starts = records.starts.saturating_add(1);
        storage.save(vec![Change::Start(records.starts)]).await?;
        let server = Self::over(renderer, clock, spawner, limits, storage, records);
        server.0.files.retain_used();
        work::start(&server.0);
        sweep::start(&server.0);
        Ok(server)
    }

    fn over(
        renderer: Arc<dyn Renderer>,
        clock: Arc<dyn Clock>,
        spawner: Arc<dyn Spawner>,
        limits: Limits,
        storage: Arc<dyn Storage>,
        records: Records,
    ) -> Self {
        let files = Files::new(storage.clone());
        let store = Mutex::new(Store::new(limits, records, &files));
        let (ids, turnstile) = (TaskIds::default(), Turnstile::default());
        Self(Arc::new(Shared {
            renderer,
            clock,
            spawner,
            limits,
            ids,
            storage,
            files,
            turnstile,
            store,
        }))
    }

    /// A service on the embedded engine, with a thread for each processor core and at least two, so
    /// that a short job does not wait for a long one. Requests may ask for any fidelity.
    #[cfg(all(feature = "engine", not(target_family = "wasm")))]
    pub fn on_threads(clock: Arc<dyn Clock>, spawner: Arc<dyn Spawner>) -> Self {
        Self::with_extras(Extras::default(), clock, spawner)
    }

    /// The same with what the installation brings beside the engine.
    #[cfg(all(feature = "engine", not(target_family = "wasm")))]
    pub fn with_extras(extras: Extras, clock: Arc<dyn Clock>, spawner: Arc<dyn Spawner>) -> Self {
        let workers = threads::workers();
        let has_neural_voice = extras.has_neural_voice();
        let run = move |order, tell: &mut dyn FnMut(RenderProgress), cancel: &dyn Fn() -> bool| {
            crate::order::run_order_with(&extras, order, tell, cancel)
        };
        let renderer = ThreadRenderer::new(run, workers).with_neural_voice_if(has_neural_voice);
        let limits = Limits { workers, fidelity: Fidelity::Full, ..Limits::default() };
        Self::new(Arc::new(renderer), clock, spawner, limits)
    }

    /// Answers a request to the service for one medium. Only the path and the query of the URL
    /// count. A request that was dropped before its answer may have been done all the same.
    pub fn handle(
        &self,
        caller: &Caller,
        media_type: MediaType,
        request: HttpRequest,
    ) -> BoxFuture<'static, HttpResponse> {
        let (shared, scope) = (self.0.clone(), caller.scope().clone());
        Box::pin(routes::answer(Exchange { shared, scope, media_type, request }))
    }

    /// Answers a request whose method is none of [`Method`](media_factory_core::runtime::Method)
    /// and no path takes: 405 with `Allow` where there is such a path, else 404. The request's own
    /// method does not count.
    pub fn refuse_method(&self, media_type: &MediaType, request: &HttpRequest) -> HttpResponse {
        routes::refuse_method(media_type, request)
    }

    /// Forgets what is past its day, as every change does by the way: for a service that nobody
    /// asks for anything.
    pub fn sweep(&self) {
        sweep::start(&self.0);
    }

    /// Takes no more work: submissions are refused, event streams end, and what is rendered stops
    /// and stays queued in the storage. Resolves when nothing is being saved any more.
    pub async fn shutdown(&self) {
        lock(&self.0.store).close();
        self.0.turnstile.empty().await;
    }

    /// How much there is to do, and was done.
    pub fn counts(&self) -> Counts {
        lock(&self.0.store).counts()
    }

    /// How often each key was submitted and rendered, over all scopes.
    pub fn counters(&self) -> BTreeMap<Arc<str>, Tally> {
        lock(&self.0.store).tallies()
    }

    /// Forgets the tasks of this id in every scope, as if they had never been, but for their
    /// tallies: for fault tests.
    ///
    /// # Errors
    /// When the storage cannot forget them.
    pub async fn forget(&self, id: &str) -> Result<(), StorageError> {
        let shared = &self.0;
        let keys: BTreeSet<TaskKey> = lock(&shared.store).keys_of(id).into_iter().collect();
        let _passage = shared.turnstile.pass(keys.clone()).await;
        shared.storage.save(keys.iter().cloned().map(Change::ForgetTask).collect()).await?;
        for key in &keys {
            let record = lock(&shared.store).drop_task(key);
            for record in record.iter() {
                let files = record.inputs.values().chain(record.outputs.values());
                files.for_each(|file| shared.files.release(file));
            }
        }
        Ok(())
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
