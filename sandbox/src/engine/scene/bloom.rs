//! The glow of a lens around bright places.

// Positions are bounded by the canvas and its quarter-size copy.
#![allow(clippy::indexing_slicing)]

use super::canvas::{Canvas, between};
use crate::engine::math::saturate;
use crate::engine::vector::{Color, gray};

/// Side of the squares that are averaged before blurring.
const CELL: usize = 4;
/// Blur radii as a share of the picture, and their weights.
const RINGS: [(usize, f32); 3] = [(110, 0.5), (36, 0.32), (12, 0.18)];

/// Adds the glow to the canvas.
pub(super) fn add(canvas: &mut Canvas, strength: f32) {
    let (width, height) = (canvas.width / CELL, canvas.height / CELL);
    if width < 8 || height < 8 {
        return;
    }
    let bright = bright_places(canvas, width, height);
    let mut glow = vec![gray(0.0); bright.len()];
    for (divisor, weight) in RINGS {
        let radius = width.max(height) / divisor + 1;
        let mut blurred = bright.clone();
        for _ in 0..2 {
            blurred = blurred_and_turned(&blurred, height, radius);
            blurred = blurred_and_turned(&blurred, width, radius);
        }
        for (sum, color) in glow.iter_mut().zip(&blurred) {
            *sum += *color * weight;
        }
    }
    let (full_width, full_height) = (canvas.width, canvas.height);
    for (x, line) in canvas.light.chunks_mut(full_height).enumerate() {
        let (x0, x1, u) = between(x, full_width, width);
        for (y, color) in line.iter_mut().enumerate() {
            let (y0, y1, v) = between(y, full_height, height);
            let top = glow[x0 * height + y0].mix(glow[x1 * height + y0], u);
            let bottom = glow[x0 * height + y1].mix(glow[x1 * height + y1], u);
            *color += top.mix(bottom, v) * strength;
        }
    }
}

fn bright_places(canvas: &Canvas, width: usize, height: usize) -> Vec<Color> {
    let mut bright = Vec::with_capacity(width * height);
    for x in 0..width {
        for y in 0..height {
            let mut sum = gray(0.0);
            for dx in 0..CELL {
                let start = (x * CELL + dx) * canvas.height + y * CELL;
                for color in &canvas.light[start..start + CELL] {
                    let level = color.luminance();
                    let cap = if level > 4.0 { 4.0 / level } else { 1.0 };
                    sum += *color * (saturate((level - 0.75) * 0.9) * cap);
                }
            }
            bright.push(sum * (1.0 / (CELL * CELL) as f32));
        }
    }
    bright
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
