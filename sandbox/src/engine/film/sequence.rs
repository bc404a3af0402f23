//! A film of given pictures, one after another.
//!
//! Each picture has an equal share of the length. Pictures may differ in format and size; each is
//! shown whole, letterboxed on black. They are decoded one at a time, when the film reaches them,
//! so memory holds two of them however many there are.

use super::fit::letterboxed;
use super::plan::{Plan, SEQUENCE_BUDGET};
use super::reel::{self, Encoder};
use super::{Footage, preview, transition};
use crate::engine::Progress;
use crate::engine::decode::{self, DecodeError};
use crate::engine::job::{FilmJob, RenderError, Size};
use crate::engine::raster::Rgb8;

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

    let mut slides = Slides { job, plan, held: Vec::new() };
    let encoder = Encoder::of(job, &plan)?;
    let pictures = reel::encode(encoder, |push| {
        for frame in 0..plan.frames {
            if cancel() {
                return Err(RenderError::Cancelled);
            }
            let picture = slides.frame(frame)?;
            let preview = (frame == 0).then(|| preview(&picture)).transpose()?;
            push(picture)?;
            let fraction = (frame + 1) as f32 / plan.frames as f32;
            on_progress(Progress { fraction, stage: "rendering", preview });
        }
        Ok(())
    })?;
    let requested = Size {
        width: asked.map(|(width, _)| width),
        height: asked.map(|(_, height)| height),
        fps: Some(job.fps),
        duration: Some(job.duration),
    };
    Ok(Footage { pictures, plan, requested, notes })
}

fn first_size(images: &[Vec<u8>]) -> Result<(u32, u32), RenderError> {
    let first = images.first().map(Vec::as_slice).unwrap_or_default();
    let picture = decode::decode(first).map_err(|error| unusable(0, &error))?;
    Ok((picture.width, picture.height))
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
    /// At most two, the earlier one first.
    held: Vec<(usize, Rgb8)>,
}

impl Slides<'_> {
    fn frame(&mut self, frame: u32) -> Result<Rgb8, RenderError> {
        let count = self.job.images.len();
        // The middle of a frame's time stands for it, so that rounding at a border never shows a
        // picture early.
        let time = self.plan.time_of(frame) + 0.5 / self.plan.rate.fps();
        let slot = self.plan.duration() / count as f64;
        let transition = self.job.transition;
        let change = transition::length(transition, slot);
        match view(time, count, slot, change) {
            View::Still(index) => Ok(self.picture(index)?.clone()),
            View::Change(index, share) => {
                let from = self.picture(index)?.clone();
                let to = self.picture(index + 1)?;
                Ok(transition::between(transition, &from, to, share))
            }
        }
    }

    fn picture(&mut self, index: usize) -> Result<&Rgb8, RenderError> {
        if !self.held.iter().any(|(held, _)| *held == index) {
            let bytes = self.job.images.get(index).map(Vec::as_slice).unwrap_or_default();
            let picture = decode::decode(bytes).map_err(|error| unusable(index, &error))?;
            if self.held.len() == 2 {
                self.held.remove(0);
            }
            self.held.push((index, letterboxed(&picture, self.plan.width, self.plan.height)));
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

    fn brightness(job: &FilmJob) -> Vec<u8> {
        let plan = Plan::new(job, 64, 36, SEQUENCE_BUDGET).unwrap();
        let mut slides = Slides { job, plan, held: Vec::new() };
        (0..plan.frames)
            .map(|frame| slides.frame(frame).unwrap().pixels[(18 * 64 + 32) * 3])
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
        let mut slides = Slides { job: &job, plan, held: Vec::new() };
        for frame in 0..plan.frames {
            slides.frame(frame).unwrap();
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
