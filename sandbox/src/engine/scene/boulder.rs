//! Stones that lie on the ground.

use super::setting::{Form, Setting, Soil};
use crate::engine::math::{floor, larger, smoothstep};
use crate::engine::noise::{byte, gradient, hash};

/// Side of the square that one stone has for itself.
const SPACING: f32 = 2.6;

/// The part of a stone above one point of the ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Boulder {
    pub(super) height: f32,
    /// From the middle to the point, as a share of the stone's radius.
    pub(super) x: f32,
    pub(super) z: f32,
    pub(super) id: u32,
}

/// The stone above a point on ground of the given height, if any.
#[inline]
pub(super) fn boulder(setting: &Setting, x: f32, z: f32, ground: f32) -> Option<Boulder> {
    let likely = match setting.soil {
        Soil::Sand => return None,
        Soil::Grass if setting.form == Form::Beach => 0.05,
        Soil::Grass if setting.wet() => {
            0.55 * smoothstep(4.5, 0.5, (ground - setting.water - 0.4).abs())
        }
        Soil::Grass => 0.10,
        Soil::Strata | Soil::Ash => 0.35,
    };
    let (cell_x, cell_z) = (floor(x / SPACING), floor(z / SPACING));
    let id = hash(cell_x as i32, cell_z as i32, setting.seed ^ 0xB0D);
    let crowded = 0.5 + gradient(cell_x * 0.21, cell_z * 0.21, setting.seed ^ 0xB0E);
    if byte(id, 24) >= likely * crowded * 1.4 {
        return None;
    }
    let size = byte(id, 16);
    let radius = 0.14 + 0.70 * size * size;
    let room = SPACING - 2.0 * radius;
    let dx = (x - (cell_x + 0.5) * SPACING - (byte(id, 0) - 0.5) * room) / radius;
    let dz = (z - (cell_z + 0.5) * SPACING - (byte(id, 8) - 0.5) * room) / radius;
    let own = byte(id, 4) * 90.0;
    // Facets: the distance is measured unevenly around the middle.
    let uneven = gradient(dx * 1.3 + own, dz * 1.3, 0xB0F);
    let away = (dx * dx + dz * dz).sqrt() * (1.12 + 0.30 * uneven);
    if away >= 1.0 {
        return None;
    }
    let dome = larger(1.0 - away * away * away, 0.0);
    let height = dome * radius * (0.62 + 0.25 * gradient(dx * 2.3 + own, dz * 2.3, 0xB10));
    Some(Boulder { height, x: dx, z: dz, id })
}
