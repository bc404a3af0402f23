//! Media that a user hands in: a URL, bytes in memory, or something the host can read.

use std::{fmt, sync::Arc};

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use bytes::Bytes;

use crate::{
    error::Result,
    runtime::{BoxFuture, MaybeSendSync},
};

/// A picture, film or sound given as a parameter.
#[derive(Debug, Clone)]
pub enum MediaInput {
    /// An `http` or `https` URL, passed on and not fetched; what is in a `data:` URL is `Bytes`.
    Url(String),
    /// Bytes in memory.
    Bytes(Bytes),
    /// Something only the host can read: a file, a Blob.
    Source(Arc<dyn MediaSource>),
}

/// A medium that takes I/O to read.
pub trait MediaSource: fmt::Debug + MaybeSendSync + 'static {
    /// What errors call it: a file name, never its content.
    fn name(&self) -> String;

    /// Size in bytes where it is known without reading.
    fn size(&self) -> Option<u64>;

    /// Reads everything. Fails with code `validation` when it cannot be read or is longer than
    /// `limit` bytes.
    fn read(&self, limit: u64) -> BoxFuture<'_, Result<Bytes>>;
}

impl MediaInput {
    /// What errors, events and `repr` show in place of the bytes.
    pub fn describe(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::Bytes(bytes) => {
                let mime_type = super::sniff(bytes).unwrap_or("unknown kind");
                format!("<{} bytes, {mime_type}>", bytes.len())
            }
            Self::Source(source) => format!("<{}>", source.name()),
        }
    }

    /// Size in bytes where it is known without I/O.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::Url(_) => None,
            Self::Bytes(bytes) => Some(bytes.len() as u64),
            Self::Source(source) => source.size(),
        }
    }
}

impl PartialEq for MediaInput {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Url(a), Self::Url(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Source(a), Self::Source(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

/// The mime type and the bytes of a `data:` URL, base64 or percent-encoded; `None` when it is
/// malformed. Parameters of the type are left out, and one that is not there is `text/plain`.
pub fn decode_data_url(url: &str) -> Option<(String, Bytes)> {
    let (scheme, rest) = url.split_once(':')?;
    let (head, body) = rest.split_once(',')?;
    if !scheme.eq_ignore_ascii_case("data") {
        return None;
    }
    let (head, encoded) = match head.rsplit_once(';') {
        Some((head, last)) if last.trim().eq_ignore_ascii_case("base64") => (head, true),
        _ => (head, false),
    };
    let bytes = if encoded { decode_wrapped(body)? } else { crate::url::percent_decode(body) };
    let mime_type = match head.split(';').next().unwrap_or_default().trim() {
        "" => "text/plain".to_owned(),
        declared => declared.to_ascii_lowercase(),
    };
    Some((mime_type, Bytes::from(bytes)))
}

/// Base64 comes with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of a file inside an answer: base64, alone or as a `data:` URL.
pub(crate) fn decode_base64(text: &str) -> Option<Bytes> {
    match text.get(..5) {
        Some(start) if start.eq_ignore_ascii_case("data:") => {
            decode_data_url(text).map(|(_, bytes)| bytes)
        }
        _ => decode_wrapped(text).map(Bytes::from),
    }
}

/// Some encoders break their lines, or end with one.
fn decode_wrapped(text: &str) -> Option<Vec<u8>> {
    if !text.contains(|c: char| c.is_ascii_whitespace()) {
        return BASE64.decode(text).ok();
    }
    let joined: String = text.split_ascii_whitespace().collect();
    BASE64.decode(joined).ok()
}

/// `bytes` as a base64 `data:` URL.
pub(crate) fn encode_data_url(mime_type: &str, bytes: &[u8]) -> String {
    let mut url = format!("data:{mime_type};base64,");
    STANDARD.encode_string(bytes, &mut url);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_urls_come_in_many_spellings() {
        let table = include_str!("../../../tests/conformance/common/data-urls.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let decoded = decode_data_url(case["url"].as_str().unwrap());
            let seen = decoded.as_ref().map(|(kind, bytes)| (kind.as_str(), bytes.len() as u64));
            let expected = case["mime_type"].as_str().zip(case["length"].as_u64());
            assert_eq!(seen, expected, "{case}");
        }
    }

    #[test]
    fn data_urls_give_back_what_was_put_in() {
        let bytes = Bytes::from_static(b"\x00\xff any bytes");
        let url = encode_data_url("audio/wav", &bytes);
        assert_eq!(decode_data_url(&url), Some(("audio/wav".to_owned(), bytes)));
    }
}
