//! The free space in a room: how far the nearest thing is, on a grid, for soft shadows.

// Cells are bounded by the grid that this module makes itself.
#![allow(clippy::indexing_slicing)]

use super::piece::Piece;
use super::room::{HALF_X, HALF_Z, HIGH};
use crate::engine::math::{larger, mix, saturate, smaller};
use crate::engine::parallel;
use crate::engine::vector::{Vec3, vec3};

/// Side of a cell in metres.
const CELL: f32 = 0.085;
/// Cells in a metre.
const CELLS: f32 = 1.0 / CELL;
const WIDE: usize = (2.0 * HALF_X / CELL) as usize + 2;
const TALL: usize = (HIGH / CELL) as usize + 2;
const DEEP: usize = (2.0 * HALF_Z / CELL) as usize + 2;

/// Distances beyond this one make no difference.
const FAR: f32 = 2.0;

/// Cells from the first to the last corner of a cube between eight of them.
const AROUND: usize = WIDE * TALL + WIDE + 2;

/// Distances to the nearest piece of furniture.
pub(super) struct Volume {
    cells: Vec<f32>,
}

impl Volume {
    /// Measures the distances. `None` when cancelled.
    pub(super) fn build(pieces: &[Piece], cancel: &dyn Fn() -> bool) -> Option<Volume> {
        let mut cells = vec![0.0; WIDE * TALL * DEEP];
        let row = |index: usize, row: &mut [f32]| {
            let (z, y) = (index / TALL, index % TALL);
            // What is nearest to one cell mostly is to the next; the others are then soon refused.
            let mut last = 0;
            for (x, cell) in row.iter_mut().enumerate() {
                let at = vec3(x as f32 * CELL - HALF_X, y as f32 * CELL, z as f32 * CELL - HALF_Z);
                let guess = pieces.get(last).and_then(|piece| piece.nearer(at, FAR));
                *cell = guess.unwrap_or(FAR);
                for (number, piece) in pieces.iter().enumerate() {
                    if let Some(room) = piece.nearer(at, *cell) {
                        (*cell, last) = (room, number);
                    }
                }
            }
        };
        parallel::fill(&mut cells, WIDE, &row, cancel, &mut |_| {}).then_some(Volume { cells })
    }

    /// Distance from a point to the nearest thing.
    fn room(&self, at: Vec3) -> f32 {
        let held = |v: f32, count: usize| larger(smaller(v, count as f32 - 1.01), 0.0);
        let Vec3 { x, y, z } = placed(at);
        self.inside(vec3(held(x, WIDE), held(y, TALL), held(z, DEEP)))
    }

    /// Distance to the nearest thing from a point within the room, measured in cells.
    fn inside(&self, Vec3 { x, y, z }: Vec3) -> f32 {
        let (i, j, k) = (x as usize, y as usize, z as usize);
        let (u, v, w) = (x - i as f32, y - j as f32, z - k as f32);
        let start = (k * TALL + j) * WIDE + i;
        // Of a known length, so that the bounds are checked once and not eight times.
        let around = self.cells.get(start..).and_then(|cells| cells.first_chunk::<AROUND>());
        let Some(cells) = around else { return 0.0 };
        let edge = |start: usize| mix(cells[start], cells[start + 1], u);
        let face = |start: usize| mix(edge(start), edge(start + WIDE), v);
        mix(face(0), face(WIDE * TALL), w)
    }

    /// Share of a light that passes all things on the way through the room; `sharp` is large for small lights. What
    /// stands within `own` of the end belongs to the light.
    pub(super) fn shade(&self, from: Vec3, toward: Vec3, length: f32, sharp: f32, own: f32) -> f32 {
        let (from, toward) = (placed(from), toward * CELLS);
        let (mut reach, mut passing) = (0.07, 1.0);
        // Shadows of wide lights have wide edges.
        let stride = smaller(0.56 / sharp, 0.08);
        for _ in 0..22 {
            if reach >= length || passing < 0.02 {
                break;
            }
            let room = self.inside(from + toward * reach) + larger(reach - length + own, 0.0);
            passing = smaller(passing, saturate(0.5 + 0.5 * sharp * (room - 0.012) / reach));
            reach += larger(room * 0.9, 0.05 + stride * reach);
        }
        passing * passing * (3.0 - 2.0 * passing)
    }

    /// Share of the surroundings that a point on a surface sees.
    pub(super) fn open(&self, at: Vec3, normal: Vec3) -> f32 {
        let mut open = 1.0;
        for reach in [0.10, 0.22, 0.45] {
            let room = self.room(at + normal * reach);
            open *= mix(0.55, 1.0, saturate((room + 0.02) / reach));
        }
        open
    }
}

/// A point of the room, measured in cells.
fn placed(at: Vec3) -> Vec3 {
    vec3((at.x + HALF_X) * CELLS, at.y * CELLS, (at.z + HALF_Z) * CELLS)
}
