//! The extra `neural-voice`: a package of its own, which is imported when the first job wants it.

use std::sync::{Arc, Mutex};

use media_factory_core::runtime::lock;
use media_factory_sandbox::engine::{
    job::RenderError,
    neural_voice::{Delivery, Extras, NeuralVoice},
};
use pyo3::{intern, prelude::*, types::PyBytes};

use crate::{fork, interpreter};

const PACKAGE: &str = "media_factory_neural_voice";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Loaded once. The package knows by itself what to do in a forked child.
static LOADED: Mutex<Option<Arc<InstalledVoice>>> = Mutex::new(None);

/// What this installation brings, looked for with each job until it is found.
pub(crate) fn extras() -> Extras {
    Extras::with_neural_voice(is_installed, || Ok(installed()? as Arc<dyn NeuralVoice>))
}

/// Whether a job may ask for it, told without loading anything.
fn is_installed() -> bool {
    with_python(|py| {
        let version = py.import("importlib.metadata")?.call_method1("version", (PACKAGE,));
        // Programs in one file come without the metadata of their packages.
        let fits = version.and_then(|version| version.extract::<String>()).map(|it| it == VERSION);
        Ok(Ok(is_there(py)? && fits.unwrap_or(true)))
    })
    .unwrap_or(false)
}

/// An import that fails would not tell what is missing from what is broken.
fn is_there(py: Python<'_>) -> PyResult<bool> {
    Ok(!py.import("importlib.util")?.call_method1("find_spec", (PACKAGE,))?.is_none())
}

fn installed() -> Result<Arc<InstalledVoice>, RenderError> {
    // A fork while the lock is held would leave it held in the child. Who has the interpreter does
    // not come here, and who is to fork gives it away while it waits for this pass.
    let _pass = fork::pass();
    let mut loaded = lock(&LOADED);
    if let Some(voice) = &*loaded {
        return Ok(voice.clone());
    }
    let voice = with_python(InstalledVoice::load)?;
    Ok(loaded.insert(Arc::new(voice)).clone())
}

/// An instance of the package's class.
struct InstalledVoice(Py<PyAny>);

impl InstalledVoice {
    fn load(py: Python<'_>) -> PyResult<Result<Self, RenderError>> {
        if !is_there(py)? {
            return Ok(Err(RenderError::Unsupported(
                "the neural voice is not installed: run `pip install \
                 \"media-factory[neural-voice]\"`, or ask for one of the other voices"
                    .to_owned(),
            )));
        }
        let package = py.import(PACKAGE)?;
        let version: String = package.getattr("__version__")?.extract()?;
        if version != VERSION {
            return Ok(Err(RenderError::Unsupported(format!(
                "the neural voice is of version {version} and this is media-factory {VERSION}: run \
                 `pip install \"media-factory[neural-voice]=={VERSION}\"`, or ask for one of the \
                 other voices"
            ))));
        }
        Ok(Ok(Self(package.getattr("NeuralVoice")?.call0()?.unbind())))
    }
}

impl NeuralVoice for InstalledVoice {
    fn say(&self, phones: &str, delivery: &Delivery) -> Result<Vec<f32>, RenderError> {
        // The network has locks of its own.
        let _pass = fork::pass();
        with_python(|py| {
            let Delivery { speed, pitch, liveliness } = *delivery;
            let wishes = (phones, speed, pitch, liveliness);
            let sound = self.0.bind(py).call_method1(intern!(py, "say"), wishes)?;
            let (samples, _) = sound.cast::<PyBytes>()?.as_bytes().as_chunks();
            Ok(Ok(samples.iter().map(|&sample| f32::from_le_bytes(sample)).collect()))
        })
    }
}

/// Asks the package on this thread, which is none of Python's.
fn with_python<T>(
    ask: impl FnOnce(Python<'_>) -> PyResult<Result<T, RenderError>>,
) -> Result<T, RenderError> {
    interpreter::attached(|py| {
        ask(py).unwrap_or_else(|error| {
            Err(RenderError::Internal(format!("the neural voice failed: {error}")))
        })
    })
    .unwrap_or(Err(RenderError::Cancelled))
}
