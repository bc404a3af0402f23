//! A registry's ports for tests: scripted transport, manual clock, scripted random.

use std::{sync::Arc, time::Duration};

use media_factory_core::testing;
use pyo3::{exceptions::PyValueError, prelude::*};
use serde_json::Value as Json;

use crate::{errors::to_py, files::Machine, value::json_to_py};

/// The core's harness.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Harness {
    pub(crate) harness: testing::Harness,
}

#[pymethods]
impl Harness {
    /// `scenario` is JSON: `{"exchanges": […], "random": […], "env": {…}}`.
    #[new]
    fn new(py: Python<'_>, scenario: &str) -> PyResult<Self> {
        let harness = testing::Harness::new(&json(scenario)?, Arc::new(Machine));
        Ok(Self { harness: harness.map_err(|error| to_py(py, &error))? })
    }

    fn settle(&self, py: Python<'_>) {
        py.detach(|| self.harness.settle());
    }

    fn advance(&self, py: Python<'_>, seconds: f64) -> PyResult<()> {
        let duration = Duration::try_from_secs_f64(seconds)
            .map_err(|_| PyValueError::new_err("time passes by a number of seconds, forwards"))?;
        py.detach(|| self.harness.advance(duration));
        Ok(())
    }

    fn run(&self, py: Python<'_>) {
        py.detach(|| self.harness.run());
    }

    /// Seconds since the start.
    #[getter]
    fn elapsed(&self) -> f64 {
        self.harness.clock().elapsed().as_secs_f64()
    }

    #[getter]
    fn problems(&self) -> Vec<String> {
        self.harness.script().problems()
    }

    #[getter]
    fn requests<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json_to_py(py, &Json::Array(self.harness.script().requests()))
    }
}

/// Where `actual` differs from what a vector expects, in words; both are JSON.
#[pyfunction]
pub(crate) fn mismatch(expected: &str, actual: &str) -> PyResult<Option<String>> {
    Ok(testing::mismatch(&json(expected)?, &json(actual)?))
}

fn json(text: &str) -> PyResult<Json> {
    serde_json::from_str(text).map_err(|error| PyValueError::new_err(error.to_string()))
}
