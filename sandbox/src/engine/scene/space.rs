//! A planet with rings before a nebula, or a spiral galaxy.

use super::Quality;
use super::canvas::{Look, Renderer, View};
use crate::engine::math::{
    atan2, cos, exp, floor, larger, ln, mix, saturate, sin, smaller, smoothstep, squared,
};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::prompt::Composition;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Two gas colours each.
const NEBULAE: [(Color, Color); 4] = [
    (rgb(0.55, 0.12, 0.35), rgb(0.08, 0.22, 0.62)),
    (rgb(0.75, 0.30, 0.08), rgb(0.06, 0.30, 0.42)),
    (rgb(0.20, 0.50, 0.32), rgb(0.42, 0.10, 0.55)),
    (rgb(0.16, 0.32, 0.75), rgb(0.60, 0.20, 0.42)),
];
/// Dark, middle and light bands of each kind of planet.
const PLANETS: [[Color; 3]; 4] = [
    [rgb(0.40, 0.24, 0.17), rgb(0.62, 0.44, 0.28), rgb(0.86, 0.76, 0.60)],
    [rgb(0.06, 0.14, 0.32), rgb(0.12, 0.34, 0.55), rgb(0.60, 0.80, 0.86)],
    [rgb(0.36, 0.08, 0.06), rgb(0.64, 0.24, 0.12), rgb(0.90, 0.62, 0.40)],
    [rgb(0.10, 0.26, 0.22), rgb(0.28, 0.48, 0.36), rgb(0.78, 0.84, 0.66)],
];
/// Grid pitch, share of 64 cells with a star, brightness and size of each layer of stars.
const STARS: [(f32, u32, f32, f32); 3] =
    [(90.0, 3, 3.0, 0.035), (180.0, 6, 1.4, 0.05), (420.0, 12, 0.7, 0.16)];

/// One view of space.
pub(super) struct Space {
    seed: u32,
    gas: (Color, Color),
    bands: [Color; 3],
    light: Vec3,
    galaxy: bool,
}

impl Space {
    pub(super) fn new(composition: &Composition) -> Space {
        let seed = composition.variation;
        Space {
            seed,
            gas: NEBULAE.get((seed >> 7) as usize % NEBULAE.len()).copied().unwrap_or_default(),
            bands: PLANETS.get((seed >> 11) as usize % PLANETS.len()).copied().unwrap_or_default(),
            light: vec3(-0.72, -0.42, 0.55).normalized(),
            galaxy: composition.galaxy,
        }
    }

    /// Gas and stars behind everything.
    fn background(&self, u: f32, v: f32, octaves: u32) -> Color {
        let seed = self.seed;
        let (a, b) = (u * 2.0, v * 2.0);
        let bend_a = fractal(a, b, octaves, seed ^ 1);
        let bend_b = fractal(a + 5.2, b + 1.3, octaves, seed ^ 2);
        let first = fractal(a + 1.5 * bend_a, b + 1.5 * bend_b, octaves + 1, seed ^ 3);
        let second =
            fractal(a * 1.3 + 1.1 * bend_b + 7.0, b * 1.3 - 1.1 * bend_a, octaves, seed ^ 4);
        let (first, second) = (saturate(0.42 + first * 1.3), saturate(0.30 + second * 1.5));
        let gas = rgb(0.003, 0.004, 0.012)
            + self.gas.0 * (first * first * first * 0.85)
            + self.gas.1 * (second * second * 0.55)
            + rgb(1.1, 0.85, 0.7) * (squared(saturate(first * second * 1.5), 2) * 0.9);
        gas * (0.45 + 0.75 * saturate(0.6 + bend_a)) + self.stars(u, v)
    }

    fn stars(&self, u: f32, v: f32) -> Color {
        let mut color = gray(0.0);
        for (layer, (pitch, share, brightness, size)) in STARS.into_iter().enumerate() {
            let (x, y) = (u * pitch, v * pitch);
            let (cell_x, cell_y) = (floor(x), floor(y));
            let star = hash(cell_x as i32, cell_y as i32, self.seed ^ (50 + layer as u32));
            if star & 63 >= share {
                continue;
            }
            let dx = x - cell_x - 0.2 - 0.6 * byte(star, 8);
            let dy = y - cell_y - 0.2 - 0.6 * byte(star, 16);
            let hue = rgb(1.0, 0.86, 0.74).mix(rgb(0.75, 0.88, 1.25), byte(star, 4));
            let disc = smoothstep(size, 0.0, dx * dx + dy * dy);
            color += hue * (squared(byte(star, 24), 1) * brightness * disc);
            if layer == 0 && byte(star, 24) > 0.8 {
                // The cross that a telescope's struts draw.
                let beam = exp(-dx.abs() * 9.0) * exp(-dy.abs() * 60.0)
                    + exp(-dy.abs() * 9.0) * exp(-dx.abs() * 60.0);
                color += hue * (beam * 0.8);
            }
        }
        color
    }

    /// The planet, its air and its rings at (`x`, `y`) planet radii from the centre.
    fn planet(&self, behind: Color, x: f32, y: f32, turn: f32, octaves: u32) -> Color {
        let light = self.light;
        let from_center = x * x + y * y;
        let mut color = behind;
        if from_center >= 1.0 {
            let halo = smoothstep(1.22, 1.0, from_center.sqrt());
            let lit = saturate(vec3(x, y, 0.25).normalized().dot(light) * 0.8 + 0.35);
            color += rgb(0.25, 0.50, 1.0) * (halo * halo * halo * lit * 0.8);
        } else {
            let edge = smoothstep(1.0, 0.985, from_center);
            color = color.mix(self.surface(x, y, from_center, turn, octaves), edge);
        }
        let (ring_radius, in_front) = ring_position(x, y);
        let (cover, hue) = self.ring(ring_radius);
        if cover > 0.0 && (from_center >= 1.0 || in_front > 0.0) {
            color = color.mix(hue * (1.15 * self.ring_light(x, y)), cover);
        }
        color
    }

    fn surface(&self, x: f32, y: f32, from_center: f32, turn: f32, octaves: u32) -> Color {
        let [dark, middle, bright] = self.bands;
        let seed = self.seed;
        let z = (1.0 - from_center).sqrt();
        let lit = vec3(x, y, z).dot(self.light);
        let latitude = y * 0.92 - x * 0.39;
        let longitude = (x * 0.92 + y * 0.39) / (z + 1.0) * 2.0 + turn;
        let swirl = fractal(longitude * 2.2, latitude * 5.0, octaves, seed ^ 30);
        let band = fractal(latitude * 5.5 + swirl * 0.55, longitude * 0.35, octaves, seed ^ 33);
        let streak = fractal(
            longitude * 6.0 + swirl * 2.0,
            latitude * 18.0 + swirl * 2.5,
            octaves - 1,
            seed ^ 34,
        );
        let ground =
            middle.mix(bright, saturate(0.5 + band * 1.7)).mix(dark, saturate(streak * 1.1));
        // The rings' shadow on the planet, cast towards the light.
        let (shadow_radius, side) = ring_position(x + self.light.x * 0.7, y + self.light.y * 0.7);
        let shadow = if side > -0.2 { 1.0 - 0.75 * self.ring(shadow_radius).0 } else { 1.0 };
        let day = smoothstep(-0.12, 0.95, lit);
        let rim = (1.0 - z) * (1.0 - z) * (1.0 - z);
        ground * (day * 1.55 * shadow)
            + rgb(0.30, 0.52, 0.95) * (rim * saturate(lit + 0.25) * 0.9)
            + rgb(0.004, 0.006, 0.012)
    }

    /// Cover and colour of the rings at a distance from the planet's centre.
    fn ring(&self, radius: f32) -> (f32, Color) {
        let inside = smoothstep(1.28, 1.33, radius) * smoothstep(2.12, 2.05, radius);
        if inside == 0.0 {
            return (0.0, gray(0.0));
        }
        let grooves = saturate(0.55 + 0.9 * fractal(radius * 16.0, 0.5, 4, self.seed ^ 88));
        let gap = 1.0 - smoothstep(0.035, 0.02, (radius - 1.72).abs());
        let hue = rgb(0.80, 0.66, 0.50).mix(rgb(0.52, 0.50, 0.52), saturate(radius * 2.0 - 3.0));
        (inside * grooves * gap * 0.88, hue)
    }

    /// Share of light on the rings beside or behind the planet.
    fn ring_light(&self, x: f32, y: f32) -> f32 {
        let along = x * self.light.x + y * self.light.y;
        let (dx, dy) = (x - self.light.x * along, y - self.light.y * along);
        let aside = dx * dx + dy * dy;
        if along < 0.0 && aside < 0.9 {
            smoothstep(0.75, 0.98, aside.sqrt()) * 0.9 + 0.1
        } else {
            1.0
        }
    }

    /// A tilted spiral at (`x`, `y`) of its radius.
    fn spiral(&self, behind: Color, x: f32, y: f32, turn: f32, octaves: u32) -> Color {
        let (c, s) = (cos(-0.45), sin(-0.45));
        let (a, b) = (x * c - y * s, (x * s + y * c) / 0.46);
        let radius = (a * a + b * b).sqrt();
        if radius > 1.35 {
            return behind;
        }
        let angle = atan2(b, a) + turn;
        let wound = angle + 3.4 * ln(radius + 0.06);
        let clumps = fractal(a * 5.0, b * 5.0, octaves, self.seed ^ 91);
        let arm = 0.5 + 0.5 * cos(2.0 * wound + clumps * 1.3);
        let lanes = 0.5 + 0.5 * cos(2.0 * wound + 0.95 + clumps * 2.0);
        let fade = smoothstep(1.25, 0.1, radius);
        let rim = smoothstep(1.35, 0.7, radius);
        let disc = exp(-radius * 2.6) * rim;
        let young = arm * arm * arm * fade * saturate(0.55 + clumps);
        let knots = smoothstep(0.28, 0.62, fractal(a * 13.0, b * 13.0, octaves, self.seed ^ 92));
        let mut light = rgb(0.42, 0.56, 1.05) * (young * 1.1)
            + rgb(1.0, 0.80, 0.58) * (disc * 0.9)
            + rgb(1.1, 0.28, 0.45) * (knots * arm * fade * 0.65);
        light = light * (1.0 - 0.72 * squared(lanes, 1) * smoothstep(0.12, 0.3, radius) * fade);
        let core = exp(-radius * radius * 60.0);
        behind * (1.0 - 0.6 * fade * disc)
            + light
            + rgb(2.4, 1.9, 1.35) * core
            + rgb(1.0, 0.75, 0.5) * (exp(-radius * 7.0) * 0.9 * rim)
    }
}

/// Distance from the planet's centre in the plane of the rings, and how far in front of it.
fn ring_position(x: f32, y: f32) -> (f32, f32) {
    let (c, s) = (0.94, -0.34);
    let across = x * c + y * s;
    let depth = (y * c - x * s) / 0.26;
    ((across * across + depth * depth).sqrt(), depth)
}

impl Renderer for Space {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let unit = larger(view.height, view.width * 0.5);
        let camera = view.camera;
        let octaves = if view.quality == Quality::Film { 4 } else { 5 };
        // The far background moves little as the camera passes or circles the planet.
        let drift = camera.progress * 0.06 + camera.orbit * 0.25;
        let aspect = view.width / unit;
        let top = (1.0 - view.height / unit) * 0.5;
        let zoom = mix(0.95, 1.12, camera.progress);
        // Upright pictures have room for a smaller planet only.
        let fit = smaller(1.0, aspect);
        let turn = camera.time * 0.05 + camera.orbit;
        let u = x / unit;
        for (y, color) in ys.iter().zip(out) {
            let v = y / unit + top;
            let behind = self.background(u + drift, v, octaves);
            *color = if self.galaxy {
                let radius = 0.52 * zoom * fit;
                let (x, y) = ((u - aspect * 0.5) / radius, (v - 0.5) / radius);
                self.spiral(behind * 0.35 + self.stars(u + drift, v) * 0.65, x, y, turn, octaves)
            } else {
                let radius = 0.27 * zoom * fit;
                let (x, y) = ((u - aspect * 0.5 - 0.08 * fit) / radius, (v - 0.54) / radius);
                self.planet(behind, x, y, turn, octaves)
            };
        }
    }

    fn look(&self) -> Look {
        Look { exposure: 1.0, bloom: 0.5, filmic: true }
    }
}
