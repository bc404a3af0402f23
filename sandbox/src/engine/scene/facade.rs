//! Walls, windows and lights of buildings.

use super::atmosphere::Atmosphere;
use super::tower::{Hit, Part, Tower};
use crate::engine::math::{floor, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{byte, random};
use crate::engine::prompt::Light;
use crate::engine::vector::{Color, Vec3, gray, rgb};

/// Height of a storey.
const STOREY: f32 = 0.85;

/// Light from the point `at` of a building; `size` is the width of a pixel there.
pub(super) fn light(
    air: &Atmosphere,
    tower: &Tower,
    hit: &Hit,
    at: Vec3,
    ray: Vec3,
    size: f32,
    time: f32,
) -> Color {
    match hit.part {
        Part::Roof => {
            let sun = air.sunlight * (0.5 * air.sun.y);
            rgb(0.10, 0.10, 0.11) * (air.zenith + air.middle + sun)
        }
        Part::Antenna if at.y > hit.top - 0.6 => {
            rgb(3.0, 0.25, 0.15) * (0.5 + 0.5 * sin(time * 3.0 + byte(tower.id, 0) * 255.0))
        }
        Part::Antenna => gray(0.03),
        Part::Wall => wall(air, tower, hit, at, ray, size, time),
    }
}

fn wall(
    air: &Atmosphere,
    tower: &Tower,
    hit: &Hit,
    at: Vec3,
    ray: Vec3,
    size: f32,
    time: f32,
) -> Color {
    let id = tower.id;
    let tone = byte(id, 3);
    let stone = match id >> 20 & 3 {
        0 => rgb(0.17, 0.18, 0.20),
        1 => rgb(0.25, 0.21, 0.18),
        2 => rgb(0.12, 0.15, 0.20),
        _ => rgb(0.30, 0.29, 0.27),
    } * (0.6 + 0.6 * tone);
    let direct = larger(hit.normal.dot(air.sun), 0.0) * 0.6;
    let skylight = (air.zenith * 0.5 + air.middle * 0.5) * 0.8
        + air.horizon * (0.16 * saturate(0.5 - 0.5 * hit.normal.z));
    let mut color = stone * (air.sunlight * direct + skylight);

    let width = 0.55 + 0.35 * tone;
    let (column, storey) = (hit.along / width, at.y / STOREY);
    let (which, floor_number) = (floor(column), floor(storey));
    let window = Window {
        cover: cover(column - which, storey - floor_number, size, width, id >> 8 & 3 == 0),
        // Windows narrower than a pixel become an even tone.
        blur: saturate((size / width - 0.45) * 1.6),
        column: which as i32,
        storey: floor_number as i32,
    };
    let glass_cover = mix(window.cover, 0.40, window.blur);
    let mirror = ray.reflected(hit.normal);
    // Away from the sun the sky is darker, which keeps lit walls apart from shaded ones.
    let toward_sun = 0.62 + 0.38 * (mirror.x * air.sun.x + mirror.z * air.sun.z);
    let sky = air.gradient(larger(mirror.y, 0.06)) * toward_sun
        + air.sunlight * (0.10 * squared(saturate(mirror.dot(air.sun)), 4));
    color = color.mix(sky * 0.42 + rgb(0.010, 0.012, 0.016), glass_cover * 0.85);
    if !matches!(air.light, Light::Day | Light::Dawn) {
        color += window.lamp(air.light, hit.face, id) * glass_cover;
        color += strips(air.light, hit, at.y, id, size, tone, time);
    }
    color * mix(0.62, 1.0, smoothstep(0.0, 18.0, at.y))
}

/// Share of a pixel that is glass, at a position within its window cell.
fn cover(across: f32, up: f32, size: f32, width: f32, ribbon: bool) -> f32 {
    let frame = if ribbon { 0.04 } else { 0.18 };
    let (soft_x, soft_y) = (size / width + 0.02, size / STOREY + 0.02);
    saturate((across - frame) / soft_x)
        * saturate((1.0 - frame - across) / soft_x)
        * saturate((up - 0.22) / soft_y)
        * saturate((0.86 - up) / soft_y)
}

struct Window {
    cover: f32,
    blur: f32,
    column: i32,
    storey: i32,
}

impl Window {
    /// Light of the lamp behind the window.
    fn lamp(&self, light: Light, face: u32, id: u32) -> Color {
        let dark = matches!(light, Light::Night | Light::Neon);
        let share = match light {
            Light::Sunset => 0.34,
            Light::Storm => 0.20,
            _ => 0.36,
        };
        let whole_floor = random(self.storey, (id & 0xFFFF) as i32, 77) < 0.12;
        let lit = whole_floor || random(self.column + face as i32 * 131, self.storey, id) < share;
        let own = if lit { 0.4 + 0.6 * random(self.column, self.storey, id ^ 5) } else { 0.0 };
        let strength = mix(own, share * 0.42, self.blur);
        let glow = match light {
            Light::Neon if id & 1 == 0 => rgb(0.25, 0.85, 1.25),
            Light::Neon => rgb(1.25, 0.35, 0.95),
            _ => rgb(1.25, 0.78, 0.36),
        };
        let cold = smoothstep(0.55, 0.9, random(self.column, self.storey, id ^ 9));
        glow.mix(rgb(0.9, 0.95, 1.1), cold) * (strength * if dark { 1.25 } else { 1.15 })
    }
}

/// Neon tubes up the wall and a lit crown.
fn strips(light: Light, hit: &Hit, height: f32, id: u32, size: f32, tone: f32, time: f32) -> Color {
    let mut color = gray(0.0);
    let dark = matches!(light, Light::Night | Light::Neon);
    let often = if light == Light::Neon { 3 } else { 7 };
    if (dark || light == Light::Sunset) && id >> 13 & often == 0 {
        let tube =
            smoothstep(0.16 + size, 0.10, (hit.along - 1.2).abs()) * smoothstep(0.0, 2.0, height);
        let hue = match id >> 17 & 3 {
            0 => rgb(0.1, 1.6, 2.4),
            1 => rgb(2.6, 0.2, 1.3),
            2 => rgb(1.9, 0.9, 0.1),
            _ => rgb(0.5, 0.5, 2.6),
        };
        color += hue * (tube * (0.75 + 0.25 * sin(time * 4.0 + tone * 60.0)));
    }
    if hit.top - height < 0.5 && id >> 6 & 3 == 0 {
        color += rgb(0.95, 0.75, 0.5);
    }
    color
}
