//! Lakes and seas: ripples, reflections and depth.

use super::Quality;
use super::canvas::View;
use super::landscape::Landscape;
use crate::engine::math::{larger, mix, saturate, smoothstep, squared};
use crate::engine::noise::fractal;
use crate::engine::prompt::Subject;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Light from the water's surface at `at`, met by `ray` after `distance` units of air.
pub(super) fn light(scene: &Landscape, at: Vec3, ray: Vec3, distance: f32, view: &View) -> Color {
    let time = view.camera.time;
    let octaves = if view.quality == Quality::Film { 2 } else { 4 };
    let seed = scene.sky.seed;
    let sea = scene.subject == Subject::Sea;
    let (size, height) = if sea { (0.11, 0.30) } else { (0.35, 0.085) };
    // Far waves shrink below a pixel: what is left is their average, a flatter surface.
    let calm = 1.0 / (1.0 + distance * if sea { 0.0035 } else { 0.010 });
    let wave = |offset: f32, pace: f32, seed: u32| {
        fractal(at.x * size + offset + time * 0.3, at.z * size * 2.2 - time * pace, octaves, seed)
    };
    let (swell_x, swell_z) = (wave(0.0, 0.50, seed ^ 70), wave(40.0, 0.62, seed ^ 71));
    let normal = vec3(swell_x * height * calm, 1.0, swell_z * height * 1.7 * calm).normalized();
    let mut mirror = ray.reflected(normal);
    mirror.y = larger(mirror.y.abs(), 0.002);
    let reflected = scene.mirrored(at, mirror, distance, time, view.quality);
    let facing = 1.0 - saturate(-ray.dot(normal));
    let fresnel = 0.03 + 0.97 * squared(facing, 2) * facing;
    let depth =
        saturate((scene.ground.terrain.water - scene.ground.terrain.height(at.x, at.z)) * 0.10);
    let (shallow, deep) = if sea {
        (rgb(0.10, 0.26, 0.24), rgb(0.006, 0.055, 0.085))
    } else {
        (rgb(0.10, 0.16, 0.13), rgb(0.008, 0.045, 0.060))
    };
    let air = &scene.air;
    let body = shallow.mix(deep, depth) * (air.middle + air.sunlight * 0.10);
    let mut color = body.mix(reflected, mix(0.04, 0.96, fresnel) + 0.06);
    if sea {
        color = color.mix(foam(scene, at), foam_cover(at, depth, swell_z, time, seed) * calm);
    }
    air.through_air(color, distance, 10.0, ray)
}

fn foam(scene: &Landscape, at: Vec3) -> Color {
    let air = &scene.air;
    let sunlit = scene.ground.terrain.sunlit_at(at.x, at.z);
    gray(0.55)
        * (air.sunlight * (0.35 * sunlit * larger(air.sun.y, 0.15))
            + air.ambient(vec3(0.0, 1.0, 0.0)))
}

/// Share of a point that is foam: streaks near the shore and on crests.
fn foam_cover(at: Vec3, depth: f32, swell: f32, time: f32, seed: u32) -> f32 {
    let lace = fractal(at.x * 0.55 + swell * 2.0, at.z * 0.9 - time * 0.25, 4, seed ^ 73);
    let shore = smoothstep(0.22, 0.0, depth) * smoothstep(-0.1, 0.25, lace);
    let crest = smoothstep(0.30, 0.52, swell) * smoothstep(0.0, 0.3, lace);
    saturate(shore * 0.9 + crest * 0.7)
}
