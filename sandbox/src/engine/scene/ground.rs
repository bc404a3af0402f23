//! What stands on the land and what it looks like under sun and sky.

use super::atmosphere::Atmosphere;
use super::boulder::{self, Boulder};
use super::canvas::Material;
use super::palette;
use super::setting::{Form, Setting, Soil};
use super::terrain::Terrain;
use super::tree::{self, Crown, Sight};
use crate::engine::math::{larger, mix, saturate, sin, smoothstep};
use crate::engine::noise::gradient;
use crate::engine::vector::{Color, Vec3, gray, vec3};

/// Farther than this no stones and no grass are drawn.
const NEAR: f32 = 60.0;
/// Farther than this trees are only colour.
const TREES: f32 = 900.0;
/// Stones and grass are lower.
const LOW: f32 = 1.0;
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

/// How bare ground lies.
struct Relief {
    normal: Vec3,
    /// 0 is level, 1 is a wall.
    steep: f32,
    /// Unevenness, coarse and fine, about -1 to 1.
    grain: f32,
    fine: f32,
}

/// Unevenness of one size, which fades as it shrinks below a pixel.
struct Grain {
    /// Bumps to a unit of length.
    size: f32,
    weight: f32,
    /// Where it begins to fade, and where it is gone.
    fades: (f32, f32),
    seed: u32,
}

const COARSE: [Grain; 2] = [
    Grain { size: 0.37, weight: 1.0, fades: (400.0, 1100.0), seed: 41 },
    Grain { size: 1.1, weight: 0.7, fades: (130.0, 420.0), seed: 42 },
];
const FINE: [Grain; 2] = [
    Grain { size: 3.1, weight: 0.7, fades: (40.0, 130.0), seed: 43 },
    Grain { size: 8.7, weight: 0.6, fades: (12.0, 40.0), seed: 44 },
];

impl Grain {
    /// How far the ground rises, which also tilts it to one side.
    #[inline]
    fn across(&self, x: f32, z: f32, distance: f32, seed: u32) -> f32 {
        self.at(x, z, distance, (0.0, 0.0), seed)
    }

    /// How far it tilts to the other side.
    #[inline]
    fn along(&self, x: f32, z: f32, distance: f32, seed: u32) -> f32 {
        self.at(x, z, distance, (31.7, 17.3), seed)
    }

    #[inline]
    fn at(&self, x: f32, z: f32, distance: f32, aside: (f32, f32), seed: u32) -> f32 {
        let (near, far) = self.fades;
        if distance >= far {
            return 0.0;
        }
        let weight = self.weight * (1.0 - smoothstep(near, far, distance));
        let (u, v) = ((0.8 * x - 0.6 * z) * self.size, (0.6 * x + 0.8 * z) * self.size);
        weight * gradient(u + aside.0, v + aside.1, seed ^ self.seed)
    }
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

    /// How far what stands on ground of the given height rises, if that is `above` a height: lower
    /// things may be left out.
    #[inline]
    pub(super) fn rise(&self, x: f32, z: f32, height: f32, distance: f32, above: f32) -> f32 {
        self.cover(x, z, height, Sight { distance, within: false, above }).1
    }

    /// What stands on ground of the given height, and how far it rises.
    #[inline]
    fn cover(&self, x: f32, z: f32, height: f32, sight: Sight) -> (Cover, f32) {
        let setting = &self.setting;
        let distance = sight.distance;
        if distance < TREES {
            let at = vec3(x, height, z);
            if let Some(crown) =
                tree::crown(&self.terrain, setting.conifers, setting.seed, at, sight)
            {
                return (Cover::Tree(crown), crown.height);
            }
        }
        if distance > NEAR || sight.above > LOW {
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
        let height = self.bare_height(x, z, distance);
        let sight = Sight { distance, within: true, above: f32::NEG_INFINITY };
        let (cover, rise) = self.cover(x, z, height, sight);
        let mut surface = match cover {
            Cover::Tree(crown) => self.leaves(x, z, height, distance, &crown),
            Cover::Stone(stone) => self.stone(x, z, height, distance, &stone),
            Cover::Bare => self.bare(x, z, height, distance, rise),
        };
        let top = vec3(x, height + rise, z);
        surface.sunlit *= self.terrain.sunlit(top);
        if surface.sunlit > 0.0 && distance < 260.0 {
            surface.sunlit *= self.unshaded(top, distance, sun);
        }
        surface
    }

    /// Grass, sand, rock and snow.
    fn bare(&self, x: f32, z: f32, height: f32, distance: f32, rise: f32) -> Surface {
        let Relief { normal, steep, grain, fine } = self.relief(x, z, height, distance);
        let look = palette::Look { x, z, height, steep, grain, fine, distance };
        let tint = palette::bare(&self.setting, &look);
        let mut surface = Surface {
            albedo: tint.color,
            normal,
            roughness: tint.roughness,
            sunlit: 1.0,
            open: self.terrain.open(x, z),
            thin: 0.0,
            glow: tint.glow,
        };
        if rise > 0.0 {
            // Between the blades it is darker.
            let blades = smoothstep(30.0, 12.0, distance);
            let lighter = mix(0.70, 1.45, saturate(rise * 5.0 / larger(blades, 0.1)));
            surface.albedo = surface.albedo * mix(1.0, lighter, blades);
            surface.thin = 0.3 * blades;
        }
        surface
    }

    fn leaves(&self, x: f32, z: f32, height: f32, distance: f32, crown: &Crown) -> Surface {
        let grain: f32 =
            COARSE.iter().map(|grain| grain.across(x, z, distance, self.setting.seed)).sum();
        // What the land does below is hardly seen.
        let at = |x: f32, z: f32| self.terrain.height(x, z);
        let land_x = (at(x - 1.0, z) - at(x + 1.0, z)) * 0.5;
        let land_z = (at(x, z - 1.0) - at(x, z + 1.0)) * 0.5;
        let land = 0.2 / (1.0 + land_x * land_x + land_z * land_z).sqrt();
        let up = if crown.conifer { 0.45 } else { 0.25 + 0.75 * crown.share };
        Surface {
            albedo: palette::foliage(&self.setting, crown, height),
            normal: vec3(
                crown.x * 0.8 + 0.20 * grain + land_x * land,
                up + 0.9 * (crown.tuft - 0.5),
                crown.z * 0.8 - 0.20 * grain + land_z * land,
            )
            .normalized(),
            roughness: 0.8,
            sunlit: 0.50 + 0.50 * crown.share,
            open: self.terrain.open(x, z)
                * ((0.28 + 0.72 * crown.share) * mix(0.75, 1.2, crown.tuft)),
            thin: 0.55,
            glow: gray(0.0),
        }
    }

    fn stone(&self, x: f32, z: f32, height: f32, distance: f32, stone: &Boulder) -> Surface {
        let Relief { grain, fine, .. } = self.relief(x, z, height, distance);
        Surface {
            albedo: palette::stone(&self.setting, stone, grain, fine),
            normal: vec3(
                stone.x * 0.9 + 0.4 * grain + 0.5 * fine,
                0.7,
                stone.z * 0.9 - 0.4 * grain + 0.5 * fine,
            )
            .normalized(),
            roughness: 0.75,
            sunlit: 1.0,
            open: self.terrain.open(x, z),
            thin: 0.0,
            glow: gray(0.0),
        }
    }

    /// How the bare ground lies and how uneven it is.
    fn relief(&self, x: f32, z: f32, height: f32, distance: f32) -> Relief {
        let setting = &self.setting;
        let seed = setting.seed;
        let reach = if distance < 40.0 { 0.5 } else { 0.8 + distance * 0.0012 };
        let at = |x: f32, z: f32| self.bare_height(x, z, distance);
        let mut slope_x = at(x - reach, z) - at(x + reach, z);
        let mut slope_z = at(x, z - reach) - at(x, z + reach);
        (slope_x, slope_z) = (slope_x * (0.5 / reach), slope_z * (0.5 / reach));
        let steep = 1.0 - 1.0 / (1.0 + slope_x * slope_x + slope_z * slope_z).sqrt();
        let beach = setting.form == Form::Beach && height < setting.water + 3.0;
        let smooth = if beach || setting.soil == Soil::Sand { 0.016 } else { 0.06 };
        let rough = mix(smooth, 0.42, smoothstep(0.10, 0.35, steep));
        let mut sum = |grains: &[Grain]| {
            let mut sum = 0.0;
            for grain in grains {
                let across = grain.across(x, z, distance, seed);
                sum += across;
                slope_x += across * rough;
                slope_z += grain.along(x, z, distance, seed) * rough;
            }
            sum
        };
        let (grain, fine) = (sum(&COARSE), sum(&FINE));
        if setting.soil == Soil::Sand && steep < 0.25 {
            let bend = gradient(x * 0.23, z * 0.23, seed ^ 45) * 2.4;
            let ripples = sin(x * 0.9 + z * 3.4 + bend);
            slope_z += ripples * 0.13 * (1.0 - smoothstep(25.0, 130.0, distance));
        }
        Relief { normal: vec3(slope_x, 1.0, slope_z).normalized(), steep, grain, fine }
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
            let above = at.y + away * rise - ground;
            let sight = Sight { distance: tree::BRANCHES, within: false, above };
            if let Some(crown) = tree::crown(&self.terrain, conifers, seed, point, sight) {
                passing *= 1.0 - 0.75 * smoothstep(0.0, 0.9, crown.height - above);
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
