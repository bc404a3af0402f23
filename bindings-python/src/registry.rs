//! A registry with the ports of this process.

use std::{sync::Arc, time::Duration};

use media_factory_core::{
    media::ProcessingStatus,
    registry,
    runtime::{Runtime, lock},
    task,
};
use pyo3::prelude::*;

use crate::{
    errors::to_py,
    files::Machine,
    runtime::{Ending, Home, handle},
    task::Task,
    testing::Harness,
    transport::Network,
    value::Reader,
    workflow::status,
};

/// A registry as the core knows it.
#[pyclass(frozen, module = "media_factory._core")]
pub(crate) struct Registry {
    pub(crate) registry: registry::Registry,
    pub(crate) home: Arc<Home>,
}

/// `exit_grace` where the configuration does not say otherwise.
pub(crate) const STANDARD_GRACE: Duration = Duration::from_secs(10);

#[pymethods]
impl Registry {
    #[new]
    #[pyo3(signature = (harness=None))]
    fn new(harness: Option<&Harness>) -> PyResult<Self> {
        let (home, runtime) = match harness {
            Some(harness) => (Home::manual(harness.harness.clone()), harness.harness.runtime()),
            None => {
                let home = Home::live(handle()?);
                let runtime = Runtime {
                    transport: Arc::new(Network),
                    sandbox: Some(crate::sandbox::transport(&home)),
                    clock: home.clock.clone(),
                    spawner: home.spawner.clone(),
                    host: Arc::new(Machine),
                };
                (home, runtime)
            }
        };
        Ok(Self { registry: registry::Registry::new(runtime), home: Arc::new(home) })
    }

    fn configure(&self, py: Python<'_>, defaults: &Bound<'_, PyAny>) -> PyResult<()> {
        let defaults = Reader::new(0).map("config", defaults)?;
        let configured = defaults.and_then(|defaults| self.registry.configure(defaults));
        configured.map_err(|error| to_py(py, &error))
    }

    fn register(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        self.registry.register(name).map(drop).map_err(|error| to_py(py, &error))
    }

    fn available(&self) -> Vec<String> {
        self.registry.available().iter().map(|known| known.as_str().to_owned()).collect()
    }

    /// Raises when nothing is registered under `name`.
    fn must_know(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        self.registry.media_type(name).map(drop).map_err(|error| to_py(py, &error))
    }

    fn task(&self, task_id: &str) -> Option<Task> {
        self.registry.task(task_id).map(|task| Task::new(task, &self.home))
    }

    #[pyo3(signature = (with_status=None))]
    fn tasks(&self, py: Python<'_>, with_status: Option<&str>) -> PyResult<Vec<Task>> {
        let tasks = self.registry.tasks(status(py, with_status)?).into_iter();
        Ok(tasks.map(|task| Task::new(task, &self.home)).collect())
    }

    /// Tasks that a service is working on, and the seconds that those among them whose submission
    /// was not answered yet may still take when the process wants to end.
    fn open_tasks(&self) -> (Vec<Task>, f64) {
        let endings = lock(&self.home.endings);
        let grace = |task: &task::Task| match endings.get(&task.owner()) {
            None => Some(STANDARD_GRACE),
            Some(Ending::Grace(grace)) => Some(*grace),
            Some(Ending::Hosted) => None,
        };
        let mut longest = Duration::ZERO;
        let mut open = Vec::new();
        for task in self.registry.tasks(None) {
            let Some(grace) = grace(&task).filter(|_| !task.is_finished()) else { continue };
            let snapshot = task.snapshot();
            if snapshot.remote_id.is_none() && snapshot.status == ProcessingStatus::Pending {
                longest = longest.max(grace);
            }
            open.push(Task::new(task, &self.home));
        }
        (open, longest.as_secs_f64())
    }

    /// Whether it was made before this process was forked.
    fn is_inherited(&self, py: Python<'_>) -> bool {
        self.home.must_be_own(py).is_err()
    }
}
