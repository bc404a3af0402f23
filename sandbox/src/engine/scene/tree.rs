//! Trees as bumps of the land: cones in jittered rows.

use super::terrain::Terrain;
use crate::engine::math::{floor, fract, larger, saturate};
use crate::engine::noise::{byte, gradient, hash, random};

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
    // Each row is shifted by its own amount, so that no avenues show.
    let cell_z = floor(z / SPACING);
    let shift = random(cell_z as i32, 0, seed ^ 0x7ED);
    let cell_x = floor(x / SPACING + shift);
    let id = hash(cell_x as i32, cell_z as i32, seed ^ 0x7EE);
    let center_x = (cell_x - shift + 0.5 + (byte(id, 0) - 0.5) * 0.42) * SPACING;
    let center_z = (cell_z + 0.5 + (byte(id, 8) - 0.5) * 0.42) * SPACING;
    let size = 0.55 + 0.45 * byte(id, 16);
    let radius = size
        * match kind {
            Kind::Conifer => 1.32,
            Kind::Broadleaf => 1.75,
        };
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
        Kind::Broadleaf => {
            let leaves = gradient(x * 2.3, z * 2.3, seed) + 0.6 * gradient(x * 5.1, z * 5.1, seed);
            let dome = larger(1.0 - away * away, 0.0).sqrt();
            (dome * (0.86 + 0.22 * leaves), 3.2)
        }
    };
    Some(Crown { height: share * tall * size, x: dx, z: dz, share: saturate(share), id })
}
