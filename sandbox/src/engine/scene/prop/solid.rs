//! Distances from simple solids: what every object is put together from.

use crate::engine::math::{larger, mix, saturate, smaller};
use crate::engine::vector::{Vec3, vec3};

/// Length of a vector in the plane.
#[inline(always)]
pub(super) fn length(a: f32, b: f32) -> f32 {
    (a * a + b * b).sqrt()
}

/// A box around the origin that reaches `half` along each axis.
#[inline(always)]
pub(super) fn cuboid(at: Vec3, half: Vec3) -> f32 {
    let (x, y, z) = (at.x.abs() - half.x, at.y.abs() - half.y, at.z.abs() - half.z);
    let outside = vec3(larger(x, 0.0), larger(y, 0.0), larger(z, 0.0)).length();
    outside + smaller(larger(x, larger(y, z)), 0.0)
}

/// A box between two heights, centred on the upright axis.
#[inline(always)]
pub(super) fn block(at: Vec3, half_x: f32, half_z: f32, bottom: f32, top: f32) -> f32 {
    let lifted = vec3(at.x, at.y - 0.5 * (bottom + top), at.z);
    cuboid(lifted, vec3(half_x, 0.5 * (top - bottom), half_z))
}

/// An upright cylinder between two heights.
#[inline(always)]
pub(super) fn cylinder(at: Vec3, radius: f32, bottom: f32, top: f32) -> f32 {
    let aside = length(at.x, at.z) - radius;
    let above = (at.y - 0.5 * (bottom + top)).abs() - 0.5 * (top - bottom);
    length(larger(aside, 0.0), larger(above, 0.0)) + smaller(larger(aside, above), 0.0)
}

/// An upright cone cut off at both heights, of radius `low` at the bottom and `high` at the top.
#[inline(always)]
pub(super) fn frustum(at: Vec3, low: f32, high: f32, bottom: f32, top: f32) -> f32 {
    tapered(length(at.x, at.z), at.y, low, high, bottom, top)
}

/// A body that narrows from `low` to `high`, given how far the point is from its axis.
#[inline(always)]
pub(super) fn tapered(away: f32, y: f32, low: f32, high: f32, bottom: f32, top: f32) -> f32 {
    let slope = (low - high) / (top - bottom);
    let side = (away - low + slope * (y - bottom)) / (1.0 + slope * slope).sqrt();
    larger(side, larger(bottom - y, y - top))
}

/// A gabled roof or pediment: `half_x` wide at the eaves, its ridge along z.
#[inline(always)]
pub(super) fn gable(at: Vec3, half_x: f32, half_z: f32, eaves: f32, ridge: f32) -> f32 {
    let rise = ridge - eaves;
    let scale = 1.0 / length(rise, half_x);
    let slope = (at.x.abs() * rise + (at.y - ridge) * half_x) * scale;
    larger(slope, larger(at.z.abs() - half_z, eaves - at.y))
}

/// A rod from `a` to `b` with round ends, `ra` thick at one end and `rb` at the other.
#[inline(always)]
pub(super) fn limb(at: Vec3, a: Vec3, b: Vec3, ra: f32, rb: f32) -> f32 {
    let (along, from) = (b - a, at - a);
    let share = saturate(from.dot(along) / along.dot(along));
    (from - along * share).length() - mix(ra, rb, share)
}

/// A ball stretched along the axes; close to the true distance near its surface.
#[inline(always)]
pub(super) fn ellipsoid(at: Vec3, radius: Vec3) -> f32 {
    let scaled = vec3(at.x / radius.x, at.y / radius.y, at.z / radius.z);
    let twice = vec3(scaled.x / radius.x, scaled.y / radius.y, scaled.z / radius.z);
    let (k, slope) = (scaled.length(), twice.length());
    if slope > 1e-6 {
        k * (k - 1.0) / slope
    } else {
        -smaller(radius.x, smaller(radius.y, radius.z))
    }
}

/// The union of two bodies, melted together over `width`.
#[inline(always)]
pub(super) fn melt(a: f32, b: f32, width: f32) -> f32 {
    let share = larger(width - (a - b).abs(), 0.0) / width;
    smaller(a, b) - share * share * width * 0.25
}

/// A number folded so that cells of `size` repeat, at most `count` of them to each side of the
/// middle one.
#[inline(always)]
pub(super) fn repeated(x: f32, size: f32, count: f32) -> f32 {
    let cell = crate::engine::math::floor(x / size + 0.5).clamp(-count, count);
    x - cell * size
}

/// The point turned into the first eighth of a turn about the upright axis, for what is the same
/// eight times around.
#[inline(always)]
pub(super) fn eighth(at: Vec3) -> Vec3 {
    let (x, z) = (at.x.abs(), at.z.abs());
    vec3(larger(x, z), at.y, smaller(x, z))
}

/// What is nearest to a point: how far it is, and which part of the object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Near<P> {
    pub(super) distance: f32,
    pub(super) part: P,
}

impl<P: Copy> Near<P> {
    #[inline(always)]
    pub(super) fn new(distance: f32, part: P) -> Near<P> {
        Near { distance, part }
    }

    /// Adds a part.
    #[inline(always)]
    pub(super) fn and(self, distance: f32, part: P) -> Near<P> {
        if distance < self.distance { Near { distance, part } } else { self }
    }
}
