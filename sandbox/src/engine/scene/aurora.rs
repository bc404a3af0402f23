//! Northern lights: curtains of light that hang in folds high above the land.

// Positions are wrapped to the map's side, a power of two.
#![allow(clippy::indexing_slicing)]

use super::sky::Detail;
use crate::engine::math::{exp, floor, mix, smoothstep, squared};
use crate::engine::noise::{periodic, random};
use crate::engine::vector::{Color, Vec3, gray, rgb};

/// Side of the map of the folds; it repeats.
const SIDE: usize = 512;
/// Cells of the map for each unit of length. Curtains hang from one unit of height upwards.
const SCALE: f32 = 34.0;

/// Where, seen from above, the curtains hang.
pub(super) struct Aurora {
    folds: Vec<f32>,
}

impl Aurora {
    pub(super) fn new(seed: u32) -> Aurora {
        let cell = |number: usize| {
            let (x, z) = (number % SIDE, number / SIDE);
            fold(x as f32 / SIDE as f32, z as f32 / SIDE as f32, seed)
        };
        Aurora { folds: (0..SIDE * SIDE).map(cell).collect() }
    }

    /// Light from direction `ray` at `time` seconds.
    pub(super) fn light(&self, ray: Vec3, time: f32, detail: Detail) -> Color {
        if ray.y <= 0.015 {
            return gray(0.0);
        }
        let steps = if detail == Detail::Full { 30 } else { 11 };
        // Every ray starts its steps elsewhere, else they would show as sheets.
        let start = random((ray.x * 9000.0) as i32, (ray.y * 9000.0) as i32, 3);
        let mut light = gray(0.0);
        for step in 0..steps {
            let share = (step as f32 + start) / steps as f32;
            let height = 1.0 + 0.5 * share * share;
            let reach = height / (ray.y + 0.10);
            let (x, z) = (ray.x * reach, ray.z * reach);
            let curtain = self.fold_at(x * SCALE + time * 0.9, z * SCALE + time * 0.35);
            if curtain > 0.0 {
                let hue = rgb(0.06, 0.85, 0.34)
                    .mix(rgb(0.05, 0.45, 0.55), smoothstep(0.15, 0.45, share))
                    .mix(rgb(0.50, 0.10, 0.62), smoothstep(0.35, 0.85, share));
                light += hue * (curtain * exp(-share * 3.0) * smoothstep(0.0, 0.06, share));
            }
        }
        light * (6.5 / steps as f32 * smoothstep(0.015, 0.14, ray.y))
    }

    fn fold_at(&self, x: f32, z: f32) -> f32 {
        let (fx, fz) = (floor(x), floor(z));
        let (u, v) = (x - fx, z - fz);
        let wrap = |cell: f32| cell as i32 as usize & (SIDE - 1);
        let (x0, x1) = (wrap(fx), wrap(fx + 1.0));
        let (z0, z1) = (wrap(fz) * SIDE, wrap(fz + 1.0) * SIDE);
        let field = &self.folds;
        mix(mix(field[z0 + x0], field[z0 + x1], u), mix(field[z1 + x0], field[z1 + x1], u), v)
    }
}

/// Strength of the curtains at a point of the map, both positions from 0 to 1: thin bands that
/// wind, with rays along them.
fn fold(u: f32, v: f32, seed: u32) -> f32 {
    let wave = |u: f32, v: f32, count: i32, seed: u32| {
        periodic(u * count as f32, v * count as f32, seed, count).value
    };
    let bend_u =
        0.16 * (wave(u, v, 5, seed ^ 0xA1) - 0.5) + 0.05 * (wave(u, v, 13, seed ^ 0xA2) - 0.5);
    let bend_v =
        0.22 * (wave(u, v, 4, seed ^ 0xA3) - 0.5) + 0.06 * (wave(u, v, 11, seed ^ 0xA4) - 0.5);
    let band = |count: i32, seed: u32| {
        let side = wave(0.5 + bend_u, v + bend_v, count, seed) * 2.0 - 1.0;
        {
            let crest = 1.0 - side.abs();
            squared(crest, 4) + 0.12 * squared(crest, 2)
        }
    };
    let bands = band(5, seed ^ 0xA5) + 0.6 * band(7, seed ^ 0xA6);
    let rays = 0.15 + 0.8 * wave(u, v, 64, seed ^ 0xA7) + 0.6 * wave(u, v, 150, seed ^ 0xA9);
    let patches = smoothstep(0.25, 0.75, wave(u, v, 4, seed ^ 0xA8));
    bands * rays * (0.12 + patches)
}
