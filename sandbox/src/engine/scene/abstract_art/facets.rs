//! Facets of a low-poly relief, and stained glass.

use super::palette::Palette;
use super::{Family, Frame, Paint};
use crate::engine::math::{exp, floor, mix, saturate, sin, smaller, smoothstep, squared};
use crate::engine::noise::{byte, fractal, hash, random};
use crate::engine::vector::{Vec3, gray, rgb, vec3};

/// A relief of triangles.
pub(super) struct Crystals {
    pub(super) palette: Palette,
    pub(super) seed: u32,
}

/// Triangles along a picture height.
const FINE: f32 = 8.5;

impl Crystals {
    /// A corner of the net: its place and height.
    fn corner(&self, x: i32, y: i32, time: f32) -> Vec3 {
        let roll = hash(x, y, self.seed ^ 0xFACE);
        let (dx, dy) = (byte(roll, 8) - 0.5, byte(roll, 16) - 0.5);
        let beat = sin(time * 0.6 + byte(roll, 24) * 6.3);
        let rise = fractal(x as f32 * 0.31, y as f32 * 0.31, 3, self.seed ^ 9);
        let height = 2.3 * rise + 0.50 * (byte(roll, 3) - 0.5) + 0.09 * beat;
        let shift = if y & 1 == 0 { 0.0 } else { 0.5 };
        vec3(x as f32 + shift + 0.62 * dx, y as f32 + 0.62 * dy, height)
    }

    fn at(&self, u: f32, v: f32, frame: &Frame) -> Paint {
        let (x, y) = (u * FINE, v * FINE);
        let (cx, cy) = (floor(x) as i32, floor(y) as i32);
        for row in [cy, cy - 1, cy + 1] {
            let odd = row & 1;
            for column in [cx, cx - 1, cx + 1, cx - 2] {
                let a = self.corner(column, row, frame.time);
                let b = self.corner(column + 1, row, frame.time);
                let c = self.corner(column + odd, row + 1, frame.time);
                let d = self.corner(column + 1 + odd, row + 1, frame.time);
                for (number, [p, q, r]) in [[a, b, c], [b, d, c]].into_iter().enumerate() {
                    if let Some(weights) = inside(p, q, r, x, y) {
                        let id = hash(column * 2 + number as i32, row, self.seed ^ 0x7A1);
                        return self.facet(p, q, r, weights, id, (u, v));
                    }
                }
            }
        }
        // Corners are moved by less than half a cell, so that some triangle always holds a point.
        Paint { color: self.palette.paper(), height: 0.0, roughness: 0.3, metallic: 0.0 }
    }

    fn facet(&self, p: Vec3, q: Vec3, r: Vec3, weights: Vec3, id: u32, at: (f32, f32)) -> Paint {
        let (e, f) = (q - p, r - p);
        let normal = vec3(e.y * f.z - e.z * f.y, e.z * f.x - e.x * f.z, e.x * f.y - e.y * f.x);
        let normal = if normal.z < 0.0 { normal * -1.0 } else { normal }.normalized();
        let middle = (p + q + r) * (1.0 / 3.0);
        let sweep = fractal(middle.x * 0.13, middle.y * 0.13, 2, self.seed ^ 5);
        let hue = self.palette.turn(0.5 + 1.5 * sweep + 0.12 * middle.z + 0.07 * byte(id, 8));
        let hue = hue.mix(self.palette.paper(), 0.16 * byte(id, 16));
        let sun = vec3(-0.52, -0.56, 0.64);
        let facing = normal.dot(sun);
        let lit = 0.16 + 1.12 * saturate(facing);
        let glint = squared(saturate(mirrored(normal, sun)), 3) * 0.30;
        // A gradient within each facet, as light falls off along cut stone.
        let fall = 0.90 + 0.22 * weights.x - 0.10 * weights.y;
        let nearest = smaller(smaller(weights.x, weights.y), weights.z);
        let edge = 0.20 * exp(-nearest * 60.0);
        let height = p.z * weights.x + q.z * weights.y + r.z * weights.z;
        let grain = 1.0 + 0.03 * fractal(at.0 * 130.0, at.1 * 130.0, 2, self.seed);
        Paint {
            color: hue * (lit * fall * grain) + gray(glint) + hue * edge,
            height: 0.05 * height,
            roughness: 0.25,
            metallic: 0.0,
        }
    }
}

/// How much of a light from `sun` a facet mirrors to the front.
fn mirrored(normal: Vec3, sun: Vec3) -> f32 {
    2.0 * normal.dot(sun) * normal.z - sun.z
}

/// The weights of a triangle's corners at a point within it.
fn inside(p: Vec3, q: Vec3, r: Vec3, x: f32, y: f32) -> Option<Vec3> {
    let area = (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    if area.abs() < 1e-6 {
        return None;
    }
    let a = ((q.x - x) * (r.y - y) - (q.y - y) * (r.x - x)) / area;
    let b = ((r.x - x) * (p.y - y) - (r.y - y) * (p.x - x)) / area;
    let c = 1.0 - a - b;
    (a >= -1e-5 && b >= -1e-5 && c >= -1e-5).then_some(vec3(a, b, c))
}

impl Family for Crystals {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        for v in vs {
            let (u, v) = frame.turned(*v);
            put(self.at(u, v, frame));
        }
    }
}

/// Panes of coloured glass held by lead.
pub(super) struct Glass {
    pub(super) palette: Palette,
    pub(super) seed: u32,
}

impl Glass {
    /// The pane at a point: its hash, its middle, and the distance from its edge.
    fn pane(&self, x: f32, y: f32, time: f32) -> (u32, f32, f32, f32) {
        let (cx, cy) = (floor(x), floor(y));
        let seat = |dx: i32, dy: i32| {
            let (ix, iy) = (cx as i32 + dx, cy as i32 + dy);
            let roll = hash(ix, iy, self.seed ^ 0x61A5);
            let swing = 0.05 * sin(time * 0.5 + byte(roll, 4) * 6.3);
            let px = cx + dx as f32 + 0.12 + 0.76 * byte(roll, 8) + swing;
            (roll, px, cy + dy as f32 + 0.12 + 0.76 * byte(roll, 16) - swing)
        };
        let mut best = (0, 0.0, 0.0, 9.0);
        for dy in -1..=1 {
            for dx in -1..=1 {
                let (roll, px, py) = seat(dx, dy);
                let away = (px - x) * (px - x) + (py - y) * (py - y);
                if away < best.3 {
                    best = (roll, px, py, away);
                }
            }
        }
        let (roll, mx, my, _) = best;
        let mut edge = 9.0;
        for dy in -2..=2 {
            for dx in -2..=2 {
                let (other, px, py) = seat(dx, dy);
                let (ex, ey) = (px - mx, py - my);
                let apart = ex * ex + ey * ey;
                if other != roll && apart > 1e-6 {
                    let middle = ((mx + px) * 0.5 - x) * ex + ((my + py) * 0.5 - y) * ey;
                    let distance = middle / apart.sqrt();
                    edge = if distance < edge { distance } else { edge };
                }
            }
        }
        (roll, mx, my, edge)
    }

    fn at(&self, u: f32, v: f32, frame: &Frame) -> Paint {
        let count = 6.0 + (self.seed >> 4 & 3) as f32;
        let (x, y) = (u * count, v * count);
        let (roll, mx, my, edge) = self.pane(x, y, frame.time);
        let (fx, fy) = (mx / count - 0.62, my / count - 0.36);
        let sun = (fx * fx + fy * fy).sqrt();
        let sweep = fractal(mx * 0.16, my * 0.16, 2, self.seed ^ 3);
        let mut hue = self.palette.turn(0.5 * sun + 0.55 * sweep + 0.16 * byte(roll, 8));
        if roll & 7 == 0 {
            hue = hue.mix(rgb(1.0, 0.93, 0.78), 0.6);
        }
        // Glass deepens a colour: light passes it twice where it is thick.
        let hue = hue.mix(hue * hue, 0.45).saturated(1.2);
        let streak = fractal(x * 1.3 + mx * 7.0, y * 3.1 + my * 5.0, 4, self.seed ^ 5);
        let seed_bubble = random(floor(x * 30.0) as i32, floor(y * 30.0) as i32, self.seed);
        let (du, dv) = (u - 0.62, v - 0.36);
        let behind = 0.50 + 1.9 * exp(-(du * du + dv * dv) * 3.2);
        let mut color = hue * (behind * (0.88 + 0.42 * streak));
        color = color * mix(0.72, 1.0, smoothstep(0.04, 0.20, edge));
        if seed_bubble > 0.995 {
            color = color * 1.15;
        }
        let width = 0.038 + 0.012 * byte(roll, 24);
        let lead = saturate((width - edge) / (frame.pixel * count) + 0.5);
        let round = saturate(edge / width);
        let metal = rgb(0.030, 0.032, 0.038) * (0.6 + 1.5 * (1.0 - squared(round, 1)));
        Paint {
            color: color.mix(metal, lead),
            height: mix(0.0, 0.010 * (1.0 - squared(round, 1)).sqrt(), lead),
            roughness: mix(0.12, 0.55, lead),
            metallic: lead,
        }
    }
}

impl Family for Glass {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        for v in vs {
            let (u, v) = frame.turned(*v);
            put(self.at(u, v, frame));
        }
    }
}
