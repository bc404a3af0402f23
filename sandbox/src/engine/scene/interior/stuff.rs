//! What things in a room are made of.

use crate::engine::math::{floor, fract, larger, mix, saturate, sin, smaller, smoothstep};
use crate::engine::noise::{byte, fractal, gradient, hash};
use crate::engine::vector::{Color, Vec3, gray, rgb};

/// A kind of surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stuff {
    Paint(Color),
    Wood(Color),
    Cloth(Color),
    Metal(Color),
    Stone,
    Brick,
    Planks(Color),
    Tiles,
    Marble,
    /// Wallpaper in two tones.
    Paper(Color),
    Plaster(Color),
    Rug(Color),
    /// A row of books; the number tells which ones.
    Books(u32),
    /// A framed picture with a number of its own.
    Picture(u32),
    Leaf,
    Pot,
    /// A lamp shade, lit from within.
    Shade,
    Flame,
    Embers,
}

/// A surface at one point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skin {
    pub(super) albedo: Color,
    pub(super) glow: Color,
    pub(super) roughness: f32,
    pub(super) metallic: f32,
}

impl Stuff {
    /// The surface at a point of a body: `p` is measured from the body's middle or, on walls and
    /// floors, from the room's; `size` is the width of a pixel there.
    pub(super) fn skin(self, p: Vec3, normal: Vec3, size: f32, lamps: f32, time: f32) -> Skin {
        let matt = |albedo: Color, roughness: f32| Skin {
            albedo,
            glow: gray(0.0),
            roughness,
            metallic: 0.0,
        };
        // Along and up on upright faces, across and along on level ones.
        let (u, v) = if normal.y.abs() > 0.7 {
            (p.x, p.z)
        } else if normal.x.abs() > 0.7 {
            (p.z, p.y)
        } else {
            (p.x, p.y)
        };
        match self {
            Stuff::Paint(color) => matt(color, 0.6),
            Stuff::Plaster(color) => {
                let rough = 0.96 + 0.08 * fractal(u * 3.0, v * 3.0, 4, 3);
                matt(color * rough, 0.95)
            }
            Stuff::Wood(color) => matt(color * grain(u, v, 0), 0.45),
            Stuff::Cloth(color) => {
                let fine = saturate(1.0 - size * 260.0);
                let weave = sin(u * 900.0) * sin(v * 900.0) * 0.10 * fine;
                let worn = 0.08 * fractal(u * 9.0, v * 9.0, 3, 8);
                matt(color * (1.0 + weave + worn), 0.95)
            }
            Stuff::Metal(color) => Skin { metallic: 1.0, ..matt(color, 0.3) },
            Stuff::Stone => {
                let vein = fractal(u * 3.0, v * 3.0, 5, 12);
                matt(rgb(0.42, 0.40, 0.37) * (0.9 + 0.35 * vein), 0.7)
            }
            Stuff::Brick => matt(brick(u, v, size), 0.9),
            Stuff::Planks(color) => matt(planks(color, u, v, size), 0.30),
            Stuff::Tiles => {
                let (cell_x, cell_z) = (floor(u * 2.0), floor(v * 2.0));
                let dark = (cell_x + cell_z) as i32 & 1 == 0;
                let joint = joint(u * 2.0, size * 2.0, 0.014) * joint(v * 2.0, size * 2.0, 0.014);
                let stain = 0.95 + 0.12 * fractal(u * 4.0, v * 4.0, 4, 15);
                let tone = if dark { rgb(0.20, 0.21, 0.22) } else { rgb(0.66, 0.63, 0.58) };
                matt(gray(0.3).mix(tone * stain, joint), 0.18)
            }
            Stuff::Marble => {
                let fold = fractal(u * 0.8, v * 0.8, 4, 18);
                let vein = smoothstep(0.09, 0.0, (fractal(u * 0.7 + fold, v * 0.7, 5, 19)).abs());
                let (cell_x, cell_z) = (floor(u * 0.5), floor(v * 0.5));
                let dark = (cell_x + cell_z) as i32 & 1 == 0;
                let tone = if dark { rgb(0.16, 0.13, 0.12) } else { rgb(0.62, 0.58, 0.51) };
                let seam = joint(u * 0.5, size, 0.006) * joint(v * 0.5, size, 0.006);
                matt(tone.mix(tone * 0.62, vein * 0.7) * mix(0.6, 1.0, seam), 0.12)
            }
            Stuff::Paper(color) => {
                let stripe = smoothstep(-0.2, 0.2, sin(u * 20.0)) * saturate(1.0 - size * 20.0);
                let (a, b) = (fract(u * 3.18) - 0.5, fract(v * 3.18) - 0.5);
                let dot = smoothstep(0.16, 0.12, (a * a + b * b).sqrt());
                matt(color * (1.0 - 0.07 * stripe + 0.10 * dot * saturate(1.0 - size * 40.0)), 0.9)
            }
            Stuff::Rug(color) => {
                let rings = larger(p.x.abs() / 1.45, p.z.abs() / 1.0);
                let step = floor(rings * 9.0) as i32;
                let zigzag = fract(p.x * 5.0 + (p.z * 5.0 - floor(p.z * 5.0) - 0.5).abs() * 2.0);
                let light = (step & 1 == 0) ^ (zigzag > 0.5 && step % 3 == 1);
                let tone = if light { color } else { color.mix(rgb(0.70, 0.62, 0.50), 0.62) };
                let pile =
                    0.85 + 0.3 * gradient(u * 90.0, v * 90.0, 4) * saturate(1.0 - size * 90.0);
                matt(tone * pile, 1.0)
            }
            // Books stand along their shelf, however that is turned.
            Stuff::Books(row) if normal.y < 0.7 => matt(books(p.x, p.y, row), 0.8),
            Stuff::Books(_) => matt(rgb(0.30, 0.26, 0.20), 0.9),
            Stuff::Picture(number) => matt(picture(u, v, number), 0.5),
            Stuff::Leaf => {
                let shade = 0.75 + 0.5 * gradient(p.x * 22.0, p.y * 22.0 + p.z * 13.0, 4);
                matt(rgb(0.045, 0.13, 0.035) * shade, 0.6)
            }
            Stuff::Pot => matt(rgb(0.48, 0.24, 0.14), 0.7),
            Stuff::Shade => {
                let low = 0.75 + 0.4 * smoothstep(0.15, -0.12, p.y);
                let glow = rgb(2.1, 1.30, 0.62) * (lamps * low);
                Skin { glow, ..matt(rgb(0.80, 0.72, 0.58), 0.9) }
            }
            Stuff::Flame => {
                let lick = fractal(p.x * 9.0, p.y * 5.0 - time * 3.2, 3, 6);
                let heat = saturate(0.75 + lick - (p.y + 0.2) * 1.3);
                let hue = rgb(2.6, 0.50, 0.06).mix(rgb(3.4, 2.2, 0.8), heat * heat);
                Skin { glow: hue * (0.35 + heat), ..matt(gray(0.02), 1.0) }
            }
            Stuff::Embers => {
                let crack = fractal(p.x * 12.0, p.z * 12.0 + p.y * 9.0, 3, 7);
                let heat = saturate(crack * 1.8 + 0.15 * sin(time * 2.0 + p.x * 8.0));
                Skin { glow: rgb(2.2, 0.5, 0.08) * heat, ..matt(rgb(0.05, 0.035, 0.03), 1.0) }
            }
        }
    }
}

fn joint(at: f32, size: f32, half: f32) -> f32 {
    let off = (fract(at) - 0.5).abs() - 0.5 + half;
    let soft = larger(size, 0.002);
    1.0 - saturate(off / soft + 0.5) * smaller(1.0, half * 2.0 / soft)
}

fn grain(u: f32, v: f32, number: u32) -> f32 {
    let rings = fractal(u * 1.1, v * 9.0, 4, 31 + number);
    let pores = fractal(u * 5.0, v * 60.0, 2, 37 + number);
    0.88 + 0.34 * rings + 0.12 * pores
}

fn planks(color: Color, u: f32, v: f32, size: f32) -> Color {
    let row = floor(u * 6.2);
    let id = hash(row as i32, 0, 51);
    let along = v * 0.55 + byte(id, 0) * 7.0;
    let own = hash(row as i32, floor(along) as i32, 52);
    let tone = 0.78 + 0.42 * byte(own, 8);
    let gap = joint(u * 6.2, size * 6.2, 0.018) * joint(along, size * 0.55, 0.0025);
    let hue = color.mix(color * rgb(1.15, 0.92, 0.75), byte(own, 16));
    hue * (tone * grain(v + byte(own, 24) * 9.0, u, own & 7) * mix(0.35, 1.0, gap))
}

fn brick(u: f32, v: f32, size: f32) -> Color {
    let row = floor(v * 13.0);
    let at = u * 4.2 + if row as i32 & 1 == 0 { 0.5 } else { 0.0 };
    let own = hash(floor(at) as i32, row as i32, 55);
    let mortar = joint(at, size * 4.2, 0.025) * joint(v * 13.0, size * 13.0, 0.06);
    let clay = rgb(0.36, 0.18, 0.125).mix(rgb(0.48, 0.29, 0.21), byte(own, 0));
    let rough = 0.82 + 0.4 * fractal(u * 14.0, v * 14.0, 3, 56);
    rgb(0.45, 0.41, 0.37).mix(clay * (rough * (0.75 + 0.4 * byte(own, 8))), mortar)
}

/// Spines of different width, height and colour; `v` runs up from the middle of the row.
fn books(u: f32, v: f32, row: u32) -> Color {
    let at = u * 24.0 + 0.6 * gradient(u * 5.0, 0.0, row ^ 61);
    let own = hash(floor(at) as i32, 3, row ^ 62);
    let spine = match own >> 4 & 7 {
        0 => rgb(0.36, 0.05, 0.04),
        1 => rgb(0.05, 0.12, 0.22),
        2 => rgb(0.08, 0.18, 0.09),
        3 => rgb(0.44, 0.30, 0.12),
        4 => rgb(0.52, 0.46, 0.36),
        5 => rgb(0.14, 0.08, 0.05),
        6 => rgb(0.30, 0.14, 0.06),
        _ => rgb(0.12, 0.12, 0.14),
    };
    let top = 0.02 + 0.12 * byte(own, 8);
    if v > top {
        return rgb(0.02, 0.015, 0.012);
    }
    let inside = fract(at);
    let round = 0.35 + 0.65 * smoothstep(0.0, 0.25, inside) * smoothstep(1.0, 0.75, inside);
    let band = smoothstep(0.012, 0.006, (v - top + 0.05).abs())
        + smoothstep(0.010, 0.004, (v + 0.09).abs());
    spine.mix(rgb(0.55, 0.42, 0.18), saturate(band) * 0.7) * round
}

/// A small landscape or some shapes, in a mount.
fn picture(u: f32, v: f32, number: u32) -> Color {
    let (x, y) = (u * 2.6, v * 2.6);
    if number & 1 == 0 {
        let edge = 0.25 * fractal(x * 1.2 + number as f32, 0.0, 4, number);
        let far = 0.18 + 0.3 * fractal(x * 0.7, 5.0, 3, number ^ 3);
        let sky = rgb(0.70, 0.62, 0.50).mix(rgb(0.24, 0.38, 0.52), saturate(y * 1.1 + 0.4));
        let hills = sky.mix(rgb(0.20, 0.28, 0.34), smoothstep(far + 0.02, far - 0.02, y));
        hills.mix(rgb(0.10, 0.14, 0.09), smoothstep(edge - 0.08, edge - 0.12, y))
    } else {
        let disc = smoothstep(0.42, 0.40, ((x - 0.1) * (x - 0.1) + (y - 0.15) * (y - 0.15)).sqrt());
        let bar = smoothstep(0.10, 0.09, (y + 0.35 + x * 0.2).abs());
        let ground = rgb(0.66, 0.60, 0.50);
        let warm = ground.mix(rgb(0.55, 0.17, 0.09), disc);
        warm.mix(rgb(0.06, 0.10, 0.16), bar)
    }
}
