//! A grid of quarter discs, triangles, rings and bars in fired clay.

use super::palette::Palette;
use super::{Family, Frame, Paint};
use crate::engine::math::{TAU, cos, floor, fract, larger, mix, saturate, sin, smoothstep};
use crate::engine::noise::{fractal, fraction, hash};
use crate::engine::vector::{Color, rgb};

/// Square tiles that turn now and then.
pub(super) struct Tiles {
    pub(super) palette: Palette,
    pub(super) seed: u32,
}

impl Tiles {
    /// A tile pattern: quarter discs, triangles, rings and bars on a grid.
    fn tiled_point(&self, u: f32, v: f32, pixel: f32, time: f32) -> Color {
        let count = 5.0 + (self.seed >> 3 & 3) as f32;
        let paper = self.palette.paper();
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
        let base = if id >> 8 & 7 < 4 { paper } else { self.palette.ink(start) };
        let first = self.palette.ink(start + 1 + (id >> 15 & 1));
        let second = self.palette.ink(start + 3);
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

impl Family for Tiles {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        for v in vs {
            let (a, b) = frame.turned(*v);
            let color = self.tiled_point(a, b, frame.pixel, frame.time);
            let grout = color.luminance() < 0.06;
            put(Paint {
                color,
                height: if grout { 0.0 } else { 0.02 },
                roughness: if grout { 0.95 } else { 0.45 },
                metallic: 0.0,
            });
        }
    }
}
