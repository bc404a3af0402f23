//! Maps media types to workflows and owns what they share.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use crate::{
    config::Config,
    driver::Endpoint,
    error::{Code, Error, Issue, IssueCode, Result},
    media::{Map, MediaType, ProcessingStatus, Value},
    protocol::Protocol,
    runtime::{Runtime, Transport, lock},
    task::{NewTask, Store, Task, TaskIds},
    trouble::Troubled,
    validation::suggest,
    workflow::Workflow,
};

/// An isolated set of workflows, tasks and shared resources; clones are the same registry.
#[derive(Clone)]
pub struct Registry(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) runtime: Runtime,
    pub(crate) store: Arc<Store>,
    pub(crate) ids: TaskIds,
    defaults: Mutex<Map>,
    custom: Mutex<Vec<String>>,
    endpoints: Mutex<BTreeMap<String, Weak<Endpoint>>>,
    next_workflow: AtomicU64,
}

impl Registry {
    /// A registry on these ports.
    pub fn new(runtime: Runtime) -> Self {
        Self(Arc::new(Shared {
            runtime,
            store: Arc::default(),
            ids: TaskIds::default(),
            defaults: Mutex::default(),
            custom: Mutex::default(),
            endpoints: Mutex::default(),
            next_workflow: AtomicU64::new(1),
        }))
    }

    /// The ports.
    pub fn runtime(&self) -> &Runtime {
        &self.0.runtime
    }

    /// Sets default configuration for workflows made from now on: keys as in [`Config`], and
    /// dictionaries under `image`, `video` or `voice` (or a registered name) for one medium.
    /// Replaces earlier defaults.
    ///
    /// # Errors
    /// `config` with every problem; the earlier defaults stay then.
    pub fn configure(&self, defaults: Map) -> Result<()> {
        let available = self.available();
        let read = |media_type: &MediaType| {
            let layers = layers_of(&defaults, &available, media_type);
            let layers: Vec<&Map> = layers.iter().collect();
            Config::read(media_type, &layers, &*self.0.runtime.host)
        };
        // All are read before any holds, so that a refusal leaves everything as it was.
        let configs = available.iter().map(read).collect::<Result<Vec<_>>>()?;
        for config in &configs {
            self.keep_history(config);
        }
        *lock(&self.0.defaults) = defaults;
        Ok(())
    }

    /// The media types that [`Registry::workflow`] knows: the built-in ones, then the registered.
    pub fn available(&self) -> Vec<MediaType> {
        let custom = lock(&self.0.custom);
        let custom = custom.iter().map(|name| MediaType::from_name(name));
        MediaType::BUILT_IN.into_iter().chain(custom).collect()
    }

    /// Registers a custom workflow's name; registering a name again replaces its class, which the
    /// host language keeps.
    ///
    /// # Errors
    /// `config` when the name is none: 1 to 64 of letters, digits, `-` and `_`.
    pub fn register(&self, name: &str) -> Result<MediaType> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
            let message = "a workflow's name has 1 to 64 letters, digits, '-' or '_'";
            return Err(Error::config(vec![Issue::new("name", IssueCode::Format, message)]));
        }
        let media_type = MediaType::from_name(name);
        let mut custom = lock(&self.0.custom);
        if matches!(media_type, MediaType::Custom(_)) && !custom.iter().any(|known| known == name) {
            custom.push(name.to_owned());
        }
        Ok(media_type)
    }

    /// The media type of that name.
    ///
    /// # Errors
    /// `validation` when nothing is registered under it, with a suggestion.
    pub fn media_type(&self, name: &str) -> Result<MediaType> {
        let available = self.available();
        if let Some(media_type) = available.iter().find(|known| known.as_str() == name) {
            return Ok(media_type.clone());
        }
        let names: Vec<&str> = available.iter().map(MediaType::as_str).collect();
        let shown: String = name.chars().take(60).collect();
        let issue =
            Issue::new("media_type", IssueCode::Choice, format!("Unsupported media type: {shown}"));
        let issue = issue
            .with_allowed(names.iter().copied())
            .with_suggestion(suggest(name, names.iter().copied()));
        let mut error = Error::new(Code::Validation, issue.message.clone());
        error.issues = vec![issue];
        Err(error)
    }

    /// A new workflow instance. `transport` replaces the registry's own.
    ///
    /// # Errors
    /// `config` with every problem of the configuration.
    pub fn workflow(
        &self,
        media_type: &MediaType,
        config: &Map,
        transport: Option<Arc<dyn Transport>>,
    ) -> Result<Workflow> {
        let defaults = lock(&self.0.defaults).clone();
        let mut layers = layers_of(&defaults, &self.available(), media_type);
        layers.push(config.clone());
        let layers: Vec<&Map> = layers.iter().collect();
        let config = Config::read(media_type, &layers, &*self.0.runtime.host)?;
        self.keep_history(&config);
        let protocol = config.protocol;
        config.must_suit(media_type)?;
        let transport = match transport {
            Some(own) => own,
            None if protocol.is_embedded() => self.sandbox()?,
            None => self.0.runtime.transport.clone(),
        };
        let endpoint = self.endpoint(&config, protocol, &transport);
        let trouble = config.sandbox.trouble;
        let transport = match protocol.is_embedded() && !trouble.is_none() {
            true => Troubled::around(transport, trouble, self.0.runtime.clock.clone()),
            false => transport,
        };
        let id = self.0.next_workflow.fetch_add(1, Ordering::Relaxed);
        Ok(Workflow::new(
            self.clone(),
            id,
            media_type.clone(),
            config,
            protocol,
            transport,
            endpoint,
        ))
    }

    fn sandbox(&self) -> Result<Arc<dyn Transport>> {
        self.0.runtime.sandbox.clone().ok_or_else(|| {
            Error::new(Code::Unsupported, "the sandbox is not built into this package")
        })
    }

    /// The endpoint that all workflows with this address, protocol and transport share.
    fn endpoint(
        &self,
        config: &Config,
        protocol: &dyn Protocol,
        transport: &Arc<dyn Transport>,
    ) -> Arc<Endpoint> {
        let carrier = Arc::as_ptr(transport).cast::<()>();
        let key = format!("{} {} {carrier:p}", protocol.name(), config.service_endpoint);
        let mut endpoints = lock(&self.0.endpoints);
        if let Some(known) = endpoints.get(&key).and_then(Weak::upgrade) {
            return known;
        }
        // Workflows with a transport of their own come and go; so do their endpoints.
        endpoints.retain(|_, endpoint| endpoint.strong_count() > 0);
        let endpoint = Arc::new(Endpoint::new(protocol.presumed_version()));
        endpoints.insert(key, Arc::downgrade(&endpoint));
        endpoint
    }

    fn keep_history(&self, config: &Config) {
        self.0.store.set_limits(|limits| {
            limits.tasks = config.history_limit.unwrap_or(limits.tasks);
            limits.bytes = config.max_history_bytes.unwrap_or(limits.bytes);
        });
    }

    /// The task with that id, unless it was evicted.
    pub fn task(&self, id: &str) -> Option<Task> {
        self.0.store.get(id)
    }

    /// All tasks of this registry in the order of their creation, or those with one status.
    pub fn tasks(&self, status: Option<ProcessingStatus>) -> Vec<Task> {
        let mut tasks = self.0.store.all();
        if let Some(status) = status {
            tasks.retain(|task| task.status() == status);
        }
        tasks
    }

    /// Puts a task that a host made itself into the store: `self._tasks[id] = task`.
    pub fn adopt(&self, id: &str, owner: u64, media_type: MediaType, parameters: Map) -> Task {
        self.new_task(NewTask {
            id: Arc::from(id),
            media_type,
            parameters,
            metadata: serde_json::Map::new(),
            owner,
            is_driven: false,
            listener: None,
        })
    }

    pub(crate) fn new_task(&self, new: NewTask) -> Task {
        Task::create(new, self.0.runtime.clock.clone(), &self.0.store)
    }

    pub(crate) fn new_id(&self) -> Arc<str> {
        self.0.ids.next(&*self.0.runtime.clock)
    }

    pub(crate) fn store(&self) -> &Arc<Store> {
        &self.0.store
    }
}

/// The general defaults, then those of one medium.
fn layers_of(defaults: &Map, available: &[MediaType], media_type: &MediaType) -> Vec<Map> {
    let is_medium = |key: &str| available.iter().any(|known| known.as_str() == key);
    let general =
        defaults.iter().filter(|(key, value)| !(is_medium(key) && matches!(value, Value::Map(_))));
    let general: Map = general.map(|(key, value)| (key.to_owned(), value.clone())).collect();
    match defaults.get(media_type.as_str()) {
        Some(Value::Map(own)) => vec![general, own.clone()],
        _ => vec![general],
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Registry").field("store", &self.0.store).finish_non_exhaustive()
    }
}
