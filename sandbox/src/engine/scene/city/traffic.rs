//! Cars in the air before and between the towers, and on the road.

use super::camera::Eye;
use super::car::Car;
use super::facade::Evening;
use super::plan::{AVENUE, CELL, GROUND, HALF};
use crate::engine::math::{cos, floor, larger, mix, sin, smaller};
use crate::engine::noise::{byte, hash};
use crate::engine::vector::{Color, gray, rgb, vec3};

/// Cars of each kind.
const NEAR: i32 = 11;
const MIDDLE: i32 = 24;
const ROAD: i32 = 26;
/// Half the length of a lane; cars that leave at one end come in at the other.
const REACH: f32 = 210.0;

/// All cars of a city.
pub(super) struct Traffic {
    seed: u32,
    flying: bool,
    road: bool,
    accents: [Color; 4],
}

impl Traffic {
    pub(super) fn new(seed: u32, flying: bool, road: bool, evening: &Evening) -> Traffic {
        Traffic { seed: seed ^ 0xCA2, flying, road, accents: evening.accents }
    }

    /// The cars at a moment. The nearest follow the camera, so that a circling camera keeps meeting
    /// them; the others belong to the city.
    pub(super) fn at(&self, time: f32, eye: &Eye, steep: bool) -> Vec<Car> {
        let mut cars = Vec::new();
        if self.flying && !self.road && !steep {
            self.near(time, eye, &mut cars);
        }
        if self.flying {
            self.middle(time, &mut cars);
        }
        if self.road {
            self.avenue(time, &mut cars);
        }
        cars
    }

    fn near(&self, time: f32, eye: &Eye, cars: &mut Vec<Car>) {
        for number in 0..NEAR {
            let id = hash(number, 1, self.seed);
            // Spread over the depth and the height of the picture, one car for each band; the
            // first two are the foreground.
            let depth = match number {
                0 => 15.5,
                1 => 25.0,
                _ => mix(38.0, 120.0, (number as f32 - 1.5 + 0.5 * byte(id, 8)) / NEAR as f32),
            };
            let way = if (id ^ number as u32) & 1 == 0 { 1.0 } else { -1.0 };
            let span = depth * 1.2 + 10.0;
            let start = match number {
                0 => way * -0.22 * depth,
                1 => way * 0.24 * depth,
                _ => byte(id, 16) * 2.0 * span,
            };
            let pace = mix(4.0, 9.0, byte(id, 4)) * if number < 2 { 0.55 } else { 1.0 };
            let place = wrapped(start + (time - 2.0) * way * pace, span);
            let slope = match number {
                0 => 0.035,
                1 => 0.30,
                _ => mix(-0.05, 0.44, byte(hash(number, 5, self.seed), 8)),
            };
            let mut center = eye.position + eye.level * depth + eye.right * place;
            center.y = larger(eye.position.y + depth * slope, 4.0)
                + 0.25 * sin(time * 1.3 + byte(id, 24) * 6.0);
            let turn = mix(0.12, 0.75, byte(id, 12)) * if number == 1 { 1.0 } else { -1.0 };
            let ahead = eye.right * (way * cos(turn)) + eye.level * sin(turn);
            cars.push(self.car(center, ahead, id, if number < 2 { 1.0 } else { 1.05 }));
        }
    }

    fn middle(&self, time: f32, cars: &mut Vec<Car>) {
        for number in 0..MIDDLE {
            let id = hash(number, 2, self.seed);
            let way = if id & 1 == 0 { 1.0 } else { -1.0 };
            let place = wrapped(byte(id, 16) * 2.0 * REACH + time * way * 13.0, REACH);
            let height = 16.0 + 70.0 * byte(id, 24);
            let street = floor((byte(id, 8) - 0.5) * 12.0) * CELL;
            let (center, lane) = if number % 3 == 0 {
                (vec3(street, height, place), vec3(0.0, 0.0, way))
            } else {
                (vec3(place, height, -HALF - 6.0 - 44.0 * byte(id, 8)), vec3(way, 0.0, 0.0))
            };
            let center = if self.road {
                vec3(3.0 * (byte(id, 4) * 2.0 - 1.0), 6.0 + 18.0 * byte(id, 24), place)
            } else {
                center
            };
            let lane = if self.road { vec3(0.0, 0.0, way) } else { lane };
            cars.push(self.car(center, lane, id, if self.road { 0.7 } else { 1.1 }));
        }
    }

    /// Cars on the wide avenue, keeping to the right.
    fn avenue(&self, time: f32, cars: &mut Vec<Car>) {
        for number in 0..ROAD {
            let id = hash(number, 3, self.seed);
            let way = if number & 1 == 0 { 1.0 } else { -1.0 };
            let row = if number & 2 == 0 { 0.28 } else { 0.62 };
            let slot = (number / 4) as f32 / (ROAD / 4) as f32 + 0.08 * byte(id, 8);
            let place = wrapped(slot * 2.0 * REACH + time * way * (5.0 + 3.0 * row), REACH);
            let x = way * AVENUE * row;
            let size = 0.30;
            let center = vec3(x, GROUND + size * 0.84, place - 40.0);
            let mut car = self.car(center, vec3(0.0, 0.0, way), id, size);
            car.road = true;
            cars.push(car);
        }
    }

    fn car(
        &self,
        center: crate::engine::vector::Vec3,
        ahead: crate::engine::vector::Vec3,
        id: u32,
        size: f32,
    ) -> Car {
        let paint = match id >> 3 & 7 {
            0 => rgb(0.55, 0.05, 0.04),
            1 => rgb(0.75, 0.73, 0.70),
            2 => rgb(0.62, 0.30, 0.03),
            3 => rgb(0.04, 0.24, 0.34),
            4 => rgb(0.05, 0.06, 0.08),
            5 => rgb(0.34, 0.36, 0.40),
            6 => rgb(0.10, 0.14, 0.48),
            _ => rgb(0.50, 0.50, 0.52),
        };
        let [a, b, c, d] = self.accents;
        let neon = match id >> 6 & 7 {
            0..=3 => a,
            4 | 5 => b,
            6 => c,
            _ => d,
        } + gray(0.1);
        let right = vec3(ahead.z, 0.0, -ahead.x);
        Car { center, ahead, right, size, paint, neon, road: false }
    }
}

/// `place` brought into -`reach` to `reach`.
fn wrapped(place: f32, reach: f32) -> f32 {
    place - floor((place + reach) / (2.0 * reach)) * 2.0 * reach
}

/// A car that a line of the picture may show.
pub(super) struct Sighting {
    pub(super) car: Car,
    distance: f32,
    /// Slopes of the picture between which it may be seen.
    pub(super) slopes: (f32, f32),
}

/// The cars on the upright line of the picture at slope `across`, farthest first.
pub(super) fn sightings(cars: &[Car], eye: &Eye, across: f32) -> Vec<Sighting> {
    let mut sightings: Vec<Sighting> = cars
        .iter()
        .filter_map(|car| {
            let (mut left, mut right) = (f32::INFINITY, -f32::INFINITY);
            let (mut low, mut high) = (f32::INFINITY, -f32::INFINITY);
            let mut seen = false;
            for (center, radius) in car.balls() {
                let offset = center - eye.position;
                let depth = offset.dot(eye.forward);
                seen |= depth > -radius;
                let (near, far) = (larger(depth - radius, 0.4), larger(depth + radius, 0.5));
                let (x, y) = (offset.dot(eye.right), offset.dot(eye.up));
                let least = |v: f32| v / if v > 0.0 { far } else { near };
                let most = |v: f32| v / if v > 0.0 { near } else { far };
                (left, right) = (smaller(left, least(x - radius)), larger(right, most(x + radius)));
                (low, high) = (smaller(low, least(y - radius)), larger(high, most(y + radius)));
            }
            let distance = (car.center - eye.position).length();
            (seen && across >= left && across <= right).then_some(Sighting {
                car: *car,
                distance,
                slopes: (low, high),
            })
        })
        .collect();
    sightings.sort_by(|a, b| b.distance.total_cmp(&a.distance));
    sightings
}
