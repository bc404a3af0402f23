//! Where a city is looked at from.

use super::plan::{GROUND, HALF};
use super::surround::{CLOUD_TOP, Floor};
use crate::engine::math::{cos, mix, sin};
use crate::engine::prompt::Shot;
use crate::engine::scene::Camera;
use crate::engine::scene::canvas::View;
use crate::engine::vector::{Vec3, vec3};

/// A camera: where it is and how its picture plane lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eye {
    pub(super) position: Vec3,
    /// Level direction of view.
    pub(super) level: Vec3,
    pub(super) forward: Vec3,
    pub(super) right: Vec3,
    pub(super) up: Vec3,
    pub(super) focal: f32,
    /// Row of the picture that looks `forward`.
    pub(super) middle: f32,
}

/// How a composition wants the city to be seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    pub(super) shot: Shot,
    pub(super) street: bool,
    pub(super) floor: Floor,
    /// A town of low houses is looked at from nearer.
    pub(super) low: bool,
}

impl Stand {
    pub(super) fn eye(&self, view: &View) -> Eye {
        let Camera { progress, orbit, .. } = view.camera;
        // An old town shows its roofs best across the lines of its streets.
        let turn = if self.low && !self.street { orbit + 0.42 } else { orbit };
        let level = vec3(sin(turn), 0.0, cos(turn));
        let right = vec3(cos(turn), 0.0, -sin(turn));
        let sway = right * mix(-16.0, 16.0, progress);
        if self.street {
            return self.walker(view, level, right);
        }
        let (far, height, lens, horizon, pitch) = match (self.shot, self.low) {
            (Shot::Aerial, false) => (HALF * 0.74, 168.0, 0.95, 0.40, 0.50),
            (Shot::Aerial, true) => (HALF * 0.60, 84.0, 0.95, 0.40, 0.48),
            (Shot::Close, false) => (HALF + 32.0, 26.0, 1.08, 0.70, 0.0),
            (Shot::Close, true) => (HALF + 10.0, 10.0, 1.2, 0.60, 0.0),
            (Shot::Wide, false) => (HALF + 220.0, 22.0, 1.0, 0.62, 0.0),
            (_, true) => (HALF * 0.80, 34.0, 1.25, 0.36, 0.0),
            (Shot::Normal, false) => (HALF + 100.0, 13.0, 1.10, 0.72, 0.0),
        };
        // Open land is worth more room than water.
        let land = matches!(self.floor, Floor::Sand | Floor::Meadow) && !self.low && pitch == 0.0;
        let (far, height, horizon) =
            if land { (far + 45.0, height + 9.0, 0.60) } else { (far, height, horizon) };
        let (far, height) = if self.floor == Floor::Clouds && self.shot != Shot::Aerial {
            (HALF * 0.84, CLOUD_TOP + 24.0)
        } else {
            (far, height)
        };
        let nearer = if pitch > 0.0 { 60.0 * progress } else { 0.0 };
        let mut position = sway - level * (far - nearer);
        position.y = height;
        let forward = level * cos(pitch) - vec3(0.0, sin(pitch), 0.0);
        let up = level * sin(pitch) + vec3(0.0, cos(pitch), 0.0);
        let middle = view.height * if pitch > 0.0 { 0.5 } else { horizon };
        Eye { position, level, forward, right, up, focal: view.focal(lens), middle }
    }

    /// In the middle of the avenue, at the height of a tall walker; an orbit turns on the spot.
    fn walker(&self, view: &View, level: Vec3, right: Vec3) -> Eye {
        let start = vec3(1.6, 0.0, -HALF * 0.5 + 30.0 * view.camera.progress);
        let mut position = start - level * 3.0;
        position.y = GROUND
            + match self.shot {
                Shot::Aerial => 26.0,
                Shot::Wide => 3.4,
                Shot::Close => 0.6,
                Shot::Normal => 1.1,
            };
        let up = vec3(0.0, 1.0, 0.0);
        let focal = view.focal(0.84);
        Eye { position, level, forward: level, right, up, focal, middle: view.height * 0.64 }
    }
}
