//! Planets and moons: ground, sea, cloud, ice, bands, craters, air and rings.

use crate::engine::math::{cos, floor, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{byte, fractal, fraction, hash, periodic3};
use crate::engine::prompt::Cosmos;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Dark, middle and light bands of each kind of gas planet.
const BANDS: [[Color; 3]; 4] = [
    [rgb(0.40, 0.24, 0.17), rgb(0.62, 0.44, 0.28), rgb(0.86, 0.76, 0.60)],
    [rgb(0.06, 0.14, 0.32), rgb(0.12, 0.34, 0.55), rgb(0.60, 0.80, 0.86)],
    [rgb(0.36, 0.08, 0.06), rgb(0.64, 0.24, 0.12), rgb(0.90, 0.62, 0.40)],
    [rgb(0.10, 0.26, 0.22), rgb(0.28, 0.48, 0.36), rgb(0.78, 0.84, 0.66)],
];

/// What a planet is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Earth,
    Rocky,
    Moon,
    Gas,
    Ice,
}

/// A planet of radius 1.
pub(super) struct Planet {
    pub(super) kind: Kind,
    pub(super) rings: bool,
    tint: [Color; 3],
    air: Color,
    seed: u32,
}

/// A point of the ground.
struct Ground {
    albedo: Color,
    /// Brightness of the slope towards the light, around 1.
    relief: f32,
    /// Share of light that water mirrors.
    water: f32,
    /// Light of its own on the night side.
    lamps: Color,
    cloud: f32,
}

/// What a line of sight meets.
pub(super) struct Hit {
    pub(super) color: Color,
    pub(super) albedo: Color,
    pub(super) normal: Vec3,
    /// Share of the background that is hidden.
    pub(super) cover: f32,
}

impl Planet {
    pub(super) fn new(cosmos: Option<Cosmos>, colors: &[Color], seed: u32) -> Planet {
        let (kind, rings) = match cosmos {
            Some(Cosmos::Earth | Cosmos::Limb) => (Kind::Earth, false),
            Some(Cosmos::Rocky) => (Kind::Rocky, false),
            Some(Cosmos::Moon) => (Kind::Moon, false),
            Some(Cosmos::Ice) => (Kind::Ice, seed >> 5 & 3 == 0),
            Some(Cosmos::Gas) => (Kind::Gas, false),
            Some(Cosmos::Ringed) => (Kind::Gas, true),
            _ => match seed >> 13 & 7 {
                0 | 1 => (Kind::Earth, false),
                2 => (Kind::Rocky, false),
                3 => (Kind::Ice, true),
                4 => (Kind::Gas, false),
                _ => (Kind::Gas, true),
            },
        };
        let own = match kind {
            Kind::Rocky => [rgb(0.20, 0.075, 0.035), rgb(0.48, 0.20, 0.09), rgb(0.74, 0.44, 0.26)],
            Kind::Moon => [rgb(0.11, 0.11, 0.115), rgb(0.30, 0.295, 0.28), rgb(0.56, 0.55, 0.52)],
            Kind::Ice => [rgb(0.12, 0.30, 0.44), rgb(0.46, 0.68, 0.78), rgb(0.86, 0.93, 0.95)],
            _ => {
                // The gas giants that people know are warm.
                let warm = matches!(cosmos, Some(Cosmos::Gas | Cosmos::Ringed));
                let pick = if warm { seed >> 10 & 2 } else { seed >> 11 & 3 };
                BANDS.get(pick as usize).copied().unwrap_or_default()
            }
        };
        let tint = match (kind, colors) {
            (Kind::Earth, _) | (_, []) => own,
            (_, [first, rest @ ..]) => {
                let light = rest.first().copied().unwrap_or(first.mix(gray(0.9), 0.55));
                [*first * 0.40, *first * 0.85, light]
            }
        };
        let air = match kind {
            Kind::Rocky => rgb(0.85, 0.42, 0.24) * 0.55,
            Kind::Moon => gray(0.0),
            Kind::Gas => tint[2].mix(rgb(0.25, 0.50, 1.0), 0.55) * 0.7,
            _ => rgb(0.25, 0.52, 1.0),
        };
        Planet { kind, rings, tint, air, seed }
    }

    /// The planet at (`x`, `y`) radii from its centre (`y` up), turned by `turn` about its axis.
    pub(super) fn at(
        &self,
        x: f32,
        y: f32,
        turn: f32,
        light: Vec3,
        pixel: f32,
        octaves: u32,
    ) -> Hit {
        let from_center = x * x + y * y;
        let round = from_center.sqrt();
        let mut hit =
            Hit { color: gray(0.0), albedo: gray(0.0), normal: vec3(0.0, 0.0, 1.0), cover: 0.0 };
        let cover = saturate((1.0 - round) / pixel + 0.5);
        if round > 1.0 - pixel {
            let halo = smoothstep(1.16, 1.0, round);
            let lit = saturate(vec3(x, y, 0.1).normalized().dot(light) * 0.85 + 0.30);
            hit.color += self.air * (squared(halo, 1) * halo * lit * 0.85);
        }
        if cover > 0.0 {
            let z = larger(1.0 - from_center, 0.0).sqrt();
            let normal = vec3(x, y, z);
            let (color, albedo) = self.surface(normal, turn, light, octaves);
            hit.color = hit.color.mix(color, cover);
            (hit.albedo, hit.normal, hit.cover) = (albedo, normal.normalized(), cover);
        }
        if self.rings {
            self.lay_rings(&mut hit, x, y, from_center, light);
        }
        hit
    }

    fn surface(&self, normal: Vec3, turn: f32, light: Vec3, octaves: u32) -> (Color, Color) {
        let spot = spun(normal, turn);
        let toward = spun(normal + light * 0.02, turn);
        let ground = match self.kind {
            Kind::Earth => self.earth(spot, toward, turn, octaves),
            Kind::Gas => self.gas(spot, octaves),
            Kind::Ice => self.ice(spot, toward, octaves),
            Kind::Rocky | Kind::Moon => self.rock(spot, toward, octaves),
        };
        let facing = normal.dot(light);
        let airless = self.kind == Kind::Moon;
        let day = if airless { saturate(facing) } else { smoothstep(-0.10, 0.95, facing) };
        let shadow = if self.rings { self.ring_shadow(normal, light) } else { 1.0 };
        let mut color = ground.albedo * (day * ground.relief * 1.7 * shadow);
        // The terminator of a planet with air is red, as its evening is.
        let evening = smoothstep(-0.16, 0.06, facing) * smoothstep(0.34, 0.06, facing);
        if self.kind == Kind::Earth {
            color += ground.albedo * rgb(0.55, 0.20, 0.06) * (evening * 0.5);
            let half = (light + vec3(0.0, 0.0, 1.0)).normalized();
            let glint = squared(saturate(normal.dot(half)), 6) * ground.water;
            color += rgb(1.0, 0.86, 0.66) * (glint * 0.42 * day);
            color += ground.lamps * smoothstep(0.08, -0.12, facing) * (1.0 - 0.85 * ground.cloud);
        }
        let edge = 1.0 - normal.z;
        let veil = squared(edge, 1) * edge * saturate(facing * 0.9 + 0.22);
        color += self.air * (0.95 * veil + 0.10 * saturate(facing) * edge);
        (color + rgb(0.003, 0.005, 0.010), ground.albedo)
    }

    fn earth(&self, spot: Vec3, toward: Vec3, turn: f32, octaves: u32) -> Ground {
        let seed = self.seed;
        let bend = fractal3(spot * 1.6, 3, seed ^ 1) * 0.55;
        let warped = spot + vec3(bend, -bend, bend * 0.6);
        let land = fractal3(warped * 1.55, octaves + 2, seed ^ 2);
        let above = land - 0.03;
        let shore = smoothstep(-0.008, 0.012, above);
        let slope =
            land - fractal3((toward + vec3(bend, -bend, bend * 0.6)) * 1.55, octaves + 2, seed ^ 2);
        let cold = spot.y.abs() + 0.10 * fractal3(spot * 4.0, 3, seed ^ 3);
        let dry = fractal3(spot * 2.3, 4, seed ^ 4) + 0.28 - (spot.y.abs() - 0.30).abs() * 1.1;
        let green = rgb(0.045, 0.115, 0.030).mix(rgb(0.13, 0.15, 0.055), saturate(above * 5.0));
        let soil = green.mix(rgb(0.46, 0.32, 0.165), smoothstep(0.05, 0.30, dry));
        let high = soil.mix(rgb(0.30, 0.25, 0.20), smoothstep(0.16, 0.34, above));
        let sea =
            rgb(0.008, 0.030, 0.085).mix(rgb(0.02, 0.14, 0.20), smoothstep(-0.14, 0.0, above));
        let ice = smoothstep(0.80, 0.87, cold);
        let bare = sea.mix(high, shore).mix(gray(0.80), ice);
        // Clouds turn a little faster than the ground and wind into storms.
        let sky = spun(spot, turn * 0.12);
        let curl = fractal3(sky * 2.2, 4, seed ^ 5) * 0.7;
        let stream = vec3(sky.x + curl * 0.6, sky.y * 2.2 + curl, sky.z - curl * 0.4);
        let cloud = smoothstep(0.06, 0.46, fractal3(stream * 2.0, octaves + 1, seed ^ 6));
        let sown = fractal3(spot * 22.0, 3, seed ^ 8);
        let towns =
            smoothstep(0.16, 0.5, sown) * smoothstep(0.0, 0.35, fractal3(spot * 5.0, 3, seed ^ 9));
        let lamps = rgb(1.0, 0.62, 0.24) * (1.6 * towns * shore * (1.0 - ice));
        let white = gray(0.88) * (0.80 + 0.20 * (1.0 - cloud));
        Ground {
            albedo: bare.mix(white, cloud * 0.94),
            relief: (1.0 - 9.0 * slope * shore * (1.0 - cloud)).clamp(0.45, 1.5),
            water: (1.0 - shore) * (1.0 - ice) * (1.0 - cloud),
            lamps,
            cloud,
        }
    }

    fn gas(&self, spot: Vec3, octaves: u32) -> Ground {
        let seed = self.seed;
        let [dark, middle, bright] = self.tint;
        let swirl = fractal3(vec3(spot.x * 2.2, spot.y * 5.5, spot.z * 2.2), octaves, seed ^ 30);
        let latitude = spot.y + 0.055 * swirl;
        let band = fractal(latitude * 5.5, 0.35, octaves, seed ^ 33);
        let fine = fractal(latitude * 17.0, 7.0, octaves, seed ^ 35);
        let wisps = vec3(spot.x * 3.0 + swirl, latitude * 19.0, spot.z * 3.0 - swirl);
        let streak = fractal3(wisps, octaves, seed ^ 34);
        let mut albedo = middle.mix(bright, saturate(0.45 + band * 1.9 + fine * 0.5));
        albedo = albedo.mix(dark, saturate(0.15 + streak * 1.2 - band * 0.9));
        // One great storm.
        let eye = spun(vec3(0.30, -0.34, 0.89), 0.4 * byte(seed, 9));
        let (dx, dy) = (spot.x - eye.x, (spot.y - eye.y) * 1.9);
        let away = if spot.z > -0.2 { (dx * dx + dy * dy).sqrt() / 0.21 } else { 9.0 };
        if away < 1.5 {
            let curl = sin(away * 9.0 + crate::engine::math::atan2(dy, dx) * 2.0 + swirl * 3.0);
            let heart = dark.mix(bright, 0.35 + 0.25 * curl);
            albedo = albedo.mix(heart, smoothstep(1.25, 0.75, away) * 0.85);
            albedo = albedo.mix(bright, 0.5 * smoothstep(0.20, 0.05, (away - 1.15).abs()));
        }
        Ground { albedo, relief: 1.0 + 0.10 * streak, water: 0.0, lamps: gray(0.0), cloud: 1.0 }
    }

    fn ice(&self, spot: Vec3, toward: Vec3, octaves: u32) -> Ground {
        let seed = self.seed;
        let [dark, middle, bright] = self.tint;
        let crack = |at: Vec3| {
            let bend = fractal3(at * 2.0, 3, seed ^ 1) * 0.5;
            let one = fractal3((at + vec3(bend, bend, -bend)) * 2.6, octaves, seed ^ 2).abs();
            let two = fractal3((at - vec3(bend, 0.0, bend)) * 6.0, octaves, seed ^ 3).abs();
            smoothstep(0.055, 0.0, one) + 0.5 * smoothstep(0.06, 0.0, two)
        };
        let seam = crack(spot);
        let field = fractal3(spot * 1.7, octaves, seed ^ 4);
        let frost = fractal3(spot * 9.0, 3, seed ^ 5);
        let plain = middle.mix(bright, saturate(0.55 + field * 1.6 + frost * 0.4));
        Ground {
            albedo: plain.mix(dark, saturate(seam * 0.75)),
            relief: (1.0 + 0.5 * (crack(toward) - seam)).clamp(0.6, 1.4),
            water: 0.0,
            lamps: gray(0.0),
            cloud: 0.0,
        }
    }

    fn rock(&self, spot: Vec3, toward: Vec3, octaves: u32) -> Ground {
        let seed = self.seed;
        let [dark, middle, bright] = self.tint;
        let height = |at: Vec3| {
            0.35 * fractal3(at * 3.0, octaves + 1, seed ^ 2)
                + craters(at, 3.0, seed ^ 3) * 0.5
                + craters(at, 7.0, seed ^ 4) * 0.26
                + craters(at, 15.0, seed ^ 5) * 0.12
        };
        let here = height(spot);
        let slope = height(toward) - here;
        let plains = smoothstep(-0.05, 0.22, fractal3(spot * 1.3, octaves, seed ^ 6));
        let dust = fractal3(spot * 6.0, 4, seed ^ 7);
        let albedo =
            middle.mix(dark, plains * 0.75).mix(bright, saturate(0.2 + dust + here * 0.8) * 0.6);
        let cap = if self.kind == Kind::Rocky {
            smoothstep(0.86, 0.92, spot.y.abs() + 0.08 * dust)
        } else {
            0.0
        };
        Ground {
            albedo: albedo.mix(gray(0.82), cap),
            relief: (1.0 - slope * 13.0).clamp(0.12, 1.9),
            water: 0.0,
            lamps: gray(0.0),
            cloud: 0.0,
        }
    }

    fn lay_rings(&self, hit: &mut Hit, x: f32, y: f32, from_center: f32, light: Vec3) {
        let (radius, in_front) = ring_position(x, y);
        let (cover, hue) = self.ring(radius);
        if cover <= 0.0 || (from_center < 1.0 && in_front <= 0.0) {
            return;
        }
        // Behind the planet the rings lie in its shadow.
        let along = x * light.x + y * light.y;
        let (dx, dy) = (x - light.x * along, y - light.y * along);
        let aside = dx * dx + dy * dy;
        let lit = if along < 0.0 && aside < 0.9 && in_front <= 0.0 {
            smoothstep(0.75, 0.98, aside.sqrt()) * 0.9 + 0.1
        } else {
            1.0
        };
        hit.color = hit.color.mix(hue * (1.15 * lit), cover);
        hit.albedo = hit.albedo.mix(hue, cover);
        hit.cover = larger(hit.cover, cover);
    }

    /// Cover and colour of the rings at a distance from the planet's centre.
    fn ring(&self, radius: f32) -> (f32, Color) {
        let inside = smoothstep(1.28, 1.33, radius) * smoothstep(2.16, 2.08, radius);
        if inside == 0.0 {
            return (0.0, gray(0.0));
        }
        let grooves = saturate(0.55 + 0.9 * fractal(radius * 16.0, 0.5, 5, self.seed ^ 88));
        let gap = 1.0 - smoothstep(0.035, 0.02, (radius - 1.78).abs());
        let hue = rgb(0.80, 0.66, 0.50).mix(rgb(0.52, 0.50, 0.52), saturate(radius * 2.0 - 3.0));
        (inside * grooves * gap * 0.9, hue.mix(self.tint[2], 0.25))
    }

    fn ring_shadow(&self, normal: Vec3, light: Vec3) -> f32 {
        let (radius, side) = ring_position(normal.x + light.x * 0.7, normal.y + light.y * 0.7);
        if side > -0.2 { 1.0 - 0.75 * self.ring(radius).0 } else { 1.0 }
    }
}

/// A direction turned about the planet's axis.
fn spun(normal: Vec3, turn: f32) -> Vec3 {
    // The axis leans, so that bands and poles do not lie level.
    let (x, y) = (normal.x * 0.92 - normal.y * 0.39, normal.y * 0.92 + normal.x * 0.39);
    let (c, s) = (cos(turn), sin(turn));
    vec3(x * c + normal.z * s, y, normal.z * c - x * s)
}

/// Distance from the planet's centre in the plane of the rings, and how far in front of it.
fn ring_position(x: f32, y: f32) -> (f32, f32) {
    let (c, s) = (0.94, 0.34);
    let across = x * c + y * s;
    let depth = (x * s - y * c) / 0.26;
    ((across * across + depth * depth).sqrt(), depth)
}

/// Gradient noise in space summed over octaves; about -1 to 1.
fn fractal3(mut at: Vec3, octaves: u32, seed: u32) -> f32 {
    let (mut amplitude, mut sum) = (0.5, 0.0);
    for octave in 0..octaves {
        sum += amplitude * periodic3(at.x, at.y, at.z, seed.wrapping_add(octave * 101), [256; 3]);
        at = vec3(0.8 * at.x - 0.6 * at.z, at.y + 3.7, 0.6 * at.x + 0.8 * at.z) * 2.03;
        amplitude *= 0.5;
    }
    sum
}

/// Height of ground with craters, one to a cell of the lattice: bowls with raised rims.
fn craters(at: Vec3, pitch: f32, seed: u32) -> f32 {
    let (x, y, z) = (at.x * pitch, at.y * pitch, at.z * pitch);
    let (cx, cy, cz) = (floor(x) as i32, floor(y) as i32, floor(z) as i32);
    let mut height = 0.0;
    for number in 0..27 {
        let (ix, iy, iz) = (cx + number % 3 - 1, cy + number / 3 % 3 - 1, cz + number / 9 - 1);
        let roll = hash(ix, iy, seed ^ (iz as u32).wrapping_mul(0x9E37_79B1));
        let radius = 0.10 + 0.36 * squared(fraction(roll), 1);
        let dx = ix as f32 + 0.2 + 0.6 * byte(roll, 0) - x;
        let dy = iy as f32 + 0.2 + 0.6 * byte(roll, 8) - y;
        let dz = iz as f32 + 0.2 + 0.6 * byte(roll, 16) - z;
        let away = (dx * dx + dy * dy + dz * dz).sqrt() / radius;
        if away < 1.5 {
            let bowl = mix(-1.0, 0.0, smoothstep(0.35, 1.0, away));
            let rim = squared(saturate(1.0 - (away - 1.0).abs() * 2.4), 1);
            height += (bowl + 0.55 * rim) * radius;
        }
    }
    height
}
