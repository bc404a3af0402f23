//! Films: a prompt's scene in motion, or given pictures one after another, as H.264 in MPEG-4.

mod fit;
mod h264;
mod mp4;
mod plan;
mod planes;
mod preview;
mod reel;
mod sequence;
mod sound;
mod transition;
pub(crate) mod webm;

use std::f32::consts::TAU;

use super::job::{FilmFormat, FilmJob, RenderError, Rendered, RenderedOutput, Size};
use super::scene::{Camera, Quality, Scene};
use super::{Progress, parallel};
use h264::Stream;
use mp4::Container;
use plan::{FrameRate, Plan, SCENE_BUDGET};
use reel::{Encoder, Pictures, Push};
pub(crate) use sound::SoundTrack;

/// Size of a film of a prompt when the job asks for none, in pixels.
const DEFAULT_SIZE: (u32, u32) = (480, 270);

/// Pixels of frames that are as much work as preparing a scene: measured, hardly any for a planet,
/// 70,000 for a city, 330,000 for a landscape.
const PREPARING: u64 = 100_000;

/// An encoded film and how it came about.
#[derive(Debug)]
struct Footage {
    pictures: Pictures,
    plan: Plan,
    requested: Size,
    notes: Vec<String>,
}

/// Makes a film.
///
/// # Errors
///
/// [`RenderError::Unsupported`] for containers other than MP4 and MOV; [`RenderError::Invalid`]
/// for a picture that cannot be read, naming it; [`RenderError::Cancelled`].
pub(super) fn render(
    job: &FilmJob,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    check_format(job.format)?;
    // A wrong sound is better found now than minutes into the film.
    let sound = job.sound.clone().map(|bytes| sound_of(bytes, job.duration, cancel)).transpose()?;
    let footage = if job.images.is_empty() {
        shoot(job, on_progress, cancel)?
    } else {
        sequence::shoot(job, on_progress, cancel)?
    };
    on_progress(Progress { fraction: 1.0, stage: "encoding", preview: None });
    let rate = footage.plan.rate;
    let (bytes, mime_type, extension) = match (footage.pictures, job.format) {
        (Pictures::Planes(planes), _) => (planes, "video/x-raw-yuv420p", "yuv"),
        (Pictures::H264(stream), FilmFormat::Mov) => {
            let write = move || written(&stream, rate, sound.as_ref(), Container::Mov);
            (parallel::abandonable(write, cancel)??, "video/quicktime", "mov")
        }
        (Pictures::H264(stream), _) => {
            let write = move || written(&stream, rate, sound.as_ref(), Container::Mp4);
            (parallel::abandonable(write, cancel)??, "video/mp4", "mp4")
        }
    };
    let rendered = footage.plan.size();
    let output = RenderedOutput {
        role: "video",
        bytes,
        mime_type,
        extension,
        width: rendered.width,
        height: rendered.height,
        duration: rendered.duration,
        seed: job.seed,
    };
    Ok(Rendered {
        outputs: vec![output],
        requested: footage.requested,
        rendered,
        notes: footage.notes,
    })
}

fn sound_of(
    bytes: Vec<u8>,
    seconds: f64,
    cancel: &dyn Fn() -> bool,
) -> Result<SoundTrack, RenderError> {
    parallel::abandonable(move || SoundTrack::read(&bytes, seconds), cancel)?
}

fn written(
    stream: &Stream,
    rate: FrameRate,
    sound: Option<&SoundTrack>,
    container: Container,
) -> Result<Vec<u8>, RenderError> {
    let outgrown = || RenderError::Internal("the film outgrew its container".into());
    let mut tracks = vec![mp4::video_track(stream, rate, container).ok_or_else(outgrown)?];
    if let Some(sound) = sound {
        tracks.push(mp4::sound_track(sound, container)?.ok_or_else(outgrown)?);
    }
    mp4::write(&tracks, container).ok_or_else(outgrown)
}

fn check_format(format: FilmFormat) -> Result<(), RenderError> {
    let name = match format {
        FilmFormat::Mp4 | FilmFormat::Mov | FilmFormat::Planes => return Ok(()),
        FilmFormat::Webm => {
            return Err(RenderError::Unsupported(
                "the sandbox makes webm films in browsers only, by the browser's own encoder; ask \
                 for format \"mp4\" or \"mov\""
                    .to_owned(),
            ));
        }
        FilmFormat::Avi => "avi",
        FilmFormat::Mkv => "mkv",
    };
    Err(RenderError::Unsupported(format!(
        "the sandbox has no {name} writer; ask for format \"mp4\" or \"mov\", or convert the file \
         afterwards"
    )))
}

/// Films the scene of a prompt.
fn shoot(
    job: &FilmJob,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Footage, RenderError> {
    let asked = (job.width != 0 && job.height != 0).then_some((job.width, job.height));
    let (width, height) = asked.unwrap_or(DEFAULT_SIZE);
    let plan = Plan::new(job, width, height, SCENE_BUDGET)?;

    on_progress(Progress { fraction: 0.0, stage: "preparing", preview: None });
    let mut scene =
        Scene::compose(&job.prompt, &job.negative_prompt, job.style.as_deref(), job.seed);
    if !scene.prepare(cancel) {
        return Err(RenderError::Cancelled);
    }
    on_progress(Progress { fraction: done(&plan, 0), stage: "rendering", preview: None });

    let encoder = Encoder::of(job, &plan)?;
    let draw = |push: Push<'_>| {
        for index in 0..plan.frames {
            let camera = camera(job, &plan, index);
            let picture = scene
                .frame(plan.width, plan.height, camera, Quality::Film, cancel)
                .ok_or(RenderError::Cancelled)?;
            let preview = (index == 0).then(|| preview::of(&picture, cancel)).transpose()?;
            push(picture)?;
            let fraction = done(&plan, index + 1);
            on_progress(Progress { fraction, stage: "rendering", preview });
        }
        Ok(())
    };
    let pictures = reel::encode(encoder, draw, cancel)?;

    let requested = Size {
        width: asked.map(|(width, _)| width),
        height: asked.map(|(_, height)| height),
        fps: Some(job.fps),
        duration: Some(job.duration),
    };
    let flat = (job.use_nerf && scene.is_flat()).then(|| {
        "`use_nerf` has little to circle here: the sandbox draws this scene from one side, and the \
         camera sways before it instead."
            .to_owned()
    });
    let notes = scene.notes().iter().cloned();
    let notes = notes.chain(flat).chain(plan.note(job, width, height)).collect();
    Ok(Footage { pictures, plan, requested, notes })
}

/// Share of the work on a film of a prompt that is done once its scene is prepared and `frames` are
/// drawn. Preparing counts for one frame at most: who waits for a film may take the time that is
/// left from the first share, and a planet is prepared at once.
fn done(plan: &Plan, frames: u32) -> f32 {
    let frame = u64::from(plan.width) * u64::from(plan.height);
    let prepared = PREPARING.min(frame);
    let work = |frames: u32| (prepared + frame * u64::from(frames)) as f64;
    (work(frames) / work(plan.frames)) as f32
}

/// The camera flies through the scene; with `use_nerf` it circles it once, as the walk around an
/// object does that such models are trained on, and flies nowhere, so that the circle closes.
fn camera(job: &FilmJob, plan: &Plan, frame: u32) -> Camera {
    let time = plan.time_of(frame);
    let done = (time / plan.duration()) as f32;
    if job.use_nerf {
        return Camera { time: time as f32, orbit: done * TAU, ..Camera::STILL };
    }
    Camera { time: time as f32, progress: done, orbit: 0.0 }
}

#[cfg(test)]
mod tests {
    use super::mp4::tests::{find, word};
    use super::*;
    use crate::engine::decode;
    use crate::engine::decode::tests::png_of;
    use crate::engine::fingerprint::fingerprint;
    use crate::engine::job::{Fidelity, Transition};

    /// A request for a small film, to be varied.
    pub(super) fn job() -> FilmJob {
        FilmJob {
            prompt: "a mountain lake at dawn".into(),
            negative_prompt: String::new(),
            style: None,
            width: 64,
            height: 36,
            seed: 7,
            duration: 0.5,
            fps: 8.0,
            use_nerf: false,
            images: Vec::new(),
            transition: Transition::None,
            fidelity: Fidelity::Preview,
            sound: None,
            format: FilmFormat::Mp4,
        }
    }

    fn film(job: &FilmJob) -> Rendered {
        render(job, &mut |_| {}, &|| false).unwrap()
    }

    #[test]
    fn a_small_film_comes_as_asked() {
        let request = FilmJob { width: 320, height: 180, duration: 0.5, fps: 24.0, ..job() };
        let rendered = film(&request);
        assert_eq!(rendered.rendered, rendered.requested);
        let output = &rendered.outputs[0];
        assert_eq!((output.mime_type, output.extension), ("video/mp4", "mp4"));
        let sizes = find(&output.bytes, "moov/trak/mdia/minf/stbl/stsz").unwrap();
        assert_eq!(word(sizes, 2), 12, "frames");
        let header = find(&output.bytes, "moov/trak/tkhd").unwrap();
        assert_eq!((word(header, 19) >> 16, word(header, 20) >> 16), (320, 180));
        assert_eq!(word(find(&output.bytes, "moov/mvhd").unwrap(), 4), 500, "milliseconds");
    }

    #[test]
    fn every_request_for_the_same_film_gives_the_same_bytes() {
        assert_eq!(film(&job()), film(&job()));
        assert_ne!(film(&job()).outputs, film(&FilmJob { seed: 8, ..job() }).outputs);
    }

    /// The bytes of a film of pictures do not depend on how scenes look, so they may be pinned:
    /// decoding, fitting, blending, encoding and the container all show in them.
    #[test]
    fn a_film_of_pictures_is_the_same_on_every_machine() {
        let picture = |width: u32, height: u32, step: u32| {
            let pixels: Vec<u8> =
                (0..width * height * 3).map(|index| (index * step / 7 % 256) as u8).collect();
            png_of(width, height, png::ColorType::Rgb, png::BitDepth::Eight, &pixels)
        };
        let images = vec![picture(50, 40, 3), picture(90, 30, 11), picture(64, 36, 23)];
        let transition = Transition::Crossfade;
        let rendered = film(&FilmJob { images, transition, fps: 29.97, duration: 1.0, ..job() });
        assert_eq!(fingerprint(&rendered.outputs[0].bytes), 0x6b62_bf01_6591_0c73);
    }

    #[test]
    fn a_scene_that_cannot_be_circled_says_so() {
        let notes =
            |prompt: &str| film(&FilmJob { prompt: prompt.into(), use_nerf: true, ..job() }).notes;
        for flat in ["portrait of a woman", "a field of lavender", "a galaxy", "a nebula"] {
            assert!(notes(flat).iter().any(|note| note.contains("use_nerf")), "{flat}");
        }
        for round in ["a mountain lake", "a city", "a ringed planet"] {
            assert_eq!(notes(round), Vec::<String>::new(), "{round}");
        }
    }

    #[test]
    fn the_scene_moves_and_an_orbit_moves_otherwise() {
        let request = job();
        let plan = Plan::new(&request, 64, 36, SCENE_BUDGET).unwrap();
        let mut scene = Scene::compose(&request.prompt, "", None, 7);
        assert!(scene.prepare(&|| false));
        let frame = |job: &FilmJob, index| {
            let camera = camera(job, &plan, index);
            scene.frame(64, 36, camera, Quality::Film, &|| false).unwrap()
        };
        assert_ne!(frame(&request, 0), frame(&request, plan.frames - 1));
        let orbit = FilmJob { use_nerf: true, ..job() };
        assert_ne!(frame(&request, 2), frame(&orbit, 2));
        assert_eq!(camera(&orbit, &plan, 1).progress, camera(&orbit, &plan, 3).progress);
    }

    #[test]
    fn progress_rises_to_one_and_brings_a_preview() {
        let mut seen: Vec<f32> = Vec::new();
        let mut previews = 0;
        let mut on_progress = |progress: Progress| {
            seen.push(progress.fraction);
            previews += usize::from(progress.preview.is_some());
        };
        render(&job(), &mut on_progress, &|| false).unwrap();
        assert!(seen.windows(2).all(|pair| pair[0] <= pair[1]), "{seen:?}");
        assert_eq!(seen.last(), Some(&1.0));
        assert_eq!(previews, 1);
    }

    #[test]
    fn preparing_counts_for_no_more_work_than_it_is() {
        let first_share = |width: u32, height: u32, duration: f64| {
            let fidelity = Fidelity::Full;
            let request = FilmJob { fps: 24.0, duration, fidelity, ..job() };
            let plan = Plan::new(&request, width, height, SCENE_BUDGET).unwrap();
            assert_eq!(done(&plan, plan.frames), 1.0);
            done(&plan, 0)
        };
        // Preparing takes as long for few pixels as for many.
        let large = first_share(3840, 2160, 1.0);
        assert!((0.0004..0.0006).contains(&large), "{large}");
        let ordinary = first_share(480, 270, 2.0);
        assert!((0.015..0.02).contains(&ordinary), "{ordinary}");
        assert_eq!(first_share(64, 36, 1.0), 1.0 / 25.0);
        // What is told is what was done, frame by frame.
        let mut told = Vec::new();
        let mut on_progress = |progress: Progress| told.push(progress.fraction);
        render(&job(), &mut on_progress, &|| false).unwrap();
        assert_eq!(told, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.0]);
    }

    #[test]
    fn previews_are_small_whatever_the_film() {
        let size_of = |request: FilmJob| {
            let mut previews = Vec::new();
            let mut on_progress = |progress: Progress| previews.extend(progress.preview);
            render(&request, &mut on_progress, &|| false).unwrap();
            let [preview] = previews.as_slice() else { panic!("{} previews", previews.len()) };
            let picture = decode::decode(&preview.bytes).unwrap();
            assert_eq!((picture.width, picture.height), (preview.width, preview.height));
            (preview.width, preview.height)
        };
        let request = FilmJob { duration: 0.1, ..job() };
        assert_eq!(size_of(request.clone()), (64, 36));
        assert_eq!(size_of(FilmJob { width: 1024, height: 576, ..request.clone() }), (512, 288));
        let gray = png_of(4, 4, png::ColorType::Rgb, png::BitDepth::Eight, &[128; 4 * 4 * 3]);
        let pictures = FilmJob { images: vec![gray], ..request };
        assert_eq!(size_of(FilmJob { width: 36, height: 1600, ..pictures }), (12, 512));
    }

    #[test]
    fn cancelling_ends_the_film_within_a_frame() {
        let prepared = done(&Plan::new(&job(), 64, 36, SCENE_BUDGET).unwrap(), 0);
        let frames = std::cell::Cell::new(0);
        let mut on_progress = |progress: Progress| {
            if progress.fraction > prepared {
                frames.set(frames.get() + 1);
            }
        };
        let outcome = render(&job(), &mut on_progress, &|| frames.get() == 1);
        assert_eq!(outcome, Err(RenderError::Cancelled));
        assert_eq!(frames.get(), 1);
    }

    #[test]
    fn other_containers_are_refused_with_advice() {
        for format in [FilmFormat::Webm, FilmFormat::Avi, FilmFormat::Mkv] {
            let outcome = render(&FilmJob { format, ..job() }, &mut |_| {}, &|| false);
            let Err(RenderError::Unsupported(reason)) = outcome else { panic!("{outcome:?}") };
            assert!(reason.contains("mp4"), "{reason}");
        }
        let mov = film(&FilmJob { format: FilmFormat::Mov, ..job() });
        assert_eq!(&mov.outputs[0].bytes[4..12], b"ftypqt  ");
    }
}
