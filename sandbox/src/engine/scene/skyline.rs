//! Land drawn from the bottom of a vertical line to its top: each step away from the camera
//! covers what rises above all nearer land.

// Positions are bounded by the line that is drawn.
#![allow(clippy::indexing_slicing)]

use super::Quality;
use super::canvas::View;
use super::ground::TALLEST;
use super::landscape::{FILM, Landscape};
use super::swell;
use super::viewpoint::Eye;
use crate::engine::math::{larger, saturate};
use crate::engine::vector::vec3;

/// How far land is drawn.
const FAR: f32 = 1500.0;

/// How deep the land is at each of the rows `ys` (ascending) of a line whose sideways slope is
/// `across`; 0 where there is sky.
pub(super) fn depths(
    scene: &Landscape,
    eye: &Eye,
    across: f32,
    ys: &[f32],
    view: &View,
) -> Vec<f32> {
    let mut depths = vec![0.0; ys.len()];
    let Some(lowest) = ys.last() else { return depths };
    let film = view.quality == Quality::Film;
    let detail = if film { FILM } else { 1.0 };
    let ground = &scene.ground;
    let grow = if film { 0.011 } else { 0.0034 };
    let least = larger(eye.clearance, 1.0) * if film { 0.042 } else { 0.014 };
    let way = eye.slant(across, eye.horizon);
    let (terrain, water) = (&ground.terrain, ground.setting.water);
    // Nearer than this even the highest land is below the line of sight.
    let falling = (lowest - eye.horizon) / eye.focal;
    let room = eye.position.y - terrain.highest - TALLEST;
    let start = if falling > 0.0 && room > 0.0 { room / falling } else { 0.0 };
    let mut depth = larger(start, 0.25);
    // Rows shrink upward as land rises; `next` is the lowest point not yet covered.
    let mut next = ys.len();
    let mut top = f32::INFINITY;
    let (mut last_depth, mut last_row) = (depth, f32::INFINITY);
    while depth < FAR && next > 0 {
        let (x, z) = (eye.position.x + way.x * depth, eye.position.z + way.z * depth);
        let scale = eye.focal / depth;
        let row_of = |height: f32| eye.horizon - (height - eye.position.y) * scale;
        let mut height = ground.bare_height(x, z, depth);
        if row_of(height + TALLEST) >= top {
            // Nothing of land that stays below the line of sight is looked at.
            let slope = (eye.horizon - top) / eye.focal;
            let sight = vec3(x, eye.position.y + slope * depth, z);
            let most = |peak: f32| larger(peak + TALLEST, water + scene.swell.height);
            if let Some(until) = terrain.above(sight, vec3(way.x, slope, way.z), &most) {
                depth += until + 0.01 * least;
                (last_row, last_depth) = (f32::INFINITY, depth);
                continue;
            }
        }
        // What stands on hidden ground is only looked at where it could be seen.
        if height > water && row_of(height + TALLEST) < top {
            // What ends a row lower neither covers anything nor joins what does.
            let above = eye.position.y + (eye.horizon - top - 1.0) / scale - height;
            height += ground.rise(x, z, height, depth * detail, above);
        }
        // Waves are looked at likewise.
        let waves = scene.swell.height;
        if height < water + waves && row_of(water + waves) < top {
            let octaves = if film { 2 } else { swell::SHAPE };
            let wave = scene.wave((x, z), water - height, view, octaves, depth);
            height = larger(height, water + wave);
        }
        let row = row_of(larger(height, water - waves));
        if row < top {
            while next > 0 && ys[next - 1] >= row {
                let y = ys[next - 1];
                let rising = last_row <= top + 1.0 && last_row > row && last_row.is_finite();
                let share = if rising { saturate((last_row - y) / (last_row - row)) } else { 1.0 };
                depths[next - 1] = last_depth + (depth - last_depth) * share;
                next -= 1;
            }
            top = row;
        }
        (last_row, last_depth) = (row, depth);
        // Water has no outlines as fine as those of trees.
        let grow = if height <= water + waves { 1.8 * grow } else { grow };
        depth += larger(depth * grow, least);
    }
    depths
}
