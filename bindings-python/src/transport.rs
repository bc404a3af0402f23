//! Requests over the network, with reqwest.

use std::{
    cell::RefCell,
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_util::stream;
use media_factory_core::runtime::{
    Body, BodyStream, BoxFuture, HttpRequest, HttpResponse, Method, Sent, SentListener, Transport,
    TransportError, TransportErrorKind, lock,
};
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{CONTENT_LENGTH, HeaderName, HeaderValue, LOCATION},
    redirect,
};

/// What a service cannot be connected to in this time is not reachable; the operating system
/// alone would try for minutes.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// As many as browsers and curl follow at least.
const MOST_REDIRECTS: usize = 10;

/// So much of a body is handed on at once, where somebody wants to know how far it is.
const PART: usize = 64 << 10;

/// Bodies up to this length are read in one go instead of chunk by chunk.
const SMALL_BODY: u64 = 64 << 10;

/// The process's connections, one pool without TLS and one with.
///
/// Both are made when they are first needed: reading a machine's certificates takes longer than
/// a whole exchange, and users of plain http and of the sandbox need none.
static CONNECTIONS: Mutex<Connections> = Mutex::new(Connections { plain: None, secure: None });

thread_local! {
    static LATEST_URL: RefCell<Option<Url>> = const { RefCell::new(None) };
}

struct Connections {
    plain: Option<Client>,
    secure: Option<Client>,
}

/// Leaves the parent's connections alone in a forked child.
pub(crate) fn forget_connections() {
    let mut connections = lock(&CONNECTIONS);
    std::mem::forget((connections.plain.take(), connections.secure.take()));
}

fn client(url: &Url) -> Result<Client, TransportError> {
    let mut connections = lock(&CONNECTIONS);
    let secure = url.scheme() == "https";
    let slot = if secure { &mut connections.secure } else { &mut connections.plain };
    if let Some(client) = slot {
        return Ok(client.clone());
    }
    let made = if secure {
        secure_client()
    } else {
        builder().tls_backend_preconfigured(tls(false)).build()
    };
    let made = made.map_err(|error| {
        TransportError::new(TransportErrorKind::Connect, Sent::Never, describe(&error))
    })?;
    Ok(slot.insert(made).clone())
}

fn builder() -> reqwest::ClientBuilder {
    // Redirects are followed by hand: whether they may be depends on the request.
    Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_nodelay(true)
        .user_agent(concat!("media-factory/", env!("CARGO_PKG_VERSION")))
}

/// With the machine's own certificates; with Mozilla's, which are built in, where there are none.
fn secure_client() -> reqwest::Result<Client> {
    // It fails when the process has a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder().build().or_else(|_| builder().tls_backend_preconfigured(tls(true)).build())
}

fn tls(with_roots: bool) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    if with_roots {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

/// Carries requests over the network.
#[derive(Debug)]
pub(crate) struct Network;

impl Transport for Network {
    fn send(
        &self,
        request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        Box::pin(exchange(request))
    }
}

async fn exchange(request: HttpRequest) -> Result<HttpResponse, TransportError> {
    let mut url = parse(&request.url)?;
    for _ in 0..MOST_REDIRECTS {
        let response = send(&request, url.clone()).await?;
        match redirected(&request, &url, &response) {
            Some(next) => url = next,
            None => return Ok(head(response)),
        }
    }
    let message = format!("more than {MOST_REDIRECTS} redirects");
    Err(TransportError::new(TransportErrorKind::Invalid, Sent::Maybe, message))
}

/// Tasks of one endpoint ask the same address again and again; reading it is dearer than copying.
fn parse(text: &str) -> Result<Url, TransportError> {
    LATEST_URL.with_borrow_mut(|latest| match latest {
        Some(known) if known.as_str() == text => Ok(known.clone()),
        _ => {
            let url = Url::parse(text).map_err(|error| invalid(&error))?;
            Ok(latest.insert(url).clone())
        }
    })
}

async fn send(request: &HttpRequest, url: Url) -> Result<Response, TransportError> {
    let client = client(&url)?;
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut outgoing = reqwest::Request::new(method, url);
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| invalid(&error))?;
        let mut value = HeaderValue::from_str(value).map_err(|error| invalid(&error))?;
        value.set_sensitive(request.has_credentials);
        outgoing.headers_mut().append(name, value);
    }
    match &request.on_sent {
        Some(listener) => {
            let length = HeaderValue::from(request.body.len());
            outgoing.headers_mut().insert(CONTENT_LENGTH, length);
            *outgoing.body_mut() = Some(followed(request.body.clone(), listener.clone()));
        }
        None if !request.body.is_empty() => {
            *outgoing.body_mut() = Some(request.body.clone().into())
        }
        None => {}
    }
    client.execute(outgoing).await.map_err(|error| classify(&error))
}

/// A body that leaves in parts; whoever asks for the next part has taken all before.
fn followed(mut rest: Bytes, listener: Arc<dyn SentListener>) -> reqwest::Body {
    let length = rest.len();
    let parts = std::iter::from_fn(move || {
        listener.sent((length - rest.len()) as u64);
        let part = rest.split_to(rest.len().min(PART));
        (!part.is_empty()).then_some(Ok::<_, Infallible>(part))
    });
    reqwest::Body::wrap_stream(stream::iter(parts))
}

/// Where the same request goes on: within its own origin, and never with credentials, which the
/// new address may not deserve. Only methods that stay what they are.
fn redirected(request: &HttpRequest, from: &Url, response: &Response) -> Option<Url> {
    let keeps_method = match response.status() {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            request.method == Method::Get
        }
        _ => false,
    };
    if !keeps_method || request.has_credentials {
        return None;
    }
    let target = response.headers().get(LOCATION)?.to_str().ok()?;
    from.join(target).ok().filter(|next| next.origin() == from.origin())
}

fn head(response: Response) -> HttpResponse {
    let headers = response.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    let status = response.status().as_u16();
    let length = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let is_small =
        length.and_then(|text| text.parse::<u64>().ok()).is_some_and(|n| n <= SMALL_BODY);
    let body = if is_small { Incoming::Whole(Some(response)) } else { Incoming::Chunks(response) };
    HttpResponse { status, headers, body: Body::Stream(Box::new(body)) }
}

/// A body on its way.
enum Incoming {
    /// Short enough to be read in one go.
    Whole(Option<Response>),
    Chunks(Response),
}

impl BodyStream for Incoming {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            let chunk = match self {
                Self::Whole(response) => response.take()?.bytes().await,
                Self::Chunks(response) => response.chunk().await.transpose()?,
            };
            Some(chunk.map_err(|error| {
                TransportError::new(TransportErrorKind::Torn, Sent::Maybe, describe(&error))
            }))
        })
    }
}

/// Whether the service may have seen the request decides about repeating it: refused connections,
/// unknown names and refused TLS come before the first byte.
fn classify(error: &reqwest::Error) -> TransportError {
    let (kind, sent) = match () {
        () if error.is_connect() => (TransportErrorKind::Connect, Sent::Never),
        () if error.is_builder() => (TransportErrorKind::Invalid, Sent::Never),
        () => (TransportErrorKind::Torn, Sent::Maybe),
    };
    TransportError::new(kind, sent, describe(error))
}

fn invalid(error: &dyn fmt::Display) -> TransportError {
    TransportError::new(TransportErrorKind::Invalid, Sent::Never, error.to_string())
}

/// The innermost reason: the outer ones repeat the URL, which may hold secrets.
fn describe(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
