//! Trees as bumps of the land, each with a size, a shape and a colour of its own.

use super::terrain::Terrain;
use crate::engine::math::{fract, larger, saturate, split};
use crate::engine::noise::{byte, gradient, hash};
use crate::engine::vector::Vec3;

/// No tree is taller.
pub(super) const TALLEST: f32 = 11.0;
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
    /// Side of the square that a tree has for itself, and how many there are to a unit of length.
    spacing: f32,
    per_unit: f32,
    /// Cosine and sine of the grid's angle.
    turn: (f32, f32),
    /// Radius of a crown as a share of its square's side.
    radius: f32,
    height: f32,
    /// Share of the places that stay empty.
    gaps: f32,
}

const LAYERS: [Layer; 3] = [
    Layer::new(4.3, (0.848, 0.530), 1.45, 10.0, 0.25),
    Layer::new(3.1, (0.955, -0.296), 1.06, 6.8, 0.10),
    Layer::new(2.1, (0.408, 0.913), 0.74, 4.0, 0.0),
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

/// How a tree is looked at.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    /// Near crowns have the ragged outline of branches, and small trees beside them.
    pub(super) distance: f32,
    /// Whether the light between the leaves is told.
    pub(super) within: bool,
    /// Crowns that rise no higher above the ground are not looked for.
    pub(super) above: f32,
}

/// The highest crown above a point, if any. `conifers` is their share among the trees.
#[inline]
pub(super) fn crown(
    terrain: &Terrain,
    conifers: f32,
    seed: u32,
    at: Vec3,
    sight: Sight,
) -> Option<Crown> {
    if sight.above >= TALLEST || terrain.wooded(at.x, at.z) <= OPEN_GROUND {
        return None;
    }
    let mut highest: Option<Crown> = None;
    let mut above = sight.above;
    let layers = if sight.distance < SMALL { 3 } else { 2 };
    for (number, layer) in LAYERS.iter().take(layers).enumerate() {
        if above > layer.height * TALL {
            break;
        }
        let seed = seed ^ (0x7EE + number as u32 * 77);
        let found = layer.crown(terrain, conifers, seed, at, Sight { above, ..sight });
        if let Some(crown) = found
            && crown.height > above
        {
            (highest, above) = (found, crown.height);
        }
    }
    highest
}

impl Layer {
    const fn new(spacing: f32, turn: (f32, f32), radius: f32, height: f32, gaps: f32) -> Layer {
        let per_unit = 1.0 / spacing;
        Layer { spacing, per_unit, turn, radius: radius * per_unit, height, gaps }
    }

    #[inline]
    fn crown(
        &self,
        terrain: &Terrain,
        conifers: f32,
        seed: u32,
        at: Vec3,
        sight: Sight,
    ) -> Option<Crown> {
        let (c, s) = self.turn;
        let (x, z) = ((at.x * c - at.z * s) * self.per_unit, (at.x * s + at.z * c) * self.per_unit);
        let ((cell_x, x), (cell_z, z)) = (split(x), split(z));
        let id = hash(cell_x, cell_z, seed);
        let size = 0.5 + 0.5 * byte(id, 16);
        let conifer = byte(id.wrapping_mul(0x9E37_79B1), 24) < conifers;
        let radius = self.radius * size * if conifer { 0.86 } else { 1.16 };
        // What room the crown leaves in its cell is how far it may stand from the middle.
        let room = 1.0 - 2.0 * radius;
        let off_x = x - 0.5 - (byte(id, 0) - 0.5) * room;
        let off_z = z - 0.5 - (byte(id, 8) - 0.5) * room;
        let square = off_x * off_x + off_z * off_z;
        if square >= radius * radius {
            return None;
        }
        let tall = if conifer { 0.75 + 0.35 * byte(id, 12) } else { 0.36 + 0.16 * byte(id, 12) };
        let tall = tall * size * self.height;
        if tall <= sight.above {
            return None;
        }
        // Back from the turned grid.
        let (from_x, from_z) = (off_x * c + off_z * s, off_z * c - off_x * s);
        let (root_x, root_z) = (at.x - from_x * self.spacing, at.z - from_z * self.spacing);
        if byte(id, 24) * (1.0 - self.gaps) + self.gaps >= terrain.wooded(root_x, root_z) {
            return None;
        }
        let close = sight.distance < BRANCHES;
        let once = 1.0 / radius;
        let (dx, dz, mut away) = (off_x * once, off_z * once, square.sqrt() * once);
        if close {
            let own = byte(id, 4) * 50.0;
            away *= 1.0 + 0.24 * gradient(dx * 2.9 + own, dz * 2.9, seed);
        }
        // The crown's side as one sees it: around the trunk and up it, not as the land's plan.
        let leaf = |size: f32| {
            let (up, side) = (away * self.height * size * 0.8, (dx - dz) * size);
            gradient(up + byte(id, 4) * 50.0, side + (dx + dz) * size * 0.6, seed ^ 3)
        };
        let lit = close && sight.within;
        let (share, tuft) = if conifer {
            // Each tier starts steep and ends flat, like drooping branches.
            let tiers = 4.0 + 4.0 * byte(id, 20);
            let tier = away * tiers;
            let ring = fract(tier);
            let share = 1.0 - (tier - 0.8 * (ring - ring * ring)) / tiers;
            let tuft = if lit { 0.25 + 0.45 * ring + 0.55 * leaf(2.6) } else { 0.5 };
            (share, tuft)
        } else {
            let dome = larger(1.0 - away * away, 0.0).sqrt();
            // Leaves add no more than this.
            if dome * 1.25 * tall <= sight.above {
                return None;
            }
            let leaves = if close {
                gradient(at.x * 1.9, at.z * 1.9, seed)
                    + 0.6 * gradient(at.x * 4.7, at.z * 4.7, seed)
            } else {
                0.0
            };
            let tuft = if lit { 0.5 + 0.35 * leaves + 0.5 * leaf(4.1) } else { 0.5 };
            (dome * (0.84 + 0.24 * leaves), tuft)
        };
        let share = saturate(share);
        let (x, z) = (from_x * once, from_z * once);
        Some(Crown { height: share * tall, x, z, share, tuft: saturate(tuft), conifer, id })
    }
}
