//! The neural voice as a module of its own: only who asks for it loads it.

use media_factory_neural_voice::{Delivery, Network, NetworkError};
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// The network, ready to speak.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NeuralVoice(Network);

#[wasm_bindgen]
impl NeuralVoice {
    /// Takes the model as an ONNX file; throws an `Error` that says what is wrong with it.
    #[wasm_bindgen(constructor)]
    pub fn new(model: Vec<u8>) -> Result<Self, JsError> {
        Network::from_onnx(model).map(Self).map_err(error)
    }

    /// Says the phones of one breath: samples mostly within ±1, 24,000 in a second. `speed`,
    /// `pitch` and `liveliness` are factors on the voice's own manner; see [`Delivery`]. Throws an
    /// `Error` where it cannot.
    pub fn say(
        &self,
        phones: &str,
        speed: f32,
        pitch: f32,
        liveliness: f32,
    ) -> Result<Vec<f32>, JsError> {
        self.0.say(phones, &Delivery { speed, pitch, liveliness }).map_err(error)
    }
}

fn error(error: NetworkError) -> JsError {
    JsError::new(&error.to_string())
}
