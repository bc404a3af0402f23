//! A pyramid of coursed stone, with what is left of its smooth casing at the top.

use super::model::Model;
use super::paint::{Paint, Palette, masonry};
use super::solid::Near;
use crate::engine::math::{floor, fract, larger, smoothstep};
use crate::engine::noise::{byte, fractal, gradient, hash};
use crate::engine::vector::{Color, Vec3, rgb, vec3};

/// Half the base and the height: the slope of the great ones at Giza.
const HALF: f32 = 5.0;
const HEIGHT: f32 = 6.36;
/// Height of a course of stone.
const COURSE: f32 = 0.145;

pub(super) struct Pyramid {
    palette: Palette,
    stone: Color,
    /// Height above which the casing is still there.
    casing: f32,
}

impl Pyramid {
    pub(super) fn new(palette: Palette, number: u32) -> Pyramid {
        let stone = palette.color(0, rgb(0.56, 0.40, 0.24));
        Pyramid { stone, casing: if number == 0 { 5.1 } else { 9.0 }, palette }
    }

    #[inline]
    fn near(&self, at: Vec3) -> Near<bool> {
        let (ax, az) = (at.x.abs(), at.z.abs());
        let across = larger(ax, az);
        const SLOPE: f32 = HALF / HEIGHT;
        let side = (across - HALF + at.y * SLOPE) * 0.786;
        if side > 0.4 || at.y > HEIGHT {
            return Near::new(larger(side, at.y - HEIGHT), false);
        }
        let edge = self.casing + 0.35 * gradient(at.x * 1.4 + at.z, at.y * 1.5, self.palette.seed);
        if at.y > edge {
            return Near::new(side, true);
        }
        // Each course is a low step; stones have moved and crumbled.
        let course = floor(at.y / COURSE);
        let along = if ax > az { at.z } else { at.x };
        let block = hash(floor(along / 0.3) as i32, course as i32, self.palette.seed ^ 3);
        let worn = 0.022 * byte(block, 0)
            + 0.02 * gradient(along * 1.1, at.y * 0.9, self.palette.seed ^ 8);
        let step = across - (HALF - course * COURSE * SLOPE) + 0.06 + worn;
        Near::new(larger(larger(side - 0.01, step * 0.7), -4.0 - at.y), false)
    }
}

impl Model for Pyramid {
    fn distance(&self, at: Vec3, _time: f32) -> f32 {
        self.near(at).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, _time: f32) -> Paint {
        let seed = self.palette.seed;
        let along = if at.x.abs() > at.z.abs() { at.z } else { at.x };
        if self.near(at).part {
            let streaks = 1.0 + 0.2 * fractal(along * 1.3, at.y * 0.5, 4, seed ^ 4);
            return Paint::matt(rgb(0.68, 0.58, 0.44) * streaks).rough(0.7);
        }
        let wall = masonry(self.stone, along, at.y, (0.3, COURSE), pixel, seed);
        // Far away, each course keeps a dark line beneath its edge.
        let line = 0.80 + 0.26 * smoothstep(0.0, 0.5, fract(at.y / COURSE));
        let share = smoothstep(0.4, 1.2, pixel / COURSE);
        let paint = Paint { albedo: wall.albedo * (line + (1.0 - line) * share), ..wall };
        // Sand has drifted against the foot.
        let drift = 0.35 + 0.3 * gradient(along * 0.7, at.z * 0.2, seed ^ 6);
        let sand = Paint::matt(rgb(0.62, 0.42, 0.22));
        let paint = paint.mix(sand, smoothstep(drift, drift - 0.3, at.y));
        self.palette.weathered(paint, at, normal)
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 1.6, 0.0), 7.4)
    }
}
