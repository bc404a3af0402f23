//! Rain, snow and dust between the camera and the scene.

use super::canvas::Canvas;
use crate::engine::math::{TAU, exp, floor, fract, larger, mix, saturate, sin, smoothstep};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::vector::{Color, gray, rgb};

/// What falls or drifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Falling {
    Rain,
    Snow,
    /// Sand in the wind.
    Dust,
}

/// Sheets of drops or flakes, near to far: cells across a picture's height, and strength.
const SHEETS: [(f32, f32); 3] = [(9.0, 1.0), (17.0, 0.7), (31.0, 0.5)];

impl Falling {
    /// Draws what falls at `time` seconds over a canvas. Returns false when cancelled.
    pub(super) fn over(self, canvas: &mut Canvas, time: f32, cancel: &dyn Fn() -> bool) -> bool {
        let (width, height) = (canvas.width as f32, canvas.height as f32);
        // Water and flakes take the colour of the light around them.
        let around = canvas.mean() + gray(0.02);
        let unit = 1.0 / larger(height, width * 0.5);
        let draw = |x: usize, line: &mut [Color]| {
            for (y, color) in line.iter_mut().enumerate() {
                let (u, v) = (x as f32 * unit, y as f32 * unit);
                *color = match self {
                    Falling::Rain => rain(*color, around, u, v, time),
                    Falling::Snow => snow(*color, around, u, v, time),
                    Falling::Dust => dust(*color, around, u, v, time),
                };
            }
        };
        canvas.change(&draw, cancel)
    }
}

fn rain(behind: Color, around: Color, u: f32, v: f32, time: f32) -> Color {
    let mut wet = 0.0;
    for (sheet, (cells, strength)) in SHEETS.into_iter().enumerate() {
        // Slanted by the wind; far taller than wide.
        let x = (u + v * 0.13) * cells * 5.0;
        let column = floor(x);
        let id = hash(column as i32, sheet as i32, 71);
        let y = v * cells * 0.32 - time * mix(2.6, 3.4, byte(id, 0)) + byte(id, 8) * 9.0;
        let drop = hash(column as i32, floor(y) as i32, 72 + sheet as u32);
        if drop & 3 == 0 {
            let across = (fract(x) - 0.5) * 2.0;
            let along = fract(y);
            let streak = smoothstep(0.05, 0.55, along) * smoothstep(0.75, 0.68, along);
            wet += strength * streak * exp(-across * across * 7.0);
        }
    }
    behind.mix(around * 1.35, saturate(wet * 0.30))
}

fn snow(behind: Color, around: Color, u: f32, v: f32, time: f32) -> Color {
    let mut white = 0.0;
    for (sheet, (cells, strength)) in SHEETS.into_iter().enumerate() {
        let sway = 0.15 * sin(v * 5.0 + time * 0.9 + sheet as f32 * 2.0);
        let (x, y) = (u * cells * 1.3 + sway, v * cells * 1.3 - time * (0.7 + 0.2 * sheet as f32));
        let (cell_x, cell_y) = (floor(x), floor(y));
        let flake = hash(cell_x as i32, cell_y as i32, 75 + sheet as u32);
        if flake & 3 == 0 {
            let turn = time + byte(flake, 24) * TAU;
            let dx = x - cell_x - 0.5 - 0.28 * (byte(flake, 8) * 2.0 - 1.0) - 0.05 * sin(turn);
            let dy = y - cell_y - 0.5 - 0.28 * (byte(flake, 16) * 2.0 - 1.0);
            let size = mix(0.05, 0.13, byte(flake, 4));
            white += strength * smoothstep(1.0, 0.25, (dx * dx + dy * dy).sqrt() / size);
        }
    }
    behind.mix(around * 1.6 + rgb(0.10, 0.11, 0.13), saturate(white * 0.8))
}

/// Gusts that drive sand before them, thickest near the ground.
fn dust(behind: Color, around: Color, u: f32, v: f32, time: f32) -> Color {
    let gust = fractal(u * 1.5 - time * 0.5, v * 4.2 + u * 0.6, 4, 78);
    let sand = fractal(u * 5.0 - time * 1.7, v * 24.0 + u * 3.0, 3, 79);
    let veil = saturate(0.22 + 1.1 * gust + 0.45 * sand) * mix(0.30, 0.75, saturate(v));
    behind.mix(around * 1.25, veil)
}
