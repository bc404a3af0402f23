//! Running water: droplets that carve gullies and leave scree.

// Positions are wrapped to the field's side, a power of two.
#![allow(clippy::indexing_slicing)]

use super::setting::Form;
use super::terrain::SIDE;
use crate::engine::math::{larger, mix, smaller, split};
use crate::engine::noise::random;

/// Cells that a droplet runs at most.
const STEPS: usize = 34;
/// Droplets that run at the same time; their numbers on any land are multiples of it.
const TOGETHER: usize = 4;
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
/// Each droplet runs over what the earlier ones left. A few run at the same time, step by step in
/// turn: a processor that waits for one of them goes on with the next.
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
    for first in (0..droplets).step_by(TOGETHER) {
        if first % 2048 == 0 && cancel() {
            return None;
        }
        let mut together: [Droplet; TOGETHER] = std::array::from_fn(|number| {
            let number = first + number as i32;
            let place = |axis: i32| random(number, axis, seed) * side as f32;
            Droplet::fallen(side, place(1), place(2))
        });
        for _ in 0..STEPS {
            for droplet in &mut together {
                droplet.step(heights, side);
            }
        }
        for droplet in together {
            droplet.here.add(heights, droplet.sediment);
        }
    }
    heights.iter_mut().for_each(|height| *height /= scale);
    Some(())
}

/// The four cells around a point and how near it is to the far ones.
#[derive(Clone, Copy)]
struct Corner {
    cells: [usize; 4],
    u: f32,
    v: f32,
}

impl Corner {
    #[inline(always)]
    fn at(side: usize, x: f32, z: f32) -> Corner {
        let ((x, u), (z, v)) = (split(x), split(z));
        let wrap = side - 1;
        let (x0, z0) = (x as usize & wrap, z as usize & wrap);
        let (x1, z1) = ((x0 + 1) & wrap, (z0 + 1) & wrap);
        Corner { cells: [z0 * side + x0, z0 * side + x1, z1 * side + x0, z1 * side + x1], u, v }
    }

    #[inline(always)]
    fn read(&self, heights: &[f32]) -> [f32; 4] {
        self.cells.map(|cell| heights[cell])
    }

    /// The height among four cells.
    #[inline(always)]
    fn height(&self, [a, b, c, d]: [f32; 4]) -> f32 {
        mix(mix(a, b, self.u), mix(c, d, self.u), self.v)
    }

    #[inline(always)]
    fn slope(&self, [a, b, c, d]: [f32; 4]) -> (f32, f32) {
        (mix(b - a, d - c, self.v), mix(c - a, d - b, self.u))
    }

    /// Adds `amount` of ground, shared among the cells by nearness.
    #[inline(always)]
    fn add(&self, heights: &mut [f32], amount: f32) {
        let (u, v) = (self.u, self.v);
        let shares = [(1.0 - u) * (1.0 - v), u * (1.0 - v), (1.0 - u) * v, u * v];
        for (cell, share) in self.cells.iter().zip(shares) {
            heights[*cell] += amount * share;
        }
    }
}

/// Water on its way down.
#[derive(Clone, Copy)]
struct Droplet {
    x: f32,
    z: f32,
    /// Its direction, one cell long; none before it moves.
    way: (f32, f32),
    speed: f32,
    water: f32,
    sediment: f32,
    here: Corner,
    /// Where the ground is level it runs no farther.
    rests: bool,
}

impl Droplet {
    fn fallen(side: usize, x: f32, z: f32) -> Droplet {
        let here = Corner::at(side, x, z);
        let (speed, water, sediment) = (1.0, 1.0, 0.0);
        Droplet { x, z, way: (0.0, 0.0), speed, water, sediment, here, rests: false }
    }

    /// Runs on by one cell and takes or leaves ground.
    #[inline(always)]
    fn step(&mut self, heights: &mut [f32], side: usize) {
        if self.rests {
            return;
        }
        let around = self.here.read(heights);
        let (slope_x, slope_z) = self.here.slope(around);
        let dx = self.way.0 * INERTIA - slope_x * (1.0 - INERTIA);
        let dz = self.way.1 * INERTIA - slope_z * (1.0 - INERTIA);
        let length = (dx * dx + dz * dz).sqrt();
        if length < 1e-5 {
            self.rests = true;
            return;
        }
        let once = 1.0 / length;
        self.way = (dx * once, dz * once);
        (self.x, self.z) = (self.x + self.way.0, self.z + self.way.1);
        let there = Corner::at(side, self.x, self.z);
        let fall = self.here.height(around) - there.height(there.read(heights));
        let capacity = larger(smaller(fall, 2.5), 0.01) * self.speed * self.water * CAPACITY;
        let left = if fall < 0.0 {
            // Uphill: fill the hollow behind.
            smaller(-fall, self.sediment)
        } else if self.sediment > capacity {
            (self.sediment - capacity) * DEPOSITED
        } else {
            -smaller((capacity - self.sediment) * ERODED, fall * 0.5)
        };
        self.sediment -= left;
        self.here.add(heights, left);
        let speed = larger(self.speed * self.speed + fall * GRAVITY, 0.0).sqrt();
        self.speed = smaller(speed, 4.0);
        self.water *= 1.0 - EVAPORATED;
        self.here = there;
    }
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
