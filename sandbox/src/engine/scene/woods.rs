//! Where trees grow.

use super::setting::{Form, Setting, TREELESS};
use super::terrain::{SIDE, VALLEY};
use super::viewpoint;
use crate::engine::math::{larger, smaller, smoothstep};
use crate::engine::noise::PeriodicLine;

/// Where trees grow along one row of the land.
pub(super) struct Woods<'a> {
    setting: &'a Setting,
    /// Clumps of trees, broad and small, and how the lane between them winds.
    broad: PeriodicLine,
    small: PeriodicLine,
    bend: PeriodicLine,
    /// Column in which the camera crosses the row.
    way: f32,
}

/// Clumps and bends on the whole land's side.
const BROAD_CLUMPS: i32 = 18;
const SMALL_CLUMPS: i32 = 64;
const BENDS: i32 = 9;

impl Woods<'_> {
    pub(super) fn along(setting: &Setting, z: f32) -> Woods<'_> {
        let line = |count: i32, seed: u32| {
            PeriodicLine::new(z * per_unit(count), setting.seed ^ seed, count)
        };
        let (broad, small) = (line(BROAD_CLUMPS, 5), line(SMALL_CLUMPS, 6));
        Woods { setting, broad, small, bend: line(BENDS, 8), way: viewpoint::column(z) }
    }

    /// The likelihood of a tree, 0 or less for none.
    pub(super) fn at(&self, x: f32, height: f32, steep: f32) -> f32 {
        let setting = self.setting;
        if setting.woods <= TREELESS {
            return TREELESS;
        }
        let tree_line = match setting.snowy {
            _ if setting.woods > 0.9 => 118.0,
            true => 43.4,
            false => setting.bare_line * 0.70,
        };
        let shore = if setting.sea() { 5.0 } else { 2.4 };
        // Falls smoothly, so that no tree is cut by the edge of a cell.
        let wet = larger(setting.water + shore - height, 0.0) * 0.5;
        if setting.form == Form::Oasis {
            return 0.75 - 0.12 * (height - setting.water) - wet;
        }
        let patches = if setting.woods > 0.9 { 0.40 } else { 0.95 };
        let clumps = |line: &PeriodicLine, count: i32| line.at(x * per_unit(count)) * 2.0 - 1.0;
        let (broad, small) = (clumps(&self.broad, BROAD_CLUMPS), clumps(&self.small, SMALL_CLUMPS));
        let lane = if setting.lane {
            let beside = (x - VALLEY - 7.0 - 16.0 * clumps(&self.bend, BENDS)).abs();
            let way = (x - self.way).abs();
            1.0 - smoothstep(4.0, 11.0, smaller(beside, way))
        } else {
            0.0
        };
        setting.woods + patches * (broad + 0.35 * small)
            - 0.16 * larger(steep - 2.2, 0.0)
            - 2.0 * smoothstep(tree_line - 14.0, tree_line + 12.0, height)
            - 2.0 * lane
            - wet
    }
}

/// How much of one of `count` waves on the whole land's side a unit of length is.
fn per_unit(count: i32) -> f32 {
    count as f32 / SIDE as f32
}
