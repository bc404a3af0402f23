//! Running water: droplets that carve gullies and leave scree.

// Positions are wrapped to the field's side, a power of two.
#![allow(clippy::indexing_slicing)]

use super::setting::Form;
use super::terrain::SIDE;
use crate::engine::math::{larger, mix, smaller, split};
use crate::engine::noise::random;

/// Cells that a droplet runs at most.
const STEPS: usize = 34;
/// Share of its direction that a droplet keeps.
const INERTIA: f32 = 0.06;
/// Sediment carried per unit of slope, speed and water.
const CAPACITY: f32 = 5.0;
const ERODED: f32 = 0.28;
const DEPOSITED: f32 = 0.28;
const EVAPORATED: f32 = 0.016;
const GRAVITY: f32 = 3.0;

/// Droplets that fall on a coarse field, where they carve valleys, and on a finer one, where
/// they carve gullies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rain {
    pub(super) first: i32,
    pub(super) second: i32,
}

impl Rain {
    pub(super) fn on(form: Form) -> Rain {
        let (first, second) = match form {
            Form::Dunes | Form::Oasis => (0, 0),
            Form::Hills | Form::Beach => (3_000, 0),
            Form::Canyon => (5_000, 9_000),
            _ => (14_000, 16_000),
        };
        Rain { first, second }
    }
}

/// Lets droplets run over a square field that covers the whole land. `None` when cancelled.
///
/// Droplets run one after another, because each runs over what the last one left.
pub(super) fn erode(
    heights: &mut [f32],
    side: usize,
    droplets: i32,
    seed: u32,
    cancel: &dyn Fn() -> bool,
) -> Option<()> {
    if droplets == 0 {
        return Some(());
    }
    // Slopes are counted in cells.
    let scale = side as f32 / SIDE as f32;
    heights.iter_mut().for_each(|height| *height *= scale);
    for number in 0..droplets {
        if number % 2048 == 0 && cancel() {
            return None;
        }
        let x = random(number, 1, seed) * side as f32;
        let z = random(number, 2, seed) * side as f32;
        run(heights, side, x, z);
    }
    heights.iter_mut().for_each(|height| *height /= scale);
    Some(())
}

/// The four cells around a point and how near it is to the far ones.
struct Corner {
    cells: [usize; 4],
    u: f32,
    v: f32,
}

impl Corner {
    #[inline]
    fn at(side: usize, x: f32, z: f32) -> Corner {
        let ((x, u), (z, v)) = (split(x), split(z));
        let wrap = side - 1;
        let (x0, z0) = (x as usize & wrap, z as usize & wrap);
        let (x1, z1) = ((x0 + 1) & wrap, (z0 + 1) & wrap);
        Corner { cells: [z0 * side + x0, z0 * side + x1, z1 * side + x0, z1 * side + x1], u, v }
    }

    #[inline]
    fn read(&self, heights: &[f32]) -> [f32; 4] {
        self.cells.map(|cell| heights[cell])
    }

    #[inline]
    fn height(&self, heights: &[f32]) -> f32 {
        let [a, b, c, d] = self.read(heights);
        mix(mix(a, b, self.u), mix(c, d, self.u), self.v)
    }

    #[inline]
    fn slope(&self, heights: &[f32]) -> (f32, f32) {
        let [a, b, c, d] = self.read(heights);
        (mix(b - a, d - c, self.v), mix(c - a, d - b, self.u))
    }

    /// Adds `amount` of ground, shared among the cells by nearness.
    #[inline]
    fn add(&self, heights: &mut [f32], amount: f32) {
        let (u, v) = (self.u, self.v);
        let shares = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
        for (cell, share) in self.cells.iter().zip(shares) {
            heights[*cell] += amount * share;
        }
    }
}

fn run(heights: &mut [f32], side: usize, mut x: f32, mut z: f32) {
    let (mut dx, mut dz) = (0.0f32, 0.0f32);
    let (mut speed, mut water, mut sediment) = (1.0f32, 1.0f32, 0.0f32);
    let mut here = Corner::at(side, x, z);
    for _ in 0..STEPS {
        let (slope_x, slope_z) = here.slope(heights);
        dx = dx * INERTIA - slope_x * (1.0 - INERTIA);
        dz = dz * INERTIA - slope_z * (1.0 - INERTIA);
        let length = (dx * dx + dz * dz).sqrt();
        if length < 1e-5 {
            break;
        }
        (dx, dz) = (dx / length, dz / length);
        (x, z) = (x + dx, z + dz);
        let there = Corner::at(side, x, z);
        let fall = here.height(heights) - there.height(heights);
        let capacity = larger(smaller(fall, 2.5), 0.01) * speed * water * CAPACITY;
        if fall < 0.0 {
            // Uphill: fill the hollow behind.
            let filled = smaller(-fall, sediment);
            sediment -= filled;
            here.add(heights, filled);
        } else if sediment > capacity {
            let dropped = (sediment - capacity) * DEPOSITED;
            sediment -= dropped;
            here.add(heights, dropped);
        } else {
            let taken = smaller((capacity - sediment) * ERODED, fall * 0.5);
            sediment += taken;
            here.add(heights, -taken);
        }
        speed = smaller(larger(speed * speed + fall * GRAVITY, 0.0).sqrt(), 4.0);
        water *= 1.0 - EVAPORATED;
        here = there;
    }
    here.add(heights, sediment);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erosion_lowers_peaks_and_stays_finite() {
        let side = 64;
        let mut heights: Vec<f32> = (0..side * side)
            .map(|i| {
                let (x, z) = ((i % side) as f32 - 32.0, (i / side) as f32 - 32.0);
                larger(60.0 - (x * x + z * z).sqrt() * 2.0, 0.0)
            })
            .collect();
        let before: f32 = heights.iter().copied().fold(0.0, larger);
        assert!(erode(&mut heights, side, 9_000, 1, &|| false).is_some());
        assert!(heights.iter().all(|h| h.is_finite() && h.abs() < 100.0));
        assert!(heights.iter().copied().fold(0.0, larger) < before);
        assert!(erode(&mut heights, side, 9_000, 1, &|| true).is_none());
    }
}
