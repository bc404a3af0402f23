//! The colours of rock, grass, sand, snow and leaves in white light.

use super::boulder::Boulder;
use super::relief::{CRATER, CRATER_RADIUS};
use super::setting::{Form, Setting, Soil};
use super::terrain::soil;
use super::tree::Crown;
use crate::engine::math::{floor, mix, saturate, smoothstep};
use crate::engine::noise::{byte, gradient, hash};
use crate::engine::vector::{Color, gray, rgb};

/// A point of bare ground.
pub(super) struct Look {
    pub(super) x: f32,
    pub(super) z: f32,
    pub(super) height: f32,
    /// 0 is level, 1 is a wall.
    pub(super) steep: f32,
    /// Random unevenness, coarse and fine, about -1 to 1.
    pub(super) grain: f32,
    pub(super) fine: f32,
    pub(super) distance: f32,
}

/// What bare ground is like.
pub(super) struct Tint {
    pub(super) color: Color,
    pub(super) roughness: f32,
    /// Light of its own.
    pub(super) glow: Color,
}

const SNOW: Color = rgb(0.66, 0.70, 0.76);

/// Ground without trees or stones.
pub(super) fn bare(setting: &Setting, look: &Look) -> Tint {
    let Look { x, z, height, steep, grain, fine, .. } = *look;
    let seed = setting.seed;
    let variation = soil(x, z, look.distance, seed);
    let rock = rock(setting, look, variation);
    let mut glow = gray(0.0);
    let mut color = match setting.soil {
        Soil::Grass => grass(setting, look, variation)
            .mix(rock, smoothstep(0.16, 0.36, steep + 0.06 * grain + 0.05 * variation)),
        Soil::Sand => {
            let sand = rgb(0.60, 0.36, 0.17)
                .mix(rgb(0.74, 0.50, 0.28), saturate(0.5 + variation + 0.1 * grain));
            let green = smoothstep(setting.water + 4.5, setting.water + 0.8, height + grain);
            let shore = sand.mix(rgb(0.13, 0.17, 0.05), if setting.wet() { green } else { 0.0 });
            shore.mix(rock, smoothstep(0.26, 0.40, steep))
        }
        Soil::Strata => {
            let dust = rgb(0.50, 0.25, 0.12).mix(rgb(0.42, 0.28, 0.16), saturate(0.5 + variation));
            dust.mix(rock, smoothstep(0.10, 0.26, steep + 0.06 * grain))
        }
        Soil::Ash => {
            glow = lava(setting, look);
            let green = grass(setting, look, variation);
            let lower = smoothstep(62.0, 44.0, height + 14.0 * variation + 3.0 * grain);
            rock.mix(green, lower * smoothstep(0.34, 0.18, steep))
        }
    };
    let snow_line = setting.snow_line;
    if setting.soil == Soil::Grass {
        let line = setting.bare_line;
        let bare = smoothstep(line * 0.55, line * 0.85, height + 14.0 * variation);
        color = color.mix(rock, bare);
    }
    let snow =
        smoothstep(snow_line - 16.0, snow_line + 12.0, height + 20.0 * variation + 5.0 * grain)
            * smoothstep(0.52, 0.28, steep + 0.07 * fine + 0.05 * grain);
    color = color.mix(SNOW, snow);
    let mut roughness = mix(0.88, 0.6, snow);
    if setting.wet() && setting.soil != Soil::Sand {
        let wide = if setting.form == Form::Beach { 3.4 } else { 1.6 };
        let above = height - setting.water + 0.25 * grain;
        let beach = smoothstep(wide + 1.0, wide * 0.6, above);
        let sand = if setting.sea() {
            rgb(0.58, 0.47, 0.33)
        } else {
            rgb(0.27, 0.24, 0.19).mix(rgb(0.16, 0.15, 0.13), saturate(0.5 + fine))
        };
        // Wet sand is darker and shines.
        let wet = smoothstep(0.75, 0.10, above);
        let sand = sand * ((1.0 + 0.12 * variation + 0.07 * fine) * mix(1.0, 0.52, wet));
        color = color.mix(sand, beach * (1.0 - 0.9 * snow * (1.0 - wet)));
        roughness = mix(roughness, mix(0.9, 0.25, wet), beach);
    }
    Tint { color, roughness, glow }
}

fn grass(setting: &Setting, look: &Look, variation: f32) -> Color {
    let Look { x, z, grain, fine, distance, .. } = *look;
    let mixed = saturate(0.5 + 1.2 * variation + 0.25 * grain + 0.35 * fine);
    if setting.autumn {
        return rgb(0.17, 0.12, 0.035).mix(rgb(0.33, 0.22, 0.07), mixed);
    }
    if setting.form != Form::Hills {
        return rgb(0.060, 0.105, 0.028).mix(rgb(0.17, 0.175, 0.062), mixed);
    }
    // Meadows are fresher, mown here and there, and have flowers.
    let fields = gradient(x * 0.009 + 3.0, z * 0.009, setting.seed ^ 62);
    let fresh = rgb(0.070, 0.150, 0.022).mix(rgb(0.20, 0.26, 0.050), mixed);
    let ripe = rgb(0.34, 0.29, 0.09).mix(rgb(0.42, 0.36, 0.13), mixed);
    let green = fresh.mix(ripe, smoothstep(0.18, 0.30, fields));
    let (flower, share) = flowers(setting, x, z);
    green.mix(flower, share * smoothstep(90.0, 20.0, distance))
}

/// Colour of the flower at a point and how much of it there is.
fn flowers(setting: &Setting, x: f32, z: f32) -> (Color, f32) {
    let (cell_x, cell_z) = (floor(x * 3.3), floor(z * 3.3));
    let id = hash(cell_x as i32, cell_z as i32, setting.seed ^ 63);
    let patch = gradient(x * 0.05, z * 0.05, setting.seed ^ 64);
    if byte(id, 24) > 0.10 + 0.45 * patch {
        return (gray(0.0), 0.0);
    }
    let (dx, dz) = (x * 3.3 - cell_x - 0.5, z * 3.3 - cell_z - 0.5);
    let disc = smoothstep(0.16, 0.06, dx * dx + dz * dz);
    let color = match id & 7 {
        0..=2 => rgb(0.85, 0.62, 0.05),
        3 | 4 => rgb(0.80, 0.78, 0.74),
        5 | 6 => rgb(0.62, 0.06, 0.05),
        _ => rgb(0.28, 0.14, 0.55),
    };
    (color, disc)
}

fn rock(setting: &Setting, look: &Look, variation: f32) -> Color {
    let Look { height, grain, fine, .. } = *look;
    let bent = height * 0.35 + variation * 1.5 + 0.15 * grain;
    // Strata show as bands of tone that follow height.
    let strata = gradient(bent, variation * 3.0, setting.seed ^ 61);
    let uneven = saturate(0.5 + 0.8 * variation + 0.30 * grain + 0.20 * fine + 0.30 * strata);
    match setting.soil {
        Soil::Strata => {
            let thin = gradient(bent * 3.1, 0.5, setting.seed ^ 65);
            let layers = saturate(0.5 + 0.9 * strata + 0.45 * thin);
            let red = rgb(0.34, 0.115, 0.055).mix(rgb(0.62, 0.33, 0.17), layers);
            red.mix(rgb(0.70, 0.52, 0.36), smoothstep(0.55, 0.8, thin)) * (0.8 + 0.4 * uneven)
        }
        Soil::Ash => rgb(0.045, 0.040, 0.040).mix(rgb(0.15, 0.105, 0.085), uneven),
        Soil::Sand => rgb(0.24, 0.15, 0.09).mix(rgb(0.42, 0.28, 0.18), uneven),
        Soil::Grass => rgb(0.115, 0.112, 0.115).mix(rgb(0.31, 0.275, 0.245), uneven),
    }
}

/// Light of molten rock: in the crater and in streams that run from it.
fn lava(setting: &Setting, look: &Look) -> Color {
    let (dx, dz) = (look.x - CRATER.0, look.z - CRATER.1);
    let away = (dx * dx + dz * dz).sqrt();
    if away > 150.0 {
        return gray(0.0);
    }
    let (along, round) = (away * 0.02, 2.2 / (away + 12.0));
    let bend = gradient(along * 2.0, 3.0, setting.seed ^ 66) * 0.35;
    let side = gradient(dx * round + bend, dz * round - bend, setting.seed ^ 67);
    let width = mix(0.10, 0.02, smoothstep(15.0, 130.0, away));
    let stream = smoothstep(width, width * 0.3, side.abs()) * smoothstep(150.0, 70.0, away);
    let pool = smoothstep(CRATER_RADIUS * 0.9, CRATER_RADIUS * 0.5, away);
    let crust = saturate(0.75 + 0.9 * look.grain + 0.5 * look.fine);
    rgb(3.2, 0.62, 0.07) * ((stream + pool) * crust)
}

/// Leaves and needles, with snow where it settles.
pub(super) fn foliage(setting: &Setting, crown: &Crown, height: f32) -> Color {
    let (own, other) = (byte(crown.id, 4), byte(crown.id.wrapping_mul(0x85EB_CA77), 24));
    let leaves = match (crown.conifer, setting.autumn) {
        (true, _) => rgb(0.016, 0.045, 0.024)
            .mix(rgb(0.060, 0.088, 0.030), own)
            .mix(rgb(0.030, 0.060, 0.048), 0.6 * other),
        (false, true) => {
            let warm = rgb(0.50, 0.085, 0.018).mix(rgb(0.66, 0.36, 0.035), own);
            let warm = warm.mix(rgb(0.42, 0.20, 0.03), other);
            warm.mix(rgb(0.16, 0.19, 0.035), smoothstep(0.72, 0.95, other))
        }
        (false, false) => {
            rgb(0.045, 0.092, 0.020).mix(rgb(0.145, 0.170, 0.036), own * 0.6 + other * 0.4)
        }
    };
    let lighter = leaves * (mix(0.50, 1.25, crown.share) * mix(0.45, 1.55, crown.tuft));
    let settled = if setting.snowy {
        0.72 * smoothstep(0.20, 0.95, crown.share + 0.25 * (other - 0.5) + 0.5 * (crown.tuft - 0.5))
    } else {
        0.6 * smoothstep(setting.snow_line - 40.0, setting.snow_line, height)
    };
    lighter.mix(rgb(0.58, 0.62, 0.68), settled)
}

/// A stone on the ground.
pub(super) fn stone(setting: &Setting, stone: &Boulder, grain: f32, fine: f32) -> Color {
    let tone = saturate(0.45 + 0.35 * byte(stone.id, 12) + 0.35 * fine + 0.2 * grain);
    let color = match setting.soil {
        Soil::Strata => rgb(0.26, 0.11, 0.06).mix(rgb(0.52, 0.28, 0.16), tone),
        Soil::Ash => rgb(0.03, 0.03, 0.03).mix(rgb(0.13, 0.10, 0.09), tone),
        _ => rgb(0.085, 0.085, 0.085).mix(rgb(0.33, 0.31, 0.28), tone),
    };
    if setting.snowy { color.mix(SNOW, smoothstep(0.9, 0.3, stone.x * stone.x)) } else { color }
}
