//! A city of towers on an island, with traffic in the air and its mirror image in the water.

use super::atmosphere::Atmosphere;
use super::canvas::{Look, Renderer, View};
use super::facade;
use super::sky::{Detail, Sky};
use super::tower::{self, CELL, CELLS_ACROSS, Tower};
use super::traffic::{self, Sighting, Traffic};
use super::{Camera, Quality};
use crate::engine::math::{cos, exp, floor, larger, mix, saturate, sin, smaller, squared};
use crate::engine::noise::fractal;
use crate::engine::prompt::Composition;
use crate::engine::vector::{Color, Vec3, rgb, vec3};

/// Half the side of the island.
const HALF: f32 = CELL * CELLS_ACROSS as f32 * 0.5;
/// From the camera's path to the island's centre.
const ORBIT_RADIUS: f32 = HALF + 140.0;
/// Nothing is taller.
const TALLEST: f32 = 175.0;

/// One city. Its centre is the origin, the water lies at height 0.
pub(super) struct City {
    air: Atmosphere,
    sky: Sky,
    towers: Vec<Tower>,
    traffic: Option<Traffic>,
}

/// Where a frame is seen from.
struct Eye {
    position: Vec3,
    ahead: Vec3,
    right: Vec3,
    focal: f32,
    horizon: f32,
}

impl City {
    pub(super) fn new(composition: &Composition) -> City {
        let seed = composition.variation;
        City {
            air: Atmosphere::new(composition),
            sky: Sky::new(composition),
            towers: tower::plan(seed),
            traffic: composition.traffic.then(|| Traffic::new(seed)),
        }
    }

    fn eye(&self, view: &View) -> Eye {
        let Camera { progress, orbit, .. } = view.camera;
        let (ahead, right) =
            (vec3(sin(orbit), 0.0, cos(orbit)), vec3(cos(orbit), 0.0, -sin(orbit)));
        let mut position = right * mix(-16.0, 16.0, progress) - ahead * ORBIT_RADIUS;
        position.y = 12.0;
        Eye { position, ahead, right, focal: view.focal(1.06), horizon: view.height * 0.66 }
    }

    fn tower(&self, x: i32, z: i32) -> Option<&Tower> {
        let side = CELLS_ACROSS as i32;
        if x < 0 || z < 0 || x >= side || z >= side {
            return None;
        }
        self.towers.get((z * side + x) as usize)
    }

    /// Distance to the nearest wall along a ray and its light there.
    fn trace(&self, from: Vec3, ray: Vec3, time: f32, pixel: f32) -> Option<(f32, Color)> {
        let inverse = vec3(reciprocal(ray.x), reciprocal(ray.y), reciprocal(ray.z));
        let (near, far) = island(from, inverse)?;
        let entry = from + ray * (near + 1e-3);
        let cell = |v: f32| floor((v + HALF) / CELL) as i32;
        let (mut x, mut z) = (cell(entry.x), cell(entry.z));
        let (step_x, step_z) =
            (if ray.x >= 0.0 { 1 } else { -1 }, if ray.z >= 0.0 { 1 } else { -1 });
        // Distances at which the ray crosses into the next column and row of cells.
        let edge = |cell: i32, step: i32| (cell + (step + 1) / 2) as f32 * CELL - HALF;
        let mut next_x = (edge(x, step_x) - from.x) * inverse.x;
        let mut next_z = (edge(z, step_z) - from.z) * inverse.z;
        let (pace_x, pace_z) = ((CELL * inverse.x).abs(), (CELL * inverse.z).abs());
        let mut reached = near;
        while reached < far {
            let leaves = smaller(next_x, next_z);
            if let Some(tower) = self.tower(x, z) {
                let lowest = smaller(from.y + ray.y * reached, from.y + ray.y * leaves);
                if lowest < tower.top() {
                    let corner = vec3(x as f32 * CELL - HALF, 0.0, z as f32 * CELL - HALF);
                    if let Some(hit) = tower.hit(from, ray, inverse, corner) {
                        let at = from + ray * hit.distance;
                        let size = pixel * hit.distance;
                        let light = facade::light(&self.air, tower, &hit, at, ray, size, time);
                        return Some((hit.distance, light));
                    }
                }
            }
            reached = leaves;
            if next_x < next_z {
                next_x += pace_x;
                x += step_x;
            } else {
                next_z += pace_z;
                z += step_z;
            }
        }
        None
    }

    /// A wall's light seen through `distance` units of city air.
    fn veiled(&self, light: Color, distance: f32, ray: Vec3) -> Color {
        let veil = 1.0 - exp(-distance * 0.00090 * self.air.haze);
        light.mix(self.air.veil_color(distance, ray) * 0.9, veil * 0.9)
    }

    fn water(&self, from: Vec3, ray: Vec3, view: &View, pixel: f32) -> Color {
        let time = view.camera.time;
        let distance = -from.y / ray.y;
        let at = from + ray * distance;
        let calm = 1.0 / (1.0 + distance * 0.012);
        let octaves = if view.quality == Quality::Film { 2 } else { 3 };
        let drift = time * 0.6;
        let tilt_x = fractal(at.x * 0.5, at.z * 0.55 - drift, octaves, 9) * 0.05 * calm;
        let tilt_z =
            fractal(at.x * 0.4 + 9.0, at.z * 0.55 - drift * 1.2, octaves, 10) * 0.16 * calm;
        let normal = vec3(tilt_x, 1.0, tilt_z).normalized();
        let mut mirror = ray.reflected(normal);
        mirror.y = mirror.y.abs() + 0.001;
        let mirror = mirror.normalized();
        let reflected = match self.trace(at, mirror, time, pixel * 3.0) {
            Some((reach, light)) => self.veiled(light, distance + reach, mirror),
            None => self.sky.color(&self.air, mirror, time, Detail::Coarse),
        };
        let facing = 1.0 - saturate(-ray.dot(normal));
        let fresnel = 0.05 + 0.95 * squared(facing, 2) * facing;
        let body = rgb(0.010, 0.022, 0.032) * (self.air.middle * 2.0 + self.air.sunlight * 0.15);
        body.mix(reflected, 0.22 + 0.70 * fresnel)
    }

    /// Distance and light of what stands behind the traffic.
    fn point(&self, eye: &Eye, ray: Vec3, view: &View) -> (f32, Color) {
        let time = view.camera.time;
        let pixel = 1.0 / eye.focal;
        if let Some((distance, light)) = self.trace(eye.position, ray, time, pixel) {
            (distance, self.veiled(light, distance, ray))
        } else if ray.y >= -0.0005 {
            let detail = if view.quality == Quality::Film { Detail::Coarse } else { Detail::Full };
            let sky = self.sky.color(&self.air, ray, time, detail);
            let band = exp(-larger(ray.y, 0.0) * 40.0);
            (f32::INFINITY, sky.mix(self.air.haze_color(ray), 0.6 * band))
        } else {
            let water = self.water(eye.position, ray, view, pixel);
            let distance = -eye.position.y / ray.y;
            (distance, self.veiled(water, distance * 0.5, ray))
        }
    }
}

impl Renderer for City {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let eye = self.eye(view);
        let across = view.across(x, eye.focal);
        let way = eye.ahead + eye.right * across;
        let cars = self.traffic.as_ref().map_or_else(Vec::new, |traffic| {
            traffic.at(view.camera.time, eye.position, eye.ahead, eye.right)
        });
        let sightings = traffic::sightings(&cars, eye.position, way);
        for (y, color) in ys.iter().zip(out) {
            let up = (eye.horizon - y) / eye.focal;
            let ray = (way + vec3(0.0, up, 0.0)).normalized();
            let (depth, mut light) = self.point(&eye, ray, view);
            for Sighting { car, slopes: (lowest, highest) } in &sightings {
                if up >= *lowest && up <= *highest {
                    light = car.over(light, &self.air, eye.position, ray, depth);
                }
            }
            *color = light;
        }
    }

    fn look(&self) -> Look {
        Look { exposure: self.air.exposure, bloom: 0.6, filmic: true }
    }
}

/// One over `v`, or a huge number of the same sign.
fn reciprocal(v: f32) -> f32 {
    if v.abs() > 1e-6 {
        1.0 / v
    } else if v < 0.0 {
        -1e6
    } else {
        1e6
    }
}

/// Distances at which a ray enters and leaves the air above the island.
fn island(from: Vec3, inverse: Vec3) -> Option<(f32, f32)> {
    let span = |low: f32, high: f32, from: f32, inverse: f32| {
        let (a, b) = ((low - from) * inverse, (high - from) * inverse);
        if a < b { (a, b) } else { (b, a) }
    };
    let (x0, x1) = span(-HALF, HALF, from.x, inverse.x);
    let (y0, y1) = span(-1.0, TALLEST, from.y, inverse.y);
    let (z0, z1) = span(-HALF, HALF, from.z, inverse.z);
    let near = larger(larger(x0, y0), larger(z0, 0.0));
    let far = smaller(x1, smaller(y1, z1));
    (near < far).then_some((near, far))
}
