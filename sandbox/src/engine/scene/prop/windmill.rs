//! A tower mill whose sails turn in the wind.

use std::f32::consts::{FRAC_1_SQRT_2, FRAC_PI_2};

use super::model::Model;
use super::paint::{Paint, Palette, masonry, opening, planks, tiles};
use super::solid::{Near, cuboid, cylinder, eighth, ellipsoid, limb, tapered};
use crate::engine::math::{atan2, cos, floor, fract, larger, sin, smaller, smoothstep};
use crate::engine::noise::hash;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Height of the tower and of the sails' hub.
const TOWER: f32 = 5.2;
const HUB: f32 = 5.75;
/// How far before the tower's axis the sails turn.
const FRONT: f32 = 1.42;
/// Length of a sail.
const SAIL: f32 = 4.1;
/// Turns of the sails, radians per second.
const PACE: f32 = 0.7;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Tower,
    Cap,
    Gallery,
    Timber,
    Cloth,
    Base,
}

pub(super) struct Windmill {
    palette: Palette,
    wall: Color,
    cloth: Color,
}

impl Windmill {
    pub(super) fn new(palette: Palette) -> Windmill {
        let wall = match palette.seed >> 7 & 1 {
            0 => rgb(0.62, 0.58, 0.50),
            _ => rgb(0.26, 0.12, 0.075),
        };
        Windmill { wall, cloth: palette.color(0, rgb(0.72, 0.66, 0.54)), palette }
    }

    #[inline]
    fn near(&self, at: Vec3, time: f32) -> Near<Part> {
        let fold = eighth(at);
        // Eight flat sides: how far along the middle of the nearest one.
        let flat = larger(fold.x, FRAC_1_SQRT_2 * (fold.x + fold.z));
        let mut near = Near::new(tapered(flat, at.y, 1.62, 1.02, 0.0, TOWER), Part::Tower)
            .and(cylinder(at, 1.78, -2.5, 0.3), Part::Base);
        let cap = vec3(at.x, at.y - TOWER, at.z * 0.86 + 0.1);
        near = near.and(larger(ellipsoid(cap, vec3(1.12, 1.15, 1.12)), -cap.y), Part::Cap);
        near = near.and(cylinder(cap, 1.17, -0.1, 0.06), Part::Timber);
        let deck = cylinder(at, 1.98, 1.86, 1.96);
        near = near.and(deck, Part::Gallery);
        let rim =
            super::solid::length(super::solid::length(at.x, at.z) - 1.92, at.y - 2.42) - 0.035;
        near = near.and(rim, Part::Gallery);
        for local in
            [vec3(fold.x - 1.92, fold.y, fold.z), vec3(fold.x - 1.36, fold.y, fold.z - 1.36)]
        {
            near = near.and(cylinder(local, 0.035, 1.9, 2.44), Part::Gallery);
        }
        let strut = limb(fold, vec3(1.40, 1.2, 0.0), vec3(1.9, 1.88, 0.0), 0.05, 0.05);
        near = near.and(strut, Part::Gallery);
        // Long beams at the back turn the cap to the wind.
        let tail = vec3(at.x.abs(), at.y, at.z);
        near = near.and(
            limb(tail, vec3(0.9, TOWER + 0.3, 1.0), vec3(0.12, 2.2, 3.0), 0.05, 0.06),
            Part::Timber,
        );
        let axle = limb(at, vec3(0.0, HUB, -0.6), vec3(0.0, HUB, -FRONT - 0.12), 0.14, 0.12);
        near = near.and(axle, Part::Timber);
        sails(at, time, near)
    }
}

/// Four sails around the hub: a stock, bars and half the cloth set.
#[inline]
fn sails(at: Vec3, time: f32, near: Near<Part>) -> Near<Part> {
    let (x, y, z) = (at.x, at.y - HUB, at.z + FRONT);
    let hull = larger((x * x + y * y).sqrt() - SAIL - 0.2, z.abs() - 0.4);
    if hull > near.distance {
        return near;
    }
    let (turn_cos, turn_sin) = (cos(time * PACE + 0.5), sin(time * PACE + 0.5));
    let (u, v) = (x * turn_cos - y * turn_sin, x * turn_sin + y * turn_cos);
    // Every quarter turn looks the same: the sail that points along +u is the nearest one.
    let (u, v) = if u.abs() > v.abs() {
        if u > 0.0 { (u, v) } else { (-u, -v) }
    } else if v > 0.0 {
        (v, -u)
    } else {
        (-v, u)
    };
    let stock = cuboid(vec3(u - SAIL * 0.5, v, z), vec3(SAIL * 0.5, 0.055, 0.055));
    let mut near = near.and(stock, Part::Timber);
    // Sails are twisted, as propellers are.
    let z = z - v * (0.34 - 0.06 * u);
    let step = (SAIL - 0.9) / 11.0;
    let bar = super::solid::repeated(u - 0.9 - step * 5.5, step, 5.0);
    let cross = cuboid(vec3(bar, v - 0.33, z), vec3(0.022, 0.42, 0.022));
    let edge = cuboid(vec3(u - 2.5, v - 0.74, z), vec3(1.62, 0.024, 0.024));
    let lead = cuboid(vec3(u - 2.5, v + 0.11, z), vec3(1.62, 0.02, 0.05));
    near = near.and(smaller(smaller(cross, edge), lead) * 0.9, Part::Timber);
    let belly = z + 0.05 - 0.05 * sin(u * 2.0 + time * 2.0);
    let cloth = cuboid(vec3(u - 2.45, v - 0.4, belly), vec3(1.5, 0.33, 0.010));
    near.and(cloth * 0.85, Part::Cloth)
}

impl Model for Windmill {
    fn distance(&self, at: Vec3, time: f32) -> f32 {
        self.near(at, time).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, time: f32) -> Paint {
        let palette = &self.palette;
        let around = atan2(at.x, -at.z);
        let paint = match self.near(at, time).part {
            Part::Tower => {
                let wall = masonry(self.wall, around * 1.5, at.y, (0.4, 0.17), pixel, palette.seed);
                let level = floor((at.y - 0.1) / 1.75);
                let turn = around + FRAC_PI_2 * fract(level * 0.5);
                let side = floor(turn / FRAC_PI_2 + 0.5);
                let across = (turn - side * FRAC_PI_2) * 1.35;
                let up = at.y - 0.1 - level * 1.75;
                let surround = opening(across, up, 0.20, 0.52, 1.26, pixel);
                let pane = opening(across, up, 0.145, 0.58, 1.20, pixel);
                let id = hash(side as i32, level as i32, palette.seed);
                let wall = wall.mix(Paint::matt(gray(0.60)), surround).mix(palette.pane(id), pane);
                let door = opening((around - 0.3) * 1.6, at.y, 0.30, 0.3, 1.35, pixel);
                wall.mix(Paint::matt(rgb(0.04, 0.10, 0.06)), door)
            }
            Part::Cap => {
                tiles(rgb(0.13, 0.085, 0.06), around * 1.1, at.y, 0.15, pixel, palette.seed)
            }
            Part::Gallery => planks(rgb(0.30, 0.22, 0.15), at.x, at.z, 0.14, pixel, palette.seed),
            Part::Timber => Paint::matt(rgb(0.30, 0.24, 0.18)).rough(0.7),
            Part::Cloth => Paint { through: 0.6, ..Paint::matt(self.cloth) },
            Part::Base => masonry(gray(0.28), around * 1.8, at.y, (0.4, 0.2), pixel, 3),
        };
        let shade = smoothstep(-0.5, 1.2, at.y) * 0.25 + 0.75;
        palette.weathered(Paint { albedo: paint.albedo * shade, ..paint }, at, normal)
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 4.5, 0.2), 6.1)
    }
}
