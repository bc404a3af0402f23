//! Changes of light and colour alone.

use super::plane::{Place, Plane};
use crate::engine::math::{larger, mix, saturate, smoothstep};
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

/// A print from film: steep in the middle, faded blacks, creamy whites, dark corners, grain.
pub(super) fn photographic(color: Color, place: Place) -> Color {
    const BLACK: Color = rgb(0.040, 0.046, 0.056);
    const WHITE: Color = rgb(0.985, 0.965, 0.920);
    let steep = contrast(color * 1.04, 0.55).saturated(1.08);
    let warm = rgb(0.985, 1.0, 1.015).mix(rgb(1.035, 1.01, 0.965), saturate(steep.luminance()));
    let printed = BLACK + steep * warm * (WHITE - BLACK);
    let off = place.off_center();
    let shown = printed * (1.02 - 0.95 * off * smoothstep(0.04, 0.50, off) - 0.10 * off);
    let bright = saturate(shown.luminance());
    shown + gray(grain(place, 0.062) * (1.0 - 0.65 * bright) * saturate(0.45 + 3.0 * bright))
}

/// Lights that spread sideways, as an anamorphic lens draws them.
pub(super) fn glowing(plane: Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    if cancel() {
        return None;
    }
    let around = plane.soft_brightness(plane.unit().round_radius(3.0));
    let step = plane.unit().0 * 9.0;
    plane.map(cancel, &|color, place| {
        let (x, y) = (place.x as f32, place.y as f32);
        let mut glow = 0.0;
        for (side, share) in [(0.0, 0.34), (1.0, 0.15), (2.0, 0.10), (4.0, 0.08)] {
            let bright = |x: f32| smoothstep(0.58, 1.0, around.at(larger(x, 0.0), y));
            glow += share * (bright(x - side * step) + bright(x + side * step)) * 0.5;
        }
        color + rgb(1.0, 0.90, 0.74) * (glow * 0.30) * (1.15 - color.luminance())
    })
}

/// Teal shadows, warm lights, dark corners.
pub(super) fn cinematic(color: Color, place: Place) -> Color {
    let deep = contrast(color, 0.72).saturated(0.88);
    let bright = smoothstep(0.10, 0.70, deep.luminance());
    let tint = rgb(0.78, 1.00, 1.16).mix(rgb(1.13, 1.0, 0.86), bright);
    let toned = deep * tint + rgb(0.0, 0.014, 0.030) * (1.0 - bright);
    toned * (1.02 - 0.80 * place.off_center()) + gray(grain(place, 0.018))
}

/// Rich colour.
pub(super) fn vivid(color: Color, place: Place) -> Color {
    let rich = contrast(color, 0.35).saturated(1.45);
    let cool = 1.0 - smoothstep(0.0, 0.55, rich.luminance());
    (rich + rgb(0.020, 0.0, 0.045) * cool) * (1.03 - 0.25 * place.off_center())
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
