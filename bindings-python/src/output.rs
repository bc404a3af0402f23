//! One produced file.

use std::{future::Future, path::PathBuf, sync::Arc};

use bytes::Bytes;
use media_factory_core::{
    Result,
    media::{MediaOutput, OutputFacts},
};
use pyo3::{prelude::*, pybacked::PyBackedBytes, types::PyBytes};
use serde_json::Value as Json;

use crate::{
    operation::{Given, Operation},
    runtime::Home,
    saving::saved,
    value::json_to_py,
};

/// An output as the core knows it.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Output {
    pub(crate) output: MediaOutput,
    /// Absent for what was made from bytes.
    home: Option<Arc<Home>>,
}

impl Output {
    pub(crate) fn new(output: MediaOutput, home: &Arc<Home>) -> Self {
        Self { output, home: Some(home.clone()) }
    }

    /// An output whose bytes are in memory.
    pub(crate) fn in_hand(output: MediaOutput) -> Self {
        Self { output, home: None }
    }

    fn start(
        &self,
        py: Python<'_>,
        work: impl Future<Output = Result<Given>> + Send + 'static,
    ) -> PyResult<Option<Operation>> {
        self.home.as_ref().map(|home| Operation::start(py, home, work)).transpose()
    }
}

#[pymethods]
impl Output {
    /// An output of a custom workflow. The kind is what the bytes prove, then `mime_type`.
    #[new]
    #[pyo3(signature = (data, mime_type, width=None, height=None, duration=None, seed=None, role=None))]
    fn from_bytes(
        data: PyBackedBytes,
        mime_type: String,
        width: Option<u32>,
        height: Option<u32>,
        duration: Option<f64>,
        seed: Option<u64>,
        role: Option<String>,
    ) -> Self {
        let facts =
            OutputFacts { role, mime_type, width, height, duration, seed, url: None, size: None };
        Self::in_hand(MediaOutput::from_bytes(Bytes::from_owner(data), facts))
    }

    /// What is known without a download: `mime_type`, and the others where they are known.
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let json = serde_json::to_value(self.output.facts()).unwrap_or(Json::Null);
        json_to_py(py, &json)
    }

    /// The bytes if they are here already.
    fn in_memory<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.output.in_memory().map(|bytes| PyBytes::new(py, &bytes))
    }

    /// Size in bytes, where known.
    fn size(&self) -> Option<u64> {
        let held = self.output.in_memory().map(|bytes| bytes.len() as u64);
        held.or(self.output.facts().size)
    }

    /// Starts the download, of a part if there is an end; `None` when there is nothing to download
    /// from.
    #[pyo3(signature = (start=0, end=None))]
    fn read(&self, py: Python<'_>, start: u64, end: Option<u64>) -> PyResult<Option<Operation>> {
        let output = self.output.clone();
        self.start(py, async move {
            let bytes = match (start, end) {
                (0, None) => output.read().await,
                (start, end) => output.read_range(start..end.unwrap_or(u64::MAX)).await,
            };
            bytes.map(Given::Bytes)
        })
    }

    /// Starts a download into a file that is not there yet, and gives the extension that fits what
    /// has come; `None` when there is nothing to download from.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<Option<Operation>> {
        let output = self.output.clone();
        self.start(py, async move { saved(&output, &path).await })
    }

    /// The file extension without a dot.
    fn extension(&self) -> &'static str {
        self.output.extension()
    }
}
