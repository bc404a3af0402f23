//! Flowing bands, one behind another, each with light on its edge and shade under it.

use super::palette::Palette;
use super::{Family, Frame, Paint};
use crate::engine::math::{TAU, cos, exp, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{fractal, random};

/// Number of bands.
const BANDS: i32 = 11;

/// Bands that flow across the picture at a slant.
pub(super) struct Ribbons {
    palette: Palette,
    seed: u32,
    cos: f32,
    sin: f32,
}

impl Ribbons {
    pub(super) fn new(palette: Palette, seed: u32) -> Ribbons {
        let slant = (random(1, 1, seed) - 0.5) * 1.3;
        Ribbons { palette, seed, cos: cos(slant), sin: sin(slant) }
    }

    /// Upper edge of a band at `a` along the flow.
    fn edge(&self, band: i32, a: f32, time: f32) -> f32 {
        let step = (band as f32 + 0.3) / (BANDS as f32 - 1.0);
        let roll = random(band, 2, self.seed) * TAU;
        let swell = sin(a * 2.3 + roll * 0.25 + step * 2.6 + time * 0.35);
        let curl = fractal(a * 0.9 + time * 0.05, step * 1.7, 3, self.seed ^ 4);
        mix(-0.18, 1.12, step) + 0.085 * swell + 0.24 * curl
    }

    fn at(&self, a: f32, b: f32, frame: &Frame) -> Paint {
        let (time, pixel) = (frame.time, frame.pixel);
        let glow = exp(-squared((a - 0.72) * 1.5, 1) - squared((b - 0.18) * 2.2, 1));
        let mut color = self.palette.paper().mix(self.palette.ink(3), 0.35 * glow);
        let (mut height, mut above) = (0.0, -1.0);
        for band in 0..BANDS {
            let edge = self.edge(band, a, time);
            let depth = b - edge;
            if depth > 0.34 && band + 3 < BANDS && self.edge(band + 1, a, time) < b - 0.1 {
                continue;
            }
            // Shade that the band throws on those behind it.
            let shade = smoothstep(-0.075, 0.0, depth);
            color = color * (1.0 - 0.40 * squared(shade, 1));
            let cover = saturate(depth / pixel + 0.5);
            if cover <= 0.0 {
                continue;
            }
            let step = band as f32 / BANDS as f32;
            let hue =
                self.palette.turn(step * 1.25 + 0.10 * fractal(a * 0.8, step * 9.0, 2, self.seed));
            let slope = (self.edge(band, a + 0.01, time) - edge) * 100.0;
            let sheen =
                0.86 + 0.26 * saturate(0.5 - slope * 0.9) + 0.12 * sin(a * 3.0 + step * 8.0);
            let lit = mix(sheen * 1.12, sheen * 0.74, smoothstep(0.0, 0.26, depth));
            let thread = 1.0 + 0.045 * sin(depth * 330.0) * smoothstep(0.004, 0.0015, pixel);
            let rim = 0.30 * exp(-depth * 170.0);
            color =
                color.mix(hue * (lit * thread) + hue.mix(self.palette.paper(), 0.6) * rim, cover);
            if cover > 0.5 {
                above = depth;
                height = 0.03 * band as f32;
            }
        }
        let curve = if above > 0.0 { 0.05 * exp(-above * 9.0) } else { 0.0 };
        Paint { color, height: height + curve, roughness: 0.6, metallic: 0.0 }
    }
}

impl Family for Ribbons {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        for v in vs {
            let (x, y) = frame.centered(*v);
            let a = 0.5 + x * self.cos - y * self.sin + frame.drift;
            let b = 0.5 + x * self.sin + y * self.cos;
            put(self.at(a, b, frame));
        }
    }
}
