//! From a picture job to its files.

mod budget;
mod materials;
mod preview;
mod transfer;

use std::cell::RefCell;

use super::job::{PictureFormat, PictureJob, RenderError, Rendered, RenderedOutput, Size};
use super::raster::Rgb8;
use super::scene::{Camera, Exposure, Quality, Scene, Watch};
use super::{Preview, Progress, encode, parallel};

/// Side of a picture that asks for no size, in pixels.
const DEFAULT_SIDE: u32 = 1024;

/// Shares of a picture's work that are done after each stage, without further files.
const COMPOSED: f32 = 0.2;
const DRAWN: f32 = 0.85;
const STYLED: f32 = 0.95;
/// Share of the work that is left when the material maps begin.
const MAPS: f32 = 0.3;

pub(super) fn render(
    job: &PictureJob,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    if job.count == 0 {
        let reason = "a picture job needs at least one picture";
        return Err(RenderError::Invalid(reason.to_owned()));
    }
    let asked = (job.width != 0 && job.height != 0).then_some((job.width, job.height));
    let work = match &job.source {
        None => Work::Scene,
        Some((bytes, strength)) => {
            refuse_beside_a_source(job)?;
            Work::Transfer(transfer::given(bytes, cancel)?, *strength)
        }
    };
    let own = match &work {
        Work::Scene => (DEFAULT_SIDE, DEFAULT_SIDE),
        Work::Transfer(given, _) => (given.width, given.height),
    };
    let requested = asked.unwrap_or(own);
    let (width, height) = budget::size(requested.0, requested.1, job.fidelity)?;
    let mut notes = Vec::new();
    if (width, height) != requested {
        notes.push(format!(
            "The sandbox rendered {width}x{height} instead of {}x{}: larger pictures are beyond \
             its work budget. With the fidelity \"full\" it takes the time they need.",
            requested.0, requested.1
        ));
    }
    let mut outputs = Vec::new();
    for number in 0..job.count {
        let mut tell = |share: f32, stage: &'static str, preview: Option<Preview>| {
            let fraction = (number as f32 + share) / job.count as f32;
            on_progress(Progress { fraction, stage, preview });
        };
        let seed = job.seed.wrapping_add(u64::from(number));
        let order = Order { job, seed, width, height };
        let report = Report(RefCell::new(&mut tell));
        let finished = match &work {
            Work::Scene => scene(&order, &report, cancel)?,
            Work::Transfer(given, strength) => {
                transfer::render(&order, given, *strength, &report, cancel)?
            }
        };
        for note in finished.notes {
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        outputs.extend(finished.outputs);
    }
    Ok(Rendered {
        outputs,
        requested: Size::of_picture(requested.0, requested.1),
        rendered: Size::of_picture(width, height),
        notes,
    })
}

/// What a job is made from.
enum Work {
    Scene,
    Transfer(Rgb8, f32),
}

/// A picture that somebody gives has neither light beyond white nor materials.
fn refuse_beside_a_source(job: &PictureJob) -> Result<(), RenderError> {
    let wish = match (job.hdr, job.pbr) {
        (true, _) => "`hdr`",
        (_, true) => "`pbr`",
        _ => return Ok(()),
    };
    Err(RenderError::Unsupported(format!(
        "the sandbox gives {wish} of scenes only, not of a picture that was given; leave {wish} or \
         `image` out"
    )))
}

/// One picture of a job.
struct Order<'a> {
    job: &'a PictureJob,
    seed: u64,
    width: u32,
    height: u32,
}

impl Order<'_> {
    /// A file of the picture's own size.
    fn output(
        &self,
        role: &'static str,
        bytes: Vec<u8>,
        mime_type: &'static str,
        extension: &'static str,
    ) -> RenderedOutput {
        RenderedOutput {
            role,
            bytes,
            mime_type,
            extension,
            width: Some(self.width),
            height: Some(self.height),
            duration: None,
            seed: self.seed,
        }
    }

    /// The picture itself as a file.
    fn image(
        &self,
        picture: Rgb8,
        cancel: &dyn Fn() -> bool,
    ) -> Result<RenderedOutput, RenderError> {
        let format: PictureFormat = self.job.format;
        let encoded = parallel::abandonable(move || encode::picture(&picture, format), cancel)??;
        Ok(self.output("image", encoded, format.mime_type(), format.extension()))
    }
}

/// Who is told how far a picture is.
struct Report<'a>(RefCell<&'a mut dyn FnMut(f32, &'static str, Option<Preview>)>);

impl Report<'_> {
    fn tell(&self, share: f32, stage: &'static str) {
        (self.0.borrow_mut())(share, stage, None);
    }

    fn show(&self, share: f32, preview: Preview) {
        (self.0.borrow_mut())(share, "rendering", Some(preview));
    }
}

/// The files of one picture.
struct Finished {
    outputs: Vec<RenderedOutput>,
    notes: Vec<String>,
}

/// Draws the scene of a prompt.
///
/// Memory stays bounded whatever the size: 6 bytes a pixel for light, until it is developed to 3,
/// and no more than a second copy of these and parts of 150 MB for the style. For 8K that is
/// below 400 MB with the file; `hdr` and `pbr` add 4 and 10 bytes a pixel.
fn scene(
    order: &Order,
    report: &Report,
    cancel: &dyn Fn() -> bool,
) -> Result<Finished, RenderError> {
    let Order { job, seed, .. } = *order;
    let share = if job.pbr { 1.0 - MAPS } else { 1.0 };
    report.tell(0.0, "composing");
    let mut scene = Scene::compose(&job.prompt, &job.negative_prompt, job.style.as_deref(), seed);
    if !scene.prepare(cancel) {
        return Err(RenderError::Cancelled);
    }
    report.tell(COMPOSED * share, "rendering");
    let exposure = exposed(&scene, order, share, report, cancel)?;
    let mut notes = scene.notes().to_vec();
    let mut outputs = Vec::new();
    let light = job.hdr.then(|| high_dynamic_range(order, &exposure, cancel)).transpose()?;
    let mut picture = scene.develop(&exposure, cancel).ok_or(RenderError::Cancelled)?;
    drop(exposure);
    report.tell(DRAWN * share, "styling");
    if !scene.style().apply(&mut picture, cancel) {
        return Err(RenderError::Cancelled);
    }
    report.tell(STYLED * share, "encoding");
    outputs.push(order.image(picture, cancel)?);
    if let Some(light) = light {
        outputs.push(light);
        notes.push(
            "The high dynamic range picture is a Radiance file beside the ordinary one; it holds \
             linear light before any style."
                .to_owned(),
        );
    }
    if job.pbr {
        outputs.extend(materials::maps(&scene, order, share, report, cancel)?);
        notes.push(
            "The material maps are PNG files beside the picture; they show its surfaces before \
             light and style."
                .to_owned(),
        );
    }
    report.tell(1.0, "encoding");
    Ok(Finished { outputs, notes })
}

/// Draws a scene and shows it while it grows.
fn exposed(
    scene: &Scene,
    order: &Order,
    share: f32,
    report: &Report,
    cancel: &dyn Fn() -> bool,
) -> Result<Exposure, RenderError> {
    let drawn = RefCell::new(COMPOSED * share);
    let mut on_progress = |done: f32| {
        let now = (COMPOSED + (DRAWN - COMPOSED) * done) * share;
        drawn.replace(now);
        report.tell(now, "rendering");
    };
    let mut on_look = |look: Rgb8| {
        if let Some(preview) = preview::of(look, scene.style(), cancel) {
            report.show(*drawn.borrow(), preview);
        }
    };
    let on_look: Option<&mut dyn FnMut(Rgb8)> =
        if preview::is_worth_while(order.width, order.height) { Some(&mut on_look) } else { None };
    let watch = Watch { cancel, on_progress: &mut on_progress, on_look };
    scene
        .expose(order.width, order.height, Camera::STILL, Quality::Still, watch)
        .ok_or(RenderError::Cancelled)
}

fn high_dynamic_range(
    order: &Order,
    exposure: &Exposure,
    cancel: &dyn Fn() -> bool,
) -> Result<RenderedOutput, RenderError> {
    let mut file = encode::Radiance::new(order.width, order.height, encode::SOFTWARE);
    let mut cancelled = false;
    exposure.rows(&mut |colors| {
        file.push(colors);
        cancelled = cancel();
        !cancelled
    });
    if cancelled {
        return Err(RenderError::Cancelled);
    }
    Ok(order.output("hdr", file.finish(), "image/vnd.radiance", "hdr"))
}

#[cfg(test)]
mod tests;
