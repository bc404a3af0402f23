//! Where a landscape is seen from.

use super::Camera;
use super::canvas::View;
use super::prop::Stage;
use super::relief;
use super::setting::{Form, Setting};
use super::terrain::{SIDE, Terrain, VALLEY};
use crate::engine::math::{cos, larger, mix, saturate, sin};
use crate::engine::prompt::Shot;
use crate::engine::vector::{Vec3, vec3};

/// Distance of the point that an orbiting camera circles.
const ORBIT_RADIUS: f32 = 120.0;
/// The row on which a film begins, and the length of its way.
const START: f32 = 60.0;
const WAY: f32 = 130.0;

/// The camera of one frame. It never tilts: looking down is moving the horizon up in the picture,
/// as with a view camera, so that upright things stay upright.
pub(super) struct Eye {
    pub(super) position: Vec3,
    /// Level unit vectors.
    pub(super) ahead: Vec3,
    pub(super) right: Vec3,
    /// Distance of the picture plane in pixels.
    pub(super) focal: f32,
    /// Row of the horizon, pixels from the top.
    pub(super) horizon: f32,
    /// Height above the ground.
    pub(super) clearance: f32,
}

impl Eye {
    pub(super) fn new(terrain: &Terrain, setting: &Setting, shot: Shot, view: &View) -> Eye {
        let orbit = view.camera.orbit;
        let (ahead, right) =
            (vec3(sin(orbit), 0.0, cos(orbit)), vec3(cos(orbit), 0.0, -sin(orbit)));
        let stage = terrain.sites.stage;
        let progress = view.camera.progress;
        let mut path = stage.map_or(path(setting, progress), |stage| stage.path(progress, shot));
        if stage.is_none() && shot == Shot::Close && setting.form == Form::Lake {
            path.x = beside_shore(terrain, setting);
        }
        let radius = stage.map_or(ORBIT_RADIUS, |stage| stage.radius(shot));
        let mut position = path + (vec3(0.0, 0.0, 1.0) - ahead) * radius;
        // Averaged over the way ahead, so that the camera glides over bumps.
        let reach = match stage {
            Some(stage) => 0.5 * stage.radius(shot) / 24.0,
            None if shot == Shot::Close => 1.0,
            None => 4.0,
        };
        let mut ground = setting.water;
        for step in 0..24 {
            let at = position + ahead * ((step as f32 - 2.0) * reach);
            ground = larger(ground, terrain.height(at.x, at.z));
        }
        // Away from its own path the camera keeps above what it did not choose.
        let strayed = saturate((1.0 - cos(orbit)) * 4.0);
        let (clearance, lowest) = height_above(setting, shot);
        let clearance = mix(clearance, larger(clearance, 14.0), strayed);
        let swell = if setting.sea() { 0.4 * sin(view.camera.time * 0.8) } else { 0.0 };
        position.y = match stage {
            Some(stage) if shot == Shot::Aerial => larger(stage.aerial_height(), ground + 14.0),
            // The land was shaped for an eye at this height: only hills on the way lift it, and
            // trees where nobody cleared the way.
            Some(Stage { eye: Some(eye), .. }) => {
                larger(eye, ground + mix(0.35, 1.0, strayed) * clearance)
            }
            _ => larger(ground + clearance, lowest),
        } + swell;
        let (lens, horizon) = match shot {
            Shot::Normal => (0.86, 0.44),
            Shot::Close if stage.is_none() => (0.92, 0.40),
            Shot::Close => (0.86, 0.44),
            Shot::Wide => (0.60, 0.46),
            Shot::Aerial => (0.80, -0.05),
        };
        Eye {
            position,
            ahead,
            right,
            focal: view.focal(lens),
            horizon: view.height * horizon,
            clearance: position.y - ground,
        }
    }

    /// The line of sight through row `y`, one unit long on the level, for a line whose sideways
    /// slope is `across`.
    #[inline]
    pub(super) fn slant(&self, across: f32, y: f32) -> Vec3 {
        self.ahead + self.right * across + vec3(0.0, (self.horizon - y) / self.focal, 0.0)
    }
}

/// The eye of a single picture on land that has no objects yet.
pub(super) fn still(setting: &Setting, height: &dyn Fn(f32, f32) -> f32) -> Vec3 {
    let mut still = path(setting, Camera::STILL.progress);
    let mut ground = setting.water;
    for step in 0..24 {
        ground = larger(ground, height(still.x, still.z + (step as f32 - 2.0) * 4.0));
    }
    let (clearance, lowest) = height_above(setting, Shot::Normal);
    still.y = larger(ground + clearance, lowest);
    still
}

/// The level position on the way of a film.
fn path(setting: &Setting, progress: f32) -> Vec3 {
    let z = START + WAY * progress;
    let x = match setting.form {
        Form::Beach => VALLEY + relief::bay(z / SIDE as f32, setting.seed) + 3.5,
        _ => column(z),
    };
    vec3(x, 0.0, z)
}

/// The column on which a film travels up the valley, for a row on its way.
pub(super) fn column(z: f32) -> f32 {
    VALLEY + 10.0 * sin((z - START) / WAY * 2.0)
}

/// The column of the water's right edge, a little off it.
fn beside_shore(terrain: &Terrain, setting: &Setting) -> f32 {
    let land = |step: &i32| terrain.height(VALLEY + *step as f32, 112.0) > setting.water - 0.2;
    VALLEY + (0..160).find(land).unwrap_or(0) as f32 - 2.5
}

/// Height of the camera above the ground, and above sea level at the least.
fn height_above(setting: &Setting, shot: Shot) -> (f32, f32) {
    let water = setting.water;
    match (shot, setting.form) {
        (Shot::Aerial, Form::Dunes | Form::Oasis | Form::Hills) => (95.0, 0.0),
        (Shot::Aerial, _) => (135.0, 165.0),
        (Shot::Close, Form::Coast) => (1.8, water + 2.4),
        (Shot::Close, Form::Lake) => (1.3, water + 1.5),
        (Shot::Close, _) => (1.7, water + 1.2),
        (Shot::Wide, Form::Coast | Form::Lake) => (14.0, water + 24.0),
        (Shot::Wide, Form::Beach) => (5.0, water + 6.0),
        (Shot::Wide, _) => (34.0, 0.0),
        (Shot::Normal, _) if setting.glade => (3.4, 0.0),
        (_, Form::Lake) => (7.0, water + 10.0),
        (_, Form::Coast) => (8.0, water + 8.0),
        (_, Form::Beach) => (2.6, water + 3.4),
        (_, Form::Oasis) => (11.0, water + 11.0),
        (_, Form::Dunes) => (13.0, 34.0),
        (_, Form::Hills) => (8.0, 0.0),
        (_, Form::Woods) => (19.0, 40.0),
        _ => (23.0, 48.0),
    }
}
