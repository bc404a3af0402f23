//! Land made ready for what stands on it.

use super::solid::length;
use crate::engine::math::{larger, saturate, smaller};
use crate::engine::noise::fractal;

/// Ground that is made level, and how it meets the land around.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mold {
    pub(super) x: f32,
    pub(super) z: f32,
    /// A second end of the level ground: it is as long as a ridge or a road.
    pub(super) end_x: f32,
    pub(super) end_z: f32,
    pub(super) room: f32,
    pub(super) height: f32,
    /// How steeply it falls off, or `None` where land may only be cut away.
    pub(super) fall: Option<f32>,
    /// How steeply it rises, or `None` where land may only be raised.
    pub(super) rise: Option<f32>,
}

impl Mold {
    /// How far a place is from the middle of the level ground.
    pub(super) fn away(&self, x: f32, z: f32) -> f32 {
        let (dx, dz) = (self.end_x - self.x, self.end_z - self.z);
        let long = dx * dx + dz * dz;
        let share =
            if long > 0.0 { saturate(((x - self.x) * dx + (z - self.z) * dz) / long) } else { 0.0 };
        length(x - self.x - dx * share, z - self.z - dz * share)
    }

    pub(super) fn shaped(&self, natural: f32, x: f32, z: f32, seed: u32) -> f32 {
        let over = larger(self.away(x, z) - self.room, 0.0);
        // A rounded shoulder, then an even slope that is roughened like the land around.
        let down = over * over / (over + 3.0);
        // Sand lies smooth; what is steep is rock.
        let rough = if over > 0.0 && self.fall.is_none_or(|fall| fall > 0.3) {
            fractal(x * 0.07, z * 0.07, 4, seed ^ 91) * smaller(over * 0.40, 6.0)
        } else {
            0.0
        };
        let mut height = natural;
        if let Some(rise) = self.rise {
            height = smaller(height, self.height + rise * down + rough);
        }
        if let Some(fall) = self.fall {
            height = larger(height, self.height - fall * down + rough);
        }
        height
    }
}
