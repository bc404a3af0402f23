//! A server on a renderer that does as it is told, a clock that stands still, and an executor
//! that runs nothing by itself.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures_util::FutureExt;
use media_factory_core::{
    media::MediaType,
    runtime::{Body, BoxFuture, HttpRequest, HttpResponse, Method, Spawner, lock},
    testing::{Executor, ManualClock},
};
use media_factory_sandbox::server::{
    Caller, Extent, Limits, RenderFailure, RenderOrder, RenderPreview, RenderProgress,
    RenderedFile, RenderedFiles, Renderer, Server, StorageError, Watch,
};
use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use crate::depot::{Depot, Shelf};

pub(crate) type Outcome = Result<RenderedFiles, RenderFailure>;

/// Eight bytes that start as a PNG file does.
pub(crate) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(crate) struct Bench {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) executor: Arc<Executor>,
    pub(crate) renderer: Arc<Puppet>,
    pub(crate) server: Server,
    /// Who asks.
    caller: Caller,
    /// What it is asked for.
    media_type: MediaType,
}

/// A renderer that keeps every order until it is told what to answer.
#[derive(Default)]
pub(crate) struct Puppet {
    pub(crate) orders: Mutex<Vec<RenderOrder>>,
    pub(crate) open: Mutex<Vec<Open>>,
    pub(crate) panics: Mutex<bool>,
}

/// An order in work.
pub(crate) struct Open {
    watch: Watch,
    answer: oneshot::Sender<Outcome>,
}

impl Open {
    pub(crate) fn advance(&self, fraction: f32, stage: &str) {
        self.watch.tell(RenderProgress { fraction, stage: stage.to_owned(), preview: None });
    }

    /// Shows the work so far.
    pub(crate) fn show(&self, fraction: f32, bytes: &'static [u8]) {
        let bytes = Bytes::from_static(bytes);
        let preview = RenderPreview { bytes, mime_type: "image/jpeg".into(), width: 8, height: 4 };
        let stage = "rendering".to_owned();
        self.watch.tell(RenderProgress { fraction, stage, preview: Some(preview) });
    }

    /// Whether nobody waits for it any more.
    pub(crate) fn is_dropped(&self) -> bool {
        self.answer.is_closed()
    }
}

impl fmt::Debug for Puppet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Puppet")
    }
}

impl Renderer for Puppet {
    fn render(&self, order: RenderOrder, watch: Watch) -> BoxFuture<'static, Outcome> {
        lock(&self.orders).push(order);
        assert!(!*lock(&self.panics), "told to panic");
        let (answer, outcome) = oneshot::channel();
        lock(&self.open).push(Open { watch, answer });
        Box::pin(async move { outcome.await.unwrap_or(Err(RenderFailure::Cancelled)) })
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::with_limits(Limits::default())
    }

    pub(crate) fn with_limits(limits: Limits) -> Self {
        let clock = Arc::new(ManualClock::new(Vec::new()));
        let (executor, renderer) = (Arc::new(Executor::default()), Arc::new(Puppet::default()));
        let server = Server::new(renderer.clone(), clock.clone(), executor.clone(), limits);
        let (caller, media_type) = (Caller::default(), MediaType::Image);
        Self { clock, executor, renderer, server, caller, media_type }
    }

    /// A server that goes on with what the depot holds.
    pub(crate) fn on(depot: &Arc<Depot>) -> Self {
        Self::started(depot, Limits::default()).unwrap()
    }

    pub(crate) fn started(depot: &Arc<Depot>, limits: Limits) -> Result<Self, StorageError> {
        let clock = Arc::new(ManualClock::new(Vec::new()));
        let (executor, renderer) = (Arc::new(Executor::default()), Arc::new(Puppet::default()));
        let storage = Arc::new(Shelf(depot.clone()));
        let (port, time, spawner) = (renderer.clone(), clock.clone(), executor.clone());
        let server = Server::restored(port, time, spawner, limits, storage, depot.records());
        let server = server.now_or_never().expect("nothing to wait for")?;
        executor.run_until_stalled();
        let (caller, media_type) = (Caller::default(), MediaType::Image);
        Ok(Self { clock, executor, renderer, server, caller, media_type })
    }

    /// The same server, asked by somebody else.
    pub(crate) fn of_scope(&self, scope: &str) -> Self {
        Self {
            clock: self.clock.clone(),
            executor: self.executor.clone(),
            renderer: self.renderer.clone(),
            server: self.server.clone(),
            caller: Caller::of_scope(scope),
            media_type: self.media_type.clone(),
        }
    }

    /// The same server, asked for films.
    pub(crate) fn for_films(self) -> Self {
        self.for_medium(MediaType::Video)
    }

    /// The same server, asked for that.
    pub(crate) fn for_medium(mut self, media_type: MediaType) -> Self {
        self.media_type = media_type;
        self
    }

    pub(crate) fn media_type(&self) -> MediaType {
        self.media_type.clone()
    }

    /// Asks the server and runs until there is an answer, or none can come.
    pub(crate) fn send(&self, request: HttpRequest) -> HttpResponse {
        let answer = self.start(request);
        self.executor.run_until_stalled();
        let answer = lock(&answer).take();
        answer.expect("an answer at once")
    }

    /// Asks the server without running anything.
    pub(crate) fn start(&self, request: HttpRequest) -> Arc<Mutex<Option<HttpResponse>>> {
        let slot: Arc<Mutex<Option<HttpResponse>>> = Arc::default();
        let answer = self.server.handle(&self.caller, self.media_type.clone(), request);
        let place = slot.clone();
        self.executor.spawn(Box::pin(async move {
            let answer = answer.await;
            *lock(&place) = Some(answer);
        }));
        slot
    }

    pub(crate) fn get(&self, path: &str) -> HttpResponse {
        self.send(request(Method::Get, path))
    }

    pub(crate) fn delete(&self, path: &str) -> HttpResponse {
        self.send(request(Method::Delete, path))
    }

    /// Submits with this key, without running what follows from it.
    pub(crate) fn generate(&self, key: &str, parameters: &Json) -> HttpResponse {
        self.send(submission(key, parameters))
    }

    /// Submits a plain picture under each key.
    pub(crate) fn submit(&self, keys: &[&str]) {
        for key in keys {
            assert_eq!(self.generate(key, &json!({ "prompt": "a lake" })).status, 202, "{key}");
        }
    }

    /// Answers the order that has waited longest.
    pub(crate) fn finish(&self, outcome: Outcome) {
        let open = lock(&self.renderer.open).remove(0);
        // Nobody waits for a cancelled one, and that is fine.
        let _ = open.answer.send(outcome);
        self.executor.run_until_stalled();
    }

    /// The task as `GET /tasks/{id}` gives it.
    pub(crate) fn task(&self, id: &str) -> Json {
        json_of(&self.get(&format!("/tasks/{id}")))
    }

    /// Orders that reached the renderer.
    pub(crate) fn rendered(&self) -> usize {
        lock(&self.renderer.orders).len()
    }

    /// Collects what a stream gives; `END` stands for its end.
    pub(crate) fn follow(&self, response: HttpResponse) -> Arc<Mutex<Vec<String>>> {
        let chunks: Arc<Mutex<Vec<String>>> = Arc::default();
        let Body::Stream(mut stream) = response.body else { panic!("no stream") };
        let seen = chunks.clone();
        self.executor.spawn(Box::pin(async move {
            while let Some(chunk) = stream.next().await {
                let chunk = String::from_utf8(chunk.unwrap().to_vec()).unwrap();
                lock(&seen).push(chunk);
            }
            lock(&seen).push("END".to_owned());
        }));
        self.executor.run_until_stalled();
        chunks
    }
}

pub(crate) fn request(method: Method, path: &str) -> HttpRequest {
    HttpRequest::new(method, format!("sandbox://image{path}"))
}

pub(crate) fn submission(key: &str, parameters: &Json) -> HttpRequest {
    let mut request = request(Method::Post, "/generate")
        .with_header("content-type", "application/json")
        .with_header("prefer", "respond-async")
        .with_header("idempotency-key", key);
    request.body = Bytes::from(parameters.to_string());
    request
}

pub(crate) fn bytes_of(response: &HttpResponse) -> Bytes {
    match &response.body {
        Body::Full(bytes) => bytes.clone(),
        Body::Stream(_) => panic!("a stream"),
    }
}

pub(crate) fn json_of(response: &HttpResponse) -> Json {
    serde_json::from_slice(&bytes_of(response)).unwrap()
}

/// The code that a refusal carries.
pub(crate) fn code_of(response: &HttpResponse) -> String {
    json_of(response)["error"]["code"].as_str().unwrap().to_owned()
}

/// One picture of these bytes.
pub(crate) fn picture(bytes: &'static [u8]) -> RenderedFiles {
    let file = RenderedFile {
        role: Some("image".into()),
        bytes: Bytes::from_static(bytes),
        mime_type: "image/png".into(),
        extension: "png".into(),
        width: Some(64),
        height: Some(32),
        duration: None,
        codec: None,
        seed: 7,
    };
    RenderedFiles {
        files: vec![file],
        requested: Extent { width: Some(128), height: Some(64), ..Extent::default() },
        rendered: Extent { width: Some(64), height: Some(32), ..Extent::default() },
        notes: vec!["Rendered smaller.".into()],
    }
}
