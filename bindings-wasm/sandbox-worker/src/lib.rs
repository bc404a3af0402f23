//! The engine of the sandbox in a worker of its own: it blocks while it renders, and is ended with
//! its worker when nobody wants the result any more.

mod neural_voice;

use std::collections::BTreeMap;

use js_sys::{Array, Function, Uint8Array};
use media_factory_core::{config::Fidelity, media::MediaType};
use media_factory_sandbox::{
    engine::neural_voice::Extras,
    order::{self, run_order_with},
    platform_film::{self, EncodedFrame},
    server::{RenderFailure, RenderOrder, RenderPreview, RenderProgress, RenderedFiles},
};
use wasm_bindgen::{
    JsCast,
    prelude::{JsValue, wasm_bindgen},
};

/// Renders one order: `parameters` as JSON, `inputs` as a parameter path, then its bytes, and so
/// on, `fidelity` by its name. `on_progress` is called with a fraction, a stage and, where there is
/// one, a preview: its bytes, media type, width and height. `say` is the network that an order
/// asks for by [`wants_neural_voice`]: a function of phones, speed, pitch and liveliness that
/// gives samples or throws an `Error`.
///
/// Gives a description in JSON, then the bytes of each file; throws a failure in JSON.
#[wasm_bindgen]
pub fn render(
    media_type: &str,
    parameters: &str,
    inputs: &Array,
    fidelity: &str,
    on_progress: &Function,
    say: Option<Function>,
) -> Result<Array, JsValue> {
    let order = RenderOrder {
        media_type: MediaType::from_name(media_type),
        parameters: serde_json::from_str(parameters).map_err(unreadable)?,
        inputs: inputs_of(inputs),
        fidelity: Fidelity::from_name(fidelity).unwrap_or_default(),
    };
    let mut throttle = Throttle::default();
    let mut tell = |progress: RenderProgress| {
        if throttle.lets_through(&progress) {
            let (fraction, stage) = (f64::from(progress.fraction), progress.stage);
            let preview = progress.preview.as_ref().map_or(JsValue::UNDEFINED, preview_of);
            // A listener that throws is the page's problem, not the picture's.
            let _ = on_progress.call3(&JsValue::NULL, &fraction.into(), &stage.into(), &preview);
        }
    };
    let extras = Extras::with_neural_voice(|| true, move || neural_voice::of_page(say.clone()));
    run_order_with(&extras, order, &mut tell, &|| false)
        .map(parts_of)
        .map_err(|failure| json_of(&failure))
}

/// Whether an order asks for the neural voice, which is loaded before it is rendered.
#[wasm_bindgen(js_name = wantsNeuralVoice)]
pub fn wants_neural_voice(media_type: &str, parameters: &str) -> bool {
    // An order that cannot be read is refused when it is rendered.
    let parameters = serde_json::from_str(parameters).unwrap_or_default();
    order::wants_neural_voice(&MediaType::from_name(media_type), &parameters)
}

/// Puts a film into WebM that the browser encoded from the planes which an order of the format
/// `planes` gave: `description` and `codec` are that order's and the encoder's, `frames` holds a
/// time in microseconds, whether decoding can start there, then the bytes, and so on, `sound` is the
/// order's `audio_input`.
///
/// Gives and throws what [`render`] does.
#[wasm_bindgen]
pub fn webm(
    description: &str,
    codec: &str,
    frames: &Array,
    sound: Option<Vec<u8>>,
) -> Result<Array, JsValue> {
    let rendered = serde_json::from_str(description).map_err(unreadable)?;
    platform_film::webm(rendered, codec, &frames_of(frames), sound.as_deref())
        .map(parts_of)
        .map_err(|failure| json_of(&failure))
}

fn frames_of(parts: &Array) -> Vec<EncodedFrame> {
    let parts: Vec<JsValue> = parts.to_vec();
    let frames = parts.chunks_exact(3).filter_map(|frame| match frame {
        [timestamp, key, data] => Some(EncodedFrame {
            timestamp: timestamp.as_f64()? as u64,
            key: key.is_truthy(),
            data: data.dyn_ref::<Uint8Array>()?.to_vec(),
        }),
        _ => None,
    });
    frames.collect()
}

/// Only what a progress bar can show becomes a message.
#[derive(Default)]
struct Throttle {
    shown: f32,
    stage: String,
}

impl Throttle {
    const STEP: f32 = 0.01;

    fn lets_through(&mut self, progress: &RenderProgress) -> bool {
        let is_news = progress.fraction - self.shown >= Self::STEP
            || progress.stage != self.stage
            || progress.preview.is_some();
        if is_news {
            self.shown = progress.fraction;
            self.stage.clone_from(&progress.stage);
        }
        is_news
    }
}

fn inputs_of(pairs: &Array) -> BTreeMap<String, bytes::Bytes> {
    let pairs: Vec<JsValue> = pairs.to_vec();
    let inputs = pairs.chunks_exact(2).filter_map(|pair| match pair {
        [path, bytes] => {
            let bytes = bytes.dyn_ref::<Uint8Array>()?.to_vec();
            Some((path.as_string()?, bytes.into()))
        }
        _ => None,
    });
    inputs.collect()
}

fn preview_of(preview: &RenderPreview) -> JsValue {
    let parts = Array::new();
    parts.push(&Uint8Array::from(&preview.bytes[..]));
    parts.push(&preview.mime_type.as_str().into());
    parts.push(&preview.width.into());
    parts.push(&preview.height.into());
    parts.into()
}

fn parts_of(rendered: RenderedFiles) -> Array {
    let parts = Array::new();
    parts.push(&serde_json::to_string(&rendered).unwrap_or_default().into());
    for file in &rendered.files {
        parts.push(&Uint8Array::from(&file.bytes[..]));
    }
    parts
}

fn unreadable(problem: serde_json::Error) -> JsValue {
    json_of(&RenderFailure::Internal(format!("the order cannot be read: {problem}")))
}

fn json_of(failure: &RenderFailure) -> JsValue {
    serde_json::to_string(failure).unwrap_or_default().into()
}
