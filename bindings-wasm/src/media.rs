//! Blobs and files as media inputs.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use js_sys::{ArrayBuffer, Uint8Array};
use media_factory_core::{
    error::{Code, Error, Result},
    media::{MediaInput, MediaSource},
    runtime::BoxFuture,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File};

/// A Blob that is read when the task needs it.
pub(crate) fn blob_input(blob: &Blob) -> MediaInput {
    MediaInput::Source(Arc::new(BlobSource(blob.clone())))
}

struct BlobSource(Blob);

impl BlobSource {
    async fn bytes(&self) -> Result<Bytes, JsValue> {
        let buffer: ArrayBuffer = JsFuture::from(self.0.array_buffer()).await?.unchecked_into();
        Ok(Uint8Array::new(&buffer).to_vec().into())
    }
}

impl MediaSource for BlobSource {
    fn name(&self) -> String {
        self.0.dyn_ref::<File>().map_or_else(|| "Blob".to_owned(), File::name)
    }

    fn size(&self) -> Option<u64> {
        Some(self.0.size() as u64)
    }

    fn read(&self, limit: u64) -> BoxFuture<'_, Result<Bytes>> {
        Box::pin(async move {
            let size = self.0.size() as u64;
            let problem = if size > limit {
                format!("has {size} bytes; max_input_bytes is {limit}")
            } else {
                match self.bytes().await {
                    Ok(bytes) => return Ok(bytes),
                    Err(_) => {
                        "cannot be read; has the file changed since it was chosen?".to_owned()
                    }
                }
            };
            Err(Error::new(Code::Validation, format!("the media input {} {problem}", self.name())))
        })
    }
}

impl fmt::Debug for BlobSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BlobSource")
    }
}
