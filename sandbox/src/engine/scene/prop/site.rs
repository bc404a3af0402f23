//! Where objects stand: places chosen on the land, and what is to be made level for them.

// Positions are wrapped to the field's side, a power of two.
#![allow(clippy::indexing_slicing)]

use super::mold::Mold;
use super::solid::length;
use super::troop::Reach;
use crate::engine::math::{floor, larger, saturate, sin, smaller};
use crate::engine::noise::{fraction, hash};
use crate::engine::prompt::{Prop, Shot};
use crate::engine::scene::Camera;
use crate::engine::vector::{Vec3, vec3};

/// Sideways place of what stands on a vertical third, as a share of its distance.
const THIRD: f32 = 0.19;

/// On what an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Land,
    Water,
    Air,
}

/// What an object asks of its place.
#[derive(Clone, Copy, Debug)]
struct Needs {
    base: Base,
    /// Distance from the camera of a single picture.
    distance: f32,
    /// Radius of level ground.
    room: f32,
    /// How steeply the ground around may be made to fall.
    slope: f32,
    /// How far below the eye its base may be, as shares of the distance; for what flies, how far
    /// above.
    below: (f32, f32),
}

impl Needs {
    fn of(prop: Prop) -> Needs {
        let (base, distance, room, slope, below) = match prop {
            Prop::Castle => (Base::Land, 118.0, 27.0, 0.62, (0.085, 0.17)),
            Prop::Temple => (Base::Land, 88.0, 19.0, 0.5, (0.09, 0.17)),
            Prop::Pyramid => (Base::Land, 165.0, 64.0, 0.25, (0.07, 0.12)),
            Prop::Cabin => (Base::Land, 52.0, 11.0, 0.45, (0.13, 0.20)),
            Prop::Lighthouse => (Base::Land, 92.0, 15.0, 0.8, (0.07, 0.15)),
            Prop::Bridge => (Base::Land, 105.0, 12.0, 0.5, (0.06, 0.12)),
            Prop::Windmill => (Base::Land, 74.0, 9.0, 0.4, (0.10, 0.18)),
            Prop::Sailboat => (Base::Water, 50.0, 14.0, 0.6, (0.0, 1.0)),
            Prop::Balloon => (Base::Air, 72.0, 0.0, 0.0, (0.07, 0.12)),
            Prop::Birds => (Base::Air, 58.0, 0.0, 0.0, (0.14, 0.20)),
            Prop::Person => (Base::Land, 17.0, 1.6, 1.0, (0.085, 0.11)),
            Prop::Deer | Prop::Horse => (Base::Land, 20.0, 2.6, 0.9, (0.10, 0.13)),
        };
        Needs { base, distance, room, slope, below }
    }

    /// Whether the object is small and stands before the camera's feet.
    fn near(&self) -> bool {
        self.base == Base::Land && self.distance < 30.0
    }
}

/// One object's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) prop: Prop,
    /// Where its base stands.
    pub(super) at: Vec3,
    /// Distance from the camera of a single picture.
    pub(super) distance: f32,
    /// On which side of the picture it stands: -1 or 1.
    pub(super) side: f32,
    /// How many stand there.
    pub(super) size: usize,
}

/// The camera's way where there is something to look at.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine::scene) struct Stage {
    /// Height of the eye, where the land has been shaped for it.
    pub(in crate::engine::scene) eye: Option<f32>,
    /// Where a single picture is taken from.
    still: Vec3,
    /// Distance from there to the point in the middle, which an orbit circles.
    distance: f32,
    /// Height of what stands there.
    base: f32,
    travel: f32,
}

/// Distance from the camera within which no tree stands where it looks at something small.
const NEAREST_TREE: f32 = 13.0;
/// From the air an object is looked at from no nearer than this.
const AERIAL: f32 = 44.0;
/// Height of a camera in the air above what it looks at, as a share of the distance.
const AERIAL_RISE: f32 = 0.80;

impl Stage {
    /// The camera's place on the ground after a share of its way.
    pub(in crate::engine::scene) fn path(&self, progress: f32, shot: Shot) -> Vec3 {
        let sway = sin(progress * 2.0) - sin(Camera::STILL.progress * 2.0);
        let nearer = self.distance - self.radius(shot);
        vec3(
            self.still.x + 0.08 * self.travel * sway,
            0.0,
            self.still.z + nearer + self.travel * (progress - Camera::STILL.progress),
        )
    }

    /// Distance from the camera to the point that it circles.
    pub(in crate::engine::scene) fn radius(&self, shot: Shot) -> f32 {
        match shot {
            Shot::Close => self.distance * 0.66,
            Shot::Normal => self.distance,
            Shot::Wide => self.distance * 1.3,
            Shot::Aerial => larger(self.distance, AERIAL),
        }
    }

    /// Height from which a camera in the air looks down on the object.
    pub(in crate::engine::scene) fn aerial_height(&self) -> f32 {
        self.base + AERIAL_RISE * self.radius(Shot::Aerial)
    }
}

/// The places of all objects of a scene.
#[derive(Clone, Debug, Default)]
pub(in crate::engine::scene) struct Sites {
    pub(super) spots: Vec<Spot>,
    pub(in crate::engine::scene) stage: Option<Stage>,
    molds: Vec<Mold>,
    still: Vec3,
    /// Half the width of the lane between the camera and what is small.
    lane: f32,
}

impl Sites {
    /// Chooses a place for each object. `height` is the bare land; `still` is where a single
    /// picture is taken from; `lane` is half the width of what is kept free of trees before an
    /// object that is small.
    pub(in crate::engine::scene) fn choose(
        props: &[(Prop, usize)],
        seed: u32,
        water: f32,
        still: Vec3,
        lane: f32,
        height: &dyn Fn(f32, f32) -> f32,
    ) -> Sites {
        let mut sites = Sites { still, lane, ..Sites::default() };
        let Some(first) = props.first() else {
            return sites;
        };
        let start = if seed >> 13 & 1 == 0 { -1.0 } else { 1.0 };
        for (number, prop) in props.iter().enumerate() {
            let side = if number % 2 == 0 { start } else { -start };
            let nth = (number / 2) as f32;
            let (prop, size) = *prop;
            let survey = Survey { prop, size, seed, water, still, side, nth, height };
            sites.settle(&survey);
        }
        let nearest = sites
            .spots
            .iter()
            .filter(|spot| Needs::of(spot.prop).base != Base::Air)
            .fold(160.0, |nearest, spot| smaller(nearest, spot.distance));
        let shaped = sites.molds.iter().any(|mold| mold.fall.is_some());
        sites.stage = Some(Stage {
            eye: shaped.then_some(still.y),
            still,
            distance: Needs::of(first.0).distance,
            base: sites.spots.first().map_or(still.y, |spot| spot.at.y),
            travel: 0.36 * nearest,
        });
        sites
    }

    fn settle(&mut self, survey: &Survey) {
        let needs = Needs::of(survey.prop);
        let spot = survey.best(&needs);
        let Vec3 { x, y, z } = spot.at;
        let Reach { inwards, outwards, away } = Reach::of(spot.prop, spot.size);
        let mold = Mold {
            x,
            z,
            end_x: x,
            end_z: z,
            room: needs.room,
            height: y,
            fall: Some(needs.slope),
            rise: Some(0.7),
        };
        // As wide as all that stand there.
        let wide = Mold {
            x: x - spot.side * inwards,
            end_x: x + spot.side * outwards,
            z: z + 0.5 * away,
            end_z: z + 0.5 * away,
            room: mold.room + 0.5 * away,
            ..mold
        };
        match survey.prop {
            Prop::Balloon | Prop::Birds => {}
            Prop::Sailboat => {
                self.molds.push(Mold { height: survey.water - 4.0, fall: None, ..wide })
            }
            Prop::Bridge => {
                // The river or gorge first, then the two banks.
                let bed = if survey.water > 0.0 { survey.water - 4.0 } else { y - 17.0 };
                let gorge =
                    Mold { z: z - 220.0, end_z: z + 260.0, height: bed, fall: None, ..mold };
                self.molds.push(Mold { room: 30.0, rise: Some(0.45), ..gorge });
                for end in [-1.0, 1.0] {
                    let bank = x + end * 72.0;
                    let deck = y + 13.0;
                    self.molds.push(Mold {
                        x: bank,
                        end_x: bank + end * 30.0,
                        height: deck,
                        ..mold
                    });
                }
            }
            _ if needs.near() => {
                // A spur of higher ground reaches in from the side, as far as anybody stands.
                let (end_x, end_z) = (x + spot.side * 15.0, z - 3.0);
                let (x, room) = (x - spot.side * inwards, mold.room + away);
                self.molds.push(Mold { x, end_x, end_z, room, rise: Some(1.2), ..mold });
            }
            _ => self.molds.push(wide),
        }
        self.spots.push(spot);
    }

    /// Makes the land ready; `heights` is a square field of cells that are `cell` units wide.
    pub(in crate::engine::scene) fn shape(
        &self,
        heights: &mut [f32],
        side: usize,
        cell: f32,
        seed: u32,
    ) {
        for mold in &self.molds {
            let margin = mold.room + 110.0;
            let first = |a: f32, b: f32| ((smaller(a, b) - margin) / cell) as i32;
            let last = |a: f32, b: f32| ((larger(a, b) + margin) / cell) as i32;
            for z in first(mold.z, mold.end_z)..=last(mold.z, mold.end_z) {
                let row = (z as usize & (side - 1)) * side;
                for x in first(mold.x, mold.end_x)..=last(mold.x, mold.end_x) {
                    let height = &mut heights[row + (x as usize & (side - 1))];
                    *height = mold.shaped(*height, x as f32 * cell, z as f32 * cell, seed);
                }
            }
        }
    }

    /// Whether a place is kept free of trees.
    pub(in crate::engine::scene) fn clear(&self, x: f32, z: f32) -> bool {
        let swept = |spot: &Spot| {
            let lane = self.lane + Reach::of(spot.prop, spot.size).inwards;
            // Nothing may stand between the camera and what is small.
            let share = saturate((z - self.still.z) / (spot.at.z - self.still.z));
            let sight = self.still.x + (spot.at.x - self.still.x) * share;
            let between =
                z > self.still.z - 6.0 && z < spot.at.z + 12.0 && (x - sight).abs() < lane;
            // Nor may a crown fill the picture.
            let before = length(x - self.still.x, z - self.still.z) < NEAREST_TREE;
            Needs::of(spot.prop).near() && (between || before)
        };
        self.molds.iter().any(|mold| mold.away(x, z) < mold.room + 1.5)
            || self.spots.iter().any(swept)
    }
}

/// A search for one object's place.
struct Survey<'a> {
    prop: Prop,
    size: usize,
    seed: u32,
    water: f32,
    still: Vec3,
    side: f32,
    /// How many objects already stand on this side.
    nth: f32,
    height: &'a dyn Fn(f32, f32) -> f32,
}

impl Survey<'_> {
    /// The best of some places around a vertical third of the picture.
    fn best(&self, needs: &Needs) -> Spot {
        let own = fraction(hash(self.prop as i32, 5, self.seed));
        let mut best = (f32::INFINITY, self.spot(needs, 1.0, 1.0, own));
        for depth in [0.94, 1.0, 1.08] {
            for aside in [0.75, 1.0, 1.2] {
                let spot = self.spot(needs, depth, aside, own);
                let cost = self.cost(needs, &spot) + 4.0 * (aside - 1.0).abs();
                if cost < best.0 {
                    best = (cost, spot);
                }
            }
        }
        best.1
    }

    fn spot(&self, needs: &Needs, depth: f32, aside: f32, own: f32) -> Spot {
        let distance = needs.distance * depth * (1.0 + 0.22 * self.nth);
        let aside =
            aside * (1.0 + 0.25 * self.nth) * if self.prop == Prop::Bridge { 0.2 } else { 1.0 };
        let (x, z) = (self.still.x + self.side * THIRD * aside * distance, self.still.z + distance);
        let (high, low) = needs.below;
        let y = match needs.base {
            Base::Water => self.water,
            Base::Air => self.still.y + distance * (high + (low - high) * own),
            Base::Land => {
                let natural = self.mean(x, z, needs.room);
                let wanted =
                    natural.clamp(self.still.y - distance * low, self.still.y - distance * high);
                let dry = match self.prop {
                    Prop::Bridge => 0.5,
                    Prop::Castle => 6.5,
                    _ => 2.4,
                };
                larger(wanted, self.water + dry)
            }
        };
        let (prop, side, size) = (self.prop, self.side, self.size);
        Spot { prop, at: vec3(x, y, z), distance, side, size }
    }

    fn mean(&self, x: f32, z: f32, room: f32) -> f32 {
        let mut sum = 0.0;
        for (dx, dz) in [(0.0, 0.0), (-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)] {
            sum += (self.height)(x + dx * room, z + dz * room);
        }
        sum * 0.2
    }

    /// How much land would have to be moved, and how much of it is in the way.
    fn cost(&self, needs: &Needs, spot: &Spot) -> f32 {
        if needs.base == Base::Air {
            return 0.0;
        }
        let Vec3 { x, y, z } = spot.at;
        let moved = (self.mean(x, z, needs.room) - y).abs();
        let top = y + 0.12 * spot.distance;
        let mut hidden = 0.0;
        for step in 1..16 {
            let share = floor(step as f32) / 16.0;
            let (sx, sz) = (
                self.still.x + (x - self.still.x) * share,
                self.still.z + (z - self.still.z) * share,
            );
            let sight = self.still.y + (top - self.still.y) * share;
            hidden += larger((self.height)(sx, sz) - sight, 0.0);
        }
        moved + 3.0 * hidden
    }
}
