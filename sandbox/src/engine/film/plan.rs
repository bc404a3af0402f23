//! How large and how smooth a film is made: as asked when that is little work, else reduced.
//!
//! The work of a film is its pixels times its frames. In preview fidelity, over the budget, first
//! frames are left out (down to 24 a second), then the picture shrinks, then both in turn. Length
//! and aspect ratio are never given up: a film for which no size is left is refused. The budget is
//! the same on every machine, so that results are too.

use super::h264;
use crate::engine::job::{Fidelity, FilmFormat, FilmJob, RenderError, Size};

/// Pixels times frames of a rendered film: five seconds of 640×360 at 24 frames a second, with
/// something to spare.
pub(super) const SCENE_BUDGET: u64 = 28_000_000;

/// Pixels times frames of a film of given pictures, which need no rendering.
pub(super) const SEQUENCE_BUDGET: u64 = 100_000_000;

/// The steps of giving way: frames per second and pixels per frame below which a step does not go.
/// With the last one, [`SCENE_BUDGET`] is enough for fifty minutes at any rate.
const STEPS: [(f64, u64); 8] = [
    (24.0, 480 * 270),
    (15.0, 480 * 270),
    (12.0, 256 * 144),
    (6.0, 256 * 144),
    (6.0, 128 * 72),
    (3.0, 128 * 72),
    (1.5, 128 * 72),
    (0.5, 128 * 72),
];

/// Bytes of the largest file: what one process keeps of outputs.
const LARGEST_FILE: f64 = 1_073_741_824.0;

/// Bytes of a pixel in planes: luma, and two chroma planes of half the size both ways.
const BYTES_PER_PIXEL_OF_PLANES: f64 = 1.5;

/// Least width and height of a film, in pixels: one macroblock.
const MIN_SIDE: u32 = 16;

/// Frames per second as an exact ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameRate {
    /// Ticks per second.
    pub(super) timescale: u32,
    /// Ticks that one frame lasts.
    pub(super) frame_ticks: u32,
}

impl FrameRate {
    /// The ratio nearest to `fps`: broadcast rates such as 29.97 as 30,000/1,001, others to a
    /// thousandth.
    fn nearest(fps: f64) -> FrameRate {
        let whole = libm::round(fps);
        let broadcast = whole * 1000.0 / 1001.0;
        if (fps - whole).abs() > 1e-9 && (fps - broadcast).abs() < 0.005 {
            FrameRate { timescale: (whole * 1000.0) as u32, frame_ticks: 1001 }
        } else {
            FrameRate { timescale: libm::round(fps * 1000.0).max(1.0) as u32, frame_ticks: 1000 }
        }
    }

    /// Every `step`-th frame only.
    fn every(self, step: u32) -> FrameRate {
        FrameRate { frame_ticks: self.frame_ticks * step, ..self }
    }

    /// Frames per second.
    pub(super) fn fps(self) -> f64 {
        f64::from(self.timescale) / f64::from(self.frame_ticks)
    }
}

/// What will be made of a job.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plan {
    /// Width in pixels, even.
    pub(super) width: u32,
    /// Height in pixels, even.
    pub(super) height: u32,
    /// Frames per second.
    pub(super) rate: FrameRate,
    /// Number of frames, at least one.
    pub(super) frames: u32,
}

impl Plan {
    /// A film of `width`×`height` with the length and speed of `job`; in preview fidelity it is
    /// fitted into `budget`.
    ///
    /// # Errors
    ///
    /// [`RenderError::Unsupported`] where full fidelity cannot be had, or where the length alone is
    /// beyond the budget.
    pub(super) fn new(
        job: &FilmJob,
        width: u32,
        height: u32,
        budget: u64,
    ) -> Result<Plan, RenderError> {
        let full = Plan::at(job, FrameRate::nearest(job.fps), 1, width, height);
        match job.fidelity {
            Fidelity::Full => full.possible(job.format, width, height),
            Fidelity::Preview if full.work() <= budget => Ok(full),
            Fidelity::Preview => Plan::reduced(job, width, height, budget),
        }
    }

    /// Itself, if it is what was asked for and can be written.
    fn possible(self, format: FilmFormat, width: u32, height: u32) -> Result<Plan, RenderError> {
        let reason = if (self.width, self.height) != (width, height) {
            format!("films have even sides of at least {MIN_SIDE} pixels, not {width}×{height}")
        } else if format == FilmFormat::Planes {
            let bytes = self.work() as f64 * BYTES_PER_PIXEL_OF_PLANES;
            if bytes <= LARGEST_FILE {
                return Ok(self);
            }
            format!(
                "its frames take {:.1} GB of memory on their way to the encoder of the browser",
                bytes / 1e9
            )
        } else if !h264::has_level(self.width, self.height, self.rate) {
            format!(
                "no level of H.264 admits {width}×{height} at {} frames per second",
                self.rate.fps()
            )
        } else {
            let bytes =
                h264::bytes_per_second(self.width, self.height, self.rate) * self.duration();
            if bytes <= LARGEST_FILE {
                return Ok(self);
            }
            format!("the file could have {:.1} GB, and films are kept in memory", bytes / 1e9)
        };
        Err(RenderError::Unsupported(format!(
            "the sandbox cannot make this film in full fidelity: {reason}; ask for less, or leave \
             the fidelity at \"preview\""
        )))
    }

    /// The largest film of the same length that `budget` has room for.
    fn reduced(job: &FilmJob, width: u32, height: u32, budget: u64) -> Result<Plan, RenderError> {
        let asked = FrameRate::nearest(job.fps);
        let area = u64::from(even(width.into())) * u64::from(even(height.into()));
        for (slowest, smallest) in STEPS {
            // 23.976 frames a second are 24 as far as a viewer cares.
            let step = (job.fps / slowest + 0.01).max(1.0) as u32;
            let frames_at = |step| Plan::at(job, asked, step, width, height).frames;
            // A picture that was given is shown, so none may fall between two frames.
            let shows_all = |step: &u32| frames_at(*step) as usize >= job.images.len();
            let step = (1..=step).rev().find(shows_all).unwrap_or(1);
            let room = budget / u64::from(frames_at(step));
            if room >= smallest.min(area) {
                let (width, height) = fitted(width, height, room.min(area));
                return Ok(Plan::at(job, asked, step, width, height));
            }
        }
        Err(RenderError::Unsupported(format!(
            "a film of {} seconds is beyond the work budget of the sandbox, however small and slow \
             it is made; ask for less than fifty minutes, or for the fidelity \"full\"",
            job.duration
        )))
    }

    fn at(job: &FilmJob, asked: FrameRate, step: u32, width: u32, height: u32) -> Plan {
        let rate = asked.every(step);
        let frames = libm::round(job.duration * rate.fps()).max(1.0) as u32;
        Plan { width: even(f64::from(width)), height: even(f64::from(height)), rate, frames }
    }

    fn work(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height) * u64::from(self.frames)
    }

    /// Length in seconds: whole frames.
    pub(super) fn duration(&self) -> f64 {
        f64::from(self.frames) / self.rate.fps()
    }

    /// Time of a frame in seconds since the start.
    pub(super) fn time_of(&self, frame: u32) -> f64 {
        f64::from(frame) / self.rate.fps()
    }

    /// The extent for the result's report.
    pub(super) fn size(&self) -> Size {
        Size {
            width: Some(self.width),
            height: Some(self.height),
            fps: Some(rounded(self.rate.fps())),
            duration: Some(rounded(self.duration())),
        }
    }

    /// Says in a sentence what differs from the request, if anything does.
    pub(super) fn note(&self, job: &FilmJob, width: u32, height: u32) -> Option<String> {
        let slower = self.rate != FrameRate::nearest(job.fps);
        let smaller =
            self.width < width.saturating_sub(1) || self.height < height.saturating_sub(1);
        if slower || smaller {
            return Some(format!(
                "The sandbox keeps its work small: instead of {width}×{height} at {} frames per \
                 second it rendered {}×{} at {} frames per second, in full length.",
                rounded(job.fps),
                self.width,
                self.height,
                rounded(self.rate.fps()),
            ));
        }
        ((self.width, self.height) != (width, height)).then(|| {
            format!(
                "Films have even sides of at least {MIN_SIDE} pixels: {width}×{height} became {}×{}.",
                self.width, self.height
            )
        })
    }
}

/// Three decimals are what a reader wants to see of 29.970029970…
fn rounded(value: f64) -> f64 {
    libm::round(value * 1000.0) / 1000.0
}

/// The largest even sides of about `area` pixels that keep the shape: giving up to a twentieth of
/// the width finds 480×270 where rounding alone would make 486×274 of a 16:9 film.
fn fitted(width: u32, height: u32, area: u64) -> (u32, u32) {
    let (w, h) = (f64::from(width), f64::from(height));
    let widest = even(w * (area as f64 / (w * h)).sqrt().min(1.0));
    let exact = |width: u32| f64::from(width) * h / w;
    let distortion =
        |width: u32| (f64::from(even(exact(width))) - exact(width)).abs() / exact(width);
    let best = (widest - widest / 20..=widest)
        .rev()
        .filter(|width| {
            width % 2 == 0 && u64::from(*width) * u64::from(even(exact(*width))) <= area
        })
        .reduce(|best, next| if distortion(next) < distortion(best) { next } else { best })
        .unwrap_or(widest);
    let height = even(exact(best));
    // A ribbon thinner than the thinnest frame would grow beyond its area: its ends are cut off.
    let longest = |other: u32| ((area / u64::from(other) / 2 * 2) as u32).max(MIN_SIDE);
    (best.min(longest(height)), height.min(longest(best)))
}

fn even(length: f64) -> u32 {
    // Down for whole odd numbers, so that a picture is cropped by a line and not invented.
    ((libm::ceil(length / 2.0 - 0.5) as u32) * 2).max(MIN_SIDE)
}

#[cfg(test)]
mod tests {
    use super::super::tests::job;
    use super::*;
    use proptest::prelude::*;

    fn plan(width: u32, height: u32, fps: f64, duration: f64) -> Plan {
        Plan::new(&FilmJob { fps, duration, ..job() }, width, height, SCENE_BUDGET).unwrap()
    }

    #[test]
    fn full_fidelity_is_as_asked_or_refused_with_the_reason() {
        let full = |width, height, fps, duration| {
            let job = FilmJob { fps, duration, fidelity: Fidelity::Full, ..job() };
            Plan::new(&job, width, height, SCENE_BUDGET)
        };
        let plan = full(7680, 4320, 60.0, 10.0).unwrap();
        assert_eq!((plan.width, plan.height, plan.frames), (7680, 4320, 600));
        for (width, height, fps, duration, reason) in [
            (321, 180, 24.0, 1.0, "even"),
            (16_384, 16_384, 24.0, 1.0, "level"),
            (7680, 4320, 240.0, 1.0, "level"),
            (7680, 4320, 60.0, 300.0, "GB"),
        ] {
            let Err(RenderError::Unsupported(message)) = full(width, height, fps, duration) else {
                panic!("{width}×{height}, {fps}, {duration}")
            };
            assert!(message.contains(reason) && message.contains("preview"), "{message}");
        }
    }

    #[test]
    fn frames_without_compression_are_bounded_by_their_memory_and_not_by_h264() {
        let planes = |width, height, fps, duration| {
            let format = FilmFormat::Planes;
            let job = FilmJob { fps, duration, format, fidelity: Fidelity::Full, ..job() };
            Plan::new(&job, width, height, SCENE_BUDGET)
        };
        // 1920 * 1080 * 3 / 2 bytes are 3.11 MB: 600 frames are 1.87 GB, 300 are 0.93 GB.
        let Err(RenderError::Unsupported(reason)) = planes(1920, 1080, 60.0, 10.0) else {
            panic!("1.87 GB")
        };
        assert!(reason.contains("1.9 GB") && !reason.contains("H.264"), "{reason}");
        assert_eq!(planes(1920, 1080, 60.0, 5.0).unwrap().frames, 300);
        // No level of H.264 has frames of this size.
        assert_eq!(planes(16_384, 16_384, 1.0, 1.0).unwrap().width, 16_384);
        let Err(RenderError::Unsupported(reason)) = planes(321, 180, 24.0, 1.0) else {
            panic!("an odd side")
        };
        assert!(reason.contains("even") && !reason.contains("H.264"), "{reason}");
    }

    #[test]
    fn a_small_film_is_made_as_asked() {
        let plan = plan(320, 180, 24.0, 2.0);
        assert_eq!((plan.width, plan.height, plan.frames), (320, 180, 48));
        assert_eq!((plan.rate.fps(), plan.duration()), (24.0, 2.0));
        assert_eq!(plan.note(&FilmJob { fps: 24.0, duration: 2.0, ..job() }, 320, 180), None);
    }

    #[test]
    fn a_large_film_keeps_length_and_aspect() {
        let request = FilmJob { fps: 60.0, duration: 10.0, ..job() };
        let plan = Plan::new(&request, 7680, 4320, SCENE_BUDGET).unwrap();
        assert_eq!((plan.width, plan.height, plan.rate.fps()), (576, 324, 15.0));
        assert_eq!((plan.frames, plan.duration()), (150, 10.0));
        let note = plan.note(&request, 7680, 4320).unwrap();
        assert!(note.contains("7680×4320 at 60") && note.contains("576×324 at 15"), "{note}");
    }

    #[test]
    fn no_picture_falls_between_two_frames() {
        let images = vec![Vec::new(); 2000];
        let request = FilmJob { fps: 30.0, duration: 100.0, images, ..job() };
        let plan = Plan::new(&request, 1920, 1080, SEQUENCE_BUDGET).unwrap();
        assert_eq!((plan.frames, plan.rate.fps()), (3000, 30.0));
    }

    proptest! {
        #[test]
        fn work_stays_within_the_budget_for_every_request(
            (width, height) in (16u32..=16_384, 16u32..=16_384),
            fps in 1.0f64..=240.0,
            duration in prop_oneof![0.01f64..=300.0, 300.0f64..=86_400.0],
            pictures in prop_oneof![Just(0usize), 1usize..=2_000],
        ) {
            let images = vec![Vec::new(); pictures];
            let job = FilmJob { fps, duration, images, ..job() };
            let budget = if pictures == 0 { 28_000_000 } else { 100_000_000 };
            match Plan::new(&job, width, height, budget) {
                Ok(plan) => {
                    prop_assert!(plan.work() <= budget, "{plan:?}");
                    prop_assert_eq!((plan.width % 2, plan.height % 2), (0, 0), "{:?}", plan);
                    prop_assert!(plan.width >= 16 && plan.height >= 16, "{plan:?}");
                    let error = (plan.duration() - duration).abs();
                    let near = error <= 0.5 / plan.rate.fps() + 1e-9 || plan.frames == 1;
                    prop_assert!(near, "{plan:?}");
                }
                Err(RenderError::Unsupported(reason)) => {
                    prop_assert!(duration > 3_000.0, "{reason}");
                }
                Err(other) => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn the_longest_films_are_small_and_slow_or_refused() {
        // 1800 frames leave 15,555 pixels to each, which 166×94 would exceed by 49.
        let longest = plan(1920, 1080, 60.0, 300.0);
        assert_eq!((longest.width, longest.height, longest.frames), (160, 90, 1_800));
        // Every second frame would be slower than 6 a second, and all of them leave 7,843 pixels.
        let odd = plan(1920, 1080, 11.9, 300.0);
        assert_eq!((odd.rate.fps(), odd.frames), (11_900.0 / 3_000.0, 1_190));
        let day = FilmJob { fps: 60.0, duration: 86_400.0, ..job() };
        let Err(RenderError::Unsupported(reason)) = Plan::new(&day, 1920, 1080, SCENE_BUDGET)
        else {
            panic!("a whole day")
        };
        assert!(reason.contains("86400 seconds") && reason.contains("full"), "{reason}");
    }

    #[test]
    fn broadcast_rates_are_exact() {
        assert_eq!(FrameRate::nearest(29.97), FrameRate { timescale: 30_000, frame_ticks: 1001 });
        assert_eq!(FrameRate::nearest(23.976), FrameRate { timescale: 24_000, frame_ticks: 1001 });
        assert_eq!(FrameRate::nearest(60.0), FrameRate { timescale: 60_000, frame_ticks: 1000 });
        assert_eq!(FrameRate::nearest(12.5), FrameRate { timescale: 12_500, frame_ticks: 1000 });
    }

    #[test]
    fn odd_sides_lose_a_line() {
        let plan = plan(321, 181, 24.0, 1.0);
        assert_eq!((plan.width, plan.height), (320, 180));
        let note = plan.note(&FilmJob { fps: 24.0, duration: 1.0, ..job() }, 321, 181).unwrap();
        assert!(note.contains("even"), "{note}");
    }
}
