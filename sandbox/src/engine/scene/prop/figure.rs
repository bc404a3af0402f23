//! A lone traveller with staff and pack, looking at the view: seen from behind.

use super::model::Model;
use super::paint::{Paint, Palette};
use super::solid::{Near, ellipsoid, length, limb, melt};
use crate::engine::math::{larger, sin, smaller};
use crate::engine::noise::{byte, fractal, gradient};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Coat,
    Trousers,
    Boots,
    Skin,
    Hair,
    Hat,
    Pack,
    Roll,
    Staff,
    Scarf,
}

pub(super) struct Figure {
    palette: Palette,
    coat: Color,
    scarf: Color,
    hat: bool,
}

impl Figure {
    pub(super) fn new(palette: Palette) -> Figure {
        let coat = match palette.seed >> 10 & 3 {
            0 => rgb(0.05, 0.075, 0.06),
            1 => rgb(0.13, 0.055, 0.03),
            2 => rgb(0.045, 0.055, 0.085),
            _ => rgb(0.16, 0.115, 0.06),
        };
        Figure {
            coat: palette.color(0, coat),
            scarf: palette.color(1, rgb(0.42, 0.04, 0.03)),
            hat: byte(palette.seed, 2) < 0.5,
            palette,
        }
    }

    #[inline]
    fn near(&self, at: Vec3, time: f32) -> Near<Part> {
        // The weight rests on the right leg; the left one stands a little forward and apart.
        let hip = vec3(0.0, 0.93, 0.0);
        let right = vec3(0.11, 0.0, -0.02);
        let left = vec3(-0.15, 0.0, 0.12);
        let knee_right = vec3(0.11, 0.50, 0.02);
        let knee_left = vec3(-0.14, 0.50, 0.11);
        let leg = |knee: Vec3, foot: Vec3, side: f32| {
            let thigh = limb(at, hip + vec3(0.09 * side, 0.0, 0.0), knee, 0.105, 0.075);
            melt(thigh, limb(at, knee, foot + vec3(0.0, 0.16, 0.0), 0.072, 0.055), 0.05)
        };
        let boot = |foot: Vec3| {
            let shaft =
                limb(at, foot + vec3(0.0, 0.26, 0.0), foot + vec3(0.0, 0.07, 0.0), 0.072, 0.062);
            let sole = limb(
                at,
                foot + vec3(0.0, 0.05, -0.02),
                foot + vec3(0.01, 0.04, 0.16),
                0.058,
                0.042,
            );
            melt(shaft, sole, 0.06)
        };
        let legs = smaller(leg(knee_right, right, 1.0), leg(knee_left, left, -1.0));
        let mut near =
            Near::new(legs, Part::Trousers).and(smaller(boot(right), boot(left)), Part::Boots);
        // The coat hangs from the shoulders; the wind moves its hem.
        let fall = larger(1.42 - at.y, 0.0);
        let wind = 0.055 * fall * sin(time * 2.1 + at.y * 3.0) + 0.05 * fall * fall;
        let cloth = vec3(at.x - wind, at.y, at.z - 0.015);
        let folds = 0.010 * fall * sin(at.x * 34.0 + 2.0 * sin(at.z * 9.0 + 4.0 * at.y));
        let wide = 0.185 + 0.07 * fall * fall;
        let round = (length(cloth.x, cloth.z * 1.45) - wide) * 0.72;
        let skirt = larger(round, larger(0.62 - at.y, at.y - 1.38));
        let hollow = larger(skirt, -(larger(round + 0.03, at.y - 0.9)));
        let chest = ellipsoid(vec3(at.x, at.y - 1.24, at.z), vec3(0.215, 0.30, 0.145));
        let shoulders = limb(
            vec3(at.x.abs(), at.y, at.z),
            vec3(0.0, 1.44, 0.0),
            vec3(0.17, 1.40, 0.0),
            0.085,
            0.078,
        );
        let mut coat = melt(melt(hollow, chest, 0.10), shoulders, 0.09) + folds;
        // One hand on the staff, the other at the strap.
        let (elbow, hand) = (vec3(0.35, 1.13, -0.02), vec3(0.40, 1.12, 0.26));
        let arm = melt(
            limb(at, vec3(0.20, 1.39, 0.0), elbow, 0.070, 0.056),
            limb(at, elbow, hand, 0.056, 0.046),
            0.04,
        );
        let (elbow_left, hand_left) = (vec3(-0.33, 1.12, -0.03), vec3(-0.21, 1.20, 0.19));
        let arm_left = melt(
            limb(at, vec3(-0.20, 1.39, 0.0), elbow_left, 0.070, 0.056),
            limb(at, elbow_left, hand_left, 0.056, 0.046),
            0.04,
        );
        coat = melt(coat, smaller(arm, arm_left), 0.045);
        near = near.and(coat * 0.9, Part::Coat);
        near = near.and(limb(at, hand, hand + vec3(0.0, 0.03, 0.06), 0.046, 0.040), Part::Skin);
        near = near
            .and(limb(at, vec3(0.0, 1.42, 0.0), vec3(0.0, 1.56, 0.01), 0.062, 0.058), Part::Skin);
        let head = vec3(at.x, at.y - 1.66, at.z - 0.015);
        near = near.and(ellipsoid(head, vec3(0.088, 0.122, 0.105)), Part::Skin);
        let hair =
            ellipsoid(vec3(head.x, head.y - 0.02, head.z + 0.022), vec3(0.098, 0.118, 0.100));
        near = near.and(hair, Part::Hair);
        let collar = length(length(at.x, at.z) - 0.078, (at.y - 1.485) * 0.9) - 0.048;
        let tail = limb(
            at,
            vec3(-0.08, 1.46, -0.10),
            vec3(-0.16 + 0.05 * sin(time * 2.6), 1.13, -0.27 + 0.03 * sin(time * 3.1)),
            0.045,
            0.05,
        );
        near = near.and(melt(collar, tail, 0.05), Part::Scarf);
        if self.hat {
            let brim = vec3(head.x, head.y - 0.055 + 0.15 * head.x * head.x, head.z);
            let disc = larger(length(brim.x, brim.z) - 0.215, brim.y.abs() - 0.011) * 0.9;
            let crown = larger(
                ellipsoid(vec3(head.x, head.y - 0.05, head.z), vec3(0.112, 0.150, 0.122)),
                0.05 - head.y,
            );
            near = near.and(melt(disc, crown, 0.025), Part::Hat);
        }
        let pack = vec3(at.x + 0.01, at.y - 1.20, at.z + 0.24);
        let sack = ellipsoid(vec3(pack.x, pack.y, pack.z), vec3(0.175, 0.235, 0.120));
        let flap = ellipsoid(vec3(pack.x, pack.y - 0.15, pack.z + 0.005), vec3(0.165, 0.10, 0.125));
        near = near.and(melt(sack, flap, 0.02), Part::Pack);
        let roll = vec3(at.x, at.y - 1.465, at.z + 0.23);
        let blanket = larger(length(roll.y, roll.z) - 0.078, roll.x.abs() - 0.22) - 0.012;
        near = near.and(blanket, Part::Roll);
        let staff = limb(at, vec3(0.44, 0.0, 0.34), vec3(0.40, 1.62, 0.28), 0.018, 0.022);
        near.and(staff, Part::Staff)
    }
}

impl Model for Figure {
    fn distance(&self, at: Vec3, time: f32) -> f32 {
        self.near(at, time).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, _pixel: f32, time: f32) -> Paint {
        let worn = 1.0 + 0.35 * fractal(at.x * 7.0 + at.z * 5.0, at.y * 6.0, 3, self.palette.seed);
        let paint = match self.near(at, time).part {
            Part::Coat => Paint { through: 0.08, ..Paint::matt(self.coat * worn) },
            Part::Trousers => Paint::matt(rgb(0.075, 0.060, 0.048) * worn),
            Part::Boots => Paint::matt(rgb(0.055, 0.030, 0.018)).rough(0.55),
            Part::Skin => Paint::matt(rgb(0.42, 0.25, 0.17)).rough(0.7),
            Part::Hair => {
                let strand = 1.0 + 0.4 * gradient(at.x * 60.0, at.y * 8.0, 5);
                Paint::matt(rgb(0.055, 0.032, 0.018) * strand).rough(0.6)
            }
            Part::Hat => Paint::matt(rgb(0.11, 0.075, 0.045) * worn),
            Part::Pack => Paint::matt(rgb(0.20, 0.125, 0.055) * worn),
            Part::Roll => Paint::matt(rgb(0.24, 0.20, 0.13) * worn),
            Part::Staff => Paint::matt(rgb(0.16, 0.09, 0.045)),
            Part::Scarf => Paint { through: 0.2, ..Paint::matt(self.scarf * worn) },
        };
        let snow = Paint::matt(gray(0.8));
        if self.palette.snow && normal.y > 0.75 { paint.mix(snow, 0.6) } else { paint }
    }

    fn bounds(&self) -> (Vec3, f32) {
        (vec3(0.0, 0.92, 0.0), 1.08)
    }
}
