//! Streams of far flying cars: lanes of light in the air.

use super::camera::Eye;
use super::facade::Evening;
use crate::engine::math::{exp, floor, larger, mix, saturate, smaller};
use crate::engine::noise::{byte, hash};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Lanes of a city.
const COUNT: i32 = 13;
/// Half the length of a lane.
const REACH: f32 = 330.0;

/// Radius of the light of a lane, and what it is at least in pixels.
const SLIM: f32 = 0.26;
const SPREAD: f32 = 0.75;
/// Square of the distance, in radii, beyond which its light is not seen.
const BRINK: f32 = 6.0;

/// A straight level line on which lights run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lane {
    start: Vec3,
    along: Vec3,
    pace: f32,
    spacing: f32,
    hue: Color,
    seed: u32,
}

/// The lanes above a city: along the streets at several heights, and along the shore.
pub(super) fn lanes(seed: u32, evening: &Evening) -> Vec<Lane> {
    (0..COUNT)
        .map(|number| {
            let id = hash(number, 17, seed);
            let level = 20.0 + 5.2 * number as f32 + 3.0 * byte(id, 12);
            let street = floor((byte(id, 0) - 0.5) * 20.0) * super::plan::CELL;
            let way = if id & 1 == 0 { 1.0 } else { -1.0 };
            let (start, along) = if number % 3 == 0 {
                (vec3(0.0, level, -super::plan::HALF + 20.0 + street.abs()), vec3(way, 0.0, 0.0))
            } else if number % 3 == 1 {
                (vec3(street * 0.6, level, 0.0), vec3(0.0, 0.0, way))
            } else {
                (vec3(0.0, level, street), vec3(way, 0.0, 0.0))
            };
            let hue = match id >> 4 & 3 {
                0 | 1 => rgb(2.2, 1.7, 1.1),
                2 => rgb(2.6, 0.35, 0.16),
                _ => evening.accent(id >> 6),
            };
            Lane { start, along, pace: mix(9.0, 18.0, byte(id, 8)), spacing: 15.0, hue, seed: id }
        })
        .collect()
}

impl Lane {
    /// Slopes of a column of the picture between which the lane may be seen, if it is at all. The
    /// column's rays go along `way` plus a slope, `steepest` at most, times the eye's `up`.
    pub(super) fn slopes(&self, eye: &Eye, way: Vec3, steepest: f32) -> Option<(f32, f32)> {
        let offset = eye.position - self.start;
        // The distance of a ray from the lane is its product with this moment, over the sine
        // between them.
        let moment = vec3(
            offset.y * self.along.z - offset.z * self.along.y,
            offset.z * self.along.x - offset.x * self.along.z,
            offset.x * self.along.y - offset.y * self.along.x,
        );
        let farthest = offset.length() + REACH + 10.0;
        let radius = larger(SLIM, farthest / eye.focal * SPREAD);
        let most = radius * (BRINK * (way.dot(way) + steepest * steepest)).sqrt() + 0.01;
        let (level, rise) = (way.dot(moment), eye.up.dot(moment));
        if rise.abs() < 1e-3 {
            return (level.abs() <= most + steepest * 1e-3).then_some((-steepest, steepest));
        }
        let (a, b) = ((-level - most) / rise, (-level + most) / rise);
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        (low <= steepest && high >= -steepest).then_some((low, high))
    }

    /// Light that reaches the eye along a ray before `depth`; `pixel` is the width of a pixel at
    /// distance 1.
    pub(super) fn glow(&self, from: Vec3, ray: Vec3, depth: f32, pixel: f32, time: f32) -> Color {
        let offset = from - self.start;
        let lean = ray.dot(self.along);
        let level = 1.0 - lean * lean;
        if level < 1e-4 {
            return gray(0.0);
        }
        let (here, there) = (offset.dot(ray), offset.dot(self.along));
        let reach = (lean * there - here) / level;
        if reach <= 1.0 || reach >= depth {
            return gray(0.0);
        }
        let place = there + lean * reach;
        let gap = offset + ray * reach - self.along * place;
        let size = pixel * reach;
        let radius = larger(SLIM, size * SPREAD);
        let apart = gap.dot(gap) / (radius * radius);
        if apart > BRINK || place.abs() > REACH {
            return gray(0.0);
        }
        let at = (place - time * self.pace) / self.spacing;
        let cell = floor(at);
        let id = hash(cell as i32, 2, self.seed);
        let inside = at - cell - mix(0.25, 0.8, byte(id, 8));
        // A bright head, and behind it what its light leaves on the eye.
        let head = larger(0.028, size / self.spacing / larger(level.sqrt(), 0.1));
        let bright = exp(-inside * inside / (head * head)) * smaller(1.0, 0.03 / head);
        let tail = if inside < 0.0 { exp(inside * 5.0) * 0.22 } else { 0.0 };
        let present = if id & 7 < 4 { 1.0 } else { 0.0 };
        let near = saturate((reach - 14.0) * 0.05);
        let ends = saturate((REACH - place.abs()) * 0.02);
        let spread = smaller(1.0, 0.34 / radius);
        self.hue * (exp(-apart * 1.6) * (bright * 1.5 + tail) * present * spread * near * ends)
    }
}
