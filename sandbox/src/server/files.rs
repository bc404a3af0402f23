//! Uploads and outputs: files in memory, each bounded in total, the oldest dropped first.

use std::collections::BTreeMap;

use bytes::Bytes;
use media_factory_core::{
    error::Code,
    media::sniff,
    runtime::{Body, HttpRequest, HttpResponse, lock},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    Shared,
    answer::{Refusal, json_response, with_header},
};

/// A file; clones share the bytes.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub(super) bytes: Bytes,
    pub(super) mime_type: String,
    /// In lower-case hexadecimal.
    pub(super) sha256: String,
}

impl File {
    pub(super) fn new(bytes: Bytes, mime_type: impl Into<String>) -> Self {
        let sha256 = format!("{:x}", Sha256::digest(&bytes));
        Self { bytes, mime_type: mime_type.into(), sha256 }
    }
}

/// Files by path, up to so many bytes; the newest one stays in any case.
#[derive(Debug)]
pub(super) struct Shelf {
    files: BTreeMap<String, (u64, File)>,
    by_age: BTreeMap<u64, String>,
    next: u64,
    bytes: u64,
    limit: u64,
}

impl Shelf {
    pub(super) fn new(limit: u64) -> Self {
        Self { files: BTreeMap::new(), by_age: BTreeMap::new(), next: 0, bytes: 0, limit }
    }

    /// Puts the file up as the newest.
    pub(super) fn put(&mut self, path: String, file: File) {
        self.remove(&path);
        self.next += 1;
        self.bytes += file.bytes.len() as u64;
        self.by_age.insert(self.next, path.clone());
        self.files.insert(path, (self.next, file));
        while self.bytes > self.limit && self.files.len() > 1 {
            let Some((_, oldest)) = self.by_age.pop_first() else { break };
            self.remove(&oldest);
        }
    }

    pub(super) fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path).map(|(_, file)| file)
    }

    pub(super) fn remove(&mut self, path: &str) {
        if let Some((age, file)) = self.files.remove(path) {
            self.by_age.remove(&age);
            self.bytes -= file.bytes.len() as u64;
        }
    }

    /// Removes everything below a folder, given with its final slash.
    pub(super) fn remove_under(&mut self, folder: &str) {
        let below = self.files.range(folder.to_owned()..);
        let paths: Vec<String> = below
            .map(|(path, _)| path.clone())
            .take_while(|path| path.starts_with(folder))
            .collect();
        for path in paths {
            self.remove(&path);
        }
    }
}

/// `POST /uploads`: keeps the body under its hash, once.
pub(super) fn upload(shared: &Shared, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
    let Some(mime_type) = sniff(&request.body) else {
        let message = "an upload is a picture, film or sound; these bytes are of no known kind";
        return Err(Refusal::new(415, Code::Unsupported, message));
    };
    let file = File::new(request.body.clone(), mime_type);
    let path = format!("/uploads/{}", file.sha256);
    let answer = json!({ "url": path, "mime_type": mime_type, "bytes": file.bytes.len() });
    lock(&shared.store).uploads.put(path.clone(), file);
    Ok(with_header(json_response(201, &answer), "location", &path))
}

/// Hands a file out: all of it, one range of it, or word that the client has it already.
pub(super) fn serve(file: &File, request: &HttpRequest) -> HttpResponse {
    let etag = format!("\"{}\"", file.sha256);
    if request.header("if-none-match").is_some_and(|known| matches_etag(known, &etag)) {
        return response(304, file, &etag, Bytes::new(), None);
    }
    let size = file.bytes.len();
    // A range of another version than the client has would not fit.
    let same = request.header("if-range").is_none_or(|known| known.trim() == etag);
    match request.header("range").filter(|_| same).map(|wish| Range::parse(wish, size)) {
        None | Some(Range::Whole) => response(200, file, &etag, file.bytes.clone(), None),
        Some(Range::Part(from, to)) => {
            let part = file.bytes.slice(from..to);
            let place = format!("bytes {from}-{}/{size}", to.saturating_sub(1));
            response(206, file, &etag, part, Some(place))
        }
        Some(Range::Outside) => {
            response(416, file, &etag, Bytes::new(), Some(format!("bytes */{size}")))
        }
    }
}

fn response(
    status: u16,
    file: &File,
    etag: &str,
    body: Bytes,
    place: Option<String>,
) -> HttpResponse {
    let mut headers = vec![
        ("content-type".to_owned(), file.mime_type.clone()),
        ("content-length".to_owned(), body.len().to_string()),
        ("etag".to_owned(), etag.to_owned()),
        ("accept-ranges".to_owned(), "bytes".to_owned()),
        ("x-content-type-options".to_owned(), "nosniff".to_owned()),
        ("content-security-policy".to_owned(), "sandbox".to_owned()),
    ];
    headers.extend(place.map(|place| ("content-range".to_owned(), place)));
    HttpResponse { status, headers, body: Body::Full(body) }
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
    /// From the first (included) to the second (excluded).
    Part(usize, usize),
    Outside,
}

impl Range {
    fn parse(header: &str, size: usize) -> Self {
        let ends = header.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'));
        let Some((from, to)) = ends else { return Self::Whole };
        let number = |text: &str| text.trim().parse::<usize>().ok();
        match (number(from), number(to)) {
            (Some(from), to) if to.is_some_and(|to| to < from) => Self::Whole,
            (Some(from), _) if from >= size => Self::Outside,
            (Some(from), Some(to)) => Self::Part(from, to.saturating_add(1).min(size)),
            (Some(from), None) if to.trim().is_empty() => Self::Part(from, size),
            (None, Some(0)) if from.trim().is_empty() => Self::Outside,
            (None, Some(last)) if from.trim().is_empty() => {
                Self::Part(size.saturating_sub(last), size)
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
        assert_eq!(part("bytes=2-4"), Range::Part(2, 5));
        assert_eq!(part("bytes=2-"), Range::Part(2, 10));
        assert_eq!(part("bytes=-3"), Range::Part(7, 10));
        assert_eq!(part("bytes=-30"), Range::Part(0, 10));
        assert_eq!(part("bytes=2-99"), Range::Part(2, 10));
        assert_eq!(part("bytes=10-"), Range::Outside);
        assert_eq!(part("bytes=-0"), Range::Outside);
        for whole in ["bytes=4-2", "bytes=1-2,4-5", "lines=1-2", "bytes=-", "bytes=x-2", ""] {
            assert_eq!(part(whole), Range::Whole, "{whole}");
        }
    }

    #[test]
    fn a_full_shelf_drops_the_oldest_first() {
        let file = |size: usize| File::new(Bytes::from(vec![7; size]), "image/png");
        let mut shelf = Shelf::new(10);
        shelf.put("a".into(), file(4));
        shelf.put("b".into(), file(4));
        shelf.put("a".into(), file(4));
        shelf.put("c".into(), file(4));
        let there = |shelf: &Shelf, path| shelf.get(path).is_some();
        assert!(there(&shelf, "a") && there(&shelf, "c") && !there(&shelf, "b"));
        shelf.put("d".into(), file(20));
        assert!(there(&shelf, "d") && !there(&shelf, "a") && !there(&shelf, "c"));
        shelf.remove("d");
        assert_eq!((shelf.bytes, shelf.by_age.len()), (0, 0));
    }
}
