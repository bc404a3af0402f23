//! How rays find what they meet: plot by plot, from the eye into the city.

use super::facade::{self, Surface};
use super::pavement;
use super::plan::{CELL, GROUND, HALF};
use super::solid::{Part, Touch};
use super::surround::Floor;
use super::{City, Meeting};
use crate::engine::math::{floor, larger, smaller};
use crate::engine::vector::{Vec3, vec3};

impl City {
    /// The nearest building or piece of ground along a ray.
    pub(super) fn trace(&self, from: Vec3, ray: Vec3, time: f32, pixel: f32) -> Option<Meeting> {
        let inverse = vec3(reciprocal(ray.x), reciprocal(ray.y), reciprocal(ray.z));
        let (near, far) = self.bounds(from, inverse)?;
        let entry = from + ray * (near + 1e-3);
        let cell = |v: f32| floor((v + HALF) / CELL) as i32;
        let (mut x, mut z) = (cell(entry.x), cell(entry.z));
        let (step_x, step_z) =
            (if ray.x >= 0.0 { 1 } else { -1 }, if ray.z >= 0.0 { 1 } else { -1 });
        // Distances at which the ray crosses into the next column and row of plots.
        let edge = |cell: i32, step: i32| (cell + (step + 1) / 2) as f32 * CELL - HALF;
        let mut next_x = (edge(x, step_x) - from.x) * inverse.x;
        let mut next_z = (edge(z, step_z) - from.z) * inverse.z;
        let (pace_x, pace_z) = ((CELL * inverse.x).abs(), (CELL * inverse.z).abs());
        let (mut reached, mut crossed_x) = (near, ray.x.abs() > ray.z.abs());
        while reached < far {
            let leaves = smaller(next_x, next_z);
            let (enters_at, leaves_at) = (from.y + ray.y * reached, from.y + ray.y * leaves);
            let lowest = smaller(enters_at, leaves_at);
            if let Some(tower) = self.plan.tower(x, z)
                && lowest < tower.top
            {
                let ground = self.ground(x, z, from, ray, (reached, leaves), crossed_x);
                let touch = [tower.touch(from, ray, inverse), ground]
                    .into_iter()
                    .flatten()
                    .reduce(|a, b| if b.distance < a.distance { b } else { a });
                if let Some(touch) = touch {
                    let at = from + ray * touch.distance;
                    let size = pixel * touch.distance;
                    let surface = if touch.part == Part::Quay && self.surround.floor == Floor::Sand
                    {
                        Surface::matt(self.surround.soil(0.0))
                    } else if touch.part == Part::Ground {
                        let slant = size / larger(ray.y.abs(), 0.05).sqrt();
                        let park = tower.top < 7.5 && tower.top > GROUND + 2.0;
                        pavement::surface(&self.evening, at.x, at.z, slant, time, park, self.wet)
                    } else {
                        facade::surface(&self.evening, tower, &touch, at, ray, size, time)
                    };
                    return Some(Meeting {
                        distance: touch.distance,
                        at,
                        normal: touch.normal,
                        surface,
                    });
                }
            }
            reached = leaves;
            crossed_x = next_x < next_z;
            if crossed_x {
                next_x += pace_x;
                x += step_x;
            } else {
                next_z += pace_z;
                z += step_z;
            }
        }
        None
    }

    /// The ground of a plot, or the quay below its edge, between two distances.
    fn ground(
        &self,
        x: i32,
        z: i32,
        from: Vec3,
        ray: Vec3,
        (reached, leaves): (f32, f32),
        crossed_x: bool,
    ) -> Option<Touch> {
        if !self.plan.land(x, z) {
            return None;
        }
        let part = |part: Part, distance: f32, normal: Vec3| {
            Some(Touch { distance, normal, part, along: 0.0, face: 0, top: GROUND })
        };
        if from.y + ray.y * reached < GROUND {
            let side = if crossed_x {
                vec3(if ray.x > 0.0 { -1.0 } else { 1.0 }, 0.0, 0.0)
            } else {
                vec3(0.0, 0.0, if ray.z > 0.0 { -1.0 } else { 1.0 })
            };
            part(Part::Quay, larger(reached, 0.01), side)
        } else if from.y + ray.y * leaves < GROUND {
            part(Part::Ground, (GROUND - from.y) / ray.y, vec3(0.0, 1.0, 0.0))
        } else {
            None
        }
    }

    /// Distances at which a ray enters and leaves the air above the city.
    fn bounds(&self, from: Vec3, inverse: Vec3) -> Option<(f32, f32)> {
        let span = |low: f32, high: f32, from: f32, inverse: f32| {
            let (a, b) = ((low - from) * inverse, (high - from) * inverse);
            if a < b { (a, b) } else { (b, a) }
        };
        let (x0, x1) = span(-HALF, HALF, from.x, inverse.x);
        let (y0, y1) = span(-0.5, self.top, from.y, inverse.y);
        let (z0, z1) = span(-HALF, HALF, from.z, inverse.z);
        let near = larger(larger(x0, y0), larger(z0, 0.0));
        let far = smaller(x1, smaller(y1, z1));
        (near < far).then_some((near, far))
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
