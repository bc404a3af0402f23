//! Flying cars.

use super::atmosphere::Atmosphere;
use super::tower::{CELL, CELLS_ACROSS};
use crate::engine::math::{exp, floor, larger, mix, saturate, sin, smaller, smoothstep, squared};
use crate::engine::noise::{byte, hash};
use crate::engine::prompt::Light;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Cars in each kind of lane.
const NEAR: i32 = 9;
const MIDDLE: i32 = 26;
const STREET: i32 = 60;
/// Half the length of a lane; cars that leave at one end come in at the other.
const REACH: f32 = 210.0;
/// Length of the light that trails behind, in car lengths.
const TRAIL: f32 = 9.0;
/// How far above and below its middle a car's light is seen, in its own size.
const GLOW_REACH: f32 = 3.2;
/// Half the length of a car.
const HALF_LENGTH: f32 = 2.5;

/// All cars of a city.
pub(super) struct Traffic {
    seed: u32,
}

/// One car at one moment.
pub(super) struct Car {
    center: Vec3,
    /// Unit vectors of the car: ahead and to its right; both level.
    ahead: Vec3,
    right: Vec3,
    size: f32,
    paint: Color,
    neon: Color,
}

impl Traffic {
    pub(super) fn new(seed: u32) -> Traffic {
        Traffic { seed: seed ^ 0xCA2 }
    }

    /// The cars at a moment. The nearest lanes follow the camera, so that a circling camera keeps
    /// meeting cars; the others belong to the city.
    pub(super) fn at(&self, time: f32, eye: Vec3, ahead: Vec3, right: Vec3) -> Vec<Car> {
        let half = CELL * CELLS_ACROSS as f32 * 0.5;
        let mut cars = Vec::with_capacity((NEAR + MIDDLE + STREET) as usize);
        for number in 0..NEAR {
            let id = hash(number, 1, self.seed);
            // Spread over the depth and the height of the picture, one car for each band.
            let band = (number as f32 + 0.3 + 0.4 * byte(id, 8)) / NEAR as f32;
            let depth = mix(24.0, 92.0, band);
            let span = depth * 1.5 + 20.0;
            let direction = if id & 1 == 0 { 1.0 } else { -1.0 };
            let place = wrapped(
                byte(id, 16) * 2.0 * span + time * direction * mix(5.0, 11.0, byte(id, 4)),
                span,
            );
            let height = eye.y + depth * mix(-0.06, 0.42, byte(hash(number, 5, self.seed), 8));
            let mut center = eye + ahead * depth + right * place;
            center.y = larger(height, 4.0) + 0.25 * sin(time * 1.3 + byte(id, 24) * 6.0);
            cars.push(Car::new(center, right * direction, id, 1.0));
        }
        for number in 0..MIDDLE {
            let id = hash(number, 2, self.seed);
            let direction = if id & 1 == 0 { 1.0 } else { -1.0 };
            let lane = vec3(direction, 0.0, 0.0);
            let z = -half - 8.0 - 46.0 * byte(id, 8);
            let x = wrapped(byte(id, 16) * 2.0 * REACH + time * direction * 13.0, REACH);
            cars.push(Car::new(vec3(x, 14.0 + 62.0 * byte(id, 24), z), lane, id, 1.1));
        }
        for number in 0..STREET {
            let id = hash(number, 3, self.seed);
            let direction = if id & 1 == 0 { 1.0 } else { -1.0 };
            let street = (floor(byte(id, 8) * CELLS_ACROSS as f32) * CELL - half) * 0.6;
            let place = wrapped(byte(id, 16) * 2.0 * REACH + time * direction * 16.0, REACH);
            let height = 20.0 + 75.0 * byte(id, 24);
            let (center, lane) = if id & 2 == 0 {
                (vec3(street, height, place), vec3(0.0, 0.0, direction))
            } else {
                (vec3(place, height, street), vec3(direction, 0.0, 0.0))
            };
            cars.push(Car::new(center, lane, id, 1.3));
        }
        cars
    }
}

/// `place` brought into -`reach` to `reach`.
fn wrapped(place: f32, reach: f32) -> f32 {
    place - floor((place + reach) / (2.0 * reach)) * 2.0 * reach
}

/// A car that a line of the picture may show.
pub(super) struct Sighting<'a> {
    pub(super) car: &'a Car,
    /// Slopes between which rays may meet it.
    pub(super) slopes: (f32, f32),
}

/// The cars that rays from `eye` in the upright plane of `way` may meet, farthest first.
pub(super) fn sightings(cars: &[Car], eye: Vec3, way: Vec3) -> Vec<Sighting<'_>> {
    let mut sightings: Vec<Sighting<'_>> = cars
        .iter()
        .filter_map(|car| Some(Sighting { car, slopes: car.slopes(eye, way)? }))
        .collect();
    let distance = |sighting: &Sighting<'_>| (sighting.car.center - eye).length();
    sightings.sort_by(|a, b| distance(b).total_cmp(&distance(a)));
    sightings
}

impl Car {
    fn new(center: Vec3, ahead: Vec3, id: u32, size: f32) -> Car {
        let paint = match id >> 3 & 7 {
            0 | 1 => rgb(0.55, 0.05, 0.04),
            2 => rgb(0.75, 0.73, 0.70),
            3 => rgb(0.70, 0.42, 0.04),
            4 => rgb(0.04, 0.24, 0.34),
            5 => rgb(0.06, 0.07, 0.09),
            6 => rgb(0.30, 0.32, 0.36),
            _ => rgb(0.10, 0.14, 0.48),
        };
        let neon = match id >> 6 & 3 {
            0 => rgb(0.15, 1.3, 2.2),
            1 => rgb(2.2, 0.25, 1.2),
            2 => rgb(2.2, 1.1, 0.2),
            _ => rgb(0.4, 2.0, 0.9),
        };
        Car { center, ahead, right: vec3(ahead.z, 0.0, -ahead.x), size, paint, neon }
    }

    /// The slopes between which rays from `eye` in the upright plane of the level vector `way` may
    /// meet the car, its glow or its trail; `None` when none can.
    fn slopes(&self, eye: Vec3, way: Vec3) -> Option<(f32, f32)> {
        let square = way.x * way.x + way.z * way.z;
        let length = square.sqrt();
        // Distance beside the plane, and how many times `way` leads up to the point.
        let place = |point: Vec3| {
            let offset = point - eye;
            (
                (offset.x * way.z - offset.z * way.x) / length,
                (offset.x * way.x + offset.z * way.z) / square,
            )
        };
        let (front, near) = place(self.center);
        let (back, far) = place(self.center - self.ahead * (HALF_LENGTH * self.size * TRAIL));
        let room = HALF_LENGTH * self.size * 1.6;
        if smaller(front, back) > room || larger(front, back) < -room {
            return None;
        }
        let (first, last) = (smaller(near, far) - room / length, larger(near, far) + room / length);
        if last <= 0.0 {
            return None;
        }
        let (low, high) = (
            self.center.y - eye.y - self.size * GLOW_REACH,
            self.center.y - eye.y + self.size * GLOW_REACH,
        );
        let first = larger(first, 0.5);
        Some((smaller(low / first, low / last), larger(high / first, high / last)))
    }

    /// Into the car's own axes: x ahead, y up, z right, in units of its size.
    fn local(&self, v: Vec3) -> Vec3 {
        vec3(v.dot(self.ahead), v.y, v.dot(self.right)) * (1.0 / self.size)
    }

    /// The car and its lights over what lies behind, which is `depth` away.
    pub(super) fn over(
        &self,
        behind: Color,
        air: &Atmosphere,
        eye: Vec3,
        ray: Vec3,
        depth: f32,
    ) -> Color {
        let from = self.local(eye - self.center);
        let ray_here = vec3(ray.dot(self.ahead), ray.y, ray.dot(self.right));
        let depth_here = depth / self.size;
        let mut color = behind;
        let mut nearest = depth_here;
        if let Some((distance, light)) = self.body(air, from, ray_here, depth_here) {
            let veil = 1.0 - exp(-distance * self.size * 0.0012 * air.haze);
            color = light.mix(air.haze_color(ray) * 0.85, veil * 0.9);
            nearest = distance;
        }
        color + self.lights(air, from, ray_here, nearest)
    }

    fn body(&self, air: &Atmosphere, from: Vec3, ray: Vec3, depth: f32) -> Option<(f32, Color)> {
        // Hull, cabin, and a pod at each corner.
        const PARTS: [(Vec3, Vec3); 6] = [
            (vec3(0.0, 0.0, 0.0), vec3(2.5, 0.42, 0.98)),
            (vec3(-0.25, 0.36, 0.0), vec3(1.25, 0.46, 0.66)),
            (vec3(1.35, -0.16, 0.92), vec3(0.66, 0.24, 0.26)),
            (vec3(1.35, -0.16, -0.92), vec3(0.66, 0.24, 0.26)),
            (vec3(-1.45, -0.12, 0.96), vec3(0.86, 0.28, 0.30)),
            (vec3(-1.45, -0.12, -0.96), vec3(0.86, 0.28, 0.30)),
        ];
        let mut best: Option<(f32, usize, Vec3)> = None;
        for (number, (center, axes)) in PARTS.iter().enumerate() {
            if let Some((distance, normal)) = ellipsoid(from - *center, ray, *axes)
                && distance < depth
                && best.is_none_or(|(nearest, ..)| distance < nearest)
            {
                best = Some((distance, number, normal));
            }
        }
        let (distance, part, normal) = best?;
        let at = from + ray * distance;
        let world = self.ahead * normal.x + vec3(0.0, normal.y, 0.0) + self.right * normal.z;
        let sight = self.ahead * ray.x + vec3(0.0, ray.y, 0.0) + self.right * ray.z;
        let mirror = sight.reflected(world);
        let sky = air.gradient(larger(mirror.y, 0.0))
            * mix(0.25, 1.0, smoothstep(-0.2, 0.1, mirror.y))
            + air.sunlight * (0.8 * squared(saturate(mirror.dot(air.sun)), 5));
        let facing = 1.0 - saturate(-sight.dot(world));
        let gloss = 0.06 + 0.94 * squared(facing, 2) * facing;
        let paint = match part {
            1 => gray(0.012),
            0 => self.paint,
            _ => self.paint * 0.35 + gray(0.02),
        };
        let direct = larger(world.dot(air.sun), 0.0);
        let skylight = air.zenith * 0.5 + air.middle * (0.5 + 0.3 * world.y) + gray(0.02);
        let mut color = paint * (air.sunlight * direct + skylight)
            + sky * (gloss * if part == 1 { 1.0 } else { 0.7 });
        // A lit strip along the hull and under the pods.
        let strip = if part == 0 {
            smoothstep(0.055, 0.03, (at.y + 0.03).abs())
        } else {
            smoothstep(-0.24, -0.34, at.y) * if part == 1 { 0.0 } else { 1.0 }
        };
        color += self.neon * (strip * lamp_strength(air));
        Some((distance, color))
    }

    /// Head lights, tail lights and the trail, as glow in the air.
    fn lights(&self, air: &Atmosphere, from: Vec3, ray: Vec3, depth: f32) -> Color {
        let strength = lamp_strength(air);
        let mut color = gray(0.0);
        let mut glow = |at: Vec3, hue: Color, radius: f32| {
            let offset = at - from;
            let along = offset.dot(ray);
            if along > 0.0 && along < depth + 0.6 {
                let apart = (offset.dot(offset) - along * along) / (radius * radius);
                if apart < 9.0 {
                    color += hue * (strength * exp(-apart * 2.2));
                }
            }
        };
        for side in [-0.62, 0.62] {
            glow(vec3(2.38, 0.02, side), rgb(2.4, 2.3, 2.0), 0.34);
            glow(vec3(-2.40, 0.08, side), rgb(2.6, 0.22, 0.10), 0.30);
        }
        glow(vec3(0.0, -0.55, 0.0), self.neon * 0.16, 1.5);
        // Closest approach of the ray to the trail behind the car.
        let start = vec3(-2.5, 0.02, 0.0) - from;
        let level = 1.0 - ray.x * ray.x;
        if level > 1e-4 {
            let back = ((start.dot(ray) * ray.x) - start.x) / level;
            let back = smaller(larger(-back, 0.0), TRAIL * HALF_LENGTH);
            let point = start - vec3(back, 0.0, 0.0);
            let along = point.dot(ray);
            if along > 0.0 && along < depth {
                let apart = point.dot(point) - along * along;
                let fade = squared(1.0 - back / (TRAIL * HALF_LENGTH), 1);
                color += (self.neon * 0.5 + rgb(0.9, 0.15, 0.08))
                    * (fade * strength * 0.55 * exp(-apart * 26.0));
            }
        }
        color
    }
}

fn lamp_strength(air: &Atmosphere) -> f32 {
    match air.light {
        Light::Day => 0.45,
        Light::Dawn | Light::Storm => 0.7,
        Light::Sunset => 1.0,
        Light::Night | Light::Neon => 1.15,
    }
}

/// Distance to an ellipsoid around the origin, and the unit normal there.
fn ellipsoid(from: Vec3, ray: Vec3, axes: Vec3) -> Option<(f32, Vec3)> {
    let scale = vec3(1.0 / axes.x, 1.0 / axes.y, 1.0 / axes.z);
    let (o, d) = (from * scale, ray * scale);
    let (a, b, c) = (d.dot(d), o.dot(d), o.dot(o) - 1.0);
    let inside = b * b - a * c;
    if inside <= 0.0 {
        return None;
    }
    let distance = (-b - inside.sqrt()) / a;
    (distance > 0.0).then(|| (distance, ((o + d * distance) * scale).normalized()))
}
