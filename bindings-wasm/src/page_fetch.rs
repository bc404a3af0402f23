//! Requests of pages and workers: gloo-net builds them, the platform's fetch carries them. What
//! tells of its progress goes another way: fetch says nothing of what has left.

use bytes::Bytes;
use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::{Promise, Reflect, Uint8Array};
use media_factory_core::runtime::{
    Body, BodyStream, BoxFuture, HttpRequest, HttpResponse, Method, Sent, Transport,
    TransportError, TransportErrorKind,
};
use wasm_bindgen::{
    JsCast,
    prelude::{JsValue, wasm_bindgen},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestRedirect, ResponseType,
};

use crate::{
    error::describe,
    host_transport::{HostTransport, JsTransport},
};

#[wasm_bindgen(raw_module = "../js/page-upload.js")]
extern "C" {
    /// What can tell how much of a body has left; nothing where the platform has no such thing or
    /// where it would send more than fetch does.
    #[wasm_bindgen(js_name = uploadTransport)]
    fn upload_transport(url: &str) -> Option<JsTransport>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(request: &web_sys::Request) -> Result<Promise, JsValue>;
}

/// The platform's own fetch. It hides why an exchange failed and repeats some by itself, so that
/// what failed may always have been sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageFetch;

impl Transport for PageFetch {
    fn send(
        &self,
        request: HttpRequest,
    ) -> BoxFuture<'static, Result<HttpResponse, TransportError>> {
        // It follows redirects by itself, so that nothing secret may go that way.
        let tells = request.on_sent.is_some() && !request.has_credentials;
        match tells.then(|| upload_transport(&request.url)).flatten() {
            Some(transport) => HostTransport(transport).send(request),
            None => Box::pin(exchange(request)),
        }
    }
}

async fn exchange(request: HttpRequest) -> Result<HttpResponse, TransportError> {
    let abort = AbortOnDrop::new().map_err(|reason| invalid(&describe(&reason)))?;
    let built = build(&request, &abort).map_err(|error| invalid(&error.to_string()))?;
    // gloo's own `send` panics when fetch rejects with anything but an Error.
    let promise = fetch(&built.into()).map_err(|reason| invalid(&describe(&reason)))?;
    let response = JsFuture::from(promise).await.map_err(|reason| {
        TransportError::new(TransportErrorKind::Connect, Sent::Maybe, describe(&reason))
    })?;
    let response: web_sys::Response = response.unchecked_into();
    refuse_foreign_redirect(&request, &response)?;
    let response = Response::from(response);
    let headers: Vec<(String, String)> = response.headers().entries().collect();
    let status = response.status();
    let body = body(response, &headers, abort);
    Ok(HttpResponse { status, headers, body })
}

fn build(request: &HttpRequest, abort: &AbortOnDrop) -> Result<Request, gloo_net::Error> {
    let method = match request.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let mut builder = RequestBuilder::new(&request.url)
        .method(method)
        .abort_signal(Some(&abort.0.signal()))
        .credentials(RequestCredentials::Omit)
        .redirect(redirects(request));
    if request.method == Method::Get {
        // Only answers to GET are ever stored; and Chromium asks for permission (CORS) anew before
        // each request that says so, which would double the requests of a submission.
        builder = builder.cache(RequestCache::NoStore);
    }
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if request.body.is_empty() {
        return builder.build();
    }
    builder.body(Uint8Array::from(&request.body[..]))
}

/// A page cannot follow redirects to its own origin only. Reads without credentials give nothing
/// away and may be followed; for the rest, a redirect is an answer.
fn redirects(request: &HttpRequest) -> RequestRedirect {
    match request.method {
        Method::Get if !request.has_credentials => RequestRedirect::Follow,
        _ => RequestRedirect::Manual,
    }
}

fn refuse_foreign_redirect(
    request: &HttpRequest,
    response: &web_sys::Response,
) -> Result<(), TransportError> {
    if response.type_() == ResponseType::Opaqueredirect {
        return Err(invalid("it redirects, which is not followed with this request"));
    }
    let same_origin = || origin(&response.url()) == origin(&request.url);
    if response.redirected() && !same_origin() {
        return Err(invalid("it redirects to another origin, which is not followed"));
    }
    Ok(())
}

fn origin(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    Some((scheme, rest.split(['/', '?', '#']).next()?))
}

fn body(response: Response, headers: &[(String, String)], abort: AbortOnDrop) -> Body {
    const SMALL: u64 = 64 << 10;
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse::<u64>().ok());
    match (length, response.body()) {
        (Some(length), _) if length <= SMALL => {
            Body::Stream(Box::new(Whole { response: Some(response), _abort: abort }))
        }
        (_, Some(stream)) => {
            let reader = stream.get_reader().unchecked_into();
            Body::Stream(Box::new(Chunks { reader, _abort: abort }))
        }
        (_, None) => Body::Full(Bytes::new()),
    }
}

/// A small body, read in one go.
struct Whole {
    response: Option<Response>,
    _abort: AbortOnDrop,
}

impl BodyStream for Whole {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            let response = self.response.take()?;
            let bytes = response.binary().await;
            Some(bytes.map(Bytes::from).map_err(|error| torn(&error.to_string())))
        })
    }
}

/// A body that is read as it comes.
struct Chunks {
    reader: ReadableStreamDefaultReader,
    _abort: AbortOnDrop,
}

impl BodyStream for Chunks {
    fn next(&mut self) -> BoxFuture<'_, Option<Result<Bytes, TransportError>>> {
        Box::pin(async move {
            let chunk = match JsFuture::from(self.reader.read()).await {
                Ok(chunk) => chunk,
                Err(reason) => return Some(Err(torn(&describe(&reason)))),
            };
            let value = Reflect::get(&chunk, &"value".into()).ok()?;
            let bytes: Uint8Array = value.dyn_into().ok()?;
            Some(Ok(bytes.to_vec().into()))
        })
    }
}

/// Ends the exchange when nobody waits for it any more. Without a reason: fetch would reject with
/// that, whatever it is.
struct AbortOnDrop(AbortController);

impl AbortOnDrop {
    fn new() -> Result<Self, JsValue> {
        AbortController::new().map(Self)
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn invalid(message: &str) -> TransportError {
    TransportError::new(TransportErrorKind::Invalid, Sent::Maybe, message)
}

fn torn(message: &str) -> TransportError {
    TransportError::new(TransportErrorKind::Torn, Sent::Maybe, message)
}
