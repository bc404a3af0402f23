//! OpenAI's images and speech, and the servers that speak the same protocol: vLLM-Omni, SGLang
//! Diffusion, LocalAI, Kokoro-FastAPI, Speaches. See `docs/protocols.md`.
//!
//! Everything is synchronous and paid: a submission is answered with what was made, as base64 or
//! as bytes. Pictures may be streamed, with previews on the way.

mod answer;
mod order;
mod size;
mod stream;

use bytes::Bytes;

use self::{
    order::Order,
    stream::{PictureStream, SpeechStream},
};
use super::{
    Answer, AnswerStream, Capabilities, Job, Listing, Protocol, RemoteState, Report, Version,
    has_no,
};
use crate::{
    config::Config,
    error::{Code, Error, Issue, Result},
    media::{Map, MediaInput, MediaType, Resolution, Value, extension_of, sniff},
    multipart::Form,
    runtime::{HttpRequest, Method},
    url,
};

const ENDPOINT: &str = "https://api.openai.com/v1";

/// The models that OpenAI had in November 2026, the default first.
const IMAGE_MODELS: &[&str] = &[
    "gpt-image-2",
    "gpt-image-2.6-sunburst",
    "gpt-image-2.6-flare",
    "gpt-image-2.5-sunburst",
    "gpt-image-2.5-flare",
    "gpt-image-1.5",
    "gpt-image-1-mini",
    "chatgpt-image-latest",
];
const VOICE_MODELS: &[&str] = &["gpt-4o-mini-tts", "tts-1", "tts-1-hd"];

/// The protocol of OpenAI and of compatible servers.
#[derive(Debug, Clone, Copy)]
pub struct OpenAiProtocol;

/// Whether the endpoint is OpenAI's own, whose limits and defaults are known; a compatible server
/// has others.
fn is_own(config: &Config) -> bool {
    url::origin(&config.service_endpoint) == url::origin(ENDPOINT)
}

fn models(media_type: &MediaType) -> &'static [&'static str] {
    match media_type {
        MediaType::Image => IMAGE_MODELS,
        MediaType::Voice => VOICE_MODELS,
        _ => &[],
    }
}

/// The model of tasks for which nobody names one; a compatible server has its own.
fn standard_model(config: &Config, media_type: &MediaType) -> Option<&'static str> {
    models(media_type).first().copied().filter(|_| is_own(config))
}

impl Protocol for OpenAiProtocol {
    fn name(&self) -> &'static str {
        "openai"
    }

    fn endpoint(&self, _media_type: &MediaType) -> Option<String> {
        Some(ENDPOINT.to_owned())
    }

    fn makes(&self, media_type: &MediaType) -> bool {
        matches!(media_type, MediaType::Image | MediaType::Voice)
    }

    fn requires_key(&self) -> bool {
        true
    }

    fn takes_bytes(&self) -> bool {
        true
    }

    fn default_model(&self, config: &Config, media_type: &MediaType) -> Option<&'static str> {
        standard_model(config, media_type)
    }

    fn capabilities(&self, config: &Config, media_type: &MediaType) -> Capabilities {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let known = if is_own(config) { models(media_type) } else { &[] };
        let makes = |name: &&str| match (Resolution::parse(name), known.first()) {
            (Some(resolution), Some(model)) => size::problem(model, resolution).is_none(),
            _ => true,
        };
        let is_image = *media_type == MediaType::Image;
        let features: &[&str] = match is_image {
            true => &["text-to-image", "image-to-image", "multiple-models", "custom-resolution"],
            false => &["text-to-speech", "emotion-control", "speed-control"],
        };
        Capabilities {
            media_type: media_type.clone(),
            supported_formats: owned(order::formats(media_type)),
            features: owned(features),
            models: owned(known),
            styles: None,
            resolutions: is_image
                .then(|| Resolution::names().filter(makes).map(str::to_owned).collect()),
            languages: None,
            protocol: self.name().to_owned(),
        }
    }

    fn unsupported(
        &self,
        config: &Config,
        media_type: &MediaType,
        parameters: &Map,
        _version: &Version,
    ) -> Vec<Issue> {
        order::problems(config, media_type, parameters)
    }

    fn submit(&self, job: &Job<'_>) -> Result<HttpRequest> {
        let Order { path, mut fields, streams } =
            order::order(job.config, job.media_type, job.parameters);
        let at = url::join(&job.config.service_endpoint, path);
        let mut request = HttpRequest::new(Method::Post, at);
        if streams {
            request = request.with_header("accept", "text/event-stream");
        }
        let (content_type, body) = match job.parameters.get("image") {
            Some(Value::Media(MediaInput::Bytes(picture))) => form(job.task_id, &fields, picture),
            Some(Value::String(url)) => {
                let mut image = Map::new();
                image.push("image_url", Value::from(url.as_str()));
                fields.push("images", Value::List(vec![Value::Map(image)]));
                json(&fields)?
            }
            _ => json(&fields)?,
        };
        request.body = body;
        Ok(request.with_header("content-type", content_type))
    }

    fn submitted(&self, job: &Job<'_>, answer: &Answer) -> Result<(Report, Version)> {
        let done = match job.media_type {
            MediaType::Voice => answer::speech(job, answer)?,
            _ => answer::pictures(job, answer)?,
        };
        Ok((Report::of(RemoteState::Done(Box::new(done))), Version::Zero))
    }

    fn answer_stream(&self, job: &Job<'_>) -> Option<Box<dyn AnswerStream>> {
        Some(match job.media_type {
            MediaType::Voice => Box::new(SpeechStream::default()),
            _ => Box::new(PictureStream::default()),
        })
    }

    fn error(&self, answer: &Answer, config: &Config, now: u64) -> Error {
        let json = answer.json().unwrap_or_default();
        let mut error = answer.error(config, now);
        if is_exhausted(&json) {
            error.code = Code::Quota;
            error.retryable = false;
            return error.with_hint("waiting does not help: check the account's plan and billing");
        }
        if let Some(repeat) = self.should_repeat(answer) {
            error.retryable = repeat;
        }
        match error.code {
            Code::NotFound => error.with_hint(
                "check the model, which list_models() may name, and that service_endpoint ends \
                 where the API begins, as in …/v1",
            ),
            _ => error,
        }
    }

    /// "On 429/503" is when OpenAI's own libraries say that a repeat is safe; a gateway's 503 says
    /// nothing about what is behind it.
    fn is_refusal(&self, answer: &Answer, _version: &Version) -> bool {
        answer.status == 503 && answer.reports_error()
    }

    fn should_repeat(&self, answer: &Answer) -> Option<bool> {
        match answer.header("x-should-retry")? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    fn list(&self, config: &Config, listing: Listing) -> Result<HttpRequest> {
        match listing {
            Listing::Models => {
                let at = url::join(&config.service_endpoint, "models");
                Ok(HttpRequest::new(Method::Get, at))
            }
            other => Err(has_no(self.name(), other.as_str(), config)),
        }
    }

    fn listed(&self, _listing: Listing, answer: &Answer) -> Result<serde_json::Value> {
        let json = answer.json()?;
        let models = json.get("data").and_then(|data| data.as_array());
        let name = |model: &serde_json::Value| model.get("id").filter(|id| id.is_string()).cloned();
        let names = models.map(|models| models.iter().filter_map(name));
        names.map(Iterator::collect).ok_or_else(|| {
            let message = format!("{} answered without a list of models", answer.to);
            Error::new(Code::Protocol, message).with_status(answer.status)
        })
    }
}

/// Whether the account has nothing left, which OpenAI says with the status of "too often".
fn is_exhausted(json: &serde_json::Value) -> bool {
    let says = |member: &str| json.pointer(member).and_then(|text| text.as_str());
    [says("/error/code"), says("/error/type")].contains(&Some("insufficient_quota"))
}

fn json(fields: &Map) -> Result<(String, Bytes)> {
    let body = serde_json::to_vec(fields).map_err(|error| {
        Error::new(Code::Internal, format!("the parameters cannot be written as JSON: {error}"))
    })?;
    Ok(("application/json".to_owned(), Bytes::from(body)))
}

/// The fields and a picture as a form. Lists are repeated parts, as OpenAI's libraries write them.
fn form(nonce: &str, fields: &Map, picture: &[u8]) -> (String, Bytes) {
    let mut form = Form::new(nonce);
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_json().to_string(),
    };
    for (name, value) in fields.iter() {
        match value {
            Value::List(items) => {
                let name = format!("{name}[]");
                items.iter().for_each(|item| form.field(&name, &text(item)));
            }
            single => form.field(name, &text(single)),
        }
    }
    let mime_type = sniff(picture).unwrap_or("application/octet-stream");
    let file_name = format!("image.{}", extension_of(mime_type).unwrap_or("bin"));
    form.file("image", &file_name, mime_type, picture);
    form.finish()
}
