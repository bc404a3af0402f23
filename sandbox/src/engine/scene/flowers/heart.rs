//! What stands in the middle of a blossom.

use super::blossom::{Lamp, Touch};
use crate::engine::math::{TAU, cos, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::random;
use crate::engine::vector::{Color, vec3};

/// A disc of florets, with stamens round it.
pub(super) struct Heart {
    pub(super) radius: f32,
    pub(super) inner: Color,
    pub(super) outer: Color,
    /// Number of stamens round it, and how far they reach.
    pub(super) stamens: i32,
    pub(super) reach: f32,
}

impl Heart {
    pub(super) fn over(&self, seen: &mut Touch, a: f32, b: f32, soft: f32, lamp: &Lamp) {
        let away = (a * a + b * b).sqrt();
        if away > self.radius + self.reach + 0.1 + soft {
            return;
        }
        // Out of focus, what is thin spreads its little light over a wide spot.
        let thin = |wide: f32| saturate(wide * 1.5 / soft);
        for number in 0..self.stamens {
            let roll = random(number, 2, 0x57A);
            let angle = (number as f32 + 0.5 * roll) * TAU / self.stamens as f32;
            let reach = self.radius + self.reach * (0.55 + 0.6 * random(number, 3, 0x57A));
            let (c, s) = (cos(angle), sin(angle));
            let (along, across) = (a * c + b * s, b * c - a * s);
            if along < 0.0 || along > reach + 0.06 {
                continue;
            }
            let knob = ((along - reach) * (along - reach) + across * across).sqrt() - 0.026;
            let thread = larger(across.abs() - 0.007, along - reach);
            let lit = lamp.ambient + lamp.direct * 0.6;
            seen.lay(
                self.inner.mix(self.outer, 0.7) * lit,
                saturate(0.5 - knob / soft) * thin(0.052),
            );
            seen.lay(self.outer * lit * 0.8, saturate(0.5 - thread / soft) * thin(0.014));
        }
        let cover = saturate(0.5 - (away - self.radius) / soft) * thin(self.radius * 1.4);
        if cover > 0.0 {
            let out = saturate(away / self.radius);
            let (dome, seeds) =
                (vec3(a, b, self.radius * 0.9).normalized(), seeds(a, b, self.radius));
            let ink =
                self.inner.mix(self.outer, smoothstep(0.35, 0.95, out)) * (0.45 + 0.9 * seeds);
            let light =
                lamp.ambient * 0.7 + lamp.direct * saturate(0.35 + 0.65 * dome.dot(lamp.sun));
            if seen.cover < 0.5 {
                seen.normal = dome;
            }
            seen.lay(ink * light * mix(1.0, 0.7, squared(out, 2)), cover);
        }
    }
}

/// Florets along two families of spirals, as on a sunflower.
fn seeds(a: f32, b: f32, radius: f32) -> f32 {
    let away = larger((a * a + b * b).sqrt(), 1e-4);
    let angle = crate::engine::math::atan2(b, a);
    let wound = crate::engine::math::ln(away / radius + 0.08) * 7.5;
    let one = sin(angle * 13.0 + wound * 1.6);
    let two = sin(angle * 21.0 - wound * 2.2);
    saturate(0.5 + 0.3 * one + 0.3 * two)
}
