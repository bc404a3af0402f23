//! What is asked of the service: parameters as its own fields, and what it has no field for.

use super::{super::Job, is_own, size, standard_model};
use crate::{
    config::Config,
    error::{Issue, IssueCode},
    media::{Map, MediaType, Resolution, Value},
    parameters::table,
};

/// The most characters of one text to be spoken, at OpenAI's own endpoint.
const LONGEST_TEXT: usize = 4096;
/// The most pictures of one submission.
const MOST_PICTURES: i64 = 10;

/// A submission in the service's words.
pub(super) struct Order {
    pub(super) path: &'static str,
    /// Every field but the picture to be edited.
    pub(super) fields: Map,
    /// Whether the answer is asked for as an event stream.
    pub(super) streams: bool,
}

/// The formats by the names of this package; the service calls some of them otherwise.
pub(super) fn formats(media_type: &MediaType) -> &'static [&'static str] {
    match media_type {
        MediaType::Voice => &["mp3", "wav", "ogg", "flac", "aac"],
        _ => &["png", "jpg", "jpeg", "webp"],
    }
}

/// The submission: what the user has set, then `extra`, then what nobody has set but must be there.
pub(super) fn order(config: &Config, media_type: &MediaType, parameters: &Map) -> Order {
    let mut fields = set_by_user(media_type, parameters);
    if let Some(Value::Map(extra)) = parameters.get("extra") {
        for (key, value) in extra.iter() {
            if fields.get(key).is_none() {
                fields.insert(key, value.clone());
            }
        }
    }
    let mut set = |key: &str, value: Option<Value>| {
        if let (None, Some(value)) = (fields.get(key), value) {
            fields.push(key, value);
        }
    };
    let model = config.default_model.as_deref().or(standard_model(config, media_type));
    set("model", model.map(Value::from));
    if *media_type == MediaType::Voice {
        set("voice", is_own(config).then(|| Value::from("alloy")));
        let streams = fields.get("stream_format").and_then(Value::as_str) == Some("sse");
        return Order { path: "audio/speech", fields, streams };
    }
    // Previews are only ever streamed.
    let previews = parameters.get("extra").and_then(|extra| match extra {
        Value::Map(extra) => extra.get("partial_images")?.as_i64(),
        _ => None,
    });
    set("stream", previews.filter(|number| *number > 0).map(|_| Value::Bool(true)));
    let streams = fields.get("stream").and_then(Value::as_bool) == Some(true);
    let edits = parameters.get("image").is_some();
    Order { path: if edits { "images/edits" } else { "images/generations" }, fields, streams }
}

/// How many pictures a submission asks for.
pub(super) fn count(config: &Config, media_type: &MediaType, parameters: &Map) -> usize {
    let fields = order(config, media_type, parameters).fields;
    let count = fields.get("n").and_then(Value::as_i64).unwrap_or(1);
    usize::try_from(count).unwrap_or(1).max(1)
}

/// The kind of sound that a submission asks for; without a format it asks for MP3.
pub(super) fn sound_type(job: &Job<'_>) -> &'static str {
    let fields = order(job.config, job.media_type, job.parameters).fields;
    match fields.get("response_format").and_then(Value::as_str) {
        Some("wav") => "audio/wav",
        Some("opus") => "audio/ogg",
        Some("flac") => "audio/flac",
        Some("aac") => "audio/aac",
        _ => "audio/mpeg",
    }
}

/// The parameters that have a field, in its name and form.
fn set_by_user(media_type: &MediaType, parameters: &Map) -> Map {
    let mut fields = Map::new();
    let text = |key: &str| parameters.get(key).and_then(Value::as_str);
    let mut put = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.push(field, value);
        }
    };
    put("model", parameters.get("model").cloned());
    match media_type {
        MediaType::Voice => {
            put("input", parameters.get("text").cloned());
            put("voice", text("voice").filter(|name| *name != "default").map(Value::from));
            let emotion = text("emotion").filter(|emotion| !emotion.trim().is_empty());
            let instructions = emotion.map(|emotion| format!("Speak with this emotion: {emotion}"));
            put("instructions", instructions.map(Value::String));
            put("speed", parameters.get("speed").cloned());
            let format = text("format").map(|name| if name == "ogg" { "opus" } else { name });
            put("response_format", format.map(Value::from));
        }
        _ => {
            put("prompt", parameters.get("prompt").cloned());
            put("n", parameters.get("count").cloned());
            let size = text("resolution").and_then(Resolution::parse);
            let size = size.map(|size| format!("{}x{}", size.width, size.height));
            put("size", size.map(Value::String));
            let format = text("format").map(|name| if name == "jpg" { "jpeg" } else { name });
            put("output_format", format.map(Value::from));
        }
    }
    fields
}

/// What cannot be done of what was asked.
pub(super) fn problems(config: &Config, media_type: &MediaType, parameters: &Map) -> Vec<Issue> {
    let fields = table(media_type).map_or(&[][..], |table| table.fields);
    let mut issues: Vec<Issue> = fields
        .iter()
        .map(|field| field.name)
        .filter(|key| !has_field(media_type, key))
        .filter(|key| parameters.get(key).is_some_and(|value| !is_satisfied(key, value)))
        .map(|key| {
            let message = format!(
                "protocol 'openai' has no '{key}'; extra passes on what a compatible server reads"
            );
            Issue::new(key, IssueCode::Unsupported, message)
        })
        .collect();
    issues.extend(beyond_limits(config, media_type, parameters));
    issues.extend(clashes(media_type, parameters));
    issues
}

fn has_field(media_type: &MediaType, key: &str) -> bool {
    let fields: &[&str] = match media_type {
        MediaType::Voice => &["text", "voice", "emotion", "speed", "model", "format", "extra"],
        _ => &["prompt", "resolution", "model", "count", "format", "image", "extra"],
    };
    fields.contains(&key)
}

/// Whether the service does this anyway, without being asked.
fn is_satisfied(key: &str, value: &Value) -> bool {
    match key {
        "hdr" | "pbr" => *value == Value::Bool(false),
        "pitch" => value.as_f64() == Some(0.0),
        // The language is that of the text; `en` is what a request without one means.
        "language" => {
            let primary = value.as_str().and_then(|tag| tag.split('-').next());
            primary.is_some_and(|primary| primary.eq_ignore_ascii_case("en"))
        }
        _ => false,
    }
}

fn beyond_limits(config: &Config, media_type: &MediaType, parameters: &Map) -> Vec<Issue> {
    let text = |key: &str| parameters.get(key).and_then(Value::as_str);
    let mut issues = Vec::new();
    let makes = formats(media_type);
    if let Some(format) = text("format").filter(|format| !makes.contains(format)) {
        let message = format!("protocol 'openai' makes no {format} files");
        let issue = Issue::new("format", IssueCode::Unsupported, message);
        issues.push(issue.with_allowed(makes.iter().copied()));
    }
    let mut problem = |key: &str, code: IssueCode, message: String| {
        issues.push(Issue::new(key, code, message));
    };
    if parameters.get("count").and_then(Value::as_i64).is_some_and(|n| n > MOST_PICTURES) {
        let message = format!("protocol 'openai' makes at most {MOST_PICTURES} outputs at once");
        problem("count", IssueCode::Unsupported, message);
    }
    if asks_for_bare_samples(media_type, parameters) {
        let message = "'pcm' has no header that says what it is: ask for format 'wav'";
        problem("extra.response_format", IssueCode::Unsupported, message.to_owned());
    }
    if !is_own(config) {
        return issues;
    }
    let model = text("model").or(config.default_model.as_deref());
    let model = model.or(standard_model(config, media_type)).unwrap_or_default();
    let size = text("resolution").and_then(Resolution::parse);
    if let Some(why) = size.and_then(|size| size::problem(model, size)) {
        problem("resolution", IssueCode::Unsupported, why);
    }
    if text("text").is_some_and(|text| text.chars().nth(LONGEST_TEXT).is_some()) {
        let message = format!("text has more than {LONGEST_TEXT} characters, which OpenAI refuses");
        problem("text", IssueCode::TooLong, message);
    }
    if text("emotion").is_some_and(|emotion| !emotion.trim().is_empty())
        && model.starts_with("tts-1")
    {
        let message = format!("{model} knows no emotions; gpt-4o-mini-tts does");
        problem("emotion", IssueCode::Unsupported, message);
    }
    issues
}

fn asks_for_bare_samples(media_type: &MediaType, parameters: &Map) -> bool {
    let Some(Value::Map(extra)) = parameters.get("extra") else { return false };
    let format = extra.get("response_format").and_then(Value::as_str);
    *media_type == MediaType::Voice && format == Some("pcm")
}

/// Fields that a parameter and `extra` both set: neither may be dropped in silence.
fn clashes(media_type: &MediaType, parameters: &Map) -> Vec<Issue> {
    let Some(Value::Map(extra)) = parameters.get("extra") else { return Vec::new() };
    let set = set_by_user(media_type, parameters);
    // The picture goes by one of these names, depending on how it was given.
    let is_picture = |key| ["image", "images"].contains(&key) && parameters.get("image").is_some();
    let twice = extra.iter().filter(|(key, _)| set.get(key).is_some() || is_picture(key));
    let issue = |(key, _): (&str, &Value)| {
        let message = format!("extra.{key} is set by a parameter too");
        Issue::new(format!("extra.{key}"), IssueCode::Conflict, message)
    };
    twice.map(issue).collect()
}
