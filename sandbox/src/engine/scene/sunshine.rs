//! Where sun and sky reach the land.

// All positions are wrapped to the field's side, a power of two.
#![allow(clippy::indexing_slicing)]

use crate::engine::math::{floor, larger, mix, saturate};
use crate::engine::vector::Vec3;

/// Heights up to which each cell lies in the shadow of other land: the sun's rays are swept over
/// the field row by row away from the sun, which stands ahead (+z). `cell` is a cell's length.
pub(super) fn shadow_heights(heights: &[f32], side: usize, cell: f32, sun: Vec3) -> Vec<f32> {
    let (drift, fall) = (sun.x / sun.z, cell * sun.y / sun.z);
    let mut shadow = heights.to_vec();
    // The field repeats: the second sweep starts with what the first one left.
    for sweep in 0..2 {
        for z in (0..side).rev() {
            if sweep == 0 && z == side - 1 {
                continue;
            }
            let ahead = (z + 1) % side * side;
            for x in 0..side {
                let from = x as f32 + drift;
                let whole = floor(from);
                let x0 = whole as i32 as usize & (side - 1);
                let x1 = (x0 + 1) & (side - 1);
                let lowered = mix(shadow[ahead + x0], shadow[ahead + x1], from - whole) - fall;
                shadow[z * side + x] = larger(lowered, heights[z * side + x]);
            }
        }
    }
    shadow
}

/// Hollows see less sky than crests: compares each height with the average around it.
pub(super) fn open_sky(heights: &[f32], side: usize) -> Vec<f32> {
    let mut around = heights.to_vec();
    for radius in [2, 6] {
        for _ in 0..2 {
            around = blurred_and_turned(&around, side, radius);
        }
    }
    heights
        .iter()
        .zip(&around)
        .map(|(height, around)| larger(saturate(0.92 + (height - around) * 0.085), 0.30))
        .collect()
}

fn blurred_and_turned(source: &[f32], side: usize, radius: usize) -> Vec<f32> {
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut turned = vec![0.0; source.len()];
    for (number, line) in source.chunks_exact(side).enumerate() {
        let mut sum = 0.0;
        for at in 0..2 * radius {
            sum += line[(at + side - radius) & (side - 1)];
        }
        for at in 0..side {
            sum += line[(at + radius) & (side - 1)];
            turned[at * side + number] = sum * share;
            sum -= line[(at + side - radius) & (side - 1)];
        }
    }
    turned
}
