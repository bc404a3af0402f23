//! An astronaut who drifts in front of the picture.

use crate::engine::math::{cos, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::fractal;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// From, to and half-width of each limb; the helmet and the pack come first.
const LIMBS: [(f32, f32, f32, f32, f32); 11] = [
    (0.0, 0.40, 0.0, 0.42, 0.20),
    (-0.02, 0.10, -0.02, -0.18, 0.20),
    (-0.20, 0.20, -0.20, -0.16, 0.11),
    (0.20, 0.20, 0.20, -0.16, 0.11),
    (-0.20, 0.14, -0.46, 0.02, 0.085),
    (-0.46, 0.02, -0.56, 0.24, 0.075),
    (0.20, 0.14, 0.44, 0.24, 0.085),
    (0.44, 0.24, 0.66, 0.14, 0.075),
    (-0.10, -0.24, -0.24, -0.54, 0.10),
    (-0.24, -0.54, -0.14, -0.86, 0.088),
    (0.10, -0.24, 0.26, -0.50, 0.10),
];
const SHIN: (f32, f32, f32, f32, f32) = (0.26, -0.50, 0.40, -0.78, 0.088);

/// A suit of height 2 around the origin.
pub(super) struct Suit {
    pub(super) color: Color,
    pub(super) normal: Vec3,
    pub(super) cover: f32,
}

/// The astronaut at (`x`, `y`), `y` up; `None` outside.
pub(super) fn at(x: f32, y: f32, time: f32, light: Vec3, pixel: f32) -> Option<Suit> {
    if x * x + y * y > 1.3 {
        return None;
    }
    let angle = 0.30 * sin(time * 0.24) - 0.25;
    let (c, s) = (cos(angle), sin(angle));
    let (a, b) = (x * c + y * s, y * c - x * s);
    let (mut nearest, mut normal) = (9.0, vec3(0.0, 0.0, 1.0));
    for (fx, fy, tx, ty, half) in LIMBS.into_iter().chain([SHIN]) {
        let (dx, dy) = (tx - fx, ty - fy);
        let t = saturate(((a - fx) * dx + (b - fy) * dy) / larger(dx * dx + dy * dy, 1e-6));
        let (ex, ey) = (a - fx - dx * t, b - fy - dy * t);
        let distance = (ex * ex + ey * ey).sqrt() - half;
        if distance < nearest {
            nearest = distance;
            let deep = larger(1.0 - (ex * ex + ey * ey) / (half * half), 0.0).sqrt();
            normal = vec3(ex / half, ey / half, deep + 0.05);
        }
    }
    let cover = saturate(0.5 - nearest / pixel);
    if cover <= 0.0 {
        return None;
    }
    let normal =
        vec3(normal.x * c - normal.y * s, normal.y * c + normal.x * s, normal.z).normalized();
    let day = saturate(normal.dot(light));
    let fold = 1.0 + 0.16 * fractal(a * 14.0, b * 14.0, 3, 5);
    let mut color = gray(0.72) * ((0.05 + 1.25 * day) * fold);
    let pack = smoothstep(0.02, 0.0, (a.abs() - 0.075).abs() - 0.008)
        * smoothstep(0.12, 0.08, (b - 0.02).abs());
    color = color.mix(rgb(0.55, 0.10, 0.05) * (0.1 + day), pack * 0.7);
    // The visor is gilded and mirrors the dark and the sun.
    let (vx, vy) = ((a - 0.015) / 0.145, (b - 0.415) / 0.125);
    let visor = smoothstep(1.05, 0.95, (vx * vx + vy * vy).sqrt());
    if visor > 0.0 {
        let bulge = vec3(vx * 0.7, vy * 0.7, 0.72).normalized();
        let sheen = squared(saturate(bulge.dot((light + vec3(0.0, 0.0, 1.0)).normalized())), 4);
        let gold =
            rgb(0.30, 0.17, 0.04) * mix(0.4, 1.3, saturate(0.5 + vy * 0.5)) + gray(1.6 * sheen);
        color = color.mix(gold, visor);
    }
    Some(Suit { color, normal, cover })
}
