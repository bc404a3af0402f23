//! From a picture job to its files.

use super::job::{PictureJob, RenderError, Rendered, RenderedOutput, Size};
use super::raster::Rgb8;
use super::scene::{Camera, Exposure, Quality, Scene};
use super::{Preview, Progress, budget, encode};

/// Longer side of the first look at a picture, in pixels.
const PREVIEW_SIDE: u32 = 96;
/// Pictures below this many pixels are done before a preview would be.
const PREVIEW_FROM: u32 = 256 * 256;
/// Shares of a picture's work that are done after each stage.
const COMPOSED: f32 = 0.2;
const DRAWN: f32 = 0.85;
const STYLED: f32 = 0.95;

pub(super) fn render(
    job: &PictureJob,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    refuse_unsupported(job)?;
    let (width, height) = budget::picture_size(job.width, job.height);
    let mut notes = Vec::new();
    if (width, height) != (job.width, job.height) {
        notes.push(format!(
            "The sandbox rendered {width}x{height} instead of {}x{}: larger pictures are beyond \
             its work budget.",
            job.width, job.height
        ));
    }
    let mut outputs = Vec::new();
    for number in 0..job.count {
        let report = &mut |share: f32, stage: &'static str, preview: Option<Preview>| {
            let fraction = (number as f32 + share) / job.count as f32;
            on_progress(Progress { fraction, stage, preview });
        };
        let seed = job.seed.wrapping_add(u64::from(number));
        let finished = one(job, seed, (width, height), report, cancel)?;
        for note in finished.notes {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        outputs.extend(finished.outputs);
    }
    Ok(Rendered {
        outputs,
        requested: Size::of_picture(job.width, job.height),
        rendered: Size::of_picture(width, height),
        notes,
    })
}

fn refuse_unsupported(job: &PictureJob) -> Result<(), RenderError> {
    let reason = if job.pbr {
        "the sandbox does not make material maps; leave `pbr` out, or use a service that does"
    } else if job.source.is_some() {
        "the sandbox does not start from a picture; leave `image` out, or use a service that does"
    } else if job.count == 0 || job.width == 0 || job.height == 0 {
        return Err(RenderError::Invalid(
            "a picture job needs at least one picture of at least one pixel".to_owned(),
        ));
    } else {
        return Ok(());
    };
    Err(RenderError::Unsupported(reason.to_owned()))
}

struct Finished {
    outputs: Vec<RenderedOutput>,
    notes: Vec<String>,
}

fn one(
    job: &PictureJob,
    seed: u64,
    (width, height): (u32, u32),
    report: &mut dyn FnMut(f32, &'static str, Option<Preview>),
    cancel: &dyn Fn() -> bool,
) -> Result<Finished, RenderError> {
    report(0.0, "composing", None);
    let mut scene = Scene::compose(&job.prompt, &job.negative_prompt, job.style.as_deref(), seed);
    if !scene.prepare(Quality::Still, cancel) {
        return Err(RenderError::Cancelled);
    }
    let preview = preview(&scene, width, height, cancel)?;
    report(COMPOSED, "rendering", preview);
    let exposure = scene
        .expose(width, height, Camera::STILL, Quality::Still, cancel, &mut |share| {
            report(COMPOSED + (DRAWN - COMPOSED) * share, "rendering", None);
        })
        .ok_or(RenderError::Cancelled)?;
    report(DRAWN, "styling", None);
    let picture = scene.develop(&exposure, cancel).ok_or(RenderError::Cancelled)?;
    report(STYLED, "encoding", None);
    let mut notes = scene.notes().to_vec();
    let mut outputs = vec![RenderedOutput {
        bytes: encode::picture(&picture, job.format)?,
        mime_type: job.format.mime_type(),
        extension: job.format.extension(),
        width: Some(width),
        height: Some(height),
        duration: None,
        seed,
    }];
    if job.hdr {
        outputs.push(high_dynamic_range(&exposure, (width, height), seed));
        notes.push(
            "The high dynamic range picture is a Radiance file beside the ordinary one; it holds \
             linear light before any style."
                .to_owned(),
        );
    }
    if cancel() {
        return Err(RenderError::Cancelled);
    }
    report(1.0, "encoding", None);
    Ok(Finished { outputs, notes })
}

fn high_dynamic_range(exposure: &Exposure, size: (u32, u32), seed: u64) -> RenderedOutput {
    let (width, height) = size;
    RenderedOutput {
        bytes: encode::radiance(width as usize, height as usize, exposure.rows()),
        mime_type: "image/vnd.radiance",
        extension: "hdr",
        width: Some(width),
        height: Some(height),
        duration: None,
        seed,
    }
}

/// A first look, a few hundredths of the work. None for pictures that are quick anyway.
fn preview(
    scene: &Scene,
    width: u32,
    height: u32,
    cancel: &dyn Fn() -> bool,
) -> Result<Option<Preview>, RenderError> {
    if u64::from(width) * u64::from(height) < u64::from(PREVIEW_FROM) {
        return Ok(None);
    }
    let longer = width.max(height);
    let side = |side: u32| (side * PREVIEW_SIDE / longer).max(1);
    let (width, height) = (side(width), side(height));
    let Rgb8 { width, height, pixels } = scene
        .frame(width, height, Camera::STILL, Quality::Film, cancel)
        .ok_or(RenderError::Cancelled)?;
    let bytes = encode::jpeg(&Rgb8 { width, height, pixels }, 80)?;
    Ok(Some(Preview { bytes, mime_type: "image/jpeg", width, height }))
}
