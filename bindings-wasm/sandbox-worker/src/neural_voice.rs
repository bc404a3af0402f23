//! The neural voice, which lives in a module of its own: JavaScript carries phones and sound.

use std::sync::Arc;

use js_sys::{Error, Float32Array, Function};
use media_factory_sandbox::engine::{
    job::RenderError,
    neural_voice::{Delivery, NeuralVoice},
};
use wasm_bindgen::{JsCast, prelude::JsValue};

/// The network, where the page brought one.
pub(crate) fn of_page(say: Option<Function>) -> Result<Arc<dyn NeuralVoice>, RenderError> {
    let missing = || {
        RenderError::Unsupported(
            "the neural voice is not imported: add `import \"media-factory/neural-voice\"`, or ask \
             for one of the other voices"
                .to_owned(),
        )
    };
    Ok(Arc::new(ImportedVoice { say: say.ok_or_else(missing)? }))
}

struct ImportedVoice {
    say: Function,
}

impl NeuralVoice for ImportedVoice {
    fn say(&self, phones: &str, delivery: &Delivery) -> Result<Vec<f32>, RenderError> {
        let Delivery { speed, pitch, liveliness } = *delivery;
        let said = self.say.call4(
            &JsValue::NULL,
            &phones.into(),
            &speed.into(),
            &pitch.into(),
            &liveliness.into(),
        );
        let samples = said.map_err(|thrown| failed(&message_of(&thrown)))?;
        let samples = samples.dyn_into::<Float32Array>().map_err(|_| failed("it gave no sound"))?;
        Ok(samples.to_vec())
    }
}

fn failed(reason: &str) -> RenderError {
    RenderError::Internal(format!("the neural voice failed: {reason}"))
}

fn message_of(thrown: &JsValue) -> String {
    thrown.dyn_ref::<Error>().map_or_else(|| "no reason".to_owned(), |error| error.message().into())
}
