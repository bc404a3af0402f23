//! Makes parameters ready to send: inputs are read, large ones uploaded, and what the service
//! cannot do is found out.

use bytes::Bytes;

use super::{Run, Stop};
use crate::{
    error::{Code, Error, Issue, IssueCode, Result},
    media::{Map, MediaInput, Value, encode_data_url, sniff},
    protocol::Version,
};

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
        let mut ready = Map::new();
        for (key, value) in given.iter() {
            ready.push(key, self.without_media(key, value, &version).await?);
        }
        Ok(ready)
    }

    /// The value with every medium replaced by a URL, or by bytes where the protocol takes them.
    async fn without_media(&self, path: &str, value: &Value, version: &Version) -> Result<Value> {
        match value {
            Value::Media(input) => self.sendable(path, input, version).await,
            Value::List(items) => {
                let mut ready = Vec::with_capacity(items.len());
                for (place, item) in items.iter().enumerate() {
                    ready.push(match item {
                        Value::Media(input) => {
                            let path = format!("{path}[{place}]");
                            self.sendable(&path, input, version).await?
                        }
                        other => other.clone(),
                    });
                }
                Ok(Value::List(ready))
            }
            other => Ok(other.clone()),
        }
    }

    async fn sendable(&self, path: &str, input: &MediaInput, version: &Version) -> Result<Value> {
        let bytes = match input {
            MediaInput::Url(url) => return Ok(Value::String(url.clone())),
            MediaInput::Bytes(bytes) => bytes.clone(),
            MediaInput::Source(source) => {
                self.falls_behind();
                source.read(self.link.config.max_input_bytes).await?
            }
        };
        let mime_type = self.kind_of(path, &bytes)?;
        if self.link.protocol.takes_bytes() {
            return Ok(Value::Media(MediaInput::Bytes(bytes)));
        }
        let job = self.job(self.task.parameters(), version);
        let url = match self.link.protocol.upload(&job, mime_type, &bytes) {
            None => encode_data_url(mime_type, &bytes),
            Some(request) => {
                self.falls_behind();
                let answer = self.link.upload(request, self.waiting()).await?;
                self.link.protocol.uploaded(&job, &answer)?
            }
        };
        Ok(Value::String(url))
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
