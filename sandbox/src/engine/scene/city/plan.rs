//! The plan of a city: plots, streets, and what its mass does to the light.

// Cells are bounded by the grids that this module makes itself.
#![allow(clippy::indexing_slicing)]

use super::tower::Tower;
use crate::engine::math::{exp, floor, larger, mix, saturate, smaller, smoothstep};
use crate::engine::noise::{byte, hash};
use crate::engine::prompt::{Composition, Era};
use crate::engine::vector::Vec3;

/// Distance between the middles of two streets.
pub(super) const CELL: f32 = 15.0;
/// Plots along each side of the city.
pub(super) const ACROSS: i32 = 38;
/// Half the side of the city.
pub(super) const HALF: f32 = CELL * ACROSS as f32 * 0.5;
/// Half the width of a street, and of the two avenues that cross in the middle.
pub(super) const STREET: f32 = 1.9;
pub(super) const AVENUE: f32 = 5.4;
/// Height of the ground above the water.
pub(super) const GROUND: f32 = 0.9;
/// Shadow cells along a plot.
const FINE: i32 = 6;
const FINE_SIZE: f32 = CELL / FINE as f32;
const FINE_ACROSS: i32 = ACROSS * FINE;

/// Ground that something is built on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    pub(super) x: f32,
    pub(super) z: f32,
    pub(super) half_x: f32,
    pub(super) half_z: f32,
    /// Height of the ground; below 0 where there is none.
    pub(super) ground: f32,
    /// Height to build to.
    pub(super) height: f32,
    pub(super) park: bool,
    /// Whether signs may stand out into the street.
    pub(super) signs: bool,
    pub(super) id: u32,
}

/// All plots, with maps of shadow and crowding.
pub(super) struct Plan {
    towers: Vec<Tower>,
    land: Vec<bool>,
    /// Height below which a place lies in shadow.
    shadow: Vec<f32>,
    /// Mean height of what stands around a plot.
    crowd: Vec<f32>,
}

impl Plan {
    /// Lays out a city and lets the sun in. `None` when cancelled.
    pub(super) fn build(
        composition: &Composition,
        sun: Vec3,
        inland: bool,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Plan> {
        let era = composition.era;
        let plots: Vec<Plot> = (0..ACROSS * ACROSS)
            .map(|number| plot(number % ACROSS, number / ACROSS, composition, inland))
            .collect();
        let land = plots.iter().map(|plot| plot.ground > 0.0).collect();
        let towers: Vec<Tower> = plots.iter().map(|plot| Tower::raise(plot, era)).collect();
        let mut heights = vec![0.0; (FINE_ACROSS * FINE_ACROSS) as usize];
        for z in 0..FINE_ACROSS {
            for x in 0..FINE_ACROSS {
                let tower = &towers[((z / FINE) * ACROSS + x / FINE) as usize];
                let middle = |cell: i32| (cell as f32 + 0.5) * FINE_SIZE - HALF;
                heights[(z * FINE_ACROSS + x) as usize] = tower.height_at(middle(x), middle(z));
            }
        }
        let shadow = shadow(&heights, sun, cancel)?;
        let crowd = crowd(&heights);
        Some(Plan { towers, land, shadow, crowd })
    }

    pub(super) fn tower(&self, x: i32, z: i32) -> Option<&Tower> {
        inside(x, z).then(|| &self.towers[(z * ACROSS + x) as usize])
    }

    pub(super) fn land(&self, x: i32, z: i32) -> bool {
        inside(x, z) && self.land[(z * ACROSS + x) as usize]
    }

    /// Height of the tallest thing.
    pub(super) fn top(&self) -> f32 {
        self.towers.iter().fold(GROUND, |top, tower| larger(top, tower.top))
    }

    /// Share of sunlight that reaches a point.
    pub(super) fn sunlit(&self, at: Vec3) -> f32 {
        let edge = sampled(&self.shadow, FINE_ACROSS, FINE_SIZE, at.x, at.z);
        smoothstep(edge - 1.2, edge + 1.8, at.y)
    }

    /// Mean height of what stands around.
    pub(super) fn crowd(&self, x: f32, z: f32) -> f32 {
        sampled(&self.crowd, ACROSS, CELL, x, z)
    }
}

fn inside(x: i32, z: i32) -> bool {
    x >= 0 && z >= 0 && x < ACROSS && z < ACROSS
}

fn plot(x: i32, z: i32, composition: &Composition, inland: bool) -> Plot {
    let seed = composition.variation;
    let id = hash(x, z, seed ^ 0xB1D);
    let (first, second) = (byte(id, 0), byte(id, 16));
    let place = |cell: i32| (cell as f32 + 0.5) * CELL - HALF;
    let (dx, dz) = (place(x) / HALF, place(z) / HALF);
    let shore = 0.10 * (byte(hash(x / 5, z / 5, seed ^ 3), 0) - 0.5);
    let inland_by = 1.0 - (dx * dx * dx * dx + dz * dz * dz * dz) + shore;
    // Downtown and two lesser centres.
    let offset = (byte(seed, 3) - 0.5) * 0.3;
    let hill = |cx: f32, cz: f32, wide: f32| {
        exp(-((dx - cx) * (dx - cx) + (dz - cz) * (dz - cz)) / (wide * wide))
    };
    let side = if seed & 8 == 0 { 1.0 } else { -1.0 };
    let center = hill(offset, -0.12, 0.34)
        + 0.62 * hill(side * 0.62, 0.22, 0.22)
        + 0.50 * hill(-side * 0.58, 0.45, 0.24);
    let peak = second * second;
    let mut height = match composition.era {
        Era::Old => {
            let landmark = hash(x / 4, z / 4, seed ^ 21);
            let stands = landmark % 16 == ((z & 3) * 4 + (x & 3)) as u32;
            if stands && landmark >> 9 & 3 != 0 { 18.0 } else { 4.0 + 5.0 * first }
        }
        Era::Deco => 8.0 + 12.0 * first + center * (18.0 + 105.0 * peak + 14.0 * first),
        Era::Modern => 7.0 + 11.0 * first + center * (24.0 + 128.0 * peak + 18.0 * first),
        Era::Future => 8.0 + 15.0 * first + center * (22.0 + 140.0 * peak + 18.0 * first),
    };
    let free = hash(x / 2, z / 2, seed ^ 77) & 31 < 2 || second < 0.025;
    let rim = dz < -0.80 && inland_by > 0.0;
    let green = composition.with.contains(&crate::engine::prompt::Subject::Forest);
    let park = free || (rim && green && dz < -0.70);
    if park {
        height = 3.0;
    }
    let land = inland || inland_by > 0.0;
    if inland && inland_by <= 0.0 {
        height = if second < 0.4 { 3.5 + 3.0 * first } else { 0.0 };
    }
    let margin = |cell: i32, toward: i32| {
        let avenue = (cell == ACROSS / 2 && toward < 0) || (cell == ACROSS / 2 - 1 && toward > 0);
        0.7 + if avenue { AVENUE } else { STREET } + 0.5 * byte(id, 9)
    };
    let (left, right) = (margin(x, -1), margin(x, 1));
    let (front, back) = (margin(z, -1), margin(z, 1));
    Plot {
        x: place(x) + (left - right) * 0.5,
        z: place(z) + (front - back) * 0.5,
        half_x: (CELL - left - right) * 0.5,
        half_z: (CELL - front - back) * 0.5,
        ground: if land { GROUND } else { -2.0 },
        height: if land { height } else { 0.0 },
        park,
        signs: composition.street || composition.era == Era::Future,
        id,
    }
}

/// Walks from every cell towards the sun for what stands in its way.
fn shadow(heights: &[f32], sun: Vec3, cancel: &dyn Fn() -> bool) -> Option<Vec<f32>> {
    let level = larger((sun.x * sun.x + sun.z * sun.z).sqrt(), 1e-3);
    let (step_x, step_z) = (sun.x / level, sun.z / level);
    let fall = larger(sun.y, 0.08) / level * FINE_SIZE;
    let tallest = heights.iter().fold(0.0, |top, height| larger(top, *height));
    let steps = smaller(tallest / fall, 90.0) as i32;
    let mut shadow = Vec::with_capacity(heights.len());
    for z in 0..FINE_ACROSS {
        if z % 8 == 0 && cancel() {
            return None;
        }
        for x in 0..FINE_ACROSS {
            let mut edge = 0.0;
            for step in 1..steps {
                let reach = step as f32;
                // So far away not even the tallest would add to the shadow.
                if tallest - reach * fall <= edge {
                    break;
                }
                let at_x = x + floor(step_x * reach + 0.5) as i32;
                let at_z = z + floor(step_z * reach + 0.5) as i32;
                if at_x < 0 || at_z < 0 || at_x >= FINE_ACROSS || at_z >= FINE_ACROSS {
                    break;
                }
                let height = heights[(at_z * FINE_ACROSS + at_x) as usize];
                edge = larger(edge, height - reach * fall);
            }
            shadow.push(edge);
        }
    }
    Some(shadow)
}

/// Mean heights of plots, blurred over their neighbours.
fn crowd(heights: &[f32]) -> Vec<f32> {
    let mean = |x: i32, z: i32| {
        let (x, z) = (x.clamp(0, ACROSS - 1) * FINE, z.clamp(0, ACROSS - 1) * FINE);
        let mut sum = 0.0;
        for fine in 0..FINE * FINE {
            sum += heights[((z + fine / FINE) * FINE_ACROSS + x + fine % FINE) as usize];
        }
        sum / (FINE * FINE) as f32
    };
    let means: Vec<f32> =
        (0..ACROSS * ACROSS).map(|plot| mean(plot % ACROSS, plot / ACROSS)).collect();
    let at =
        |x: i32, z: i32| means[(z.clamp(0, ACROSS - 1) * ACROSS + x.clamp(0, ACROSS - 1)) as usize];
    (0..ACROSS * ACROSS)
        .map(|plot| {
            let (x, z) = (plot % ACROSS, plot / ACROSS);
            let around: f32 =
                [(-1, 0), (1, 0), (0, -1), (0, 1)].iter().map(|(a, b)| at(x + a, z + b)).sum();
            at(x, z) * 0.3 + around * 0.175
        })
        .collect()
}

/// Bilinear lookup in a square grid of cells around the origin.
fn sampled(grid: &[f32], across: i32, size: f32, x: f32, z: f32) -> f32 {
    let most = across as f32 - 1.001;
    let place = |v: f32| larger(smaller((v + HALF) / size - 0.5, most), 0.0);
    let (x, z) = (place(x), place(z));
    let (cell_x, cell_z) = (x as i32, z as i32);
    let (u, v) = (saturate(x - cell_x as f32), saturate(z - cell_z as f32));
    let at = |x: i32, z: i32| grid[(z * across + x) as usize];
    mix(
        mix(at(cell_x, cell_z), at(cell_x + 1, cell_z), u),
        mix(at(cell_x, cell_z + 1), at(cell_x + 1, cell_z + 1), u),
        v,
    )
}
