//! Reads forms with files, so that a scenario can name their parts.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};

/// The parts of a form: `{name, value}`, or `{name, filename, content_type, base64}` for files.
/// `None` when the body is no whole form.
pub(super) fn parts(content_type: &str, body: &[u8]) -> Option<Vec<Json>> {
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=")?;
    let mark = format!("--{boundary}");
    let pieces = split(body, mark.as_bytes());
    let (before, pieces) = pieces.split_first()?;
    let (end, pieces) = pieces.split_last()?;
    if !before.is_empty() || *end != b"--\r\n" {
        return None;
    }
    pieces.iter().map(|piece| part(piece)).collect()
}

fn part(piece: &[u8]) -> Option<Json> {
    let piece = piece.strip_prefix(b"\r\n")?.strip_suffix(b"\r\n")?;
    let place = piece.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(piece.get(..place)?).ok()?;
    let content = piece.get(place + 4..)?;
    let member = |name: &str| {
        let (_, rest) = head.split_once(&format!("; {name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let name = member("name")?;
    let Some(filename) = member("filename") else {
        return Some(json!({"name": name, "value": std::str::from_utf8(content).ok()?}));
    };
    let content_type = head.lines().find_map(|line| line.strip_prefix("Content-Type: "))?;
    Some(json!({
        "name": name,
        "filename": filename,
        "content_type": content_type,
        "base64": STANDARD.encode(content),
    }))
}

fn split<'a>(body: &'a [u8], mark: &[u8]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = body;
    while let Some(place) = rest.windows(mark.len()).position(|window| window == mark) {
        let (piece, after) = rest.split_at(place);
        pieces.push(piece);
        rest = after.get(mark.len()..).unwrap_or_default();
    }
    pieces.push(rest);
    pieces
}
