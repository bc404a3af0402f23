//! A hot-air balloon: gores of coloured cloth, a basket and a burner.

use super::model::Model;
use super::paint::{Paint, Palette};
use super::solid::{Near, block, cylinder, length, limb};
use crate::engine::math::{TAU, atan2, exp, floor, fract, larger, mix, sin, smoothstep};
use crate::engine::noise::byte;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Where the envelope's ball and mouth are, and how wide.
const MIDDLE: f32 = 3.1;
const WIDE: f32 = 1.45;
const MOUTH: f32 = 1.0;
const NECK: f32 = 0.30;
const GORES: f32 = 16.0;

/// Palettes of three cloths that go together.
const CLOTHS: [[Color; 3]; 5] = [
    [rgb(0.62, 0.045, 0.03), rgb(0.80, 0.52, 0.06), rgb(0.78, 0.72, 0.60)],
    [rgb(0.03, 0.16, 0.42), rgb(0.76, 0.72, 0.62), rgb(0.72, 0.16, 0.04)],
    [rgb(0.02, 0.28, 0.27), rgb(0.78, 0.60, 0.16), rgb(0.76, 0.24, 0.09)],
    [rgb(0.32, 0.05, 0.28), rgb(0.78, 0.28, 0.22), rgb(0.82, 0.62, 0.34)],
    [rgb(0.75, 0.36, 0.03), rgb(0.74, 0.70, 0.60), rgb(0.10, 0.22, 0.16)],
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Envelope,
    Basket,
    Rope,
    Burner,
}

pub(super) struct Balloon {
    palette: Palette,
    cloth: [Color; 3],
    own: u32,
}

impl Balloon {
    /// `own` tells one balloon of a scene from another.
    pub(super) fn new(palette: Palette, own: u32) -> Balloon {
        let number = own as usize % CLOTHS.len();
        let [a, b, c] = CLOTHS.get(number).copied().unwrap_or([gray(0.6); 3]);
        let first = (own >> 8) as usize % 3;
        let cloth = match palette.colors.len() {
            0 => [a, b, c],
            1 => [palette.color(0, a), gray(0.72), palette.color(0, a) * 0.55],
            _ => [palette.color(first, a), palette.color(first + 1, b), gray(0.72)],
        };
        Balloon { cloth, own, palette }
    }

    #[inline]
    fn near(&self, at: Vec3) -> Near<Part> {
        let away = length(at.x, at.z);
        let mut near = Near::new(envelope(away, at.y), Part::Envelope);
        if at.y < MOUTH + 0.5 {
            near = near.and(block(at, 0.19, 0.19, 0.0, 0.30) - 0.02, Part::Basket);
            let corner = vec3(at.x.abs(), at.y, at.z.abs());
            let rope =
                limb(corner, vec3(0.18, 0.30, 0.18), vec3(0.21, MOUTH + 0.05, 0.21), 0.010, 0.010);
            near = near.and(rope, Part::Rope);
            near = near.and(cylinder(at, 0.07, 0.56, 0.66), Part::Burner);
        }
        near
    }
}

/// A ball that narrows to its mouth: a cone between two balls, given the distance from the axis.
#[inline(always)]
fn envelope(away: f32, y: f32) -> f32 {
    const LOW: f32 = MOUTH + NECK;
    const LONG: f32 = MIDDLE - LOW;
    const SLOPE: f32 = (NECK - WIDE) / LONG;
    let y = y - LOW;
    let across = (1.0 - SLOPE * SLOPE).sqrt();
    let along = across * y - SLOPE * away;
    let ball = if along < 0.0 {
        length(away, y) - NECK
    } else if along > across * LONG {
        length(away, y - LONG) - WIDE
    } else {
        away * across + y * SLOPE - NECK
    };
    larger(ball, MOUTH - LOW - y)
}

impl Model for Balloon {
    fn distance(&self, at: Vec3, _time: f32) -> f32 {
        self.near(at).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, time: f32) -> Paint {
        let flicker = 0.75 + 0.25 * sin(time * 1.7) * sin(time * 0.61 + 1.0);
        let lamps = self.palette.lamps;
        match self.near(at).part {
            Part::Basket => {
                let weave = fract(at.y / 0.05 + floor((at.x + at.z) / 0.06) * 0.5);
                let tone = mix(1.0, 0.65 + 0.5 * weave, smoothstep(0.08, 0.02, pixel));
                Paint::matt(rgb(0.26, 0.15, 0.07) * tone)
            }
            Part::Rope => Paint::matt(gray(0.06)),
            Part::Burner => Paint {
                metallic: 0.8,
                glow: rgb(3.0, 1.5, 0.5) * (lamps * flicker),
                ..Paint::matt(gray(0.2))
            },
            Part::Envelope if normal.y < -0.98 => Paint::matt(gray(0.02)),
            Part::Envelope => {
                let turn = atan2(at.z, at.x) * (GORES / TAU);
                let (gore, within) = (floor(turn), fract(turn));
                let cloth = self.pattern(gore, at.y);
                // Each gore bellies out between its seams.
                let round = 1.0 - 4.0 * (within - 0.5) * (within - 0.5);
                let seam =
                    mix(1.0, 0.70 + 0.34 * round, smoothstep(0.5, 0.12, pixel * GORES / 9.0));
                let heat = exp(-larger(at.y - MOUTH, 0.0) * 0.75);
                let glow = cloth * (rgb(2.6, 1.5, 0.75) * (lamps * flicker * (0.22 + heat)));
                Paint { through: 0.5, glow, ..Paint::matt(cloth * seam).rough(0.7) }
            }
        }
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 2.28, 0.0), 2.4)
    }
}

impl Balloon {
    /// Which cloth a gore has at a height.
    fn pattern(&self, gore: f32, y: f32) -> Color {
        let [a, b, c] = self.cloth;
        let step = floor((y - MOUTH) / 0.42);
        match self.own >> 4 & 3 {
            // Stripes from mouth to crown.
            0 => {
                if fract(gore * 0.5) < 0.25 {
                    a
                } else {
                    b
                }
            }
            // A zigzag around the middle.
            1 => {
                let band = floor(step + fract(gore * 0.5) * 2.0);
                if !(2.0..6.0).contains(&band) {
                    a
                } else if fract(band * 0.5) < 0.25 {
                    b
                } else {
                    c
                }
            }
            // A spiral.
            2 => {
                let turn = fract((gore + step) * 0.25);
                if turn < 0.2 {
                    c
                } else if turn < 0.45 {
                    a
                } else if turn < 0.7 {
                    b
                } else {
                    a
                }
            }
            // Rings, and a crown of another cloth.
            _ => {
                let tone = mix(1.0, 0.86, byte(self.own, 16) * fract(gore * 0.5) * 2.0);
                let ring = if step >= 6.0 {
                    c
                } else if fract(step * 0.5) < 0.25 {
                    a
                } else {
                    b
                };
                ring * tone
            }
        }
    }
}
