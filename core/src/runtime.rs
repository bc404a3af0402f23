//! The ports: everything the core needs from its host, and nothing else.
//!
//! Futures are `Send` natively; on wasm32 JavaScript values pin them to one thread.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;

use crate::{error::Cause, media::MediaSource};

/// A boxed future: `Send` natively, local on wasm32.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future: `Send` natively, local on wasm32.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// `Send` natively, no requirement on wasm32.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + ?Sized> MaybeSend for T {}
/// `Send` natively, no requirement on wasm32.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSend for T {}

/// `Send + Sync` natively, no requirement on wasm32.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSendSync: Send + Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + Sync + ?Sized> MaybeSendSync for T {}
/// `Send + Sync` natively, no requirement on wasm32.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSendSync {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSendSync for T {}

/// Everything a registry needs from its host, cheap to clone.
#[derive(Debug, Clone)]
pub struct Runtime {
    /// Who carries requests of network protocols.
    pub transport: Arc<dyn Transport>,
    /// Who carries requests of the `sandbox` protocol; `None` where the sandbox is not built in.
    pub sandbox: Option<Arc<dyn Transport>>,
    /// Time and chance.
    pub clock: Arc<dyn Clock>,
    /// Who runs background work.
    pub spawner: Arc<dyn Spawner>,
    /// Environment and files; see [`Host`].
    pub host: Arc<dyn Host>,
}

/// Carries one HTTP exchange. Retries, following and credentials are the core's business.
///
/// A non-2xx status is a response, not an error. Implementations follow no redirect to another
/// origin and log neither headers nor bodies. Dropping the future, or the body, aborts the
/// exchange.
pub trait Transport: fmt::Debug + MaybeSendSync + 'static {
    /// Sends the request; resolves when the response's head is there.
    fn send(
        &self,
        request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>>;
}

/// Time and chance. Nothing else in the core reads a clock or draws a number.
pub trait Clock: fmt::Debug + MaybeSendSync + 'static {
    /// Milliseconds since the Unix epoch.
    fn now(&self) -> u64;

    /// Milliseconds of a clock that never jumps; only differences mean something.
    fn ticks(&self) -> u64;

    /// Resolves after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// A number from 0 (included) to 1 (excluded), for jitter.
    fn random(&self) -> f64;

    /// Unpredictable bits, for ids.
    fn entropy(&self) -> u128;
}

/// Runs background work to its end.
pub trait Spawner: fmt::Debug + MaybeSendSync + 'static {
    /// Starts the future; it is not awaited by anyone.
    fn spawn(&self, future: BoxFuture<'static, ()>);
}

/// What differs between a page, Node and Python beyond transport and time.
pub trait Host: fmt::Debug + MaybeSendSync + 'static {
    /// An environment variable; `None` where there is no environment.
    fn environment(&self, name: &str) -> Option<String>;

    /// Opens a local path given as a media input. `None`: strings are URLs here, never paths.
    /// `Some(None)`: there is no such file.
    fn open(&self, path: &str) -> Option<Option<Arc<dyn MediaSource>>>;

    /// What relative media inputs resolve against: a page's `document.baseURI`.
    fn base_url(&self) -> Option<String>;

    /// Whether connections to one origin are few, as in a page: tasks then share one event stream.
    fn connections_are_scarce(&self) -> bool;

    /// Whether the platform encodes films for the embedded sandbox, as browsers do: it then makes
    /// WebM too.
    fn encodes_films(&self) -> bool {
        false
    }
}

/// What the platform that the embedded sandbox runs on adds to what it can make; nothing by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Abilities {
    /// It encodes films, as browsers do, so that there is WebM too.
    pub encodes_films: bool,
}

/// The HTTP methods that protocols use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Submit.
    Post,
    /// Cancel.
    Delete,
}

impl Method {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// A request, ready to send. Its `Debug` shows neither headers nor body.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// An absolute URL.
    pub url: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty means none.
    pub body: Bytes,
    /// Whether headers carry secrets, so that no redirect may be followed.
    pub has_credentials: bool,
    /// Told how much of the body has left, where the transport can tell.
    pub on_sent: Option<Arc<dyn SentListener>>,
}

/// Hears how much of a request's body has left.
pub trait SentListener: MaybeSendSync + 'static {
    /// So many bytes of the body have left so far.
    fn sent(&self, bytes: u64);
}

impl HttpRequest {
    /// A request without headers or body.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: Bytes::new(),
            has_credentials: false,
            on_sent: None,
        }
    }

    /// The same request with one header more; the name in lower case.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }
}

impl fmt::Debug for HttpRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.as_str(), crate::url::without_query(&self.url))
    }
}

/// The head of a response, and its body whole or to come.
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

impl HttpResponse {
    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find_header(&self.headers, name)
    }

    /// The body's length where the service announced it, and means it: not of a compressed body,
    /// which may have been unpacked on the way.
    pub(crate) fn body_length(&self) -> Option<u64> {
        match self.header("content-encoding") {
            None | Some("identity") => self.header("content-length")?.trim().parse().ok(),
            Some(_) => None,
        }
    }

    /// Whether the body is an event stream.
    pub(crate) fn is_event_stream(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default().to_ascii_lowercase();
        self.status == 200 && kind.starts_with("text/event-stream")
    }

    /// Whether the status says that the same request may be answered otherwise later.
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500 | 502..=504)
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "HTTP {}", self.status)
    }
}

fn find_header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// A response body.
pub enum Body {
    /// All of it.
    Full(Bytes),
    /// Chunks as they come.
    Stream(Box<dyn BodyStream>),
}

impl Body {
    /// The next chunk; `None` after the last.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        match self {
            Self::Full(bytes) if bytes.is_empty() => None,
            Self::Full(bytes) => Some(Ok(std::mem::take(bytes))),
            Self::Stream(stream) => stream.next().await,
        }
    }
}

/// Chunks of a response body.
pub trait BodyStream: MaybeSend {
    /// The next chunk; `None` after the last. A body cut short is an error, not an end.
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>>;
}

/// Why an exchange produced no response, or no whole body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// What failed.
    pub kind: TransportErrorKind,
    /// Whether the service may have seen the request.
    pub sent: Sent,
    /// In words, without headers or bodies.
    pub message: String,
    /// What a user's own transport raised.
    pub cause: Option<Cause>,
}

impl TransportError {
    /// An error of that kind.
    pub fn new(kind: TransportErrorKind, sent: Sent, message: impl Into<String>) -> Self {
        Self { kind, sent, message: message.into(), cause: None }
    }

    /// The same error with the exception of a user's own transport.
    #[must_use]
    pub fn with_cause(mut self, cause: Cause) -> Self {
        self.cause = Some(cause);
        self
    }
}

/// What failed in an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// No connection: refused, name not found, TLS refused.
    Connect,
    /// The connection broke in the middle.
    Torn,
    /// Too long without a byte.
    Timeout,
    /// The request could not be made at all, e.g. a header that is no header.
    Invalid,
    /// The answer is longer than allowed.
    TooLarge,
    /// A user's own transport raised.
    Callback,
}

/// Whether a failed request may have reached the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It certainly did not.
    Never,
    /// It may have.
    Maybe,
}

/// Locks, also after a panic elsewhere: every critical section leaves its data consistent.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
