//! The sky above any landscape: sun or moon, stars, aurora, cloud layer.

use super::atmosphere::Atmosphere;
use super::aurora::Aurora;
use crate::engine::math::{exp, floor, fract, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{byte, fractal, gradient, hash};
use crate::engine::prompt::{Composition, Light};
use crate::engine::vector::{Color, Vec3, gray, rgb};

/// How finely the sky is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    Full,
    /// Fewer octaves of cloud, for films and reflections.
    Coarse,
}

/// The sky of one scene.
pub(super) struct Sky {
    aurora: Option<Aurora>,
    seed: u32,
}

impl Sky {
    pub(super) fn new(composition: &Composition) -> Sky {
        let seed = composition.variation;
        Sky { aurora: composition.aurora.then(|| Aurora::new(seed)), seed }
    }

    /// The light from direction `ray` (unit length) at `time` seconds.
    pub(super) fn color(&self, air: &Atmosphere, ray: Vec3, time: f32, detail: Detail) -> Color {
        let up = larger(ray.y, 0.0);
        let toward_sun = saturate(ray.dot(air.sun));
        let near_sun = squared(toward_sun, 3);
        let dim = if air.light == Light::Night { 0.35 } else { 1.0 };
        let close = squared(near_sun, 3);
        let mut color = air.gradient(up)
            + air.sunlight * ((0.035 * near_sun + 0.10 * close + 0.35 * squared(close, 3)) * dim);
        if air.starry() {
            color += self.stars(ray, up, time, air.light == Light::Night);
        }
        if let Some(aurora) = &self.aurora {
            color += aurora.light(ray, time, detail);
        }
        color = match air.light {
            _ if air.overcast() => color,
            Light::Neon => retro_sun(color, ray),
            Light::Night => moon(color, air, ray, toward_sun),
            _ => color.mix(air.sunlight * 3.0, smoothstep(0.99955, 0.99972, toward_sun)),
        };
        if air.clouds > 0.0 && ray.y > 0.004 {
            color = self.cloud_layer(color, air, ray, time, near_sun * dim, detail);
        }
        color
    }

    fn stars(&self, ray: Vec3, up: f32, time: f32, milky_way: bool) -> Color {
        // Stereographic, so that stars stay round; the pole lies behind the camera.
        let scale = 260.0 / (1.001 + ray.z);
        let (x, y) = (ray.x * scale, ray.y * scale);
        let (cell_x, cell_y) = (floor(x), floor(y));
        let star = hash(cell_x as i32, cell_y as i32, self.seed ^ 99);
        let mut color = gray(0.0);
        if star & 31 < 5 {
            let dx = x - cell_x - 0.2 - 0.6 * byte(star, 8);
            let dy = y - cell_y - 0.2 - 0.6 * byte(star, 16);
            let disc = smoothstep(0.05, 0.0, dx * dx + dy * dy) * smoothstep(0.02, 0.25, up);
            let twinkle = 0.8 + 0.2 * sin(time * 3.0 + (star & 1023) as f32);
            let hue = rgb(1.1, 0.92, 0.78).mix(rgb(0.8, 0.95, 1.25), byte(star, 4));
            color += hue * (squared(byte(star, 24), 2) * disc * 1.5 * twinkle);
        }
        if milky_way {
            let band = 1.0 - (x * 0.0062 + y * 0.0042 - 0.35).abs() * 1.9;
            if band > 0.0 {
                let dust = fractal(x * 0.02, y * 0.02, 5, self.seed ^ 4);
                let lanes = smoothstep(0.05, 0.4, fractal(x * 0.035, y * 0.012, 4, self.seed ^ 6));
                let glow = band * band * saturate(0.5 + dust) * (1.0 - 0.7 * lanes);
                color += rgb(0.075, 0.066, 0.095) * glow;
            }
        }
        color
    }

    fn cloud_layer(
        &self,
        behind: Color,
        air: &Atmosphere,
        ray: Vec3,
        time: f32,
        near_sun: f32,
        detail: Detail,
    ) -> Color {
        let reach = 0.85 / (ray.y + 0.06);
        let (x, z) = (ray.x * reach + time * 0.012, ray.z * reach + time * 0.005);
        let bend = gradient(x * 0.6, z * 0.6, self.seed ^ 21) * 0.5;
        let (octaves, light_octaves) = if detail == Detail::Full { (6, 4) } else { (4, 2) };
        let seed = self.seed ^ 17;
        let body = fractal(x + bend, z - bend * 0.6, octaves, seed);
        let edge = 0.30 - 0.42 * air.clouds;
        let density = smoothstep(edge, edge + 0.42, body);
        if density < 0.003 {
            return behind;
        }
        // Thinner towards the sun means that light reaches this spot.
        let toward = fractal(
            x + bend + air.sun.x * 0.16,
            z - bend * 0.6 + air.sun.z * 0.16,
            light_octaves,
            seed,
        );
        let lit = saturate(0.55 + (body - toward) * 1.6 - density * 0.18);
        let lining = air.sunlight * (0.16 * near_sun * near_sun * (1.0 - density));
        let cloud = air.cloud_dark.mix(air.cloud_lit, lit) + lining;
        let far = smoothstep(0.0, 0.16, ray.y);
        behind.mix(behind.mix(cloud, far), density * 0.93 * mix(0.35, 1.0, far))
    }
}

fn moon(behind: Color, air: &Atmosphere, ray: Vec3, toward: f32) -> Color {
    let disc = smoothstep(0.99905, 0.99925, toward);
    if disc == 0.0 {
        return behind;
    }
    let seas = 0.75 + 0.4 * fractal(ray.x * 160.0, ray.y * 160.0, 4, 3);
    behind.mix(air.sunlight * (2.4 * seas), disc)
}

/// The striped sun of synthwave posters.
fn retro_sun(behind: Color, ray: Vec3) -> Color {
    if ray.z <= 0.05 {
        return behind;
    }
    let (x, y) = (ray.x / ray.z, ray.y / ray.z - 0.17);
    let disc = smoothstep(0.235, 0.231, (x * x + y * y).sqrt());
    if disc == 0.0 {
        return behind;
    }
    let stripe =
        if y < 0.03 { smoothstep(0.30, 0.36, fract(y * 46.0) + (y + 0.2) * 1.4) } else { 1.0 };
    let hue = rgb(1.9, 0.30, 0.75).mix(rgb(2.4, 1.5, 0.25), smoothstep(-0.2, 0.2, y));
    behind.mix(hue, disc * stripe)
}
