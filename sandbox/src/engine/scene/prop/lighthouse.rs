//! A lighthouse with its keeper's house.

use std::f32::consts::{FRAC_1_SQRT_2, FRAC_PI_2};

use super::model::Model;
use super::paint::{Paint, Palette, masonry, opening, planks, tiles};
use super::solid::{Near, block, cuboid, cylinder, eighth, ellipsoid, frustum, gable, length};
use crate::engine::math::{atan2, cos, floor, fract, larger, smaller, smoothstep, squared};
use crate::engine::noise::hash;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Height of the gallery's floor.
const GALLERY: f32 = 6.6;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Tower,
    Iron,
    Lantern,
    Dome,
    House,
    Roof,
    Rock,
}

pub(super) struct Lighthouse {
    palette: Palette,
    band: Color,
}

impl Lighthouse {
    pub(super) fn new(palette: Palette) -> Lighthouse {
        Lighthouse { band: palette.color(0, rgb(0.52, 0.045, 0.035)), palette }
    }

    #[inline]
    fn near(&self, at: Vec3) -> Near<Part> {
        let mut near = Near::new(frustum(at, 1.12, 0.68, 0.0, GALLERY), Part::Tower)
            .and(cylinder(at, 1.45, -2.5, 0.35), Part::Rock)
            .and(frustum(at, 0.7, 1.05, GALLERY - 0.45, GALLERY), Part::Iron)
            .and(cylinder(at, 1.06, GALLERY, GALLERY + 0.1), Part::Iron);
        if at.y > GALLERY - 1.0 {
            let ring = length(length(at.x, at.z) - 1.0, at.y - GALLERY - 0.62) - 0.028;
            let middle = length(length(at.x, at.z) - 1.0, at.y - GALLERY - 0.36) - 0.016;
            let fold = eighth(at);
            let post = smaller(
                cylinder(vec3(fold.x - 1.0, fold.y, fold.z), 0.026, GALLERY, GALLERY + 0.62),
                cylinder(
                    vec3(fold.x - FRAC_1_SQRT_2, fold.y, fold.z - FRAC_1_SQRT_2),
                    0.026,
                    GALLERY,
                    GALLERY + 0.62,
                ),
            );
            near = near.and(smaller(smaller(ring, middle), post), Part::Iron);
            near = near.and(cylinder(at, 0.56, GALLERY, GALLERY + 1.15), Part::Lantern);
            let bar = vec3(fold.x - 0.57, fold.y, fold.z);
            near = near.and(cylinder(bar, 0.03, GALLERY, GALLERY + 1.15), Part::Iron);
            near = near.and(cylinder(at, 0.70, GALLERY + 1.12, GALLERY + 1.22), Part::Dome);
            let dome = vec3(at.x, at.y - GALLERY - 1.2, at.z);
            near = near.and(larger(ellipsoid(dome, vec3(0.64, 0.55, 0.64)), -dome.y), Part::Dome);
            near = near.and(cylinder(dome, 0.035, 0.4, 1.1), Part::Dome);
        }
        let house = vec3(at.x - 2.3, at.y, at.z - 0.2);
        near = near.and(block(house, 1.15, 0.8, -2.5, 1.05), Part::House);
        let along = vec3(house.z, house.y, house.x);
        near = near.and(gable(along, 0.98, 1.28, 0.98, 1.85), Part::Roof);
        let chimney = vec3(house.x - 0.6, house.y - 1.7, house.z - 0.2);
        near.and(cuboid(chimney, vec3(0.13, 0.45, 0.13)), Part::House)
    }
}

impl Model for Lighthouse {
    fn distance(&self, at: Vec3, _time: f32) -> f32 {
        self.near(at).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, pixel: f32, time: f32) -> Paint {
        let palette = &self.palette;
        let around = atan2(at.z, at.x);
        let paint = match self.near(at).part {
            Part::Tower => {
                // Bands with a filtered edge; weather has greyed the white.
                let edge = fract(at.y / 2.6 + 0.12) - 0.5;
                let band = smoothstep(-0.012 - pixel * 0.3, 0.012 + pixel * 0.3, edge.abs() - 0.25);
                let wall = gray(0.74).mix(self.band, band);
                let wall =
                    masonry(wall, around, at.y, (0.55, 0.26), pixel * 2.0 + 0.05, palette.seed);
                let turn = around + 1.9;
                let up = at.y - 1.2;
                let row = floor(up / 2.0);
                let across = (turn + 0.45 * row - 0.2) * 0.9;
                let window = opening(across, up - row * 2.0, 0.15, 0.5, 1.15, pixel);
                let door = opening((around + FRAC_PI_2) * 1.1, at.y, 0.27, 0.3, 1.3, pixel);
                let pane = palette.pane(hash(row as i32, 3, palette.seed) | 0xFF);
                let wall = wall.mix(if row < 0.0 { wall } else { pane }, window);
                wall.mix(Paint::matt(rgb(0.09, 0.05, 0.03)), door)
            }
            Part::Iron => Paint { metallic: 0.6, ..Paint::matt(gray(0.06)).rough(0.5) },
            Part::Dome => Paint { metallic: 0.3, ..Paint::matt(self.band * 0.8).rough(0.45) },
            Part::Lantern => {
                // The lens turns: it is brightest where it looks.
                let beam = squared(larger(0.5 + 0.5 * cos(around * 2.0 - time * 1.4), 0.0), 3);
                let lamp = rgb(3.6, 2.7, 1.4) * (palette.lamps * (0.55 + 1.2 * beam));
                Paint { roughness: 0.05, glow: lamp, ..Paint::matt(rgb(0.10, 0.12, 0.13)) }
            }
            Part::House => {
                let (along, wide) =
                    if normal.x.abs() > 0.5 { (at.z, 0.0) } else { (at.x - 2.3, 1.0) };
                let wall = masonry(gray(0.62), along, at.y, (0.5, 0.25), pixel * 2.0, palette.seed);
                let cell = floor(along / 0.7 + 0.5);
                let window = opening(along - cell * 0.7, at.y, 0.14, 0.38, 0.82, pixel) * wide;
                wall.mix(palette.pane(hash(cell as i32, 9, palette.seed) | 0xFF), window)
            }
            Part::Roof => tiles(rgb(0.17, 0.06, 0.04), at.x, at.y, 0.12, pixel, palette.seed),
            Part::Rock if normal.y > 0.8 => {
                planks(gray(0.24), at.x, at.z, 0.4, pixel, palette.seed)
            }
            Part::Rock => masonry(gray(0.26), around * 1.4, at.y, (0.5, 0.22), pixel, palette.seed),
        };
        palette.weathered(paint, at, normal)
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.6, 4.0, 0.0), 5.4)
    }
}
