//! What a file is, judged by its first bytes: names and declared types are not trusted.

/// Kinds of files that a job may be given, meant or by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// No bytes at all.
    Empty,
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
    /// Graphics Interchange Format.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// TIFF, either byte order.
    Tiff,
    /// AVIF or HEIF still picture.
    Heif,
    /// MPEG-4 or QuickTime film or sound.
    Mpeg4,
    /// WebM or Matroska.
    Matroska,
    /// Waveform audio.
    Wav,
    /// MPEG audio.
    Mp3,
    /// Ogg stream.
    Ogg,
    /// Free lossless audio codec.
    Flac,
    /// Portable Document Format.
    Pdf,
    /// ZIP archive, office documents included.
    Zip,
    /// HTML page.
    Html,
    /// Scalable Vector Graphics.
    Svg,
    /// Other readable text.
    Text,
    /// None of the above.
    Unknown,
}

impl FileKind {
    /// Judges a file by its content.
    pub(crate) fn of(bytes: &[u8]) -> FileKind {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        let at = |offset: usize, magic: &[u8]| {
            bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic))
        };
        if bytes.is_empty() {
            FileKind::Empty
        } else if starts(b"\x89PNG\r\n\x1a\n") {
            FileKind::Png
        } else if starts(&[0xff, 0xd8, 0xff]) {
            FileKind::Jpeg
        } else if starts(b"RIFF") && at(8, b"WEBP") {
            FileKind::Webp
        } else if starts(b"GIF87a") || starts(b"GIF89a") {
            FileKind::Gif
        } else if starts(b"BM") && at(6, &[0, 0, 0, 0]) {
            FileKind::Bmp
        } else if starts(b"II*\0") || starts(b"MM\0*") {
            FileKind::Tiff
        } else if [b"avif", b"avis", b"heic", b"heix", b"mif1"]
            .iter()
            .any(|brand| at(4, b"ftyp") && at(8, *brand))
        {
            FileKind::Heif
        } else if at(4, b"ftyp") {
            FileKind::Mpeg4
        } else if starts(&[0x1a, 0x45, 0xdf, 0xa3]) {
            FileKind::Matroska
        } else if starts(b"RIFF") && at(8, b"WAVE") {
            FileKind::Wav
        } else if starts(b"ID3") || is_mpeg_audio_frame(bytes) {
            FileKind::Mp3
        } else if starts(b"OggS") {
            FileKind::Ogg
        } else if starts(b"fLaC") {
            FileKind::Flac
        } else if starts(b"%PDF-") {
            FileKind::Pdf
        } else if starts(b"PK\x03\x04") {
            FileKind::Zip
        } else {
            FileKind::of_text(bytes)
        }
    }

    fn of_text(bytes: &[u8]) -> FileKind {
        let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
        let text = match std::str::from_utf8(head) {
            Ok(text) => text,
            // The cut at 1,024 bytes may have split one character.
            Err(error) if error.error_len().is_none() => {
                let whole = head.get(..error.valid_up_to()).unwrap_or_default();
                std::str::from_utf8(whole).unwrap_or_default()
            }
            Err(_) => return FileKind::Unknown,
        };
        let start = text.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
        if start.starts_with("<!doctype html") || start.starts_with("<html") {
            FileKind::Html
        } else if start.starts_with("<svg")
            || (start.starts_with("<?xml") && start.contains("<svg"))
        {
            FileKind::Svg
        } else if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
            FileKind::Unknown
        } else {
            FileKind::Text
        }
    }

    /// The kind as it reads after "it seems to be".
    pub(crate) fn describe(self) -> &'static str {
        match self {
            FileKind::Empty => "an empty file",
            FileKind::Png => "a PNG picture",
            FileKind::Jpeg => "a JPEG picture",
            FileKind::Webp => "a WebP picture",
            FileKind::Gif => "a GIF picture",
            FileKind::Bmp => "a BMP picture",
            FileKind::Tiff => "a TIFF picture",
            FileKind::Heif => "an AVIF or HEIC picture",
            FileKind::Mpeg4 => "an MPEG-4 or QuickTime file",
            FileKind::Matroska => "a WebM or Matroska film",
            FileKind::Wav => "WAV sound",
            FileKind::Mp3 => "MP3 sound",
            FileKind::Ogg => "Ogg sound",
            FileKind::Flac => "FLAC sound",
            FileKind::Pdf => "a PDF document",
            FileKind::Zip => "a ZIP archive",
            FileKind::Html => "an HTML page",
            FileKind::Svg => "an SVG drawing",
            FileKind::Text => "text",
            FileKind::Unknown => "none of the usual file formats",
        }
    }
}

/// Frame sync, a valid layer and a valid bit rate: eleven set bits alone are too common.
fn is_mpeg_audio_frame(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, second, third, ..] => {
            second & 0xe0 == 0xe0 && second & 0x06 != 0 && third & 0xf0 != 0xf0
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_bytes() {
        let cases: [(&[u8], FileKind); 12] = [
            (b"", FileKind::Empty),
            (b"\x89PNG\r\n\x1a\n....", FileKind::Png),
            (&[0xff, 0xd8, 0xff, 0xe0], FileKind::Jpeg),
            (b"RIFF\0\0\0\0WEBPVP8 ", FileKind::Webp),
            (b"RIFF\0\0\0\0WAVEfmt ", FileKind::Wav),
            (b"\0\0\0\x20ftypavif", FileKind::Heif),
            (b"\0\0\0\x20ftypisom", FileKind::Mpeg4),
            (&[0xff, 0xfb, 0x90, 0x00], FileKind::Mp3),
            (b"  <!DOCTYPE html><p>", FileKind::Html),
            (b"<?xml version='1.0'?><svg/>", FileKind::Svg),
            ("naïve text".as_bytes(), FileKind::Text),
            (&[0, 1, 2, 3], FileKind::Unknown),
        ];
        for (bytes, kind) in cases {
            assert_eq!(FileKind::of(bytes), kind, "{bytes:?}");
        }
    }

    #[test]
    fn a_character_cut_at_the_window_is_still_text() {
        let text = format!("{}é", "a".repeat(1023));
        assert_eq!(FileKind::of(text.as_bytes()), FileKind::Text);
    }
}
