//! `POST /generate`: checks a request and makes a task of it, exactly once for each key.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use media_factory_core::{
    error::{Code, Issue, IssueCode},
    media::{Map, MediaSource, MediaType, Value, decode_data_url},
    parameters::{Rule, Table, table},
    protocol::{Protocol, service::ServiceProtocol},
    runtime::{BoxFuture, Host, HttpRequest, HttpResponse, lock},
    url::has_scheme,
    validation::{self, Rules},
};
use serde_json::{Map as JsonMap, Value as Json};
use sha2::{Digest, Sha256};

use super::{
    Shared,
    answer::{Refusal, json_response, with_header},
    renderer::RenderOrder,
    task::Task,
    work,
};

/// The longest `Idempotency-Key`, in bytes.
const LONGEST_KEY: usize = 128;

/// Answers 202 with the task as soon as it is queued.
pub(super) fn accept(
    shared: &Arc<Shared>,
    media_type: &MediaType,
    request: &HttpRequest,
) -> Result<HttpResponse, Refusal> {
    if !is_json(request) {
        let message = "the body must be JSON, with Content-Type: application/json";
        return Err(Refusal::new(415, Code::Unsupported, message));
    }
    let malformed = |what: &str| Refusal::new(400, Code::Validation, what);
    let parameters = match serde_json::from_slice(&request.body) {
        Ok(Json::Object(parameters)) => parameters,
        Ok(_) => return Err(malformed("the body must be a JSON object of parameters")),
        Err(_) => return Err(malformed("the body is malformed JSON")),
    };
    let id = enqueue(shared, media_type, request, parameters)?;
    let json = lock(&shared.store).task(media_type, &id)?.to_json();
    Ok(with_header(json_response(202, &json), "location", &format!("/tasks/{id}")))
}

/// Makes the task unless its key has one, and gives its id.
pub(super) fn enqueue(
    shared: &Arc<Shared>,
    media_type: &MediaType,
    request: &HttpRequest,
    parameters: JsonMap<String, Json>,
) -> Result<Arc<str>, Refusal> {
    let id = match request.header("idempotency-key") {
        Some(key) => Arc::from(checked_id(key)?),
        None => shared.ids.next(&*shared.clock),
    };
    let fingerprint = fingerprint(media_type, &request.body);
    if lock(&shared.store).knows(&id, &fingerprint)? {
        return Ok(id);
    }
    let order = order(shared, media_type, parameters)?;
    let model = match order.parameters.get("model").and_then(Json::as_str) {
        Some(model) => model.to_owned(),
        None => standard_model(media_type),
    };
    let task = Task::new(id.clone(), media_type.clone(), fingerprint, model, shared.clock.now());
    let mut store = lock(&shared.store);
    // Checking took a while; the same request may have come a second time meanwhile.
    let starts = !store.knows(&id, &fingerprint)? && store.submit(task, order)?;
    drop(store);
    if starts {
        shared.spawner.spawn(Box::pin(work::work_off(shared.clone())));
    }
    Ok(id)
}

/// An id that can stand in a path as it is.
pub(super) fn checked_id(id: &str) -> Result<&str, Refusal> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let well_formed = !id.is_empty() && id.len() <= LONGEST_KEY && id.bytes().all(plain);
    if well_formed && id.bytes().any(|byte| byte != b'.') {
        return Ok(id);
    }
    let message = "a task's id has 1 to 128 letters, digits, '-', '_', '.' or '~'";
    Err(Refusal::new(400, Code::Validation, message))
}

/// Whether the body says that it is JSON; other kinds could be sent across origins unasked.
pub(super) fn is_json(request: &HttpRequest) -> bool {
    let kind = request.header("content-type").unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn fingerprint(media_type: &MediaType, body: &[u8]) -> [u8; 32] {
    let digest = Sha256::new().chain_update(media_type.as_str()).chain_update([0]);
    digest.chain_update(body).finalize().into()
}

fn standard_model(media_type: &MediaType) -> String {
    let models = table(media_type).map_or(&[][..], |table| table.models);
    models.first().copied().unwrap_or_default().to_owned()
}

/// Checked parameters, with the bytes of their media beside them.
fn order(
    shared: &Arc<Shared>,
    media_type: &MediaType,
    mut parameters: JsonMap<String, Json>,
) -> Result<RenderOrder, Refusal> {
    let Some(table) = table(media_type) else {
        return Err(Refusal::not_found("such medium"));
    };
    let mut issues = check(shared, media_type, table, &parameters);
    let inputs = take_media(shared, table, &mut parameters, &mut issues);
    if !issues.is_empty() {
        return Err(Refusal::invalid(issues));
    }
    // Every request without a seed gives something else, and says which seed gives it again.
    if *media_type != MediaType::Voice && parameters.get("seed").is_none_or(Json::is_null) {
        let seed = shared.clock.entropy() & u128::from(u32::MAX);
        parameters.insert("seed".to_owned(), Json::from(u32::try_from(seed).unwrap_or_default()));
    }
    Ok(RenderOrder { media_type: media_type.clone(), parameters, inputs })
}

fn check(
    shared: &Arc<Shared>,
    media_type: &MediaType,
    table: &'static Table,
    parameters: &JsonMap<String, Json>,
) -> Vec<Issue> {
    let rules = Rules {
        table,
        max_duration: shared.limits.max_duration,
        max_input_bytes: u64::MAX,
        base_url: None,
        host: &Uploads(shared.clone()),
        // What a client calls its models is its own business: one engine renders them all.
        models: None,
    };
    let typed = |(key, value): (&String, &Json)| (key.clone(), Value::from_json(value));
    let mut checked: Map = parameters.iter().map(typed).collect();
    let mut issues = validation::check(&rules, &mut checked);
    if parameters.contains_key("extra") {
        let message = "there is no parameter 'extra'; send its members themselves";
        issues.push(Issue::new("extra", IssueCode::Unknown, message));
    }
    let version = ServiceProtocol::SANDBOX.presumed_version();
    let beyond = ServiceProtocol::SANDBOX.beyond(media_type, &checked, &version);
    for issue in beyond {
        if !issues.iter().any(|known| known.path == issue.path) {
            issues.push(issue);
        }
    }
    issues
}

/// Takes the media out of the parameters and gives their bytes by path.
fn take_media(
    shared: &Shared,
    table: &Table,
    parameters: &mut JsonMap<String, Json>,
    issues: &mut Vec<Issue>,
) -> BTreeMap<String, Bytes> {
    let mut inputs = BTreeMap::new();
    for field in table.fields {
        if !matches!(field.rule, Rule::Media | Rule::MediaList(_)) {
            continue;
        }
        let given = match parameters.remove(field.name) {
            Some(Json::Array(items)) => {
                let path = |place| format!("{}[{place}]", field.name);
                items.into_iter().enumerate().map(|(place, item)| (path(place), item)).collect()
            }
            Some(single) => vec![(field.name.to_owned(), single)],
            None => Vec::new(),
        };
        for (path, value) in given {
            // Null counts as absent, and what else is no text was reported by the check.
            let Some(url) = value.as_str() else { continue };
            match bytes_of(shared, url) {
                Ok(bytes) => drop(inputs.insert(path, bytes)),
                Err(_) if issues.iter().any(|known| known.path == path) => {}
                Err((code, problem)) => {
                    issues.push(Issue::new(&path, code, format!("{path} {problem}")));
                }
            }
        }
    }
    inputs
}

fn bytes_of(shared: &Shared, url: &str) -> Result<Bytes, (IssueCode, &'static str)> {
    if has_scheme(url, "data") {
        let decoded = decode_data_url(url).map(|(_, bytes)| bytes);
        return decoded.ok_or((IssueCode::Format, "is a malformed data URL"));
    }
    let upload = lock(&shared.store).uploads.get(url).map(|file| file.bytes.clone());
    upload.ok_or((
        IssueCode::Unsupported,
        "cannot be fetched: the sandbox has no network; give the bytes, a file or a data URL",
    ))
}

/// What a request can name as a file: what was uploaded.
#[derive(Debug)]
struct Uploads(Arc<Shared>);

impl Host for Uploads {
    fn environment(&self, _name: &str) -> Option<String> {
        None
    }

    fn open(&self, path: &str) -> Option<Option<Arc<dyn MediaSource>>> {
        let file = lock(&self.0.store).uploads.get(path).map(|file| file.bytes.clone());
        let upload = file.map(|bytes| Upload { path: path.to_owned(), bytes });
        Some(upload.map(|upload| Arc::new(upload) as Arc<dyn MediaSource>))
    }

    fn base_url(&self) -> Option<String> {
        None
    }

    fn connections_are_scarce(&self) -> bool {
        false
    }
}

#[derive(Debug)]
struct Upload {
    path: String,
    bytes: Bytes,
}

impl MediaSource for Upload {
    fn name(&self) -> String {
        self.path.clone()
    }

    fn size(&self) -> Option<u64> {
        Some(self.bytes.len() as u64)
    }

    fn read(&self, _limit: u64) -> BoxFuture<'_, media_factory_core::Result<Bytes>> {
        Box::pin(std::future::ready(Ok(self.bytes.clone())))
    }
}
