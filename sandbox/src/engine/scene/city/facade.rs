//! Walls, panes, roofs and the lamps behind windows.

use super::plan::{GROUND, Plan};
use super::solid::{Part, Touch};
use super::tower::{Cladding, STOREY, Tower};
use crate::engine::math::{
    exp, floor, fract, larger, mix, saturate, sin, smaller, smoothstep, squared,
};
use crate::engine::noise::{byte, fractal, gradient, hash, random};
use crate::engine::prompt::Light;
use crate::engine::scene::atmosphere::Atmosphere;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// What a visible point of a city is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surface {
    pub(super) albedo: Color,
    /// Light that it sends by itself.
    pub(super) glow: Color,
    pub(super) roughness: f32,
    pub(super) metallic: f32,
    /// Share of the sky that it mirrors.
    pub(super) gloss: f32,
    /// By how much a pane's mirror image is turned.
    pub(super) tilt: f32,
}

impl Surface {
    pub(super) fn matt(albedo: Color) -> Surface {
        let glow = gray(0.0);
        Surface { albedo, glow, roughness: 0.9, metallic: 0.0, gloss: 0.0, tilt: 0.0 }
    }
}

/// How the town's lamps are switched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evening {
    pub(super) light: Light,
    /// Share of windows with a lamp on.
    pub(super) lit: f32,
    /// Strength of street lamps and signs.
    pub(super) lamps: f32,
    /// Colours that the prompt asks for, for signs and strips.
    pub(super) accents: [Color; 4],
    pub(super) snow: bool,
    /// A town of old has lanterns and candles, but no motor cars.
    pub(super) old: bool,
}

impl Evening {
    pub(super) fn new(light: Light, colors: &[Color], snow: bool, old: bool) -> Evening {
        let (lit, lamps) = match light {
            Light::Day => (0.0, 0.0),
            Light::Dawn => (0.10, 0.25),
            Light::Sunset => (0.24, 0.6),
            Light::Storm => (0.24, 0.5),
            Light::Night => (0.26, 0.55),
            Light::Neon => (0.24, 1.0),
        };
        let mut accents =
            [rgb(0.1, 1.2, 2.0), rgb(2.2, 0.2, 1.1), rgb(2.0, 0.85, 0.15), rgb(0.5, 0.45, 2.4)];
        for (number, accent) in accents.iter_mut().enumerate() {
            if let Some(color) = colors.get(number % colors.len().max(1)) {
                *accent = color.saturated(1.2) * 2.2 + gray(0.04);
            }
        }
        Evening { light, lit, lamps, accents, snow, old }
    }

    pub(super) fn accent(&self, id: u32) -> Color {
        let [a, b, c, d] = self.accents;
        match id & 3 {
            0 => a,
            1 => b,
            2 => c,
            _ => d,
        }
    }
}

/// The surface of a building where a ray touched it; `size` is the width of a pixel there.
pub(super) fn surface(
    evening: &Evening,
    tower: &Tower,
    touch: &Touch,
    at: Vec3,
    ray: Vec3,
    size: f32,
    time: f32,
) -> Surface {
    let white = |surface: Surface, up: f32| {
        if evening.snow && up > 0.2 {
            Surface { albedo: surface.albedo.mix(gray(0.82), smoothstep(0.2, 0.6, up)), ..surface }
        } else {
            surface
        }
    };
    match touch.part {
        Part::Wall => wall(evening, tower, touch, at, ray, size, time),
        Part::Roof | Part::Ground => {
            let stain = 0.8 + 0.5 * fractal(at.x * 0.35, at.z * 0.35, 2, tower.id);
            let tone = rgb(0.17, 0.165, 0.16).mix(rgb(0.30, 0.29, 0.27), byte(tower.id, 7));
            white(Surface::matt(tone * stain), touch.normal.y)
        }
        Part::Tile => white(tile(tower, touch, at, size), touch.normal.y),
        Part::Antenna if touch.top - at.y < 0.7 && touch.top > 20.0 => {
            let blink = 0.5 + 0.5 * sin(time * 3.0 + byte(tower.id, 0) * 255.0);
            Surface { glow: rgb(3.0, 0.22, 0.12) * blink, ..Surface::matt(gray(0.05)) }
        }
        Part::Antenna => Surface {
            metallic: 0.5,
            roughness: 0.5,
            ..Surface::matt(if touch.top > 20.0 { gray(0.16) } else { rgb(0.10, 0.07, 0.05) })
        },
        Part::Sign => {
            let own = hash((touch.top * 8.0) as i32, 5, tower.id);
            let flicker = if own & 15 == 0 { 0.7 + 0.3 * sin(time * 23.0) } else { 1.0 };
            // Characters nobody can read: bars within a frame.
            let row = fract(at.y * 1.6);
            let ink = random(floor(at.y * 1.6) as i32, floor(at.z * 5.0 + at.x * 5.0) as i32, own);
            let bars = smoothstep(0.15, 0.25, row) * smoothstep(0.95, 0.85, row);
            let fine = saturate(1.2 - size * 2.4);
            let shape = mix(0.55, 0.25 + 0.9 * bars * smoothstep(0.3, 0.5, ink), fine);
            let strength = 0.15 + evening.lamps;
            let glow = evening.accent(own >> 3) * (shape * flicker * strength);
            Surface { glow, ..Surface::matt(rgb(0.08, 0.08, 0.10)) }
        }
        Part::Leaf => {
            let clump = fractal(at.x * 1.9 + at.y, at.z * 1.9 - at.y, 3, tower.id);
            let green = rgb(0.035, 0.085, 0.022).mix(rgb(0.10, 0.16, 0.035), byte(tower.id, 6));
            white(Surface::matt(green * (0.75 + 1.1 * clump)), touch.normal.y)
        }
        Part::Quay => {
            let stone = 0.8 + 0.4 * gradient(at.x * 0.8 + at.z * 0.8, at.y * 2.5, 5);
            Surface::matt(rgb(0.20, 0.19, 0.18) * stone)
        }
    }
}

fn tile(tower: &Tower, touch: &Touch, at: Vec3, size: f32) -> Surface {
    let clay = match (tower.cladding, tower.id >> 11 & 3) {
        (Cladding::Plaster, 0..=2) => rgb(0.36, 0.13, 0.07) * (0.75 + 0.6 * byte(tower.id, 21)),
        (Cladding::Plaster, _) => rgb(0.20, 0.13, 0.10),
        (_, 0) => rgb(0.30, 0.27, 0.22),
        (_, 1) => rgb(0.16, 0.30, 0.26),
        (_, _) => rgb(0.14, 0.15, 0.17),
    };
    let rows = 0.82 + 0.18 * mix(fract(at.y * 2.2), 0.5, saturate(size * 3.0));
    let worn = 0.85 + 0.4 * fractal(touch.along * 0.6, at.y * 0.6, 2, tower.id);
    Surface { roughness: 0.8, gloss: 0.03, ..Surface::matt(clay * (rows * worn)) }
}

/// Measures of a window grid: width of a window cell, frames as shares of it.
struct Grid {
    width: f32,
    side: f32,
    sill: f32,
    lintel: f32,
}

fn grid(cladding: Cladding, id: u32) -> Grid {
    let vary = byte(id, 3);
    let (width, side, sill, lintel) = match cladding {
        Cladding::Masonry => (0.52 + 0.28 * vary, 0.24, 0.26, 0.16),
        Cladding::Ribbon => (1.05 + 0.7 * vary, 0.03, 0.34, 0.10),
        Cladding::Piers => (0.55 + 0.25 * vary, 0.27, 0.12, 0.05),
        Cladding::Glass => (0.62 + 0.35 * vary, 0.035, 0.07, 0.03),
        Cladding::Plaster => (0.95 + 0.4 * vary, 0.31, 0.30, 0.22),
    };
    Grid { width, side, sill, lintel }
}

fn wall(
    evening: &Evening,
    tower: &Tower,
    touch: &Touch,
    at: Vec3,
    ray: Vec3,
    size: f32,
    time: f32,
) -> Surface {
    let (id, n) = (tower.id, touch.normal);
    let vary = byte(id, 3);
    let stone = stone(tower.cladding, id);
    let grid = grid(tower.cladding, id);
    // The footprint of a pixel on the wall, in windows and in storeys.
    let sideways = size / larger(ray.dot(n).abs(), 0.08);
    let upright = size / larger(1.0 - ray.y * ray.y, 0.05).sqrt();
    let (column, storey) = (touch.along / grid.width, (at.y - GROUND) / STOREY);
    let (foot_x, foot_y) = (sideways / grid.width, upright / STOREY);
    let across = pulse(column, grid.side, 1.0 - grid.side, foot_x);
    let up = pulse(storey, grid.sill, 1.0 - grid.lintel, foot_y);
    // A storey for machines now and then, and a lobby.
    let floor_number = floor(storey);
    let blind = if hash(floor_number as i32 / 2, 9, id).is_multiple_of(13) { 0.25 } else { 1.0 };
    let pane = across * up * mix(blind, 1.0, saturate(foot_y));
    let (which, level) = (floor(column) as i32, floor_number as i32);
    let own = hash(which + touch.face as i32 * 131, level, id);
    let fine = saturate(1.3 - larger(foot_x, foot_y) * 0.9);
    let glass = if tower.cladding == Cladding::Glass {
        match id >> 14 & 3 {
            0 => rgb(0.035, 0.065, 0.085),
            1 => rgb(0.03, 0.05, 0.07),
            2 => rgb(0.06, 0.06, 0.055),
            _ => rgb(0.025, 0.07, 0.07),
        }
    } else {
        rgb(0.03, 0.038, 0.048)
    };
    let grime = 0.88 + 0.24 * fractal(touch.along * 0.16, at.y * 0.07, 2, id);
    let lobby = smoothstep(GROUND + 2.2, GROUND + 1.8, at.y);
    // A ceiling lamp lights the upper part of a room best, and blinds hang to different depths.
    let inside = fract(storey);
    let drop = smoothstep(0.35 + 0.6 * byte(own, 12), 0.45 + 0.6 * byte(own, 12), inside);
    let depth = mix(1.0, (0.45 + 0.85 * inside) * mix(1.0, 0.62, drop), fine);
    let mut glow = lamps(evening, which, level, touch.face, id, foot_x, foot_y) * (pane * depth);
    if lobby > 0.0 && tower.cladding != Cladding::Plaster {
        let shop = pulse(touch.along / 2.6, 0.06, 0.94, sideways / 2.6)
            * smoothstep(GROUND + 0.2, GROUND + 0.3, at.y);
        let number = hash(floor(touch.along / 2.6) as i32, touch.face as i32, id ^ 41);
        let warm = rgb(1.5, 1.0, 0.55).mix(evening.accent(number) * 0.7, byte(number, 8) * 0.8);
        // Shelves and people stand dark before a lit back wall.
        let goods = gradient(touch.along * 2.6, at.y * 1.1 + 7.0, number);
        let front = smoothstep(GROUND + 1.1, GROUND + 0.5, at.y + 0.5 * goods);
        let shelves = (0.55 + 0.3 * (at.y - GROUND)) * mix(1.0, 1.0 - 0.75 * front, fine);
        glow = glow.mix(warm * (shop * shelves * evening.lamps * 0.9), lobby);
    }
    glow += strips(evening, touch, at.y, id, size, vary, time);
    Surface {
        albedo: (stone * grime).mix(glass, pane),
        glow,
        roughness: mix(0.85, 0.06, pane),
        metallic: 0.0,
        gloss: pane * if tower.cladding == Cladding::Glass { 0.62 } else { 0.36 },
        tilt: (byte(own, 24) - 0.5) * 0.045 * fine,
    }
}

fn stone(cladding: Cladding, id: u32) -> Color {
    let tone = 0.7 + 0.6 * byte(id, 2);
    let color = match (cladding, id >> 17 & 3) {
        (Cladding::Plaster, 0) => rgb(0.62, 0.50, 0.34),
        (Cladding::Plaster, 1) => rgb(0.60, 0.56, 0.48),
        (Cladding::Plaster, 2) => rgb(0.52, 0.34, 0.24),
        (Cladding::Plaster, _) => rgb(0.55, 0.46, 0.40),
        (Cladding::Glass, _) => rgb(0.10, 0.11, 0.12),
        (_, 0) => rgb(0.30, 0.29, 0.28),
        (_, 1) => rgb(0.36, 0.27, 0.20),
        (_, 2) => rgb(0.22, 0.24, 0.27),
        (_, _) => rgb(0.42, 0.39, 0.34),
    };
    color * tone
}

/// Mean over `wide` around `at` of a train of pulses that are 1 from `from` to `to` in each unit:
/// windows narrower than a pixel become an even tone without a shimmer.
pub(super) fn pulse(at: f32, from: f32, to: f32, wide: f32) -> f32 {
    let wide = larger(wide, 0.02);
    let share = to - from;
    let sum = |v: f32| floor(v) * share + larger(smaller(fract(v) - from, share), 0.0);
    saturate((sum(at + wide * 0.5) - sum(at - wide * 0.5)) / wide)
}

/// Light of the lamps behind a window. Far away single windows give way to groups of windows and
/// these to the mean of the building.
fn lamps(
    evening: &Evening,
    column: i32,
    storey: i32,
    face: u32,
    id: u32,
    foot_x: f32,
    foot_y: f32,
) -> Color {
    if evening.lit <= 0.0 {
        return gray(0.0);
    }
    let share = evening.lit * mix(0.45, 1.5, byte(id, 10));
    let foot = larger(foot_x, foot_y);
    let seed = id ^ face.wrapping_mul(0x9E37);
    let whole = random(storey, 3, id ^ 77) < share * 0.22;
    let own = hash(column, storey, seed);
    let fine = if whole || byte(own, 0) < share {
        0.16 + 1.0 * byte(own, 8) * byte(own, 24)
    } else {
        0.012
    };
    let group = hash(column.div_euclid(3), storey.div_euclid(3), seed ^ 5);
    let coarse = share * mix(0.10, 0.75, byte(group, 0));
    let strength = mix(
        mix(fine, coarse, smoothstep(0.5, 1.6, foot)),
        share * 0.42,
        smoothstep(1.6, 5.0, foot),
    );
    let usual = rgb(1.30, 0.78, 0.34).mix(rgb(1.05, 1.0, 0.92), byte(id, 21));
    let hue = if evening.light == Light::Neon {
        usual.mix(evening.accent(id >> 7) * 0.62, 0.75)
    } else {
        usual
    };
    let cold = smoothstep(0.6, 0.9, byte(own, 16)) * saturate(1.4 - foot);
    hue.mix(rgb(0.80, 0.95, 1.15), cold)
        * (strength * if evening.light == Light::Night { 0.62 } else { 0.95 })
}

/// Tubes up the wall and a lit crown.
fn strips(
    evening: &Evening,
    touch: &Touch,
    height: f32,
    id: u32,
    size: f32,
    vary: f32,
    time: f32,
) -> Color {
    if evening.lamps <= 0.0 || touch.top < 12.0 {
        return gray(0.0);
    }
    let mut color = gray(0.0);
    let often = match evening.light {
        Light::Neon => 3,
        Light::Day | Light::Dawn => 16,
        _ => 7,
    };
    let tall = smoothstep(20.0, 50.0, touch.top);
    if id >> 13 & 15 < 16 / often && tall > 0.0 {
        let wide = larger(0.11, size * 0.6);
        let off = (touch.along - 1.0).abs();
        let tube = saturate((wide - off) / wide + 0.5) * smaller(0.11 / wide * 1.6, 1.0);
        let run = 0.75 + 0.25 * sin(time * 2.0 - height * 0.25 + vary * 60.0);
        color += evening.accent(id >> 17) * (tube * run * 0.75 * tall);
    }
    if id >> 6 & 3 == 0 {
        // Floodlight that fades down from the crown.
        let below = touch.top - height;
        color += rgb(0.9, 0.66, 0.40).mix(evening.accent(id >> 19) * 0.5, 0.5)
            * (exp(-below * 0.35) * 0.5 * evening.lamps * tall);
    }
    color
}

/// Light that leaves a surface towards the eye.
pub(super) fn shaded(
    surface: &Surface,
    air: &Atmosphere,
    plan: &Plan,
    evening: &Evening,
    at: Vec3,
    normal: Vec3,
    ray: Vec3,
) -> Color {
    let toward = larger(normal.dot(air.sun), 0.0);
    let sun =
        if toward > 0.0 && !air.overcast() { toward * plan.sunlit(at + normal * 2.9) } else { 0.0 };
    let crowd = plan.crowd(at.x + normal.x * 6.0, at.z + normal.z * 6.0) + 1.0;
    let open = mix(0.34, 1.0, smoothstep(-0.35, 1.05, (at.y - GROUND) / crowd))
        * mix(0.75, 1.0, smoothstep(0.0, 2.0, at.y - GROUND));
    let skylight = air.zenith * (0.30 + 0.40 * normal.y)
        + air.middle * 0.50
        + air.horizon * (0.10 + 0.16 * saturate(normal.dot(vec3(air.sun.x, 0.0, air.sun.z))));
    let low = exp(-(at.y - GROUND) * 0.10);
    let street = rgb(1.0, 0.62, 0.30) * (0.26 * evening.lamps * low);
    let bounce = air.sunlight * (0.11 * air.sun.y);
    let mut light = surface.albedo
        * (air.sunlight * (sun * 1.15) + (skylight + bounce) * (open * 0.85) + street);
    if surface.gloss > 0.0 {
        light += mirrored(surface, air, at, normal, ray, crowd);
    }
    light + surface.glow
}

/// What a pane mirrors: the sky, and low down the city on the other side of the street.
fn mirrored(
    surface: &Surface,
    air: &Atmosphere,
    at: Vec3,
    normal: Vec3,
    ray: Vec3,
    crowd: f32,
) -> Color {
    let mut mirror = ray.reflected(normal);
    mirror.y += surface.tilt;
    let facing = 1.0 - saturate(-ray.dot(normal));
    let fresnel = mix(surface.gloss, 1.0, squared(facing, 2) * facing * surface.gloss);
    let side = 0.5 + 0.5 * (mirror.x * air.sun.x + mirror.z * air.sun.z);
    let sky = air.gradient(larger(mirror.y, 0.0)) * (0.55 + 0.45 * side)
        + air.sunlight * (0.30 * squared(saturate(mirror.dot(air.sun)), 6));
    // Clouds pass over the panes as soft light and dark.
    let drift = fractal(mirror.x * 2.2 + at.x * 0.006, mirror.y * 3.0 + at.y * 0.010, 3, 17);
    let sky = sky.mix(air.cloud_lit * 0.8, saturate(drift * 1.6) * air.clouds * 0.7);
    let ragged = crowd * (0.55 + 0.5 * gradient(at.x * 0.11 + at.z * 0.13, mirror.y * 2.0, 3));
    let clear = smoothstep(-6.0, 10.0, at.y + mirror.y * 46.0 - ragged);
    let city = (air.middle * 0.30 + air.zenith * 0.12) * 0.6;
    city.mix(sky, clear) * fresnel
}
