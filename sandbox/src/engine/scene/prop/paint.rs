//! What surfaces are made of: masonry, planks, tiles, glass.

use crate::engine::math::{floor, fract, mix, saturate, smoothstep};
use crate::engine::noise::{byte, fractal, gradient, hash};
use crate::engine::prompt::{Composition, Light};
use crate::engine::vector::{Color, Vec3, gray, rgb};

/// The surface at one point of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    /// Colour in white light.
    pub(super) albedo: Color,
    pub(super) roughness: f32,
    pub(super) metallic: f32,
    /// Light of its own.
    pub(super) glow: Color,
    /// Share of light from behind that comes through, as with cloth.
    pub(super) through: f32,
}

impl Paint {
    /// A surface that scatters light and nothing else.
    pub(super) fn matt(albedo: Color) -> Paint {
        Paint { albedo, roughness: 0.9, metallic: 0.0, glow: gray(0.0), through: 0.0 }
    }

    pub(super) fn rough(self, roughness: f32) -> Paint {
        Paint { roughness, ..self }
    }

    /// Another surface where `share` is 1.
    pub(super) fn mix(self, other: Paint, share: f32) -> Paint {
        Paint {
            albedo: self.albedo.mix(other.albedo, share),
            roughness: mix(self.roughness, other.roughness, share),
            metallic: mix(self.metallic, other.metallic, share),
            glow: self.glow.mix(other.glow, share),
            through: mix(self.through, other.through, share),
        }
    }
}

/// What objects take from the prompt for their surfaces.
#[derive(Clone, Debug)]
pub(super) struct Palette {
    /// Strength of lamps behind windows, 0 to 1.
    pub(super) lamps: f32,
    pub(super) snow: bool,
    pub(super) colors: Vec<Color>,
    pub(super) seed: u32,
}

impl Palette {
    pub(super) fn new(composition: &Composition) -> Palette {
        let lamps = match composition.light {
            Light::Day => 0.0,
            Light::Dawn => 0.35,
            Light::Sunset => 0.9,
            Light::Storm => 0.7,
            Light::Night | Light::Neon => 1.0,
        };
        Palette {
            lamps,
            snow: composition.snow,
            colors: composition.paints.clone(),
            seed: composition.variation,
        }
    }

    /// The named colour of that number, or else the given one.
    pub(super) fn color(&self, number: usize, otherwise: Color) -> Color {
        let count = self.colors.len().max(1);
        self.colors.get(number % count).map_or(otherwise, |color| *color * 0.8 + gray(0.01))
    }

    /// Snow on what faces the sky.
    pub(super) fn weathered(&self, paint: Paint, at: Vec3, normal: Vec3) -> Paint {
        if !self.snow {
            return paint;
        }
        let ragged = 0.10 * gradient(at.x * 3.0, at.z * 3.0 + at.y, self.seed);
        paint.mix(Paint::matt(rgb(0.82, 0.86, 0.93)), smoothstep(0.34, 0.52, normal.y + ragged))
    }

    /// A window pane with a lamp behind it; `id` tells one window from another.
    pub(super) fn pane(&self, id: u32) -> Paint {
        let lit = byte(id, 8) < 0.72;
        let warm = rgb(1.5, 0.86, 0.34).mix(rgb(1.4, 1.0, 0.58), byte(id, 16));
        let strength = if lit { self.lamps * mix(0.6, 1.25, byte(id, 0)) } else { 0.0 };
        Paint {
            albedo: rgb(0.018, 0.022, 0.028),
            roughness: 0.08,
            glow: warm * strength,
            ..Paint::matt(gray(0.0))
        }
    }
}

/// Coursed masonry at `along` and `up` on a wall, in blocks `length` long and `height` high.
/// `pixel` is the size of a picture's point there.
pub(super) fn masonry(
    stone: Color,
    along: f32,
    up: f32,
    (length, height): (f32, f32),
    pixel: f32,
    seed: u32,
) -> Paint {
    let course = floor(up / height);
    let shift = 0.5 * byte(hash(course as i32, 1, seed), 0) + 0.5 * fract(course * 0.5);
    let (u, v) = (along / length + shift, up / height);
    let block = hash(floor(u) as i32, course as i32, seed);
    let near = 1.0 - smoothstep(0.25, 0.8, pixel / height);
    let edge = |x: f32, size: f32| {
        let x = fract(x);
        let wide = 0.07 * height / size + 0.6 * pixel / size;
        smoothstep(0.0, wide, x) * smoothstep(1.0, 1.0 - wide, x)
    };
    let joint = mix(1.0, mix(0.52, 1.0, edge(u, length) * edge(v, height)), near);
    let tone = 1.0 + (byte(block, 0) - 0.5) * 0.34 * near;
    let warm = rgb(1.08, 1.0, 0.90).mix(rgb(0.93, 0.98, 1.05), byte(block, 8));
    // Rain leaves streaks that are taller than wide.
    let streaks = fractal(along * 0.9 / length, up * 0.12 / height, 3, seed ^ 5);
    let grain = gradient(along * 5.0 / length, up * 5.0 / height, seed ^ 9) * near;
    Paint::matt(
        stone * gray(1.0).mix(warm, near) * (tone * joint * (1.0 + 0.32 * streaks + 0.10 * grain)),
    )
}

/// Rows of tiles or shingles: `along` the eaves, `up` the slope.
pub(super) fn tiles(color: Color, along: f32, up: f32, size: f32, pixel: f32, seed: u32) -> Paint {
    let row = floor(up / size);
    let column = floor(along / size + 0.5 * fract(row * 0.5) * 2.0);
    let tile = hash(column as i32, row as i32, seed);
    let near = 1.0 - smoothstep(0.3, 0.9, pixel / size);
    let lap = mix(1.0, 0.58 + 0.5 * smoothstep(0.0, 0.4, fract(up / size)), near);
    let tone = 1.0 + (byte(tile, 0) - 0.5) * 0.40 * near;
    let age = 1.0 + 0.30 * fractal(along * 0.4 / size, up * 0.25 / size, 3, seed ^ 3);
    Paint::matt(color * (lap * tone * age)).rough(0.75)
}

/// Boards `width` wide side by side across `across`, with grain along `along`.
pub(super) fn planks(
    wood: Color,
    along: f32,
    across: f32,
    width: f32,
    pixel: f32,
    seed: u32,
) -> Paint {
    let board = hash(floor(across / width) as i32, 3, seed);
    let near = 1.0 - smoothstep(0.3, 0.9, pixel / width);
    let edge = fract(across / width);
    let gap = smoothstep(0.0, 0.10, edge) * smoothstep(1.0, 0.90, edge);
    let grain = gradient(along * 0.8 / width, across * 9.0 / width, seed ^ 7);
    let tone = 1.0 + near * ((byte(board, 0) - 0.5) * 0.4 + 0.16 * grain);
    Paint::matt(wood * (tone * mix(1.0, mix(0.45, 1.0, gap), near))).rough(0.8)
}

/// Share of a point that lies in an opening with a round head, `half` wide, from `bottom` to the
/// top of its arch.
pub(super) fn opening(across: f32, up: f32, half: f32, bottom: f32, top: f32, pixel: f32) -> f32 {
    let spring = top - half;
    let side = if up > spring { super::solid::length(across, up - spring) } else { across.abs() };
    saturate(0.5 + (half - side) / pixel) * saturate(0.5 + (up - bottom) / pixel)
}
