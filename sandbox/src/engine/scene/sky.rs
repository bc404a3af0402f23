//! The sky above any landscape: sun or moon, stars, aurora, cloud layer.

use super::atmosphere::Atmosphere;
use super::aurora;
use crate::engine::math::{floor, fract, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{byte, fractal, fractal_above, gradient, hash};
use crate::engine::prompt::{Composition, Light};
use crate::engine::vector::{Color, Vec3, gray, rgb};

/// How finely the sky is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    Full,
    /// Fewer octaves of cloud, for films.
    Coarse,
    /// Only what is large, for reflections.
    Mirrored,
}

/// The sky of one scene.
#[derive(Clone, Debug)]
pub(super) struct Sky {
    aurora: bool,
    seed: u32,
}

impl Sky {
    pub(super) fn new(composition: &Composition) -> Sky {
        Sky { aurora: composition.aurora, seed: composition.variation }
    }

    /// The light from direction `ray` (unit length) at `time` seconds.
    pub(super) fn color(&self, air: &Atmosphere, ray: Vec3, time: f32, detail: Detail) -> Color {
        let up = larger(ray.y, 0.0);
        if air.shrouded {
            return air.gradient(up);
        }
        let toward_sun = saturate(ray.dot(air.sun));
        let near_sun = squared(toward_sun, 3);
        let dim = if air.light == Light::Night { 0.35 } else { 1.0 };
        let close = squared(near_sun, 3);
        let mut color = air.gradient(up)
            + air.sunlight * ((0.035 * near_sun + 0.10 * close + 0.35 * squared(close, 3)) * dim);
        // Ripples smear the stars in a mirror until they are gone.
        if air.starry() && detail != Detail::Mirrored {
            color += self.stars(ray, up, time, air.light == Light::Night);
        }
        if self.aurora {
            color += aurora::light(ray, time, self.seed ^ 31);
        }
        color = match air.light {
            _ if air.overcast() => color,
            Light::Neon => retro_sun(color, ray),
            Light::Night if self.aurora => color,
            Light::Night => moon(color, air, ray, toward_sun),
            _ => color.mix(air.sunlight * 3.0, smoothstep(0.99955, 0.99972, toward_sun)),
        };
        if air.clouds > 0.0 && ray.y > 0.004 {
            let sight = Sight { ray, time, near_sun: near_sun * dim, detail };
            color = self.clouds(color, air, &sight);
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

    /// Clouds over the clear sky: veils high up, heaps below them.
    fn clouds(&self, behind: Color, air: &Atmosphere, sight: &Sight) -> Color {
        if sight.detail == Detail::Mirrored {
            return self.heaps(behind, air, sight);
        }
        let veiled = self.veils(behind, air, sight);
        self.heaps(veiled, air, sight)
    }

    fn veils(&self, behind: Color, air: &Atmosphere, sight: &Sight) -> Color {
        let Sight { ray, time, near_sun, detail } = *sight;
        let reach = 1.5 / (ray.y + 0.08);
        let (x, z) = (ray.x * reach + time * 0.006, ray.z * reach * 0.45 + time * 0.002);
        let bend = gradient(x * 0.5, z * 0.5, self.seed ^ 23);
        let octaves = if detail == Detail::Full { 5 } else { 3 };
        let edge = 0.30 - 0.32 * air.clouds;
        let (u, v) = (x * 0.8 + bend, z * 1.9 - bend * 0.8);
        let body = fractal_above(u, v, octaves, self.seed ^ 24, edge);
        let density = smoothstep(edge, 1.0, body);
        if density <= 0.0 {
            return behind;
        }
        let cloud = air.cloud_lit * 0.92 + air.sunlight * (0.05 * near_sun);
        let far = smoothstep(0.0, 0.20, ray.y);
        behind.mix(cloud, density * 0.55 * far)
    }

    fn heaps(&self, behind: Color, air: &Atmosphere, sight: &Sight) -> Color {
        let Sight { ray, time, near_sun, detail } = *sight;
        let reach = 0.85 / (ray.y + 0.055);
        let (x, z) = (ray.x * reach + time * 0.012, ray.z * reach + time * 0.005);
        let seed = self.seed ^ 17;
        let (octaves, light_octaves) = match detail {
            Detail::Full => (6, 4),
            Detail::Coarse => (4, 2),
            Detail::Mirrored => (3, 1),
        };
        let edge = 0.34 - 0.46 * air.clouds;
        let body = heap(x, z, octaves, seed, edge);
        let density = smoothstep(edge, edge + mix(0.16, 0.34, air.clouds), body);
        if density < 0.003 {
            return behind;
        }
        // Thinner towards the sun, or above, means that light reaches this spot; nearer to the
        // zenith is what stands above in the picture.
        let nearer = 0.10 * reach;
        let toward = heap(
            x + air.sun.x * 0.12 - ray.x * nearer,
            z + air.sun.z * 0.05 - ray.z * nearer,
            light_octaves,
            seed,
            f32::NEG_INFINITY,
        );
        let lit = saturate(0.60 + (body - toward) * 1.35 - density * 0.22);
        let lining = air.sunlight * (0.16 * near_sun * near_sun * (1.0 - density));
        let cloud = air.cloud_dark.mix(air.cloud_lit, lit) + lining;
        let far = smoothstep(0.0, 0.14, ray.y);
        behind.mix(behind.mix(cloud, far), density * 0.95 * mix(0.30, 1.0, far))
    }
}

/// A line of sight into the sky.
#[derive(Clone, Copy)]
struct Sight {
    ray: Vec3,
    time: f32,
    /// 1 towards the sun, falling off quickly.
    near_sun: f32,
    detail: Detail,
}

/// Thickness of heaped cloud: the crease of the absolute value gives round heads. Below `least` it
/// may be any number below that.
fn heap(x: f32, z: f32, octaves: u32, seed: u32, least: f32) -> f32 {
    let broad = gradient(x * 0.42, z * 0.42, seed ^ 5);
    let bend = gradient(x * 0.9, z * 0.9, seed ^ 6) * 0.35;
    let (mut u, mut v) = (x + bend, z - bend);
    let (mut amplitude, mut sum) = (0.42, 0.0);
    for octave in 0..octaves {
        // All octaves from here on are crests at the most.
        if 0.62 * broad + 0.75 * (sum + amplitude * 1.3) < least {
            break;
        }
        let noise = gradient(u, v, seed.wrapping_add(octave * 101));
        sum += amplitude * (0.62 - 1.5 * noise.abs());
        (u, v) = ((0.8 * u - 0.6 * v) * 2.07, (0.6 * u + 0.8 * v) * 2.07);
        amplitude *= 0.52;
    }
    0.62 * broad + 0.75 * sum
}

fn moon(behind: Color, air: &Atmosphere, ray: Vec3, toward: f32) -> Color {
    let disc = smoothstep(0.99905, 0.99925, toward);
    if disc == 0.0 {
        return behind;
    }
    let seas = 0.78 + 0.7 * fractal(ray.x * 60.0, ray.y * 60.0, 5, 3);
    behind.mix(air.sunlight * (1.15 * seas), disc)
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
