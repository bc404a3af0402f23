//! Gas and stars behind everything.

use crate::engine::math::{exp, floor, saturate, smoothstep, squared};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::prompt::{Composition, Cosmos};
use crate::engine::vector::{Color, gray, rgb};

/// Two gas colours each.
const NEBULAE: [(Color, Color); 4] = [
    (rgb(0.55, 0.12, 0.35), rgb(0.08, 0.22, 0.62)),
    (rgb(0.75, 0.30, 0.08), rgb(0.06, 0.30, 0.42)),
    (rgb(0.20, 0.50, 0.32), rgb(0.42, 0.10, 0.55)),
    (rgb(0.16, 0.32, 0.75), rgb(0.60, 0.20, 0.42)),
];
/// Grid pitch, share of 64 cells with a star, brightness and size of each layer of stars.
const STARS: [(f32, u32, f32, f32); 3] =
    [(90.0, 3, 3.0, 0.035), (180.0, 6, 1.4, 0.05), (420.0, 7, 0.7, 0.16)];

/// Gas and openness at two neighbouring points of a line.
pub(super) struct Veil {
    index: i32,
    first: (Color, f32),
    second: (Color, f32),
}

/// The far background.
pub(in crate::engine::scene) struct Heavens {
    seed: u32,
    gas: (Color, Color),
    /// How bright the gas is.
    strength: f32,
    /// Whether the disc of the Milky Way crosses the picture.
    band: bool,
}

impl Heavens {
    pub(in crate::engine::scene) fn new(composition: &Composition) -> Heavens {
        let seed = composition.variation;
        let own = NEBULAE.get((seed >> 7) as usize % NEBULAE.len()).copied().unwrap_or_default();
        let gas = match composition.colors.as_slice() {
            [] => own,
            [only] => (*only, only.mix(own.1, 0.5)),
            [first, second, ..] => (*first, *second),
        };
        let strength = match composition.cosmos {
            Some(Cosmos::Nebula) => 1.7,
            Some(Cosmos::Stars) => 0.30,
            Some(Cosmos::Limb) => 0.12,
            _ => 0.75,
        };
        Heavens { seed, gas, strength, band: composition.cosmos == Some(Cosmos::Stars) }
    }

    pub(super) fn young(&self) -> Color {
        rgb(0.42, 0.56, 1.05).mix(self.gas.1 * 1.6, 0.3)
    }

    /// Gas and stars behind everything. Gas is soft: along a line it is drawn every `step` and
    /// blended between; `veil` remembers the last two points.
    pub(super) fn at(
        &self,
        veil: &mut Option<Veil>,
        u: f32,
        v: f32,
        step: f32,
        octaves: u32,
    ) -> Color {
        let position = v / step;
        let index = floor(position) as i32;
        let gas = |index: i32| self.gas(u, index as f32 * step, octaves);
        let known = match veil.take() {
            Some(known) if known.index == index => known,
            Some(known) if known.index + 1 == index => {
                Veil { index, first: known.second, second: gas(index + 1) }
            }
            _ => Veil { index, first: gas(index), second: gas(index + 1) },
        };
        let part = position - index as f32;
        let color = known.first.0.mix(known.second.0, part);
        let open = known.first.1 + (known.second.1 - known.first.1) * part;
        *veil = Some(known);
        color + self.stars(u, v) * open
    }

    /// The background at one point, every detail of it.
    pub(in crate::engine::scene) fn point(&self, u: f32, v: f32, octaves: u32) -> Color {
        let (gas, open) = self.gas(u, v, octaves);
        gas + self.stars(u, v) * open
    }

    /// Gas at a point, and the share of light that dust lets through.
    fn gas(&self, u: f32, v: f32, octaves: u32) -> (Color, f32) {
        let seed = self.seed;
        let (a, b) = (u * 2.0, v * 2.0);
        // What bends the gas needs no detail of its own.
        let bend_a = fractal(a, b, octaves - 1, seed ^ 1);
        let bend_b = fractal(a + 5.2, b + 1.3, octaves - 1, seed ^ 2);
        let first = fractal(a + 1.5 * bend_a, b + 1.5 * bend_b, octaves, seed ^ 3);
        let second =
            fractal(a * 1.3 + 1.1 * bend_b + 7.0, b * 1.3 - 1.1 * bend_a, octaves, seed ^ 4);
        let (first, second) = (saturate(0.42 + first * 1.3), saturate(0.30 + second * 1.5));
        let gas = rgb(0.003, 0.004, 0.012)
            + self.gas.0 * (first * first * first * 0.85)
            + self.gas.1 * (second * second * 0.55)
            + rgb(1.1, 0.85, 0.7) * (squared(saturate(first * second * 1.5), 2) * 0.9);
        // Dust hides what glows behind it and is lit along its edge.
        let dust = fractal(a * 1.7 - bend_b * 1.4, b * 1.7 + bend_a * 1.4, octaves, seed ^ 6);
        let hidden = 1.0 - 0.80 * smoothstep(0.06, 0.42, dust);
        let edge = smoothstep(0.10, 0.03, (dust - 0.06).abs()) * first * 0.16;
        let lit = gas * (0.35 + 0.85 * saturate(0.55 + bend_a)) * hidden + self.gas.0 * edge;
        (lit * self.strength + self.band_light(u, v, octaves), 0.4 + 0.6 * hidden)
    }

    /// The light of countless far stars along a slanted band, with dark rifts.
    fn band_light(&self, u: f32, v: f32, octaves: u32) -> Color {
        if !self.band {
            return gray(0.0);
        }
        let across =
            (v - 0.5) * 0.8 + (u - 0.5) * 0.6 + 0.16 * fractal(u * 2.0, v * 2.0, 3, self.seed);
        let along = (u - 0.5) * 0.8 - (v - 0.5) * 0.6;
        let body = exp(-squared(across * 4.2, 1));
        let rift = fractal(along * 3.2, across * 8.0, octaves + 1, self.seed ^ 61);
        let rifts = smoothstep(0.02, 0.34, rift + 0.20 * exp(-squared(across * 11.0, 1)));
        let clouds = 0.6 + 0.9 * fractal(along * 5.0, across * 5.0, octaves, self.seed ^ 62);
        let warm = exp(-squared(across * 9.0, 1)) * exp(-squared(along * 1.6, 1));
        (rgb(0.20, 0.22, 0.34) * body + rgb(0.55, 0.40, 0.26) * warm)
            * (clouds * (1.0 - 0.86 * rifts))
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
}
