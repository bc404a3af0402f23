//! Makes tasks of one medium: checks parameters, creates the task, queues the work.

use std::{fmt, sync::Arc, time::Duration};

use serde_json::Value as Json;

use crate::{
    config::Config,
    driver::{Budget, Company, Endpoint, LONGEST_ANSWER, Limit, Link, Outbox, WORTH_ASKING, Work},
    error::{Error, Issue, IssueCode, Result},
    media::{Map, MediaInput, MediaType, ProcessingStatus, Value},
    parameters::table,
    protocol::{Capabilities, Listing, Protocol},
    registry::Registry,
    runtime::Transport,
    task::{Listener, NewTask, Task},
    validation::{self, Rules},
};

/// A workflow instance; clones are the same instance.
#[derive(Clone)]
pub struct Workflow(Arc<WorkflowCell>);

struct WorkflowCell {
    registry: Registry,
    id: u64,
    media_type: MediaType,
    link: Arc<Link>,
    /// Held as long as this workflow is there.
    _limit: Limit,
}

/// What may be said about one task beside its parameters.
#[derive(Default)]
pub struct TaskOptions {
    /// Replaces the configuration's `timeout`.
    pub timeout: Option<Duration>,
    /// Told every event from `created` on.
    pub listener: Option<Arc<dyn Listener>>,
}

impl Workflow {
    pub(crate) fn new(
        registry: Registry,
        id: u64,
        media_type: MediaType,
        config: Config,
        protocol: &'static dyn Protocol,
        transport: Arc<dyn Transport>,
        endpoint: Arc<Endpoint>,
    ) -> Self {
        let limit = Limit::hold(&endpoint, config.max_concurrency);
        let runtime = registry.runtime();
        let (clock, spawner) = (runtime.clock.clone(), runtime.spawner.clone());
        let hub = endpoint.hubs.of(&config);
        let link = Arc::new(Link {
            media_type: media_type.clone(),
            config,
            protocol,
            transport,
            clock,
            spawner,
            endpoint,
            hub,
            outbox: Outbox::default(),
        });
        Self(Arc::new(WorkflowCell { registry, id, media_type, link, _limit: limit }))
    }

    /// What it makes.
    pub fn media_type(&self) -> &MediaType {
        &self.0.media_type
    }

    /// Its settings.
    pub fn config(&self) -> &Config {
        &self.0.link.config
    }

    /// The registry that it belongs to.
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// The number of this instance in its registry; [`Task::owner`] of its tasks.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// Every problem of the parameters that shows without I/O; empty means valid.
    pub fn check(&self, parameters: &Map) -> Vec<Issue> {
        self.check_and_resolve(&mut parameters.clone())
    }

    fn check_and_resolve(&self, parameters: &mut Map) -> Vec<Issue> {
        let Some(table) = table(&self.0.media_type) else { return Vec::new() };
        let link = &self.0.link;
        let models = || self.model_names();
        let rules = Rules {
            table,
            max_duration: link.config.max_duration,
            max_input_bytes: link.config.max_input_bytes,
            base_url: link.config.base_url.as_deref(),
            host: &*self.0.registry.runtime().host,
            models: (!link.protocol.takes_any_model()).then_some(&models as &dyn Fn() -> _),
        };
        let mut issues = validation::check(&rules, parameters);
        let version = link.endpoint.version();
        // What validation has reported needs no second issue on the same key.
        let unsupported =
            link.protocol.unsupported(&link.config, &self.0.media_type, parameters, &version);
        let new = unsupported
            .into_iter()
            .filter(|issue| !issues.iter().any(|known| known.path == issue.path))
            .collect::<Vec<_>>();
        issues.extend(new);
        issues
    }

    /// Names that `model` may have: the protocol's, the configuration's, the service's own.
    pub fn model_names(&self) -> Vec<String> {
        let link = &self.0.link;
        let mut names = link.protocol.capabilities(&link.config, &self.0.media_type).models;
        let more = link.config.default_model.iter().chain(&link.config.models).cloned();
        for name in more.chain(link.endpoint.listed_models()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Starts a task and gives it back at once, PENDING.
    ///
    /// # Errors
    /// `validation` (or `unsupported`) with every problem; then there is no task.
    pub fn process(&self, mut parameters: Map, options: TaskOptions) -> Result<Task> {
        let issues = self.check_and_resolve(&mut parameters);
        if !issues.is_empty() {
            return Err(Error::invalid("parameters", issues));
        }
        let work = self.work(parameters, options, Company::None);
        let task = work.task.clone();
        self.0.link.endpoint.enqueue([work]);
        Ok(task)
    }

    /// One task for each item, in order; an invalid item becomes a FAILED task. Where the service
    /// takes that, tasks that leave the queue together are submitted in one exchange.
    pub fn batch(&self, items: Vec<Result<Map>>) -> Vec<Task> {
        let company = match (self.0.link.protocol.batches(), items.len()) {
            (None, _) | (_, ..=1) => Company::None,
            (_, WORTH_ASKING..) => Company::Asks,
            _ => Company::IfKnown,
        };
        let mut works = Vec::with_capacity(items.len());
        let run = |item: Result<Map>| {
            let mut parameters = match item {
                Ok(parameters) => parameters,
                Err(error) => return self.failed_task(Map::new(), error),
            };
            let issues = self.check_and_resolve(&mut parameters);
            if !issues.is_empty() {
                return self.failed_task(parameters, Error::invalid("parameters", issues));
            }
            let work = self.work(parameters, TaskOptions::default(), company);
            let task = work.task.clone();
            works.push(work);
            task
        };
        let tasks = items.into_iter().map(run).collect();
        self.0.link.endpoint.enqueue(works);
        tasks
    }

    fn failed_task(&self, parameters: Map, error: Error) -> Task {
        let task = self.create_task(parameters, serde_json::Map::new());
        // A task that was just made can fail.
        let _ = task.fail(error);
        task
    }

    /// A new task with what it takes to run it.
    fn work(&self, parameters: Map, options: TaskOptions, company: Company) -> Arc<Work> {
        let task = self.0.registry.new_task(NewTask {
            id: self.0.registry.new_id(),
            media_type: self.0.media_type.clone(),
            metadata: self.metadata(&parameters),
            parameters,
            owner: self.0.id,
            is_driven: true,
            listener: options.listener,
        });
        Arc::new(Work {
            task,
            link: self.0.link.clone(),
            store: Arc::downgrade(self.0.registry.store()),
            timeout: options.timeout,
            company,
            shares_events: !self.0.link.protocol.is_embedded()
                && self.0.registry.runtime().host.connections_are_scarce(),
        })
    }

    /// A PENDING task that the host runs itself, for custom workflows.
    pub fn create_task(&self, parameters: Map, metadata: serde_json::Map<String, Json>) -> Task {
        self.create_task_for(parameters, metadata, None)
    }

    /// As [`Workflow::create_task`], told to `listener` from `created` on.
    pub fn create_task_for(
        &self,
        parameters: Map,
        metadata: serde_json::Map<String, Json>,
        listener: Option<Arc<dyn Listener>>,
    ) -> Task {
        self.0.registry.new_task(NewTask {
            id: self.0.registry.new_id(),
            media_type: self.0.media_type.clone(),
            parameters,
            metadata,
            owner: self.0.id,
            is_driven: false,
            listener,
        })
    }

    /// What the reference package puts into a task's metadata.
    fn metadata(&self, parameters: &Map) -> serde_json::Map<String, Json> {
        let (config, protocol) = (&self.0.link.config, self.0.link.protocol);
        let standard = || protocol.default_model(config, &self.0.media_type);
        let model = parameters.get("model").and_then(Value::as_str);
        let model = model.or(config.default_model.as_deref()).or_else(standard);
        let given =
            |key: &str, standard: Json| parameters.get(key).map_or(standard, Value::to_json);
        let mut metadata = serde_json::Map::new();
        metadata.insert("model".into(), Json::from(model));
        metadata.insert("endpoint".into(), Json::from(&*config.service_endpoint));
        match self.0.media_type {
            MediaType::Video => {
                metadata.insert("duration".into(), given("duration", 5.into()));
                metadata.insert("fps".into(), given("fps", 60.into()));
            }
            MediaType::Voice => {
                metadata.insert("language".into(), given("language", "en".into()));
                metadata.insert("voice".into(), given("voice", "default".into()));
            }
            _ => {}
        }
        metadata
    }

    /// A film from pictures; what `parameters` says otherwise stays.
    ///
    /// # Errors
    /// As [`Workflow::process`].
    pub fn create_from_images(
        &self,
        images: Vec<Value>,
        mut parameters: Map,
        options: TaskOptions,
    ) -> Result<Task> {
        if parameters.get("images").is_some() {
            let message = "images are given twice: as the sequence and among the parameters";
            let issue = Issue::new("images", IssueCode::Conflict, message);
            return Err(Error::invalid("parameters", vec![issue]));
        }
        parameters.insert("mode", Value::from("image-sequence"));
        parameters.insert("images", Value::List(images));
        self.process(parameters, options)
    }

    /// Speech: by native services with the model `tts-1`, unless the configuration has a
    /// `default_model`; by others with the model that a task without one gets.
    ///
    /// # Errors
    /// As [`Workflow::process`].
    pub fn text_to_speech(
        &self,
        text: Value,
        voice: Value,
        language: Value,
        options: TaskOptions,
    ) -> Result<Task> {
        let mut parameters = Map::new();
        parameters.push("text", text);
        parameters.push("voice", voice);
        parameters.push("language", language);
        let link = &self.0.link;
        // Others have no model of that name, or one that they would not choose themselves.
        if link.config.default_model.is_none() && !link.protocol.takes_any_model() {
            parameters.push("model", Value::from("tts-1"));
        }
        self.process(parameters, options)
    }

    /// Speech in the voice of a sample, with the model `voice-clone`.
    ///
    /// # Errors
    /// As [`Workflow::process`].
    pub fn clone_voice(&self, sample: Value, text: Value, options: TaskOptions) -> Result<Task> {
        let mut parameters = Map::new();
        parameters.push("text", text);
        parameters.push("audio_input", sample);
        parameters.push("model", Value::from("voice-clone"));
        self.process(parameters, options)
    }

    /// This instance's task with that id.
    pub fn task(&self, id: &str) -> Option<Task> {
        self.0.registry.task(id).filter(|task| task.owner() == self.0.id)
    }

    /// This instance's tasks in the order of their creation, or those with one status.
    pub fn tasks(&self, status: Option<ProcessingStatus>) -> Vec<Task> {
        let mut tasks = self.0.registry.tasks(status);
        tasks.retain(|task| task.owner() == self.0.id);
        tasks
    }

    /// Cancels this instance's task with that id; `false` when there is none that runs.
    pub fn cancel_task(&self, id: &str) -> bool {
        self.task(id).is_some_and(|task| task.cancel())
    }

    /// What the chosen protocol really does.
    pub fn capabilities(&self) -> Capabilities {
        let link = &self.0.link;
        let mut capabilities = link.protocol.capabilities(&link.config, &self.0.media_type);
        capabilities.models = self.model_names();
        capabilities
    }

    /// Asks the service for a list, as the service writes it: the body of `/health`, or the value
    /// under `models`, `styles`, `resolutions` or `voices`. Listed models count as known from then
    /// on.
    ///
    /// # Errors
    /// What the exchange failed with; `protocol` when the answer holds no such list, `unsupported`
    /// when the protocol knows none.
    pub async fn list(&self, listing: Listing) -> Result<Json> {
        let link = &self.0.link;
        let request = link.protocol.list(&link.config, listing)?;
        let budget = Budget::Attempts(link.config.retry.max_attempts);
        let answer = link.read(request, LONGEST_ANSWER, None, budget).await?;
        let list = link.protocol.listed(listing, &answer)?;
        if listing == Listing::Models {
            link.endpoint.add_models(names_of(&list));
        }
        Ok(list)
    }
}

/// The names in a list of strings or of objects with a `name`.
fn names_of(list: &Json) -> Vec<String> {
    let name =
        |item: &Json| item.as_str().or_else(|| item.get("name")?.as_str()).map(str::to_owned);
    list.as_array().map(|items| items.iter().filter_map(name).collect()).unwrap_or_default()
}

/// Media in a dictionary of parameters, for hosts that hand in bytes.
impl From<MediaInput> for Value {
    fn from(input: MediaInput) -> Self {
        Self::Media(input)
    }
}

impl fmt::Debug for Workflow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Workflow({}, {})",
            self.0.media_type, self.0.link.config.service_endpoint
        )
    }
}
