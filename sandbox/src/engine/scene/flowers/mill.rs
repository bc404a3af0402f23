//! A windmill behind a field of flowers.

use super::blossom::Lamp;
use crate::engine::math::{cos, larger, mix, saturate, sin};
use crate::engine::noise::random;
use crate::engine::vector::{Color, gray, rgb};

/// Turns of the sails in radians a second.
const PACE: f32 = 0.55;
/// Length of a sail and height of the hub, of the height of the tower.
const SAIL: f32 = 0.72;
const HUB: f32 = 1.02;

/// A tower mill with four sails; lengths are in picture heights.
pub(super) struct Mill {
    u: f32,
    foot: f32,
    high: f32,
    wall: Color,
}

impl Mill {
    pub(super) fn new(foot: f32, seed: u32) -> Mill {
        let side = if random(3, 1, seed) < 0.5 { -1.0 } else { 1.0 };
        let wall = rgb(0.50, 0.44, 0.36).mix(rgb(0.30, 0.15, 0.09), random(3, 2, seed));
        Mill { u: side * (0.20 + 0.08 * random(3, 3, seed)), foot, high: 0.155, wall }
    }

    /// The mill at a point: its colour and how much it covers. `aside` is how far the view has
    /// turned away from it.
    pub(super) fn at(
        &self,
        u: f32,
        v: f32,
        aside: f32,
        pixel: f32,
        time: f32,
        lamp: &Lamp,
    ) -> (Color, f32) {
        let soft = pixel / self.high;
        let (x, y) = ((u - self.u - aside) / self.high, (v - self.foot) / self.high);
        if x.abs() > 1.0 || !(-0.2..2.0).contains(&y) {
            return (gray(0.0), 0.0);
        }
        let cover = |away: f32| saturate(0.5 - away / soft);
        let round = |x: f32, half: f32| {
            let side = saturate(0.5 + 0.5 * x / half * if lamp.sun.x < 0.0 { -1.0 } else { 1.0 });
            lamp.ambient * 0.8 + lamp.direct * mix(0.12, 0.75, side)
        };
        let half = mix(0.205, 0.125, saturate(y));
        let tower = cover(larger(x.abs() - half, larger(y - 1.0, -y - 0.2)));
        let mut color = self.wall * round(x, half);
        // A door, and windows one above another.
        for (low, high, wide) in [(0.0, 0.15, 0.035), (0.36, 0.44, 0.022), (0.66, 0.73, 0.020)] {
            let hole = cover(larger(x.abs() - wide, larger(low - y, y - high)));
            color = color.mix(rgb(0.02, 0.017, 0.015), hole * 0.85);
        }
        let (cap_x, cap_y) = (x / 0.145, (y - 1.0) / 0.17);
        let dome = larger((cap_x * cap_x + cap_y * cap_y).sqrt() - 1.0, -cap_y) * 0.15;
        let cap = cover(dome);
        color = color.mix(rgb(0.12, 0.075, 0.05) * round(x, 0.145), cap);
        let gallery = cover(larger(x.abs() - 0.27, (y - 0.30).abs() - 0.012));
        color = color.mix(rgb(0.15, 0.10, 0.07) * round(x, 0.27), gallery);
        let mut solid = larger(larger(tower, cap), gallery);
        let (sail, cloth) = sails(x, y - HUB, time, soft);
        let light = lamp.ambient * 0.8 + lamp.direct * 0.55;
        color =
            color.mix(rgb(0.74, 0.69, 0.60).mix(rgb(0.13, 0.085, 0.06), 1.0 - cloth) * light, sail);
        solid = larger(solid, sail);
        (color, solid)
    }
}

/// How much the sails cover around their hub, and the share of it that is cloth.
fn sails(x: f32, y: f32, time: f32, soft: f32) -> (f32, f32) {
    let angle = time * PACE + 1.0;
    let (c, s) = (cos(angle), sin(angle));
    let (a, b) = (x * c + y * s, y * c - x * s);
    // The nearest of four arms: along it, and across towards its cloth.
    let (along, across) = if a.abs() > b.abs() {
        if a > 0.0 { (a, b) } else { (-a, -b) }
    } else if b > 0.0 {
        (b, -a)
    } else {
        (-b, a)
    };
    let cover = |away: f32| saturate(0.5 - away / soft);
    let arm = cover(larger(across.abs() - 0.014, along - SAIL));
    let hub = cover((x * x + y * y).sqrt() - 0.035);
    let within = larger(-across, across - 0.115);
    let cloth = cover(larger(within, larger(0.15 - along, along - SAIL + 0.01)));
    let wood = larger(arm, hub);
    (larger(wood, cloth), cloth * (1.0 - wood))
}
