//! From a picture job to its files.

mod materials;
mod preview;
mod transfer;

use std::cell::RefCell;

use super::job::{PictureFormat, PictureJob, RenderError, Rendered, RenderedOutput, Size};
use super::raster::Rgb8;
use super::scene::{Camera, Exposure, Quality, Scene, Watch};
use super::{Preview, Progress, budget, encode, parallel};

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
    let (width, height) = budget::picture_size(requested.0, requested.1, job.fidelity)?;
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
mod tests {
    use super::*;
    use crate::engine::decode;
    use crate::engine::film::fit;
    use crate::engine::job::Fidelity;
    use crate::engine::style::Style;
    use crate::engine::tone::ToneCurve;
    use crate::engine::vector::{Color, rgb};
    use proptest::prelude::*;
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

    /// Colours of a Radiance file, row by row.
    fn light_of(bytes: &[u8], width: usize, height: usize) -> Vec<Color> {
        let head = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap() + 2;
        let line = bytes[head..].iter().position(|byte| *byte == b'\n').unwrap();
        let mut rest = &bytes[head + line + 1..];
        let mut colors = Vec::new();
        for _ in 0..height {
            assert_eq!(rest[..4], [2, 2, (width >> 8) as u8, width as u8]);
            rest = &rest[4..];
            let mut values = Vec::new();
            while values.len() < width * 4 {
                let count = usize::from(rest[0]);
                let taken = if count > 128 {
                    values.extend(std::iter::repeat_n(rest[1], count - 128));
                    2
                } else {
                    values.extend_from_slice(&rest[1..=count]);
                    count + 1
                };
                rest = &rest[taken..];
            }
            colors.extend((0..width).map(|x| {
                let scale = libm::exp2f(f32::from(values[x + 3 * width]) - 136.0);
                let channel = |c: usize| (f32::from(values[x + c * width]) + 0.5) * scale;
                rgb(channel(0), channel(1), channel(2))
            }));
        }
        assert!(rest.is_empty());
        colors
    }

    #[test]
    fn the_high_dynamic_range_file_is_the_light_of_the_picture() {
        for prompt in ["neon city", "sunset over the sea"] {
            let rendered = quiet(&PictureJob { hdr: true, ..job(prompt, 160, 120) }).unwrap();
            let [picture, light] = &rendered.outputs[..] else { panic!("two files") };
            assert_eq!((picture.role, picture.mime_type), ("image", "image/png"));
            let kind = (light.role, light.mime_type, light.extension);
            assert_eq!(kind, ("hdr", "image/vnd.radiance", "hdr"));
            assert!(rendered.notes.iter().any(|note| note.contains("Radiance")));
            let colors = light_of(&light.bytes, 160, 120);
            let most = colors.iter().map(|color| color.luminance()).fold(0.0, f32::max);
            assert!(most > 1.5, "{prompt}: {most}");
            let curve = ToneCurve::new(true);
            let shown = decode::decode(&picture.bytes).unwrap();
            for ((at, color), pixel) in colors.iter().enumerate().zip(shown.pixels.chunks(3)) {
                let expected = curve.pixel(*color, at % 160, at / 160);
                for (a, b) in expected.iter().zip(pixel) {
                    assert!(a.abs_diff(*b) <= 3, "{prompt}: {expected:?} {pixel:?} {color:?}");
                }
            }
        }
    }

    #[test]
    fn a_given_picture_is_restyled_at_its_own_size_or_the_wanted_one() {
        let given = quiet(&job("a desert at noon", 96, 64)).unwrap().outputs.remove(0).bytes;
        let styled = |strength: f32, size: (u32, u32), style: &str| {
            let source = Some((given.clone(), strength));
            let style = Some(style.to_owned());
            let order = PictureJob { source, style, ..job("a lake at night", size.0, size.1) };
            let rendered = quiet(&order).unwrap();
            assert!(rendered.notes.iter().any(|note| note.contains("given picture")));
            decode::decode(&rendered.outputs[0].bytes).unwrap()
        };
        let original = decode::decode(&given).unwrap();
        assert_eq!(styled(0.0, (0, 0), "sketch"), original);
        let apart = |strength: f32, style: &str| -> u64 {
            let pixels = styled(strength, (0, 0), style).pixels;
            original.pixels.iter().zip(&pixels).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
        };
        let size = original.pixels.len() as u64;
        assert!(apart(0.3, "sketch") / size >= 4);
        assert!(apart(0.3, "sketch") < apart(1.0, "sketch"));
        assert!(apart(1.0, "realistic") / size >= 4, "the prompt's colours do not show");
        let fitted = styled(1.0, (50, 80), "anime");
        assert_eq!((fitted.width, fitted.height), (50, 80));
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        let png = quiet(&job("abstract", 16, 16)).unwrap().outputs.remove(0).bytes;
        let source = || Some((png.clone(), 0.5));
        for (hdr, pbr, word) in [(true, false, "`hdr`"), (false, true, "`pbr`")] {
            let refused = quiet(&PictureJob { hdr, pbr, source: source(), ..job("lake", 32, 32) });
            let Err(RenderError::Unsupported(reason)) = refused else { panic!("{refused:?}") };
            assert!(reason.contains(word), "{reason}");
        }
        let source = Some((b"no picture".to_vec(), 0.5));
        let unreadable = quiet(&PictureJob { source, ..job("lake", 32, 32) });
        assert!(
            matches!(unreadable, Err(RenderError::Invalid(reason)) if reason.contains("`image`"))
        );
        let none = quiet(&PictureJob { count: 0, ..job("lake", 32, 32) });
        assert!(matches!(none, Err(RenderError::Invalid(_))));
        let huge = PictureJob { fidelity: Fidelity::Full, ..job("lake", 16_384, 16_384) };
        assert!(matches!(quiet(&huge), Err(RenderError::Unsupported(_))));
    }

    #[test]
    fn a_picture_that_asks_for_no_size_has_the_usual_one() {
        let rendered = quiet(&job("abstract", 0, 0)).unwrap();
        assert_eq!(rendered.rendered, Size::of_picture(1024, 1024));
        assert_eq!(rendered.requested, rendered.rendered);
    }

    #[test]
    fn in_full_a_picture_beyond_the_budget_is_whole() {
        let full = Fidelity::Full;
        let rendered = quiet(&PictureJob { fidelity: full, ..job("abstract", 16_384, 272) });
        let rendered = rendered.unwrap();
        assert_eq!(rendered.rendered, Size::of_picture(16_384, 272));
        assert_eq!(decode::decode(&rendered.outputs[0].bytes).unwrap().width, 16_384);
    }

    #[test]
    fn the_narrowest_pictures_are_made_too() {
        for (width, height) in [(16, 16), (16, 16_384), (16_384, 16)] {
            for prompt in ["mountain lake", "city", "clouds", "abstract", "snow in the forest"] {
                let style = Some("oil-painting".to_owned());
                let rendered = quiet(&PictureJob { style, ..job(prompt, width, height) }).unwrap();
                assert_eq!(rendered.rendered, Size::of_picture(width, height));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
        #[test]
        fn any_size_any_style_any_format(
            (width, height) in (16u32..200, 16u32..200),
            style in 0..Style::ALL.len(),
            format in 0..4usize,
            (hdr, pbr) in (any::<bool>(), any::<bool>()),
            prompt in prop::sample::select(vec!["abstract", "planet", "night city", "clouds"]),
        ) {
            use PictureFormat::{Jpeg, Png, Tiff, Webp};
            let order = PictureJob {
                style: Some(Style::ALL[style].name().to_owned()),
                format: [Png, Jpeg, Webp, Tiff][format],
                hdr,
                pbr,
                ..job(prompt, width, height)
            };
            let rendered = quiet(&order).unwrap();
            let roles: Vec<&str> = rendered.outputs.iter().map(|output| output.role).collect();
            let mut expected = vec!["image"];
            expected.extend(hdr.then_some("hdr"));
            if pbr {
                expected.extend(["albedo", "normal", "roughness", "metallic", "height"]);
            }
            prop_assert_eq!(roles, expected);
            for output in &rendered.outputs {
                prop_assert_eq!((output.width, output.height), (Some(width), Some(height)));
                prop_assert!(!output.bytes.is_empty());
            }
        }
    }

    #[test]
    fn a_picture_beyond_the_budget_is_smaller_and_says_so() {
        let rendered = quiet(&job("abstract shapes", 16_384, 1024)).unwrap();
        assert_eq!(rendered.requested, Size::of_picture(16_384, 1024));
        assert_eq!(rendered.rendered, Size::of_picture(2048, 128));
        assert!(rendered.notes.iter().any(|note| note.contains("2048x128")));
    }

    #[test]
    fn progress_rises_to_one_with_ever_finer_previews_on_the_way() {
        let (mut last, mut steps, mut previews) = (0.0, 0, Vec::new());
        let mut watch = |progress: Progress| {
            assert!(progress.fraction >= last && progress.fraction <= 1.0);
            last = progress.fraction;
            steps += 1;
            if let Some(preview) = progress.preview {
                assert!(progress.fraction < 0.5);
                let picture = decode::decode(&preview.bytes).unwrap();
                assert_eq!((picture.width, picture.height), (preview.width, preview.height));
                previews.push(picture);
            }
        };
        let rendered = render(&job("abstract", 400, 300), &mut watch, &|| false).unwrap();
        assert_eq!(last, 1.0);
        assert!(steps > 20);
        let sizes: Vec<_> =
            previews.iter().map(|picture| (picture.width, picture.height)).collect();
        assert_eq!(sizes, [(50, 38), (100, 75), (200, 150)]);
        // Each shows the picture that comes.
        let finished = decode::decode(&rendered.outputs[0].bytes).unwrap();
        for preview in previews {
            let small = fit::resized(&finished, preview.width, preview.height);
            let apart = small.pixels.iter().zip(&preview.pixels).map(|(a, b)| a.abs_diff(*b));
            let sum: u64 = apart.map(u64::from).sum();
            assert!(sum / (small.pixels.len() as u64) < 16, "{sum}");
        }
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
