//! The garden behind near blossoms, far out of focus.

use super::Place;
use crate::engine::math::{TAU, exp, larger, mix, saturate, sin, smoothstep};
use crate::engine::noise::{byte, fractal, hash, random};
use crate::engine::prompt::Flower;
use crate::engine::scene::atmosphere::Atmosphere;
use crate::engine::vector::{Color, rgb};

/// Number of discs of light.
const DISCS: i32 = 64;

/// Soft colours and discs of light.
pub(super) struct Backdrop {
    top: Color,
    middle: Color,
    low: Color,
    glow: Color,
    petal: Color,
    /// Whether the sky is behind and not a garden.
    open: bool,
    seed: u32,
}

/// A disc of light out of focus.
pub(super) struct Disc {
    u: f32,
    v: f32,
    radius: f32,
    color: Color,
}

impl Backdrop {
    pub(super) fn new(air: &Atmosphere, colors: &[Color], flower: Flower, seed: u32) -> Backdrop {
        let light = air.sunlight * 0.16 + air.middle * 0.5;
        let leaf = rgb(0.10, 0.20, 0.045);
        let open = flower == Flower::CherryBlossom;
        let water = flower == Flower::Lotus;
        let sky = air.middle.mix(air.horizon, 0.45);
        Backdrop {
            top: if open { sky.mix(air.zenith, 0.4) } else { sky.mix(leaf * light * 2.0, 0.55) },
            middle: if open { sky } else { leaf * light * 1.7 },
            low: if open {
                air.horizon
            } else if water {
                rgb(0.012, 0.045, 0.045) * (light + sky)
            } else {
                leaf * light * 0.42
            },
            glow: air.sunlight * 0.13 + air.horizon * 0.22,
            petal: colors.first().copied().unwrap_or_default()
                * (air.sunlight * 0.2 + air.middle * 0.3),
            open,
            seed,
        }
    }

    /// The discs that touch a line.
    pub(super) fn discs(&self, place: &Place, top: f32) -> Vec<Disc> {
        let disc = |number: i32| {
            let roll = hash(number, 6, self.seed ^ 0xB0CE);
            let depth = byte(roll, 24);
            let shift = 0.10 * place.progress * depth + 0.25 * sin(place.orbit) * (0.3 + depth);
            let drift = 0.006 * sin(place.time * 0.6 + byte(roll, 3) * TAU);
            let spread = random(number, 8, self.seed);
            let hue = match roll & 3 {
                0 => self.petal * 0.9,
                1 => self.middle.mix(self.glow, 0.4),
                _ => self.glow,
            };
            Disc {
                u: (byte(roll, 8) - 0.5) * 2.6 - shift + drift,
                v: (0.08 + 0.92 * spread) * larger(top, 1.0),
                radius: mix(0.018, 0.075, depth) * (0.6 + 0.6 * byte(roll, 12)),
                color: hue * (0.10 + 0.30 * byte(roll, 20) * byte(roll, 20)),
            }
        };
        (0..DISCS).map(disc).filter(|disc| (disc.u - place.u).abs() < disc.radius * 1.2).collect()
    }

    pub(super) fn at(&self, discs: &[Disc], place: &Place, v: f32, top: f32) -> Color {
        let u = place.u + 0.22 * sin(place.orbit) + 0.05 * place.progress;
        let seed = self.seed;
        let rise = v / larger(top, 0.2) + 0.22 * fractal(u * 1.3, v * 1.3, 2, seed ^ 1);
        let mut color = self.low.mix(self.middle, smoothstep(0.05, 0.5, rise));
        color = color.mix(self.top, smoothstep(0.42, 0.95, rise));
        let blotch = fractal(u * 1.9 + 3.0, v * 1.9, 3, seed ^ 2);
        let tint = if self.open { 0.12 } else { 0.55 };
        color = color
            .mix(self.petal, tint * smoothstep(0.12, 0.5, blotch) * smoothstep(0.9, 0.35, rise));
        let gap = fractal(u * 2.3 - 7.0, v * 2.3, 3, seed ^ 4);
        color = color * (1.0 + 0.45 * gap);
        let (x, y) = (place.sun.0 - place.u, place.sun.1 - v);
        color += self.glow * (0.9 * exp(-(x * x + y * y) * 4.5));
        for disc in discs {
            let (du, dv) = (place.u - disc.u, v - disc.v);
            let away = (du * du + dv * dv).sqrt() / disc.radius;
            if away < 1.15 {
                // A lens paints its discs a little brighter at their edge.
                let edge = 0.72 + 0.5 * smoothstep(0.55, 0.98, away);
                color += disc.color * (edge * saturate((1.0 - away) * 9.0));
            }
        }
        color
    }
}
