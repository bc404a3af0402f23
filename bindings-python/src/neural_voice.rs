//! The extra `neural-voice`: the model is looked for when the first job wants it, in the package
//! that brings it. Of that package nothing is imported.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use media_factory_core::runtime::lock;
use media_factory_neural_voice::Network;
use media_factory_sandbox::engine::{
    job::RenderError,
    neural_voice::{Extras, NeuralVoice},
};
use pyo3::prelude::*;

use crate::{fork, interpreter};

/// The package and the file in it.
const PACKAGE: &str = "hibari";
const MODEL: &str = "assets/hibari.onnx";

/// The network, loaded once, and the generation of processes that its threads are in.
static LOADED: Mutex<Option<(u32, Arc<Network>)>> = Mutex::new(None);

/// What this installation brings, looked for with each job until it is found.
pub(crate) fn extras() -> Extras {
    Extras::with_neural_voice(|| Ok(network()? as Arc<dyn NeuralVoice>))
}

fn network() -> Result<Arc<Network>, RenderError> {
    // A fork while the lock is held would leave it held in the child.
    let _pass = fork::pass();
    let mut loaded = lock(&LOADED);
    let network = match &*loaded {
        Some((generation, network)) if *generation == fork::generation() => {
            return Ok(network.clone());
        }
        Some((_, network)) => Arc::new(network.in_forked_child()),
        None => Arc::new(load()?),
    };
    // The parent's threads are left alone.
    std::mem::forget(loaded.replace((fork::generation(), network.clone())));
    Ok(network)
}

fn load() -> Result<Network, RenderError> {
    let missing = || {
        RenderError::Unsupported(
            "the neural voice is not installed: run `pip install \"media-factory[neural-voice]\"`, \
             or ask for one of the other voices"
                .to_owned(),
        )
    };
    let folder = interpreter::attached(|py| folder(py).ok().flatten()).flatten();
    let model = fs::read(folder.ok_or_else(missing)?.join(MODEL)).map_err(|_| missing())?;
    Network::from_onnx(model).map_err(RenderError::Internal)
}

/// Where the package is installed, if it is.
fn folder(py: Python<'_>) -> PyResult<Option<PathBuf>> {
    let spec = py.import("importlib.util")?.call_method1("find_spec", (PACKAGE,))?;
    if spec.is_none() {
        return Ok(None);
    }
    let places: Vec<PathBuf> = spec.getattr("submodule_search_locations")?.extract()?;
    Ok(places.into_iter().next())
}
