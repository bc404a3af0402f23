//! Brush strokes, canvas and paper.

use super::flow::Flow;
use super::plane::Plane;
use crate::engine::math::{floor, larger, mix, saturate, smaller, smoothstep};
use crate::engine::noise::{byte, fractal, gradient, hash};
use crate::engine::vector::{Color, gray, rgb};

/// One layer of strokes: their grid pitch, length and width in units of the picture.
struct Layer {
    pitch: f32,
    length: f32,
    width: f32,
    seed: u32,
}

/// A stroke's colour, how much of a pixel it covers, and its place in the order of laying.
struct Dab {
    color: Color,
    cover: f32,
    order: u32,
    /// Across the stroke, -1 to 1.
    across: f32,
}

impl Layer {
    /// The uppermost stroke over a point.
    fn dab(&self, plane: &Plane, flow: &Flow, x: f32, y: f32) -> Option<Dab> {
        let (cell_x, cell_y) = (floor(x / self.pitch), floor(y / self.pitch));
        let mut top: Option<Dab> = None;
        for dy in -1..=1 {
            for dx in -1..=1 {
                let (cx, cy) = (cell_x as i32 + dx, cell_y as i32 + dy);
                let id = hash(cx, cy, self.seed);
                if top.as_ref().is_some_and(|dab| dab.order >= id) {
                    continue;
                }
                let center_x = (cx as f32 + 0.15 + 0.7 * byte(id, 0)) * self.pitch;
                let center_y = (cy as f32 + 0.15 + 0.7 * byte(id, 8)) * self.pitch;
                let (px, py) = (x - center_x, y - center_y);
                if px * px + py * py > self.length * self.length * 1.3 {
                    continue;
                }
                let (along_x, along_y) = flow.at(center_x, center_y);
                let along = (px * along_x + py * along_y) / self.length;
                let across = (py * along_x - px * along_y) / self.width;
                if along.abs() >= 1.0 || across.abs() >= 1.3 {
                    continue;
                }
                // Bristles leave a frayed edge.
                let frayed = across.abs() + 0.18 * gradient(along * 2.0, across * 5.0, id);
                let cover = saturate((1.0 - frayed) * 3.0) * saturate((1.0 - along.abs()) * 4.0);
                if cover > 0.02 {
                    let tint = (byte(id, 16) - 0.5) * 0.12;
                    let warm = (byte(id, 24) - 0.5) * 0.07;
                    let picked = plane.at(center_x as i32, center_y as i32);
                    let color = picked * (1.0 + tint) + rgb(warm, 0.0, -warm) * picked.luminance();
                    top = Some(Dab { color, cover, order: id, across });
                }
            }
        }
        top
    }
}

/// Three layers of short strokes in heightened colour.
pub(super) fn impressionist(plane: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    if cancel() {
        return None;
    }
    let unit = plane.unit().0;
    let flow = Flow::of(plane);
    let layer = |pitch: f32, seed: u32| Layer {
        pitch: larger(pitch * unit, 2.0),
        length: larger(pitch * 1.25 * unit, 2.0),
        width: larger(pitch * 0.42 * unit, 1.0),
        seed,
    };
    let layers = [layer(15.0, 1), layer(9.0, 2), layer(5.5, 3)];
    plane.filled(cancel, &|x, y| {
        let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
        let own = plane.at(x as i32, y as i32);
        let mut color = own;
        for (depth, layer) in layers.iter().enumerate() {
            if let Some(dab) = layer.dab(plane, &flow, px, py) {
                // Fine strokes only where the coarse ones miss the picture.
                let off = (own - color).luminance().abs();
                let needed = if depth < 2 { 1.0 } else { smoothstep(0.03, 0.12, off) };
                let ridge = 1.0 + 0.09 * dab.across;
                color = color.mix(dab.color * ridge, dab.cover * needed);
            }
        }
        color.saturated(1.35)
    })
}

/// Long bristle marks in relief, lit from the upper left, on canvas.
pub(super) fn oil(plane: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    if cancel() {
        return None;
    }
    let unit = plane.unit().0;
    let flow = Flow::of(plane);
    // Height of the paint: noise smeared along the strokes.
    let relief = plane.filled(cancel, &|x, y| {
        let (mut px, mut py) = (x as f32 + 0.5, y as f32 + 0.5);
        let mut sum = 0.0;
        for _ in 0..5 {
            let (dx, dy) = flow.at(px, py);
            sum += gradient(px * 0.55 / unit, py * 0.55 / unit, 21);
            px += dx * 2.4 * unit;
            py += dy * 2.4 * unit;
        }
        gray(sum * 0.31 + 0.6 * plane.at(x as i32, y as i32).luminance())
    })?;
    let step = larger(unit, 1.0) as i32;
    plane.filled(cancel, &|x, y| {
        let (ix, iy) = (x as i32, y as i32);
        let slope = relief.at(ix - step, iy).x - relief.at(ix + step, iy).x
            + relief.at(ix, iy - step).x
            - relief.at(ix, iy + step).x;
        let weave = gradient(x as f32 * 0.9 / unit, y as f32 * 0.22 / unit, 5)
            + gradient(x as f32 * 0.22 / unit, y as f32 * 0.9 / unit, 6);
        let lit = 1.0 - smaller(larger(slope * 0.20, -0.22), 0.22) + 0.018 * weave;
        let color = plane.at(ix, iy).saturated(1.28);
        color * lit + gray(larger(-slope - 0.35, 0.0) * 0.10)
    })
}

/// Thin washes: pale, pooled along edges, on paper with a bare border.
pub(super) fn watercolor(plane: &Plane, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    if cancel() {
        return None;
    }
    let unit = plane.unit().0;
    let soft = plane.soft_brightness(plane.unit().round_radius(1.0));
    let paper = rgb(0.975, 0.962, 0.930);
    plane.filled(cancel, &|x, y| {
        let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
        let (u, v) = (px / unit, py / unit);
        // The wash bleeds: read a little beside the point.
        let bleed_x = fractal(u * 0.030, v * 0.030, 2, 11) * 8.0 * unit;
        let bleed_y = fractal(u * 0.030 + 50.0, v * 0.030, 2, 12) * 8.0 * unit;
        let color = plane.at((px + bleed_x) as i32, (py + bleed_y) as i32);
        let pooled = soft.at(px + bleed_x, py + bleed_y) - color.luminance();
        let wash = fractal(u * 0.012, v * 0.012, 2, 13);
        let grains = gradient(u * 0.75, v * 0.75, 14) + 0.6 * gradient(u * 1.6, v * 1.6, 15);
        let strength = saturate(0.88 + 0.30 * wash + 1.2 * larger(pooled, 0.0) + 0.10 * grains);
        // Water lets the paper shine through what is light and pigment gather in what is dark.
        let bright = color.luminance();
        let pigment = color.saturated(1.55) * mix(0.86, 1.0, bright) + gray(0.10 + 0.10 * bright);
        let painted = paper.mix(paper * pigment, strength);
        // The brush never quite reaches the edge of the sheet.
        let rim =
            smaller(smaller(px, plane.width as f32 - px), smaller(py, plane.height as f32 - py))
                / unit;
        let ragged =
            if rim < 24.0 { rim + 9.0 * fractal(u * 0.035, v * 0.035, 4, 16) - 11.0 } else { rim };
        let bare = smoothstep(2.0, -1.5, ragged);
        let edge = 1.0 - 0.20 * smoothstep(5.0, 0.0, (ragged - 2.0).abs());
        (painted * mix(edge, 1.0, bare)).mix(paper, bare) * (1.0 + 0.022 * grains)
    })
}
