//! Lakes and seas: ripples, reflections, depth, foam and surf.

use super::Quality;
use super::canvas::{Material, View};
use super::landscape::Landscape;
use super::setting::Form;
use super::swell;
use crate::engine::math::{fract, larger, mix, saturate, smoothstep, squared};
use crate::engine::noise::fractal;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// The water's surface at a point.
struct Surface {
    normal: Vec3,
    /// How high the swell stands here, about -0.5 to 0.5.
    swell: f32,
    /// 0 at the shore, 1 over deep water.
    depth: f32,
    /// Share of the point that is foam.
    foam: f32,
}

fn surface(scene: &Landscape, at: Vec3, distance: f32, view: &View) -> Surface {
    let time = view.camera.time;
    let octaves = match distance {
        _ if view.quality == Quality::Film => 2,
        _ if distance > 150.0 => 2,
        _ if distance > 70.0 => 3,
        _ if distance > 28.0 => 4,
        _ => 5,
    };
    let setting = &scene.ground.setting;
    let (seed, sea) = (setting.seed, setting.sea());
    let below = setting.water - scene.ground.terrain.height(at.x, at.z);
    let depth = saturate(below * if setting.form == Form::Beach { 0.13 } else { 0.10 });
    let (size, height) = if sea { (0.10, 0.34) } else { (0.33, 0.075) };
    // Far waves shrink below a pixel: what is left is their average, a flatter surface.
    let calm = 1.0 / (1.0 + distance * if sea { 0.0035 } else { 0.010 });
    let wave = |offset: f32, pace: f32, seed: u32| {
        let (x, z) = (at.x * size + offset + time * 0.3, at.z * size * 2.2 - time * pace);
        // The swell has the smallest waves of a sea already.
        fractal(x, z, if sea { octaves.min(4) } else { octaves }, seed)
    };
    let (mut swell, swell_z) = (wave(0.0, 0.50, seed ^ 70), wave(40.0, 0.62, seed ^ 71));
    let slope = height * calm * mix(0.45, 1.0, smoothstep(0.0, 0.3, depth));
    let (mut slope_x, mut slope_z) = (swell * slope, swell_z * slope * 1.7);
    let near = smoothstep(swell::FAR, swell::FAR * 0.4, distance);
    if sea && near > 0.0 {
        // Where waves have height, their sides are what is seen.
        let reach = 0.10 + distance * (0.003 + distance * 0.0001);
        let high = |x: f32, z: f32| scene.wave((x, z), below, view, octaves, distance);
        let here = high(at.x, at.z);
        let steep = 1.0 / reach;
        (slope_x, slope_z) = (slope_x * (1.0 - 0.6 * near), slope_z * (1.0 - 0.6 * near));
        slope_x += (here - high(at.x + reach, at.z)) * steep;
        slope_z += (here - high(at.x, at.z + reach)) * steep;
        swell = mix(swell, here / larger(scene.swell.height, 0.1) * 0.6, near);
    }
    let normal = vec3(slope_x, 1.0, slope_z).normalized();
    let foam = if sea {
        foam_cover(setting.form, at, below, swell, time, seed) * mix(calm, 1.0, 0.35)
    } else {
        0.0
    };
    Surface { normal, swell, depth, foam }
}

/// Light from the water's surface at `at`, met by `ray` after `distance` units of air.
pub(super) fn light(scene: &Landscape, at: Vec3, ray: Vec3, distance: f32, view: &View) -> Color {
    let Surface { normal, swell, depth, foam } = surface(scene, at, distance, view);
    let sea = scene.ground.setting.sea();
    let mut mirror = ray.reflected(normal);
    mirror.y = larger(mirror.y.abs(), 0.002);
    let facing = 1.0 - saturate(-ray.dot(normal));
    let fresnel = 0.03 + 0.97 * squared(facing, 2) * facing;
    let reflected = scene.mirrored(at, mirror, distance, view.camera.time, view.quality);
    let air = &scene.air;
    let tropical = matches!(scene.ground.setting.form, Form::Beach | Form::Oasis);
    let (bed, shallow, deep) = match (tropical, sea) {
        (true, _) => (rgb(0.46, 0.42, 0.31), rgb(0.09, 0.40, 0.38), rgb(0.008, 0.105, 0.150)),
        (_, true) => (rgb(0.30, 0.28, 0.20), rgb(0.07, 0.25, 0.24), rgb(0.007, 0.070, 0.100)),
        _ => (rgb(0.20, 0.19, 0.14), rgb(0.075, 0.15, 0.13), rgb(0.008, 0.045, 0.060)),
    };
    let sunlit = scene.ground.terrain.sunlit(at);
    let light = air.middle + air.sunlight * (0.04 + 0.11 * sunlit);
    let body =
        bed.mix(shallow, smoothstep(0.0, 0.22, depth)).mix(deep, smoothstep(0.12, 0.95, depth));
    // Crests let light through.
    let crest = if sea { 1.0 + 0.7 * larger(swell, 0.0) } else { 1.0 };
    let mut color = (body * light * crest).mix(reflected, mix(0.02, 0.97, fresnel));
    if foam > 0.0 {
        color = color.mix(foam_light(scene, sunlit), foam);
    }
    color
}

/// What the water's surface is made of.
pub(super) fn material(scene: &Landscape, at: Vec3, distance: f32, view: &View) -> Material {
    let Surface { normal, depth, foam, .. } = surface(scene, at, distance, view);
    let water = rgb(0.06, 0.16, 0.15).mix(rgb(0.008, 0.05, 0.07), depth);
    Material {
        albedo: water.mix(gray(0.85), foam),
        normal,
        roughness: mix(0.05, 0.8, foam),
        metallic: 0.0,
        distance,
    }
}

fn foam_light(scene: &Landscape, sunlit: f32) -> Color {
    let air = &scene.air;
    gray(0.70)
        * (air.sunlight * (0.40 * sunlit * larger(air.sun.y, 0.18))
            + air.ambient(vec3(0.0, 1.0, 0.0)))
}

/// Share of a point that is foam: lace near the shore, lines of surf that run in, and crests.
/// `below` is the depth of the water in units of length.
fn foam_cover(form: Form, at: Vec3, below: f32, swell: f32, time: f32, seed: u32) -> f32 {
    let beach = form == Form::Beach;
    let (reach, gap) = if beach { (2.4, 0.75) } else { (3.2, 1.6) };
    if below > reach && swell < 0.30 {
        return 0.0;
    }
    let lace = fractal(at.x * 0.55 + swell * 2.0, at.z * 0.9 - time * 0.25, 5, seed ^ 73);
    let holes = 1.0 - smoothstep(0.0, 0.16, lace.abs());
    let crest = smoothstep(0.30, 0.50, swell) * smoothstep(0.0, 0.3, lace);
    let wander = fractal(at.x * 0.05, at.z * 0.05, 3, seed ^ 74);
    let run = below / gap + time * 0.22 + wander * 1.3;
    let wave = fract(run);
    // Each wave has a sharp front towards the land and trails lace behind.
    let front = smoothstep(0.0, 0.08, wave) * smoothstep(0.75, 0.10, wave);
    let near = smoothstep(reach, reach * 0.35, below);
    let surf = near * front * saturate(0.35 + 1.1 * lace + 0.5 * holes + 0.5 * (0.3 - wave));
    let edge = smoothstep(if beach { 0.16 } else { 0.42 }, 0.02, below + 0.1 * lace)
        * saturate(0.45 + lace + 0.6 * holes);
    saturate(surf * 1.35 + edge * 0.9 + crest * 0.7)
}
