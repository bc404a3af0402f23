//! Blossoms near the lens, with stems, leaves, dew, a branch or water.

use super::backdrop::{Backdrop, Disc};
use super::blossom::{Blossom, Touch};
use super::{Place, Seen};
use crate::engine::math::{cos, floor, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{byte, fractal, hash, random};
use crate::engine::prompt::Flower;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// One blossom in the picture.
struct Head {
    u: f32,
    v: f32,
    radius: f32,
    cos: f32,
    sin: f32,
    /// How far out of focus, as the width of its edge in picture heights.
    blur: f32,
    which: usize,
    /// How much it moves in the wind and against the frame.
    depth: f32,
}

/// A few blossoms before a backdrop.
pub(super) struct Near {
    flower: Flower,
    blossoms: Vec<Blossom>,
    /// From the front to the back.
    heads: Vec<Head>,
    backdrop: Backdrop,
    seed: u32,
}

/// The blossoms and lights that a vertical line meets.
pub(super) struct Line<'a> {
    heads: Vec<(&'a Head, f32, f32)>,
    discs: Vec<Disc>,
}

/// Height in the picture at which the water of a lotus pond ends.
const WATER: f32 = 0.70;

impl Near {
    pub(super) fn new(flower: Flower, colors: &[Color], seed: u32, backdrop: Backdrop) -> Near {
        let color =
            |number: usize| colors.get(number % colors.len().max(1)).copied().unwrap_or(gray(0.8));
        let blossoms = (0..4)
            .map(|number| Blossom::of(flower, color(number), seed ^ (number as u32 * 31), true))
            .collect();
        let mut heads = Vec::new();
        let roll = |number: i32, which: i32| random(number, which, seed ^ 0xF10);
        let mut add = |u: f32, v: f32, radius: f32, angle: f32, blur: f32, number: i32| {
            let depth = radius * 2.0;
            let which = (number & 3) as usize;
            heads.push(Head { u, v, radius, cos: cos(angle), sin: sin(angle), blur, which, depth });
        };
        match flower {
            Flower::CherryBlossom => {
                // Blossoms sit in tufts along the branch; a second branch blurs behind it.
                for number in 0..66 {
                    let tuft = number / 4;
                    let far = number > 47;
                    let along = (tuft as f32 + roll(tuft, 1)) / 12.0 * 2.4 - 1.2;
                    let along = if far { roll(number, 9) * 2.4 - 1.2 } else { along };
                    let aside = (roll(number, 2) - 0.5) * if far { 0.5 } else { 0.17 };
                    let off = (roll(number, 5) - 0.42) * if far { 0.3 } else { 0.19 };
                    let size = if far { 0.055 } else { mix(0.062, 0.100, roll(number, 3)) };
                    let blur = if far { 0.034 } else { 0.0 };
                    let v = branch(along, seed) + off + if far { 0.16 } else { 0.0 };
                    add(along + aside, v, size, roll(number, 4) * 6.3, blur, number);
                }
            }
            Flower::Lotus => {
                add(-0.04, 0.40, 0.31, 0.0, 0.0, 0);
                add(0.40, 0.56, 0.115, 0.0, 0.010, 1);
                add(-0.52, 0.59, 0.085, 0.0, 0.014, 2);
                add(0.86, 0.34, 0.20, 0.0, 0.012, 3);
            }
            Flower::Tulip | Flower::Lavender => {
                let size = if flower == Flower::Tulip { 0.20 } else { 0.29 };
                for (number, (u, v, scale, blur)) in [
                    (-0.10, 0.60, 1.0, 0.0),
                    (0.26, 0.50, 0.86, 0.004),
                    (-0.44, 0.46, 0.80, 0.010),
                    (0.58, 0.62, 0.66, 0.030),
                    (-0.74, 0.66, 0.60, 0.036),
                    (0.92, 0.48, 0.7, 0.03),
                ]
                .into_iter()
                .enumerate()
                {
                    let number = number as i32;
                    let lean = (roll(number, 5) - 0.5) * 0.30;
                    add(u + 0.06 * (roll(number, 6) - 0.5), v, size * scale, lean, blur, number);
                }
            }
            _ => {
                add(-0.03, 0.56, 0.36, roll(0, 1) * 0.5 - 0.25, 0.0, 0);
                add(0.62, 0.36, 0.15, 0.3, 0.040, 1);
                add(-0.70, 0.74, 0.13, -0.2, 0.048, 2);
                add(0.78, 0.82, 0.10, 0.2, 0.050, 3);
                add(-0.95, 0.30, 0.17, 0.4, 0.050, 1);
            }
        }
        Near { flower, blossoms, heads, backdrop, seed }
    }

    pub(super) fn line(&self, place: &Place, top: f32) -> Line<'_> {
        let heads = self
            .heads
            .iter()
            .map(|head| {
                let wind = place.time * 1.3 + head.u * 3.0;
                let water = self.flower == Flower::Lotus;
                let sway = if water { 0.004 } else { 0.014 } * sin(wind);
                let shift = head.depth * (0.30 * sin(place.orbit) + 0.10 * (place.progress - 0.3));
                (head, head.u + sway + shift, head.v + 0.004 * sin(wind * 1.4))
            })
            .filter(|(head, u, _)| {
                (place.u - u).abs() < head.radius * 1.4 + head.blur + 0.35 * self.leafy()
            })
            .collect();
        Line { heads, discs: self.backdrop.discs(place, top) }
    }

    /// Whether stems and leaves are drawn.
    fn leafy(&self) -> f32 {
        if matches!(self.flower, Flower::CherryBlossom | Flower::Lotus) { 0.0 } else { 1.0 }
    }

    pub(super) fn at(&self, line: &Line, place: &Place, v: f32, top: f32) -> Seen {
        let mut seen = Touch { color: gray(0.0), cover: 0.0, normal: vec3(0.0, 0.0, 1.0) };
        let mut distance = f32::INFINITY;
        for (head, u, middle) in &line.heads {
            if seen.cover > 0.995 {
                break;
            }
            let already = seen.cover;
            self.head(&mut seen, head, place, (place.u - u, v - middle));
            if already <= 0.5 && seen.cover > 0.5 {
                distance = 2.0 + 14.0 * head.blur;
            }
        }
        if self.flower == Flower::CherryBlossom {
            let already = seen.cover;
            self.bough(&mut seen, place, v);
            if already <= 0.5 && seen.cover > 0.5 {
                distance = 2.2;
            }
        }
        let behind = if self.flower == Flower::Lotus && v < WATER {
            if seen.cover < 0.5 {
                distance = 3.0 / (0.3 + WATER - v);
                seen.normal = vec3(0.0, 0.94, 0.34);
            }
            self.pads(&mut seen, place, v);
            self.water(line, place, v, top)
        } else {
            self.backdrop.at(&line.discs, place, v, top)
        };
        let color = seen.color + behind * (1.0 - seen.cover);
        Seen { color, normal: seen.normal.normalized(), distance }
    }

    /// Garden and blossoms mirrored in moving water.
    fn water(&self, line: &Line, place: &Place, v: f32, top: f32) -> Color {
        let depth = 0.12 + WATER - v;
        let (x, y) = (place.u * 2.2 / depth, 2.4 / depth);
        let wave = fractal(x, y * 2.5 + place.time * 0.35, 3, self.seed);
        let fine = fractal(x * 3.0, y * 7.0 + place.time * 0.6, 2, self.seed ^ 2);
        let swing = 0.030 * wave + 0.010 * fine;
        let mut mirrored = Touch { color: gray(0.0), cover: 0.0, normal: vec3(0.0, 0.0, 1.0) };
        for (head, u, middle) in &line.heads {
            let foot = middle - 0.36 * head.radius;
            let at = (place.u + 0.4 * swing - u, 2.0 * foot - v + swing - middle);
            if v < foot + 0.1 * head.radius && mirrored.cover < 0.99 {
                self.head(&mut mirrored, head, place, at);
            }
        }
        let sky = self.backdrop.at(&[], place, 2.0 * WATER - v + 2.0 * swing, top);
        let deep = rgb(0.010, 0.035, 0.035);
        let clear = mix(0.72, 0.30, smoothstep(0.0, 0.7, WATER - v));
        let tint = rgb(0.55, 0.66, 0.68);
        let glint = squared(saturate(wave + 0.5 * fine), 1) * 0.35;
        deep * (place.lamp.ambient + gray(0.2))
            + (sky * (clear + glint)) * (1.0 - mirrored.cover)
            + mirrored.color * tint
    }

    fn head(&self, seen: &mut Touch, head: &Head, place: &Place, at: (f32, f32)) {
        let (a, b) = (at.0 / head.radius, at.1 / head.radius);
        let (x, y) = (a * head.cos + b * head.sin, b * head.cos - a * head.sin);
        let soft = (place.pixel + head.blur) / head.radius;
        let Some(blossom) = self.blossoms.get(head.which) else { return };
        if let Some(mut touch) = blossom.at(x, y, soft, &place.lamp) {
            if head.blur < 0.008 && self.flower != Flower::Lavender {
                dew(&mut touch, x, y, soft, place.lamp.sun, self.seed);
            }
            if seen.cover < 0.5 {
                seen.normal = touch.normal;
            }
            seen.color += touch.color * (1.0 - seen.cover);
            seen.cover += touch.cover * (1.0 - seen.cover);
        }
        if self.leafy() > 0.0 {
            self.stem(seen, head, place, (a, b), soft);
        }
    }

    /// The stem under a blossom and two leaves.
    fn stem(&self, seen: &mut Touch, head: &Head, place: &Place, (a, b): (f32, f32), soft: f32) {
        if b > -0.2 {
            return;
        }
        let lean = 0.10 * (b + 0.6) * (b + 0.6) * if head.which & 1 == 0 { 1.0 } else { -1.0 };
        let x = a + lean * 0.5;
        let wide = if self.flower == Flower::Lavender { 0.035 } else { 0.060 };
        let leaf = rgb(0.055, 0.15, 0.030);
        let lamp = &place.lamp;
        let light = |turn: f32| {
            lamp.ambient
                + lamp.direct * saturate(0.35 + 0.5 * turn * lamp.sun.x.signum())
                + lamp.direct * (0.25 * saturate(-lamp.sun.z))
        };
        seen.lay(leaf * light(x / wide) * 1.2, saturate(0.5 - (x.abs() - wide) / soft));
        for side in [-1.0, 1.0] {
            let (dx, dy) = (x * side, b + 2.35 + 0.25 * side);
            let along = dx * 0.55 + dy * 0.835;
            let across = dy * 0.55 - dx * 0.835 + 0.22 * along * along;
            let t = along / 1.55;
            if t <= 0.0 || t >= 1.0 {
                continue;
            }
            let half = 0.24 * smoothstep(-0.2, 0.4, t) * (1.0 - t * t);
            let vein = 0.85 + 0.3 * fractal(across * 22.0, along * 2.0, 2, self.seed);
            let fold = if across > 0.0 { 1.0 } else { -0.5 };
            let ink = leaf * light(fold * side) * (vein * mix(0.7, 1.35, t));
            seen.lay(ink, saturate(0.5 - (across.abs() - half) / soft));
        }
    }

    /// The branch that carries cherry blossom, and buds' stalks.
    fn bough(&self, seen: &mut Touch, place: &Place, v: f32) {
        let shift = 0.22 * (0.30 * sin(place.orbit) + 0.10 * (place.progress - 0.3));
        let u = place.u - shift;
        let middle = branch(u, self.seed);
        let bark = fractal(u * 26.0, v * 40.0, 4, self.seed ^ 8);
        let half = 0.017 + 0.011 * saturate(0.5 - u * 0.5) + 0.004 * bark;
        for (center, half) in
            [(middle, half), (twig(u, self.seed), half * (0.55 - 0.7 * saturate(u + 0.22)))]
        {
            let across = (v - center) / half;
            let light = place.lamp.ambient
                + place.lamp.direct * saturate(0.30 + 0.5 * across * place.lamp.sun.y);
            let ink = rgb(0.085, 0.046, 0.036) * (1.0 + 0.9 * bark);
            seen.lay(
                ink * light,
                saturate(0.5 - (v - center).abs() / place.pixel + half / place.pixel),
            );
        }
    }

    /// Lily pads on the water.
    fn pads(&self, seen: &mut Touch, place: &Place, v: f32) {
        for number in 0..16 {
            let roll = hash(number, 3, self.seed ^ 0xA9AD);
            let depth = byte(roll, 8);
            let y = WATER - 0.06 - 0.60 * depth;
            let radius = mix(0.045, 0.24, depth);
            let x = (byte(roll, 16) - 0.5) * 2.2 + 0.2 * sin(place.orbit) * (0.3 + depth);
            let (dx, dy) = ((place.u - x) / radius, (v - y) / (radius * mix(0.16, 0.36, depth)));
            let away = (dx * dx + dy * dy).sqrt();
            let notch = dx.abs() * 3.0 < -dy;
            if away > 1.05 || notch {
                continue;
            }
            let angle = crate::engine::math::atan2(dy, dx);
            let vein = squared(0.5 + 0.5 * cos(angle * 11.0), 2) * 0.35 * away;
            let ink = rgb(0.05, 0.145, 0.045) * (0.75 + vein + 0.35 * smoothstep(0.9, 1.0, away));
            let light = place.lamp.ambient + place.lamp.direct * 0.55;
            seen.lay(ink * light, saturate((1.0 - away) * radius / place.pixel * 0.3));
        }
    }
}

/// Height of the branch at `u`.
fn branch(u: f32, seed: u32) -> f32 {
    0.46 + 0.20 * u + 0.05 * sin(u * 2.6 + byte(seed, 3) * 6.0) + 0.02 * sin(u * 7.0)
}

fn twig(u: f32, seed: u32) -> f32 {
    let along = u + 0.22;
    if !(0.0..0.55).contains(&along) {
        return -9.0;
    }
    branch(u, seed) + along * (0.55 - 0.5 * along) + 0.012 * sin(u * 23.0)
}

/// Drops of dew: each bends the light to its far side and carries a glint.
fn dew(touch: &mut Touch, x: f32, y: f32, soft: f32, sun: Vec3, seed: u32) {
    let (px, py) = (x * 8.5, y * 8.5);
    let (cell_x, cell_y) = (floor(px), floor(py));
    let roll = hash(cell_x as i32, cell_y as i32, seed ^ 0xDE3);
    if roll & 7 > 1 {
        return;
    }
    let radius = mix(0.10, 0.30, squared(byte(roll, 24), 1));
    let dx = (px - cell_x - 0.35 - 0.3 * byte(roll, 8)) / radius;
    let dy = (py - cell_y - 0.35 - 0.3 * byte(roll, 16)) / radius;
    let away = (dx * dx + dy * dy).sqrt();
    if away > 1.25 {
        return;
    }
    let edge = saturate((1.0 - away) * radius / (8.5 * soft) + 0.5);
    let shadow = smoothstep(
        1.25,
        0.95,
        ((dx + sun.x * 0.2) * (dx + sun.x * 0.2) + (dy + 0.2) * (dy + 0.2)).sqrt(),
    );
    let facing = dx * sun.x + dy * sun.y;
    let bent = 0.80 - 0.65 * facing * away;
    let (gx, gy) = (dx - 0.42 * sun.x, dy - 0.5);
    let glint = smoothstep(0.045, 0.01, gx * gx + gy * gy) * touch.cover;
    let inside = touch.color * bent + gray(0.05 * squared(away, 2) + 0.95 * glint) * touch.cover;
    touch.color = (touch.color * (1.0 - 0.35 * shadow)).mix(inside, edge);
}
