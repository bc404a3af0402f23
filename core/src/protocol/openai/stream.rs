//! Reads what was made out of event streams: previews and pictures, or pieces of sound.

use bytes::Bytes;
use serde_json::{Map as JsonMap, Value as Json};

use super::{
    super::{AnswerStream, Done, Job, RemoteState, Report, Streamed, answer::error_text},
    answer::{Pictures, picture, sound},
    is_exhausted, order,
};
use crate::{
    error::{Code, Error, Result},
    media::decode_base64,
};

/// Some servers end their streams with this instead of with the stream's end.
const END: &str = "[DONE]";

/// A generation or an edit.
#[derive(Default)]
pub(super) struct PictureStream {
    made: Pictures,
    /// What was said with each picture, without its bytes.
    items: Vec<Json>,
    metadata: JsonMap<String, Json>,
}

/// Speech in pieces.
#[derive(Default)]
pub(super) struct SpeechStream {
    sound: Vec<u8>,
}

impl AnswerStream for PictureStream {
    fn event(&mut self, job: &Job<'_>, data: &str) -> Result<Streamed> {
        if data.starts_with(END) {
            return self.end(job).map(Streamed::Ended);
        }
        // An event that cannot be read is not the end: a later one, or the stream's end, decides.
        let Ok(Json::Object(mut event)) = serde_json::from_str(data) else {
            return Ok(Streamed::Working);
        };
        if let Some(failed) = failure(job, &event) {
            return Ok(Streamed::Ended(failed));
        }
        let kind = event.remove("type");
        let kind = kind.as_ref().and_then(Json::as_str).unwrap_or_default();
        let about = described(&event);
        if kind.ends_with(".partial_image") {
            let preview = picture(job, &mut event, &about, 0);
            return Ok(preview.map_or(Streamed::Working, Streamed::Preview));
        }
        if !kind.ends_with(".completed") {
            return Ok(Streamed::Working);
        }
        let place = self.made.len();
        self.made.push(picture(job, &mut event, &about, place));
        self.items.push(Json::Object(event));
        self.metadata = about;
        match self.made.len() < order::count(job.config, job.media_type, job.parameters) {
            true => Ok(Streamed::Working),
            false => self.end(job).map(Streamed::Ended),
        }
    }

    fn end(&mut self, job: &Job<'_>) -> Result<Report> {
        let what = match self.made.len() {
            0 => "its end before the picture was finished",
            _ => "no picture that can be read",
        };
        let made = std::mem::take(&mut self.made).outputs().ok_or_else(|| broken(job, what))?;
        let mut raw = JsonMap::new();
        raw.insert("data".into(), Json::Array(std::mem::take(&mut self.items)));
        Ok(done(Done {
            raw: Json::Object(raw),
            outputs: made,
            metadata: std::mem::take(&mut self.metadata),
            remote_id: None,
        }))
    }
}

impl AnswerStream for SpeechStream {
    fn event(&mut self, job: &Job<'_>, data: &str) -> Result<Streamed> {
        if data.starts_with(END) {
            return self.end(job).map(Streamed::Ended);
        }
        let Ok(Json::Object(event)) = serde_json::from_str(data) else {
            // Every piece counts: without one of them the rest is no whole speech.
            return Err(broken(job, "an event that cannot be read"));
        };
        if let Some(failed) = failure(job, &event) {
            return Ok(Streamed::Ended(failed));
        }
        let text = |key: &str| event.get(key).and_then(Json::as_str);
        match text("type") {
            Some("speech.audio.delta") => {
                let piece = text("audio").and_then(decode_base64);
                let piece = piece.ok_or_else(|| broken(job, "sound that cannot be read"))?;
                self.sound.extend_from_slice(&piece);
                match self.sound.len() as u64 > job.config.max_output_bytes {
                    true => Err(too_large(job)),
                    false => Ok(Streamed::Working),
                }
            }
            Some("speech.audio.done") => {
                let usage = event.get("usage").cloned().unwrap_or_default();
                let about = JsonMap::from_iter([("usage".to_owned(), usage)]);
                let bytes = Bytes::from(std::mem::take(&mut self.sound));
                let made = sound(bytes, order::sound_type(job), about);
                made.map(|made| Streamed::Ended(done(made)))
                    .ok_or_else(|| broken(job, "something that is no sound"))
            }
            _ => Ok(Streamed::Working),
        }
    }

    fn end(&mut self, job: &Job<'_>) -> Result<Report> {
        Err(broken(job, "its end before the speech was finished"))
    }
}

/// What is said of a picture beside its bytes.
fn described(event: &JsonMap<String, Json>) -> JsonMap<String, Json> {
    let members = event.iter().filter(|(key, _)| *key != "b64_json");
    members.map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn done(done: Done) -> Report {
    Report::of(RemoteState::Done(Box::new(done)))
}

/// A failure in the middle of the work, as an event with an `error`.
fn failure(job: &Job<'_>, event: &JsonMap<String, Json>) -> Option<Report> {
    event.get("error").filter(|error| !error.is_null())?;
    let json = Json::Object(event.clone());
    let code = if is_exhausted(&json) { Code::Quota } else { Code::ServiceFailed };
    let text = error_text(job.config, &json).unwrap_or_else(|| "no reason given".to_owned());
    let message = format!("{} reports: {text}", job.config.service_endpoint);
    Some(Report::of(RemoteState::Failed(Error::new(code, message))))
}

fn broken(job: &Job<'_>, what: &str) -> Error {
    let message = format!("{} streamed {what}", job.config.service_endpoint);
    Error::new(Code::Protocol, message)
}

fn too_large(job: &Job<'_>) -> Error {
    let (endpoint, most) = (&job.config.service_endpoint, job.config.max_output_bytes);
    Error::new(Code::TooLarge, format!("{endpoint} streamed more than {most} bytes of sound"))
        .with_hint("raise max_output_bytes")
}
