//! Trees as bumps of the land, each with a size, a shape and a colour of its own.

use super::terrain::Terrain;
use crate::engine::math::{floor, fract, larger, saturate};
use crate::engine::noise::{byte, gradient, hash};
use crate::engine::vector::Vec3;

/// No tree is taller.
pub(super) const TALLEST: f32 = 10.5;
/// No tree is taller, as a share of its layer's height.
const TALL: f32 = 1.1;
/// Farther than this trees have no branches.
pub(super) const BRANCHES: f32 = 220.0;
/// Farther than this small trees are not seen among the others.
const SMALL: f32 = 340.0;
/// Below this likelihood no tree stands near.
const OPEN_GROUND: f32 = -0.35;

/// Trees of one size, in a jittered grid turned by an angle of its own: several of them laid over
/// each other leave no rows to be seen.
struct Layer {
    spacing: f32,
    /// Cosine and sine of the grid's angle.
    turn: (f32, f32),
    radius: f32,
    height: f32,
    /// Share of the places that stay empty.
    gaps: f32,
}

const LAYERS: [Layer; 3] = [
    Layer { spacing: 4.3, turn: (0.848, 0.530), radius: 1.45, height: 10.0, gaps: 0.25 },
    Layer { spacing: 3.1, turn: (0.955, -0.296), radius: 1.06, height: 6.8, gaps: 0.10 },
    Layer { spacing: 2.1, turn: (0.408, 0.913), radius: 0.74, height: 4.0, gaps: 0.0 },
];

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
    /// How much light falls between the branches here, 0 to 1.
    pub(super) tuft: f32,
    pub(super) conifer: bool,
    /// A number of this tree's own.
    pub(super) id: u32,
}

/// The highest crown above a point seen from `distance`, if any. `conifers` is their share among
/// the trees. Near crowns have the ragged outline of branches, and small trees beside them; the
/// light between their leaves is only told `within` them.
#[inline]
pub(super) fn crown(
    terrain: &Terrain,
    conifers: f32,
    seed: u32,
    at: Vec3,
    distance: f32,
    within: bool,
) -> Option<Crown> {
    if terrain.wooded(at.x, at.z) <= OPEN_GROUND {
        return None;
    }
    let mut highest: Option<Crown> = None;
    let close = distance < BRANCHES;
    let layers = if distance < SMALL { 3 } else { 2 };
    for (number, layer) in LAYERS.iter().take(layers).enumerate() {
        if highest.is_some_and(|crown| crown.height > layer.height * TALL) {
            break;
        }
        let seed = seed ^ (0x7EE + number as u32 * 77);
        let found = layer.crown(terrain, conifers, seed, at, (close, within));
        if let Some(crown) = found
            && highest.is_none_or(|other| other.height < crown.height)
        {
            highest = found;
        }
    }
    highest
}

impl Layer {
    #[inline]
    fn crown(
        &self,
        terrain: &Terrain,
        conifers: f32,
        seed: u32,
        at: Vec3,
        (close, within): (bool, bool),
    ) -> Option<Crown> {
        let (c, s) = self.turn;
        let (x, z) = ((at.x * c - at.z * s) / self.spacing, (at.x * s + at.z * c) / self.spacing);
        let (cell_x, cell_z) = (floor(x), floor(z));
        let id = hash(cell_x as i32, cell_z as i32, seed);
        let size = 0.5 + 0.5 * byte(id, 16);
        let radius = self.radius / self.spacing;
        let conifer = byte(id.wrapping_mul(0x9E37_79B1), 24) < conifers;
        let radius = radius * size * if conifer { 0.86 } else { 1.16 };
        // What room the crown leaves in its cell is how far it may stand from the middle.
        let room = 1.0 - 2.0 * radius;
        let off_x = x - cell_x - 0.5 - (byte(id, 0) - 0.5) * room;
        let off_z = z - cell_z - 0.5 - (byte(id, 8) - 0.5) * room;
        let (dx, dz) = (off_x / radius, off_z / radius);
        let mut away = (dx * dx + dz * dz).sqrt();
        if away >= 1.0 {
            return None;
        }
        // Back from the turned grid.
        let (from_x, from_z) = ((dx * c + dz * s) * radius, (dz * c - dx * s) * radius);
        let (root_x, root_z) = (at.x - from_x * self.spacing, at.z - from_z * self.spacing);
        if byte(id, 24) * (1.0 - self.gaps) + self.gaps >= terrain.wooded(root_x, root_z) {
            return None;
        }
        if close {
            let own = byte(id, 4) * 50.0;
            away *= 1.0 + 0.24 * gradient(dx * 2.9 + own, dz * 2.9, seed);
        }
        // The crown's side as one sees it: around the trunk and up it, not as the land's plan.
        let leaf = |size: f32| {
            let (up, side) = (away * self.height * size * 0.8, (dx - dz) * size);
            gradient(up + byte(id, 4) * 50.0, side + (dx + dz) * size * 0.6, seed ^ 3)
        };
        let lit = close && within;
        let (share, tall, tuft) = if conifer {
            // Each tier starts steep and ends flat, like drooping branches.
            let tiers = 4.0 + 4.0 * byte(id, 20);
            let tier = away * tiers;
            let ring = fract(tier);
            let share = 1.0 - (tier - 0.8 * (ring - ring * ring)) / tiers;
            let tuft = if lit { 0.25 + 0.45 * ring + 0.55 * leaf(2.6) } else { 0.5 };
            (share, 0.75 + 0.35 * byte(id, 12), tuft)
        } else {
            let leaves = if close {
                gradient(at.x * 1.9, at.z * 1.9, seed)
                    + 0.6 * gradient(at.x * 4.7, at.z * 4.7, seed)
            } else {
                0.0
            };
            let dome = larger(1.0 - away * away, 0.0).sqrt();
            let tuft = if lit { 0.5 + 0.35 * leaves + 0.5 * leaf(4.1) } else { 0.5 };
            (dome * (0.84 + 0.24 * leaves), 0.36 + 0.16 * byte(id, 12), tuft)
        };
        let share = saturate(share);
        let height = share * tall * size * self.height;
        let (x, z) = (dx * c + dz * s, dz * c - dx * s);
        Some(Crown { height, x, z, share, tuft: saturate(tuft), conifer, id })
    }
}
