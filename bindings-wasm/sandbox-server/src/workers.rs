//! Where the server renders: in workers with a module of their own, started on first use.

use std::fmt;

use bytes::Bytes;
use js_sys::{Array, Promise, Uint8Array};
use media_factory_core::runtime::BoxFuture;
use media_factory_sandbox::server::{
    RenderFailure, RenderOrder, RenderPreview, RenderProgress, RenderedFiles, Renderer, Watch,
};
use wasm_bindgen::{
    JsCast,
    prelude::{Closure, JsValue, wasm_bindgen},
};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(raw_module = "../js/render-workers.js")]
extern "C" {
    /// Starts rendering: `inputs` holds a parameter path, then its bytes, and so on. `on_progress`
    /// is called with a fraction, a stage, and nothing or a preview: its bytes, media type, width
    /// and height.
    fn render(
        media_type: &str,
        parameters: &str,
        inputs: Array,
        fidelity: &str,
        on_progress: &OnProgress,
    ) -> Render;

    /// A render that has begun.
    type Render;

    /// Resolves to a description in JSON, then the bytes of each file; rejects with a failure in
    /// JSON.
    #[wasm_bindgen(method, getter)]
    fn result(this: &Render) -> Promise;

    #[wasm_bindgen(method)]
    fn stop(this: &Render);

    #[wasm_bindgen(js_name = encodesFilms)]
    fn encodes_films() -> bool;

    #[wasm_bindgen(js_name = hasNeuralVoice)]
    fn has_neural_voice() -> bool;

    /// How many workers there may be at once.
    #[wasm_bindgen(js_name = mostWorkers)]
    pub(crate) fn most() -> usize;
}

/// Renders in workers of the platform.
pub(crate) struct Workers;

impl Renderer for Workers {
    fn render(
        &self,
        order: RenderOrder,
        watch: Watch,
    ) -> BoxFuture<'static, Result<RenderedFiles, RenderFailure>> {
        Box::pin(async move {
            let on_progress = Closure::new(move |fraction, stage, preview| {
                watch.tell(RenderProgress { fraction, stage, preview: preview_of(&preview) });
            });
            let render = begin(&order, &on_progress);
            // Declared last, so that it stops the worker before the closure goes.
            let render = StopOnDrop(render);
            let result = JsFuture::from(render.0.result()).await;
            result.map_err(|failure| failure_of(&failure)).and_then(|parts| files_of(&parts))
        })
    }

    fn encodes_films(&self) -> bool {
        encodes_films()
    }

    fn has_neural_voice(&self) -> bool {
        has_neural_voice()
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Workers")
    }
}

type OnProgress = Closure<dyn Fn(f32, String, JsValue)>;

fn begin(order: &RenderOrder, on_progress: &OnProgress) -> Render {
    let inputs = Array::new();
    for (path, bytes) in &order.inputs {
        inputs.push(&path.into());
        inputs.push(&Uint8Array::from(&bytes[..]));
    }
    let parameters = serde_json::to_string(&order.parameters).unwrap_or_default();
    let fidelity = order.fidelity.as_str();
    render(order.media_type.as_str(), &parameters, inputs, fidelity, on_progress)
}

struct StopOnDrop(Render);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

fn preview_of(parts: &JsValue) -> Option<RenderPreview> {
    let parts = parts.dyn_ref::<Array>()?;
    let side = |place| Some(parts.get(place).as_f64()? as u32);
    Some(RenderPreview {
        bytes: Bytes::from(parts.get(0).dyn_into::<Uint8Array>().ok()?.to_vec()),
        mime_type: parts.get(1).as_string()?,
        width: side(2)?,
        height: side(3)?,
    })
}

fn files_of(parts: &JsValue) -> Result<RenderedFiles, RenderFailure> {
    let mut parts = parts.unchecked_ref::<Array>().iter();
    let description = parts.next().and_then(|part| part.as_string()).unwrap_or_default();
    let mut rendered: RenderedFiles = serde_json::from_str(&description)
        .map_err(|problem| RenderFailure::Internal(format!("the worker's answer: {problem}")))?;
    for (file, bytes) in rendered.files.iter_mut().zip(parts) {
        file.bytes = Bytes::from(bytes.unchecked_into::<Uint8Array>().to_vec());
    }
    Ok(rendered)
}

fn failure_of(failure: &JsValue) -> RenderFailure {
    let text = failure.as_string().unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_else(|_| {
        RenderFailure::Internal("the sandbox's worker failed without a reason".to_owned())
    })
}
