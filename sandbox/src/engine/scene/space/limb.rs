//! The sun rising over the edge of a great planet, seen from low orbit.

use super::planet::Planet;
use crate::engine::math::{exp, larger, mix, saturate, smoothstep, squared};
use crate::engine::vector::{Color, rgb, vec3};

/// Radius of the planet in picture heights, and how far its top is above the lower edge.
const RADIUS: f32 = 1.9;
const RISE: f32 = 0.30;

/// What a line of sight meets at the limb.
pub(super) struct Edge {
    pub(super) color: Color,
    /// Height over the ground in picture heights; negative on the planet.
    pub(super) height: f32,
}

/// The picture at (`x`, `y`): `x` from the middle, `y` up from the lower edge; the sun stands at
/// `sun` along the limb.
pub(super) fn at(
    planet: &Planet,
    behind: Color,
    x: f32,
    y: f32,
    sun: f32,
    turn: f32,
    octaves: u32,
) -> Edge {
    let (dx, dy) = (x, y - (RISE - RADIUS));
    let away = (dx * dx + dy * dy).sqrt();
    let height = away - RADIUS;
    let (sx, sy) =
        (sun * RADIUS, RISE - RADIUS + RADIUS * larger(1.0 - sun * sun, 0.0).sqrt() + 0.012);
    let from_sun = ((x - sx) * (x - sx) + (y - sy) * (y - sy)).sqrt();
    let near = exp(-from_sun * 2.1);
    let blue = rgb(0.10, 0.34, 1.0);
    let gold = rgb(1.5, 0.62, 0.20);
    let hue = blue.mix(gold, squared(near, 1));
    let mut color = behind;
    if height > 0.0 {
        let air = exp(-height * 36.0);
        let haze = exp(-height * 130.0);
        color = color * (1.0 - 0.7 * air)
            + hue * (air * (0.25 + 1.2 * near))
            + rgb(1.0, 0.80, 0.58) * (haze * near * 1.5);
        let disc = smoothstep(0.030, 0.022, from_sun);
        color += rgb(7.0, 6.0, 4.6) * disc;
    } else {
        // Seen steeply below, the ground is small and near; at the limb it runs together.
        let (px, py) = (dx / RADIUS, dy / RADIUS);
        let pz = larger(1.0 - px * px - py * py, 0.0).sqrt();
        let light = vec3(sun * 0.5, 0.42, -0.90).normalized();
        let hit = planet.at(px, py, turn, light, 1e-4, octaves);
        let day = smoothstep(-0.06, 0.34, vec3(px, py, pz).dot(light));
        let rim = exp(height * 26.0);
        color = hit.color * mix(1.0, 0.5, day)
            + hue * (rim * (0.14 + 0.75 * near))
            + blue * (0.10 * exp(height * 7.0) * (0.25 + near));
    }
    let flare = 0.42 * exp(-from_sun * 9.0) + 0.09 * exp(-from_sun * 2.6);
    let beam = exp(-(y - sy).abs() * 60.0) * exp(-(x - sx).abs() * 3.2)
        + 0.5 * exp(-(x - sx).abs() * 90.0) * exp(-(y - sy).abs() * 7.0);
    let open = saturate(height * 30.0 + 0.9);
    color += rgb(1.25, 0.92, 0.62) * (flare + 0.38 * beam * open);
    Edge { color, height }
}
