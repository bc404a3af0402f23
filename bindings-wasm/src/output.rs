//! Produced files.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Promise, Uint8Array};
use media_factory_core::{
    error::{Code, Error},
    media::{Chunk, MediaOutput, OutputStream},
};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use crate::{error::thrown, present::to_js};

/// Beyond every output, and still a number for servers that count in JavaScript.
const FURTHEST: u64 = 1 << 53;

/// One output of a task.
#[wasm_bindgen]
pub struct CoreOutput(pub(crate) MediaOutput);

#[wasm_bindgen]
impl CoreOutput {
    /// What is known without a download.
    pub fn facts(&self) -> JsValue {
        to_js(self.0.facts())
    }

    /// Resolves to the bytes, downloaded when first asked for.
    pub fn read(&self) -> Promise {
        let output = self.0.clone();
        future_to_promise(async move {
            let bytes = output.read().await.map_err(thrown)?;
            Ok(Uint8Array::from(&bytes[..]).into())
        })
    }

    /// Resolves to a part of the bytes, without a download of the rest where the service can.
    #[wasm_bindgen(js_name = readRange)]
    pub fn read_range(&self, start: f64, end: Option<f64>) -> Promise {
        let output = self.0.clone();
        let range = start as u64..end.map_or(FURTHEST, |end| end as u64);
        future_to_promise(async move {
            let bytes = output.read_range(range).await.map_err(thrown)?;
            Ok(Uint8Array::from(&bytes[..]).into())
        })
    }

    /// The bytes as they come.
    pub fn stream(&self) -> CoreOutputStream {
        CoreOutputStream(Rc::new(RefCell::new(Some(self.0.stream()))))
    }

    /// The bytes, if they are here already.
    #[wasm_bindgen(js_name = inMemory)]
    pub fn in_memory(&self) -> Option<Uint8Array> {
        self.0.in_memory().map(|bytes| Uint8Array::from(&bytes[..]))
    }

    /// The file extension that fits, without a dot.
    pub fn extension(&self) -> String {
        self.0.extension().to_owned()
    }
}

/// The bytes of an output, chunk by chunk.
#[wasm_bindgen]
pub struct CoreOutputStream(Rc<RefCell<Option<OutputStream>>>);

#[wasm_bindgen]
impl CoreOutputStream {
    /// Resolves to the next chunk; to nothing after the last.
    pub fn next(&self) -> Promise {
        let place = self.0.clone();
        future_to_promise(async move {
            // Not held while it waits, so that it can be closed.
            let Some(mut stream) = place.take() else { return Ok(JsValue::UNDEFINED) };
            match stream.next().await.transpose().map_err(thrown)? {
                None => Ok(JsValue::UNDEFINED),
                Some(Chunk::Bytes(bytes)) => {
                    place.replace(Some(stream));
                    Ok(Uint8Array::from(&bytes[..]).into())
                }
                // Whoever reads a stream cannot give back what it has read.
                Some(Chunk::StartsOver) => Err(thrown(broken())),
            }
        })
    }

    /// Ends the download.
    pub fn close(&self) {
        self.0.take();
    }
}

fn broken() -> Error {
    Error::new(Code::Output, "the download broke off, and the service cannot go on from there")
        .with_hint("read the output again from its start")
}
