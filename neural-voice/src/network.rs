//! The model in the interpreter of networks.

use std::{fmt, sync::Arc, thread};

use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::{AsView, NdTensor, Tensor};

use crate::{
    alphabet,
    delivery::Delivery,
    waveform::{Spectra, Synthesis},
};

/// Threads beyond which the small layers of the model gain nothing.
const MOST_THREADS: usize = 4;

/// The longest that is said at once: what attention takes grows with the square of it.
const MOST_LETTERS: usize = 4_000;

/// Why there is no sound. Each holds a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NetworkError {
    /// What was asked for cannot be said.
    Invalid(String),
    /// The model is not the one that this crate knows, or its run failed.
    Failed(String),
}

impl fmt::Display for NetworkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(sentence) | Self::Failed(sentence) => formatter.write_str(sentence),
        }
    }
}

impl std::error::Error for NetworkError {}

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
    /// [`NetworkError::Failed`] says what is wrong with the file, or what the processor lacks.
    pub fn from_onnx(file: Vec<u8>) -> Result<Self, NetworkError> {
        let failed = |sentence| NetworkError::Failed(sentence);
        if !has_vectors() {
            return Err(failed(
                "the neural voice needs a processor with AVX2 and FMA (x86-64, since 2013) or NEON \
                 (64-bit ARM): ask for another voice"
                    .to_owned(),
            ));
        }
        let model = Model::load(file).map_err(|error| {
            failed(format!("the model of the neural voice cannot be loaded: {error}"))
        })?;
        let node = |name: &str| {
            model.node_id(name).map_err(|error| {
                failed(format!("the model of the neural voice is of another version: {error}"))
            })
        };
        let inputs = [node("ids")?, node("speed")?];
        let outputs = <[NodeId; 6]>::try_from(model.output_ids().to_vec()).map_err(|found| {
            failed(format!("the model of the neural voice has {} outputs, and not 6", found.len()))
        })?;
        let options = on_new_threads();
        let synthesis = Synthesis::new();
        Ok(Self { model: Arc::new(model), inputs, outputs, options, synthesis })
    }

    /// The same model for a forked child. It could not load one again: that takes threads that
    /// the whole process shares, and a child has none of its parent's.
    pub fn in_forked_child(&self) -> Self {
        Self { options: on_new_threads(), ..self.clone() }
    }

    /// Says the phones of one breath: letters of the International Phonetic Alphabet with capitals
    /// for diphthongs, `ˈ` before a stressed vowel, and punctuation. Gives samples, mostly within
    /// ±1, [`SAMPLE_RATE`](crate::SAMPLE_RATE) in a second. Letters that the model does not know
    /// are left out.
    ///
    /// # Errors
    ///
    /// [`NetworkError::Invalid`] for a breath of more than 4,000 letters and for factors that are
    /// out of range; [`NetworkError::Failed`].
    pub fn say(&self, phones: &str, delivery: &Delivery) -> Result<Vec<f32>, NetworkError> {
        if let Some(problem) = delivery.problem() {
            return Err(NetworkError::Invalid(problem));
        }
        let letters = alphabet::numbers(phones);
        if letters.len() > MOST_LETTERS {
            let count = letters.len();
            let sentence = format!("a breath has at most {MOST_LETTERS} letters, and not {count}");
            return Err(NetworkError::Invalid(sentence));
        }
        let failed = |why| NetworkError::Failed(format!("the network of the neural voice: {why}"));
        let mut spectra = self.spectra(letters, delivery.speed).map_err(failed)?;
        spectra.intone(delivery.pitch, delivery.liveliness);
        self.synthesis.wave(&spectra).map_err(|error| failed(error.to_string()))
    }

    fn spectra(&self, letters: Vec<i32>, speed: f32) -> Result<Spectra, String> {
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

/// Whether the processor has the vector instructions that the interpreter is made for: its
/// stand-in for processors without them panics on this model.
fn has_vectors() -> bool {
    #[cfg(target_arch = "x86_64")]
    return std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    return cfg!(any(target_arch = "aarch64", target_feature = "simd128"));
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

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Network").finish_non_exhaustive()
    }
}
