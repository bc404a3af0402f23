//! The native half of the Python package `media_factory_neural_voice`: the network, with the model
//! that lies in the package. `_network.pyi` says what each thing takes and gives.

use std::{
    fs, mem,
    path::PathBuf,
    process,
    sync::{Arc, Mutex, PoisonError},
};

use media_factory_neural_voice::{Delivery, Network, NetworkError};
use pyo3::{
    exceptions::{PyOSError, PyRuntimeError, PyValueError},
    prelude::*,
    types::PyBytes,
};

/// The package, and the file in its folder.
const PACKAGE: &str = "media_factory_neural_voice";
const MODEL: &str = "hibari.onnx";

#[pymodule]
mod _network {
    #[pymodule_export]
    use crate::NeuralVoice;

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "the name that Python gives it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}

/// The loaded network.
#[derive(Debug)]
#[pyclass(module = "media_factory_neural_voice", frozen)]
struct NeuralVoice(Mutex<Home>);

/// The network with its threads, and the process that those are in.
#[derive(Debug)]
struct Home {
    process: u32,
    network: Arc<Network>,
}

#[pymethods]
impl NeuralVoice {
    #[new]
    fn new(py: Python<'_>) -> PyResult<Self> {
        let package: PathBuf = py.import(PACKAGE)?.getattr("__file__")?.extract()?;
        let model = package.with_file_name(MODEL);
        let network = py.detach(|| {
            let model = fs::read(&model).map_err(|error| {
                PyOSError::new_err(format!(
                    "the model of the neural voice cannot be read: {error}: install \
                     media-factory-neural-voice again"
                ))
            })?;
            Network::from_onnx(model).map_err(raised)
        })?;
        Ok(Self(Mutex::new(Home { process: process::id(), network: Arc::new(network) })))
    }

    fn say<'py>(
        &self,
        py: Python<'py>,
        phones: &str,
        speed: f32,
        pitch: f32,
        liveliness: f32,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let network = self.network(py);
        let delivery = Delivery { speed, pitch, liveliness };
        let wave = py.detach(|| network.say(phones, &delivery)).map_err(raised)?;
        PyBytes::new_with(py, wave.len() * size_of::<f32>(), |bytes| {
            let (bytes, _) = bytes.as_chunks_mut();
            for (bytes, sample) in bytes.iter_mut().zip(&wave) {
                *bytes = sample.to_le_bytes();
            }
            Ok(())
        })
    }
}

impl NeuralVoice {
    /// The network of this process. Nobody forks who has to wait for the interpreter, so that no
    /// child inherits a lock that is held.
    fn network(&self, _py: Python<'_>) -> Arc<Network> {
        let mut home = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let process = process::id();
        if home.process != process {
            let network = Arc::new(home.network.in_forked_child());
            // The parent's threads are not in this process, and cannot be ended here.
            mem::forget(mem::replace(&mut *home, Home { process, network }));
        }
        home.network.clone()
    }
}

fn raised(error: NetworkError) -> PyErr {
    match error {
        NetworkError::Invalid(sentence) => PyValueError::new_err(sentence),
        NetworkError::Failed(sentence) => PyRuntimeError::new_err(sentence),
    }
}
