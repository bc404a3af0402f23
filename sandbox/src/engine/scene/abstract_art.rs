//! Abstract work: paper shapes that float over marble, or a tiled pattern.

use super::canvas::{Look, Renderer, View};
use super::shape::{Outline, Shape};
use crate::engine::math::{TAU, cos, floor, fract, larger, mix, saturate, sin, smoothstep};
use crate::engine::noise::{fractal, fraction, hash, random};
use crate::engine::prompt::Composition;
use crate::engine::vector::{Color, rgb};

/// Ground colour and four inks each.
const PALETTES: [[Color; 5]; 6] = [
    [
        rgb(0.90, 0.84, 0.72),
        rgb(0.80, 0.10, 0.06),
        rgb(0.03, 0.10, 0.30),
        rgb(0.92, 0.54, 0.04),
        rgb(0.04, 0.32, 0.34),
    ],
    [
        rgb(0.04, 0.03, 0.12),
        rgb(0.92, 0.12, 0.42),
        rgb(0.06, 0.55, 0.85),
        rgb(0.98, 0.68, 0.12),
        rgb(0.42, 0.16, 0.80),
    ],
    [
        rgb(0.88, 0.86, 0.82),
        rgb(0.10, 0.22, 0.20),
        rgb(0.74, 0.28, 0.14),
        rgb(0.86, 0.62, 0.30),
        rgb(0.30, 0.46, 0.42),
    ],
    [
        rgb(0.02, 0.06, 0.10),
        rgb(0.05, 0.62, 0.58),
        rgb(0.95, 0.36, 0.22),
        rgb(0.96, 0.84, 0.60),
        rgb(0.10, 0.26, 0.52),
    ],
    [
        rgb(0.93, 0.88, 0.84),
        rgb(0.86, 0.30, 0.34),
        rgb(0.16, 0.20, 0.42),
        rgb(0.95, 0.68, 0.48),
        rgb(0.36, 0.58, 0.66),
    ],
    [
        rgb(0.91, 0.90, 0.86),
        rgb(0.04, 0.05, 0.07),
        rgb(0.85, 0.16, 0.05),
        rgb(0.95, 0.76, 0.06),
        rgb(0.08, 0.24, 0.62),
    ],
];
/// Number of free shapes.
const SHAPES: i32 = 20;

/// One abstract picture.
pub(super) struct AbstractArt {
    seed: u32,
    palette: [Color; 5],
    pattern: bool,
}

impl AbstractArt {
    pub(super) fn new(composition: &Composition) -> AbstractArt {
        let seed = composition.variation;
        let palette = PALETTES.get((seed >> 5) as usize % PALETTES.len()).copied();
        AbstractArt { seed, palette: palette.unwrap_or_default(), pattern: composition.pattern }
    }

    fn ink(&self, number: u32) -> Color {
        self.palette.get(1 + (number & 3) as usize).copied().unwrap_or_default()
    }

    /// Marble under the shapes; lengths are in picture heights.
    fn marble(&self, u: f32, v: f32, time: f32) -> Color {
        let [paper, _, second, third, fourth] = self.palette;
        let seed = self.seed;
        let bend_u = fractal(u * 1.7 + time * 0.05, v * 1.7, 4, seed ^ 1);
        let bend_v = fractal(u * 1.7 + 4.0, v * 1.7 + time * 0.04, 4, seed ^ 2);
        let vein = fractal(u * 1.4 + bend_u * 1.3, v * 1.4 + bend_v * 1.3, 5, seed ^ 3);
        let stained = paper
            .mix(second, 0.9 * smoothstep(0.10, 0.46, vein))
            .mix(fourth, 0.9 * smoothstep(-0.14, -0.5, vein))
            .mix(third, 0.5 * smoothstep(0.25, 0.6, bend_u));
        stained * (0.93 + 0.07 * fractal(u * 90.0, v * 22.0, 2, 6) + 0.10 * vein)
    }

    /// The free shapes at a moment, largest first.
    fn shapes(&self, aspect: f32, time: f32, orbit: f32) -> Vec<Shape> {
        let mut shapes: Vec<Shape> = (0..SHAPES)
            .map(|number| {
                let roll = |which: i32| random(number, which, self.seed ^ 0xABC);
                let angle = roll(5) * TAU + time * (roll(6) - 0.5) * 0.5 + orbit;
                let radius = 0.035 + 0.24 * roll(3) * roll(4) + 0.02 * roll(7);
                // Nearer (smaller) shapes swing further as the camera circles.
                let (along, down) = (
                    (0.06 + 0.88 * roll(1)) * aspect + 0.04 * sin(time * 0.9 + roll(8) * TAU),
                    0.06 + 0.88 * roll(2) + 0.04 * cos(time * 0.8 + roll(9) * TAU),
                );
                let swing = 0.5 + 0.6 * (0.3 - radius);
                let (dx, dy) = (along - aspect * 0.5, down - 0.5);
                let turn = orbit * swing;
                Shape::new(
                    Outline::from_number(hash(number, 1, self.seed)),
                    aspect * 0.5 + dx * cos(turn) - dy * sin(turn),
                    0.5 + dx * sin(turn) + dy * cos(turn),
                    radius,
                    angle,
                    self.ink(hash(number, 7, self.seed)),
                    roll(10),
                )
            })
            .collect();
        shapes.sort_by(|a, b| b.radius.total_cmp(&a.radius));
        shapes
    }

    fn free_point(&self, shapes: &[&Shape], u: f32, v: f32, pixel: f32, time: f32) -> Color {
        let mut color = self.marble(u, v, time);
        for shape in shapes {
            color = shape.over(color, u, v, pixel);
        }
        color
    }

    /// A tile pattern: quarter discs, triangles, rings and bars on a grid.
    fn tiled_point(&self, u: f32, v: f32, pixel: f32, time: f32) -> Color {
        let count = 5.0 + (self.seed >> 3 & 3) as f32;
        let [paper, ..] = self.palette;
        let (x, y) = (u * count, v * count + 0.02);
        let (cell_x, cell_y) = (floor(x), floor(y));
        let id = hash(cell_x as i32, cell_y as i32, self.seed ^ 0x711E);
        // Tiles turn now and then, one by one.
        let beat = time * 0.22 + fraction(id.wrapping_mul(0x9E37_79B1));
        let step = floor(beat) + smoothstep(0.75, 1.0, fract(beat));
        let angle = ((id >> 4 & 3) as f32 + step) * (TAU * 0.25);
        let (px, py) = (x - cell_x - 0.5, y - cell_y - 0.5);
        let (a, b) = (px * cos(angle) + py * sin(angle), py * cos(angle) - px * sin(angle));
        let soft = pixel * count;
        // Ground and both inks of a tile always differ.
        let start = id >> 12 & 3;
        let base = if id >> 8 & 7 < 4 { paper } else { self.ink(start) };
        let first = self.ink(start + 1 + (id >> 15 & 1));
        let second = self.ink(start + 3);
        let cover = |distance: f32| saturate(0.5 - distance / soft);
        let round = |cx: f32, cy: f32| ((a - cx) * (a - cx) + (b - cy) * (b - cy)).sqrt();
        let corner = round(-0.5, -0.5);
        let middle = round(0.0, 0.0);
        let tile = match id >> 20 & 7 {
            0 => base.mix(first, cover(corner - 1.0)).mix(second, cover(corner - 0.5)),
            1 => base.mix(first, cover(a + b)),
            2 => base.mix(first, cover(middle - 0.36)).mix(second, cover(larger(middle - 0.36, a))),
            3 => base
                .mix(first, cover((corner - 0.75).abs() - 0.13))
                .mix(second, cover((corner - 0.28).abs() - 0.13)),
            4 => base.mix(first, cover(larger(corner, round(0.5, 0.5)) - 1.0)),
            5 => base.mix(first, cover((fract(a * 4.0) - 0.5).abs() * 0.25 - 0.0625)),
            6 => base.mix(first, cover(a.abs() + b.abs() - 0.5)).mix(second, cover(middle - 0.18)),
            _ => base
                .mix(first, cover(round(0.0, -0.5) - 0.5))
                .mix(second, cover(round(0.0, 0.5) - 0.5)),
        };
        // Grout, a bevel and the grain of fired clay.
        let rim = larger(px.abs(), py.abs());
        let bevel = smoothstep(0.455, 0.49, rim) * if px + py > 0.0 { -0.30 } else { 0.16 };
        let grain = 0.95
            + 0.05 * fractal(u * 70.0, v * 70.0, 3, self.seed ^ 12)
            + 0.05 * fractal(u * 5.0, v * 5.0, 3, self.seed ^ 13);
        let shade = mix(0.94, 1.05, saturate(1.1 - v - 0.2 * u));
        (tile * ((1.0 + bevel) * grain * shade))
            .mix(rgb(0.05, 0.05, 0.055), cover(0.49 - rim) * 0.75)
    }
}

impl Renderer for AbstractArt {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        // Wide strips would show little of the composition if height alone set the scale.
        let unit = larger(view.height, view.width * 0.5);
        let pixel = 1.2 / unit;
        let aspect = view.width / unit;
        let top = (1.0 - view.height / unit) * 0.5;
        let time = view.camera.time;
        let u = x / unit;
        let turn = view.camera.orbit;
        if self.pattern {
            let (c, s) = (cos(turn), sin(turn));
            for (y, color) in ys.iter().zip(out) {
                let v = y / unit + top;
                let (du, dv) = (u - aspect * 0.5, v - 0.5);
                let drift = view.camera.progress * 0.35;
                *color = self.tiled_point(
                    aspect * 0.5 + du * c - dv * s + drift,
                    0.5 + du * s + dv * c,
                    pixel,
                    time,
                );
            }
            return;
        }
        let shapes = self.shapes(aspect, time, turn);
        let near: Vec<&Shape> = shapes.iter().filter(|shape| shape.reaches(u)).collect();
        for (y, color) in ys.iter().zip(out) {
            *color = self.free_point(&near, u, y / unit + top, pixel, time);
        }
    }

    fn look(&self) -> Look {
        Look { exposure: 1.0, bloom: 0.0, filmic: false }
    }
}
