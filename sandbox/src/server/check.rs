//! Whether a submission can be rendered, and where its media are.

use std::sync::Arc;

use bytes::Bytes;
use media_factory_core::{
    config::Fidelity,
    error::{Issue, IssueCode},
    media::{Map, MediaSource, MediaType, Value, decode_data_url},
    parameters::{Rule, Table, table},
    protocol::{Protocol, service::ServiceProtocol},
    runtime::{Abilities, BoxFuture, Host, lock},
    url::has_scheme,
    validation::{self, Rules},
};
use serde_json::{Map as JsonMap, Value as Json};

use super::{Shared, admission::Terms, answer::Refusal, record::FileRecord};

/// A submission without problems.
pub(super) struct Checked {
    /// Without media, and with a seed.
    pub(super) parameters: JsonMap<String, Json>,
    /// The model that was asked for, or the default.
    pub(super) model: String,
    /// Media by parameter path.
    pub(super) media: Vec<(String, Source)>,
    /// What was asked for, or the server's own.
    pub(super) fidelity: Fidelity,
}

/// Where a media input comes from.
pub(super) enum Source {
    /// From the request.
    Bytes { mime_type: String, bytes: Bytes },
    /// From an upload; counted as in use already.
    Kept(FileRecord),
}

impl Source {
    /// The file that is counted as in use.
    pub(super) fn share(&self) -> Option<&FileRecord> {
        match self {
            Self::Kept(file) => Some(file),
            Self::Bytes { .. } => None,
        }
    }
}

/// Checks parameters as the SDK does, and takes the media out of them.
///
/// # Errors
/// 422 with every problem.
pub(super) fn check(
    shared: &Arc<Shared>,
    scope: &Arc<str>,
    media_type: &MediaType,
    mut parameters: JsonMap<String, Json>,
    terms: Terms,
) -> Result<Checked, Refusal> {
    let Some(table) = table(media_type) else {
        return Err(Refusal::not_found("such medium"));
    };
    read_whole_numbers(table, &mut parameters);
    let fidelity = parameters.remove("fidelity");
    let uploads = Uploads { shared: shared.clone(), scope: scope.clone() };
    let mut issues = problems(&uploads, media_type, table, &parameters);
    if terms.blank_prompt {
        let blank =
            |issue: &Issue| issue.path == table.required.0 && issue.code == IssueCode::Empty;
        issues.retain(|issue| !blank(issue));
    }
    let media = uploads.take_media(table, &mut parameters, &mut issues);
    let fidelity = fidelity_of(fidelity, shared.limits.fidelity, &mut issues);
    if !issues.is_empty() {
        media.iter().filter_map(|(_, source)| source.share()).for_each(|file| {
            shared.files.release(file);
        });
        return Err(Refusal::invalid(issues));
    }
    let model = match parameters.get("model").and_then(Json::as_str) {
        Some(model) => model,
        None => table.models.first().copied().unwrap_or_default(),
    };
    let model = model.to_owned();
    // Every request without a seed gives something else, and says which seed gives it again.
    if *media_type != MediaType::Voice && parameters.get("seed").is_none_or(Json::is_null) {
        let seed = shared.clock.entropy() & u128::from(u32::MAX);
        parameters.insert("seed".to_owned(), Json::from(u32::try_from(seed).unwrap_or_default()));
    }
    Ok(Checked { parameters, model, media, fidelity })
}

/// What the request says of fidelity beside its parameters, or `most`, which the server renders.
fn fidelity_of(named: Option<Json>, most: Fidelity, issues: &mut Vec<Issue>) -> Fidelity {
    let named = match named {
        None | Some(Json::Null) => return most,
        Some(named) => named,
    };
    let name = named.as_str();
    let issue = match name.map(Fidelity::from_name) {
        Some(Some(asked)) if asked <= most => return asked,
        Some(Some(_)) => {
            let message = format!("this service renders '{}' only", most.as_str());
            Issue::new("fidelity", IssueCode::Unsupported, message).with_allowed([most.as_str()])
        }
        Some(None) => {
            let message = format!("fidelity cannot be {named}");
            Issue::new("fidelity", IssueCode::Choice, message).with_allowed(Fidelity::NAMES)
        }
        None => Issue::new("fidelity", IssueCode::Type, "fidelity must be a string"),
    };
    issues.push(issue);
    most
}

/// JSON has one kind of number: 2.0 is 2 in it, whatever the client's language has written.
fn read_whole_numbers(table: &Table, parameters: &mut JsonMap<String, Json>) {
    for field in table.fields.iter().filter(|field| matches!(field.rule, Rule::Whole(..))) {
        let Some(value) = parameters.get_mut(field.name) else { continue };
        if let Some(whole) = Value::from_json(value).as_i64() {
            *value = Json::from(whole);
        }
    }
}

fn problems(
    uploads: &Uploads,
    media_type: &MediaType,
    table: &'static Table,
    parameters: &JsonMap<String, Json>,
) -> Vec<Issue> {
    let rules = Rules {
        table,
        max_duration: uploads.shared.limits.max_duration,
        max_input_bytes: u64::MAX,
        base_url: None,
        host: uploads,
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
    let abilities = Abilities { encodes_films: uploads.shared.renderer.encodes_films() };
    let beyond = ServiceProtocol::SANDBOX.beyond(media_type, &checked, &version, abilities);
    for issue in beyond {
        if !issues.iter().any(|known| known.path == issue.path) {
            issues.push(issue);
        }
    }
    issues
}

/// What a request can name as a file: what its caller uploaded.
#[derive(Debug)]
struct Uploads {
    shared: Arc<Shared>,
    scope: Arc<str>,
}

impl Uploads {
    fn take_media(
        &self,
        table: &Table,
        parameters: &mut JsonMap<String, Json>,
        issues: &mut Vec<Issue>,
    ) -> Vec<(String, Source)> {
        let mut media = Vec::new();
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
                match self.source(url) {
                    Ok(source) => media.push((path, source)),
                    Err(_) if issues.iter().any(|known| known.path == path) => {}
                    Err((code, problem)) => {
                        issues.push(Issue::new(&path, code, format!("{path} {problem}")));
                    }
                }
            }
        }
        media
    }

    fn source(&self, url: &str) -> Result<Source, (IssueCode, &'static str)> {
        if has_scheme(url, "data") {
            let decoded = decode_data_url(url);
            let (mime_type, bytes) =
                decoded.ok_or((IssueCode::Format, "is a malformed data URL"))?;
            return Ok(Source::Bytes { mime_type, bytes });
        }
        let store = lock(&self.shared.store);
        match store.uploads.at(&self.scope, url) {
            Some(file) => {
                self.shared.files.share(file);
                Ok(Source::Kept(file.clone()))
            }
            None => Err((
                IssueCode::Unsupported,
                "cannot be fetched: the sandbox has no network; give the bytes, a file or a data \
                 URL",
            )),
        }
    }
}

impl Host for Uploads {
    fn environment(&self, _name: &str) -> Option<String> {
        None
    }

    fn open(&self, path: &str) -> Option<Option<Arc<dyn MediaSource>>> {
        let file = lock(&self.shared.store).uploads.at(&self.scope, path).cloned();
        let upload = file.map(|file| Upload { shared: self.shared.clone(), file });
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
    shared: Arc<Shared>,
    file: FileRecord,
}

impl MediaSource for Upload {
    fn name(&self) -> String {
        format!("/uploads/{}", self.file.sha256)
    }

    fn size(&self) -> Option<u64> {
        Some(self.file.bytes)
    }

    fn read(&self, _limit: u64) -> BoxFuture<'_, media_factory_core::Result<Bytes>> {
        Box::pin(async move {
            let read = self.shared.files.read(&self.file).await;
            read.map_err(|error| Refusal::storage(&error).into_error())
        })
    }
}
