//! From an order of the server to a job of the engine, and from its files back.

use std::collections::BTreeMap;

use bytes::Bytes;
use media_factory_core::{
    config,
    media::{MediaType, Resolution},
};
use serde_json::Value as Json;

use crate::{
    engine::{
        self, Progress,
        job::{
            Fidelity, FilmFormat, FilmJob, Job, PictureFormat, PictureJob, RenderError, Rendered,
            Size, SpeechFormat, SpeechJob, Transition,
        },
        neural_voice::{self, Extras},
    },
    server::{
        Extent, RenderFailure, RenderOrder, RenderPreview, RenderProgress, RenderedFile,
        RenderedFiles,
    },
};

/// Renders an order on the calling thread.
///
/// `on_progress` is called from real work done, `cancel` asked every few rows of it.
///
/// # Errors
/// [`RenderFailure::Cancelled`] soon after `cancel` answers true; the others as their names say.
pub fn run_order(
    order: RenderOrder,
    on_progress: &mut dyn FnMut(RenderProgress),
    cancel: &dyn Fn() -> bool,
) -> Result<RenderedFiles, RenderFailure> {
    run_order_with(&Extras::default(), order, on_progress, cancel)
}

/// The same with what the installation brings beside the engine.
///
/// # Errors
/// As for [`run_order`].
pub fn run_order_with(
    extras: &Extras,
    order: RenderOrder,
    on_progress: &mut dyn FnMut(RenderProgress),
    cancel: &dyn Fn() -> bool,
) -> Result<RenderedFiles, RenderFailure> {
    let job = job(order)?;
    let mut tell = |progress: Progress| {
        on_progress(RenderProgress {
            fraction: progress.fraction,
            stage: progress.stage.to_owned(),
            preview: progress.preview.map(|preview| RenderPreview {
                bytes: Bytes::from(preview.bytes),
                mime_type: preview.mime_type.to_owned(),
                width: preview.width,
                height: preview.height,
            }),
        });
    };
    engine::render_with(extras, &job, &mut tell, cancel).map(files).map_err(failure)
}

/// Whether an order asks for the network among the extras, which its host may have to load before.
pub fn wants_neural_voice(
    media_type: &MediaType,
    parameters: &serde_json::Map<String, Json>,
) -> bool {
    let voice = parameters.get("voice").and_then(Json::as_str);
    *media_type == MediaType::Voice && voice.is_some_and(neural_voice::is_named)
}

fn job(order: RenderOrder) -> Result<Job, RenderFailure> {
    let fidelity = match order.fidelity {
        config::Fidelity::Preview => Fidelity::Preview,
        config::Fidelity::Full => Fidelity::Full,
    };
    let mut wish = Wish { parameters: order.parameters, inputs: order.inputs, fidelity };
    match order.media_type {
        MediaType::Image => picture(&mut wish).map(Job::Picture),
        MediaType::Video => film(&mut wish).map(Job::Film),
        MediaType::Voice => speech(&mut wish).map(Job::Speech),
        MediaType::Custom(name) => {
            Err(RenderFailure::Unsupported(format!("the sandbox makes no '{name}'")))
        }
    }
}

/// Parameters that were checked before; what is absent gets its default from `docs/semantics.md`,
/// section 3, or a sensible one where that leaves it to the service.
struct Wish {
    parameters: serde_json::Map<String, Json>,
    inputs: BTreeMap<String, Bytes>,
    fidelity: Fidelity,
}

fn picture(wish: &mut Wish) -> Result<PictureJob, RenderFailure> {
    // Without a wish the engine decides, from the given picture where there is one.
    let (width, height) = wish.size().unwrap_or((0, 0));
    let strength = wish.number("strength").unwrap_or(0.5) as f32;
    Ok(PictureJob {
        prompt: wish.text("prompt").unwrap_or_default(),
        negative_prompt: wish.text("negative_prompt").unwrap_or_default(),
        style: wish.text("style"),
        width,
        height,
        seed: wish.whole("seed").unwrap_or(0),
        count: wish.whole("count").and_then(|count| u32::try_from(count).ok()).unwrap_or(1),
        fidelity: wish.fidelity,
        format: match wish.text("format").as_deref() {
            None | Some("png") => PictureFormat::Png,
            Some("jpg" | "jpeg") => PictureFormat::Jpeg,
            Some("webp") => PictureFormat::Webp,
            Some("tiff") => PictureFormat::Tiff,
            Some(other) => return Err(no_format(other)),
        },
        hdr: wish.flag("hdr"),
        pbr: wish.flag("pbr"),
        source: wish.inputs.remove("image").map(|bytes| (bytes.into(), strength)),
    })
}

fn film(wish: &mut Wish) -> Result<FilmJob, RenderFailure> {
    // Without a wish the engine decides, from the first picture where there is one.
    let (width, height) = wish.size().unwrap_or((0, 0));
    let images = (0..).map_while(|place| wish.inputs.remove(&format!("images[{place}]")));
    let images = images.map(Vec::from).collect();
    Ok(FilmJob {
        prompt: wish.text("prompt").unwrap_or_default(),
        negative_prompt: wish.text("negative_prompt").unwrap_or_default(),
        style: wish.text("style"),
        width,
        height,
        seed: wish.whole("seed").unwrap_or(0),
        duration: wish.number("duration").unwrap_or(5.0),
        fps: wish.number("fps").unwrap_or(60.0),
        use_nerf: wish.flag("use_nerf"),
        images,
        transition: match wish.text("transitions").as_deref() {
            Some("fade") => Transition::Fade,
            Some("crossfade") => Transition::Crossfade,
            Some("wipe") => Transition::Wipe,
            Some("slide") => Transition::Slide,
            _ => Transition::None,
        },
        fidelity: wish.fidelity,
        sound: wish.inputs.remove("audio_input").map(Vec::from),
        format: match wish.text("format").as_deref() {
            None | Some("mp4") => FilmFormat::Mp4,
            Some("webm") => FilmFormat::Webm,
            // What a page asks for in its place; no user can, because no table names it.
            Some("planes") => FilmFormat::Planes,
            Some("mov") => FilmFormat::Mov,
            Some("avi") => FilmFormat::Avi,
            Some("mkv") => FilmFormat::Mkv,
            Some(other) => return Err(no_format(other)),
        },
    })
}

fn speech(wish: &mut Wish) -> Result<SpeechJob, RenderFailure> {
    Ok(SpeechJob {
        text: wish.text("text").unwrap_or_default(),
        voice: wish.text("voice").unwrap_or_else(|| "default".to_owned()),
        language: wish.text("language").unwrap_or_else(|| "en".to_owned()),
        speed: wish.number("speed").unwrap_or(1.0),
        pitch: wish.number("pitch").unwrap_or(0.0),
        emotion: wish.text("emotion"),
        format: match wish.text("format").as_deref() {
            None | Some("wav") => SpeechFormat::Wav,
            Some("mp3") => SpeechFormat::Mp3,
            Some("ogg") => SpeechFormat::Ogg,
            Some("flac") => SpeechFormat::Flac,
            Some("aac") => SpeechFormat::Aac,
            Some("m4a") => SpeechFormat::M4a,
            Some(other) => return Err(no_format(other)),
        },
        sample: wish.inputs.remove("audio_input").map(Vec::from),
    })
}

fn no_format(name: &str) -> RenderFailure {
    RenderFailure::Unsupported(format!("the sandbox makes no '{name}' files"))
}

impl Wish {
    fn text(&self, key: &str) -> Option<String> {
        self.parameters.get(key)?.as_str().map(str::to_owned)
    }

    fn number(&self, key: &str) -> Option<f64> {
        self.parameters.get(key)?.as_f64()
    }

    fn whole(&self, key: &str) -> Option<u64> {
        self.parameters.get(key)?.as_u64()
    }

    fn flag(&self, key: &str) -> bool {
        self.parameters.get(key).and_then(Json::as_bool).unwrap_or(false)
    }

    fn size(&self) -> Option<(u32, u32)> {
        let size = Resolution::parse(self.parameters.get("resolution")?.as_str()?)?;
        Some((size.width, size.height))
    }
}

fn files(rendered: Rendered) -> RenderedFiles {
    let files = rendered.outputs.into_iter().map(|output| RenderedFile {
        role: Some(output.role.to_owned()),
        bytes: Bytes::from(output.bytes),
        mime_type: output.mime_type.to_owned(),
        extension: output.extension.to_owned(),
        width: output.width,
        height: output.height,
        duration: output.duration,
        // The engine has one way of writing each.
        codec: match output.mime_type.split_once('/') {
            Some(("video", _)) => Some("H.264".to_owned()),
            Some(("audio", "ogg")) => Some("Opus".to_owned()),
            Some(("audio", _)) => Some("PCM".to_owned()),
            _ => None,
        },
        seed: output.seed,
    });
    RenderedFiles {
        files: files.collect(),
        requested: extent(rendered.requested),
        rendered: extent(rendered.rendered),
        notes: rendered.notes,
    }
}

fn extent(size: Size) -> Extent {
    Extent { width: size.width, height: size.height, fps: size.fps, duration: size.duration }
}

pub(crate) fn failure(error: RenderError) -> RenderFailure {
    match error {
        RenderError::Cancelled => RenderFailure::Cancelled,
        RenderError::Unsupported(reason) => RenderFailure::Unsupported(reason),
        RenderError::Invalid(reason) => RenderFailure::Invalid(reason),
        RenderError::Internal(reason) => RenderFailure::Internal(reason),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn job_of(media_type: MediaType, parameters: Json, inputs: &[&str]) -> Job {
        let parameters = parameters.as_object().unwrap().clone();
        let named = |path: &&str| ((*path).to_owned(), Bytes::copy_from_slice(path.as_bytes()));
        let inputs = inputs.iter().map(named).collect();
        let fidelity = config::Fidelity::Full;
        job(RenderOrder { media_type, parameters, inputs, fidelity }).unwrap()
    }

    #[test]
    fn only_speech_of_that_voice_wants_the_network() {
        let wants = |media_type, parameters: Json| {
            wants_neural_voice(&media_type, parameters.as_object().unwrap())
        };
        assert!(wants(MediaType::Voice, json!({ "text": "Yes.", "voice": " Neural" })));
        assert!(!wants(MediaType::Voice, json!({ "text": "Yes.", "voice": "narrator" })));
        assert!(!wants(MediaType::Voice, json!({ "text": "neural" })));
        assert!(!wants(MediaType::Video, json!({ "prompt": "a lake", "voice": "neural" })));
    }

    #[test]
    fn a_picture_has_the_defaults_of_the_native_service() {
        let expected = PictureJob {
            prompt: "a lake".into(),
            negative_prompt: String::new(),
            style: None,
            width: 0,
            height: 0,
            seed: 0,
            count: 1,
            fidelity: Fidelity::Full,
            format: PictureFormat::Png,
            hdr: false,
            pbr: false,
            source: None,
        };
        let plain = job_of(MediaType::Image, json!({ "prompt": "a lake", "style": null }), &[]);
        assert_eq!(plain, Job::Picture(expected));
    }

    #[test]
    fn every_wish_for_a_picture_arrives() {
        let wishes = json!({
            "prompt": "a lake", "negative_prompt": "fog", "style": "anime", "resolution": "720p",
            "seed": 9_007_199_254_740_991_u64, "count": 3, "format": "jpg", "hdr": true,
            "pbr": true, "strength": 0.25,
        });
        let expected = PictureJob {
            prompt: "a lake".into(),
            negative_prompt: "fog".into(),
            style: Some("anime".into()),
            width: 1280,
            height: 720,
            seed: (1 << 53) - 1,
            count: 3,
            fidelity: Fidelity::Full,
            format: PictureFormat::Jpeg,
            hdr: true,
            pbr: true,
            source: Some((b"image".to_vec(), 0.25)),
        };
        assert_eq!(job_of(MediaType::Image, wishes, &["image"]), Job::Picture(expected));
    }

    #[test]
    fn every_wish_for_a_film_arrives_and_its_pictures_in_order() {
        let wishes = json!({
            "prompt": "a city", "negative_prompt": "fog", "style": "cinematic",
            "resolution": "64X36", "duration": 2, "fps": 29.97, "seed": 3, "use_nerf": true,
            "transitions": "slide", "format": "mov",
        });
        let names: Vec<String> = (0..12).map(|place| format!("images[{place}]")).collect();
        let mut paths: Vec<&str> = names.iter().map(String::as_str).collect();
        paths.push("audio_input");
        let expected = FilmJob {
            prompt: "a city".into(),
            negative_prompt: "fog".into(),
            style: Some("cinematic".into()),
            width: 64,
            height: 36,
            seed: 3,
            duration: 2.0,
            fps: 29.97,
            use_nerf: true,
            images: names.iter().map(|name| name.clone().into_bytes()).collect(),
            transition: Transition::Slide,
            fidelity: Fidelity::Full,
            sound: Some(b"audio_input".to_vec()),
            format: FilmFormat::Mov,
        };
        assert_eq!(job_of(MediaType::Video, wishes, &paths), Job::Film(expected));
        let Job::Film(plain) = job_of(MediaType::Video, json!({ "prompt": "a city" }), &[]) else {
            panic!("no film");
        };
        assert_eq!((plain.width, plain.height, plain.duration, plain.fps), (0, 0, 5.0, 60.0));
    }

    #[test]
    fn every_wish_for_speech_arrives() {
        let wishes = json!({
            "text": "Yes.", "voice": "alto", "language": "en-GB", "speed": 2, "pitch": -3.5,
            "emotion": "happy", "format": "wav",
        });
        let expected = SpeechJob {
            text: "Yes.".into(),
            voice: "alto".into(),
            language: "en-GB".into(),
            speed: 2.0,
            pitch: -3.5,
            emotion: Some("happy".into()),
            format: SpeechFormat::Wav,
            sample: Some(b"audio_input".to_vec()),
        };
        assert_eq!(job_of(MediaType::Voice, wishes, &["audio_input"]), Job::Speech(expected));
    }
}
