//! One exchange with the server, in the form that the core's transports in JavaScript have.

use std::{cell::RefCell, rc::Rc};

use futures_util::future::{AbortHandle, Abortable};
use js_sys::{Error, Promise, Uint8Array};
use media_factory_core::runtime::{Body, BoxFuture, HttpResponse, TransportError};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

#[wasm_bindgen(raw_module = "../js/fault.js")]
extern "C" {
    /// What a transport rejects with.
    #[wasm_bindgen(js_name = fault)]
    fn make_fault(kind: &str, sent: &str, cause: &Error) -> JsValue;
}

/// An exchange that has begun.
#[wasm_bindgen]
pub struct Exchange {
    head: Promise,
    open: Rc<Open>,
}

/// What ends when nobody waits for the exchange any more.
#[derive(Default)]
struct Open {
    /// The wait that is going on.
    step: RefCell<Option<AbortHandle>>,
    /// What is left of the body.
    body: RefCell<Option<Body>>,
}

impl Open {
    fn promise(&self, step: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
        let (handle, registration) = AbortHandle::new_pair();
        self.step.replace(Some(handle));
        let step = Abortable::new(step, registration);
        future_to_promise(async { step.await.unwrap_or(Ok(JsValue::UNDEFINED)) })
    }
}

impl Exchange {
    pub(crate) fn of(response: BoxFuture<'static, Result<HttpResponse, TransportError>>) -> Self {
        let open = Rc::new(Open::default());
        let all = open.clone();
        let head = open.promise(async move {
            let HttpResponse { status, headers, body } = response.await.map_err(fault)?;
            let lines = headers.iter().flat_map(|(name, value)| [&**name, &**value]);
            let headers = lines.collect::<Vec<_>>().join("\n");
            let is_short = matches!(body, Body::Full(_));
            all.body.replace(Some(body));
            Ok(Head { status, headers, is_short, open: all }.into())
        });
        Self { head, open }
    }
}

#[wasm_bindgen]
impl Exchange {
    /// Resolves to a [`Head`].
    #[wasm_bindgen(getter)]
    pub fn head(&self) -> Promise {
        self.head.clone()
    }

    /// Ends it.
    pub fn abort(self) {
        self.open.body.take();
        if let Some(step) = self.open.step.take() {
            step.abort();
        }
    }
}

/// What a response begins with, and the way to its body.
#[wasm_bindgen]
pub struct Head {
    status: u16,
    headers: String,
    is_short: bool,
    open: Rc<Open>,
}

#[wasm_bindgen]
impl Head {
    /// The status code.
    #[wasm_bindgen(getter)]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Lines: a name, then its value.
    #[wasm_bindgen(getter)]
    pub fn headers(&self) -> String {
        self.headers.clone()
    }

    /// Whether the first chunk is the whole body.
    #[wasm_bindgen(getter, js_name = isShort)]
    pub fn is_short(&self) -> bool {
        self.is_short
    }

    /// Resolves to the next chunk, to nothing after the last.
    pub fn next(&self) -> Promise {
        let open = self.open.clone();
        self.open.promise(async move {
            let body = open.body.take();
            let chunk = match body {
                None => None,
                Some(Body::Full(bytes)) => Some(bytes),
                Some(Body::Stream(mut stream)) => {
                    let chunk = stream.next().await.transpose().map_err(fault)?;
                    open.body.replace(Some(Body::Stream(stream)));
                    chunk
                }
            };
            Ok(chunk.map_or(JsValue::UNDEFINED, |bytes| Uint8Array::from(&bytes[..]).into()))
        })
    }
}

/// All that can fail on the way to a server in the same process is the request itself.
fn fault(error: TransportError) -> JsValue {
    make_fault("invalid", "never", &Error::new(&error.message))
}
