//! The glow of a lens around bright places.

// Positions are bounded by the canvas and its quarter-size copy.
#![allow(clippy::indexing_slicing)]

use super::canvas::{Canvas, between};
use crate::engine::math::saturate;
use crate::engine::parallel;
use crate::engine::vector::{Color, gray};

/// Side of the squares that are averaged before blurring, for a picture of up to 2,048 pixels.
const CELL: usize = 4;
/// Blur radii as a share of the picture, and their weights.
const RINGS: [(usize, f32); 3] = [(110, 0.5), (36, 0.32), (12, 0.18)];

/// The light that a lens spreads around, at a fraction of the picture's size.
pub(super) struct Glow {
    /// Size of the picture.
    whole: (usize, usize),
    width: usize,
    height: usize,
    light: Vec<Color>,
}

impl Glow {
    /// The glow of a canvas; `Ok(None)` where it is too small to have one, an error when
    /// cancelled.
    pub(super) fn of(
        canvas: &Canvas,
        strength: f32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Option<Glow>, Cancelled> {
        let cell = CELL * (canvas.width.max(canvas.height) / 2048).max(1);
        let (width, height) = (canvas.width / cell, canvas.height / cell);
        if width < 8 || height < 8 {
            return Ok(None);
        }
        let bright = bright_places(canvas, cell, (width, height), cancel).ok_or(Cancelled)?;
        let mut light = vec![gray(0.0); bright.len()];
        for (divisor, weight) in RINGS {
            let radius = width.max(height) / divisor + 1;
            let mut blurred = blurred_and_turned(&bright, height, radius);
            blurred = blurred_and_turned(&blurred, width, radius);
            if cancel() {
                return Err(Cancelled);
            }
            blurred = blurred_and_turned(&blurred, height, radius);
            blurred = blurred_and_turned(&blurred, width, radius);
            for (sum, color) in light.iter_mut().zip(&blurred) {
                *sum += *color * (weight * strength);
            }
        }
        Ok(Some(Glow { whole: (canvas.width, canvas.height), width, height, light }))
    }

    /// Adds the glow to the points of a line from row `top` on.
    pub(super) fn add(&self, x: usize, top: usize, colors: &mut [Color]) {
        let (x0, x1, u) = between(x, self.whole.0, self.width);
        for (y, color) in (top..).zip(colors) {
            let (y0, y1, v) = between(y, self.whole.1, self.height);
            let at = |x: usize, y: usize| self.light[x * self.height + y];
            *color += at(x0, y0).mix(at(x1, y0), u).mix(at(x0, y1).mix(at(x1, y1), u), v);
        }
    }
}

/// The work was stopped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cancelled;

fn bright_places(
    canvas: &Canvas,
    cell: usize,
    (width, height): (usize, usize),
    cancel: &dyn Fn() -> bool,
) -> Option<Vec<Color>> {
    let mut bright = vec![gray(0.0); width * height];
    let share = 1.0 / (cell * cell) as f32;
    let gather = |x: usize, line: &mut [Color]| {
        for dx in 0..cell {
            for (y, color) in canvas.line(x * cell + dx).take(height * cell).enumerate() {
                let level = color.luminance();
                if level > 0.75 {
                    let cap = if level > 4.0 { 4.0 / level } else { 1.0 };
                    line[y / cell] += color * (saturate((level - 0.75) * 0.9) * cap * share);
                }
            }
        }
    };
    parallel::fill(&mut bright, height, &gather, cancel, &mut |_| {}).then_some(bright)
}

/// Box blur along the lines of length `length`; lines become columns, so that a second call
/// blurs the other way and turns back.
fn blurred_and_turned(source: &[Color], length: usize, radius: usize) -> Vec<Color> {
    let lines = source.len() / length;
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut turned = vec![gray(0.0); source.len()];
    for (number, line) in source.chunks_exact(length).enumerate() {
        let mut sum = line[0] * radius as f32;
        for at in 0..radius {
            sum += line[at.min(length - 1)];
        }
        for at in 0..length {
            sum += line[(at + radius).min(length - 1)];
            turned[at * lines + number] = sum * share;
            sum = sum - line[at.saturating_sub(radius)];
        }
    }
    turned
}
