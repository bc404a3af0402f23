//! A bird in flight, towards +z.

use super::model::Model;
use super::paint::{Paint, Palette};
use super::solid::{ellipsoid, limb, melt};
use crate::engine::math::{larger, sin, smaller, smoothstep};
use crate::engine::noise::byte;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

pub(super) struct Bird {
    back: Color,
    belly: Color,
}

impl Bird {
    pub(super) fn new(palette: &Palette) -> Bird {
        let gull = byte(palette.seed, 20) < 0.5;
        let (back, belly) = if gull {
            (gray(0.34), gray(0.74))
        } else {
            (rgb(0.030, 0.028, 0.032), rgb(0.045, 0.042, 0.045))
        };
        Bird { back: palette.color(0, back), belly }
    }
}

impl Model for Bird {
    fn distance(&self, at: Vec3, time: f32) -> f32 {
        // Some strokes, then a glide.
        let stroke = sin(time * 8.0) * smoothstep(-0.3, 0.5, sin(time * 0.9));
        let (up, tip) = (0.10 + 0.22 * stroke, 0.06 + 0.34 * sin(time * 8.0 - 0.8) * stroke.abs());
        let body = ellipsoid(at, vec3(0.10, 0.09, 0.36));
        let head = limb(at, vec3(0.0, 0.03, 0.30), vec3(0.0, 0.02, 0.46), 0.065, 0.02);
        let mut shape = melt(body, head, 0.06);
        let tail = vec3(at.x * 0.5, at.y * 3.0, at.z);
        shape = melt(
            shape,
            limb(tail, vec3(0.0, 0.0, -0.30), vec3(0.0, 0.03, -0.58), 0.03, 0.07) * 0.35,
            0.05,
        );
        // Wings are flat: height counts more than depth, and the hand is drawn back.
        let x = at.x.abs();
        let lift = if x < 0.55 { up * x / 0.55 } else { up + (tip - up * 0.3) * (x - 0.55) / 0.75 };
        let sweep = if x < 0.55 { 0.16 * x } else { 0.088 - 0.42 * (x - 0.55) };
        let chord = 0.17 * smaller(1.0, 1.9 - 1.35 * x) - 0.02;
        let (dy, dz) =
            ((at.y - lift - 0.04).abs() - 0.012, (at.z - sweep - 0.04).abs() - larger(chord, 0.0));
        let wing = larger(larger(dy, dz), x - 1.3);
        melt(shape, wing * 0.62, 0.05)
    }

    fn paint(&self, at: Vec3, normal: Vec3, _pixel: f32, _time: f32) -> Paint {
        let color = self.belly.mix(self.back, smoothstep(-0.2, 0.4, normal.y));
        let tips = smoothstep(0.95, 1.1, at.x.abs());
        Paint { through: 0.15, ..Paint::matt(color.mix(gray(0.03), tips)) }
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 0.1, 0.0), 1.45)
    }
}
