//! Mountains, lakes, seas, forests and deserts, seen from above a valley.

// Positions are bounded by the line that is drawn and by the baked field.
#![allow(clippy::indexing_slicing)]

use super::atmosphere::Atmosphere;
use super::canvas::{Look, Renderer, View};
use super::ground::Ground;
use super::sky::{Detail, Sky};
use super::terrain::{SIDE, Terrain, VALLEY};
use super::tree;
use super::water;
use super::{Camera, Quality};
use crate::engine::math::{cos, floor, larger, saturate, sin, smoothstep};
use crate::engine::noise::gradient;
use crate::engine::parallel;
use crate::engine::prompt::{Composition, Subject};
use crate::engine::vector::{Color, Vec3, gray, vec3};

/// How far land is drawn.
const FAR: f32 = 1500.0;
/// Distance of the point that an orbiting camera circles.
const ORBIT_RADIUS: f32 = 120.0;

/// One landscape.
pub(super) struct Landscape {
    pub(super) subject: Subject,
    pub(super) air: Atmosphere,
    pub(super) sky: Sky,
    pub(super) ground: Ground,
    /// Lit ground colours, one a cell; empty where every frame is lit afresh.
    baked: Vec<Color>,
}

/// Where a frame is seen from.
struct Eye {
    position: Vec3,
    /// Level unit vectors.
    ahead: Vec3,
    right: Vec3,
    focal: f32,
    /// Row of the horizon, pixels from the top.
    horizon: f32,
}

impl Landscape {
    /// Builds land and light. `None` when cancelled.
    pub(super) fn build(
        composition: &Composition,
        quality: Quality,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Landscape> {
        let air = Atmosphere::new(composition);
        let terrain = Terrain::build(composition, air.sun, cancel)?;
        let mut landscape = Landscape {
            subject: composition.subject,
            sky: Sky { aurora: composition.aurora, seed: composition.variation },
            ground: Ground::new(composition, terrain),
            air,
            baked: Vec::new(),
        };
        if quality == Quality::Film {
            landscape.baked = landscape.bake(cancel)?;
        }
        Some(landscape)
    }

    fn bake(&self, cancel: &dyn Fn() -> bool) -> Option<Vec<Color>> {
        let mut baked = vec![gray(0.0); SIDE * SIDE];
        let done = parallel::fill(
            &mut baked,
            SIDE,
            &|z, row| {
                for (x, color) in row.iter_mut().enumerate() {
                    *color = self.ground.lit(&self.air, x as f32, z as f32, 240.0);
                }
            },
            cancel,
            &mut |_| {},
        );
        done.then_some(baked)
    }

    fn eye(&self, view: &View) -> Eye {
        let Camera { progress, orbit, time } = view.camera;
        let (ahead, right) =
            (vec3(sin(orbit), 0.0, cos(orbit)), vec3(cos(orbit), 0.0, -sin(orbit)));
        let path = vec3(VALLEY + 10.0 * sin(progress * 2.0), 0.0, 60.0 + 130.0 * progress);
        let center = path + vec3(0.0, 0.0, ORBIT_RADIUS);
        let mut position = center - ahead * ORBIT_RADIUS;
        let terrain = &self.ground.terrain;
        // Averaged over the way ahead, so that the camera glides over bumps.
        let mut ground = terrain.water;
        for step in 0..24 {
            let at = position + ahead * (step as f32 * 4.0 - 6.0);
            ground = larger(ground, terrain.height(at.x, at.z));
        }
        let (clearance, lowest) = match self.subject {
            Subject::Lake => (9.0, terrain.water + 13.0),
            Subject::Sea => (9.0, terrain.water + 10.0 + 0.5 * sin(time * 0.8)),
            Subject::Desert => (15.0, 34.0),
            Subject::Forest => (22.0, 40.0),
            _ => (26.0, 50.0),
        };
        position.y = larger(ground + clearance, lowest);
        Eye { position, ahead, right, focal: view.focal(0.86), horizon: view.height * 0.44 }
    }

    /// Light of the ground at a point seen from `distance`, before the air between.
    fn ground_light(&self, x: f32, z: f32, distance: f32) -> Color {
        if self.baked.is_empty() {
            return self.ground.lit(&self.air, x, z, distance);
        }
        let (fx, fz) = (floor(x), floor(z));
        let (u, v) = (x - fx, z - fz);
        let (x0, z0) = (fx as i32 as usize & (SIDE - 1), fz as i32 as usize & (SIDE - 1));
        let (x1, z1) = ((x0 + 1) & (SIDE - 1), (z0 + 1) & (SIDE - 1));
        let near = self.baked[z0 * SIDE + x0].mix(self.baked[z0 * SIDE + x1], u);
        let far = self.baked[z1 * SIDE + x0].mix(self.baked[z1 * SIDE + x1], u);
        let color = near.mix(far, v);
        let grain = 1.0 - smoothstep(60.0, 220.0, distance);
        if grain > 0.0 {
            color * (1.0 + 0.35 * grain * gradient(x * 2.1, z * 2.1, 41))
        } else {
            color
        }
    }

    /// Light from land along a reflected ray, or from the sky behind it.
    pub(super) fn mirrored(
        &self,
        from: Vec3,
        ray: Vec3,
        distance: f32,
        time: f32,
        quality: Quality,
    ) -> Color {
        let terrain = &self.ground.terrain;
        let film = quality == Quality::Film;
        let (grow, ceiling) = if film { (0.10, 210.0) } else { (0.045, 290.0) };
        let mut reach = 2.0;
        while reach < 700.0 {
            let at = from + ray * reach;
            if at.y > ceiling {
                break;
            }
            let height =
                if film { terrain.coarse_height(at.x, at.z) } else { terrain.height(at.x, at.z) };
            if height > at.y {
                let color = self.ground_light(at.x, at.z, distance + reach);
                return self.air.through_air(color, distance + reach, height, ray);
            }
            reach += 1.5 + reach * grow + if film { 2.5 } else { 0.0 };
        }
        let detail = if film { Detail::Coarse } else { Detail::Full };
        self.sky.color(&self.air, ray.normalized(), time, detail)
    }

    /// Marks for each point of a line how deep the land is there; 0 where there is sky.
    fn depths(&self, eye: &Eye, across: f32, ys: &[f32], quality: Quality) -> Vec<f32> {
        let mut depths = vec![0.0; ys.len()];
        let ground = &self.ground;
        let film = quality == Quality::Film;
        let (grow, least) = if film { (0.009, 0.8) } else { (0.0034, 0.32) };
        let way = eye.ahead + eye.right * across;
        // Rows shrink upward as land rises; `next` is the lowest point not yet covered.
        let mut next = ys.len();
        let mut top = f32::INFINITY;
        let (mut depth, mut last_depth, mut last_row) = (1.5f32, 1.5f32, f32::INFINITY);
        while depth < FAR && next > 0 {
            let (x, z) = (eye.position.x + way.x * depth, eye.position.z + way.z * depth);
            let mut height = ground.terrain.height(x, z);
            if depth < 800.0
                && height > ground.terrain.water
                && let Some(crown) = tree::crown(&ground.terrain, ground.trees, ground.seed, x, z)
            {
                height += crown.height;
            }
            height = larger(height, ground.terrain.water);
            let row = eye.horizon - (height - eye.position.y) * eye.focal / depth;
            if row < top {
                while next > 0 && ys[next - 1] >= row {
                    let y = ys[next - 1];
                    let rising = last_row <= top + 1.0 && last_row > row && last_row.is_finite();
                    let share =
                        if rising { saturate((last_row - y) / (last_row - row)) } else { 1.0 };
                    depths[next - 1] = last_depth + (depth - last_depth) * share;
                    next -= 1;
                }
                top = row;
            }
            (last_row, last_depth) = (row, depth);
            depth += larger(depth * grow, least);
        }
        depths
    }
}

impl Renderer for Landscape {
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]) {
        let eye = self.eye(view);
        let across = view.across(x, eye.focal);
        let depths = self.depths(&eye, across, ys, view.quality);
        let time = view.camera.time;
        let detail = if view.quality == Quality::Film { Detail::Coarse } else { Detail::Full };
        let water = self.ground.terrain.water;
        for ((y, depth), color) in ys.iter().zip(&depths).zip(out) {
            let up = (eye.horizon - y) / eye.focal;
            let slant = eye.ahead + eye.right * across + vec3(0.0, up, 0.0);
            let length = slant.length();
            let ray = slant * (1.0 / length);
            if *depth == 0.0 {
                let sky = self.sky.color(&self.air, ray, time, detail);
                *color = sky.mix(self.air.haze_color(ray), 0.5 * smoothstep(0.06, 0.0, ray.y));
                continue;
            }
            let at = eye.position + slant * *depth;
            let height = self.ground.terrain.height(at.x, at.z);
            *color = if height < water && up < 0.0 {
                let depth = (eye.position.y - water) / -up;
                water::light(self, eye.position + slant * depth, ray, depth * length, view)
            } else {
                let distance = depth * length;
                let light = self.ground_light(at.x, at.z, distance);
                self.air.through_air(light, distance, height, ray)
            };
        }
    }

    fn look(&self) -> Look {
        Look { exposure: self.air.exposure, bloom: 0.5, filmic: true }
    }
}
