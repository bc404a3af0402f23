//! Great halls: rows of columns under pointed vaults, with light that falls through high windows.

use super::super::Quality;
use super::super::atmosphere::Atmosphere;
use super::super::canvas::{Look, Material, Renderer, View};
use super::nave::{BAY, Nave, Opening, ROW, Thing, WALL};
use super::stuff::{Skin, Stuff};
use crate::engine::math::{
    TAU, atan2, cos, exp, floor, larger, mix, saturate, sin, smaller, smoothstep, squared,
};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::prompt::{Composition, Light, Room};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// One hall. Its middle is the origin; it is long along z.
pub(in crate::engine::scene) struct Hall {
    air: Atmosphere,
    nave: Nave,
    /// Direction to the sun, across the hall, and the strength of its light.
    sun: Vec3,
    sunlight: Color,
    daylight: Color,
    candles: f32,
    panes: [Color; 4],
    stone: Color,
}

/// What a ray meets.
struct Meeting {
    distance: f32,
    at: Vec3,
    normal: Vec3,
    skin: Skin,
}

impl Hall {
    pub(in crate::engine::scene) fn new(composition: &Composition) -> Hall {
        let air = Atmosphere::new(composition);
        let (sunlight, candles, day) = match air.light {
            Light::Day => (rgb(7.0, 6.0, 4.6), 0.25, 1.0),
            Light::Dawn => (rgb(6.0, 4.4, 3.0), 0.35, 0.8),
            Light::Sunset => (rgb(7.0, 3.6, 1.4), 0.6, 0.6),
            Light::Storm => (rgb(0.7, 0.75, 0.8), 0.8, 0.8),
            Light::Night => (rgb(0.5, 0.65, 1.0), 1.0, 1.3),
            Light::Neon => (rgb(3.0, 0.6, 2.2), 0.9, 0.8),
        };
        let mut panes = [
            rgb(0.9, 0.16, 0.08),
            rgb(0.10, 0.25, 0.95),
            rgb(0.95, 0.62, 0.12),
            rgb(0.12, 0.60, 0.30),
        ];
        for (pane, color) in panes.iter_mut().zip(&composition.colors) {
            *pane = *color;
        }
        let throne = composition.room == Some(Room::Throne);
        let warm = byte(composition.variation, 8);
        Hall {
            daylight: (air.zenith * 0.3 + air.middle * 0.6 + air.horizon * 0.5) * day,
            sun: vec3(-0.66, 0.62, 0.32).normalized(),
            sunlight,
            candles: if throne { larger(candles, 0.7) } else { candles },
            nave: Nave { throne, long: if throne { 17.5 } else { 30.0 } },
            panes,
            stone: rgb(0.44, 0.40, 0.35).mix(rgb(0.50, 0.42, 0.31), warm),
            air,
        }
    }

    fn hue(&self, number: u32) -> Color {
        let [a, b, c, d] = self.panes;
        match number & 3 {
            0 => a,
            1 => b,
            2 => c,
            _ => d,
        }
    }

    /// Colour of a window's glass, dark where the lead and the stone between lights run.
    fn pane(&self, opening: Opening, size: f32) -> Color {
        let Opening { across, up, half } = opening;
        let (x, y) = (across / half, up / half);
        let far = (x * x + (y - 0.35) * (y - 0.35)).sqrt();
        // A rose above, upright lights below.
        let (u, v, bar) = if far < 0.55 {
            (atan2(y - 0.35, x) * (12.0 / TAU) + 12.0, far * 7.5, (far - 0.52).abs() - 0.02)
        } else {
            let lights = if half > 2.0 { 2.0 } else { 1.0 };
            let place = x * lights;
            (
                (place - floor(place)) * 3.0 + 3.0 * floor(place) + 30.0,
                up * 1.9 + 40.0,
                smaller(place - floor(place), 1.0 - place + floor(place)) / lights - 0.045,
            )
        };
        let id = hash(floor(u) as i32, floor(v) as i32, 23);
        let hue = self.hue(id >> 5).mix(gray(0.75), 0.04 + 0.22 * byte(id, 8));
        let (x, y) = (u - floor(u), v - floor(v));
        let lead = smoothstep(0.0, 0.10, smaller(smaller(x, 1.0 - x), smaller(y, 1.0 - y)));
        let stone = smoothstep(0.0, 0.03, bar);
        let [a, b, c, d] = self.panes;
        let mean = (a + b + c + d) * 0.17 + gray(0.06);
        (hue * (lead * stone)).mix(mean, smoothstep(0.12, 0.40, size))
    }

    fn meet(&self, from: Vec3, ray: Vec3, pixel: f32, time: f32) -> Meeting {
        let mut reach = 0.03;
        for _ in 0..110 {
            let room = self.nave.space(from + ray * reach);
            if room < 0.0015 + pixel * reach * 0.4 || reach > 90.0 {
                break;
            }
            reach += room;
        }
        let at = from + ray * reach;
        let value = |x: f32, y: f32, z: f32| self.nave.space(at + vec3(x, y, z) * 0.004);
        let (a, b) = (value(1.0, -1.0, -1.0), value(-1.0, -1.0, 1.0));
        let (c, d) = (value(-1.0, 1.0, -1.0), value(1.0, 1.0, 1.0));
        let slope = vec3(a - b - c + d, -a - b + c + d, -a + b - c + d);
        let normal = if slope.dot(slope) > 0.0 { slope.normalized() } else { vec3(0.0, 1.0, 0.0) };
        let size = pixel * reach;
        let skin = self.skin(at, normal, size, time);
        Meeting { distance: reach, at, normal, skin }
    }

    fn skin(&self, at: Vec3, normal: Vec3, size: f32, time: f32) -> Skin {
        let matt = |albedo: Color, roughness: f32| Skin {
            albedo,
            glow: gray(0.0),
            roughness,
            metallic: 0.0,
        };
        let [first, second, ..] = self.panes;
        match self.nave.thing(at) {
            Thing::Bench => {
                return Stuff::Wood(rgb(0.20, 0.10, 0.045)).skin(at, normal, size, 0.0, time);
            }
            Thing::Candle => return Skin { metallic: 0.8, ..matt(rgb(0.42, 0.29, 0.12), 0.4) },
            Thing::Gold => return Skin { metallic: 0.6, ..matt(rgb(0.72, 0.46, 0.13), 0.3) },
            Thing::Velvet => {
                let edge = smoothstep(0.93, 0.96, at.x.abs()) * smoothstep(1.06, 1.03, at.x.abs());
                let pile = 0.85 + 0.25 * fractal(at.x * 4.0, at.z * 4.0 + at.y * 3.0, 3, 33);
                let hue = rgb(0.40, 0.025, 0.03).mix(rgb(0.62, 0.42, 0.12), edge);
                return matt(hue * pile, 1.0);
            }
            Thing::Banner => {
                let bay = (at.z - (floor(at.z / BAY) + 0.5) * BAY).abs();
                let edge = smoothstep(0.42, 0.45, bay);
                let disc =
                    smoothstep(0.02, -0.02, (bay * bay + squared(at.y - 4.4, 1)).sqrt() - 0.3);
                let hue = first.mix(second, 0.15) * 0.55;
                return matt(hue.mix(rgb(0.70, 0.48, 0.14), larger(edge, disc)), 1.0);
            }
            Thing::Flame => {
                let glow = rgb(5.0, 2.9, 1.1) * (0.35 + self.candles);
                return Skin { glow, ..matt(gray(0.1), 1.0) };
            }
            Thing::Stone => {}
        }
        if at.y < 0.02 {
            return Stuff::Marble.skin(at, vec3(0.0, 1.0, 0.0), size, 0.0, time);
        }
        if let Some(opening) = self.nave.window(at) {
            let day = self.daylight * 0.85 + self.sunlight * if at.x < 0.0 { 0.16 } else { 0.06 };
            let glow = self.pane(opening, size) * day;
            return Skin { glow, ..matt(gray(0.05), 0.1) };
        }
        let rows = at.y * 1.6;
        let shift = if floor(rows) as i32 & 1 == 0 { 0.5 } else { 0.0 };
        let along = (at.x + at.z) * 0.8 + shift;
        let joint =
            smoothstep(0.0, 0.03, rows - floor(rows)) * smoothstep(0.0, 0.02, along - floor(along));
        let worn = 0.86 + 0.3 * fractal(at.x * 0.9 + at.z * 0.9, at.y * 0.9, 4, 27);
        let own = 0.9 + 0.2 * byte(hash(floor(along) as i32, floor(rows) as i32, 28), 0);
        matt(self.stone * (worn * own * mix(0.72, 1.0, joint)), 0.9)
    }

    /// Colour of the sunlight at a point: what the window that it comes through lets pass.
    fn beam(&self, at: Vec3) -> Color {
        match self.nave.lit_through(at, self.sun) {
            Some((Opening { across, half, .. }, through)) => {
                let soft = smoothstep(half, half * 0.65, across.abs());
                let turn = hash(floor(through.z / BAY + 0.5) as i32, through.y as i32 / 8, 29);
                gray(0.80).mix(self.hue(turn), 0.42) * soft
            }
            None => gray(0.0),
        }
    }

    fn shaded(&self, meeting: &Meeting, time: f32) -> Color {
        let Meeting { at, normal, skin, .. } = meeting;
        let mut open = 1.0;
        for reach in [0.25, 0.8, 1.8] {
            open *= mix(0.5, 1.0, saturate(self.nave.space(*at + *normal * reach) / (reach * 0.8)));
        }
        let sides = 0.55 + 0.45 * normal.x.abs();
        let high = 0.6 + 0.5 * smoothstep(0.0, 9.0, at.y);
        let mut light = (self.daylight * 0.42 + self.sunlight * 0.030) * (open * sides * high);
        let direct = larger(normal.dot(self.sun), 0.0);
        light += self.sunlight * self.beam(*at) * (direct * 0.9);
        // Candles stand at the feet of the columns.
        let bay = (floor(at.z / BAY) + 0.5) * BAY;
        let side = if at.x > 0.0 { ROW - 0.95 } else { 0.95 - ROW };
        let offset = vec3(side, 1.5, bay) - *at;
        let far = offset.dot(offset) + 0.5;
        let facing = saturate(normal.dot(offset) / far.sqrt() + 0.2);
        let flicker = 0.9 + 0.1 * sin(time * 7.0 + bay * 3.0);
        light += rgb(1.0, 0.52, 0.20) * (2.0 * self.candles * facing * flicker / far);
        skin.albedo * light + skin.glow
    }

    /// Dust in the beams.
    fn shafts(&self, from: Vec3, ray: Vec3, distance: f32, time: f32, steps: i32) -> Color {
        let far = smaller(distance, 40.0);
        let mut sum = gray(0.0);
        for step in 0..steps {
            let at = from + ray * (far * (step as f32 + 0.5) / steps as f32);
            let drift =
                0.75 + 0.6 * fractal(at.x * 0.6 + time * 0.1, at.y * 0.6 - at.z * 0.4, 2, 4);
            let inside = if at.x.abs() < WALL { 1.0 } else { 0.0 };
            sum += self.beam(at) * (drift * inside);
        }
        let air = self.daylight * ((1.0 - exp(-far * 0.012)) * 0.22);
        self.sunlight * sum * (far / steps as f32 * 0.0085) + air
    }

    fn eye(&self, view: &View) -> (Vec3, Vec3, Vec3, f32) {
        let (progress, orbit) = (view.camera.progress, view.camera.orbit);
        let ahead = vec3(sin(orbit), 0.0, cos(orbit));
        let right = vec3(cos(orbit), 0.0, -sin(orbit));
        let mut position = right * 0.5 - ahead * 3.0;
        position.z +=
            if self.nave.throne { mix(-4.5, 1.5, progress) } else { mix(-14.0, -4.0, progress) };
        position.y = 1.9;
        (position, ahead, right, view.focal(0.72))
    }
}

impl Renderer for Hall {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let (eye, ahead, right, focal) = self.eye(view);
        let way = ahead + right * view.across(x, focal);
        let (time, pixel) = (view.camera.time, 1.0 / focal);
        let steps = if view.quality == Quality::Film { 10 } else { 22 };
        for (y, color) in ys.iter().zip(out) {
            let ray = (way + vec3(0.0, (view.height * 0.64 - y) / focal, 0.0)).normalized();
            let meeting = self.meet(eye, ray, pixel, time);
            let mut light = self.shaded(&meeting, time);
            if meeting.at.y < 0.02 {
                let facing = 1.0 - saturate(-ray.y);
                let fresnel = 0.05 + 0.75 * squared(facing, 2) * facing;
                let wave = fractal(meeting.at.x * 3.0, meeting.at.z * 3.0, 2, 5)
                    * (0.012 / (1.0 + meeting.distance * 0.2));
                let mirror = vec3(ray.x + wave, -ray.y, ray.z).normalized();
                let start = meeting.at + vec3(0.0, 0.02, 0.0);
                let second = self.meet(start, mirror, pixel * 9.0, time);
                light = light.mix(self.shaded(&second, time), fresnel);
            }
            *color = light + self.shafts(eye, ray, meeting.distance, time, steps);
        }
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let (eye, ahead, right, focal) = self.eye(view);
        let way = ahead + right * view.across(x, focal);
        for (y, material) in ys.iter().zip(out) {
            let ray = (way + vec3(0.0, (view.height * 0.64 - y) / focal, 0.0)).normalized();
            let Meeting { distance, normal: n, skin, .. } =
                self.meet(eye, ray, 1.0 / focal, view.camera.time);
            *material = Material {
                albedo: skin.albedo.clamped(),
                normal: vec3(n.dot(right), n.y, -n.dot(ahead)),
                roughness: skin.roughness,
                metallic: skin.metallic,
                distance,
            };
        }
    }

    fn look(&self) -> Look {
        let exposure = if self.air.light == Light::Night { 1.9 } else { 1.35 };
        Look { exposure, bloom: 0.65, filmic: true }
    }

    /// Marching through columns is dear, and the light is soft.
    fn film_reduction(&self) -> u32 {
        2
    }
}
