//! Objects that stand, fly or swim in a landscape: buildings, boats, balloons, people, animals.
//!
//! Each is a signed distance that rays are traced against, only inside a ball around it, and is
//! lit by the landscape's own light and air.

mod actor;
mod balloon;
mod bird;
mod bridge;
mod castle;
mod figure;
mod house;
mod lighthouse;
mod model;
mod mold;
mod paint;
mod pyramid;
mod quadruped;
mod sailboat;
mod site;
mod solid;
mod temple;
pub(super) mod troop;
mod windmill;

use std::f32::consts::PI;

use super::atmosphere::Atmosphere;
use super::canvas::Material;
use super::terrain::Terrain;
use crate::engine::math::{larger, mix, saturate, squared};
use crate::engine::noise::{byte, hash};
use crate::engine::prompt::{Composition, Prop, Relief, Subject};
use crate::engine::vector::{Color, Vec3, rgb, vec3};
use actor::{Actor, Motion, Pose};
use model::Model;
use paint::{Paint, Palette};
use site::Spot;
pub(super) use site::{Sites, Stage};

/// The objects of one scene.
pub(super) struct Props {
    actors: Vec<Actor>,
    /// Share of the light on open ground that comes from the sky and not from the sun.
    sky_share: f32,
}

/// The objects that one upright line of the picture may meet, at one moment.
pub(super) struct Cast<'a> {
    poses: Vec<Pose<'a>>,
    /// Size of a picture's point at a distance of 1.
    spread: f32,
}

/// A point on an object.
pub(super) struct Seen<'a> {
    pose: Pose<'a>,
    pub(super) at: Vec3,
    normal: Vec3,
    local: Vec3,
    local_normal: Vec3,
    paint: Paint,
    pub(super) distance: f32,
}

/// How carefully an object is lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    Full,
    /// In films and reflections.
    Quick,
}

/// The composition with its building set in a country that suits it.
pub(super) fn settled(composition: &Composition) -> Composition {
    let mut settled = composition.clone();
    let named = |subject| composition.subject == subject || composition.with.contains(&subject);
    let wet = named(Subject::Sea) || named(Subject::Lake);
    let country = [Subject::Mountains, Subject::Forest, Subject::Desert].into_iter().any(named);
    let building = composition.subject == Subject::Building;
    if building && settled.props.is_empty() {
        settled.props.push(Prop::Castle);
    }
    let suits = match settled.props.first() {
        _ if settled.props.contains(&Prop::Sailboat) && !wet => Some(Subject::Lake),
        _ if !building || wet || country || composition.relief != Relief::Usual => None,
        Some(Prop::Pyramid) => Some(Subject::Desert),
        Some(Prop::Lighthouse) => Some(Subject::Sea),
        Some(Prop::Bridge) => Some(Subject::Lake),
        Some(Prop::Castle) if composition.variation >> 3 & 1 == 0 => Some(Subject::Lake),
        Some(Prop::Castle | Prop::Temple) => Some(Subject::Mountains),
        _ => None,
    };
    settled.with.extend(suits);
    settled
}

impl Props {
    /// Puts the objects where `terrain` was made ready for them.
    pub(super) fn place(composition: &Composition, terrain: &Terrain, air: &Atmosphere) -> Props {
        let palette = Palette::new(composition);
        let sky = air.ambient(vec3(0.0, 1.0, 0.0)).luminance();
        let sun = air.sunlight.luminance() * larger(air.sun.y, 0.0) * 0.9;
        let mut actors = Vec::new();
        for (number, spot) in terrain.sites.spots.iter().enumerate() {
            let own = hash(number as i32, 77, composition.variation);
            actors.extend(actors_at(spot, &palette, own));
        }
        Props { actors, sky_share: sky / larger(sky + sun, 1e-6) }
    }

    /// The objects that the upright plane through `from` along the level direction `way` may cut.
    pub(super) fn cast(&self, from: Vec3, way: Vec3, spread: f32, time: f32) -> Cast<'_> {
        let mut poses = Vec::new();
        for actor in &self.actors {
            let pose = actor.pose(time);
            if pose.in_plane(from, way) {
                poses.push(pose);
            }
        }
        Cast { poses, spread }
    }

    /// The object along a reflected ray.
    pub(super) fn mirrored(&self, from: Vec3, ray: Vec3, time: f32) -> Option<Seen<'_>> {
        if self.actors.is_empty() {
            return None;
        }
        self.cast(from, ray, 0.004, time).seen(from, ray, f32::INFINITY)
    }

    /// Share of its light that the ground at a point has left beside the objects.
    pub(super) fn shade(&self, terrain: &Terrain, air: &Atmosphere, at: Vec3, time: f32) -> f32 {
        let (mut sun, mut sky) = (1.0f32, 1.0f32);
        for actor in &self.actors {
            if matches!(actor.motion, Motion::Circle { .. } | Motion::Sail { .. }) {
                continue;
            }
            let pose = actor.pose(time);
            sun *= pose.sunlit(at, air.sun, 20);
            sky *= pose.contact(at);
        }
        if sun == 1.0 {
            return sky;
        }
        let hidden = (1.0 - sun) * terrain.sunlit(at);
        sky * mix(1.0, self.sky_share, hidden)
    }
}

/// The objects of one place; `own` decides what no word decides.
fn actors_at(spot: &Spot, palette: &Palette, own: u32) -> Vec<Actor> {
    let palette = palette.clone();
    let (side, seed) = (spot.side, palette.seed);
    // Buildings show two of their sides.
    let turn = side * mix(0.40, 0.75, byte(own, 0));
    match spot.prop {
        Prop::Castle => vec![resting(spot, castle::Castle::new(palette), turn, 4.6)],
        Prop::Temple => vec![resting(spot, temple::Temple::new(palette), turn, 3.6)],
        Prop::Lighthouse => vec![resting(spot, lighthouse::Lighthouse::new(palette), turn, 4.5)],
        Prop::Windmill => vec![resting(spot, windmill::Windmill::new(palette), turn * 0.8, 3.2)],
        Prop::Cabin => houses(spot, &palette, turn, own),
        Prop::Bridge => vec![resting(spot, bridge::Bridge::new(palette), side * 0.22, 5.4)],
        Prop::Person => people(spot, &palette, own),
        Prop::Pyramid => pyramids(spot, &palette, turn),
        Prop::Deer => herd(spot, &palette, own, quadruped::Kind::Stag, quadruped::Kind::Hind, 1.25),
        Prop::Horse => {
            herd(spot, &palette, own, quadruped::Kind::Horse, quadruped::Kind::Horse, 1.45)
        }
        Prop::Balloon => balloons(spot, &palette, own),
        Prop::Birds => flock(spot, &palette, own),
        Prop::Sailboat => {
            let heading = if side > 0.0 { 3.5 } else { -0.35 };
            let motion = Motion::Sail { pace: 0.5 + 0.2 * byte(seed, 0) };
            troop(spot, own, |member| {
                let turn = member.map_or(0.0, |id| 0.3 * byte(id, 0));
                let model = sailboat::Sailboat::new(palette.clone());
                Actor { motion, ..resting(spot, model, heading + turn, 2.5) }
            })
        }
    }
}

fn resting<M: Model + 'static>(spot: &Spot, model: M, heading: f32, scale: f32) -> Actor {
    Actor { model: Box::new(model), origin: spot.at, heading, scale, motion: Motion::Rest }
}

/// All that stand together; `member` is told what tells one from another, and nothing for the
/// first.
fn troop(spot: &Spot, own: u32, member: impl Fn(Option<u32>) -> Actor) -> Vec<Actor> {
    let place = |(shift, number): (Vec3, i32)| {
        let mut actor = member((number > 0).then(|| hash(number, 9, own)));
        actor.origin += shift;
        actor
    };
    troop::shifts(spot).zip(0..).map(place).collect()
}

/// A house, or a village whose houses look this way and that.
fn houses(spot: &Spot, palette: &Palette, turn: f32, own: u32) -> Vec<Actor> {
    troop(spot, own, |member| {
        let look = |id| (byte(id, 0) - 0.5, mix(2.4, 3.0, byte(id, 8)));
        let (askew, scale) = member.map_or((0.0, 3.3), look);
        resting(spot, house::House::new(palette.clone()), turn + askew, scale)
    })
}

/// A great one and two behind it, as at Giza.
fn pyramids(spot: &Spot, palette: &Palette, turn: f32) -> Vec<Actor> {
    [(0.0, 0.0, 8.6), (1.15, 0.75, 6.4), (-0.9, 1.0, 3.6)]
        .into_iter()
        .take(spot.size)
        .zip(0..)
        .map(|((aside, behind, scale), number)| {
            let model = pyramid::Pyramid::new(palette.clone(), number);
            let mut actor = resting(spot, model, turn, scale);
            actor.origin += vec3(-spot.side * aside * 62.0, -3.0, behind * 62.0);
            actor
        })
        .collect()
}

/// One person, or several who stand together and look the same way.
fn people(spot: &Spot, palette: &Palette, own: u32) -> Vec<Actor> {
    troop(spot, own, |member| {
        let look = |id| (0.6 * (byte(id, 0) - 0.5), mix(0.90, 1.04, byte(id, 8)));
        let (turn, size) = member.map_or((0.0, 1.0), look);
        let model = figure::Figure::new(palette.clone());
        resting(spot, model, spot.side * 0.35 + turn, 1.55 * size)
    })
}

/// One animal in front and others that graze behind it.
fn herd(
    spot: &Spot,
    palette: &Palette,
    own: u32,
    first: quadruped::Kind,
    second: quadruped::Kind,
    scale: f32,
) -> Vec<Actor> {
    let animal = |kind, grazing, heading: f32| {
        let model = quadruped::Quadruped::new(palette.clone(), kind, grazing);
        resting(spot, model, heading, scale)
    };
    // Seen from the side, looking into the picture.
    let heading = if spot.side > 0.0 { PI + 0.35 } else { -0.35 };
    troop(spot, own, |member| {
        let Some(id) = member else { return animal(first, false, heading) };
        let turn = spot.side * mix(0.2, 0.8, byte(id, 0));
        let behind = animal(second, byte(id, 8) < 0.7, heading + turn);
        Actor { scale: 0.9 * behind.scale, ..behind }
    })
}

/// One near balloon and others that the wind has carried on.
fn balloons(spot: &Spot, palette: &Palette, own: u32) -> Vec<Actor> {
    let places = [
        (0.0, 0.0, 0.0),
        (-2.3, 0.06, 0.55),
        (-0.75, 0.13, 1.15),
        (-3.4, 0.18, 1.6),
        (1.3, 0.10, 1.9),
        (-1.7, 0.04, 2.6),
    ];
    let mut actors = Vec::new();
    for (number, (aside, above, behind)) in places.into_iter().take(spot.size).enumerate() {
        let id = hash(number as i32, 6, own);
        let shift = spot.side * (aside + 0.3 * (byte(id, 0) - 0.5)) * 0.19 * (1.0 + 0.4 * behind);
        let offset = vec3(shift, above + 0.05 * byte(id, 8) - 0.04, behind) * spot.distance;
        let wind = vec3(0.22 * spot.side, 0.05, 0.35);
        actors.push(Actor {
            model: Box::new(balloon::Balloon::new(palette.clone(), id)),
            origin: spot.at + offset,
            heading: byte(id, 16) * 6.0,
            scale: 4.3,
            motion: Motion::Float { wind, phase: byte(id, 24) * 6.0 },
        });
    }
    actors
}

/// Birds that circle, each on its own ring.
fn flock(spot: &Spot, palette: &Palette, own: u32) -> Vec<Actor> {
    // Few are nearer, or they would be specks.
    let near = if spot.size < 4 { 2.0 } else { 1.0 };
    (0..spot.size as i32)
        .map(|number| {
            let id = hash(number, 8, own);
            let offset =
                vec3(byte(id, 0) * 16.0 - 8.0, byte(id, 8) * 9.0 - 4.5, byte(id, 16) * 16.0 - 8.0)
                    * (1.0 / near);
            Actor {
                model: Box::new(bird::Bird::new(palette)),
                origin: spot.at + offset,
                heading: 0.0,
                scale: near * mix(1.0, 1.35, byte(id, 24)),
                motion: Motion::Circle {
                    radius: mix(9.0, 20.0, byte(id, 4)) / near,
                    pace: mix(0.16, 0.26, byte(id, 12)),
                    phase: byte(id, 20) * 6.3,
                },
            }
        })
        .collect()
}

impl<'a> Cast<'a> {
    /// The nearest object along a ray (unit length) before `limit`.
    pub(super) fn seen(&self, from: Vec3, ray: Vec3, limit: f32) -> Option<Seen<'a>> {
        let mut limit = limit;
        let mut nearest = None;
        for pose in &self.poses {
            if let Some(hit) = pose.hit(from, ray, limit, self.spread) {
                limit = hit.distance;
                nearest = Some((*pose, hit));
            }
        }
        let (pose, hit) = nearest?;
        let pixel = self.spread * hit.distance / pose.scale();
        let local = pose.upright(hit.local);
        let local_normal = pose.normal(hit.local, pixel);
        let paint = pose.model().paint(local, local_normal, pixel, pose.time());
        Some(Seen {
            pose,
            at: from + ray * hit.distance,
            normal: pose.outward(local_normal),
            local: hit.local,
            local_normal,
            paint,
            distance: hit.distance,
        })
    }
}

impl Seen<'_> {
    /// Light that leaves the point towards the eye, before the air between.
    pub(super) fn light(
        &self,
        terrain: &Terrain,
        air: &Atmosphere,
        ray: Vec3,
        care: Care,
    ) -> Color {
        let (normal, paint) = (self.normal, &self.paint);
        let facing = normal.dot(air.sun);
        let quick = care == Care::Quick;
        let open = if quick { 0.85 } else { self.pose.open(self.local, self.local_normal) };
        let valley = terrain.sunlit(self.at);
        let lit = (facing > 0.0 || paint.through > 0.0) && valley > 0.0;
        let from = self.at + normal * (0.02 * self.pose.scale());
        let sun = match (lit, quick) {
            (false, _) => 0.0,
            (true, true) => valley * self.pose.sunlit(from, air.sun, 10),
            (true, false) => valley * self.pose.sunlit(from, air.sun, 28),
        };
        let direct = larger(facing, 0.0) * sun;
        let behind = larger(-facing, 0.0) * paint.through * valley * 0.8;
        // Sunlit ground throws warm light on walls that the sun does not reach.
        let ground = rgb(0.30, 0.27, 0.21)
            * (larger(air.sun.y, 0.05) * 0.55 * saturate(0.6 - 0.5 * normal.y));
        let skylight = (air.ambient(normal) + air.sunlight * ground) * open;
        let mut color =
            paint.albedo * (air.sunlight * (0.9 * direct + behind) + skylight) + paint.glow;
        if paint.roughness < 0.6 {
            let mirror = ray.reflected(normal);
            let grazing = 1.0 - saturate(-ray.dot(normal));
            let fresnel = 0.04 + 0.96 * squared(grazing, 2) * grazing;
            let sheen =
                squared(saturate(mirror.dot(air.sun)), if paint.roughness < 0.2 { 6 } else { 4 });
            let sky = air.gradient(saturate(mirror.y)) * open + air.sunlight * (sheen * sun * 1.5);
            color += sky * (fresnel * (1.0 - paint.roughness));
        }
        color
    }

    /// What the point is made of; its normal is in the world's directions.
    pub(super) fn material(&self) -> Material {
        Material {
            albedo: self.paint.albedo.clamped(),
            normal: self.normal,
            roughness: self.paint.roughness,
            metallic: self.paint.metallic,
            distance: self.distance,
        }
    }
}

#[cfg(test)]
mod tests;
