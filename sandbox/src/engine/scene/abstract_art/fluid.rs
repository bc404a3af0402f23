//! Marbled fluid, and folds of light.

use super::palette::Palette;
use super::{Family, Frame, Paint};
use crate::engine::math::{cos, exp, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{fractal, random};
use crate::engine::vector::{gray, rgb};

/// Inks that flowed into one another, with veins of gold.
pub(super) struct Marble {
    pub(super) palette: Palette,
    pub(super) seed: u32,
}

impl Family for Marble {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        let seed = self.seed;
        let time = frame.time * 0.035;
        for v in vs {
            let (u, v) = frame.turned(*v);
            let (a, b) = (u * 1.25, v * 1.25);
            let p = fractal(a + time, b, 4, seed ^ 1);
            let q = fractal(a + 5.2, b + 1.3 - time, 4, seed ^ 2);
            let r = fractal(a + 2.1 * p, b + 2.1 * q + time, 4, seed ^ 3);
            let s = fractal(a + 1.9 * q + 8.3, b + 1.9 * p + 2.8, 5, seed ^ 4);
            let flow = r + 0.55 * s;
            let mut color = self.palette.turn(0.5 + flow * 1.15 + 0.15 * p);
            color = color.mix(self.palette.paper(), smoothstep(0.10, 0.42, s) * 0.9);
            color = color.mix(self.palette.ramp(0.05), smoothstep(0.16, 0.50, -s) * 0.75);
            // Rings that ink leaves where it creeps outward.
            let rings = 0.5 + 0.5 * sin(flow * 46.0);
            color = color * mix(0.86, 1.06, squared(rings, 1));
            let vein = (flow - 0.06 + 0.05 * q).abs();
            let gold = smoothstep(0.020, 0.009, vein) * smoothstep(-0.15, 0.25, q + 0.12);
            let relief = 0.012 * flow + 0.006 * gold;
            let shine = 0.65 + 1.1 * fractal(u * 60.0, v * 60.0, 3, seed ^ 6).abs();
            color = color.mix(rgb(0.82, 0.52, 0.16) * shine, gold);
            let gloss = squared(saturate(0.5 + 1.5 * (r - q)), 3) * 0.14;
            put(Paint {
                color: color + gray(gloss),
                height: relief,
                roughness: mix(0.18, 0.32, gold),
                metallic: gold,
            });
        }
    }
}

/// Folded veils that glow in the dark.
pub(super) struct Flame {
    pub(super) palette: Palette,
    pub(super) seed: u32,
}

impl Family for Flame {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        let seed = self.seed;
        let roll = |which: i32| random(which, 7, seed);
        let time = frame.time * 0.22;
        let (dark, deep) = (self.palette.ramp(0.0) * 0.25, self.palette.ramp(0.22) * 0.30);
        for v in vs {
            let (x, y) = frame.centered(*v);
            let (mut a, mut b) = (x * 4.2 + roll(1) * 9.0 + frame.drift, y * 4.2 + roll(2) * 9.0);
            let mut light = gray(0.0);
            let mut height = 0.0;
            // Each turn folds the plane once more and lays a veil along the fold.
            for fold in 0..7 {
                let turn = fold as f32;
                let (p, q) = (a, b);
                a += 0.78 * sin(q * (1.10 + 0.5 * roll(3)) + time + turn * 1.7);
                b += 0.78 * cos(p * (1.05 + 0.5 * roll(4)) - time * 0.8 + turn * 2.3);
                let veil = sin(a * 0.9 + b * 0.7 + turn);
                let thread = exp(-squared(veil * (4.0 + 3.5 * turn), 1));
                let sheet = squared(saturate(0.5 + 0.5 * veil), 2);
                let hue = self.palette.turn(0.13 * turn + 0.10 * a);
                light += hue * (0.22 * squared(sheet, 1) + 0.55 * thread / (1.0 + 0.25 * turn));
                height += 0.012 * thread;
            }
            let off = (x * x + y * y).sqrt();
            let ground = deep.mix(dark, smoothstep(0.1, 0.9, off));
            let color = ground + light.saturated(1.35) * mix(1.2, 0.5, smoothstep(0.1, 0.95, off));
            let hot = larger(color.luminance() - 0.75, 0.0);
            put(Paint {
                color: color + self.palette.ramp(1.0) * (0.5 * hot),
                height,
                roughness: 0.5,
                metallic: 0.0,
            });
        }
    }
}
