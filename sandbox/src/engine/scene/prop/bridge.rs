//! A stone bridge: round arches on piers, with a parapet and lanterns.

use std::f32::consts::FRAC_1_SQRT_2;

use super::model::Model;
use super::paint::{Paint, Palette, masonry};
use super::solid::{Near, block, cuboid, length, repeated};
use crate::engine::math::{atan2, floor, larger, smaller, smoothstep};
use crate::engine::noise::byte;
use crate::engine::vector::{Color, Vec3, rgb, vec3};

/// Distance from pier to pier, half the opening between them, and half the width of the way.
const SPAN: f32 = 3.4;
const ARCH: f32 = 1.36;
const WIDE: f32 = 0.78;
/// Height from which arches spring, and of the way over the middle.
const SPRING: f32 = 0.55;
const DECK: f32 = 2.55;
/// Arches to each side of the middle one.
const MORE: f32 = 2.0;
/// Half the whole length.
const HALF: f32 = 13.5;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Wall,
    Ring,
    Way,
    Parapet,
    Post,
    Lantern,
}

pub(super) struct Bridge {
    palette: Palette,
    stone: Color,
}

impl Bridge {
    pub(super) fn new(palette: Palette) -> Bridge {
        let stone = rgb(0.36, 0.33, 0.28).mix(rgb(0.43, 0.36, 0.28), byte(palette.seed, 12));
        Bridge { stone, palette }
    }

    #[inline]
    fn near(&self, at: Vec3) -> Near<Part> {
        // The way rises towards the middle.
        let y = at.y + 0.0052 * at.x * at.x;
        let hull = larger(at.z.abs() - WIDE - 0.5, y - DECK - 1.3);
        if hull > 0.5 {
            return Near::new(hull * 0.95, Part::Wall);
        }
        let bay = vec3(repeated(at.x, SPAN, MORE), y, at.z);
        let round = length(bay.x, y - SPRING) - ARCH;
        let open = if y > SPRING { round } else { bay.x.abs() - ARCH };
        let wall = block(vec3(at.x, y, at.z), HALF, WIDE, -9.0, DECK);
        let mut near = Near::new(larger(wall, -open), Part::Wall);
        // The ring of wedge stones stands a little proud of the wall.
        let ring =
            larger(larger(at.z.abs() - WIDE - 0.05, round - 0.26), larger(-round, SPRING - y));
        near = near.and(ring, Part::Ring);
        // Piers end in wedges that part the current.
        let pier = vec3(repeated(at.x - SPAN * 0.5, SPAN, MORE + 0.5), y, at.z.abs() - WIDE);
        let wedge = (pier.x.abs() + pier.z - 0.42) * FRAC_1_SQRT_2;
        let pier_top = SPRING + 0.75;
        let wedge = larger(wedge, larger((y - pier_top) * 0.8 + pier.z * 0.5, pier.x.abs() - 0.42));
        if at.x.abs() < SPAN * (MORE + 1.0) {
            near = near.and(larger(wedge, -9.0 - y), Part::Wall);
        }
        let edge = vec3(at.x, y - DECK, at.z.abs() - WIDE + 0.05);
        near = near.and(cuboid(edge, vec3(HALF, 0.07, 0.16)), Part::Parapet);
        let wall_top = vec3(edge.x, edge.y - 0.25, edge.z);
        near = near.and(cuboid(wall_top, vec3(HALF, 0.2, 0.09)), Part::Parapet);
        let cap = vec3(edge.x, edge.y - 0.47, edge.z);
        near = near.and(cuboid(cap, vec3(HALF, 0.045, 0.13)), Part::Parapet);
        near = near.and(block(vec3(at.x, y, at.z), HALF, WIDE, DECK - 0.2, DECK + 0.02), Part::Way);
        let post = vec3(pier.x, edge.y, edge.z);
        let shaft = smaller(
            cuboid(vec3(post.x, post.y - 0.28, post.z), vec3(0.15, 0.36, 0.15)),
            cuboid(vec3(post.x, post.y - 0.85, post.z), vec3(0.035, 0.4, 0.035)),
        );
        near = near.and(shaft, Part::Post);
        let lamp = cuboid(vec3(post.x, post.y - 1.24, post.z), vec3(0.075, 0.10, 0.075));
        near.and(lamp, Part::Lantern)
    }
}

impl Model for Bridge {
    fn distance(&self, at: Vec3, _time: f32) -> f32 {
        self.near(at).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, _time: f32) -> Paint {
        let seed = self.palette.seed;
        let y = at.y + 0.0052 * at.x * at.x;
        let along = if normal.x.abs() > normal.z.abs() { at.z } else { at.x };
        let damp = 0.55 + 0.45 * smoothstep(-1.6, 1.2, y);
        let stone = self.stone * damp;
        let paint = match self.near(at).part {
            Part::Ring => {
                let around = atan2(y - SPRING, repeated(at.x, SPAN, MORE));
                masonry(stone * 1.12, y, around * ARCH, (2.0, 0.24), pixel, seed)
            }
            Part::Wall if normal.y < -0.2 => {
                masonry(stone * 0.8, at.z, at.x, (0.5, 0.2), pixel, seed)
            }
            Part::Wall => masonry(stone, along, y, (0.52, 0.23), pixel, seed),
            Part::Way => masonry(stone * 0.85, at.x, at.z, (0.22, 0.14), pixel, seed),
            Part::Parapet => masonry(stone * 1.05, along, y, (0.6, 0.3), pixel, seed ^ 2),
            Part::Post => masonry(stone * 0.9, along, y, (0.5, 0.4), pixel, seed ^ 4),
            Part::Lantern => {
                let pane = self.palette.pane(0xFF | (floor(at.x) as u32) << 16);
                Paint { glow: pane.glow * 2.2, ..pane }
            }
        };
        // Moss grows where water runs down.
        let moss = smoothstep(0.9, -0.6, y) * 0.55;
        let paint = paint.mix(Paint::matt(paint.albedo * rgb(0.62, 0.80, 0.38)), moss);
        self.palette.weathered(paint, at, normal)
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 0.5, 0.0), 13.8)
    }
}
