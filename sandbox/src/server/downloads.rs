//! Handing files out: whole, in ranges, or not again.

use std::ops;

use bytes::Bytes;
use media_factory_core::runtime::{Body, HttpRequest, HttpResponse};

use super::{answer::Refusal, files::Files, record::FileRecord};

/// Hands a file out: all of it, one range of it, or word that the client has it already.
pub(super) async fn serve(
    files: &Files,
    file: &FileRecord,
    request: &HttpRequest,
) -> Result<HttpResponse, Refusal> {
    let etag = format!("\"{}\"", file.sha256);
    let empty = || Body::Full(Bytes::new());
    if request.header("if-none-match").is_some_and(|known| matches_etag(known, &etag)) {
        let mut known = response(304, file, &etag, (0, empty()), None);
        known.headers.retain(|(name, _)| name != "content-length");
        return Ok(known);
    }
    let size = file.bytes;
    // A range of another version than the client has would not fit.
    let same = request.header("if-range").is_none_or(|known| known.trim() == etag);
    let wish = request.header("range").filter(|_| same).map(|wish| Range::parse(wish, size));
    let (status, part, place) = match wish {
        None | Some(Range::Whole) => (200, 0..size, None),
        Some(Range::Part(part)) => {
            let place = format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1));
            (206, part, Some(place))
        }
        Some(Range::Outside) => {
            let place = Some(format!("bytes */{size}"));
            return Ok(response(416, file, &etag, (0, empty()), place));
        }
    };
    let length = part.end.saturating_sub(part.start);
    let body = files.body(file, part).await.map_err(|error| Refusal::storage(&error))?;
    Ok(response(status, file, &etag, (length, body), place))
}

fn response(
    status: u16,
    file: &FileRecord,
    etag: &str,
    (length, body): (u64, Body),
    place: Option<String>,
) -> HttpResponse {
    let mut headers = vec![
        ("content-type".to_owned(), file.mime_type.clone()),
        ("content-length".to_owned(), length.to_string()),
        ("etag".to_owned(), etag.to_owned()),
        ("accept-ranges".to_owned(), "bytes".to_owned()),
        ("x-content-type-options".to_owned(), "nosniff".to_owned()),
        ("content-security-policy".to_owned(), "sandbox".to_owned()),
    ];
    headers.extend(place.map(|place| ("content-range".to_owned(), place)));
    HttpResponse { status, headers, body }
}

/// Whether `If-None-Match` names this version; weak tags count (RFC 9110, 13.1.2).
pub(super) fn matches_etag(header: &str, etag: &str) -> bool {
    header
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

/// What a `Range` header asks for; anything but one range of bytes means all (RFC 9110, 14.2).
#[derive(Debug, PartialEq)]
enum Range {
    Whole,
    Part(ops::Range<u64>),
    Outside,
}

impl Range {
    fn parse(header: &str, size: u64) -> Self {
        let ends = header.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'));
        let Some((from, to)) = ends else { return Self::Whole };
        let number = |text: &str| text.trim().parse::<u64>().ok();
        match (number(from), number(to)) {
            (Some(from), to) if to.is_some_and(|to| to < from) => Self::Whole,
            (Some(from), _) if from >= size => Self::Outside,
            (Some(from), Some(to)) => Self::Part(from..to.saturating_add(1).min(size)),
            (Some(from), None) if to.trim().is_empty() => Self::Part(from..size),
            (None, Some(0)) if from.trim().is_empty() => Self::Outside,
            (None, Some(_)) if from.trim().is_empty() && size == 0 => Self::Outside,
            (None, Some(last)) if from.trim().is_empty() => {
                Self::Part(size.saturating_sub(last)..size)
            }
            _ => Self::Whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let part = |header| Range::parse(header, 10);
        assert_eq!(part("bytes=2-4"), Range::Part(2..5));
        assert_eq!(part("bytes=2-"), Range::Part(2..10));
        assert_eq!(part("bytes=-3"), Range::Part(7..10));
        assert_eq!(part("bytes=-30"), Range::Part(0..10));
        assert_eq!(part("bytes=2-99"), Range::Part(2..10));
        assert_eq!(part("bytes=10-"), Range::Outside);
        assert_eq!(part("bytes=-0"), Range::Outside);
        assert_eq!(Range::parse("bytes=-5", 0), Range::Outside);
        for whole in ["bytes=4-2", "bytes=1-2,4-5", "lines=1-2", "bytes=-", "bytes=x-2", ""] {
            assert_eq!(part(whole), Range::Whole, "{whole}");
        }
    }
}
