//! What lies around a city and behind it: far towers, mountains, a planet in the sky.

use crate::engine::math::{atan2, exp, floor, fract, larger, mix, saturate, smoothstep};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::prompt::{Composition, Era, Subject};
use crate::engine::scene::atmosphere::Atmosphere;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// What the city stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Floor {
    Water,
    /// Only what is tall looks out.
    Clouds,
    Sand,
    Meadow,
}

/// Height of the top of the clouds around towers.
pub(super) const CLOUD_TOP: f32 = 60.0;

/// Everything that is not the city.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surround {
    pub(super) floor: Floor,
    mountains: bool,
    hills: bool,
    planet: bool,
    snow: bool,
    /// Whether other districts stand at the horizon.
    districts: bool,
    seed: u32,
}

impl Surround {
    pub(super) fn new(composition: &Composition) -> Surround {
        let with = |subject: Subject| composition.with.contains(&subject);
        let floor = if with(Subject::Clouds) {
            Floor::Clouds
        } else if with(Subject::Sea) || with(Subject::Lake) {
            Floor::Water
        } else if with(Subject::Desert) {
            Floor::Sand
        } else if with(Subject::Forest) || composition.snow {
            Floor::Meadow
        } else {
            Floor::Water
        };
        Surround {
            floor,
            mountains: with(Subject::Mountains),
            hills: composition.era == Era::Old && floor != Floor::Clouds,
            planet: with(Subject::Space),
            snow: composition.snow,
            districts: !matches!(composition.era, Era::Old) && floor != Floor::Clouds,
            seed: composition.variation,
        }
    }

    /// Colour of the open ground at a height.
    pub(super) fn soil(&self, height: f32) -> Color {
        match self.floor {
            _ if self.snow => gray(0.92),
            Floor::Sand => rgb(0.50, 0.36, 0.21),
            _ => rgb(0.075, 0.12, 0.035).mix(rgb(0.16, 0.17, 0.06), saturate(height * 0.3 + 0.3)),
        }
    }

    /// Sky with what stands at the horizon in front of it.
    pub(super) fn behind(&self, sky: Color, air: &Atmosphere, ray: Vec3, lit: f32) -> Color {
        let mut color = sky;
        if self.planet {
            color = self.planet(color, air, ray);
        }
        if ray.y > 0.42 {
            return color;
        }
        let level = larger((ray.x * ray.x + ray.z * ray.z).sqrt(), 1e-3);
        let (slope, around) = (ray.y / level, vec3(ray.x / level, 0.0, ray.z / level));
        let haze = air.haze_color(ray);
        if self.mountains {
            for (layer, (high, veil)) in [(0.42, 0.40), (0.26, 0.22)].into_iter().enumerate() {
                color = self.ridge(color, air, around, slope, high, veil, layer as u32);
            }
        } else if self.hills {
            for (layer, (high, veil)) in [(0.13, 0.72), (0.07, 0.5)].into_iter().enumerate() {
                color = self.ridge(color, air, around, slope, high, veil, layer as u32);
            }
        }
        if self.districts && slope < 0.11 {
            for (layer, (high, veil)) in [(0.070, 0.86), (0.045, 0.74)].into_iter().enumerate() {
                color = self.skyline(color, air, around, slope, (high, veil), layer as u32, lit);
            }
        }
        color.mix(haze, 0.75 * exp(-larger(slope, 0.0) * 38.0))
    }

    #[allow(clippy::too_many_arguments, reason = "one place on one ridge")]
    fn ridge(
        &self,
        behind: Color,
        air: &Atmosphere,
        around: Vec3,
        slope: f32,
        high: f32,
        veil: f32,
        layer: u32,
    ) -> Color {
        let seed = self.seed ^ (layer * 31 + 7);
        let pace = 2.2 + layer as f32 * 1.4;
        let height = |x: f32, z: f32| {
            let body = fractal(x * pace + 5.0, z * pace, 6, seed);
            high * (0.42 + 0.55 * (1.0 - (body * 1.7).abs()))
        };
        let edge = height(around.x, around.z);
        let cover = smoothstep(edge + 0.0025, edge - 0.0025, slope);
        if cover <= 0.0 {
            return behind;
        }
        // Faces turn with the ridge and with what lies below it.
        let wide = pace * 5.0 * (1.0 + 0.4 * slope);
        let face = |turn: f32| {
            let (x, z) = (around.x + around.z * turn, around.z - around.x * turn);
            fractal(x * wide, z * wide, 5, seed ^ 3)
        };
        let rock = face(0.0);
        let lit = saturate(0.36 + 3.4 * (face(0.012) - rock));
        let white = smoothstep(0.46, 0.72, slope / high + 0.35 * rock);
        let white = if self.hills && !self.mountains { 0.0 } else { white };
        let ground = if self.hills { rgb(0.07, 0.10, 0.045) } else { rgb(0.13, 0.12, 0.12) };
        let albedo = ground.mix(gray(0.75), if self.snow { white.max(0.5) } else { white });
        let light = albedo * (air.sunlight * (0.30 * lit) + air.middle * 0.6 + air.zenith * 0.3);
        let ray = vec3(around.x, slope, around.z);
        let far = air.haze_color(ray).mix(air.middle, 0.35 * saturate(slope * 4.0));
        behind.mix(light.mix(far, veil * (1.0 - 0.5 * saturate(slope / high))), cover)
    }

    #[allow(clippy::too_many_arguments, reason = "one place in one row of towers")]
    fn skyline(
        &self,
        behind: Color,
        air: &Atmosphere,
        around: Vec3,
        slope: f32,
        (high, veil): (f32, f32),
        layer: u32,
        lit: f32,
    ) -> Color {
        let seed = self.seed ^ (layer * 57 + 19);
        let turn = atan2(around.x, around.z) * (52.0 + 21.0 * layer as f32);
        let center = smoothstep(-0.25, 0.5, fractal(around.x * 2.5, around.z * 2.5, 2, seed));
        let mut cover: f32 = 0.0;
        // Two rows of blocks, one of them half a block along.
        for row in 0..2u32 {
            let at = turn + row as f32 * 0.5;
            let id = hash(floor(at) as i32, row as i32, seed);
            let tall = high * mix(0.10, 0.25 + 0.9 * center, byte(id, 0) * byte(id, 8));
            let wide = mix(0.25, 0.5, byte(id, 16));
            let inside = smoothstep(wide + 0.04, wide - 0.04, (fract(at) - 0.5).abs());
            cover = larger(cover, inside * smoothstep(tall + 0.0016, tall - 0.0016, slope));
        }
        if cover <= 0.0 {
            return behind;
        }
        let ray = vec3(around.x, slope, around.z);
        let dark = air.middle * 0.20 + air.zenith * 0.12;
        let glow = rgb(1.0, 0.62, 0.32) * (lit * 0.20 * exp(-slope * 30.0));
        behind.mix((dark + glow).mix(air.haze_color(ray), veil), cover)
    }

    /// A ringless giant low in the sky, lit by the same sun.
    fn planet(&self, behind: Color, air: &Atmosphere, ray: Vec3) -> Color {
        let side = if self.seed & 4 == 0 { -0.30 } else { 0.32 };
        let center = vec3(side, 0.36, 0.87).normalized();
        let radius = 0.20;
        let (x, y) = (ray.x - center.x, ray.y - center.y);
        let far = (x * x + y * y).sqrt() / radius;
        if far > 1.02 || ray.z < 0.0 {
            return behind;
        }
        let deep = larger(1.0 - far * far, 0.0).sqrt();
        let normal = vec3(x / radius, y / radius, -deep);
        let lamp = vec3(-0.62, 0.52, -0.35).normalized();
        let day = smoothstep(-0.08, 0.55, normal.dot(lamp));
        let bands = fractal(normal.x * 0.7 + 3.0, normal.y * 5.0 + normal.x * 0.6, 5, self.seed);
        let hue = rgb(0.80, 0.55, 0.42).mix(rgb(0.36, 0.44, 0.70), saturate(0.5 + bands * 1.3));
        let lit = hue * (day * (0.25 + air.sunlight.luminance() * 0.16)) + air.zenith * 0.6;
        // What is blue in front of it is air.
        let veil = lit + air.gradient(ray.y) * 0.35;
        behind.mix(veil, smoothstep(1.01, 0.985, far))
    }
}
