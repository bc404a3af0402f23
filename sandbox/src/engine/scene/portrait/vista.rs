//! The layered land behind a silhouette or inside it, cut from paper and hung in mist.

use super::hues::Hues;
use crate::engine::math::{exp, floor, larger, mix, saturate, smaller, smoothstep};
use crate::engine::noise::{byte, fractal, hash, random};
use crate::engine::prompt::Subject;
use crate::engine::scene::space::Heavens;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Number of layers of land.
pub(super) const LAYERS: usize = 5;

/// A view of sky, disc and layers; lengths are in units of the picture's height.
pub(super) struct Vista {
    pub(super) hues: Hues,
    pub(super) land: Subject,
    pub(super) seed: u32,
    /// Centre and radius of the disc of sun or moon.
    pub(super) disc: (f32, f32, f32),
    /// Whether the disc has a moon's face and stars shine.
    pub(super) night: bool,
    /// Height to which the farthest layer reaches.
    pub(super) height: f32,
    /// The gas and stars that were named; they take the place of disc and sky.
    pub(super) heavens: Option<Heavens>,
}

/// What one vertical line of a vista needs: the upper edge of each layer.
pub(super) struct Ridges([f32; LAYERS]);

/// A point of a vista.
pub(super) struct Seen {
    pub(super) color: Color,
    /// Layer of land, counted from the farthest; none in the sky.
    pub(super) layer: Option<usize>,
}

impl Vista {
    /// The edges of the layers at `u`; `slide` is how far a layer at depth 1 is moved aside.
    pub(super) fn ridges(&self, u: f32, slide: f32) -> Ridges {
        let mut edges = [-1.0; LAYERS];
        if self.land != Subject::Space {
            for (layer, edge) in edges.iter_mut().enumerate() {
                let near = layer as f32 / (LAYERS - 1) as f32;
                let along = u + slide * mix(0.15, 1.0, near);
                *edge = self.height * (1.0 - 0.84 * near) + self.relief(along, layer, near);
            }
        }
        Ridges(edges)
    }

    /// How much the edge of a layer rises above its mean.
    fn relief(&self, u: f32, layer: usize, near: f32) -> f32 {
        let seed = self.seed ^ (0x51 + layer as u32 * 77);
        let roll = fractal(u * 1.3, layer as f32 * 3.7, 3, seed);
        let size = mix(0.6, 1.15, near);
        match self.land {
            Subject::Mountains | Subject::Lake if layer < 4 => {
                let ridge = 1.0 - 1.7 * fractal(u * 1.9, layer as f32 * 5.1, 6, seed ^ 9).abs();
                0.22 * (ridge - 0.62) * mix(1.0, 0.45, near)
            }
            Subject::City => {
                let house = |pitch: f32, salt: u32| {
                    let cell = floor(u * pitch);
                    let roll = hash(cell as i32, layer as i32, seed ^ salt);
                    let gable = (u * pitch - cell - 0.5).abs();
                    let spire = if roll & 15 == 0 && gable < 0.05 { 0.05 } else { 0.0 };
                    byte(roll, 8) * byte(roll, 16) * 0.20 + spire
                };
                larger(house(20.0 / size, 1), house(11.0 / size, 2)) * size - 0.03
            }
            Subject::Sea => 0.006 * roll - 0.35 * self.height * (1.0 - near),
            Subject::Desert => 0.16 * roll * size,
            _ => 0.10 * roll + trees(u, size, seed) * 0.9,
        }
    }

    /// Colour at (`u`, `v`), `v` up from the lower edge; `pixel` is the size of a pixel.
    pub(super) fn at(&self, ridges: &Ridges, u: f32, v: f32, pixel: f32, time: f32) -> Seen {
        let mut seen = Seen { color: self.sky(u, v, time), layer: None };
        for (layer, edge) in ridges.0.iter().enumerate() {
            let cover = saturate((edge - v) / pixel + 0.5);
            if cover > 0.0 {
                let color = self.land(layer, edge - v, u, v, time);
                seen.color = seen.color.mix(color, cover);
                if cover > 0.5 {
                    seen.layer = Some(layer);
                }
            }
        }
        seen
    }

    fn land(&self, layer: usize, depth: f32, u: f32, v: f32, time: f32) -> Color {
        let hues = &self.hues;
        let near = layer as f32 / (LAYERS - 1) as f32;
        let ink = hues.far.mix(hues.near, near.sqrt());
        // Mist gathers at the foot of each layer and lies deeper the farther it is.
        let mist = hues.low.mix(hues.far, 0.45);
        let drift = fractal(u * 2.2 + time * 0.03, v * 7.0 + layer as f32, 3, self.seed ^ 5);
        let veil = smoothstep(0.02, 0.30, depth) * (0.58 - 0.50 * near) * (1.0 + 0.7 * drift);
        let grain = 1.0 + 0.05 * fractal(u * 60.0, v * 60.0, 2, self.seed ^ 6);
        let mut color = ink.mix(mist, saturate(veil)) * grain;
        if self.land == Subject::Sea {
            // The disc's light lies broken on the water.
            let (x, _, radius) = self.disc;
            let wave = fractal(u * 9.0, v * 120.0 + time * 1.4, 3, self.seed ^ 7);
            let path = exp(-((u - x) / (radius * 1.1)) * ((u - x) / (radius * 1.1)));
            color += hues.disc * (path * smoothstep(0.02, 0.35, wave) * 0.55);
        } else if self.land == Subject::City && near > 0.2 {
            color += windows(u, v, layer, self.seed) * (0.15 + 0.5 * near);
        }
        color
    }

    fn sky(&self, u: f32, v: f32, time: f32) -> Color {
        if let Some(heavens) = &self.heavens {
            return heavens.point(0.5 + 0.9 * u, 1.0 - 0.9 * v + time * 0.0006, 5);
        }
        let hues = &self.hues;
        let rise = smoothstep(self.height * 0.5, 1.1, v);
        let mut color = hues.low.mix(hues.high, rise);
        let (x, y, radius) = self.disc;
        let away = ((u - x) * (u - x) + (v - y) * (v - y)).sqrt() / radius;
        color += hues.disc * (0.30 * exp(-larger(away - 1.0, 0.0) * 1.7));
        if self.land == Subject::Space {
            let gas = fractal(u * 2.4, v * 2.4, 5, self.seed ^ 21);
            let warp = fractal(u * 1.7 + gas, v * 1.7 - gas, 4, self.seed ^ 22);
            color = color * 0.6
                + hues.rim * (0.5 * squared_positive(0.3 + warp))
                + hues.far * (0.8 * squared_positive(0.3 + gas));
        }
        if self.night || self.land == Subject::Space {
            color += gray(stars(u, v, self.seed, time) * (1.0 - 0.5 * smoothstep(1.5, 1.0, away)));
        }
        let streak = fractal(u * 1.2 - time * 0.012, v * 5.5, 5, self.seed ^ 8);
        color = color.mix(hues.low, 0.32 * smoothstep(0.08, 0.5, streak) * (1.0 - 0.5 * rise));
        let disc = smoothstep(1.004, 0.996, away);
        if disc > 0.0 {
            let mut face = hues.disc * mix(1.0, 0.90, away * away);
            if self.night {
                let seas = fractal((u - x) / radius * 1.6, (v - y) / radius * 1.6, 5, 3);
                face = face * (1.0 - 0.42 * smoothstep(0.0, 0.3, seas));
            }
            color = color.mix(face, disc);
        }
        color
    }
}

impl Seen {
    /// The way the seen surface faces: paper hangs upright.
    pub(super) fn normal(&self) -> Vec3 {
        vec3(0.0, 0.0, 1.0)
    }

    pub(super) fn distance(&self) -> f32 {
        self.layer.map_or(f32::INFINITY, |layer| 14.0 - 2.2 * layer as f32)
    }
}

fn squared_positive(x: f32) -> f32 {
    let held = saturate(x);
    held * held
}

/// The edge of a row of firs.
fn trees(u: f32, size: f32, seed: u32) -> f32 {
    let pitch = 24.0 / size;
    let position = u * pitch;
    let cell = floor(position);
    let mut top = 0.0;
    for offset in [-1.0, 0.0, 1.0] {
        let roll = hash((cell + offset) as i32, 5, seed);
        let height = (0.05 + 0.085 * byte(roll, 8)) * size;
        let away = (position - cell - offset - 0.2 - 0.6 * byte(roll, 16)).abs() / pitch;
        // Branches step out tier by tier.
        let tier = away * 230.0 / size;
        let jag = (tier - floor(tier)) * 0.016 * size;
        top = larger(top, smaller(height - away * 4.6 + jag - 0.008, height));
    }
    top
}

fn windows(u: f32, v: f32, layer: usize, seed: u32) -> Color {
    let (x, y) = (u * 150.0, v * 110.0);
    let (a, b) = (floor(x), floor(y));
    let lit = random(a as i32, b as i32, seed ^ (31 + layer as u32)) > 0.82;
    let inside = x - a > 0.35 && y - b > 0.4;
    if lit && inside { rgb(1.0, 0.66, 0.28) } else { gray(0.0) }
}

fn stars(u: f32, v: f32, seed: u32, time: f32) -> f32 {
    let (x, y) = (u * 70.0, v * 70.0);
    let (a, b) = (floor(x), floor(y));
    let roll = hash(a as i32, b as i32, seed ^ 0x57A2);
    if roll & 15 > 1 {
        return 0.0;
    }
    let (dx, dy) = (x - a - 0.2 - 0.6 * byte(roll, 8), y - b - 0.2 - 0.6 * byte(roll, 16));
    let beat = 0.8 + 0.2 * crate::engine::math::sin(time * 2.0 + byte(roll, 4) * 6.0);
    smoothstep(0.012 + 0.03 * byte(roll, 24), 0.0, dx * dx + dy * dy)
        * (0.3 + byte(roll, 24))
        * beat
}
