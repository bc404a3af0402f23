//! A temple: columns around a walled room on three steps, under a gabled roof.

use super::model::Model;
use super::paint::{Paint, Palette, masonry, tiles};
use super::solid::{Near, block, cylinder, frustum, gable, repeated, tapered};
use crate::engine::math::{TAU, atan2, floor, fract, larger, mix, smaller, smoothstep};
use crate::engine::noise::{fractal, random};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Half the front's width and half the side's length, from column to column.
const FRONT: f32 = 3.0;
const SIDE: f32 = 4.8;
/// Distance between columns.
const BAY: f32 = 1.2;
/// Heights of the floor, of the columns' ends and of the roof's edge.
const FLOOR: f32 = 0.6;
const COLUMNS: f32 = 4.0;
const EAVES: f32 = 4.9;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Step,
    Column { x: f32, z: f32 },
    Beam,
    Pediment,
    Roof,
    Room,
}

pub(super) struct Temple {
    palette: Palette,
    marble: Color,
}

impl Temple {
    pub(super) fn new(palette: Palette) -> Temple {
        Temple { marble: palette.color(0, rgb(0.60, 0.545, 0.455)), palette }
    }

    #[inline]
    fn near(&self, at: Vec3) -> Near<Part> {
        let hull = block(at, FRONT + 1.4, SIDE + 1.4, -2.5, 6.7);
        if hull > 0.8 {
            return Near::new(hull + 0.3, Part::Step);
        }
        let mut near = Near::new(block(at, FRONT + 1.1, SIDE + 1.1, -2.5, 0.2), Part::Step)
            .and(block(at, FRONT + 0.8, SIDE + 0.8, 0.0, 0.4), Part::Step)
            .and(block(at, FRONT + 0.5, SIDE + 0.5, 0.2, FLOOR), Part::Step)
            .and(block(at, FRONT + 0.42, SIDE + 0.42, COLUMNS + 0.02, COLUMNS + 0.36), Part::Beam)
            .and(block(at, FRONT + 0.36, SIDE + 0.36, COLUMNS + 0.3, EAVES - 0.1), Part::Beam)
            .and(block(at, FRONT + 0.56, SIDE + 0.56, EAVES - 0.12, EAVES), Part::Beam)
            .and(block(at, FRONT - 1.2, SIDE - 1.3, FLOOR, COLUMNS + 0.1), Part::Room);
        // The gable's face lies a little behind its rim.
        let face = gable(at, FRONT + 0.40, SIDE + 0.34, EAVES - 0.02, 6.35);
        let rim = larger(
            gable(at, FRONT + 0.66, SIDE + 0.6, EAVES, 6.52),
            -gable(at, FRONT + 0.2, 20.0, EAVES - 0.1, 6.2),
        );
        near = near.and(face, Part::Pediment).and(rim, Part::Roof);
        if at.y < COLUMNS + 0.4 && at.y > FLOOR - 0.6 {
            // The nearest column of the nearest row.
            // Six stand in front: three to each side of the way in.
            let front = vec3(repeated(at.x.abs() - 0.6, BAY, 2.0), at.y, at.z.abs() - SIDE);
            let side = vec3(at.x.abs() - FRONT, at.y, repeated(at.z, BAY, 4.0));
            for local in [front, side] {
                near = near.and(column(local), Part::Column { x: local.x, z: local.z });
            }
        }
        near
    }
}

/// A fluted shaft, thicker below, between its base and its capital.
#[inline]
fn column(at: Vec3) -> f32 {
    let away = super::solid::length(at.x, at.z);
    let share = (at.y - FLOOR) / (COLUMNS - FLOOR);
    let shaft = tapered(
        away - 0.03 * (share * (1.0 - share) * 4.0),
        at.y,
        0.33,
        0.25,
        FLOOR,
        COLUMNS - 0.2,
    );
    let capital = frustum(at, 0.26, 0.42, COLUMNS - 0.32, COLUMNS - 0.1);
    let slab = block(at, 0.42, 0.42, COLUMNS - 0.12, COLUMNS + 0.03);
    smaller(smaller(shaft, slab), smaller(capital, cylinder(at, 0.38, FLOOR, FLOOR + 0.12)))
}

impl Model for Temple {
    fn distance(&self, at: Vec3, _time: f32) -> f32 {
        self.near(at).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, _time: f32) -> Paint {
        let seed = self.palette.seed;
        let along = at.x * normal.z.abs() + at.z * normal.x.abs();
        let weather = 1.0 + 0.28 * fractal(at.x * 1.3 + at.z, at.y * 0.5, 4, seed ^ 2);
        let marble = self.marble * weather;
        let paint = match self.near(at).part {
            Part::Step => masonry(marble, along, at.y + 0.02, (1.1, 0.2), pixel, seed),
            Part::Column { x, z } => {
                let flute = (fract(atan2(z, x) * (20.0 / TAU)) - 0.5).abs() * 2.0;
                let shown = smoothstep(0.10, 0.03, pixel);
                let drum = fract(
                    (at.y - FLOOR) / 0.85 + random(floor(at.x) as i32, floor(at.z) as i32, 5),
                );
                let joint = mix(1.0, smoothstep(0.0, 0.03 + pixel, drum), 0.35 * shown);
                Paint::matt(marble * (mix(0.92, 0.66 + 0.42 * flute, shown) * joint))
            }
            Part::Beam => {
                // Triglyphs stand over each column and half-way between.
                let high = at.y > COLUMNS + 0.38 && at.y < EAVES - 0.13;
                let slot = (fract(along / (BAY * 0.5)) - 0.5).abs();
                let dark = if high { smoothstep(0.16, 0.20, slot) } else { 1.0 };
                Paint::matt(marble * mix(0.72, 1.0, dark))
            }
            Part::Pediment => {
                let relief = fractal(at.x * 2.4, at.y * 3.0, 3, seed ^ 8);
                Paint::matt(marble * (0.74 + 0.42 * relief))
            }
            Part::Roof if normal.y > 0.4 => {
                tiles(rgb(0.33, 0.145, 0.075), at.z, at.y * 2.2, 0.26, pixel, seed)
            }
            Part::Roof => Paint::matt(marble),
            Part::Room => {
                let wall = masonry(marble * 0.9, along, at.y, (0.9, 0.4), pixel, seed);
                let door = at.x.abs() < 0.75 && at.y < 3.1 && normal.z.abs() > 0.8;
                let fire = rgb(1.6, 0.7, 0.22) * (self.palette.lamps * smoothstep(3.4, 0.6, at.y));
                if door {
                    Paint { glow: fire, ..Paint::matt(gray(0.03)) }
                } else {
                    Paint { glow: fire * 0.16 * wall.albedo.luminance(), ..wall }
                }
            }
        };
        self.palette.weathered(paint, at, normal)
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 2.6, 0.0), 7.6)
    }
}
