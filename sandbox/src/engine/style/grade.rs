//! Changes of light and colour alone.

use super::plane::{Place, Plane};
use crate::engine::math::{mix, saturate, smoothstep};
use crate::engine::noise::random;
use crate::engine::vector::{Color, gray, rgb};

/// Steeper in the middle, flatter at the ends.
fn contrast(color: Color, amount: f32) -> Color {
    let curve = |v: f32| {
        let v = saturate(v);
        mix(v, v * v * (3.0 - 2.0 * v), amount)
    };
    rgb(curve(color.x), curve(color.y), curve(color.z))
}

fn grain(place: Place, amount: f32) -> f32 {
    let (x, y) = (place.x as i32, place.y as i32);
    (random(x, y, 31) + random(x, y, 32) - 1.0) * amount
}

/// Warm, contrasty, grained.
pub(super) fn photographic(color: Color, place: Place) -> Color {
    let warm = contrast(color, 0.45) * rgb(1.035, 1.005, 0.955);
    let shown = warm.saturated(1.10) * (1.0 - 0.28 * place.off_center());
    shown + gray(grain(place, 0.045) * (1.0 - 0.6 * shown.luminance()))
}

/// Teal shadows, orange lights, dark corners.
pub(super) fn cinematic(color: Color, place: Place) -> Color {
    let deep = contrast(color, 0.65).saturated(0.78);
    let bright = smoothstep(0.12, 0.72, deep.luminance());
    let tint = rgb(0.80, 1.02, 1.14).mix(rgb(1.12, 1.0, 0.82), bright);
    let toned = deep * tint + rgb(0.0, 0.012, 0.026) * (1.0 - bright);
    toned * (1.02 - 0.85 * place.off_center()) + gray(grain(place, 0.022))
}

/// Rich colour.
pub(super) fn vivid(color: Color, place: Place) -> Color {
    let rich = contrast(color, 0.35).saturated(1.45);
    let cool = 1.0 - smoothstep(0.0, 0.55, rich.luminance());
    (rich + rgb(0.020, 0.0, 0.045) * cool) * (1.03 - 0.25 * place.off_center())
}

/// Soft light from all sides, clean whites.
pub(super) fn studio(color: Color, place: Place) -> Color {
    let soft = contrast(color, 0.15).saturated(1.18);
    let lifted = soft * 0.93 + rgb(0.055, 0.058, 0.072);
    let shine = smoothstep(0.62, 0.95, soft.luminance()) * 0.10;
    (lifted + gray(shine)) * (1.03 - 0.18 * place.off_center())
}

/// Raises the contrast between each place and its surroundings.
pub(super) fn clarity(plane: Plane, amount: f32, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    if cancel() {
        return None;
    }
    let around = plane.soft_brightness(plane.unit().round_radius(3.5));
    plane.map(cancel, &|color, place| {
        let bright = color.luminance();
        let lift = (bright - around.at(place.x as f32, place.y as f32)) * amount;
        color * (1.0 + lift / (bright + 0.15))
    })
}
