//! Transports written in JavaScript: Node's own, and a user's fetch.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use js_sys::{Promise, Uint8Array};
use media_factory_core::runtime::{
    Body, BodyStream, BoxFuture, HttpRequest, HttpResponse, Sent, SentListener, Transport,
    TransportError, TransportErrorKind,
};
use wasm_bindgen::{
    JsCast,
    prelude::{Closure, JsValue, wasm_bindgen},
};
use wasm_bindgen_futures::JsFuture;

use crate::error::cause;

#[wasm_bindgen]
extern "C" {
    /// `{ send(method, url, headers, body, hasCredentials, onSent) }`; headers as lines, a name,
    /// then its value, because one long string crosses faster than many short ones. `onSent` may
    /// be called with the bytes of the body that have left, until the head is there.
    pub type JsTransport;

    #[wasm_bindgen(method, catch)]
    fn send(
        this: &JsTransport,
        method: &str,
        url: &str,
        headers: &str,
        body: Option<Uint8Array>,
        has_credentials: bool,
        on_sent: Option<&OnSent>,
    ) -> Result<Exchange, JsValue>;

    /// An exchange that has begun: `{ head, abort() }`.
    type Exchange;

    /// Resolves to a [`Head`]; rejects with a [`Fault`].
    #[wasm_bindgen(method, getter)]
    fn head(this: &Exchange) -> Promise;

    #[wasm_bindgen(method)]
    fn abort(this: &Exchange);

    /// `{ status, headers, isShort, next() }`.
    type Head;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Head) -> u16;

    #[wasm_bindgen(method, getter)]
    fn headers(this: &Head) -> String;

    /// Whether the first chunk is the whole body.
    #[wasm_bindgen(method, getter, js_name = isShort)]
    fn is_short(this: &Head) -> bool;

    /// Resolves to the next chunk, to nothing after the last; rejects with a [`Fault`].
    #[wasm_bindgen(method)]
    fn next(this: &Head) -> Promise;

    /// An `Error` with `kind`, `sent` and `cause`; see `js/fault.js`.
    type Fault;

    #[wasm_bindgen(method, getter, structural)]
    fn kind(this: &Fault) -> Option<String>;

    #[wasm_bindgen(method, getter, structural)]
    fn sent(this: &Fault) -> Option<String>;

    #[wasm_bindgen(method, getter, structural)]
    fn message(this: &Fault) -> Option<String>;

    #[wasm_bindgen(method, getter, structural, js_name = cause)]
    fn reason(this: &Fault) -> JsValue;
}

/// Tells the core how much of a body has left.
type OnSent = Closure<dyn Fn(f64)>;

/// A transport written in JavaScript.
pub(crate) struct HostTransport(pub(crate) JsTransport);

impl Transport for HostTransport {
    fn send(
        &self,
        request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        let on_sent = request.on_sent.clone().map(told);
        let exchange = self.begin(&request, on_sent.as_ref());
        Box::pin(async move {
            let exchange = AbortOnDrop(exchange?);
            let head = JsFuture::from(exchange.0.head()).await;
            drop(on_sent);
            let head = head.map_err(error_of)?;
            let head: Head = head.unchecked_into();
            let (status, headers) = (head.status(), pairs(&head.headers()));
            let body = Body::Stream(Box::new(Chunks { head, ended: false, _exchange: exchange }));
            Ok(HttpResponse { status, headers, body })
        })
    }
}

impl HostTransport {
    fn begin(
        &self,
        request: &HttpRequest,
        on_sent: Option<&OnSent>,
    ) -> Result<Exchange, TransportError> {
        let headers: Vec<&str> =
            request.headers.iter().flat_map(|(name, value)| [&**name, &**value]).collect();
        let body = (!request.body.is_empty()).then(|| Uint8Array::from(&request.body[..]));
        let (method, credentials) = (request.method.as_str(), request.has_credentials);
        let headers = headers.join("\n");
        let begun = self.0.send(method, &request.url, &headers, body, credentials, on_sent);
        begun.map_err(error_of)
    }
}

impl fmt::Debug for HostTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HostTransport")
    }
}

fn told(listener: Arc<dyn SentListener>) -> OnSent {
    Closure::new(move |bytes: f64| listener.sent(bytes as u64))
}

fn pairs(lines: &str) -> Vec<(String, String)> {
    let mut lines = lines.split('\n');
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (lines.next(), lines.next()) {
        pairs.push((name.to_owned(), value.to_owned()));
    }
    pairs
}

struct Chunks {
    head: Head,
    ended: bool,
    _exchange: AbortOnDrop,
}

impl BodyStream for Chunks {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            if self.ended {
                return None;
            }
            match JsFuture::from(self.head.next()).await {
                Ok(chunk) => {
                    self.ended = self.head.is_short();
                    let chunk: Uint8Array = chunk.dyn_into().ok()?;
                    Some(Ok(chunk.to_vec().into()))
                }
                Err(fault) => Some(Err(error_of(fault))),
            }
        })
    }
}

/// Tells JavaScript when nobody waits for the exchange any more.
struct AbortOnDrop(Exchange);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn error_of(fault: JsValue) -> TransportError {
    let fault: Fault = fault.unchecked_into();
    let kind = match fault.kind().as_deref() {
        Some("connect") => TransportErrorKind::Connect,
        Some("torn") => TransportErrorKind::Torn,
        Some("invalid") => TransportErrorKind::Invalid,
        _ => TransportErrorKind::Callback,
    };
    let sent = if fault.sent().as_deref() == Some("never") { Sent::Never } else { Sent::Maybe };
    let message = fault.message().unwrap_or_else(|| "it gave no reason".to_owned());
    TransportError::new(kind, sent, message).with_cause(cause(fault.reason()))
}
