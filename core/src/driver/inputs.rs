//! Makes parameters ready to send: inputs are read, large ones uploaded, and what the service
//! cannot do is found out.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::{
    Run, Stop,
    meter::Meter,
    uploads::{Fingerprint, Turn},
};
use crate::{
    error::{Code, Error, Issue, IssueCode, Result},
    media::{Map, MediaInput, Value, encode_data_url, sniff},
    protocol::{RemoteState, Report, Version},
    runtime::lock,
};

/// Inputs of one task that are read and uploaded at the same time: enough to fill a line, few
/// enough to hold in memory.
const UPLOADS_AT_ONCE: usize = 4;

impl Run<'_> {
    pub(super) async fn ready_parameters(&self) -> Result<Map, Stop> {
        let link = self.link;
        let (media_type, given) = (self.task.media_type(), self.task.parameters());
        let mut version = link.endpoint.version();
        if *version == Version::Unknown && link.protocol.must_know_version(media_type, given) {
            version = self.ask_version().await?;
        }
        let issues = link.protocol.unsupported(&link.config, media_type, given, &version);
        if !issues.is_empty() {
            return Err(Error::invalid("parameters", issues).into());
        }
        let inputs = inputs_of(given);
        let meter = Meter::new(self.task, self.bytes_ahead(&inputs, &version));
        let sendable = inputs.into_iter().enumerate().map(|(place, (path, input))| {
            let (meter, version) = (&meter, &version);
            async move {
                let value = self.sendable(place, path, input, version, meter).await;
                value.map(|value| (place, value))
            }
        });
        let sendable = stream::iter(sendable).buffer_unordered(UPLOADS_AT_ONCE);
        let mut sendable: Vec<(usize, Value)> = sendable.try_collect().await?;
        sendable.sort_unstable_by_key(|(place, _)| *place);
        self.task.uploaded();
        Ok(with_inputs(given, sendable.into_iter().map(|(_, value)| value)))
    }

    /// Bytes that are known to travel ahead of the submission.
    fn bytes_ahead(&self, inputs: &[(String, MediaInput)], version: &Version) -> u64 {
        let sizes = inputs.iter().filter_map(|(_, input)| input.size());
        sizes.filter(|size| self.travels_ahead(*size, version)).sum()
    }

    fn travels_ahead(&self, size: u64, version: &Version) -> bool {
        let protocol = self.link.protocol;
        !protocol.takes_bytes() && size > protocol.largest_inline(version)
    }

    /// The medium as a URL, or as bytes where the protocol takes them.
    async fn sendable(
        &self,
        place: usize,
        path: String,
        input: MediaInput,
        version: &Version,
        meter: &Arc<Meter>,
    ) -> Result<Value> {
        let size = input.size();
        let bytes = match input {
            MediaInput::Url(url) => return Ok(Value::String(url)),
            MediaInput::Bytes(bytes) => bytes,
            MediaInput::Source(source) => {
                self.falls_behind();
                source.read(self.link.config.max_input_bytes).await?
            }
        };
        let mime_type = self.kind_of(&path, &bytes)?;
        if self.link.protocol.takes_bytes() {
            return Ok(Value::Media(MediaInput::Bytes(bytes)));
        }
        let length = bytes.len() as u64;
        if !self.travels_ahead(length, version) {
            return Ok(Value::String(encode_data_url(mime_type, &bytes)));
        }
        self.falls_behind();
        let counted = size.filter(|size| self.travels_ahead(*size, version));
        meter.correct(counted.unwrap_or(0), length);
        let url = self.uploaded(place, path, &bytes, mime_type, version, meter).await?;
        Ok(Value::String(url))
    }

    async fn uploaded(
        &self,
        place: usize,
        path: String,
        bytes: &Bytes,
        mime_type: &str,
        version: &Version,
        meter: &Arc<Meter>,
    ) -> Result<String> {
        let link = self.link;
        let length = bytes.len() as u64;
        let key = Fingerprint::of(&link.config, bytes);
        let upload = match link.endpoint.uploads.turn(key).await? {
            Turn::At(url) => {
                lock(&self.reused).push((path, key));
                meter.correct(length, 0);
                return Ok(url);
            }
            Turn::Mine(upload) => upload,
        };
        let job = self.job(self.task.parameters(), version);
        let mut request = link.protocol.upload(&job, mime_type, bytes);
        request.on_sent = Some(meter.listener(place, length));
        let answer = link.upload(request, self.waiting()).await;
        let url = upload.ended(answer.and_then(|answer| link.protocol.uploaded(&job, &answer)))?;
        meter.count(place, length);
        Ok(url)
    }

    /// Whether the service complains of an input that was uploaded for an earlier task: then it
    /// has forgotten it, and it has to be uploaded anew.
    pub(super) fn misses_uploads(&self, submitted: &Result<Report, Stop>) -> bool {
        let reused = std::mem::take(&mut *lock(&self.reused));
        let error = match submitted {
            Err(Stop::Failed(error)) => error,
            // As batches tell it of an item, which has no status of its own.
            Ok(Report { state: RemoteState::Failed(error), .. }) => error,
            _ => return false,
        };
        let complains = match error.status {
            Some(status) => matches!(status, 400 | 404 | 410 | 422),
            None => matches!(error.code, Code::Validation | Code::NotFound),
        };
        if !complains {
            return false;
        }
        let missed = reused.into_iter().filter(|(path, _)| {
            let root = |path: &str| path.split('[').next().unwrap_or_default().to_owned();
            error.issues.is_empty() || error.issues.iter().any(|i| root(&i.path) == root(path))
        });
        let missed = missed.map(|(_, key)| self.link.endpoint.uploads.forget(key));
        missed.count() > 0
    }

    /// The kind that the bytes prove, which must be of the family that the parameter wants.
    fn kind_of(&self, path: &str, bytes: &Bytes) -> Result<&'static str> {
        let (family, wanted) = match path.split('[').next() {
            Some("audio_input") => ("audio/", "a sound file (WAV, MP3, Ogg, FLAC, AAC)"),
            _ => ("image/", "a picture (PNG, JPEG, WebP, TIFF, GIF)"),
        };
        let kind = sniff(bytes);
        if let Some(mime_type) = kind.filter(|mime_type| mime_type.starts_with(family)) {
            return Ok(mime_type);
        }
        let seen = match kind {
            Some(other) => format!("it is {other}"),
            None if bytes.is_empty() => "it is empty".to_owned(),
            None => "its bytes are of no known kind".to_owned(),
        };
        let message = format!("{path} is not {wanted}: {seen}");
        let issue = Issue::new(path, IssueCode::Format, &message);
        let mut error = Error::new(Code::Validation, format!("invalid parameters: {message}"));
        error.issues = vec![issue];
        Err(error)
    }
}

/// Every medium among the parameters, with the path that errors call it by.
fn inputs_of(parameters: &Map) -> Vec<(String, MediaInput)> {
    let mut inputs = Vec::new();
    for (key, value) in parameters.iter() {
        match value {
            Value::Media(input) => inputs.push((key.to_owned(), input.clone())),
            Value::List(items) => {
                for (place, item) in items.iter().enumerate() {
                    if let Value::Media(input) = item {
                        inputs.push((format!("{key}[{place}]"), input.clone()));
                    }
                }
            }
            _ => {}
        }
    }
    inputs
}

/// The parameters with every medium replaced, in the order of [`inputs_of`].
fn with_inputs(parameters: &Map, mut sendable: impl Iterator<Item = Value>) -> Map {
    let mut replaced = |value: &Value| match value {
        Value::Media(_) => sendable.next(),
        _ => None,
    };
    let mut ready = Map::new();
    for (key, value) in parameters.iter() {
        let value = match value {
            Value::List(items) => {
                let items = items.iter().map(|item| replaced(item).unwrap_or_else(|| item.clone()));
                Value::List(items.collect())
            }
            other => replaced(other).unwrap_or_else(|| other.clone()),
        };
        ready.push(key, value);
    }
    ready
}
