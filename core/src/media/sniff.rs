//! What kind of file some bytes are: the bytes decide, names only help when there are none.

/// `(mime type, extension)` of every format that inputs and outputs may have.
const KINDS: [(&str, &str); 20] = [
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/webp", "webp"),
    ("image/tiff", "tiff"),
    ("image/gif", "gif"),
    ("image/avif", "avif"),
    ("image/vnd.radiance", "hdr"),
    ("image/svg+xml", "svg"),
    ("video/mp4", "mp4"),
    ("video/webm", "webm"),
    ("video/quicktime", "mov"),
    ("video/x-msvideo", "avi"),
    ("video/x-matroska", "mkv"),
    ("audio/mpeg", "mp3"),
    ("audio/wav", "wav"),
    ("audio/ogg", "ogg"),
    ("audio/flac", "flac"),
    ("audio/aac", "aac"),
    ("audio/mp4", "m4a"),
    ("image/jpeg", "jpeg"),
];

/// The file extension for a mime type, without a dot.
pub fn extension_of(mime_type: &str) -> Option<&'static str> {
    let essence = mime_type.split(';').next().unwrap_or_default().trim();
    KINDS.iter().find(|(mime, _)| mime.eq_ignore_ascii_case(essence)).map(|(_, ext)| *ext)
}

/// The mime type that a file name or URL path suggests.
pub fn mime_of_name(name: &str) -> Option<&'static str> {
    let path = name.split(['?', '#']).next().unwrap_or_default();
    let (_, extension) = path.rsplit_once('.')?;
    KINDS.iter().find(|(_, ext)| ext.eq_ignore_ascii_case(extension)).map(|(mime, _)| *mime)
}

/// The mime type that the first bytes of a file prove; 64 bytes are enough.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let at =
        |from: usize, expected: &[u8]| bytes.get(from..).is_some_and(|b| b.starts_with(expected));
    let riff = |kind: &[u8]| at(0, b"RIFF") && at(8, kind);
    Some(match () {
        () if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        () if at(0, b"\xff\xd8\xff") => "image/jpeg",
        () if riff(b"WEBP") => "image/webp",
        () if at(0, b"II*\0") || at(0, b"MM\0*") => "image/tiff",
        () if at(0, b"GIF87a") || at(0, b"GIF89a") => "image/gif",
        () if at(0, b"#?RADIANCE") => "image/vnd.radiance",
        () if riff(b"WAVE") => "audio/wav",
        () if riff(b"AVI ") => "video/x-msvideo",
        () if at(4, b"ftypavif") => "image/avif",
        () if at(4, b"ftypqt") => "video/quicktime",
        () if at(4, b"ftypM4A") => "audio/mp4",
        () if at(4, b"ftyp") => "video/mp4",
        () if at(0, b"\x1a\x45\xdf\xa3") => match names_matroska(bytes) {
            true => "video/x-matroska",
            false => "video/webm",
        },
        () if at(0, b"OggS") => "audio/ogg",
        () if at(0, b"fLaC") => "audio/flac",
        () if at(0, b"ID3") => "audio/mpeg",
        () => return frame_sync(bytes),
    })
}

/// WebM and Matroska are one container; its header names the document type.
fn names_matroska(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"matroska";
    let header = bytes.get(..64).unwrap_or(bytes);
    header.windows(NAME.len()).any(|window| window == NAME)
}

/// MPEG audio without a tag starts with eleven set bits; ADTS (AAC) has layer bits 00.
fn frame_sync(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, second, ..] if second & 0xf6 == 0xf0 => Some("audio/aac"),
        [0xff, second, third, ..] if second & 0xe0 == 0xe0 && third >> 4 != 0xf => {
            Some("audio/mpeg")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::*;

    #[test]
    fn first_bytes_tell_the_kind() {
        let table = include_str!("../../../tests/conformance/common/media-kinds.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let bytes = STANDARD.decode(case["base64"].as_str().unwrap()).unwrap();
            assert_eq!(sniff(&bytes), case["mime_type"].as_str(), "{case}");
        }
    }
}
