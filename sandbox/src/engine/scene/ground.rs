//! What the ground looks like: rock, grass, snow, sand and trees under sun and sky.

use super::atmosphere::Atmosphere;
use super::terrain::{Terrain, soil};
use super::tree::{self, Crown, Kind};
use crate::engine::math::{larger, mix, saturate, sin, smoothstep};
use crate::engine::noise::{byte, gradient};
use crate::engine::prompt::{Composition, Subject};
use crate::engine::vector::{Color, rgb, vec3};

/// The land and what covers it.
pub(super) struct Ground {
    pub(super) terrain: Terrain,
    pub(super) trees: Kind,
    pub(super) seed: u32,
    sand: bool,
    snowy: bool,
    autumn: bool,
}

impl Ground {
    pub(super) fn new(composition: &Composition, terrain: Terrain) -> Ground {
        Ground {
            terrain,
            trees: if composition.autumn { Kind::Broadleaf } else { Kind::Conifer },
            seed: composition.variation,
            sand: composition.subject == Subject::Desert,
            snowy: composition.snow,
            autumn: composition.autumn,
        }
    }

    /// Light that leaves the ground at a point. `distance` decides how much detail is worth it.
    pub(super) fn lit(&self, air: &Atmosphere, x: f32, z: f32, distance: f32) -> Color {
        let terrain = &self.terrain;
        let seed = self.seed;
        let height = terrain.height(x, z);
        let reach = if distance < 150.0 { 0.6 } else { 1.0 };
        let mut slope_x = terrain.height(x - reach, z) - terrain.height(x + reach, z);
        let mut slope_z = terrain.height(x, z - reach) - terrain.height(x, z + reach);
        let grain = gradient(x * 0.9, z * 0.9, seed ^ 41);
        let fine = gradient(x * 2.7, z * 2.7, seed ^ 43);
        let near = 1.0 - smoothstep(120.0, 650.0, distance);
        if self.sand {
            let ripples = sin((x * 0.4 + z * 2.2 + 2.0 * grain) * 1.7);
            slope_z += ripples * 0.20 * (1.0 - smoothstep(40.0, 260.0, distance));
        } else {
            let grain_z = gradient(x * 0.9 + 31.0, z * 0.9, seed ^ 42);
            let fine_z = gradient(x * 2.7, z * 2.7, seed ^ 44);
            slope_x += (grain + 0.5 * fine) * 0.75 * near;
            slope_z += (grain_z + 0.5 * fine_z) * 0.75 * near;
        }
        let mut normal = vec3(slope_x, 2.0 * reach, slope_z).normalized();
        let steep = 1.0 - normal.y;
        let mut open = terrain.open_at(x, z);
        let mut color = self.bare(x, z, height, steep, grain, fine);
        let mut sunlit = terrain.sunlit_at(x, z);
        if let Some(crown) = tree::crown(terrain, self.trees, seed, x, z) {
            color = self.foliage(&crown, height);
            open *= 0.30 + 0.70 * crown.share;
            normal = vec3(
                crown.x * 0.75 + grain * 0.3 + normal.x * 0.3,
                0.55 + 0.35 * crown.share,
                crown.z * 0.75 + fine * 0.3 + normal.z * 0.3,
            )
            .normalized();
            sunlit *= 0.55 + 0.45 * crown.share;
        }
        let direct = larger(normal.dot(air.sun), 0.0) * sunlit * 0.9;
        color * (air.sunlight * direct + air.ambient(normal) * open)
    }

    /// Colour of ground without trees, in white light.
    fn bare(&self, x: f32, z: f32, height: f32, steep: f32, grain: f32, fine: f32) -> Color {
        let variation = soil(x, z, self.seed);
        if self.sand {
            return rgb(0.60, 0.36, 0.17).mix(rgb(0.72, 0.50, 0.29), saturate(0.5 + variation));
        }
        let terrain = &self.terrain;
        // Strata show as bands of tone that follow height.
        let strata = gradient(height * 0.35 + variation * 1.5, variation * 3.0, self.seed ^ 61);
        let rock = rgb(0.175, 0.165, 0.16)
            .mix(rgb(0.30, 0.265, 0.235), saturate(0.5 + variation + 0.25 * grain + 0.25 * strata));
        let grass = if self.autumn {
            rgb(0.20, 0.14, 0.035).mix(rgb(0.30, 0.20, 0.06), saturate(0.5 + 1.4 * variation))
        } else {
            rgb(0.075, 0.125, 0.032)
                .mix(rgb(0.19, 0.19, 0.065), saturate(0.5 + 1.4 * variation + 0.2 * fine))
        };
        let mut color = grass.mix(rock, smoothstep(0.16, 0.40, steep + 0.10 * grain));
        let snow_line = terrain.snow_line;
        let bare_line = if self.snowy { 80.0 } else { snow_line };
        color = color
            .mix(rock, smoothstep(bare_line * 0.55, bare_line * 0.85, height + 14.0 * variation));
        let snow =
            smoothstep(snow_line - 16.0, snow_line + 12.0, height + 20.0 * variation + 5.0 * grain)
                * smoothstep(0.58, 0.30, steep + 0.06 * fine);
        color = color.mix(rgb(0.84, 0.88, 0.94), snow);
        let beach = smoothstep(terrain.water + 3.2, terrain.water + 0.8, height + grain);
        if terrain.water > 0.0 { color.mix(rgb(0.33, 0.28, 0.20), beach) } else { color }
    }

    fn foliage(&self, crown: &Crown, height: f32) -> Color {
        let own = byte(crown.id, 4);
        let leaves = if self.autumn {
            let warm = rgb(0.42, 0.10, 0.025).mix(rgb(0.52, 0.30, 0.035), byte(crown.id, 12));
            warm.mix(rgb(0.16, 0.17, 0.04), smoothstep(0.72, 0.9, own))
        } else {
            rgb(0.022, 0.050, 0.020).mix(rgb(0.065, 0.090, 0.028), own)
        };
        let lighter = leaves * mix(0.6, 1.25, crown.share);
        let settled = if self.snowy {
            0.75 * smoothstep(0.15, 0.9, crown.share)
        } else {
            0.6 * smoothstep(self.terrain.snow_line - 40.0, self.terrain.snow_line, height)
        };
        lighter.mix(rgb(0.74, 0.79, 0.86), settled)
    }
}
