//! A log house with a porch and a chimney.

use super::model::Model;
use super::paint::{Paint, Palette, masonry, opening, planks, tiles};
use super::solid::{Near, block, cuboid, cylinder, gable};
use crate::engine::math::{floor, fract, larger, smaller, smoothstep};
use crate::engine::noise::hash;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Half the length of the ridge (x) and half the depth (z).
const LONG: f32 = 2.2;
const DEEP: f32 = 1.55;
const EAVES: f32 = 1.75;
const RIDGE: f32 = 3.35;
/// Thickness of a log.
const LOG: f32 = 0.22;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Logs,
    Roof,
    Chimney,
    Base,
    Porch,
}

pub(super) struct House {
    palette: Palette,
    wood: Color,
    roof: Color,
}

impl House {
    pub(super) fn new(palette: Palette) -> House {
        let wood = match palette.seed >> 5 & 3 {
            0 => rgb(0.25, 0.125, 0.055),
            1 => rgb(0.20, 0.13, 0.075),
            2 => rgb(0.26, 0.055, 0.035),
            _ => rgb(0.15, 0.095, 0.06),
        };
        House {
            wood: palette.color(0, wood),
            roof: palette.color(1, rgb(0.10, 0.075, 0.06)),
            palette,
        }
    }

    #[inline]
    fn near(&self, at: Vec3) -> Near<Part> {
        let hull = block(at, 3.0, 3.2, -2.0, 4.2);
        if hull > 0.6 {
            return Near::new(hull + 0.2, Part::Base);
        }
        let mut near = Near::new(block(at, LONG + 0.1, DEEP + 0.1, -2.0, 0.28), Part::Base);
        // Round logs: the wall swells and narrows with height.
        let round = fract(at.y / LOG) - 0.5;
        let swell = 0.045 * (1.0 - 4.0 * round * round);
        let body = block(at, LONG, DEEP, 0.2, RIDGE) - swell;
        near = near.and(larger(body, under_roof(at)) * 0.85, Part::Logs);
        // Log ends cross at the corners.
        let (ax, az) = (at.x.abs() - LONG, at.z.abs() - DEEP);
        let ends = cuboid(vec3(ax - 0.05, at.y - 0.95, az - 0.05), vec3(0.16, 0.75, 0.16)) - swell;
        near = near.and(ends * 0.85, Part::Logs);
        let turned = vec3(at.z, at.y, at.x);
        let lower = gable(turned, DEEP + 0.52, LONG + 0.42, EAVES - 0.42, RIDGE + 0.02);
        let upper = gable(turned, DEEP + 0.62, LONG + 0.48, EAVES - 0.44, RIDGE + 0.18);
        near = near.and(larger(upper, -lower - 0.02), Part::Roof);
        let stack = vec3(at.x - 1.15, at.y - 2.6, at.z - 0.55);
        near = near.and(cuboid(stack, vec3(0.26, 1.25, 0.26)), Part::Chimney);
        let cap = vec3(stack.x, stack.y - 1.2, stack.z);
        near = near.and(cuboid(cap, vec3(0.33, 0.07, 0.33)), Part::Chimney);
        // The porch stands before the front wall.
        let porch = vec3(at.x, at.y, at.z + DEEP + 0.62);
        near = near.and(
            cuboid(vec3(porch.x, porch.y + 0.84, porch.z), vec3(LONG, 1.1, 0.72)),
            Part::Porch,
        );
        let posts = vec3(porch.x.abs() - LONG + 0.12, porch.y, porch.z + 0.56);
        near = near.and(cylinder(posts, 0.075, 0.2, 1.55), Part::Porch);
        let inner = vec3(porch.x.abs() - 0.62, porch.y, porch.z + 0.56);
        near = near.and(cylinder(inner, 0.075, 0.2, 1.55), Part::Porch);
        let rail = vec3(porch.x.abs() - 1.36, porch.y - 0.72, porch.z + 0.56);
        near = near.and(cuboid(rail, vec3(0.74, 0.035, 0.04)), Part::Porch);
        let lean = vec3(porch.x, porch.y - 1.66 + 0.22 * (-porch.z), porch.z);
        near.and(cuboid(lean, vec3(LONG + 0.3, 0.06, 0.85)) * 0.95, Part::Roof)
    }
}

/// Negative below the slopes of the roof.
#[inline(always)]
fn under_roof(at: Vec3) -> f32 {
    const RUN: f32 = DEEP + 0.52;
    const RISE: f32 = RIDGE - EAVES + 0.42;
    (at.z.abs() * RISE + (at.y - RIDGE) * RUN) * 0.34
}

impl Model for House {
    fn distance(&self, at: Vec3, _time: f32) -> f32 {
        self.near(at).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, _time: f32) -> Paint {
        let palette = &self.palette;
        let front = normal.z.abs() > normal.x.abs();
        let along = if front { at.x } else { at.z };
        let paint = match self.near(at).part {
            Part::Logs => {
                let wall = planks(self.wood, along, at.y, LOG, pixel, palette.seed);
                self.openings(wall, along, at, front, pixel)
            }
            Part::Roof if normal.y > 0.2 => {
                tiles(self.roof, at.x, at.z.abs() * 1.2, 0.2, pixel, palette.seed)
            }
            Part::Roof => planks(self.wood * 0.7, at.x, at.y, 0.12, pixel, palette.seed),
            Part::Chimney => masonry(rgb(0.27, 0.22, 0.19), along, at.y, (0.22, 0.14), pixel, 7),
            Part::Base => masonry(gray(0.25), along, at.y, (0.4, 0.24), pixel, 9),
            Part::Porch => planks(self.wood * 0.9, at.z, at.x, 0.16, pixel, palette.seed),
        };
        palette.weathered(paint, at, normal)
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 1.5, -0.3), 4.0)
    }
}

impl House {
    /// A door and windows with shutters.
    fn openings(&self, wall: Paint, along: f32, at: Vec3, front: bool, pixel: f32) -> Paint {
        let palette = &self.palette;
        let inside = |half_wide: f32, x: f32, bottom: f32, top: f32| {
            let edge = larger(x.abs() - half_wide, larger(bottom - at.y, at.y - top));
            smoothstep(0.5 * pixel + 0.01, -0.5 * pixel, edge)
        };
        let place = if front { along.abs() - 1.25 } else { along };
        let upper = !front && at.y > 1.75;
        let (bottom, top) = if upper { (2.05, 2.55) } else { (0.8, 1.45) };
        let frame = inside(0.40, place, bottom - 0.07, top + 0.07);
        let shutter = inside(0.66, place, bottom - 0.05, top + 0.05);
        let bar = smoothstep(
            0.03 + pixel,
            0.02,
            smaller(place.abs(), (at.y - 0.5 * (bottom + top)).abs()),
        );
        let id =
            hash(floor(along) as i32, i32::from(upper) + 2 * i32::from(at.z > 0.0), palette.seed);
        let pane = palette.pane(id | 0xFF).mix(Paint::matt(gray(0.5)), 0.75 * bar);
        let trim = Paint::matt(rgb(0.52, 0.48, 0.40));
        let wall = wall.mix(planks(rgb(0.05, 0.12, 0.07), at.y, along, 0.1, pixel, 3), shutter);
        let wall = wall.mix(trim, frame).mix(pane, inside(0.33, place, bottom, top));
        if !front || at.z > 0.0 {
            return wall;
        }
        let door = opening(along, at.y, 0.36, 0.25, 1.62, pixel);
        let leaf = planks(rgb(0.13, 0.05, 0.03), at.y, along, 0.12, pixel, 5);
        wall.mix(trim, opening(along, at.y, 0.43, 0.25, 1.69, pixel)).mix(leaf, door)
    }
}
