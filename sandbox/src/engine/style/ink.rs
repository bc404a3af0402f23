//! Lines, flat cells and few colours.

use super::plane::Plane;
use crate::engine::math::{floor, larger, mix, saturate, smoothstep};
use crate::engine::noise::{fractal, gradient};
use crate::engine::vector::{Color, gray, rgb};

/// Strength of an edge at a pixel: Sobel's gradient over all channels.
fn edge(plane: &Plane, x: i32, y: i32, step: i32) -> f32 {
    let at = |dx: i32, dy: i32| plane.at(x + dx * step, y + dy * step);
    let (a, b, c) = (at(-1, -1), at(0, -1), at(1, -1));
    let (d, f) = (at(-1, 0), at(1, 0));
    let (g, h, i) = (at(-1, 1), at(0, 1), at(1, 1));
    let across = c + f * 2.0 + i - a - d * 2.0 - g;
    let down = g + h * 2.0 + i - a - b * 2.0 - c;
    ((across.dot(across) + down.dot(down)) * (1.0 / 3.0)).sqrt()
}

/// Brightness brought to a few levels, with a soft step between them.
fn cells(color: Color, levels: f32, softness: f32) -> Color {
    let bright = larger(color.luminance(), 1e-3);
    let position = bright * levels;
    let level =
        floor(position) + smoothstep(0.5 - softness, 0.5 + softness, position - floor(position));
    color * ((level + 0.25) / (levels * bright))
}

/// Clear colours in soft cells, fine lines around what is large.
pub(super) fn anime(plane: &Plane, calm: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let step = plane.unit().round_radius(0.7) as i32;
    plane.filled(cancel, &|x, y| {
        let (x, y) = (x as i32, y as i32);
        let color = calm.at(x, y).mix(plane.at(x, y), 0.45);
        let flat = cells(color, 7.0, 0.22).mix(color, 0.22).saturated(1.6);
        let bright = flat.luminance();
        // Shadows turn to violet blue, lights stay clean: painted film, not a photograph.
        let shade = rgb(0.94, 0.97, 1.16).mix(rgb(1.07, 1.06, 1.02), smoothstep(0.1, 0.6, bright));
        let fresh = flat * shade + rgb(0.018, 0.026, 0.060) * (1.0 - bright);
        let clean = fresh + gray(smoothstep(0.72, 0.95, bright) * 0.07);
        let line = smoothstep(0.30, 0.70, edge(calm, x, y, step));
        clean.mix(clean * rgb(0.20, 0.15, 0.30), line * 0.80)
    })
}

/// Few flat colours, bold dark outlines.
pub(super) fn cartoon(plane: &Plane, calm: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let step = plane.unit().round_radius(1.2) as i32;
    plane.filled(cancel, &|x, y| {
        let (x, y) = (x as i32, y as i32);
        let color = calm.at(x, y).mix(plane.at(x, y), 0.15);
        let flat = cells(color, 5.5, 0.07).mix(color, 0.12).saturated(1.75);
        let flat = flat * rgb(1.08, 1.06, 1.02) + gray(0.02);
        let line = smoothstep(0.30, 0.52, edge(calm, x, y, step));
        flat.mix(rgb(0.04, 0.03, 0.055), line)
    })
}

/// Graphite: outlines and hatching that follows the shade.
pub(super) fn sketch(plane: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let unit = plane.unit().0;
    let step = plane.unit().round_radius(0.8) as i32;
    plane.filled(cancel, &|x, y| {
        let (u, v) = (x as f32 / unit, y as f32 / unit);
        let (x, y) = (x as i32, y as i32);
        let dark = 1.0 - saturate(plane.at(x, y).luminance() * 1.12);
        let wobble = fractal(u * 0.02, v * 0.02, 2, 3) * 3.0;
        let hatch = |angle_x: f32, angle_y: f32, seed: u32| {
            let across = (u * angle_x + v * angle_y) * 0.33 + wobble;
            let along = (u * angle_y - v * angle_x) * 0.02;
            0.5 + 0.5 * gradient(across, along, seed)
        };
        let mut tone = 0.0;
        tone += smoothstep(0.25, 0.95, dark) * smoothstep(0.35, 0.65, hatch(0.8, 0.6, 1)) * 0.55;
        tone += smoothstep(0.50, 1.0, dark) * smoothstep(0.35, 0.65, hatch(0.55, -0.83, 2)) * 0.50;
        tone += smoothstep(0.72, 1.0, dark) * 0.35;
        tone += dark * 0.12;
        let outline = smoothstep(0.14, 0.85, edge(plane, x, y, step));
        let tooth = 0.85 + 0.3 * gradient(u * 0.9, v * 0.9, 4);
        let graphite = saturate((tone + outline * 0.75) * tooth);
        let paper = rgb(0.965, 0.955, 0.930) * (1.0 + 0.012 * gradient(u * 0.5, v * 0.5, 5));
        paper.mix(rgb(0.13, 0.13, 0.145), graphite)
    })
}

/// Ordered dither of four by four pixels (Bayer), 0 to 15.
const DITHER: [[u8; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];

/// Large pixels in twelve shades of few hues.
pub(super) fn pixel_art(plane: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    let size = plane.unit().round_radius(4.0) as i32;
    plane.filled(cancel, &|x, y| {
        let (cell_x, cell_y) = (x as i32 / size, y as i32 / size);
        let mut sum = gray(0.0);
        for (dx, dy) in [(1, 1), (3, 1), (1, 3), (3, 3)] {
            sum += plane.at(cell_x * size + size * dx / 4, cell_y * size + size * dy / 4);
        }
        let rank = DITHER.get((cell_y & 3) as usize).and_then(|row| row.get((cell_x & 3) as usize));
        let threshold = f32::from(rank.copied().unwrap_or_default()) / 16.0 + 0.03;
        let rich = (sum * 0.25).saturated(1.55).clamped();
        // Only brightness is dithered: hues that are dithered one by one turn into noise.
        let bright = rich.luminance();
        let shade = floor(bright * 11.0 + mix(0.5, threshold, 0.55)) / 11.0;
        let tint = |v: f32| floor((v - bright) * 9.0 + 0.5) / 9.0;
        rgb(shade + tint(rich.x), shade + tint(rich.y), shade + tint(rich.z)).clamped()
    })
}
