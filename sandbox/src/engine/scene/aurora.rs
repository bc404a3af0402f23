//! Northern lights: curtains of light that hang in folds high above the land.

use crate::engine::math::{exp, saturate, smoothstep};
use crate::engine::noise::{fractal, gradient};
use crate::engine::vector::{Color, Vec3, gray, rgb};

/// Distances of the curtains; their lower edges hang three quarters of a unit high.
const CURTAINS: [f32; 4] = [1.5, 2.5, 3.9, 6.2];
const EDGE: f32 = 0.75;
/// How far a curtain leaves its mean distance, as a share of that distance.
const FOLD: f32 = 0.75;
/// Octaves of the folds.
const OCTAVES: u32 = 2;

/// The light that the curtains send from direction `ray` at `time` seconds.
pub(super) fn light(ray: Vec3, time: f32, seed: u32) -> Color {
    let ahead = ray.z.abs();
    if ray.y <= 0.02 || ahead < 0.05 {
        return gray(0.0);
    }
    // Behind the camera hang others.
    let seed = if ray.z > 0.0 { seed } else { seed ^ 0xBAC };
    let mut light = gray(0.0);
    for (number, distance) in CURTAINS.into_iter().enumerate() {
        let seed = seed.wrapping_add(number as u32 * 619);
        if ray.y * distance * (1.0 + FOLD) < 0.6 * EDGE * ahead {
            continue;
        }
        let fold =
            |x: f32| fractal(x * 0.62 / distance.sqrt() + time * 0.02, time * 0.015, OCTAVES, seed);
        // The curtain is met where the line of sight is as far as the fold is there.
        let mut reach = distance / ahead;
        for _ in 0..3 {
            let met = distance * (1.0 + FOLD * fold(ray.x * reach)) / ahead;
            reach += 0.7 * (met - reach);
        }
        let x = ray.x * reach;
        let edge = EDGE * (1.0 + 0.35 * gradient(x * 0.45, time * 0.02, seed ^ 2));
        let above = ray.y * reach - edge;
        if above <= 0.0 {
            continue;
        }
        // Seen along its cloth a fold is brighter.
        let turn = (fold(x + 0.05) - fold(x - 0.05)) * 10.0 * FOLD * distance.sqrt();
        let along = 0.65 + 0.9 * saturate(turn.abs() * 0.6);
        let broad = gradient(x * 5.0 + time * 0.10, time * 0.07, seed ^ 3);
        let narrow = gradient(x * 17.0 - time * 0.16, time * 0.11, seed ^ 4);
        let rays = saturate(0.55 + 0.55 * broad + 0.40 * narrow);
        let patch = smoothstep(-0.35, 0.45, gradient(x * 0.40 + 9.0, time * 0.03, seed ^ 5));
        // Long rays reach higher.
        let high = above / (0.42 + 0.75 * rays);
        let strength = smoothstep(0.0, 0.035, above) * exp(-high * 2.1) * rays * patch * along;
        let hue = rgb(0.10, 0.95, 0.40)
            .mix(rgb(0.05, 0.55, 0.62), smoothstep(0.25, 0.75, high))
            .mix(rgb(0.62, 0.12, 0.70), smoothstep(0.5, 1.5, high));
        light += hue * (strength * smoothstep(0.05, 0.30, ahead));
    }
    light * (0.95 * smoothstep(0.02, 0.12, ray.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::math::{cos, sin};
    use crate::engine::vector::vec3;

    #[test]
    fn curtains_hang_all_around_above_the_horizon() {
        for turn in 0..16 {
            let turn = turn as f32 * 0.39;
            let column = |up: f32| light(vec3(sin(turn), up, cos(turn)).normalized(), 2.0, 7);
            assert_eq!(column(-0.2), gray(0.0));
            let brightest = (1..60).map(|up| column(up as f32 * 0.02).luminance());
            let brightest = brightest.fold(0.0, |a: f32, b| if a > b { a } else { b });
            assert!(brightest.is_finite() && brightest < 4.0);
            assert!(brightest > 0.05 || cos(turn).abs() < 0.3, "{turn}");
        }
    }
}
