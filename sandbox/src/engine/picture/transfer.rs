//! A style, and the colours of a prompt, laid over a picture that was given.

use super::{Finished, Order, Report};
use crate::engine::decode;
use crate::engine::grading::Grading;
use crate::engine::job::RenderError;
use crate::engine::math::{mix, saturate};
use crate::engine::parallel;
use crate::engine::raster::Rgb8;
use crate::engine::scene::{Camera, Quality, Scene};
use crate::engine::style::Style;

/// Side of the small scene whose colours are taken, in pixels.
const PALETTE_SIDE: u32 = 96;
/// How far the colours of a prompt go at full strength.
const MOST_COLOUR: f32 = 0.7;
/// Pixels that are gone through before somebody is asked whether the picture is still wanted.
const PIXELS_BETWEEN_QUESTIONS: usize = 1 << 16;
/// Shares of the work that are done after each stage.
const FITTED: f32 = 0.3;
const COLOURED: f32 = 0.5;
const STYLED: f32 = 0.95;

/// Decodes the picture that a job brings along.
pub(super) fn given(bytes: &[u8], cancel: &dyn Fn() -> bool) -> Result<Rgb8, RenderError> {
    let bytes = bytes.to_vec();
    parallel::abandonable(move || decode::decode(&bytes), cancel)?
        .map_err(|error| RenderError::Invalid(format!("the `image` cannot be used: {error}")))
}

/// Makes one picture from a given one: as much of it as fills the wanted size, in the colours of
/// the prompt's scene, in the style. A strength of 0 keeps it as it is.
pub(super) fn render(
    order: &Order,
    given: &Rgb8,
    strength: f32,
    report: &Report,
    cancel: &dyn Fn() -> bool,
) -> Result<Finished, RenderError> {
    let strength = saturate(strength);
    report.tell(0.0, "composing");
    let covered = covering(given, order.width, order.height, cancel);
    let mut picture = covered.ok_or(RenderError::Cancelled)?;
    report.tell(FITTED, "styling");
    let job = order.job;
    let style = job.style.as_deref();
    let mut scene = Scene::compose(&job.prompt, &job.negative_prompt, style, order.seed);
    if scene.is_known() && strength > 0.0 {
        let palette = palette(&mut scene, cancel).ok_or(RenderError::Cancelled)?;
        if !recolour(&mut picture, palette, strength * MOST_COLOUR, cancel) {
            return Err(RenderError::Cancelled);
        }
    }
    let grading = scene.grading_of_given();
    if !graded(&grading, &mut picture, strength, cancel) {
        return Err(RenderError::Cancelled);
    }
    report.tell(COLOURED, "styling");
    if !scene.style().transfer(&mut picture, strength, cancel) {
        return Err(RenderError::Cancelled);
    }
    report.tell(STYLED, "encoding");
    let mut notes = vec![
        "The sandbox keeps what the given picture shows: the style is laid over it, and the \
         prompt gives its colours only."
            .to_owned(),
    ];
    if scene.is_known() {
        notes.extend(scene.notes().iter().cloned());
    } else {
        // What stands in for an unknown scene is not seen here: only the style is.
        if grading.is_neutral() {
            notes.push(
                "The prompt names nothing that the sandbox knows: the picture keeps its colours."
                    .to_owned(),
            );
        }
        notes.extend(Style::for_job(style, None).1);
    }
    let outputs = vec![order.image(picture, cancel)?];
    report.tell(1.0, "encoding");
    Ok(Finished { outputs, notes })
}

/// The middle of a picture, cut to the proportions of a size and brought to it. `None` when
/// cancelled.
fn covering(given: &Rgb8, width: u32, height: u32, cancel: &dyn Fn() -> bool) -> Option<Rgb8> {
    let (across, down) = (u64::from(given.width), u64::from(given.height));
    let (wide, tall) = (u64::from(width), u64::from(height));
    let (columns, rows) = if across * tall > down * wide {
        ((down * wide / tall).max(1), down)
    } else {
        (across, (across * tall / wide).max(1))
    };
    let (left, top) = ((across - columns) / 2, (down - rows) / 2);
    let (left, columns) = (left as usize * 3, columns as usize * 3);
    let lines = given.pixels.chunks_exact(given.width as usize * 3);
    let mut pixels = Vec::with_capacity(columns * rows as usize);
    for line in lines.skip(top as usize).take(rows as usize) {
        pixels.extend_from_slice(line.get(left..left + columns).unwrap_or_default());
    }
    let cut = Rgb8 { width: columns as u32 / 3, height: rows as u32, pixels };
    if (cut.width, cut.height) == (width, height) {
        return Some(cut);
    }
    cut.resized(width, height, cancel)
}

/// Grades a picture by a share. Returns false when `cancel` answered true.
fn graded(grading: &Grading, picture: &mut Rgb8, share: f32, cancel: &dyn Fn() -> bool) -> bool {
    if grading.is_neutral() {
        return true;
    }
    let mut full = picture.clone();
    if !grading.apply(&mut full, cancel) {
        return false;
    }
    for (value, graded) in picture.pixels.iter_mut().zip(full.pixels) {
        *value = (mix(f32::from(*value), f32::from(graded), share) + 0.5) as u8;
    }
    true
}

/// Mean and spread of the three channels of [`opponent`].
type Palette = [(f32, f32); 3];

/// The colours of a scene. `None` when cancelled.
fn palette(scene: &mut Scene, cancel: &dyn Fn() -> bool) -> Option<Palette> {
    if !scene.prepare(cancel) {
        return None;
    }
    let side = PALETTE_SIDE;
    let picture = scene.frame(side, side, Camera::STILL, Quality::Film, cancel)?;
    measured(&picture, cancel)
}

/// Brightness, and how much redder and bluer than it a pixel is; 0 to 255.
fn opponent([r, g, b]: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = [r, g, b].map(f32::from);
    let bright = 0.299 * r + 0.587 * g + 0.114 * b;
    [bright, r - bright, b - bright]
}

/// `None` when cancelled.
fn measured(picture: &Rgb8, cancel: &dyn Fn() -> bool) -> Option<Palette> {
    let (pixels, _) = picture.pixels.as_chunks::<3>();
    // Whole numbers, so that the sum of millions of them is exact.
    let (mut sums, mut squares) = ([0i64; 3], [0i64; 3]);
    for some in pixels.chunks(PIXELS_BETWEEN_QUESTIONS) {
        if cancel() {
            return None;
        }
        for pixel in some {
            let values = opponent(*pixel).map(|value| (value * 16.0) as i64);
            for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(values) {
                *sum += value;
                *square += value * value;
            }
        }
    }
    let count = pixels.len().max(1) as f32;
    let mut palette = [(0.0, 0.0); 3];
    for ((entry, sum), square) in palette.iter_mut().zip(sums).zip(squares) {
        let mean = sum as f32 / count;
        let variance = square as f32 / count - mean * mean;
        *entry = (mean / 16.0, if variance > 0.0 { variance.sqrt() / 16.0 } else { 0.0 });
    }
    Some(palette)
}

/// Gives a picture the colour statistics of a scene (after Reinhard and others, "Color Transfer
/// between Images", 2001), and half of its brightness, so that the picture stays readable. Returns
/// false when `cancel` answered true.
fn recolour(picture: &mut Rgb8, target: Palette, amount: f32, cancel: &dyn Fn() -> bool) -> bool {
    let Some(own) = measured(picture, cancel) else { return false };
    let recoloured = |_: usize, samples: &mut [u8]| {
        for pixel in samples.as_chunks_mut::<3>().0 {
            let mut values = opponent(*pixel);
            let channels = values.iter_mut().zip(own).zip(target).zip([0.5, 1.0, 1.0]);
            for (((value, own), target), share) in channels {
                let spread = (target.1 / (own.1 + 1.0)).clamp(0.5, 2.0);
                let moved = (*value - own.0) * spread + target.0;
                *value = mix(*value, moved, amount * share);
            }
            let [bright, redder, bluer] = values;
            let (r, b) = (bright + redder, bright + bluer);
            let g = (bright - 0.299 * r - 0.114 * b) / 0.587;
            *pixel = [r, g, b].map(|value| (value + 0.5).clamp(0.0, 255.0) as u8);
        }
    };
    let part = PIXELS_BETWEEN_QUESTIONS * 3;
    parallel::fill(&mut picture.pixels, part, &recoloured, cancel, &mut |_| {})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: u32, height: u32) -> Rgb8 {
        let pixels = (0..width * height)
            .flat_map(|at| {
                [(at % width * 255 / width) as u8, 90, (at / width * 255 / height) as u8]
            })
            .collect();
        Rgb8 { width, height, pixels }
    }

    #[test]
    fn a_cover_fills_the_size_from_the_middle() {
        let pixels = (0..90).flat_map(|x: u8| [x; 3]).collect();
        let strip = Rgb8 { width: 90, height: 1, pixels };
        assert_eq!(covering(&strip, 1, 1, &|| false).unwrap().pixels, [44; 3]);
        for (width, height) in [(30, 10), (10, 30), (64, 48), (1, 90)] {
            let covered = covering(&gradient(64, 48), width, height, &|| false).unwrap();
            assert_eq!((covered.width, covered.height), (width, height));
            assert_eq!(covered.pixels.len(), (width * height * 3) as usize);
        }
        let same = gradient(64, 48);
        assert_eq!(covering(&same, 64, 48, &|| false), Some(same));
    }

    #[test]
    fn colours_come_from_the_scene_and_shapes_from_the_picture() {
        let mut picture = gradient(80, 60);
        let palette = |picture: &Rgb8| measured(picture, &|| false).unwrap();
        let own = palette(&picture);
        let target = [(60.0, 30.0), (40.0, 20.0), (-30.0, 15.0)];
        assert!(recolour(&mut picture, target, 1.0, &|| false));
        let now = palette(&picture);
        for channel in [1, 2] {
            let (before, after) =
                ((own[channel].0 - target[channel].0).abs(), now[channel].0 - target[channel].0);
            assert!(after.abs() < before * 0.5, "{channel}: {now:?}");
        }
        let mut kept = gradient(80, 60);
        assert!(recolour(&mut kept, target, 0.0, &|| false));
        let same = gradient(80, 60);
        let apart = kept.pixels.iter().zip(&same.pixels).map(|(a, b)| a.abs_diff(*b));
        assert!(apart.max() <= Some(1));
    }
}
