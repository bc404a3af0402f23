//! Reads what native services write: results of version 0, tasks of version 1.

use serde_json::Value as Json;

use super::{
    super::{Done, Produced, RemoteState},
    Job, Report, error_text, issues,
};
use crate::{
    error::{Code, Error, Result},
    media::{MediaType, OutputFacts, decode_data_url, mime_of_name},
    url,
};

/// Reads a task, or a bare result as version 0 gives it.
pub(super) fn report(job: &Job<'_>, json: &Json) -> Result<Report> {
    if !json.is_object() {
        return Err(Error::new(Code::Protocol, "the answer is JSON, but no object"));
    }
    let remote_id = json.get("task_id").and_then(Json::as_str);
    let state = match remote_id {
        Some(_) => task_state(job, json)?,
        None => RemoteState::Done(Box::new(done(job, json)?)),
    };
    let told = |text: &Json| text.as_str().map(|text| job.config.conceal(text));
    let log = json
        .get("log")
        .and_then(Json::as_array)
        .map(|lines| lines.iter().filter_map(told).collect());
    Ok(Report {
        remote_id: remote_id.map(str::to_owned).or_else(|| version_0_id(json)),
        state,
        progress: json.get("progress").and_then(Json::as_f64),
        stage: json.get("stage").and_then(told),
        eta_seconds: json.get("eta_seconds").and_then(Json::as_f64),
        log: log.unwrap_or_default(),
    })
}

fn version_0_id(json: &Json) -> Option<String> {
    let id = ["image_id", "video_id", "voice_id"].iter().find_map(|key| json.get(key)?.as_str());
    id.map(str::to_owned)
}

fn task_state(job: &Job<'_>, json: &Json) -> Result<RemoteState> {
    let status = json.get("status").and_then(Json::as_str).unwrap_or_default();
    Ok(match status {
        "pending" => RemoteState::Queued,
        "completed" => {
            let result = json.get("result").unwrap_or(&Json::Null);
            RemoteState::Done(Box::new(done(job, result)?))
        }
        "failed" => RemoteState::Failed(failure(job, json)),
        "cancelled" | "canceled" => RemoteState::Cancelled,
        // A state of a later version means "still working".
        _ => RemoteState::Running,
    })
}

fn failure(job: &Job<'_>, json: &Json) -> Error {
    let named = json.pointer("/error/code").and_then(Json::as_str);
    let code = Code::ALL.iter().copied().find(|code| Some(code.as_str()) == named);
    let text = error_text(job.config, json).unwrap_or_else(|| "no reason given".to_owned());
    let message = format!("{} reports: {text}", job.config.service_endpoint);
    let mut error = Error::new(code.unwrap_or(Code::ServiceFailed), message);
    error.issues = issues(job.config, json);
    error.retryable = json.pointer("/error/retryable").and_then(Json::as_bool).unwrap_or(false);
    error
}

fn done(job: &Job<'_>, result: &Json) -> Result<Done> {
    let status = result.get("status").and_then(Json::as_str);
    if status != Some("success") || result.get("error").is_some_and(|error| !error.is_null()) {
        let text = error_text(job.config, result).unwrap_or_else(|| match status {
            Some(status) => {
                let status = job.config.conceal(status);
                format!("the result's status is '{status}', not 'success'")
            }
            None => "the answer is neither a task nor a result".to_owned(),
        });
        let code = if status.is_some() { Code::ServiceFailed } else { Code::Protocol };
        return Err(Error::new(code, text));
    }
    let outputs: Vec<OutputFacts> = match result.get("outputs").and_then(Json::as_array) {
        Some(outputs) => outputs.iter().map(|item| output(job, item)).collect::<Result<_>>()?,
        None if result.get("url").is_some() => vec![output(job, result)?],
        None => Vec::new(),
    };
    if outputs.is_empty() {
        return Err(Error::new(Code::Protocol, "the task is finished but has no outputs"));
    }
    let metadata = result.get("metadata").and_then(Json::as_object).cloned().unwrap_or_default();
    let outputs = outputs.into_iter().map(Produced::from).collect();
    Ok(Done { raw: result.clone(), outputs, metadata, remote_id: None })
}

fn output(job: &Job<'_>, item: &Json) -> Result<OutputFacts> {
    let Some(reference) = item.get("url").and_then(Json::as_str) else {
        return Err(Error::new(Code::Protocol, "an output has no url"));
    };
    let number = |key: &str| item.get(key).and_then(Json::as_u64);
    let side = |key: &str| number(key).and_then(|side| u32::try_from(side).ok());
    let declared = item.get("mime_type").and_then(Json::as_str);
    Ok(OutputFacts {
        role: item.get("role").and_then(Json::as_str).map(str::to_owned),
        mime_type: declared
            .or_else(|| mime_of_name(reference))
            .unwrap_or_else(|| usual(job))
            .into(),
        width: side("width"),
        height: side("height"),
        // A film's own `duration` in a version-0 result echoes the parameter.
        duration: item.get("duration").and_then(Json::as_f64),
        seed: number("seed"),
        url: output_url(job, reference),
        size: number("bytes"),
    })
}

/// Reads the work so far, an output whose bytes are in its URL.
pub(super) fn preview(job: &Job<'_>, data: &str) -> Option<Produced> {
    let json: Json = serde_json::from_str(data).ok()?;
    let mut facts = output(job, json.get("preview")?).ok()?;
    let (mime_type, bytes) = decode_data_url(facts.url.take()?.as_str())?;
    facts.mime_type = mime_type;
    facts.size = u64::try_from(bytes.len()).ok();
    Some(Produced { facts, bytes: Some(bytes) })
}

/// Where an output is; `None` for what is not followed.
fn output_url(job: &Job<'_>, reference: &str) -> Option<String> {
    if url::is_absolute(reference) {
        let followed = url::is_network(reference) || url::has_scheme(reference, "data");
        return followed.then(|| reference.to_owned());
    }
    let rewritten = job.config.asset_rewrite.iter().find_map(|(prefix, replacement)| {
        let rest = reference.strip_prefix(prefix.as_str())?;
        Some(format!("{replacement}{rest}"))
    });
    let base = job.config.asset_base_url.as_ref().unwrap_or(&job.config.service_endpoint);
    url::resolve_output(base, rewritten.as_deref().unwrap_or(reference))
}

fn usual(job: &Job<'_>) -> &'static str {
    match job.media_type {
        MediaType::Video => "video/mp4",
        MediaType::Voice => "audio/wav",
        _ => "image/png",
    }
}
