//! The model in the interpreter of networks.

use std::{fmt, sync::Arc, thread};

use media_factory_sandbox::engine::{
    job::RenderError,
    neural_voice::{Delivery, NeuralVoice},
};
use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView, NdTensor, Tensor};

use crate::{
    alphabet,
    waveform::{Spectra, Synthesis},
};

/// Threads beyond which the small layers of the model gain nothing.
const MOST_THREADS: usize = 4;

/// The loaded model; may be asked from several threads at once.
#[derive(Clone)]
pub struct Network {
    model: Arc<Model>,
    inputs: [NodeId; 2],
    outputs: [NodeId; 6],
    options: RunOptions,
    synthesis: Synthesis,
}

impl Network {
    /// Takes the model as an ONNX file, in a tenth of a second.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with the file.
    pub fn from_onnx(file: Vec<u8>) -> Result<Self, String> {
        let model = Model::load(file)
            .map_err(|error| format!("the model of the neural voice cannot be loaded: {error}"))?;
        let node = |name: &str| {
            model.node_id(name).map_err(|error| {
                format!("the model of the neural voice is of another version: {error}")
            })
        };
        let inputs = [node("ids")?, node("speed")?];
        let outputs = <[NodeId; 6]>::try_from(model.output_ids().to_vec())
            .map_err(|found| format!("the neural voice has {} outputs, not 6", found.len()))?;
        let options = on_new_threads();
        let synthesis = Synthesis::new();
        Ok(Self { model: Arc::new(model), inputs, outputs, options, synthesis })
    }

    /// The same model for a forked child. It could not load one again: that takes threads that
    /// the whole process shares, and a child has none of its parent's.
    pub fn in_forked_child(&self) -> Self {
        Self { options: on_new_threads(), ..self.clone() }
    }

    fn spectra(&self, phones: &str, speed: f32) -> Result<Spectra, String> {
        let letters = alphabet::numbers(phones);
        let letters = NdTensor::from_data([1, letters.len()], letters);
        let speed = NdTensor::from_data([1], vec![speed]);
        let [letters_in, speed_in] = self.inputs;
        let inputs = vec![(letters_in, letters.into()), (speed_in, speed.into())];
        let found = self.model.run(inputs, &self.outputs, Some(self.options.clone()));
        let found = found.map_err(|error| error.to_string())?;
        let tables: Vec<Vec<f32>> = found.into_iter().map(table).collect::<Result<_, _>>()?;
        let tables = <[Vec<f32>; 6]>::try_from(tables).map_err(|_| "outputs are missing")?;
        let [level, turn, noise, rest, phase, pitch] = tables;
        Spectra::new(level, turn, noise, rest, phase, pitch)
            .ok_or_else(|| "outputs differ in length".to_owned())
    }
}

fn on_new_threads() -> RunOptions {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let mut options = RunOptions::default();
    options.thread_pool = Some(Arc::new(ThreadPool::with_num_threads(threads)));
    options
}

fn table(value: Value) -> Result<Vec<f32>, String> {
    let tensor: Tensor<f32> = value.try_into().map_err(|_| "an output is of another type")?;
    Ok(tensor.to_vec())
}

impl NeuralVoice for Network {
    fn say(&self, phones: &str, delivery: &Delivery) -> Result<Vec<f32>, RenderError> {
        let failed = |reason| RenderError::Internal(format!("the neural voice failed: {reason}"));
        let mut spectra = self.spectra(phones, delivery.speed).map_err(failed)?;
        spectra.intone(delivery.pitch, delivery.liveliness);
        self.synthesis.wave(&spectra).map_err(|error| failed(error.to_string()))
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Network").finish_non_exhaustive()
    }
}
