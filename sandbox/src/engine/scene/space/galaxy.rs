//! A spiral galaxy, seen at a slant.

use crate::engine::math::{atan2, cos, exp, ln, saturate, sin, smoothstep, squared};
use crate::engine::noise::fractal;
use crate::engine::vector::{Color, rgb};

/// Arms, dust, young stars and a core.
pub(super) struct Galaxy {
    pub(super) seed: u32,
    /// Colour of the young stars in the arms.
    pub(super) arms: Color,
}

impl Galaxy {
    /// A tilted spiral at (`x`, `y`) of its radius.
    pub(super) fn at(&self, behind: Color, x: f32, y: f32, turn: f32, octaves: u32) -> Color {
        let slant = -0.2 - 0.6 * saturate((self.seed >> 3 & 7) as f32 / 7.0);
        let (c, s) = (cos(slant), sin(slant));
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
        let mut light = self.arms * (young * 1.1)
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
