//! The offline engine: one job in, finished files out.
//!
//! Results depend on the job alone. Arithmetic is limited to `+ - * /`, `sqrt`, `floor` and the
//! `libm` crate, because the standard library's `sin`, `exp` or `powf` round differently from one
//! target to the next (`clippy.toml` of this crate forbids them).

pub mod job;
pub mod neural_voice;
pub mod raster;
pub mod scene;
pub mod style;

mod decode;
mod encode;
pub(crate) mod film;
#[cfg(test)]
mod fingerprint;
mod grading;
mod half;
mod math;
mod noise;
mod ogg;
mod parallel;
mod picture;
mod prompt;
mod resample;
mod sniff;
mod speech;
mod tone;
mod vector;
mod wav;

use job::{Job, RenderError, Rendered};
use neural_voice::Extras;

/// How far a job has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Share of the work that is done, 0 to 1, never falling within one job.
    pub fraction: f32,
    /// What is being done, such as `rendering` or `encoding`.
    pub stage: &'static str,
    /// A first look at the result, when there is a new one.
    pub preview: Option<Preview>,
}

/// A small picture of the result to come, of at most 512 pixels on its longer side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The encoded picture.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub mime_type: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Does one job.
///
/// `on_progress` is called on the calling thread, from real work done. `cancel` is asked on the
/// calling thread at least every few rows of work.
///
/// # Errors
///
/// [`RenderError::Cancelled`] soon after `cancel` answers true; [`RenderError::Unsupported`] for
/// what the engine cannot do; [`RenderError::Invalid`] for unusable input.
pub fn render(
    job: &Job,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    render_with(&Extras::default(), job, on_progress, cancel)
}

/// Does one job with what the installation brings beside the engine. What an extra makes may
/// differ from one machine to the next; all else is as [`render`] makes it.
///
/// # Errors
///
/// As for [`render`].
pub fn render_with(
    extras: &Extras,
    job: &Job,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    match job {
        Job::Picture(job) => picture::render(job, on_progress, cancel),
        Job::Film(job) => film::render(job, on_progress, cancel),
        Job::Speech(job) => speech::render(job, extras, on_progress, cancel),
    }
}
