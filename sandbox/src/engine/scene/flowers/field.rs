//! A field of flowers: rows that recede to hills under the sky.

use super::blossom::{Blossom, Touch};
use super::mill::Mill;
use super::{Place, Seen};
use crate::engine::math::{
    exp, floor, fract, larger, mix, saturate, sin, smaller, smoothstep, squared,
};
use crate::engine::noise::{byte, fractal, hash, random};
use crate::engine::prompt::Flower;
use crate::engine::scene::atmosphere::Atmosphere;
use crate::engine::vector::{Color, gray, rgb, vec3};

/// Number of rows, distance of the first, and how much farther each next one is.
const ROWS: i32 = 25;
const FIRST: f32 = 1.15;
const STEP: f32 = 1.175;
/// Height of the horizon in the picture and of the camera over the ground.
const HORIZON: f32 = 0.60;
const EYE: f32 = 1.05;
/// Distance between flowers of a row.
const PITCH: f32 = 0.36;

/// Rows of flowers; lengths in the field are in metres, more or less.
pub(super) struct Field {
    flower: Flower,
    blossoms: Vec<Blossom>,
    mean: Color,
    mill: Option<Mill>,
    seed: u32,
}

/// One flower on a line.
struct Stalk {
    u: f32,
    v: f32,
    radius: f32,
    which: usize,
    lean: f32,
    /// Which of neighbours stands in front, the same for every line.
    order: u32,
}

/// What a vertical line of the picture meets in one row.
struct Row {
    stalks: Vec<Stalk>,
    /// Foot of the row, upper edge of its leaves and of all of it.
    foot: f32,
    leaves: f32,
    top: f32,
    scale: f32,
    distance: f32,
    blur: f32,
    tone: f32,
}

pub(super) struct Line {
    rows: Vec<Row>,
    hills: [f32; 2],
}

impl Field {
    pub(super) fn new(flower: Flower, colors: &[Color], mill: bool, seed: u32) -> Field {
        let blossoms = colors
            .iter()
            .enumerate()
            .map(|(number, color)| Blossom::of(flower, *color, seed ^ number as u32, false))
            .collect();
        let sum = colors.iter().fold(gray(0.0), |sum, color| sum + *color);
        let mean = sum * (1.0 / colors.len().max(1) as f32);
        let mill = mill.then(|| Mill::new(HORIZON, seed));
        Field { flower, blossoms, mean, mill, seed }
    }

    /// Radius of a blossom, height of a plant and share of plants in bloom.
    fn habit(&self) -> (f32, f32, f32) {
        match self.flower {
            Flower::Sunflower => (0.215, 0.86, 0.9),
            Flower::Lavender => (0.15, 0.66, 1.0),
            Flower::Tulip => (0.105, 0.66, 1.0),
            Flower::Rose => (0.12, 0.62, 0.75),
            Flower::Poppy => (0.135, 0.70, 0.62),
            _ => (0.095, 0.60, 0.8),
        }
    }

    pub(super) fn line(&self, place: &Place) -> Line {
        let travel = place.progress * 3.0;
        let passed = floor(travel);
        let aside = 3.2 * sin(place.orbit);
        let rows = (0..ROWS)
            .map(|number| {
                let steps = number as f32 + 1.0 - (travel - passed);
                let distance = FIRST * crate::engine::math::pow(STEP, steps);
                self.row(place, number + passed as i32, distance, aside)
            })
            .collect();
        let u = place.u + 0.25 * sin(place.orbit);
        let hill = |salt: u32, rise: f32| {
            HORIZON + rise * (0.55 + fractal(u * 1.1 + salt as f32, 0.4, 5, self.seed ^ salt))
        };
        Line { rows, hills: [hill(3, 0.10), hill(9, 0.045)] }
    }

    fn row(&self, place: &Place, id: i32, distance: f32, aside: f32) -> Row {
        let scale = 0.95 / distance;
        let along = place.u / scale + aside + 40.0;
        let (radius, height, share) = self.habit();
        let foot = HORIZON - EYE * scale;
        let cell = floor(along / PITCH) as i32;
        let mut stalks = Vec::with_capacity(3);
        for near in [cell, cell - 1, cell + 1] {
            let roll = hash(near, id, self.seed ^ 0x0F1E);
            if byte(roll, 24) > share {
                continue;
            }
            // Tulips are sown in bands of one colour, wild flowers are mixed.
            let band = if self.flower == Flower::Tulip {
                near.div_euclid(3).rem_euclid(97) as usize
            } else {
                (roll >> 5) as usize
            };
            let breeze = sin(place.time * 1.5 + near as f32 * 0.7 + id as f32 * 0.9);
            let lean = 0.035 * breeze + 0.10 * (byte(roll, 16) - 0.5);
            let x = (near as f32 + 0.5 + 0.55 * (byte(roll, 8) - 0.5)) * PITCH;
            let tall = height * (0.86 + 0.28 * byte(roll, 12));
            stalks.push(Stalk {
                u: (x + lean - aside - 40.0) * scale,
                v: foot + tall * scale,
                radius: radius * scale * (0.82 + 0.36 * byte(roll, 20)),
                which: band % self.blossoms.len().max(1),
                lean,
                order: roll,
            });
        }
        stalks.sort_unstable_by_key(|stalk| stalk.order);
        let leaves = foot + scale * height * self.blades(along, id, place.time);
        let top = stalks.iter().fold(leaves, |top, one| larger(top, one.v + one.radius * 1.5));
        let focus = (distance - 3.4) / distance;
        Row {
            stalks,
            foot,
            leaves,
            top,
            scale,
            distance,
            blur: place.pixel + 0.012 * squared(smaller(focus, 0.0), 1) * scale,
            tone: 0.85 + 0.3 * random(id, 7, self.seed),
        }
    }

    /// Upper edge of the leaves of a row as a share of the plants' height.
    fn blades(&self, along: f32, id: i32, time: f32) -> f32 {
        let mut edge = 0.0;
        for (pitch, salt) in [(9.0, 1), (15.0, 2), (24.0, 3)] {
            let bend = 0.3 * sin(time * 1.5 + along * 1.3 + salt as f32);
            let position = along * pitch + bend;
            let cell = floor(position);
            let roll = hash(cell as i32, id, self.seed ^ (0xB1A + salt));
            let away = (position - cell - 0.3 - 0.4 * byte(roll, 8)).abs() * 2.0;
            edge = larger(edge, (0.42 + 0.50 * byte(roll, 16)) * (1.0 - 0.62 * away * away));
        }
        edge
    }

    pub(super) fn at(
        &self,
        line: &Line,
        place: &Place,
        air: &Atmosphere,
        v: f32,
        top: f32,
    ) -> Seen {
        let mut touch = Touch { color: gray(0.0), cover: 0.0, normal: vec3(0.0, 0.0, 1.0) };
        let mut distance = f32::INFINITY;
        let haze = air.horizon.mix(air.middle, 0.35) * 0.85;
        for row in &line.rows {
            if v > row.top {
                continue;
            }
            let mut one = Touch { color: gray(0.0), cover: 0.0, normal: vec3(0.0, 0.0, 1.0) };
            self.plants(&mut one, row, place, v);
            let veil =
                saturate(smoothstep(4.0, 90.0, row.distance) * 0.75 * smaller(air.haze, 1.4));
            let color = one.color.mix(haze * one.cover, veil);
            let share = 1.0 - touch.cover;
            if touch.cover <= 0.5 && touch.cover + one.cover * share > 0.5 {
                distance = row.distance;
                touch.normal = one.normal;
            }
            touch.color += color * share;
            touch.cover += one.cover * share;
            if touch.cover > 0.992 {
                break;
            }
        }
        if touch.cover < 0.992 {
            let behind = if v < HORIZON {
                distance = smaller(distance, 80.0);
                let leaf = rgb(0.07, 0.15, 0.035).mix(self.mean, 0.6);
                (leaf * (place.lamp.ambient + place.lamp.direct * 0.6)).mix(haze, 0.62)
            } else {
                self.beyond(line, place, air, v, top, &mut distance)
            };
            touch.color += behind * (1.0 - touch.cover);
        }
        Seen { color: touch.color, normal: touch.normal.normalized(), distance }
    }

    fn plants(&self, one: &mut Touch, row: &Row, place: &Place, v: f32) {
        let lamp = &place.lamp;
        for stalk in &row.stalks {
            let (a, b) = ((place.u - stalk.u) / stalk.radius, (v - stalk.v) / stalk.radius);
            if a.abs() < 1.3 && b.abs() < 1.6 {
                let Some(blossom) = self.blossoms.get(stalk.which) else { continue };
                let flat =
                    if matches!(self.flower, Flower::Poppy | Flower::Daisy) { 1.35 } else { 1.0 };
                let soft = row.blur / stalk.radius;
                let wide = match self.flower {
                    Flower::Lavender => 0.34,
                    Flower::Tulip => 0.62,
                    _ => 0.9,
                };
                let touch = if place.pixel > 0.16 * stalk.radius {
                    blossom.spot(a, b * flat, wide, soft, lamp)
                } else {
                    blossom.at(a + stalk.lean * b, b * flat, soft, lamp)
                };
                if let Some(touch) = touch {
                    one.color += touch.color * ((1.0 - one.cover) * row.tone);
                    one.cover += touch.cover * (1.0 - one.cover);
                    one.normal = touch.normal;
                }
            }
        }
        let rise = saturate((v - row.foot) / (row.scale * 0.75));
        let leaf = match self.flower {
            Flower::Lavender => rgb(0.105, 0.145, 0.085),
            Flower::Tulip => rgb(0.065, 0.155, 0.065),
            _ => rgb(0.075, 0.150, 0.028),
        };
        let behind = saturate(-lamp.sun.z);
        let fibre =
            0.8 + 0.5 * fractal(place.u / row.scale * 9.0, v / row.scale * 1.5, 2, self.seed);
        let light = lamp.ambient * (0.3 + 0.7 * rise)
            + lamp.direct * (squared(rise, 1) * (0.62 + 0.5 * behind));
        let green = leaf * light * (fibre * row.tone * 1.15);
        for stalk in &row.stalks {
            if v < stalk.v {
                let bow = (stalk.v - v) / row.scale;
                let x = stalk.u - stalk.lean * bow * row.scale * 0.8;
                let wide = 0.012 * row.scale;
                let cover = saturate(0.5 - ((place.u - x).abs() - wide) / row.blur);
                one.lay(green * 1.25, cover);
            }
        }
        one.lay(green, saturate((row.leaves - v) / row.blur + 0.5));
    }

    /// Hills and sky.
    fn beyond(
        &self,
        line: &Line,
        place: &Place,
        air: &Atmosphere,
        v: f32,
        top: f32,
        distance: &mut f32,
    ) -> Color {
        let [far, near] = line.hills;
        let mut color = self.sky(place, air, v, top);
        let haze = air.horizon.mix(air.middle, 0.5) * 0.8;
        let light = place.lamp.ambient + place.lamp.direct * 0.35;
        for (edge, veil, ink, away) in
            [(far, 0.78, rgb(0.10, 0.15, 0.16), 400.0), (near, 0.50, rgb(0.05, 0.10, 0.035), 160.0)]
        {
            let cover = saturate((edge - v) / place.pixel + 0.5);
            if cover > 0.0 {
                let grove = 1.0 + 0.5 * fractal(place.u * 40.0, v * 60.0, 3, self.seed ^ 5);
                color = color.mix((ink * light * grove).mix(haze, veil), cover);
                *distance = smaller(*distance, away);
            }
        }
        if let Some(mill) = &self.mill {
            let aside = -0.25 * sin(place.orbit);
            let (own, cover) = mill.at(place.u, v, aside, place.pixel, place.time, &place.lamp);
            if cover > 0.0 {
                color = color.mix(own.mix(haze, 0.22), cover);
                *distance = smaller(*distance, 60.0);
            }
        }
        color
    }

    fn sky(&self, place: &Place, air: &Atmosphere, v: f32, top: f32) -> Color {
        let up = (v - HORIZON) / larger(top - HORIZON, 0.4) * 0.55;
        let mut color = air.gradient(larger(up, 0.0));
        let (sun_u, sun_v) = (place.sun.0, place.sun.1 + if air.sun.y < 0.3 { 0.05 } else { 0.3 });
        let (x, y) = (place.u - sun_u, v - sun_v);
        let away = (x * x + y * y).sqrt();
        if !air.overcast() {
            color +=
                air.sunlight * (0.16 * exp(-away * 5.0) + 0.9 * smoothstep(0.052, 0.046, away));
        }
        if air.starry() {
            let (a, b) = (place.u * 90.0, v * 90.0);
            let roll = hash(floor(a) as i32, floor(b) as i32, self.seed);
            let (dx, dy) = (fract(a) - 0.5, fract(b) - 0.5);
            if roll & 31 == 0 {
                color += gray(0.5 * byte(roll, 8) * smoothstep(0.05, 0.0, dx * dx + dy * dy));
            }
        }
        let plane = 0.22 / (up + 0.12);
        let drift = place.u + 0.3 * sin(place.orbit);
        let (cx, cy) = (drift * plane * 1.7 + place.time * 0.01, plane * 3.0);
        let body = fractal(cx, cy, 6, self.seed ^ 0xC1);
        let density = smoothstep(0.26 - 0.5 * air.clouds, 0.62 - 0.45 * air.clouds, body);
        let lit = saturate(0.6 + (body - fractal(cx + 0.1, cy - 0.16, 4, self.seed ^ 0xC1)) * 1.7);
        let cloud = air.cloud_dark.mix(air.cloud_lit, lit);
        let veil = mix(0.25, 0.9, smoothstep(0.0, 0.22, up));
        color.mix(cloud, density * veil * 0.9)
    }
}
