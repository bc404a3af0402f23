//! Films that the platform encoded: a browser has encoders that the engine has not.

use bytes::Bytes;

pub use crate::engine::film::webm::EncodedFrame;
use crate::engine::film::{SoundTrack, webm};
use crate::order::failure;
use crate::server::{RenderFailure, RenderedFiles};

/// The codecs of WebM: as browsers name them, as Matroska does, and as people do.
const CODECS: [(&str, &str, &str); 2] = [("vp09", "V_VP9", "VP9"), ("vp8", "V_VP8", "VP8")];

/// Puts frames into WebM in place of the planes that they were made from.
///
/// `rendered` is what an order of the format `planes` gave, `codec` the name with which the
/// browser's encoder was set up (such as `vp09.00.10.08`), `sound` the order's `audio_input`.
///
/// # Errors
/// [`RenderFailure::Invalid`] for a sound that cannot be read, [`RenderFailure::Internal`] for a
/// codec that WebM has not.
pub fn webm(
    mut rendered: RenderedFiles,
    codec: &str,
    frames: &[EncodedFrame],
    sound: Option<&[u8]>,
) -> Result<RenderedFiles, RenderFailure> {
    let named = CODECS.into_iter().find(|(prefix, ..)| codec.starts_with(prefix));
    let (_, in_file, codec) =
        named.ok_or_else(|| RenderFailure::Internal(format!("webm has no codec '{codec}'")))?;
    let Some(file) = rendered.files.first_mut() else {
        return Err(RenderFailure::Internal("there is no film to write".to_owned()));
    };
    let facts = webm::Facts {
        codec: in_file,
        width: file.width.unwrap_or_default(),
        height: file.height.unwrap_or_default(),
        duration: file.duration.unwrap_or_default(),
    };
    let compressed = |bytes| SoundTrack::read(bytes, facts.duration)?.compressed();
    let sound = sound.map(compressed).transpose().map_err(failure)?;
    file.bytes = Bytes::from(webm::write(&facts, frames, sound.as_ref()));
    file.mime_type = "video/webm".to_owned();
    file.extension = "webm".to_owned();
    file.codec = Some(codec.to_owned());
    rendered.notes.push(format!(
        "This film was encoded by the browser, as {codec}: another browser may give other bytes."
    ));
    Ok(rendered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::RenderedFile;

    fn planes() -> RenderedFiles {
        let film = RenderedFile {
            mime_type: "video/x-raw-yuv420p".into(),
            width: Some(64),
            height: Some(36),
            duration: Some(0.5),
            ..RenderedFile::default()
        };
        RenderedFiles { files: vec![film], ..RenderedFiles::default() }
    }

    #[test]
    fn the_result_says_who_encoded_it() {
        let frames = [EncodedFrame { timestamp: 0, key: true, data: vec![1, 2, 3] }];
        let film = webm(planes(), "vp09.00.10.08", &frames, None).unwrap();
        let file = film.files.first().unwrap();
        assert_eq!((file.mime_type.as_str(), file.extension.as_str()), ("video/webm", "webm"));
        assert_eq!(file.codec.as_deref(), Some("VP9"));
        assert_eq!(file.bytes.get(..4), Some(&[0x1a, 0x45, 0xdf, 0xa3][..]));
        assert!(film.notes.iter().any(|note| note.contains("browser")));
    }

    #[test]
    fn what_cannot_be_written_is_said() {
        assert!(matches!(webm(planes(), "avc1", &[], None), Err(RenderFailure::Internal(_))));
        let sound = Some(&b"no sound"[..]);
        assert!(matches!(webm(planes(), "vp8", &[], sound), Err(RenderFailure::Invalid(_))));
    }
}
