//! A city: towers on their plots, what surrounds them, and traffic in the air and on the road.

mod camera;
mod car;
mod cloud_deck;
mod column;
mod facade;
mod future;
mod lane;
mod pavement;
mod plan;
mod solid;
mod surround;
#[cfg(test)]
mod tests;
mod tower;
mod trace;
mod traffic;

use super::Quality;
use super::atmosphere::Atmosphere;
use super::canvas::{Look, Material, Renderer, View};
use super::sky::{Detail, Sky};
use crate::engine::math::{cos, exp, larger, mix, saturate, sin, squared};
use crate::engine::noise::fractal;
use crate::engine::prompt::{Composition, Era, Light, Subject};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};
use camera::{Eye, Stand};
use column::Column;
use facade::{Evening, Surface};
use lane::Lane;
use plan::Plan;
use surround::{Floor, Surround};
use traffic::{Sighting, Traffic};

/// One city. Its centre is the origin, the water lies at height 0.
pub(super) struct City {
    air: Atmosphere,
    sky: Sky,
    plan: Plan,
    top: f32,
    evening: Evening,
    surround: Surround,
    stand: Stand,
    traffic: Traffic,
    lanes: Vec<Lane>,
    wet: bool,
}

/// What a ray meets.
struct Meeting {
    distance: f32,
    at: Vec3,
    normal: Vec3,
    surface: Surface,
}

impl City {
    /// Plans a city and lets light into it. `None` when cancelled.
    pub(super) fn build(composition: &Composition, cancel: &dyn Fn() -> bool) -> Option<City> {
        let seed = composition.variation;
        let air = atmosphere(composition);
        let surround = Surround::new(composition);
        let inland = composition.street || !matches!(surround.floor, Floor::Water);
        let plan = Plan::build(composition, air.sun, inland, cancel)?;
        let evening = {
            let old = composition.era == Era::Old;
            // Under a grey sky lamps are lit as in a storm.
            let grey = air.overcast() && composition.light == Light::Day;
            let light = if grey { Light::Storm } else { composition.light };
            Evening::new(light, &composition.colors, composition.snow, old)
        };
        let flying = composition.traffic && composition.era == Era::Future;
        let lanes = if flying { lane::lanes(seed, &evening) } else { Vec::new() };
        let stars = composition.with.contains(&Subject::Space);
        Some(City {
            sky: Sky::new(composition),
            top: plan.top(),
            stand: Stand {
                shot: composition.shot,
                street: composition.street,
                floor: surround.floor,
                low: composition.era == Era::Old,
            },
            traffic: Traffic::new(seed, flying, composition.street, &evening),
            lanes,
            wet: composition.rain && !composition.snow,
            air: Atmosphere { clouds: if stars { air.clouds * 0.4 } else { air.clouds }, ..air },
            plan,
            evening,
            surround,
        })
    }

    /// Light from a meeting, before the air in front of it.
    fn light(&self, meeting: &Meeting, ray: Vec3, time: f32, pixel: f32, mirrors: bool) -> Color {
        let Meeting { at, normal, surface, .. } = meeting;
        if mirrors && surface.gloss > 0.0 && normal.y > 0.9 {
            return self.wet_ground(meeting, ray, time, pixel);
        }
        facade::shaded(surface, &self.air, &self.plan, &self.evening, *at, *normal, ray)
    }

    /// Asphalt under a film of water: puddles mirror the street.
    fn wet_ground(&self, meeting: &Meeting, ray: Vec3, time: f32, pixel: f32) -> Color {
        let Meeting { distance, at, surface, .. } = meeting;
        let puddle = saturate(0.55 + 1.4 * fractal(at.x * 0.22, at.z * 0.22, 3, 44));
        let rough = mix(0.035, 0.006, puddle) / (1.0 + distance * 0.02);
        let drops = time * 2.0;
        let tilt_x = fractal(at.x * 2.4 + drops, at.z * 2.4, 2, 9) * rough;
        let tilt_z = fractal(at.x * 2.4, at.z * 2.4 - drops, 2, 10) * rough * 2.2;
        let normal = vec3(tilt_x, 1.0, tilt_z).normalized();
        let mut mirror = ray.reflected(normal);
        mirror.y = larger(mirror.y, 0.01);
        let mirror = mirror.normalized();
        let start = *at + vec3(0.0, 0.02, 0.0);
        let seen = self.distant(start, mirror, time, pixel * 3.0, *distance);
        let matt = Surface { gloss: 0.0, ..*surface };
        let up = vec3(0.0, 1.0, 0.0);
        let own = facade::shaded(&matt, &self.air, &self.plan, &self.evening, *at, up, ray);
        let facing = 1.0 - saturate(-ray.y);
        let fresnel = 0.10 + 0.90 * squared(facing, 2) * facing;
        own.mix(seen, fresnel * surface.gloss * mix(0.55, 1.0, puddle))
    }

    /// What a mirror image shows along a ray: the city or the sky.
    fn distant(&self, from: Vec3, ray: Vec3, time: f32, pixel: f32, before: f32) -> Color {
        match self.trace(from, ray, time, pixel) {
            Some(meeting) => {
                let light = self.light(&meeting, ray, time, pixel, false);
                self.veiled(light, before + meeting.distance, meeting.at.y, ray)
            }
            None => {
                let sky = self.sky.color(&self.air, ray, time, Detail::Coarse);
                self.surround.behind(sky, &self.air, ray, self.evening.lamps)
            }
        }
    }

    /// Light seen through `distance` units of city air, which is thicker near the ground.
    fn veiled(&self, light: Color, distance: f32, height: f32, ray: Vec3) -> Color {
        let low = exp(-larger(height, 0.0) * 0.028);
        let far = larger(distance - 60.0, distance * 0.25);
        let fog = if self.air.shrouded { 0.07 * self.air.mist } else { 0.0 };
        let veil = 1.0 - exp(-far * ((0.00052 + 0.00105 * low) * self.air.haze + fog));
        // Over a lit city the haze itself glows.
        let glow = rgb(1.0, 0.58, 0.30).mix(self.evening.accent(1), 0.35)
            * (0.045 * self.evening.lamps * exp(-larger(height, 0.0) * 0.020));
        light.mix(self.air.veil_color(distance, ray) * 0.92 + glow, veil * 0.94)
    }

    fn water(&self, from: Vec3, ray: Vec3, view: &View, pixel: f32) -> Color {
        let time = view.camera.time;
        let distance = -from.y / ray.y;
        let at = from + ray * distance;
        let calm = 1.0 / (1.0 + distance * 0.010);
        let octaves = if view.quality == Quality::Film { 2 } else { 4 };
        let drift = time * 0.6;
        let gust = 0.55 + 0.9 * saturate(0.5 + fractal(at.x * 0.012, at.z * 0.03, 2, 12));
        let tilt_x = fractal(at.x * 0.42, at.z * 0.5 - drift, octaves, 9) * 0.035 * calm * gust;
        let tilt_z =
            fractal(at.x * 0.32 + 9.0, at.z * 0.55 - drift * 1.2, octaves, 10) * 0.11 * calm * gust;
        let normal = vec3(tilt_x, 1.0, tilt_z).normalized();
        let mut mirror = ray.reflected(normal);
        mirror.y = mirror.y.abs() + 0.001;
        let mirror = mirror.normalized();
        let reflected = self.distant(at, mirror, time, pixel * 3.0, distance);
        let facing = 1.0 - saturate(-ray.dot(normal));
        let fresnel = 0.04 + 0.96 * squared(facing, 2) * facing;
        let body = rgb(0.012, 0.030, 0.040) * (self.air.middle * 1.6 + self.air.sunlight * 0.14);
        body.mix(reflected, 0.20 + 0.74 * fresnel)
    }

    /// Sand or meadow outside the city.
    fn open_ground(&self, from: Vec3, ray: Vec3) -> (Vec3, Vec3, Surface) {
        let at = from + ray * (-from.y / ray.y);
        let bump = |x: f32, z: f32| match self.surround.floor {
            Floor::Sand => {
                let dune = fractal(x * 0.006, z * 0.014, 3, 71);
                9.0 * (0.6 - dune.abs()) + 0.25 * fractal(x * 0.15, z * 0.5, 2, 72)
            }
            _ => 2.5 * fractal(x * 0.03, z * 0.03, 4, 73),
        };
        let here = bump(at.x, at.z);
        let (slope_x, slope_z) = (bump(at.x + 1.0, at.z) - here, bump(at.x, at.z + 1.0) - here);
        let normal = vec3(-slope_x, 1.0, -slope_z).normalized();
        let tone = 0.85 + 0.3 * fractal(at.x * 0.05, at.z * 0.05, 4, 74);
        (at, normal, Surface::matt(self.surround.soil(here) * tone))
    }

    /// Distance and light of what stands behind the traffic.
    fn point(&self, eye: &Eye, ray: Vec3, meeting: Option<Meeting>, view: &View) -> (f32, Color) {
        let time = view.camera.time;
        let pixel = 1.0 / eye.focal;
        let from = eye.position;
        let film = view.quality == Quality::Film;
        let (distance, light) = if let Some(meeting) = meeting {
            let light = self.light(&meeting, ray, time, pixel, true);
            (meeting.distance, self.veiled(light, meeting.distance, meeting.at.y, ray))
        } else if ray.y >= -0.0005 || self.surround.floor == Floor::Clouds {
            let detail = if film { Detail::Coarse } else { Detail::Full };
            let up = vec3(ray.x, larger(ray.y, 0.0), ray.z);
            let sky = self.sky.color(&self.air, up, time, detail);
            (f32::INFINITY, self.surround.behind(sky, &self.air, up, self.evening.lamps))
        } else {
            let distance = -from.y / ray.y;
            let light = if self.surround.floor == Floor::Water {
                self.water(from, ray, view, pixel)
            } else {
                let (at, normal, surface) = self.open_ground(from, ray);
                // Nothing stands around it that would take light away.
                let high = at + vec3(0.0, 400.0, 0.0);
                facade::shaded(&surface, &self.air, &self.plan, &self.evening, high, normal, ray)
            };
            (distance, self.veiled(light, distance * 0.55, 20.0, ray))
        };
        if self.surround.floor == Floor::Clouds {
            let steps = if film { 9 } else { 18 };
            return (
                distance,
                cloud_deck::over(light, &self.air, from, ray, distance, time, steps),
            );
        }
        (distance, light)
    }

    fn sightings(&self, eye: &Eye, view: &View, across: f32) -> Vec<Sighting> {
        let steep = eye.forward.y < -0.1;
        let cars = self.traffic.at(view.camera.time, eye, steep);
        traffic::sightings(&cars, eye, across)
    }
}

impl Renderer for City {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let eye = self.stand.eye(view);
        let across = view.across(x, eye.focal);
        let steepest = column::steepest(&eye, ys);
        let column = Column::new(self, eye, across, steepest, view.camera.time);
        let sightings = self.sightings(&eye, view, across);
        for (y, color) in ys.iter().zip(out) {
            let up = (eye.middle - y) / eye.focal;
            let ray = column.ray(up);
            let (mut depth, mut light) = self.point(&eye, ray, column.trace(up), view);
            light += column.glow(up, ray, depth);
            for Sighting { car, slopes: (lowest, highest), .. } in &sightings {
                if up < *lowest || up > *highest {
                    continue;
                }
                if let Some(body) = car.body(eye.position, ray, depth) {
                    let shaded = car.shaded(&body, &self.air, &self.evening, ray);
                    light = self.veiled(shaded, body.distance, 30.0, ray);
                    depth = body.distance;
                }
                light += car.lights(&self.air, eye.position, ray, depth);
            }
            *color = light;
        }
    }

    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]) {
        let eye = self.stand.eye(view);
        let across = view.across(x, eye.focal);
        let steepest = column::steepest(&eye, ys);
        let column = Column::new(self, eye, across, steepest, view.camera.time);
        let sightings = self.sightings(&eye, view, across);
        for (y, material) in ys.iter().zip(out) {
            let up = (eye.middle - y) / eye.focal;
            let ray = column.ray(up);
            let seen = |n: Vec3| vec3(n.dot(eye.right), n.dot(eye.up), -n.dot(eye.forward));
            *material = self.made_of(&eye, ray, column.trace(up), &seen);
            for Sighting { car, .. } in &sightings {
                if let Some(body) = car.body(eye.position, ray, material.distance) {
                    *material = Material {
                        albedo: body.albedo,
                        normal: seen(body.normal),
                        roughness: body.roughness,
                        metallic: 0.3,
                        distance: body.distance,
                    };
                }
            }
        }
    }

    fn look(&self) -> Look {
        Look { exposure: self.air.exposure, bloom: 0.62, filmic: true }
    }
}

impl City {
    fn made_of(
        &self,
        eye: &Eye,
        ray: Vec3,
        meeting: Option<Meeting>,
        seen: &dyn Fn(Vec3) -> Vec3,
    ) -> Material {
        let of = |surface: &Surface, normal: Vec3, distance: f32| Material {
            albedo: surface.albedo.clamped(),
            normal: seen(normal),
            roughness: surface.roughness,
            metallic: surface.metallic,
            distance,
        };
        if let Some(meeting) = meeting {
            return of(&meeting.surface, meeting.normal, meeting.distance);
        }
        if ray.y >= -0.0005 || self.surround.floor == Floor::Clouds {
            let sky = Surface::matt(gray(0.0));
            return Material { normal: vec3(0.0, 0.0, 1.0), ..of(&sky, ray * -1.0, f32::INFINITY) };
        }
        let distance = -eye.position.y / ray.y;
        if self.surround.floor == Floor::Water {
            let water = Surface { roughness: 0.08, ..Surface::matt(rgb(0.012, 0.03, 0.04)) };
            of(&water, vec3(0.0, 1.0, 0.0), distance)
        } else {
            let (_, normal, surface) = self.open_ground(eye.position, ray);
            of(&surface, normal, distance)
        }
    }
}

/// By day and in storms the sun stands behind the camera, so that the walls it sees are lit.
fn atmosphere(composition: &Composition) -> Atmosphere {
    let air = Atmosphere::new(composition);
    let (height, bearing) = match composition.light {
        Light::Day | Light::Storm => (0.62, -2.25),
        Light::Sunset => (0.085, 0.36),
        _ => return air,
    };
    let level = cos(height);
    let sun = vec3(sin(bearing) * level, sin(height), cos(bearing) * level);
    // Walls in the sun are brighter than land, and walls without it darker.
    let factor = match composition.light {
        Light::Day if air.shrouded => 1.10,
        Light::Day if air.overcast() => 1.2,
        Light::Day => 0.80,
        _ => 1.0,
    };
    Atmosphere { sun, exposure: air.exposure * factor, ..air }
}
