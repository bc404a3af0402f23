//! An object at its place in the world, and rays that meet it.

use super::model::Model;
use super::solid::length;
use crate::engine::math::{cos, larger, mix, saturate, sin, smaller, smoothstep};
use crate::engine::vector::{Vec3, vec3};

/// How an object moves.
#[derive(Clone, Copy, Debug)]
pub(super) enum Motion {
    Rest,
    /// Drifts across the water and rolls on its waves.
    Sail {
        pace: f32,
    },
    /// Drifts with the wind and rises and sinks a little.
    Float {
        wind: Vec3,
        phase: f32,
    },
    /// Circles a point.
    Circle {
        radius: f32,
        pace: f32,
        phase: f32,
    },
}

/// One object of a scene.
pub(super) struct Actor {
    pub(super) model: Box<dyn Model>,
    /// Where its base stands; for what circles, the middle of the circle.
    pub(super) origin: Vec3,
    /// Turn about the upright axis in radians.
    pub(super) heading: f32,
    /// World units in a unit of the model.
    pub(super) scale: f32,
    pub(super) motion: Motion,
}

/// An actor at one moment.
#[derive(Clone, Copy)]
pub(super) struct Pose<'a> {
    model: &'a dyn Model,
    origin: Vec3,
    cos: f32,
    sin: f32,
    /// Sideways shift for each unit of height, of what rolls.
    lean: f32,
    scale: f32,
    time: f32,
    center: Vec3,
    radius: f32,
}

/// Where a ray meets an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Along the ray, in world units.
    pub(super) distance: f32,
    /// The same place in the model's space.
    pub(super) local: Vec3,
}

impl Actor {
    /// Where the actor is at `time` seconds.
    pub(super) fn pose(&self, time: f32) -> Pose<'_> {
        let (mut origin, mut heading, mut lean, mut own) = (self.origin, self.heading, 0.0, time);
        match self.motion {
            Motion::Rest => {}
            Motion::Sail { pace } => {
                origin += vec3(cos(heading), 0.0, -sin(heading)) * (pace * time);
                origin.y += 0.05 * self.scale * sin(time * 1.1 + self.origin.x);
                lean = 0.10 + 0.035 * sin(time * 0.8 + self.origin.z);
            }
            Motion::Float { wind, phase } => {
                origin += wind * time;
                origin.y += 0.08 * self.scale * sin(time * 0.35 + phase);
                own += phase;
            }
            Motion::Circle { radius, pace, phase } => {
                let turn = phase + pace * time;
                origin += vec3(cos(turn), 0.15 * sin(turn * 1.7), sin(turn)) * radius;
                heading = -turn;
                own += phase * 7.0;
            }
        }
        let (cos, sin) = (cos(heading), sin(heading));
        let (middle, radius) = self.model.bounds();
        let mut pose = Pose {
            model: self.model.as_ref(),
            origin,
            cos,
            sin,
            lean,
            scale: self.scale,
            time: own,
            center: origin,
            radius: radius * self.scale,
        };
        pose.center = origin
            + pose.outward(vec3(middle.x + lean * middle.y, middle.y, middle.z)) * self.scale;
        pose
    }
}

impl Pose<'_> {
    /// A world direction in the model's space.
    #[inline(always)]
    fn inward(&self, v: Vec3) -> Vec3 {
        vec3(v.x * self.cos - v.z * self.sin, v.y, v.x * self.sin + v.z * self.cos)
    }

    /// A direction of the model's space in the world.
    #[inline(always)]
    pub(super) fn outward(&self, v: Vec3) -> Vec3 {
        vec3(v.x * self.cos + v.z * self.sin, v.y, v.z * self.cos - v.x * self.sin)
    }

    #[inline(always)]
    pub(super) fn local(&self, at: Vec3) -> Vec3 {
        self.inward(at - self.origin) * (1.0 / self.scale)
    }

    #[inline(always)]
    fn distance(&self, at: Vec3) -> f32 {
        self.model.distance(vec3(at.x - self.lean * at.y, at.y, at.z), self.time)
    }

    pub(super) fn model(&self) -> &dyn Model {
        self.model
    }

    pub(super) fn time(&self) -> f32 {
        self.time
    }

    pub(super) fn scale(&self) -> f32 {
        self.scale
    }

    /// A place in the model's own upright space, as its paint wants it.
    pub(super) fn upright(&self, at: Vec3) -> Vec3 {
        vec3(at.x - self.lean * at.y, at.y, at.z)
    }

    /// Whether the upright plane through `from` along `way` (level) may cut the object ahead.
    pub(super) fn in_plane(&self, from: Vec3, way: Vec3) -> bool {
        let (dx, dz) = (self.center.x - from.x, self.center.z - from.z);
        let ahead = dx * way.x + dz * way.z;
        let aside = dx * way.z - dz * way.x;
        let size = length(way.x, way.z);
        aside.abs() <= self.radius * size && ahead > -self.radius * size
    }

    /// Where along a ray the ball around the object begins and ends.
    #[inline(always)]
    fn span(&self, from: Vec3, ray: Vec3) -> Option<(f32, f32)> {
        let to = self.center - from;
        let middle = to.dot(ray);
        let aside = to.dot(to) - middle * middle;
        let room = self.radius * self.radius - aside;
        if room <= 0.0 {
            return None;
        }
        let half = room.sqrt();
        (middle + half > 0.0).then_some((larger(middle - half, 0.0), middle + half))
    }

    /// The first meeting of a ray (unit length) with the surface before `limit`. `spread` is the
    /// size of a picture's point at a distance of 1.
    pub(super) fn hit(&self, from: Vec3, ray: Vec3, limit: f32, spread: f32) -> Option<Hit> {
        let (start, end) = self.span(from, ray)?;
        let end = smaller(end, limit);
        let shrink = 1.0 / self.scale;
        let (origin, way) = (self.local(from), self.inward(ray));
        let mut reach = start * shrink;
        let end = end * shrink;
        for _ in 0..72 {
            if reach > end {
                return None;
            }
            let local = origin + way * reach;
            let distance = self.distance(local);
            if distance < 0.0004 + 0.3 * spread * reach {
                return Some(Hit { distance: reach * self.scale, local });
            }
            reach += distance * 0.92;
        }
        None
    }

    /// The direction away from the surface, in the model's space.
    pub(super) fn normal(&self, at: Vec3, pixel: f32) -> Vec3 {
        let step = larger(0.002, pixel * 0.4);
        let mut sum = vec3(0.0, 0.0, 0.0);
        for corner in [
            vec3(1.0, -1.0, -1.0),
            vec3(-1.0, -1.0, 1.0),
            vec3(-1.0, 1.0, -1.0),
            vec3(1.0, 1.0, 1.0),
        ] {
            sum += corner * self.distance(at + corner * step);
        }
        let size = sum.length();
        if size > 1e-9 { sum * (1.0 / size) } else { vec3(0.0, 1.0, 0.0) }
    }

    /// Share of the sky that a point on the surface sees past the object itself.
    pub(super) fn open(&self, at: Vec3, normal: Vec3) -> f32 {
        let (_, radius) = self.model.bounds();
        let mut hidden = 0.0;
        for (step, weight) in [(0.03, 0.9), (0.09, 0.6)] {
            let reach = step * radius;
            hidden += weight * larger(reach - self.distance(at + normal * reach), 0.0) / reach;
        }
        saturate(1.0 - hidden * 0.55)
    }

    /// Share of the sun that reaches a point in the world, 0 in full shadow of this object.
    pub(super) fn sunlit(&self, at: Vec3, sun: Vec3, steps: u32) -> f32 {
        let Some((start, end)) = self.span(at, sun) else {
            return 1.0;
        };
        let shrink = 1.0 / self.scale;
        let (origin, way) = (self.local(at), self.inward(sun));
        let (mut reach, end) = (start * shrink, end * shrink);
        let (_, size) = self.model.bounds();
        let mut share = 1.0f32;
        for _ in 0..steps {
            if reach > end {
                break;
            }
            let distance = self.distance(origin + way * reach);
            share = smaller(share, 0.5 + 14.0 * distance / larger(reach, 0.02 * size));
            if share <= 0.0 {
                break;
            }
            reach += larger(distance, 0.012 * size);
        }
        // Far from what casts it, a shadow is lost in the light of the sky.
        let lost = smoothstep(0.8, 5.0, start * shrink / size);
        mix(smoothstep(0.0, 1.0, share), 1.0, lost)
    }

    /// Share of skylight that arrives on the ground at a point beside the object.
    pub(super) fn contact(&self, at: Vec3) -> f32 {
        let to = self.center - at;
        if to.dot(to) > self.radius * self.radius * 1.3 {
            return 1.0;
        }
        let (_, size) = self.model.bounds();
        let away = saturate(self.distance(self.local(at)) / (0.22 * size));
        0.42 + 0.58 * away * (2.0 - away)
    }
}
