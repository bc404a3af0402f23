//! Configuration of a workflow: a dictionary in, checked settings out.

mod reader;
mod sandbox;
mod secret;

use std::time::Duration;

use self::reader::Reader;
pub use self::{
    sandbox::{Fidelity, SandboxConfig, Trouble},
    secret::Secret,
};
use crate::{
    error::{Error, Issue, IssueCode, Result},
    media::{Map, MediaType, Value},
    protocol::{self, Protocol},
    recovery::{AmbiguousSubmit, RetryPolicy},
    runtime::{Abilities, Host},
    url,
    validation::suggest,
};

/// Every key that a configuration may have; the table in `docs/semantics.md`, section 4.
pub const KEYS: &[&str] = &[
    "protocol",
    "service_endpoint",
    "default_model",
    "models",
    "api_key",
    "headers",
    "timeout",
    "request_timeout",
    "asset_base_url",
    "asset_rewrite",
    "service_paths",
    "base_url",
    "max_duration",
    "max_concurrency",
    "requests_per_second",
    "retry",
    "poll_interval",
    "history_limit",
    "max_history_bytes",
    "max_input_bytes",
    "max_output_bytes",
    "exit_grace",
    "sandbox",
];

/// The paths of the native service that `service_paths` may replace.
pub const SERVICE_PATHS: &[&str] = &[
    "generate",
    "health",
    "models",
    "styles",
    "resolutions",
    "voices",
    "tasks",
    "events",
    "uploads",
    "batch",
];

/// The headers that a protocol or the transport sets itself. In another's words they would undo
/// what it promises: the idempotency key, above all.
const PROTOCOL_HEADERS: &[&str] = &[
    "accept",
    "content-length",
    "content-type",
    "host",
    "idempotency-key",
    "if-none-match",
    "last-event-id",
    "prefer",
    "transfer-encoding",
];

/// Checked settings. All durations are given in seconds in the dictionary.
#[derive(Debug, Clone)]
pub struct Config {
    /// How the service is spoken to.
    pub protocol: &'static dyn Protocol,
    /// Where the service is; a base path is kept, a trailing slash is not.
    pub service_endpoint: String,
    /// The model of tasks that name none; `None`: the service's own default.
    pub default_model: Option<String>,
    /// Names that count as models beside the protocol's own.
    pub models: Vec<String>,
    /// Sent in the header that the protocol names.
    pub api_key: Option<Secret>,
    /// Sent with every request to the service.
    pub headers: Vec<(String, Secret)>,
    /// From leaving the queue to COMPLETED.
    pub timeout: Duration,
    /// The longest silence on the wire of one exchange.
    pub request_timeout: Duration,
    /// What relative output URLs resolve against; the endpoint if absent.
    pub asset_base_url: Option<String>,
    /// Path prefixes of output URLs and what replaces them.
    pub asset_rewrite: Vec<(String, String)>,
    /// Paths that differ from the native ones, by name.
    pub service_paths: Vec<(String, String)>,
    /// What relative media inputs resolve against.
    pub base_url: Option<String>,
    /// The longest film, in seconds.
    pub max_duration: f64,
    /// Tasks of this endpoint in flight.
    pub max_concurrency: usize,
    /// Requests to this endpoint in a second.
    pub requests_per_second: Option<f64>,
    /// How failed exchanges are repeated.
    pub retry: RetryPolicy,
    /// How often a job is asked for where the service cannot stream.
    pub poll_interval: PollInterval,
    /// Terminal tasks that the registry keeps, where set.
    pub history_limit: Option<usize>,
    /// Output bytes that the registry's terminal tasks may hold, where set.
    pub max_history_bytes: Option<u64>,
    /// The longest media input in bytes.
    pub max_input_bytes: u64,
    /// The longest output in bytes.
    pub max_output_bytes: u64,
    /// How long a process waits at exit for submissions to be accepted.
    pub exit_grace: Duration,
    /// How the embedded sandbox works, for the protocol of that name.
    pub sandbox: SandboxConfig,
    /// What the host says of its platform; no key of the dictionary.
    pub abilities: Abilities,
}

/// The pause between polls: `initial`, then times `factor` each, up to `max`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PollInterval {
    /// The first pause.
    pub initial: Duration,
    /// The longest pause.
    pub max: Duration,
    /// How much longer each pause is than the one before.
    pub factor: f64,
}

impl Config {
    /// Reads the environment, then the layers, the later over the earlier.
    ///
    /// # Errors
    /// `config` with every problem that the layers have.
    pub fn read(media_type: &MediaType, layers: &[&Map], host: &dyn Host) -> Result<Self> {
        let explicit = merge(layers);
        let variables = variables(media_type);
        let mut merged = from_environment(&variables, host);
        // The environment speaks of one protocol and its endpoint: no other protocol goes there,
        // and no key for them goes elsewhere. A key alone speaks of none.
        let protocol =
            |map: &Map| protocol::named(map.get("protocol").and_then(Value::as_str)).name();
        if explicit.get("protocol").is_some()
            && ["service_endpoint", "protocol"].iter().any(|key| merged.get(key).is_some())
            && protocol(&explicit) != protocol(&merged)
        {
            merged = Map::new();
        }
        // Its protocol and its key belong to its endpoint or the protocol's own, not to an address
        // that somebody has chosen in the configuration.
        if explicit.get("service_endpoint").is_some() {
            merged.remove("protocol");
            merged.remove("api_key");
        }
        for (key, value) in explicit.iter() {
            merged.insert(key, value.clone());
        }
        let mut reader = Reader::new(&merged);
        let abilities = Abilities { encodes_films: host.encodes_films() };
        let config = Self::take(media_type, &mut reader, abilities);
        let mut issues = reader.finish(KEYS, "");
        for issue in issues.iter_mut().filter(|issue| explicit.get(&issue.path).is_none()) {
            if let Some((_, name)) = variables.iter().find(|(key, _)| *key == issue.path) {
                issue.message = format!("{} (from the environment variable {name})", issue.message);
            }
        }
        if issues.is_empty() { Ok(config) } else { Err(Error::config(issues)) }
    }

    fn take(media_type: &MediaType, reader: &mut Reader<'_>, abilities: Abilities) -> Self {
        let names: Vec<&str> = protocol::names().collect();
        let protocol = protocol::named(reader.choice("protocol", &names));
        let task_timeout = if *media_type == MediaType::Video { 1800.0 } else { 300.0 };
        Self {
            service_endpoint: endpoint(media_type, protocol, reader),
            default_model: reader.text("default_model").map(str::to_owned),
            models: reader.texts("models"),
            api_key: reader.header_text("api_key").map(Secret::new),
            headers: headers(reader),
            timeout: reader.seconds("timeout", task_timeout),
            request_timeout: reader.seconds("request_timeout", 60.0),
            asset_base_url: base(reader, "asset_base_url"),
            asset_rewrite: asset_rewrite(reader),
            service_paths: service_paths(protocol, reader),
            base_url: base(reader, "base_url"),
            max_duration: reader.number("max_duration", 300.0, 0.0..=86_400.0),
            max_concurrency: reader.whole("max_concurrency", 64, 1..=100_000) as usize,
            requests_per_second: reader.positive("requests_per_second"),
            retry: retry(reader),
            poll_interval: poll_interval(reader),
            history_limit: reader.optional_whole("history_limit").map(|n| n as usize),
            max_history_bytes: reader.optional_whole("max_history_bytes"),
            max_input_bytes: reader.whole("max_input_bytes", 64 << 20, 1..=(1 << 40)),
            max_output_bytes: reader.whole("max_output_bytes", 1 << 30, 1..=(1 << 40)),
            exit_grace: reader.seconds_from_zero("exit_grace", 10.0),
            sandbox: sandbox::read(reader),
            abilities,
            protocol,
        }
    }

    /// Whether these settings can make anything of that medium.
    ///
    /// # Errors
    /// `config` when the protocol does not make it, or its endpoint wants a key and there is none.
    pub(crate) fn must_suit(&self, media_type: &MediaType) -> Result<()> {
        let name = self.protocol.name();
        if !self.protocol.makes(media_type) {
            let message = format!("protocol '{name}' makes no {media_type}");
            let issue = Issue::new("protocol", IssueCode::Unsupported, message);
            let others = protocol::names_for(media_type);
            return Err(Error::config(vec![issue.with_allowed(others)]));
        }
        let own = self.protocol.endpoint(media_type);
        if !self.protocol.requires_key() || own.as_ref() != Some(&self.service_endpoint) {
            return Ok(());
        }
        let (header, _) = self.protocol.authorization("");
        if self.api_key.is_some() || self.headers.iter().any(|(name, _)| name == header) {
            return Ok(());
        }
        let message = format!("api_key is required by {}", self.service_endpoint);
        let issue = Issue::new("api_key", IssueCode::Required, message);
        Err(Error::config(vec![issue]).with_hint(
            "set api_key or the environment variable MEDIA_FACTORY_API_KEY; for a compatible \
             server without keys set service_endpoint",
        ))
    }

    /// The path of that name: the native one unless `service_paths` replaces it.
    pub fn path(&self, name: &'static str) -> &str {
        self.replaced_path(name).unwrap_or(name)
    }

    /// What `service_paths` says of that name.
    pub(crate) fn replaced_path(&self, name: &str) -> Option<&str> {
        self.service_paths.iter().find(|(key, _)| key == name).map(|(_, path)| path.as_str())
    }
}

/// Joins layers, the later over the earlier.
fn merge(layers: &[&Map]) -> Map {
    let mut merged = Map::new();
    for layer in layers {
        for (key, value) in layer.iter() {
            merged.insert(key, value.clone());
        }
    }
    merged
}

/// The keys that the environment may set, and the variables that do.
fn variables(media_type: &MediaType) -> [(&'static str, String); 3] {
    let medium = media_type.as_str().to_ascii_uppercase();
    [
        ("service_endpoint", format!("MEDIA_FACTORY_{medium}_ENDPOINT")),
        ("protocol", "MEDIA_FACTORY_PROTOCOL".to_owned()),
        ("api_key", "MEDIA_FACTORY_API_KEY".to_owned()),
    ]
}

fn from_environment(variables: &[(&'static str, String)], host: &dyn Host) -> Map {
    let set = variables.iter().filter_map(|(key, name)| {
        let text = host.environment(name).filter(|text| !text.is_empty())?;
        Some(((*key).to_owned(), Value::String(text)))
    });
    set.collect()
}

/// The scheme of the in-process sandbox; the host is the medium. It never reaches a network.
pub const SANDBOX_SCHEME: &str = "sandbox://";

fn endpoint(media_type: &MediaType, protocol: &dyn Protocol, reader: &mut Reader<'_>) -> String {
    let given = base(reader, "service_endpoint").filter(|_| !protocol.is_embedded());
    given.or_else(|| protocol.endpoint(media_type)).unwrap_or_default()
}

fn base(reader: &mut Reader<'_>, key: &'static str) -> Option<String> {
    let text = reader.text(key)?;
    if let Some(problem) = url::endpoint_problem(text) {
        // What stands before an @ may be a password.
        let shown = match text.contains('@') {
            true => String::new(),
            false => format!(" '{}'", url::without_query(text)),
        };
        let message = format!("{key}{shown} is no endpoint: {problem}");
        reader.problem(Issue::new(key, IssueCode::Format, message));
        return None;
    }
    Some(text.trim_end_matches('/').to_owned())
}

fn headers(reader: &mut Reader<'_>) -> Vec<(String, Secret)> {
    let mut headers = Vec::new();
    for (name, value) in reader.text_map("headers") {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) || !reader::is_header_text(&value) {
            let message = "a header's name is a token and its value one line of visible text";
            reader.problem(Issue::new(format!("headers.{name}"), IssueCode::Format, message));
            continue;
        }
        let lower = name.to_ascii_lowercase();
        if PROTOCOL_HEADERS.contains(&lower.as_str()) {
            let message = format!("the header '{name}' is set by the protocol itself");
            reader.problem(Issue::new(format!("headers.{name}"), IssueCode::Conflict, message));
            continue;
        }
        headers.push((lower, Secret::new(value)));
    }
    headers
}

fn service_paths(protocol: &dyn Protocol, reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let paths = reader.text_map("service_paths");
    let known = protocol.paths();
    for (name, path) in &paths {
        if let Some(problem) = url::path_problem(path) {
            let message = format!("service_paths.{name} is no path: {problem}");
            let key = format!("service_paths.{name}");
            reader.problem(Issue::new(key, IssueCode::Format, message));
        }
        if !known.contains(&name.as_str()) {
            let message = format!("service_paths has no '{name}'");
            let issue = Issue::new(format!("service_paths.{name}"), IssueCode::Unknown, message)
                .with_suggestion(suggest(name, known.iter().copied()));
            reader.problem(issue);
        }
    }
    paths
}

fn asset_rewrite(reader: &mut Reader<'_>) -> Vec<(String, String)> {
    let mut rewrites = reader.text_map("asset_rewrite");
    for (prefix, replacement) in &rewrites {
        let problem = match prefix.is_empty() {
            true => Some("a prefix has at least one character"),
            // Anywhere else is what asset_base_url is for.
            false => url::path_problem(replacement).filter(|_| !replacement.is_empty()),
        };
        if let Some(problem) = problem {
            let key = format!("asset_rewrite.{prefix}");
            let message = format!("asset_rewrite cannot turn '{prefix}' into that: {problem}");
            reader.problem(Issue::new(key, IssueCode::Format, message));
        }
    }
    // The longest prefix says most about a path, whatever the order of a dictionary.
    rewrites.sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
    rewrites
}

fn retry(reader: &mut Reader<'_>) -> RetryPolicy {
    let standard = RetryPolicy::default();
    let keys = ["max_attempts", "base_delay", "max_delay", "ambiguous_submit"];
    reader.nested("retry", &keys, |reader| RetryPolicy {
        max_attempts: reader.whole("max_attempts", u64::from(standard.max_attempts), 1..=100)
            as u32,
        base_delay: reader.seconds_from_zero("base_delay", standard.base_delay.as_secs_f64()),
        max_delay: reader.seconds_from_zero("max_delay", standard.max_delay.as_secs_f64()),
        ambiguous_submit: match reader.choice("ambiguous_submit", &["fail", "retry"]) {
            Some("retry") => AmbiguousSubmit::Retry,
            _ => AmbiguousSubmit::Fail,
        },
    })
}

fn poll_interval(reader: &mut Reader<'_>) -> PollInterval {
    reader.nested("poll_interval", &["initial", "max", "factor"], |reader| PollInterval {
        initial: reader.seconds("initial", 0.5),
        max: reader.seconds("max", 5.0),
        factor: reader.number("factor", 1.5, 1.0..=100.0),
    })
}
