//! The raw shape of land, before rain: ridges, hills, dunes, mesas, a cone.

use super::setting::{Form, Setting};
use super::terrain::{SIDE, VALLEY};
use crate::engine::math::{exp, floor, larger, mix, saturate, smaller, smoothstep};
use crate::engine::noise::periodic;

/// Where a volcano stands.
pub(super) const CRATER: (f32, f32) = (VALLEY + 40.0, 470.0);
/// How wide its crater is.
pub(super) const CRATER_RADIUS: f32 = 17.0;

/// Height of the land at a point of the field, both positions from 0 to 1.
pub(super) fn raised(setting: &Setting, u: f32, v: f32) -> f32 {
    let seed = setting.seed;
    let x = u * SIDE as f32;
    let z = v * SIDE as f32;
    // The valley winds around its column.
    let center = VALLEY + 70.0 * (wave(u, v, 5, seed ^ 77) - 0.5);
    let aside = (x - center).abs();
    let peaks = setting.peaks;
    match setting.form {
        Form::Valley => {
            let slope = smoothstep(10.0, 230.0, aside);
            let high = ridges(u, v, seed) * peaks;
            26.0 + rolling(u, v, seed) * 9.0 + high * mix(0.06, 1.0, slope)
        }
        Form::Lake => {
            let slope = smoothstep(26.0, 210.0, aside);
            let high = ridges(u, v, seed) * peaks;
            let shore = smoothstep(14.0, 70.0, aside + 26.0 * (wave(u, v, 14, seed ^ 3) - 0.5));
            mix(14.0, 29.0 + rolling(u, v, seed) * 7.0, shore) + high * slope
        }
        Form::Coast => {
            let coast = smoothstep(70.0, 320.0, aside);
            let high = ridges(u, v, seed) * peaks;
            mix(4.0, 24.0, coast) + high * mix(0.10, 1.0, coast)
        }
        Form::Beach => {
            let inland = x - VALLEY - bay(v, seed);
            let strand = 30.0 + smaller(inland * 0.055, 2.6) + larger(inland - 50.0, 0.0) * 0.02;
            let dunes = smoothstep(34.0, 70.0, inland) * rolling(u, v, seed) * 7.0;
            let far = smoothstep(90.0, 260.0, inland) + smoothstep(210.0, 330.0, -inland);
            let sunk = larger(strand, 8.0);
            sunk + dunes + ridges(u, v, seed) * peaks * smaller(far, 1.0)
        }
        Form::Woods => {
            let slope = smoothstep(10.0, 300.0, aside);
            let high = ridges(u, v, seed) * peaks;
            28.0 + rolling(u, v, seed) * 16.0 + high * mix(0.12, 1.0, slope)
        }
        Form::Hills => {
            let slope = smoothstep(0.0, 260.0, aside);
            22.0 + rolling(u, v, seed) * mix(16.0, 44.0, slope)
        }
        Form::Canyon => mesas(u, v, aside, seed),
        Form::Volcano => {
            let coast = smoothstep(40.0, 200.0, aside);
            let low = if setting.wet() { mix(14.0, 34.0, coast) } else { 26.0 };
            let high = ridges(u, v, seed) * peaks * coast;
            larger(low + rolling(u, v, seed) * 8.0 + high * 0.6, cone(u, v, x, z, seed))
        }
        Form::Dunes => {
            let far = smoothstep(120.0, 380.0, aside);
            dunes(u, v, seed) + ridges(u, v, seed) * peaks * far * 0.9
        }
        Form::Oasis => {
            let sand = dunes(u, v, seed) * mix(0.35, 1.0, smoothstep(20.0, 130.0, aside)) + 22.0;
            let (dx, dz) = ((x - VALLEY) / 44.0, (z - 190.0) / 70.0);
            let away = (dx * dx + dz * dz).sqrt() + 0.5 * (wave(u, v, 20, seed ^ 9) - 0.5);
            let far = smoothstep(120.0, 380.0, aside);
            let basin = mix(23.0, larger(sand, 31.5), smoothstep(0.6, 1.25, away));
            basin + ridges(u, v, seed) * peaks * far * 0.9
        }
    }
}

/// How far to the right of the middle the water's edge of a beach lies.
pub(super) fn bay(v: f32, seed: u32) -> f32 {
    26.0 * (wave(0.5, v, 4, seed ^ 5) - 0.5) + 8.0 * (wave(0.5, v, 11, seed ^ 6) - 0.5)
}

fn wave(u: f32, v: f32, frequency: i32, seed: u32) -> f32 {
    periodic(u * frequency as f32, v * frequency as f32, seed, frequency)
}

/// Mountains as running water leaves them: sharp ridges that branch into smaller ones.
fn ridges(u: f32, v: f32, seed: u32) -> f32 {
    let bend = 0.075 * (wave(u, v, 5, seed ^ 0x31) - 0.5);
    let twist = 0.075 * (wave(u, v, 5, seed ^ 0x32) - 0.5);
    let (u, v) = (u + bend, v + twist);
    let (mut sum, mut amplitude, mut weight) = (0.0, 0.55, 1.0);
    let mut frequency = 5;
    for octave in 0..5u32 {
        let turned = octave as f32 * 0.37;
        let noise = wave(u + turned, v + turned * 0.7, frequency, seed.wrapping_add(octave * 977));
        let crest = 1.0 - (noise * 2.0 - 1.0).abs();
        let crest = crest * crest * weight;
        weight = saturate(crest * 1.9 + 0.12);
        sum += crest * amplitude;
        amplitude *= 0.5;
        frequency *= 2;
    }
    let mass = wave(u, v, 3, seed ^ 0x55);
    sum * (0.55 + 1.0 * mass * mass) * 165.0
}

/// Gentle ground from 0 to about 1.
fn rolling(u: f32, v: f32, seed: u32) -> f32 {
    let bend = 0.04 * (wave(u, v, 7, seed ^ 0x41) - 0.5);
    0.58 * wave(u + bend, v - bend, 6, seed ^ 0x42)
        + 0.28 * wave(u, v, 13, seed ^ 0x43)
        + 0.14 * wave(u - bend, v, 29, seed ^ 0x44)
}

fn dunes(u: f32, v: f32, seed: u32) -> f32 {
    let bend = periodic(u * 8.0, v * 8.0, seed ^ 7, 8);
    let wave = periodic(u * 26.0 + bend * 2.2, v * 7.0 + bend * 1.1, seed ^ 3, 26);
    // A crest a little rounder than a crease, which the field's cells could not carry.
    let side = wave * 2.0 - 1.0;
    let crest = 1.04 - (side * side + 0.006).sqrt();
    let broad = periodic(u * 4.0, v * 4.0, seed ^ 11, 4);
    crest * crest * 21.0 + broad * 26.0
}

/// Tables of rock that step down to a dry river.
fn mesas(u: f32, v: f32, aside: f32, seed: u32) -> f32 {
    let bend = 0.06 * (wave(u, v, 6, seed ^ 0x61) - 0.5);
    let mass = 0.55 * wave(u + bend, v - bend, 6, seed ^ 0x62)
        + 0.28 * wave(u - bend, v, 13, seed ^ 0x63)
        + 0.17 * wave(u, v + bend, 31, seed ^ 0x64);
    let gorge = smoothstep(16.0, 170.0, aside);
    let level = saturate((mass - 0.30) * 1.9) * mix(0.15, 1.0, gorge) * 5.0;
    let step = floor(level);
    // Each step is a cliff with a slope of rubble at its foot.
    let within = level - step;
    let rise = 0.22 * within + 0.78 * smoothstep(0.62, 0.86, within);
    22.0 + (step + rise) * 21.0 + 5.0 * wave(u, v, 24, seed ^ 0x65)
}

fn cone(u: f32, v: f32, x: f32, z: f32, seed: u32) -> f32 {
    let (dx, dz) = (x - CRATER.0, z - CRATER.1);
    let uneven = 14.0 * (wave(u, v, 16, seed ^ 0x71) - 0.5);
    let away = (dx * dx + dz * dz).sqrt() + uneven;
    let slope = 168.0 * exp(-larger(away - CRATER_RADIUS, 0.0) / 105.0);
    let inside = smoothstep(CRATER_RADIUS, CRATER_RADIUS * 0.4, away);
    slope - 26.0 * inside + 5.0 * (wave(u, v, 40, seed ^ 0x72) - 0.5)
}
