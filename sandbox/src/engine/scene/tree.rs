//! Trees as bumps of the land: cones in jittered rows.

use super::terrain::Terrain;
use crate::engine::math::{floor, fract, larger, saturate};
use crate::engine::noise::{byte, hash};

/// Distance between trees in units of length.
const SPACING: f32 = 2.5;

/// What kind of tree grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Tiered cones.
    Conifer,
    /// Round crowns.
    Broadleaf,
}

/// The part of a tree above one point of the ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crown {
    /// Height above the ground.
    pub(super) height: f32,
    /// From the trunk to the point, as a share of the crown's radius.
    pub(super) x: f32,
    pub(super) z: f32,
    /// How far up the tree this is, 0 to 1.
    pub(super) share: f32,
    /// A number of this tree's own.
    pub(super) id: u32,
}

/// The crown above a point, if any.
#[inline]
pub(super) fn crown(terrain: &Terrain, kind: Kind, seed: u32, x: f32, z: f32) -> Option<Crown> {
    let (cell_x, cell_z) = (floor(x / SPACING), floor(z / SPACING));
    let id = hash(cell_x as i32, cell_z as i32, seed ^ 0x7EE);
    let center_x = (cell_x + 0.5 + (byte(id, 0) - 0.5) * 0.42) * SPACING;
    let center_z = (cell_z + 0.5 + (byte(id, 8) - 0.5) * 0.42) * SPACING;
    let size = 0.62 + 0.38 * byte(id, 16);
    let radius = 1.32 * size;
    let (dx, dz) = ((x - center_x) / radius, (z - center_z) / radius);
    let away = (dx * dx + dz * dz).sqrt();
    if away >= 1.0 || byte(id, 24) >= terrain.wooded_at(center_x, center_z) {
        return None;
    }
    let (share, tall) = match kind {
        Kind::Conifer => {
            // Each tier starts steep and ends flat, like drooping branches.
            let tier = away * 4.0;
            let within = fract(tier);
            (1.0 - (tier - within + within * within) * 0.25, 6.4)
        }
        Kind::Broadleaf => (larger(1.0 - away * away, 0.0).sqrt(), 3.6),
    };
    Some(Crown { height: share * tall * size, x: dx, z: dz, share: saturate(share), id })
}
