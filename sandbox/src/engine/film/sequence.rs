//! A film of given pictures, one after another.
//!
//! Each picture has an equal share of the length. Pictures may differ in format and size; each is
//! shown whole, letterboxed on black. They are decoded one at a time, when the film reaches them,
//! so memory holds two of them however many there are.

use super::fit::{fitted, letterboxed};
use super::plan::{Plan, SEQUENCE_BUDGET};
use super::reel::{self, Encoder, Push};
use super::{Footage, preview, transition};
use crate::engine::Progress;
use crate::engine::decode::{self, DecodeError};
use crate::engine::job::{FilmJob, RenderError, Size};
use crate::engine::parallel;
use crate::engine::raster::Rgb8;
use crate::engine::style::Style;

/// Shows the pictures of a job.
pub(super) fn shoot(
    job: &FilmJob,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Footage, RenderError> {
    // A wrong file is better found now than minutes into the film.
    for (index, bytes) in job.images.iter().enumerate() {
        decode::readable_kind(bytes).map_err(|error| unusable(index, &error))?;
    }
    let asked = (job.width != 0 && job.height != 0).then_some((job.width, job.height));
    let (width, height) = match asked {
        Some(size) => size,
        None => first_size(&job.images)?,
    };
    let plan = Plan::new(job, width, height, SEQUENCE_BUDGET)?;
    let mut notes: Vec<String> = plan.note(job, width, height).into_iter().collect();
    if job.images.len() as u64 > u64::from(plan.frames) {
        notes.push(format!(
            "{} pictures do not fit into {} frames: some are never seen. Ask for a longer film.",
            job.images.len(),
            plan.frames
        ));
    }

    let (style, style_note) = Style::for_job(job.style.as_deref(), None);
    notes.extend(style_note);
    notes.extend(without_effect(job));

    let mut slides = Slides { job, plan, style, held: Vec::new() };
    let encoder = Encoder::of(job, &plan)?;
    let draw = |push: Push<'_>| {
        for frame in 0..plan.frames {
            if cancel() {
                return Err(RenderError::Cancelled);
            }
            let picture = slides.frame(frame, cancel)?;
            let preview = (frame == 0).then(|| preview::of(&picture, cancel)).transpose()?;
            push(picture)?;
            let fraction = (frame + 1) as f32 / plan.frames as f32;
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
    Ok(Footage { pictures, plan, requested, notes })
}

/// Names what was asked for and means nothing where pictures are given.
fn without_effect(job: &FilmJob) -> Option<String> {
    let asked = [
        ("`prompt`", !job.prompt.trim().is_empty()),
        ("`negative_prompt`", !job.negative_prompt.trim().is_empty()),
        ("`use_nerf`", job.use_nerf),
    ];
    let names: Vec<&str> =
        asked.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name).collect();
    (!names.is_empty()).then(|| {
        format!(
            "A film of given pictures shows these alone: {} had no effect on it.",
            names.join(" and ")
        )
    })
}

fn first_size(images: &[Vec<u8>]) -> Result<(u32, u32), RenderError> {
    let first = images.first().map(Vec::as_slice).unwrap_or_default();
    decode::size(first).map_err(|error| unusable(0, &error))
}

fn unusable(index: usize, error: &DecodeError) -> RenderError {
    RenderError::Invalid(format!("images[{index}] cannot be used: {error}."))
}

/// What is seen at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
enum View {
    /// One picture.
    Still(usize),
    /// This picture giving way to the one after it, by a share of 0 to 1.
    Change(usize, f64),
}

/// What is seen `time` seconds into a film of `count` pictures with `slot` seconds each, when a
/// change takes `change` seconds, half of it before the picture's time is up.
fn view(time: f64, count: usize, slot: f64, change: f64) -> View {
    let last = count.saturating_sub(1);
    let index = ((time / slot).floor().max(0.0) as usize).min(last);
    let into = time - index as f64 * slot;
    if change > 0.0 && index < last && into > slot - change / 2.0 {
        View::Change(index, (into - (slot - change / 2.0)) / change)
    } else if change > 0.0 && index > 0 && into < change / 2.0 {
        View::Change(index - 1, 0.5 + into / change)
    } else {
        View::Still(index)
    }
}

/// The pictures of a job, fitted to the film.
struct Slides<'a> {
    job: &'a FilmJob,
    plan: Plan,
    style: Style,
    /// At most two, the earlier one first.
    held: Vec<(usize, Rgb8)>,
}

impl Slides<'_> {
    fn frame(&mut self, frame: u32, cancel: &dyn Fn() -> bool) -> Result<Rgb8, RenderError> {
        let count = self.job.images.len();
        // The middle of a frame's time stands for it, so that rounding at a border never shows a
        // picture early.
        let time = self.plan.time_of(frame) + 0.5 / self.plan.rate.fps();
        let slot = self.plan.duration() / count as f64;
        let transition = self.job.transition;
        let change = transition::length(transition, slot);
        match view(time, count, slot, change) {
            View::Still(index) => Ok(self.picture(index, cancel)?.clone()),
            View::Change(index, share) => {
                let from = self.picture(index, cancel)?.clone();
                let to = self.picture(index + 1, cancel)?;
                Ok(transition::between(transition, &from, to, share))
            }
        }
    }

    fn picture(&mut self, index: usize, cancel: &dyn Fn() -> bool) -> Result<&Rgb8, RenderError> {
        if !self.held.iter().any(|(held, _)| *held == index) {
            let bytes = self.job.images.get(index).cloned().unwrap_or_default();
            let picture = parallel::abandonable(move || decode::decode(&bytes), cancel)?
                .map_err(|error| unusable(index, &error))?;
            if self.held.len() == 2 {
                self.held.remove(0);
            }
            let Plan { width, height, .. } = self.plan;
            let mut slide = fitted(picture, width, height, cancel).ok_or(RenderError::Cancelled)?;
            // Before the bars, which are no part of the picture.
            if !self.style.apply(&mut slide, cancel) {
                return Err(RenderError::Cancelled);
            }
            self.held.push((index, letterboxed(slide, width, height)));
        }
        self.held
            .iter()
            .find(|(held, _)| *held == index)
            .map(|(_, picture)| picture)
            .ok_or_else(|| RenderError::Internal("a decoded picture was lost".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::reel::Pictures;
    use super::super::tests::job;
    use super::*;
    use crate::engine::decode::tests::png_of;
    use crate::engine::job::Transition;

    fn flat_png(width: u32, height: u32, value: u8) -> Vec<u8> {
        let pixels = vec![value; (width * height * 3) as usize];
        png_of(width, height, png::ColorType::Rgb, png::BitDepth::Eight, &pixels)
    }

    fn film(images: Vec<Vec<u8>>, transition: Transition) -> FilmJob {
        FilmJob { images, transition, width: 64, height: 36, fps: 25.0, duration: 2.0, ..job() }
    }

    fn slides(job: &FilmJob, plan: Plan) -> Slides<'_> {
        Slides { job, plan, style: Style::Realistic, held: Vec::new() }
    }

    fn brightness(job: &FilmJob) -> Vec<u8> {
        let plan = Plan::new(job, 64, 36, SEQUENCE_BUDGET).unwrap();
        let mut slides = slides(job, plan);
        (0..plan.frames)
            .map(|frame| slides.frame(frame, &|| false).unwrap().pixels[(18 * 64 + 32) * 3])
            .collect()
    }

    #[test]
    fn the_middle_of_a_fade_is_grey_and_a_cut_has_no_middle() {
        let images = vec![flat_png(64, 36, 0), flat_png(64, 36, 255)];
        let fade = brightness(&film(images.clone(), Transition::Fade));
        assert_eq!(fade.len(), 50);
        assert_eq!((fade[0], fade[49]), (0, 255));
        assert!((120..=140).contains(&fade[25]), "{fade:?}");
        assert!(fade.windows(2).all(|pair| pair[0] <= pair[1]), "{fade:?}");
        let between = |values: &[u8]| values.iter().filter(|v| (1..255).contains(*v)).count();
        assert!((10..=13).contains(&between(&fade)), "half a second: {fade:?}");
        let crossfade = brightness(&film(images.clone(), Transition::Crossfade));
        assert!((23..=25).contains(&between(&crossfade)), "a whole second: {crossfade:?}");
        let cut = brightness(&film(images, Transition::None));
        assert_eq!(between(&cut), 0);
        assert_eq!(cut.iter().position(|&value| value == 255), Some(25));
    }

    #[test]
    fn each_picture_gets_its_share_of_the_time() {
        let images = (1..=5).map(|value| flat_png(8, 8, value * 40)).collect();
        let values = brightness(&film(images, Transition::None));
        for value in 1..=5u8 {
            assert_eq!(values.iter().filter(|&&v| v == value * 40).count(), 10, "{values:?}");
        }
    }

    #[test]
    fn memory_holds_two_pictures() {
        let images = (0..40).map(|value| flat_png(8, 8, value * 6)).collect();
        let job = film(images, Transition::Crossfade);
        let plan = Plan::new(&job, 64, 36, SEQUENCE_BUDGET).unwrap();
        let mut slides = slides(&job, plan);
        for frame in 0..plan.frames {
            slides.frame(frame, &|| false).unwrap();
            assert!(slides.held.len() <= 2);
        }
    }

    #[test]
    fn the_first_picture_gives_the_size_when_none_is_asked() {
        let job = FilmJob {
            width: 0,
            height: 0,
            ..film(vec![flat_png(90, 50, 1), flat_png(20, 70, 200)], Transition::Slide)
        };
        let footage = shoot(&job, &mut |_| {}, &|| false).unwrap();
        assert_eq!((footage.plan.width, footage.plan.height), (90, 50));
        assert_eq!(footage.requested.width, None);
        assert_eq!(footage.plan.frames, 50);
    }

    #[test]
    fn the_size_comes_from_the_header_before_anything_is_decoded() {
        let mut damaged = flat_png(90, 50, 1);
        let end = damaged.len() - 20;
        damaged[end] ^= 0xff;
        assert_eq!(first_size(&[damaged]), Ok((90, 50)));
    }

    #[test]
    fn nobody_waits_for_a_picture_of_a_film_that_nobody_wants() {
        let job = film(vec![flat_png(400, 300, 1)], Transition::None);
        let plan = Plan::new(&job, 64, 36, SEQUENCE_BUDGET).unwrap();
        // Before it is decoded, and before it is brought to its size both ways.
        for patience in 0..3 {
            let asked = std::cell::Cell::new(0);
            let cancel = || {
                asked.set(asked.get() + 1);
                asked.get() > patience
            };
            let outcome = slides(&job, plan).frame(0, &cancel);
            assert_eq!(outcome, Err(RenderError::Cancelled), "{patience}");
            assert_eq!(asked.get(), patience + 1, "asked again after the answer");
        }
    }

    #[test]
    fn pictures_get_the_style_and_what_has_no_effect_is_named() {
        let stripes: Vec<u8> =
            (0..64 * 64).flat_map(|at| [(at % 64 * 4) as u8, 120, (at / 64 * 4) as u8]).collect();
        let stripes = png_of(64, 64, png::ColorType::Rgb, png::BitDepth::Eight, &stripes);
        let shown = |style: Option<&str>| {
            let style = style.map(str::to_owned);
            let job = FilmJob { style, ..film(vec![stripes.clone()], Transition::None) };
            let format = crate::engine::job::FilmFormat::Planes;
            shoot(&FilmJob { format, ..job }, &mut |_| {}, &|| false).unwrap()
        };
        let (plain, sketched) = (shown(None), shown(Some("sketch")));
        let (Pictures::Planes(plain), Pictures::Planes(drawn)) =
            (plain.pictures, sketched.pictures)
        else {
            panic!("no planes")
        };
        let apart =
            |row: usize, column: usize| plain[row * 64 + column].abs_diff(drawn[row * 64 + column]);
        assert!((14..50).any(|column| apart(18, column) > 20), "the style does not show");
        // 36 of 64 columns are the picture, the others black bars of luma 16.
        assert!((0..14).all(|column| drawn[18 * 64 + column] == 16), "the bars are drawn on");
        assert!(shown(Some("modern")).notes.iter().any(|note| note.contains("instead")));

        let asked = FilmJob { use_nerf: true, ..film(vec![stripes.clone()], Transition::None) };
        let notes = shoot(&asked, &mut |_| {}, &|| false).unwrap().notes;
        assert!(notes.iter().any(|note| note.contains("`prompt` and `use_nerf` had no effect")));
        let bare = FilmJob { prompt: String::new(), use_nerf: false, ..asked };
        assert!(shoot(&bare, &mut |_| {}, &|| false).unwrap().notes.is_empty());
    }

    #[test]
    fn a_file_that_is_no_picture_is_named_before_any_work() {
        let job = film(vec![flat_png(8, 8, 1), b"%PDF-1.7".to_vec()], Transition::None);
        let outcome = shoot(&job, &mut |_| panic!("no work"), &|| false);
        let Err(RenderError::Invalid(message)) = outcome else { panic!("{outcome:?}") };
        assert!(message.contains("images[1]") && message.contains("PDF"), "{message}");
    }

    #[test]
    fn more_pictures_than_frames_are_reported() {
        let images = (0..60).map(|_| flat_png(8, 8, 9)).collect();
        let footage = shoot(&film(images, Transition::None), &mut |_| {}, &|| false).unwrap();
        assert!(footage.notes.iter().any(|note| note.contains("60 pictures")));
    }
}
