//! Rooms: furniture, windows with a view, sunlight on the floor and lamps in the evening.

mod furniture;
mod hall;
mod light;
mod nave;
mod piece;
mod room;
mod stuff;
#[cfg(test)]
mod tests;
mod volume;

use super::Quality;
use super::atmosphere::Atmosphere;
use super::canvas::{Look, Material, Renderer, View};
use super::sky::{Detail, Sky};
use crate::engine::math::{cos, fract, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{fractal, random};
use crate::engine::prompt::{Composition, Light, Subject};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};
pub(super) use hall::Hall;
use piece::Piece;
use room::{HALF_X, HALF_Z, HIGH, Room};
use stuff::{Skin, Stuff};
use volume::Volume;

/// Distance of the camera from the middle of the room.
const BACK: f32 = 2.55;

/// Strength of the lens.
const LENS: f32 = 0.80;

/// One room. The middle of its floor is the origin, the window looks towards +z.
pub(super) struct Interior {
    air: Atmosphere,
    sky: Sky,
    room: Room,
    volume: Volume,
    /// Direction to the sun as it falls in, and its strength.
    sun: Vec3,
    sunlight: Color,
    /// Light that the window sends, and light that has bounced from everywhere.
    daylight: Color,
    bounce: Color,
    lamps: f32,
    sea: bool,
    seed: u32,
}

/// What a ray meets.
struct Meeting {
    distance: f32,
    at: Vec3,
    normal: Vec3,
    skin: Skin,
}

/// A line of sight into the room.
struct Sight {
    ray: Vec3,
    meeting: Meeting,
    /// Share of the window's opening, and of the panes in that.
    opening: f32,
    pane: f32,
}

impl Sight {
    /// Whether nothing of the wall is seen.
    fn is_window(&self) -> bool {
        self.opening >= 1.0
    }
}

struct Eye {
    position: Vec3,
    ahead: Vec3,
    right: Vec3,
    focal: f32,
    horizon: f32,
}

impl Interior {
    /// Furnishes a room and measures the space between its things. `None` when cancelled.
    pub(super) fn build(composition: &Composition, cancel: &dyn Fn() -> bool) -> Option<Interior> {
        let air = Atmosphere::new(composition);
        let room = Room::furnish(composition);
        let volume = Volume::build(&room.pieces, cancel)?;
        let (height, bearing, sunlight, lamps, day) = match air.light {
            Light::Day => (0.62, -0.52, rgb(7.5, 6.4, 4.9), 0.25, 1.0),
            Light::Dawn => (0.40, 0.42, rgb(6.0, 4.0, 2.6), 0.35, 0.75),
            Light::Sunset => (0.30, -0.36, rgb(6.0, 3.3, 1.5), 0.75, 0.50),
            Light::Storm => (0.7, -0.5, gray(0.0), 0.8, 0.9),
            Light::Night => (0.60, -0.45, rgb(0.10, 0.14, 0.24), 1.0, 1.6),
            Light::Neon => (0.35, 0.4, rgb(0.9, 0.15, 0.7), 0.9, 0.9),
        };
        let sunlight = if air.overcast() { gray(0.0) } else { sunlight };
        let level = cos(height);
        let daylight = (air.zenith * 0.35 + air.middle * 0.75 + air.horizon * 0.55) * (day * 2.1);
        let glow = room.lamps.iter().fold(gray(0.0), |sum, lamp| sum + lamp.color * lamps);
        let bounce: Color = daylight * 0.11 + sunlight * rgb(0.018, 0.015, 0.011) + glow * 0.035;
        // Light that has bounced off many things has lost most of its colour.
        let bounce = bounce.mix(gray(bounce.luminance()), 0.45);
        Some(Interior {
            sky: Sky::new(composition),
            sun: vec3(sin(bearing) * level, sin(height), cos(bearing) * level),
            sunlight,
            daylight,
            bounce,
            lamps,
            sea: composition.with.contains(&Subject::Sea),
            seed: composition.variation,
            air,
            room,
            volume,
        })
    }

    fn eye(&self, view: &View) -> Eye {
        let (progress, orbit) = (view.camera.progress, view.camera.orbit);
        let ahead = vec3(sin(orbit), 0.0, cos(orbit));
        let right = vec3(cos(orbit), 0.0, -sin(orbit));
        let back = BACK - 0.45 * progress;
        let mut position = right * mix(-0.25, 0.55, progress) - ahead * back;
        position.x = position.x.clamp(0.25 - HALF_X, HALF_X - 0.25);
        position.z = position.z.clamp(0.25 - HALF_Z, HALF_Z - 0.25);
        position.y = 1.40;
        Eye { position, ahead, right, focal: view.focal(LENS), horizon: view.height * 0.40 }
    }

    /// Distance to the walls, with the normal there.
    fn shell(from: Vec3, ray: Vec3) -> (f32, Vec3) {
        let wall = |from: f32, ray: f32, low: f32, high: f32| {
            if ray > 1e-6 {
                (high - from) / ray
            } else if ray < -1e-6 {
                (low - from) / ray
            } else {
                1e6
            }
        };
        let sign = |v: f32| if v > 0.0 { -1.0 } else { 1.0 };
        let x = wall(from.x, ray.x, -HALF_X, HALF_X);
        let y = wall(from.y, ray.y, 0.0, HIGH);
        let z = wall(from.z, ray.z, -HALF_Z, HALF_Z);
        if x < y && x < z {
            (x, vec3(sign(ray.x), 0.0, 0.0))
        } else if y < z {
            (y, vec3(0.0, sign(ray.y), 0.0))
        } else {
            (z, vec3(0.0, 0.0, sign(ray.z)))
        }
    }

    /// Share of glass at a point of the window's wall: 0 on the wall, less than 1 on frames.
    fn glass(&self, x: f32, y: f32, soft: f32) -> (f32, f32) {
        let w = &self.room.window;
        let inside = |v: f32, low: f32, high: f32| {
            saturate((v - low) / soft + 0.5) * saturate((high - v) / soft + 0.5)
        };
        let opening = inside(x, w.left, w.right) * inside(y, w.low, w.high);
        let bar = |v: f32, low: f32, high: f32, count: f32| {
            let pane = (high - low) / count;
            let at = fract((v - low) / pane + 0.5) - 0.5;
            let half = if count > 2.5 && pane < 0.6 { 0.014 } else { 0.026 };
            saturate((at.abs() * pane - half) / soft + 0.5)
        };
        (opening, bar(x, w.left, w.right, w.across) * bar(y, w.low, w.high, w.up))
    }

    /// What a ray meets of `pieces` and of the room's own walls.
    fn meet<'a>(
        &self,
        pieces: impl Iterator<Item = &'a Piece>,
        (from, ray): (Vec3, Vec3),
        pixel: f32,
        time: f32,
    ) -> Meeting {
        let (far, wall) = Self::shell(from, ray);
        let nearest = piece::first(pieces, from, ray, far, time);
        let limit = nearest.as_ref().map_or(far, |touch| touch.distance);
        let at = from + ray * limit;
        let size = pixel * limit;
        if let Some(touch) = nearest {
            let lamps = 0.12 + self.lamps;
            let skin = touch.stuff.skin(touch.local, touch.facing, size, lamps, time);
            return Meeting { distance: limit, at, normal: touch.normal, skin };
        }
        let stuff = if wall.y > 0.5 {
            self.room.floor
        } else if wall.y < -0.5 {
            Stuff::Paint(gray(0.72))
        } else if wall.x < -0.5 {
            self.room.accent_wall
        } else {
            self.room.wall
        };
        let slant = size / larger(ray.dot(wall).abs(), 0.15);
        let mut skin = stuff.skin(at, wall, slant, self.lamps, time);
        // Skirting boards and a cornice.
        if wall.y.abs() < 0.5 && (at.y < 0.11 || at.y > HIGH - 0.07) {
            let edge = smoothstep(0.11, 0.10, at.y) * 0.25;
            skin = Stuff::Paint(gray(0.66 - edge * 0.3)).skin(at, wall, size, 0.0, time);
        }
        Meeting { distance: limit, at, normal: wall, skin }
    }

    /// What is seen out of the window.
    fn outside(&self, ray: Vec3, time: f32, detail: Detail) -> Color {
        let up = vec3(ray.x, larger(ray.y, 0.002), ray.z).normalized();
        let mut color = self.sky.color(&self.air, up, time, detail);
        let slope = ray.y / larger(ray.z, 0.05);
        let across = ray.x / larger(ray.z, 0.05);
        if self.sea {
            let glitter = 0.8 + 0.5 * fractal(across * 30.0, slope * 160.0 + time, 3, 8);
            let water = self.air.gradient(0.2) * rgb(0.45, 0.62, 0.66) * glitter;
            return color.mix(water, smoothstep(0.001, -0.001, slope));
        }
        for (layer, (high, veil)) in
            [(0.16, 0.70), (0.07, 0.42), (-0.03, 0.15)].into_iter().enumerate()
        {
            let seed = self.seed ^ layer as u32;
            let rough = 1.0 + layer as f32 * 0.9;
            let trees = if layer > 0 { 0.03 * fractal(across * 24.0, 3.0, 3, seed) } else { 0.0 };
            let edge = high + 0.16 * fractal(across * rough + 7.0, 1.0, 5, seed) + trees;
            let cover = smoothstep(edge + 0.004, edge - 0.004, slope);
            let tone = 0.75 + 0.5 * fractal(across * 9.0, slope * 26.0, 3, seed);
            let green = rgb(0.055, 0.085, 0.035) * tone;
            let lit = green * (self.air.sunlight * 0.35 + self.air.middle + self.air.zenith * 0.5);
            color = color.mix(lit.mix(self.air.haze_color(up), veil), cover);
        }
        color
    }

    /// What is seen along a ray, by a pixel that is `wide` at distance 1.
    fn sight(&self, meeting: Meeting, ray: Vec3, pixel: f32) -> Sight {
        let on_wall = meeting.normal.z <= -0.5 && meeting.at.z >= HALF_Z - 0.001;
        let soft = larger(pixel * meeting.distance, 0.004);
        let glass = || self.glass(meeting.at.x, meeting.at.y, soft);
        let (opening, pane) = if on_wall { glass() } else { (0.0, 0.0) };
        Sight { ray, meeting, opening, pane }
    }

    /// Light from a surface or from the window in it.
    fn shown(&self, sight: &Sight, soft: Color, time: f32, detail: Detail) -> Color {
        let Sight { ray, meeting: Meeting { at, normal, skin, .. }, opening, pane } = sight;
        let wall = || skin.albedo * (soft + self.sunshine(*at, *normal)) + skin.glow;
        if *opening <= 0.0 {
            return wall();
        }
        let view = self.outside(*ray, time, detail);
        let glow = if self.air.light == Light::Night { 1.8 } else { 1.0 };
        let frame = gray(0.55) * (self.bounce + self.daylight * 0.05);
        let window = frame.mix(view * glow, *pane);
        if sight.is_window() { window } else { wall().mix(window, *opening) }
    }

    fn seen(&self, eye: &Eye, sight: &Sight, soft: Color, view: &View) -> Color {
        let time = view.camera.time;
        let film = view.quality == Quality::Film;
        let detail = if film { Detail::Coarse } else { Detail::Full };
        let mut light = self.shown(sight, soft, time, detail);
        let Sight { ray, meeting: Meeting { at, normal, skin, distance }, .. } = sight;
        // Polished wood, tiles and metal mirror the room.
        let polish = 1.0 - skin.roughness;
        let on_glass = at.z > HALF_Z - 0.001;
        if polish > 0.5 && !on_glass {
            let facing = 1.0 - saturate(-ray.dot(*normal));
            let fresnel = 0.04 + 0.96 * squared(facing, 2) * facing;
            let share = mix(fresnel * polish, 0.7, skin.metallic);
            if share > if film { 0.10 } else { 0.02 } {
                let image = self.mirrored(sight, polish, view);
                let tint = gray(1.0).mix(skin.albedo, skin.metallic);
                light = light.mix(image * tint, share);
            }
        }
        light + self.dust(eye.position, *ray, *distance, time, film)
    }

    /// What a polished surface mirrors.
    fn mirrored(&self, sight: &Sight, polish: f32, view: &View) -> Color {
        let Sight { ray, meeting: Meeting { at, normal, .. }, .. } = sight;
        let jitter = (1.0 - polish) * 0.10;
        let (a, b) = (at.x * 977.0, at.z * 977.0 + at.y * 531.0);
        let tilt =
            vec3(random(a as i32, b as i32, 1) - 0.5, 0.0, random(a as i32, b as i32, 2) - 0.5);
        let mirror = ray.reflected((*normal + tilt * jitter).normalized());
        let (pixel, time) = (4.0 / view.focal(LENS), view.camera.time);
        let start = *at + *normal * 0.01;
        let second = self.meet(self.room.pieces.iter(), (start, mirror), pixel, time);
        let (at, normal) = (second.at, second.normal);
        let second = self.sight(second, mirror, pixel);
        let soft = if second.is_window() { gray(0.0) } else { self.soft(at, normal, time) };
        self.shown(&second, soft, time, Detail::Coarse)
    }

    /// Dust in the beam of sunlight.
    fn dust(&self, from: Vec3, ray: Vec3, distance: f32, time: f32, film: bool) -> Color {
        if self.sunlight.x < 0.5 {
            return gray(0.0);
        }
        let steps = if film { 4 } else { 7 };
        let mut sum = 0.0;
        for step in 0..steps {
            let at = from + ray * (distance * (step as f32 + 0.5) / steps as f32);
            let exit = at + self.sun * ((HALF_Z - at.z) / self.sun.z);
            let (opening, _) = self.glass(exit.x, exit.y, 0.25);
            if opening <= 0.0 {
                continue;
            }
            let drift =
                0.8 + 0.5 * fractal(at.x * 1.5 + time * 0.1, at.y * 1.5 - time * 0.06, 2, 4);
            sum += opening * drift;
        }
        self.sunlight * (sum / steps as f32 * distance * 0.0042)
    }
}

impl Renderer for Interior {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let eye = self.eye(view);
        let way = eye.ahead + eye.right * view.across(x, eye.focal);
        let (pixel, time) = (1.0 / eye.focal, view.camera.time);
        let pieces = piece::upright(&self.room.pieces, eye.position, way);
        let sight = |y: &f32| {
            let ray = (way + vec3(0.0, (eye.horizon - y) / eye.focal, 0.0)).normalized();
            let meeting = self.meet(pieces.iter().copied(), (eye.position, ray), pixel, time);
            self.sight(meeting, ray, pixel)
        };
        let sights: Vec<Sight> = ys.iter().map(sight).collect();
        let light = self.along(&sights, time);
        for ((sight, light), color) in sights.iter().zip(light).zip(out) {
            *color = self.seen(&eye, sight, light, view);
        }
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let eye = self.eye(view);
        let way = eye.ahead + eye.right * view.across(x, eye.focal);
        let pieces = piece::upright(&self.room.pieces, eye.position, way);
        for (y, material) in ys.iter().zip(out) {
            let ray = (way + vec3(0.0, (eye.horizon - y) / eye.focal, 0.0)).normalized();
            let (line, pixel) = ((eye.position, ray), 1.0 / eye.focal);
            let Meeting { distance, at, normal: n, skin } =
                self.meet(pieces.iter().copied(), line, pixel, view.camera.time);
            let window = n.z < -0.5 && at.z > HALF_Z - 0.001 && {
                let (opening, pane) = self.glass(at.x, at.y, 0.004);
                opening * pane > 0.5
            };
            let glass =
                Skin { albedo: gray(0.02), glow: gray(0.0), roughness: 0.02, metallic: 0.0 };
            let skin = if window { glass } else { skin };
            *material = Material {
                albedo: skin.albedo.clamped(),
                normal: vec3(n.dot(eye.right), n.y, -n.dot(eye.ahead)),
                roughness: skin.roughness,
                metallic: skin.metallic,
                distance,
            };
        }
    }

    fn look(&self) -> Look {
        let exposure = match self.air.light {
            Light::Night | Light::Neon => 1.5,
            Light::Storm => 1.35,
            _ => 1.15,
        };
        Look { exposure, bloom: 0.55, filmic: true }
    }
}
