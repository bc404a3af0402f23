//! What stands on the land and what it looks like under sun and sky.

use super::atmosphere::Atmosphere;
use super::boulder::{self, Boulder};
use super::canvas::Material;
use super::palette;
use super::setting::{Form, Setting, Soil};
use super::terrain::Terrain;
use super::tree::{self, Crown};
use crate::engine::math::{larger, mix, saturate, sin, smoothstep};
use crate::engine::noise::gradient;
use crate::engine::vector::{Color, Vec3, gray, vec3};

/// Farther than this no stones and no grass are drawn.
const NEAR: f32 = 60.0;
/// Farther than this trees are only colour.
const TREES: f32 = 900.0;
/// Height of what may stand on the ground.
pub(super) const TALLEST: f32 = tree::TALLEST;

/// The land and what covers it.
pub(super) struct Ground {
    pub(super) terrain: Terrain,
    pub(super) setting: Setting,
}

/// What stands at a point.
pub(super) enum Cover {
    Bare,
    Tree(Crown),
    Stone(Boulder),
}

/// A lit point of the ground, before light.
pub(super) struct Surface {
    pub(super) albedo: Color,
    pub(super) normal: Vec3,
    pub(super) roughness: f32,
    /// Shares of sun and of sky that arrive.
    sunlit: f32,
    open: f32,
    /// How far light passes through: leaves glow against the sun.
    thin: f32,
    /// Light of its own.
    glow: Color,
}

impl Ground {
    /// Height of the bare ground, rounded where one looks closely.
    #[inline]
    pub(super) fn bare_height(&self, x: f32, z: f32, distance: f32) -> f32 {
        let height = self.terrain.height(x, z);
        if distance > 40.0 || height < self.setting.water - 4.0 {
            return height;
        }
        mix(self.terrain.smooth_height(x, z), height, smoothstep(20.0, 40.0, distance))
    }

    /// How far what stands on ground of the given height rises.
    #[inline]
    pub(super) fn rise(&self, x: f32, z: f32, height: f32, distance: f32) -> f32 {
        self.cover(x, z, height, distance, false).1
    }

    /// What stands on ground of the given height, and how far it rises. Only `within` trees is
    /// light between leaves looked for.
    #[inline]
    fn cover(&self, x: f32, z: f32, height: f32, distance: f32, within: bool) -> (Cover, f32) {
        let setting = &self.setting;
        if distance < TREES {
            let at = vec3(x, height, z);
            if let Some(crown) =
                tree::crown(&self.terrain, setting.conifers, setting.seed, at, distance, within)
            {
                return (Cover::Tree(crown), crown.height);
            }
        }
        if distance > NEAR {
            return (Cover::Bare, 0.0);
        }
        let fading = smoothstep(NEAR, NEAR * 0.6, distance);
        if let Some(stone) = boulder::boulder(setting, x, z, height) {
            return (Cover::Stone(stone), stone.height * fading);
        }
        (Cover::Bare, self.turf(x, z, height) * smoothstep(30.0, 12.0, distance))
    }

    /// Height of grass and of small unevenness.
    fn turf(&self, x: f32, z: f32, height: f32) -> f32 {
        let seed = self.setting.seed;
        if self.setting.soil != Soil::Grass || self.setting.snowy {
            return 0.0;
        }
        let dry = smoothstep(self.setting.water + 0.9, self.setting.water + 2.2, height);
        if dry <= 0.0 {
            return 0.0;
        }
        let tufts = saturate(0.45 + 0.9 * gradient(x * 0.7, z * 0.7, seed ^ 51));
        let blades = 0.5 + gradient(x * 13.1 + z * 3.0, z * 7.1 - x * 1.6, seed ^ 52);
        dry * (0.04 + 0.15 * tufts) * larger(blades, 0.0)
    }

    /// The ground at a point seen from `distance`, which decides how much detail is worth it.
    pub(super) fn surface(&self, x: f32, z: f32, distance: f32, sun: Vec3) -> Surface {
        let (terrain, setting) = (&self.terrain, &self.setting);
        let seed = setting.seed;
        let height = self.bare_height(x, z, distance);
        let reach = if distance < 40.0 { 0.5 } else { 0.8 + distance * 0.0012 };
        let at = |x: f32, z: f32| self.bare_height(x, z, distance);
        let mut slope_x = at(x - reach, z) - at(x + reach, z);
        let mut slope_z = at(x, z - reach) - at(x, z + reach);
        (slope_x, slope_z) = (slope_x * (0.5 / reach), slope_z * (0.5 / reach));
        let steep = 1.0 - 1.0 / (1.0 + slope_x * slope_x + slope_z * slope_z).sqrt();
        // Grain in sizes that fade as they shrink below a pixel.
        let fades = |near: f32, far: f32| 1.0 - smoothstep(near, far, distance);
        let (mut grain, mut fine) = (0.0, 0.0);
        let beach = setting.form == Form::Beach && height < setting.water + 3.0;
        let smooth = if beach || setting.soil == Soil::Sand { 0.016 } else { 0.06 };
        let rough = mix(smooth, 0.42, smoothstep(0.10, 0.35, steep));
        let mut add = |size: f32, weight: f32, into: &mut f32, seed: u32| {
            if weight > 0.0 {
                let (u, v) = ((0.8 * x - 0.6 * z) * size, (0.6 * x + 0.8 * z) * size);
                let across = gradient(u, v, seed);
                *into += across * weight;
                slope_x += across * weight * rough;
                slope_z += gradient(u + 31.7, v + 17.3, seed) * weight * rough;
            }
        };
        add(0.37, fades(400.0, 1100.0), &mut grain, seed ^ 41);
        add(1.1, 0.7 * fades(130.0, 420.0), &mut grain, seed ^ 42);
        add(3.1, 0.7 * fades(40.0, 130.0), &mut fine, seed ^ 43);
        add(8.7, 0.6 * fades(12.0, 40.0), &mut fine, seed ^ 44);
        if setting.soil == Soil::Sand && steep < 0.25 {
            let bend = gradient(x * 0.23, z * 0.23, seed ^ 45) * 2.4;
            let ripples = sin(x * 0.9 + z * 3.4 + bend);
            slope_z += ripples * 0.13 * fades(25.0, 130.0);
        }
        let normal = vec3(slope_x, 1.0, slope_z).normalized();
        let look = palette::Look { x, z, height, steep, grain, fine, distance };
        let tint = palette::bare(setting, &look);
        let mut surface = Surface {
            albedo: tint.color,
            normal,
            roughness: tint.roughness,
            sunlit: 1.0,
            open: terrain.open(x, z),
            thin: 0.0,
            glow: tint.glow,
        };
        let (cover, rise) = self.cover(x, z, height, distance, true);
        match cover {
            Cover::Bare if rise > 0.0 => {
                // Between the blades it is darker.
                let blades = smoothstep(30.0, 12.0, distance);
                let lighter = mix(0.70, 1.45, saturate(rise * 5.0 / larger(blades, 0.1)));
                surface.albedo = surface.albedo * mix(1.0, lighter, blades);
                surface.thin = 0.3 * blades;
            }
            Cover::Bare => {}
            Cover::Tree(crown) => {
                surface.albedo = palette::foliage(setting, &crown, height);
                surface.open *= (0.28 + 0.72 * crown.share) * mix(0.75, 1.2, crown.tuft);
                surface.sunlit = 0.50 + 0.50 * crown.share;
                let up = if crown.conifer { 0.45 } else { 0.25 + 0.75 * crown.share };
                surface.normal = vec3(
                    crown.x * 0.8 + 0.20 * grain + normal.x * 0.2,
                    up + 0.9 * (crown.tuft - 0.5),
                    crown.z * 0.8 - 0.20 * grain + normal.z * 0.2,
                )
                .normalized();
                (surface.thin, surface.roughness) = (0.55, 0.8);
            }
            Cover::Stone(stone) => {
                surface.albedo = palette::stone(setting, &stone, grain, fine);
                surface.normal = vec3(
                    stone.x * 0.9 + 0.4 * grain + 0.5 * fine,
                    0.7,
                    stone.z * 0.9 - 0.4 * grain + 0.5 * fine,
                )
                .normalized();
                (surface.thin, surface.roughness) = (0.0, 0.75);
            }
        }
        if !matches!(cover, Cover::Bare) {
            surface.glow = gray(0.0);
        }
        let top = vec3(x, height + rise, z);
        surface.sunlit *= terrain.sunlit(top);
        if surface.sunlit > 0.0 && distance < 260.0 {
            surface.sunlit *= self.unshaded(top, distance, sun);
        }
        surface
    }

    /// Share of sunlight that passes the trees between a point and the sun.
    fn unshaded(&self, at: Vec3, distance: f32, sun: Vec3) -> f32 {
        if self.setting.woods < -0.5 {
            return 1.0;
        }
        let level = larger((sun.x * sun.x + sun.z * sun.z).sqrt(), 0.05);
        let rise = sun.y / level;
        let mut passing: f32 = 1.0;
        for away in [1.1, 2.4, 4.3] {
            let (x, z) = (at.x + sun.x / level * away, at.z + sun.z / level * away);
            let ground = self.terrain.height(x, z);
            let point = vec3(x, ground, z);
            let (conifers, seed) = (self.setting.conifers, self.setting.seed);
            let crown = tree::crown(&self.terrain, conifers, seed, point, tree::BRANCHES, false);
            if let Some(crown) = crown {
                let over = ground + crown.height - at.y - away * rise;
                passing *= 1.0 - 0.75 * smoothstep(0.0, 0.9, over);
            }
        }
        mix(passing, 1.0, smoothstep(160.0, 260.0, distance))
    }

    /// Light that leaves the ground at a point towards a camera that looks along `ray`.
    pub(super) fn lit(&self, air: &Atmosphere, x: f32, z: f32, distance: f32, ray: Vec3) -> Color {
        let surface = self.surface(x, z, distance, air.sun);
        let facing = surface.normal.dot(air.sun);
        let wrapped = saturate((facing + 0.4 * surface.thin) / (1.0 + 0.4 * surface.thin));
        // Leaves and blades between camera and sun light up.
        let against = saturate(ray.dot(air.sun));
        let through = surface.thin * 0.55 * against * against * against;
        let direct = (wrapped + through) * surface.sunlit * 0.9;
        let light = air.sunlight * direct + air.ambient(surface.normal) * surface.open;
        surface.albedo * light + surface.glow
    }

    /// What the ground is made of at a point; the normal is given in the land's directions.
    pub(super) fn material(&self, x: f32, z: f32, distance: f32) -> Material {
        let up = vec3(0.0, 1.0, 0.0);
        let Surface { albedo, normal, roughness, .. } = self.surface(x, z, distance, up);
        let albedo = albedo.clamped();
        Material { albedo, normal, roughness, metallic: 0.0, distance }
    }
}
