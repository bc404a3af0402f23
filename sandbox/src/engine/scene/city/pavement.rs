//! Streets, crossings and squares between the buildings.

use super::facade::{Evening, Surface, pulse};
use super::plan::{ACROSS, AVENUE, CELL, HALF, STREET};
use crate::engine::math::{exp, floor, larger, mix, saturate, smaller, smoothstep};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::vector::{Color, gray, rgb};

/// Distance between two street lamps.
const LAMPS: f32 = 7.5;

/// Where a point lies across the nearest street of one direction.
struct Lane {
    /// Distance from the middle of the street, with sign.
    off: f32,
    half: f32,
    number: i32,
}

fn lane(place: f32) -> Lane {
    let number = floor((place + HALF) / CELL + 0.5) as i32;
    let half = if number == ACROSS / 2 { AVENUE } else { STREET };
    Lane { off: place - (number as f32 * CELL - HALF), half, number }
}

/// The ground at a place; `size` is the width of a pixel there.
pub(super) fn surface(
    evening: &Evening,
    x: f32,
    z: f32,
    size: f32,
    time: f32,
    park: bool,
    wet: bool,
) -> Surface {
    let (across_x, across_z) = (lane(x), lane(z));
    let soft = larger(size, 0.03);
    let road = |lane: &Lane| saturate((lane.half - lane.off.abs()) / soft + 0.5);
    let (on_x, on_z) = (road(&across_x), road(&across_z));
    let paved = larger(on_x, on_z);
    let grain = 0.85 + 0.4 * fractal(x * 0.8, z * 0.8, 2, 61);
    let slabs = 0.9 + 0.1 * pulse(x * 0.8, 0.0, 0.93, size) * pulse(z * 0.8, 0.0, 0.93, size);
    let walk = if park {
        rgb(0.055, 0.105, 0.03) * (0.8 + 0.5 * fractal(x * 0.3, z * 0.3, 3, 62))
    } else {
        rgb(0.26, 0.25, 0.24) * slabs
    };
    let crossing = on_x * on_z;
    let marks = larger(
        markings(&across_x, z, size) * on_x * (1.0 - on_z),
        markings(&across_z, x, size) * on_z * (1.0 - on_x),
    );
    let asphalt =
        if evening.old { rgb(0.20, 0.17, 0.14) * slabs } else { rgb(0.055, 0.056, 0.060) } * grain;
    let marks = if evening.old { 0.0 } else { marks };
    let mut albedo = walk.mix(asphalt, paved).mix(gray(0.55), marks * (1.0 - crossing));
    if evening.snow {
        albedo = albedo.mix(gray(0.74), mix(0.9, 0.35, paved));
    }
    let mut glow = gray(0.0);
    if evening.lamps > 0.0 {
        if !evening.old {
            glow += beads(&across_x, z, size, time) * (1.0 - on_z * 0.5)
                + beads(&across_z, x, size, time) * (1.0 - on_x * 0.5);
        }
        glow += lamplight(&across_x, z) + lamplight(&across_z, x);
        glow = glow * evening.lamps;
    }
    let gloss = if wet { mix(0.35, 0.75, paved) } else { 0.0 };
    Surface {
        albedo: if wet { albedo * 0.55 } else { albedo },
        glow,
        roughness: if wet { 0.2 } else { 0.9 },
        metallic: 0.0,
        gloss,
        tilt: 0.0,
    }
}

/// Dashes between lanes, and bars where people cross.
fn markings(lane: &Lane, along: f32, size: f32) -> f32 {
    let line = |at: f32, half: f32| {
        saturate((half - (lane.off - at).abs()) / larger(size, 0.02) + 0.5)
            * smaller(1.0, 2.0 * half / larger(size, 1e-3))
    };
    let dash = pulse(along * 0.4, 0.25, 0.75, size * 0.4);
    let mut paint = line(0.0, 0.06) * dash;
    if lane.half > 3.0 {
        paint = line(0.12, 0.05) + line(-0.12, 0.05);
        paint += (line(lane.half * 0.36, 0.05)
            + line(-lane.half * 0.36, 0.05)
            + line(lane.half * 0.68, 0.05)
            + line(-lane.half * 0.68, 0.05))
            * dash;
    }
    // The nearest crossing street's edge decides where the bars lie.
    let to_edge = (along + HALF) / CELL;
    let from_street = (to_edge - floor(to_edge + 0.5)).abs() * CELL;
    let band = smoothstep(STREET + 0.4, STREET + 0.5, from_street)
        * smoothstep(STREET + 1.6, STREET + 1.5, from_street);
    mix(paint, pulse(lane.off * 1.1, 0.2, 0.7, size * 1.1), band)
}

/// Head and tail lights of the cars far below, driving on the right.
fn beads(lane: &Lane, along: f32, size: f32, time: f32) -> Color {
    let side = if lane.off > 0.0 { 1.0 } else { -1.0 };
    let row = if lane.half > 3.0 { 0.55 } else { 0.5 };
    let off = lane.off.abs() - lane.half * row;
    // Near the eye real cars drive here.
    let apart = saturate(size * 14.0 - 0.5);
    let wide = larger(lane.half * 0.16, size * 0.8);
    let across = exp(-off * off / (wide * wide)) * smaller(1.0, lane.half * 0.2 / wide + 0.25);
    if across < 0.01 {
        return gray(0.0);
    }
    let spacing = 5.0;
    let place = (along * side - time * 6.0) / spacing + byte(hash(lane.number, 3, 5), 0) * 9.0;
    let cell = floor(place);
    let present = hash(cell as i32, lane.number * 2 + side as i32, 63) & 3 != 0;
    let at = place - cell - 0.5;
    let long = larger(0.09, size / spacing * 0.7);
    let near = if present { exp(-at * at / (long * long)) * 0.09 / long } else { 0.0 };
    let hue = if side > 0.0 { rgb(2.6, 0.30, 0.12) } else { rgb(2.2, 1.9, 1.4) };
    let far = saturate(size * 0.4 - 0.5);
    hue * (across * apart * mix(near * 1.5, 0.16, far))
}

/// Pools of light under the street lamps at both kerbs.
fn lamplight(lane: &Lane, along: f32) -> Color {
    let off = lane.off.abs() - lane.half;
    let place = along / LAMPS;
    let beside = (place - floor(place) - 0.5) * LAMPS;
    let pool = exp(-(off * off + beside * beside) * 0.16);
    rgb(0.36, 0.22, 0.10) * (pool * exp(-larger(off.abs() - 2.0, 0.0)) * 0.55)
}
