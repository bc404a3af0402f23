//! The stone body of a great hall and what stands in it, as a distance field.

use crate::engine::math::{floor, larger, saturate, smaller};
use crate::engine::vector::{Vec3, vec3};

/// Distance between columns, from the middle to their row, and to the wall behind them.
pub(super) const BAY: f32 = 5.0;
pub(super) const ROW: f32 = 4.2;
pub(super) const WALL: f32 = 7.6;
/// The wall above the arches stands a little behind the columns.
pub(super) const UPPER: f32 = ROW + 0.35;
/// Where the vault begins, the ceiling of the aisles, and where the arches begin.
const SPRING: f32 = 11.0;
const AISLE: f32 = 7.9;
const ARCH: f32 = 5.0;
/// Distance between rows of benches.
const PEWS: f32 = 1.3;

/// The hall's form. Its middle is the origin; it is long along z.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nave {
    /// A throne on steps, a carpet and banners in place of benches.
    pub(super) throne: bool,
    /// Half the length of the hall.
    pub(super) long: f32,
}

/// What stands in a hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Stone,
    Bench,
    Candle,
    Flame,
    Banner,
    Gold,
    Velvet,
}

/// An opening with coloured glass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    /// Position from the middle of the window, and its half width.
    pub(super) across: f32,
    pub(super) up: f32,
    pub(super) half: f32,
}

impl Nave {
    /// Distance to the nearest surface. Bays repeat, and the sides are alike.
    pub(super) fn space(self, p: Vec3) -> f32 {
        smaller(self.stone(p), self.nearest(p).0) * 0.8
    }

    /// Of what the surface at a point is.
    pub(super) fn thing(self, p: Vec3) -> Thing {
        let (room, thing) = self.nearest(p);
        if room < self.stone(p) { thing } else { Thing::Stone }
    }

    fn stone(self, p: Vec3) -> f32 {
        let x = p.x.abs();
        let bay = p.z - (floor(p.z / BAY) + 0.5) * BAY;
        let (cx, cz) = (x - ROW, bay);
        // A shaft with four thinner ones around it, on a foot and below a capital.
        let round = (cx * cx + cz * cz).sqrt();
        let (ax, az) = (cx.abs(), cz.abs());
        let (dx, dz) = (larger(ax, az) - 0.42, smaller(ax, az));
        let shaft = smaller(round - 0.40, (dx * dx + dz * dz).sqrt() - 0.15);
        let foot = larger(larger(ax, az) - 0.68, p.y - 0.42);
        let capital = larger(
            round - 0.52 - 0.30 * saturate((p.y - ARCH + 0.9) * 1.1),
            (p.y - ARCH + 0.4).abs() - 0.5,
        );
        let column = smaller(smaller(shaft, foot), capital);
        // The nave under its pointed vault, the aisle, and the arches that join them.
        let pointed = |side: f32, half: f32, up: f32| {
            let radius = half * 1.35;
            let (dx, dy) = (side + radius - half, larger(up, 0.0));
            radius - (dx * dx + dy * dy).sqrt()
        };
        let nave = pointed(x, UPPER, p.y - SPRING);
        let aisle = smaller(smaller(WALL - x, x - ROW - 0.5), AISLE - p.y);
        let arch = pointed(BAY * 0.5 - az, BAY * 0.5 - 0.45, p.y - ARCH);
        let passage = smaller(arch, smaller(x - ROW + 1.0, ROW + 1.5 - x));
        let rib = larger(nave - 0.24, az - 0.17);
        // A moulding runs along below the upper windows.
        let ledge = larger(nave - 0.16, (p.y - AISLE - 0.25).abs() - 0.12);
        let open = larger(larger(nave, aisle), passage);
        let ends = self.long - p.z.abs();
        let shell = smaller(smaller(open, smaller(p.y, ends)), smaller(rib, ledge));
        smaller(shell, column)
    }

    fn nearest(self, p: Vec3) -> (f32, Thing) {
        let bay = p.z - (floor(p.z / BAY) + 0.5) * BAY;
        let (x, from_stand) = (p.x.abs(), p.x.abs() - ROW + 0.95);
        let beside = (from_stand * from_stand + bay * bay).sqrt();
        let candle = larger(beside - 0.045 - 0.10 * saturate(1.0 - p.y * 8.0), p.y - 1.42);
        let (up, thick) = ((p.y - 1.52) * 0.5, beside);
        let flame = ((up * up + thick * thick).sqrt() - 0.05) * 0.8;
        let candles = nearer((candle, Thing::Candle), (flame, Thing::Flame));
        let things = if self.throne { self.state(p, x, bay) } else { self.benches(p, x) };
        nearer(candles, things)
    }

    /// Rows of benches at both sides of the middle.
    fn benches(self, p: Vec3, x: f32) -> (f32, Thing) {
        let row = (p.z / PEWS - floor(p.z / PEWS) - 0.5) * PEWS;
        let at = vec3(x - 2.15, p.y, row);
        let seat = block(at - vec3(0.0, 0.44, 0.0), 1.0, 0.03, 0.20);
        let back = block(at - vec3(0.0, 0.66, -0.22), 1.0, 0.25, 0.025);
        let end = block(vec3((at.x).abs() - 1.0, at.y - 0.46, at.z + 0.04), 0.035, 0.46, 0.26);
        let bench = smaller(seat, smaller(back, end));
        // No benches stand before the last window.
        (larger(bench, p.z.abs() - self.long + 8.0), Thing::Bench)
    }

    /// A throne, the steps to it, and the banners at the columns.
    fn state(self, p: Vec3, x: f32, bay: f32) -> (f32, Thing) {
        let at = vec3(p.x, p.y, p.z - self.long + 5.0);
        let steps = (0..3).fold(f32::INFINITY, |least, step| {
            let wide = 3.2 - step as f32 * 0.55;
            let level = 0.11 + step as f32 * 0.22;
            smaller(least, block(at - vec3(0.0, level, 0.0), wide, 0.11, wide * 0.72))
        });
        let seat = at - vec3(0.0, 0.66, 0.3);
        let arms = vec3(seat.x.abs() - 0.62, seat.y, seat.z);
        let gold = [
            block(seat - vec3(0.0, 0.22, 0.0), 0.60, 0.22, 0.52),
            block(arms - vec3(0.0, 0.45, 0.0), 0.09, 0.45, 0.55),
            block(
                seat - vec3(0.0, 1.35, 0.50),
                0.72 - 0.16 * larger(seat.y - 1.9, 0.0),
                1.35,
                0.08,
            ),
            block(arms - vec3(0.0, 1.45, 0.50), 0.09, 1.45, 0.10),
            (arms - vec3(0.0, 3.0, 0.50)).length() - 0.15,
        ];
        let gold = gold.into_iter().fold(f32::INFINITY, smaller);
        let velvet = smaller(
            block(seat - vec3(0.0, 0.48, -0.04), 0.50, 0.07, 0.44),
            block(seat - vec3(0.0, 1.45, 0.40), 0.46, 0.75, 0.06),
        );
        let carpet = block(p - vec3(0.0, 0.0, -3.0), 1.15, 0.03, self.long);
        let fold = 0.03 * (bay * 14.0 - floor(bay * 14.0) - 0.5).abs();
        let low = 2.6 + 0.35 * (bay.abs() / 0.55);
        let banner =
            larger(block(vec3(x - ROW + 0.98 + fold, p.y - 4.4, bay), 0.03, 1.9, 0.55), low - p.y);
        nearer(
            nearer((steps, Thing::Stone), (gold, Thing::Gold)),
            nearer((smaller(velvet, carpet), Thing::Velvet), (banner * 0.8, Thing::Banner)),
        )
    }

    /// The window at a point of the walls, if there is one.
    pub(super) fn window(self, at: Vec3) -> Option<Opening> {
        let bay = at.z - floor(at.z / BAY + 0.5) * BAY;
        let (across, low, high, half) = if at.z.abs() > self.long - 0.1 {
            (at.x, 4.4, 13.4, 3.0)
        } else if at.x.abs() > WALL - 0.1 {
            (bay, 2.2, 7.3, 1.05)
        } else if at.y > AISLE + 0.4 && (at.x.abs() - UPPER).abs() < 0.1 {
            (bay, 8.6, 11.4, 1.25)
        } else {
            return None;
        };
        let arch = larger(at.y - (high - half * 1.3), 0.0) / (half * 1.3);
        let wide = half * (1.0 - arch * arch);
        let inside = at.y > low && at.y < high && across.abs() < wide;
        inside.then_some(Opening { across, up: at.y - high + half * 1.3, half })
    }

    /// Where light from the side of the sun comes in that reaches a point.
    pub(super) fn lit_through(self, at: Vec3, sun: Vec3) -> Option<(Opening, Vec3)> {
        let exit = |wall: f32| at + sun * ((at.x + wall) / -sun.x);
        let upper = exit(UPPER);
        let through = if at.x > -UPPER && upper.y > ARCH + 2.6 {
            vec3(-UPPER, upper.y, upper.z)
        } else {
            let lower = exit(WALL);
            vec3(-WALL, lower.y, lower.z)
        };
        if at.x < -WALL || through.z.abs() > self.long {
            return None;
        }
        self.window(through).map(|opening| (opening, through))
    }
}

fn nearer(a: (f32, Thing), b: (f32, Thing)) -> (f32, Thing) {
    if b.0 < a.0 { b } else { a }
}

/// Distance to a box around the origin.
fn block(p: Vec3, x: f32, y: f32, z: f32) -> f32 {
    let (dx, dy, dz) = (p.x.abs() - x, p.y.abs() - y, p.z.abs() - z);
    let (ox, oy, oz) = (larger(dx, 0.0), larger(dy, 0.0), larger(dz, 0.0));
    (ox * ox + oy * oy + oz * oz).sqrt() + smaller(larger(dx, larger(dy, dz)), 0.0)
}
