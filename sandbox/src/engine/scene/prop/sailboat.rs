//! A sailing boat: a sloop on its way along +x.

use super::model::Model;
use super::paint::{Paint, Palette, planks};
use super::solid::{Near, cylinder, ellipsoid, length, limb};
use crate::engine::math::{fract, larger, sin, smaller, smoothstep};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Half the hull's length and half its beam.
const LONG: f32 = 2.3;
const BEAM: f32 = 0.62;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Hull,
    Deck,
    Cabin,
    Spar,
    Main,
    Jib,
    Flag,
}

pub(super) struct Sailboat {
    palette: Palette,
    hull: Color,
    main: Color,
    jib: Color,
}

impl Sailboat {
    pub(super) fn new(palette: Palette) -> Sailboat {
        let (hull, sail) = match palette.seed >> 6 & 3 {
            0 => (gray(0.72), rgb(0.80, 0.78, 0.72)),
            1 => (rgb(0.16, 0.055, 0.025), rgb(0.80, 0.74, 0.60)),
            2 => (rgb(0.03, 0.06, 0.13), rgb(0.82, 0.80, 0.76)),
            _ => (rgb(0.30, 0.04, 0.03), rgb(0.80, 0.76, 0.66)),
        };
        let main = palette.color(0, sail);
        Sailboat { hull, main, jib: palette.color(1, main), palette }
    }

    #[inline]
    fn near(&self, at: Vec3, time: f32) -> Near<Part> {
        // The bow stands higher than the stern.
        let sheer = 0.52 + 0.045 * at.x * at.x + 0.05 * at.x;
        let depth = smaller(larger((0.5 - at.y) * 0.5, 0.0), 0.5);
        let plan = lens(at.x + 0.10 * depth, at.z.abs(), LONG - depth * 0.7, BEAM - depth * 0.55);
        let hull = larger(plan, larger(at.y - sheer, -0.35 - at.y));
        let well = larger(plan + 0.07, 0.10 - (at.y - sheer + 0.16));
        let inside = larger(plan + 0.06, -(at.y - sheer + 0.10));
        let shell = larger(hull, -inside);
        let mut near = Near::new(shell * 0.9, if well < 0.0 { Part::Deck } else { Part::Hull });
        let cabin = vec3(at.x - 0.1, at.y - 0.52, at.z);
        near =
            near.and(larger(ellipsoid(cabin, vec3(0.95, 0.34, 0.36)), -0.1 - cabin.y), Part::Cabin);
        let mast = vec3(at.x - 0.35, at.y, at.z);
        near = near.and(cylinder(mast, 0.035, 0.3, 6.0), Part::Spar);
        let boom = limb(at, vec3(0.35, 1.0, 0.0), vec3(-2.0, 0.95, 0.42), 0.04, 0.03);
        near = near.and(boom, Part::Spar);
        let flap = 0.02 * sin(at.y * 4.0 + at.x * 3.0 - time * 4.0);
        // The mainsail swings out with its boom and bellies to leeward.
        let out = (0.35 - at.x) * 0.179;
        let rise = larger(at.y - 1.0, 0.0);
        let edge = 2.25 * (1.0 - rise / 4.85);
        let belly = out * (1.0 - rise / 7.0)
            + 0.16 * arch((0.35 - at.x) / larger(edge, 0.1)) * arch(rise / 4.9 * 0.8 + 0.1)
            + flap;
        // A little roach: the leech curves outward.
        let leech = edge + 0.16 * arch(rise / 4.85) - (0.35 - at.x);
        let main = larger(larger(-leech * 0.88, at.x - 0.31), larger(1.04 - at.y, at.y - 5.85));
        near = near.and(larger(main, (at.z - belly).abs() - 0.012) * 0.8, Part::Main);
        let front = (at.x - 0.45) / 1.75;
        let top = 0.65 + 4.6 * (1.0 - front);
        let jib = larger(
            (at.y - top) * 0.36,
            larger(0.62 + 0.35 * front - at.y, (0.42 - at.x) * 0.9 - (at.y - 0.65) * 0.03),
        );
        let bulge = 0.30 * arch(front) * arch((at.y - 0.6) / 4.8 * 0.8 + 0.12) + flap;
        near = near.and(larger(jib, (at.z - bulge).abs() - 0.012) * 0.75, Part::Jib);
        let stay = limb(at, vec3(0.35, 5.95, 0.0), vec3(2.35, 0.75, 0.0), 0.014, 0.014);
        let back = limb(at, vec3(0.35, 5.95, 0.0), vec3(-2.2, 0.62, 0.0), 0.010, 0.010);
        near = near.and(smaller(stay, back), Part::Spar);
        let wave = 0.05 * sin(at.x * 8.0 + time * 6.0);
        let flag = vec3(at.x - 0.08, at.y - 5.95, at.z - wave);
        near.and(super::solid::cuboid(flag, vec3(0.24, 0.09, 0.012)) * 0.7, Part::Flag)
    }
}

/// A curve from 0 over 1 in the middle back to 0.
#[inline(always)]
fn arch(x: f32) -> f32 {
    let x = x.clamp(0.0, 1.0);
    4.0 * x * (1.0 - x)
}

/// Where two circles overlap: a pointed oval, `long` and `wide` from its middle.
#[inline(always)]
fn lens(x: f32, z: f32, long: f32, wide: f32) -> f32 {
    let radius = (long * long + wide * wide) / (2.0 * wide);
    length(x, z + radius - wide) - radius
}

impl Model for Sailboat {
    fn distance(&self, at: Vec3, time: f32) -> f32 {
        self.near(at, time).distance
    }

    fn paint(&self, at: Vec3, _normal: Vec3, pixel: f32, time: f32) -> Paint {
        let palette = &self.palette;
        let cloth = |color: Color, up: f32| {
            // Panels of cloth, sewn edge to edge.
            let seam = (fract(up / 0.62) - 0.5).abs();
            let line = 1.0 - 0.22 * smoothstep(0.045 + pixel, 0.0, 0.5 - seam);
            Paint { through: 0.62, ..Paint::matt(color * line) }
        };
        match self.near(at, time).part {
            Part::Hull => {
                let trim = smoothstep(0.02, 0.0, (at.y - 0.40 - 0.045 * at.x * at.x).abs() - 0.03);
                let keel = smoothstep(0.10, 0.06, at.y);
                let side = planks(self.hull, at.x, at.y, 0.13, pixel, palette.seed);
                side.rough(0.35)
                    .mix(Paint::matt(gray(0.75)), trim)
                    .mix(Paint::matt(rgb(0.22, 0.03, 0.02)), keel)
            }
            Part::Deck => planks(rgb(0.36, 0.21, 0.10), at.x, at.z, 0.1, pixel, palette.seed),
            Part::Cabin => {
                let port = length(fract(at.x / 0.42) * 0.42 - 0.21, at.y - 0.64) < 0.075;
                if port { palette.pane(0xFF) } else { Paint::matt(gray(0.70)).rough(0.4) }
            }
            Part::Spar => Paint::matt(rgb(0.28, 0.17, 0.08)).rough(0.4),
            Part::Main => cloth(self.main, at.y + 0.25 * at.x),
            Part::Jib => cloth(self.jib, at.y - 0.3 * at.x),
            Part::Flag => Paint { through: 0.5, ..Paint::matt(rgb(0.6, 0.05, 0.03)) },
        }
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 2.8, 0.0), 3.6)
    }
}
