//! How rays find what they meet: plot by plot, from the eye into the city.

use super::facade::{self, Surface};
use super::pavement;
use super::plan::{CELL, GROUND, HALF};
use super::solid::{Part, Touch};
use super::surround::Floor;
use super::tower::Tower;
use super::{City, Meeting};
use crate::engine::math::{floor, larger, smaller};
use crate::engine::vector::{Vec3, vec3};

/// Below this height nothing of a city is seen.
pub(super) const FLOOR: f32 = -0.5;

/// A ray, with what the tests of many boxes share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ray {
    pub(super) from: Vec3,
    pub(super) way: Vec3,
    pub(super) inverse: Vec3,
}

/// The part of a ray that lies above one plot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    /// Column and row of the plot.
    pub(super) x: i32,
    pub(super) z: i32,
    pub(super) near: f32,
    pub(super) far: f32,
    /// Whether the ray comes from the next column and not from the next row.
    pub(super) crossed_x: bool,
}

impl Ray {
    pub(super) fn new(from: Vec3, way: Vec3) -> Ray {
        let inverse = vec3(reciprocal(way.x), reciprocal(way.y), reciprocal(way.z));
        Ray { from, way, inverse }
    }

    /// Distances at which the ray passes from one value of an axis to another.
    fn between(low: f32, high: f32, from: f32, inverse: f32) -> (f32, f32) {
        let (a, b) = ((low - from) * inverse, (high - from) * inverse);
        if a < b { (a, b) } else { (b, a) }
    }

    /// Distances at which the ray enters and leaves the square of the city as seen from above.
    pub(super) fn across(&self) -> (f32, f32) {
        let (x0, x1) = Ray::between(-HALF, HALF, self.from.x, self.inverse.x);
        let (z0, z1) = Ray::between(-HALF, HALF, self.from.z, self.inverse.z);
        (larger(x0, larger(z0, 0.0)), smaller(x1, z1))
    }

    /// The plots below the ray between two distances, in its order.
    pub(super) fn spans(self, near: f32, far: f32) -> impl Iterator<Item = Span> {
        let Ray { from, way, inverse } = self;
        let entry = from + way * (near + 1e-3);
        let cell = |v: f32| floor((v + HALF) / CELL) as i32;
        let (mut x, mut z) = (cell(entry.x), cell(entry.z));
        let (step_x, step_z) =
            (if way.x >= 0.0 { 1 } else { -1 }, if way.z >= 0.0 { 1 } else { -1 });
        // Distances at which the ray crosses into the next column and row of plots.
        let edge = |cell: i32, step: i32| (cell + (step + 1) / 2) as f32 * CELL - HALF;
        let mut next_x = (edge(x, step_x) - from.x) * inverse.x;
        let mut next_z = (edge(z, step_z) - from.z) * inverse.z;
        let (pace_x, pace_z) = ((CELL * inverse.x).abs(), (CELL * inverse.z).abs());
        let (mut reached, mut crossed_x) = (near, way.x.abs() > way.z.abs());
        std::iter::from_fn(move || {
            if reached >= far {
                return None;
            }
            let leaves = smaller(next_x, next_z);
            let span = Span { x, z, near: reached, far: leaves, crossed_x };
            reached = leaves;
            crossed_x = next_x < next_z;
            if crossed_x {
                next_x += pace_x;
                x += step_x;
            } else {
                next_z += pace_z;
                z += step_z;
            }
            Some(span)
        })
    }
}

impl City {
    /// The nearest building or piece of ground along a ray.
    pub(super) fn trace(&self, from: Vec3, way: Vec3, time: f32, pixel: f32) -> Option<Meeting> {
        let ray = Ray::new(from, way);
        let (y0, y1) = Ray::between(FLOOR, self.top, from.y, ray.inverse.y);
        let (near, far) = ray.across();
        let (near, far) = (larger(near, y0), smaller(far, y1));
        if near >= far {
            return None;
        }
        ray.spans(near, far).find_map(|span| {
            let tower = self.plan.tower(span.x, span.z)?;
            let lowest = smaller(from.y + way.y * span.near, from.y + way.y * span.far);
            if lowest >= tower.top {
                return None;
            }
            self.meet(Some(tower), tower, &ray, &span, time, pixel)
        })
    }

    /// What a ray meets above a plot: the ground, or the building if it may be `built` there.
    pub(super) fn meet(
        &self,
        built: Option<&Tower>,
        tower: &Tower,
        ray: &Ray,
        span: &Span,
        time: f32,
        pixel: f32,
    ) -> Option<Meeting> {
        let building = built.and_then(|tower| tower.touch(ray.from, ray.way, ray.inverse));
        let touch = [building, self.ground(ray, span)]
            .into_iter()
            .flatten()
            .reduce(|a, b| if b.distance < a.distance { b } else { a })?;
        let at = ray.from + ray.way * touch.distance;
        let size = pixel * touch.distance;
        let surface = if touch.part == Part::Quay && self.surround.floor == Floor::Sand {
            Surface::matt(self.surround.soil(0.0))
        } else if touch.part == Part::Ground {
            let slant = size / larger(ray.way.y.abs(), 0.05).sqrt();
            let park = tower.top < 7.5 && tower.top > GROUND + 2.0;
            pavement::surface(&self.evening, at.x, at.z, slant, time, park, self.wet)
        } else {
            facade::surface(&self.evening, tower, &touch, at, ray.way, size, time)
        };
        Some(Meeting { distance: touch.distance, at, normal: touch.normal, surface })
    }

    /// The ground of a plot, or the quay below its edge.
    fn ground(&self, ray: &Ray, span: &Span) -> Option<Touch> {
        let Ray { from, way, .. } = *ray;
        if !self.plan.land(span.x, span.z) {
            return None;
        }
        let part = |part: Part, distance: f32, normal: Vec3| {
            Some(Touch { distance, normal, part, along: 0.0, face: 0, top: GROUND })
        };
        if from.y + way.y * span.near < GROUND {
            let side = if span.crossed_x {
                vec3(if way.x > 0.0 { -1.0 } else { 1.0 }, 0.0, 0.0)
            } else {
                vec3(0.0, 0.0, if way.z > 0.0 { -1.0 } else { 1.0 })
            };
            part(Part::Quay, larger(span.near, 0.01), side)
        } else if from.y + way.y * span.far < GROUND {
            part(Part::Ground, (GROUND - from.y) / way.y, vec3(0.0, 1.0, 0.0))
        } else {
            None
        }
    }
}

/// One over `v`, or a huge number of the same sign.
fn reciprocal(v: f32) -> f32 {
    if v.abs() > 1e-6 {
        1.0 / v
    } else if v < 0.0 {
        -1e6
    } else {
        1e6
    }
}
