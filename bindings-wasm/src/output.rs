//! Produced files.

use js_sys::{Promise, Uint8Array};
use media_factory_core::media::MediaOutput;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::future_to_promise;

use crate::{error::thrown, present::to_js};

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
