//! Where sun and sky reach the land.

// All positions are wrapped to the field's side, a power of two.
#![allow(clippy::indexing_slicing)]

use crate::engine::math::{larger, mix, saturate, split};
use crate::engine::vector::Vec3;

/// Heights up to which each cell lies in the shadow of other land: the sun's rays are swept over
/// the field row by row away from the sun, which stands ahead (+z). `cell` is a cell's length.
pub(super) fn shadow_heights(heights: &[f32], side: usize, cell: f32, sun: Vec3) -> Vec<f32> {
    let (drift, fall) = (sun.x / sun.z, cell * sun.y / sun.z);
    let (whole, part) = split(drift);
    let mut shadow = heights.to_vec();
    // The field repeats: the second sweep starts with what the first one left.
    for sweep in 0..2 {
        for z in (0..side).rev() {
            if sweep == 0 && z == side - 1 {
                continue;
            }
            let ahead = (z + 1) % side * side;
            for x in 0..side {
                let x0 = x.wrapping_add_signed(whole as isize) & (side - 1);
                let x1 = (x0 + 1) & (side - 1);
                let lowered = mix(shadow[ahead + x0], shadow[ahead + x1], part) - fall;
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
        around = blurred_along(&blurred_across(&around, side, radius), side, radius);
    }
    heights
        .iter()
        .zip(&around)
        .map(|(height, around)| larger(saturate(0.92 + (height - around) * 0.085), 0.30))
        .collect()
}

fn blurred_across(source: &[f32], side: usize, radius: usize) -> Vec<f32> {
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut blurred = Vec::with_capacity(source.len());
    for line in source.chunks_exact(side) {
        let mut sum = 0.0;
        for at in 0..2 * radius {
            sum += line[(at + side - radius) & (side - 1)];
        }
        for at in 0..side {
            sum += line[(at + radius) & (side - 1)];
            blurred.push(sum * share);
            sum -= line[(at + side - radius) & (side - 1)];
        }
    }
    blurred
}

fn blurred_along(source: &[f32], side: usize, radius: usize) -> Vec<f32> {
    let share = 1.0 / (2 * radius + 1) as f32;
    let row = |z: usize| &source[(z & (side - 1)) * side..][..side];
    let mut sums = vec![0.0; side];
    let mut blurred = Vec::with_capacity(source.len());
    for z in 0..2 * radius {
        sums.iter_mut().zip(row(z + side - radius)).for_each(|(sum, height)| *sum += height);
    }
    for z in 0..side {
        sums.iter_mut().zip(row(z + radius)).for_each(|(sum, height)| *sum += height);
        blurred.extend(sums.iter().map(|sum| sum * share));
        sums.iter_mut().zip(row(z + side - radius)).for_each(|(sum, height)| *sum -= height);
    }
    blurred
}
