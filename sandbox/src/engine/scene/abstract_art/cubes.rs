//! Columns of cubes seen without perspective.

use super::palette::Palette;
use super::{Family, Frame, Paint};
use crate::engine::math::{exp, floor, fract, mix, saturate, sin, smaller, smoothstep};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::vector::Color;

/// Columns along a picture height, and the height of the tallest.
const FINE: f32 = 6.0;
const TALLEST: f32 = 3.0;
/// Width of half a column on the picture: the cosine of 30 degrees.
const SIDE: f32 = 0.866;

/// Columns whose heights rise and fall.
pub(super) struct Cubes {
    pub(super) palette: Palette,
    pub(super) seed: u32,
}

impl Cubes {
    fn height(&self, a: i32, b: i32, time: f32) -> f32 {
        let roll = hash(a, b, self.seed ^ 0xC0BE);
        let swell = fractal(a as f32 * 0.21, b as f32 * 0.21, 3, self.seed);
        let beat = 0.22 * sin(time * 0.8 + byte(roll, 8) * 6.3);
        (1.4 + 2.6 * swell + 0.7 * (byte(roll, 16) - 0.5) + beat).clamp(0.0, TALLEST)
    }

    fn hue(&self, a: i32, b: i32) -> Color {
        let roll = hash(a, b, self.seed ^ 0x40E);
        let sweep = fractal(a as f32 * 0.12, b as f32 * 0.12, 2, self.seed ^ 7);
        if roll & 15 == 0 {
            return self.palette.paper();
        }
        self.palette.turn(0.5 + 1.1 * sweep + 0.14 * byte(roll, 8))
    }

    /// What a line of sight that leaves the picture at (`x`, `y`) meets first.
    fn at(&self, x: f32, y: f32, frame: &Frame) -> Paint {
        let (mut z, mut side) = (TALLEST, None);
        let half = x / (2.0 * SIDE);
        // Each turn passes one column; the tallest hides all behind it within this many.
        for _ in 0..10 {
            let (a, b) = (z - y + half + 400.0, z - y - half + 400.0);
            // The border that was just passed belongs to the column ahead.
            let (ca, cb) = (floor(a - 1e-4), floor(b - 1e-4));
            let (ia, ib) = (ca as i32, cb as i32);
            let leave = z - smaller(a - ca, b - cb);
            let height = self.height(ia, ib, frame.time);
            if height >= z {
                let across = if side == Some(true) { b - cb } else { a - ca };
                return self.face(ia, ib, side == Some(true), z, height, across);
            }
            if height > leave {
                let (p, q) = (fract(height - y + half + 400.0), fract(height - y - half + 400.0));
                return self.top(ia, ib, p, q, height, frame.time);
            }
            side = Some(a - ca < b - cb);
            z = leave;
        }
        Paint { color: self.palette.ramp(0.0) * 0.3, height: 0.0, roughness: 0.7, metallic: 0.0 }
    }

    fn top(&self, a: i32, b: i32, p: f32, q: f32, height: f32, time: f32) -> Paint {
        // Taller neighbours keep light off the edge next to them.
        let shade = |da: i32, db: i32, away: f32| {
            let over = self.height(a + da, b + db, time) - height;
            1.0 - 0.42 * smoothstep(0.0, 0.5, over) * exp(-away * 4.0)
        };
        let open = shade(-1, 0, p) * shade(0, -1, q);
        let rim = smaller(smaller(p, 1.0 - p), smaller(q, 1.0 - q));
        let edge = 0.16 * smoothstep(0.035, 0.012, rim);
        let hue = self.hue(a, b);
        let level = mix(0.80, 1.10, height / TALLEST) * (1.02 - 0.10 * (p + q) * 0.5);
        Paint {
            color: hue * (open * level * (1.0 + edge)),
            height: 0.08 * height,
            roughness: 0.55,
            metallic: 0.0,
        }
    }

    fn face(&self, a: i32, b: i32, left: bool, z: f32, height: f32, across: f32) -> Paint {
        let hue = self.hue(a, b);
        let deep = mix(0.50, 1.0, exp(-(height - z) * 0.9));
        let light = if left { 0.58 } else { 0.30 };
        let rim = smaller(smaller(across, 1.0 - across), height - z);
        let edge = 0.22 * smoothstep(0.035, 0.012, rim);
        let tint = hue.mix(hue * self.palette.ramp(0.25), if left { 0.10 } else { 0.35 });
        Paint {
            color: tint * (light * deep * (1.0 + edge + 0.12 * saturate(across))),
            height: 0.08 * z,
            roughness: 0.55,
            metallic: 0.0,
        }
    }
}

impl Family for Cubes {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        for v in vs {
            let (u, v) = frame.turned(*v);
            put(self.at((u - 0.5) * FINE, (0.5 - v) * FINE, frame));
        }
    }
}
