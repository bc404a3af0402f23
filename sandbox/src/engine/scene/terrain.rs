//! Land: a height field that repeats, shaped by noise and running water, with its light baked.

// All positions are wrapped to the field's side, a power of two.
#![allow(clippy::indexing_slicing)]

use super::erosion;
use crate::engine::math::{floor, larger, mix, saturate, smoothstep};
use crate::engine::noise::{fractal, gradient, periodic};
use crate::engine::parallel;
use crate::engine::prompt::{Composition, Subject};
use crate::engine::vector::Vec3;

/// Side of the field in cells; a cell is one unit of length.
pub(super) const SIDE: usize = 1024;
/// Column of the valley along which the camera travels.
pub(super) const VALLEY: f32 = 512.0;
/// Height of the water where there is water.
pub(super) const WATER_LEVEL: f32 = 30.0;
/// Height of the water where there is none: below all land.
pub(super) const DRY: f32 = -50.0;
/// Side of the coarse copy of the field, for reflections.
const COARSE: usize = SIDE / 4;

/// The land of one scene.
pub(super) struct Terrain {
    pub(super) water: f32,
    /// Height above which snow lies.
    pub(super) snow_line: f32,
    heights: Vec<f32>,
    coarse: Vec<f32>,
    /// Share of sunlight that arrives, 0 to 1.
    sunlit: Vec<f32>,
    /// Share of sky that is seen, 0 to 1.
    open: Vec<f32>,
    /// Likelihood of a tree, 0 or less for none.
    wooded: Vec<f32>,
}

impl Terrain {
    /// Shapes the land. `None` when cancelled.
    pub(super) fn build(
        composition: &Composition,
        sun: Vec3,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Terrain> {
        let seed = composition.variation;
        let subject = composition.subject;
        let water = match subject {
            Subject::Lake | Subject::Sea => WATER_LEVEL,
            _ => DRY,
        };
        let snow_line = if composition.snow { 6.0 } else { 100.0 };
        let mut heights = vec![0.0; SIDE * SIDE];
        let shaped = parallel::fill(
            &mut heights,
            SIDE,
            &|z, row| {
                for (x, height) in row.iter_mut().enumerate() {
                    *height = raised(subject, x as f32, z as f32, seed);
                }
            },
            cancel,
            &mut |_| {},
        );
        if !shaped {
            return None;
        }
        if subject != Subject::Desert {
            erosion::erode(&mut heights, SIDE, seed, cancel)?;
        }
        let coarse = averaged(&heights);
        let mut terrain = Terrain {
            water,
            snow_line,
            sunlit: sunlit(&heights, sun),
            open: open_sky(&heights),
            wooded: Vec::new(),
            heights,
            coarse,
        };
        if cancel() {
            return None;
        }
        terrain.wooded = terrain.wooded(composition, cancel)?;
        Some(terrain)
    }

    /// Height of the bare ground, smooth between cells.
    #[inline(always)]
    pub(super) fn height(&self, x: f32, z: f32) -> f32 {
        interpolated(&self.heights, x, z)
    }

    /// Height of the ground to within four cells, quickly.
    #[inline(always)]
    pub(super) fn coarse_height(&self, x: f32, z: f32) -> f32 {
        let (x, z) = ((x * 0.25) as i32 as usize, (z * 0.25) as i32 as usize);
        self.coarse[(z & (COARSE - 1)) * COARSE + (x & (COARSE - 1))]
    }

    /// Share of sunlight, 0 in shadow.
    #[inline(always)]
    pub(super) fn sunlit_at(&self, x: f32, z: f32) -> f32 {
        interpolated(&self.sunlit, x, z)
    }

    /// Share of the sky that is seen from the ground.
    #[inline(always)]
    pub(super) fn open_at(&self, x: f32, z: f32) -> f32 {
        interpolated(&self.open, x, z)
    }

    /// Likelihood of a tree, 0 or less for none.
    #[inline(always)]
    pub(super) fn wooded_at(&self, x: f32, z: f32) -> f32 {
        let (x, z) = (floor(x) as i32 as usize, floor(z) as i32 as usize);
        self.wooded[(z & (SIDE - 1)) * SIDE + (x & (SIDE - 1))]
    }

    fn wooded(&self, composition: &Composition, cancel: &dyn Fn() -> bool) -> Option<Vec<f32>> {
        let mut wooded = vec![0.0; SIDE * SIDE];
        if composition.subject == Subject::Desert {
            return Some(wooded);
        }
        let forest = composition.subject == Subject::Forest;
        let base = if forest { 0.95 } else { 0.30 };
        let tree_line = if forest { 120.0 } else { larger(self.snow_line, 62.0) * 0.72 };
        let seed = composition.variation ^ 5;
        let done = parallel::fill(
            &mut wooded,
            SIDE,
            &|z, row| {
                for (x, likelihood) in row.iter_mut().enumerate() {
                    let (x, z) = (x as f32, z as f32);
                    let height = self.height(x, z);
                    if height < self.water + 1.5 || height > tree_line + 10.0 {
                        continue;
                    }
                    let steep = (self.height(x + 1.0, z) - self.height(x - 1.0, z)).abs()
                        + (self.height(x, z + 1.0) - self.height(x, z - 1.0)).abs();
                    let patches = if forest { 0.35 } else { 0.85 };
                    *likelihood = base + patches * gradient(x * 0.02, z * 0.02, seed)
                        - 0.16 * larger(steep - 1.6, 0.0)
                        - smoothstep(tree_line - 14.0, tree_line + 6.0, height);
                }
            },
            cancel,
            &mut |_| {},
        );
        done.then_some(wooded)
    }
}

/// Height before erosion.
fn raised(subject: Subject, x: f32, z: f32, seed: u32) -> f32 {
    let (u, v) = (x / SIDE as f32, z / SIDE as f32);
    // The valley winds around its column.
    let center = VALLEY + 60.0 * (periodic(v * 6.0, 0.5, seed ^ 77, 6).value - 0.5);
    let aside = (x - center).abs();
    match subject {
        Subject::Desert => dunes(u, v, seed),
        Subject::Sea => {
            let coast = smoothstep(60.0, 330.0, aside);
            mountains(u, v, seed) * mix(0.10, 0.62, coast) + mix(2.0, 13.0, coast)
        }
        Subject::Forest => {
            let slope = smoothstep(10.0, 300.0, aside);
            let hills = mountains(u, v, seed);
            30.0 + mix(hills * 0.20, hills * 0.62, slope)
        }
        Subject::Lake => {
            let slope = smoothstep(26.0, 210.0, aside);
            let peaks = mountains(u, v, seed);
            mix(12.0 + peaks * 0.14, 22.0 + peaks * 0.98, slope)
        }
        _ => {
            let slope = smoothstep(14.0, 220.0, aside);
            let peaks = mountains(u, v, seed);
            mix(24.0 + peaks * 0.16, 26.0 + peaks, slope)
        }
    }
}

/// Noise whose octaves fade on slopes, as rain leaves them, sharpened into ridges.
fn mountains(u: f32, v: f32, seed: u32) -> f32 {
    let (mut amplitude, mut frequency) = (0.5f32, 4i32);
    let (mut sum, mut dx, mut dy) = (0.0f32, 0.0f32, 0.0f32);
    let (mut shift_u, mut shift_v) = (0.37f32, 0.11f32);
    for octave in 0..9u32 {
        let noise = periodic(
            u * frequency as f32 + shift_u,
            v * frequency as f32 + shift_v,
            seed.wrapping_add(octave * 977),
            frequency,
        );
        dx += noise.dx;
        dy += noise.dy;
        sum += amplitude * noise.value / (1.0 + 0.55 * (dx * dx + dy * dy));
        amplitude *= 0.5;
        frequency *= 2;
        shift_u += 0.21;
        shift_v += 0.47;
    }
    let bend = periodic(u * 9.0, v * 9.0, seed ^ 0x77, 9).value * 0.45;
    let crest =
        1.0 - (periodic(u * 5.0 + bend, v * 5.0 - bend, seed ^ 0x55, 5).value * 2.0 - 1.0).abs();
    let raised = sum * (0.62 + 0.95 * crest * crest);
    raised * (0.35 + raised) * 170.0
}

fn dunes(u: f32, v: f32, seed: u32) -> f32 {
    let bend = periodic(u * 8.0, v * 8.0, seed ^ 7, 8).value;
    let wave = periodic(u * 26.0 + bend * 2.2, v * 7.0 + bend * 1.1, seed ^ 3, 26).value;
    // A crest a little rounder than a crease, which the field's cells could not carry.
    let side = wave * 2.0 - 1.0;
    let crest = 1.04 - (side * side + 0.006).sqrt();
    let broad = periodic(u * 4.0, v * 4.0, seed ^ 11, 4).value;
    crest * crest * 21.0 + broad * 26.0
}

#[inline(always)]
fn interpolated(field: &[f32], x: f32, z: f32) -> f32 {
    let (fx, fz) = (floor(x), floor(z));
    let (u, v) = (x - fx, z - fz);
    let (x0, z0) = (fx as i32 as usize & (SIDE - 1), fz as i32 as usize & (SIDE - 1));
    let (x1, z1) = ((x0 + 1) & (SIDE - 1), (z0 + 1) & (SIDE - 1));
    mix(
        mix(field[z0 * SIDE + x0], field[z0 * SIDE + x1], u),
        mix(field[z1 * SIDE + x0], field[z1 * SIDE + x1], u),
        v,
    )
}

fn averaged(heights: &[f32]) -> Vec<f32> {
    let cell = SIDE / COARSE;
    let mut coarse = Vec::with_capacity(COARSE * COARSE);
    for z in 0..COARSE {
        for x in 0..COARSE {
            let mut sum = 0.0;
            for row in 0..cell {
                let start = (z * cell + row) * SIDE + x * cell;
                for height in &heights[start..start + cell] {
                    sum += height;
                }
            }
            coarse.push(sum / (cell * cell) as f32);
        }
    }
    coarse
}

/// Sweeps the sun's rays over the land, row by row away from the sun, which stands ahead (+z).
fn sunlit(heights: &[f32], sun: Vec3) -> Vec<f32> {
    let (drift, fall) = (sun.x / sun.z, sun.y / sun.z);
    let mut ray = heights.to_vec();
    // The field repeats: the second sweep starts with what the first one left.
    for sweep in 0..2 {
        for z in (0..SIDE).rev() {
            if sweep == 0 && z == SIDE - 1 {
                continue;
            }
            let ahead = (z + 1) % SIDE * SIDE;
            for x in 0..SIDE {
                let from = x as f32 + drift;
                let whole = floor(from);
                let x0 = (whole as i32).rem_euclid(SIDE as i32) as usize;
                let x1 = (x0 + 1) % SIDE;
                let lowered = mix(ray[ahead + x0], ray[ahead + x1], from - whole) - fall;
                ray[z * SIDE + x] = larger(lowered, heights[z * SIDE + x]);
            }
        }
    }
    ray.iter().zip(heights).map(|(ray, height)| 1.0 - smoothstep(0.0, 4.0, ray - height)).collect()
}

/// Hollows see less sky than crests: compares each height with the average around it.
fn open_sky(heights: &[f32]) -> Vec<f32> {
    let mut around = heights.to_vec();
    for radius in [3usize, 9] {
        for _ in 0..2 {
            around = blurred_and_turned(&around, radius);
        }
    }
    heights
        .iter()
        .zip(&around)
        .map(|(height, around)| larger(saturate(0.92 + (height - around) * 0.10), 0.35))
        .collect()
}

fn blurred_and_turned(source: &[f32], radius: usize) -> Vec<f32> {
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut turned = vec![0.0; source.len()];
    for (number, line) in source.chunks_exact(SIDE).enumerate() {
        let mut sum = 0.0;
        for at in 0..2 * radius {
            sum += line[(at + SIDE - radius) & (SIDE - 1)];
        }
        for at in 0..SIDE {
            sum += line[(at + radius) & (SIDE - 1)];
            turned[at * SIDE + number] = sum * share;
            sum -= line[(at + SIDE - radius) & (SIDE - 1)];
        }
    }
    turned
}

/// Slow variation of ground colour, about -1 to 1.
#[inline]
pub(super) fn soil(x: f32, z: f32, seed: u32) -> f32 {
    fractal(x * 0.06, z * 0.06, 4, seed ^ 60)
}
