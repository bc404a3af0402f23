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
    if !scene.prepare(cancel) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::decode;
    use crate::engine::job::{Fidelity, PictureFormat};
    use std::cell::Cell;

    fn job(prompt: &str, width: u32, height: u32) -> PictureJob {
        PictureJob {
            prompt: prompt.to_owned(),
            negative_prompt: String::new(),
            style: None,
            width,
            height,
            seed: 7,
            count: 1,
            fidelity: Fidelity::Preview,
            format: PictureFormat::Png,
            hdr: false,
            pbr: false,
            source: None,
        }
    }

    fn quiet(job: &PictureJob) -> Result<Rendered, RenderError> {
        render(job, &mut |_| {}, &|| false)
    }

    #[test]
    fn every_format_decodes_again_at_the_asked_size() {
        for (width, height) in [(16, 16), (333, 77), (40, 90)] {
            for format in [PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::Webp] {
                let rendered = quiet(&PictureJob { format, ..job("abstract", width, height) });
                let output = &rendered.unwrap().outputs[0];
                let picture = decode::decode(&output.bytes).unwrap();
                assert_eq!((picture.width, picture.height), (width, height));
                assert_eq!((output.width, output.height), (Some(width), Some(height)));
                let (darkest, brightest) =
                    (picture.pixels.iter().min().unwrap(), picture.pixels.iter().max().unwrap());
                assert!(brightest - darkest > 60, "the picture is flat");
            }
        }
    }

    #[test]
    fn each_picture_of_a_job_has_its_own_seed() {
        let rendered = quiet(&PictureJob { count: 3, ..job("abstract", 32, 32) }).unwrap();
        let seeds: Vec<u64> = rendered.outputs.iter().map(|output| output.seed).collect();
        assert_eq!(seeds, [7, 8, 9]);
        let alone = quiet(&PictureJob { seed: 8, ..job("abstract", 32, 32) }).unwrap();
        assert_eq!(alone.outputs[0], rendered.outputs[1]);
        assert_ne!(rendered.outputs[0].bytes, rendered.outputs[1].bytes);
    }

    #[test]
    fn a_high_dynamic_range_file_comes_second() {
        let rendered = quiet(&PictureJob { hdr: true, ..job("neon city", 64, 48) }).unwrap();
        let [picture, light] = &rendered.outputs[..] else { panic!("two files") };
        assert_eq!(picture.mime_type, "image/png");
        assert_eq!((light.mime_type, light.extension), ("image/vnd.radiance", "hdr"));
        assert!(light.bytes.starts_with(b"#?RADIANCE\n"));
        assert!(rendered.notes.iter().any(|note| note.contains("Radiance")));
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let pbr = quiet(&PictureJob { pbr: true, ..job("lake", 32, 32) });
        assert!(matches!(pbr, Err(RenderError::Unsupported(reason)) if reason.contains("pbr")));
        let source = quiet(&PictureJob { source: Some((vec![1], 0.5)), ..job("lake", 32, 32) });
        assert!(
            matches!(source, Err(RenderError::Unsupported(reason)) if reason.contains("image"))
        );
        let none = quiet(&PictureJob { count: 0, ..job("lake", 32, 32) });
        assert!(matches!(none, Err(RenderError::Invalid(_))));
    }

    #[test]
    fn a_picture_beyond_the_budget_is_smaller_and_says_so() {
        let rendered = quiet(&job("abstract shapes", 16_384, 1024)).unwrap();
        assert_eq!(rendered.requested, Size::of_picture(16_384, 1024));
        assert_eq!(rendered.rendered, Size::of_picture(2048, 128));
        assert!(rendered.notes.iter().any(|note| note.contains("2048x128")));
    }

    #[test]
    fn progress_rises_to_one_with_a_preview_on_the_way() {
        let (mut last, mut previews, mut steps) = (0.0, 0, 0);
        let mut watch = |progress: Progress| {
            assert!(progress.fraction >= last && progress.fraction <= 1.0);
            last = progress.fraction;
            steps += 1;
            if let Some(preview) = progress.preview {
                previews += 1;
                let picture = decode::decode(&preview.bytes).unwrap();
                assert_eq!((picture.width, picture.height), (preview.width, preview.height));
                assert_eq!((preview.width, preview.height), (96, 72));
            }
        };
        render(&job("abstract", 400, 300), &mut watch, &|| false).unwrap();
        assert_eq!((last, previews), (1.0, 1));
        assert!(steps > 20);
    }

    #[test]
    fn cancelling_ends_a_job_wherever_it_is() {
        for prompt in ["mountain lake", "clouds", "city", "planet", "abstract"] {
            for patience in [0, 2, 5] {
                let asked = Cell::new(0);
                let cancel = || {
                    asked.set(asked.get() + 1);
                    asked.get() > patience
                };
                let job =
                    PictureJob { style: Some("artistic".to_owned()), ..job(prompt, 600, 600) };
                assert_eq!(render(&job, &mut |_| {}, &cancel), Err(RenderError::Cancelled));
                assert_eq!(asked.get(), patience + 1, "{prompt}: asked again after the answer");
            }
        }
    }

    #[test]
    fn strange_prompts_make_pictures_too() {
        for prompt in ["🦀🌈🏔", "مدينة في الليل", "\u{202E}abc", "a\u{0}b", &"city ".repeat(6_400)]
        {
            let rendered = quiet(&job(prompt, 24, 24)).unwrap();
            assert_eq!(decode::decode(&rendered.outputs[0].bytes).unwrap().width, 24);
        }
        let unknown = quiet(&job("qwertyuiop", 16, 16)).unwrap();
        assert!(unknown.notes.iter().any(|note| note.contains("chose")));
        assert!(quiet(&job("a lake", 16, 16)).unwrap().notes.is_empty());
    }
}
