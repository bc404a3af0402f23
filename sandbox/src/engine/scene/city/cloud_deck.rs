//! Clouds that lie between towers and leave out only what is tall.

use super::surround::CLOUD_TOP;
use crate::engine::math::{exp, larger, mix, saturate, smaller, smoothstep};
use crate::engine::noise::fractal;
use crate::engine::scene::atmosphere::Atmosphere;
use crate::engine::vector::{Color, Vec3, gray};

/// Thickness of the layer that is drawn; what is below it is never seen.
const THICK: f32 = 26.0;
/// How far single clouds are drawn.
const FAR: f32 = 1500.0;

/// `behind`, which is `depth` away, seen through the deck.
pub(super) fn over(
    behind: Color,
    air: &Atmosphere,
    from: Vec3,
    ray: Vec3,
    depth: f32,
    time: f32,
    steps: i32,
) -> Color {
    if ray.y > -0.001 {
        return behind;
    }
    let enter = larger((CLOUD_TOP - from.y) / ray.y, 0.0);
    let leave = smaller(smaller((CLOUD_TOP - THICK - from.y) / ray.y, depth), enter + 420.0);
    if enter >= leave {
        return behind;
    }
    let (mut light, mut passing) = (gray(0.0), 1.0);
    let step = (leave - enter) / steps as f32;
    for number in 0..steps {
        let reach = enter + step * (number as f32 + 0.5);
        let at = from + ray * reach;
        let octaves = if reach < 260.0 { 4 } else { 3 };
        let top = swell(at.x, at.z, time, octaves);
        let density = saturate((top - at.y) * 0.22);
        if density <= 0.0 {
            continue;
        }
        let absorbed = 1.0 - exp(-density * step * 0.35);
        // Slopes towards the sun are bright, hollows are not.
        let toward = swell(at.x + air.sun.x * 7.0, at.z + air.sun.z * 7.0, time, 2) - top;
        let lit = saturate(0.45 - toward * 0.13 + (at.y - CLOUD_TOP + 13.0) * 0.06);
        let color =
            air.cloud_dark.mix(air.cloud_lit, lit) * mix(0.42, 1.0, lit) + air.zenith * 0.15;
        let veil = 1.0 - exp(-reach * 0.0008 * air.haze);
        light += color.mix(air.haze_color(ray), veil) * (passing * absorbed);
        passing *= 1.0 - absorbed;
    }
    // The deck is closed below.
    let floor = air.cloud_dark * 0.45 + air.zenith * 0.15;
    let veil = 1.0 - exp(-enter * 0.0008 * air.haze);
    let closed = if depth >= leave { floor.mix(air.haze_color(ray), veil) } else { behind };
    let far = smoothstep(FAR * 0.5, FAR, enter);
    (light + closed * passing).mix(air.haze_color(ray), far)
}

fn swell(x: f32, z: f32, time: f32, octaves: u32) -> f32 {
    let (x, z) = (x * 0.0115 + time * 0.014, z * 0.0115);
    let body = fractal(x, z, octaves, 91);
    CLOUD_TOP - 18.0 + 20.0 * (0.9 - (body * 1.5).abs())
}
