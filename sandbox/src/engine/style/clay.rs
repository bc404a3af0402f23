//! A model of clay and plastic under studio lamps.

use super::plane::Plane;
use crate::engine::math::{larger, saturate, smoothstep};
use crate::engine::vector::{Color, gray, rgb, vec3};

/// Lamps as unit vectors: x right, y down, z towards the viewer. A soft one from the upper left
/// and a cool one behind on the right, as for products.
const KEY: Color = vec3(-0.48, -0.60, 0.64);
const RIM: Color = vec3(0.74, 0.30, 0.60);

/// Swells every patch of even colour into a rounded body and lights it. `smooth` are the patches.
pub(super) fn studio(smooth: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let soft = smooth.soft_brightness(smooth.unit().round_radius(0.8));
    let wide = smooth.soft_brightness(smooth.unit().round_radius(4.0));
    let reach = smooth.unit().0 * 3.0;
    smooth.filled(cancel, &|x, y| {
        let (px, py) = (x as f32, y as f32);
        let color = smooth.at(x as i32, y as i32);
        let tilt = |dx: f32, dy: f32| soft.at(px - dx, py - dy) - soft.at(px + dx, py + dy);
        let normal = vec3(tilt(reach, 0.0) * 5.0, tilt(0.0, reach) * 5.0, 1.0).normalized();
        // The lamps are large: no side is quite without light.
        let key = larger(normal.dot(KEY), 0.34);
        let rim = larger(normal.dot(RIM) - 0.55, 0.0);
        let gloss = larger(normal.dot(vec3(-0.26, -0.33, 0.907)), 0.0);
        let shine = smoothstep(0.95, 1.0, gloss) * smoothstep(0.02, 0.30, color.luminance());
        // Where it is darker than around, bodies shade each other.
        let hollow = saturate((wide.at(px, py) - soft.at(px, py)) * 1.5);
        let matte = color.saturated(1.32) * 0.96 + rgb(0.062, 0.056, 0.054);
        let lit = matte * (0.44 + 0.98 * key) * (1.0 - 0.24 * hollow);
        lit + rgb(0.10, 0.15, 0.26) * rim + gray(0.17 * shine)
    })
}
