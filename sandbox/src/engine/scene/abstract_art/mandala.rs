//! A rosette of cut paper, ring over ring.

use super::palette::Palette;
use super::{Family, Frame, Paint};
use crate::engine::math::{
    TAU, atan2, cos, floor, larger, mix, saturate, sin, smoothstep, squared,
};
use crate::engine::noise::{byte, fractal, hash};
use crate::engine::vector::Color;

/// Number of rings.
const RINGS: usize = 9;

/// One ring of petals.
#[derive(Clone, Copy, Default)]
struct Ring {
    radius: f32,
    /// How far petals reach beyond the radius, and how many there are.
    reach: f32,
    count: f32,
    kind: u32,
    color: Color,
    trim: Color,
    spin: f32,
}

/// Rings, the outermost first.
pub(super) struct Mandala {
    palette: Palette,
    rings: [Ring; RINGS],
    seed: u32,
}

impl Mandala {
    pub(super) fn new(palette: Palette, seed: u32) -> Mandala {
        let folds = [8.0, 10.0, 12.0, 16.0].get((seed >> 5 & 3) as usize).copied().unwrap_or(8.0);
        let mut rings = [Ring::default(); RINGS];
        for (number, ring) in rings.iter_mut().enumerate() {
            let roll = hash(number as i32, 1, seed ^ 0x3A9D);
            let inner = number as f32 / RINGS as f32;
            let start = (roll >> 6 & 1) + number as u32;
            let color = if number % 4 == 3 { palette.paper() } else { palette.ink(start) };
            *ring = Ring {
                radius: mix(0.47, 0.04, inner.sqrt() * 0.55 + inner * 0.45),
                reach: mix(0.085, 0.035, inner) * (0.8 + 0.5 * byte(roll, 8)),
                count: if inner > 0.6 {
                    folds
                } else {
                    folds * if roll & 3 == 0 { 2.0 } else { 1.0 }
                },
                kind: roll >> 12 & 3,
                color,
                trim: palette.ink(start + 1).mix(palette.paper(), 0.25),
                spin: if number & 1 == 0 { 0.035 } else { -0.05 } * (1.0 - 0.5 * inner),
            };
        }
        Mandala { palette, rings, seed }
    }

    fn at(&self, x: f32, y: f32, frame: &Frame) -> Paint {
        let away = (x * x + y * y).sqrt();
        let angle = atan2(y, x);
        let soft = frame.pixel;
        let dusk = smoothstep(0.2, 1.0, away);
        let weave = 1.0 + 0.03 * fractal(x * 120.0, y * 120.0, 2, self.seed ^ 6);
        let ground =
            if self.palette.is_dark() { self.palette.paper() } else { self.palette.ramp(0.12) };
        // Fine rays behind the rosette.
        let rays = smoothstep(0.93, 1.0, cos(angle * self.rings[0].count * 2.0))
            * smoothstep(0.5, 0.75, away);
        let mut color = ground.mix(self.palette.ink(1), 0.12 * (1.0 - dusk) + 0.22 * rays) * weave;
        let mut height = 0.0;
        for (number, ring) in self.rings.iter().enumerate() {
            let turned = angle
                + frame.time * ring.spin
                + if number & 1 == 0 { 0.0 } else { TAU * 0.5 / ring.count };
            let distance = away - ring.edge(turned);
            if distance > 0.05 {
                continue;
            }
            let shadow = smoothstep(0.034, -0.004, distance);
            color = color * (1.0 - 0.46 * squared(shadow, 1));
            let cover = saturate(0.5 - distance / soft);
            if cover > 0.0 {
                let ink = ring.ornament(distance, turned, away, soft);
                let lit = 0.90
                    + 0.16 * saturate(0.5 - (x * 0.6 + y * 0.8) / larger(ring.radius, 0.05) * 0.5);
                let cut = 0.20
                    * smoothstep(0.0045, 0.0, -distance)
                    * saturate(-(x * 0.6 + y * 0.8) / larger(away, 1e-3));
                color = color.mix(ink * ((lit + cut) * weave), cover);
                if cover > 0.5 {
                    height = 0.012 * (number + 1) as f32;
                }
            }
        }
        Paint { color, height, roughness: 0.85, metallic: 0.0 }
    }
}

impl Ring {
    /// Position within a petal: -1 to 1 across it.
    fn across(&self, angle: f32) -> f32 {
        let position = angle * self.count / TAU;
        (position - floor(position)) * 2.0 - 1.0
    }

    /// How far the ring reaches in a direction.
    fn edge(&self, angle: f32) -> f32 {
        let s = self.across(angle).abs();
        let petal = match self.kind {
            0 => larger(1.0 - s * s, 0.0).sqrt(),
            1 => (1.0 - s) * (1.0 + 0.9 * s),
            2 => larger(1.0 - s * s, 0.0).sqrt() * 0.75 + 0.4 * squared(saturate(1.0 - s * 2.2), 1),
            _ => 0.5 + 0.5 * cos(s * TAU * 0.5),
        };
        self.radius + self.reach * petal
    }

    /// The print on the ring: a line along its edge, beads, and veins.
    fn ornament(&self, distance: f32, angle: f32, away: f32, soft: f32) -> Color {
        let s = self.across(angle);
        let line =
            |center: f32, half: f32| saturate(0.5 + (half - (distance - center).abs()) / soft);
        let mut ink = self.color;
        ink = ink.mix(self.trim, line(-0.014, 0.0022));
        ink = ink.mix(self.trim, 0.5 * line(-0.022, 0.0012));
        let bead_radius = 0.20 * self.reach;
        let along = s * 0.5 * TAU / self.count * away;
        let up = away - self.radius - 0.28 * self.reach;
        let bead = (along * along + up * up).sqrt() - bead_radius;
        ink = ink.mix(self.trim, saturate(0.5 - bead / soft));
        ink = ink.mix(self.color * 0.6, saturate(0.5 - (bead + bead_radius * 0.45) / soft));
        let vein = squared(0.5 + 0.5 * sin(angle * self.count * 4.0), 2);
        let inward = smoothstep(0.0, -0.05, distance) * smoothstep(-0.12, -0.06, distance);
        ink.mix(ink * 0.72, 0.5 * vein * inward)
    }
}

impl Family for Mandala {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        let zoom = 1.0 + 0.25 * (0.3 - frame.drift);
        for v in vs {
            let (x, y) = frame.centered(*v);
            put(self.at(x * zoom, y * zoom, frame));
        }
    }
}
