//! Outlines of splines and strokes, and the field of distances from them.

// Positions are bounded by the field that this file makes itself.
#![allow(clippy::indexing_slicing)]

use crate::engine::math::{larger, mix, saturate, smaller};
use crate::engine::parallel;

/// A piece of an outline; x is right, y is up, and a figure fits in -1 to 1 both ways.
pub(super) enum Part {
    /// A closed smooth line; a point that is given twice is a corner.
    Loop(&'static [(f32, f32)]),
    /// One half of a closed line whose other half is its mirror image at x = 0.
    Mirrored(&'static [(f32, f32)]),
    /// A smooth stroke: x, y and half its width.
    Limb(&'static [(f32, f32, f32)]),
    /// A disc taken out of what was drawn before.
    Hole(f32, f32, f32),
}

/// Points of the spline between two given ones.
const STEPS: usize = 7;
/// Points of the field along a side, and how far it reaches beyond the figure.
const SIDE: usize = 320;
const REACH: f32 = 1.32;
/// How soft the joint of two parts is.
const JOINT: f32 = 0.012;

/// Signed distance from an outline at every point of a square; negative inside.
pub(super) struct Field {
    distances: Vec<f32>,
}

/// One straight piece with the half-widths at its ends.
#[derive(Clone, Copy)]
struct Piece {
    from: (f32, f32, f32),
    to: (f32, f32, f32),
}

struct Flat {
    pieces: Vec<Piece>,
    closed: bool,
    hole: bool,
    low: (f32, f32),
    high: (f32, f32),
}

impl Field {
    /// `None` when cancelled.
    pub(super) fn of(parts: &[Part], cancel: &dyn Fn() -> bool) -> Option<Field> {
        let flats: Vec<Flat> = parts.iter().map(Flat::of).collect();
        let mut distances = vec![0.0; SIDE * SIDE];
        let position = |at: usize| (at as f32 / (SIDE - 1) as f32 * 2.0 - 1.0) * REACH;
        let work = |row: usize, line: &mut [f32]| {
            for (column, distance) in line.iter_mut().enumerate() {
                *distance = joined(&flats, position(column), position(row));
            }
        };
        parallel::fill(&mut distances, SIDE, &work, cancel, &mut |_| {}).then(|| {
            deepen(&mut distances);
            Field { distances }
        })
    }

    /// Distance at (`x`, `y`), with the way out as a vector of length about 1.
    pub(super) fn at(&self, x: f32, y: f32) -> (f32, f32, f32) {
        let scale = (SIDE - 1) as f32 / (2.0 * REACH);
        let inside = |v: f32| v.clamp(-REACH * 0.999, REACH * 0.999);
        let (cx, cy) = (inside(x), inside(y));
        let (px, py) = ((cx + REACH) * scale, (cy + REACH) * scale);
        let (ix, iy) = ((px as usize).min(SIDE - 2), (py as usize).min(SIDE - 2));
        let (u, v) = (px - ix as f32, py - iy as f32);
        let at = iy * SIDE + ix;
        let (a, b) = (self.distances[at], self.distances[at + 1]);
        let (c, d) = (self.distances[at + SIDE], self.distances[at + SIDE + 1]);
        let beyond = ((x - cx) * (x - cx) + (y - cy) * (y - cy)).sqrt();
        let distance = mix(mix(a, b, u), mix(c, d, u), v) + beyond;
        (distance, mix(b - a, d - c, v) * scale, mix(c - a, d - b, u) * scale)
    }
}

/// Measures the inside again from the outline of the whole. Where parts overlap, the distance from
/// their own edges would leave a seam. Sweeps from four corners solve the eikonal equation.
fn deepen(distances: &mut [f32]) {
    let step = 2.0 * REACH / (SIDE - 1) as f32;
    let mut fixed = vec![true; distances.len()];
    for row in 1..SIDE - 1 {
        for column in 1..SIDE - 1 {
            let at = row * SIDE + column;
            let around = [at - 1, at + 1, at - SIDE, at + SIDE];
            if distances[at] < 0.0 && around.iter().all(|near| distances[*near] < 0.0) {
                fixed[at] = false;
            }
        }
    }
    for (distance, fixed) in distances.iter_mut().zip(&fixed) {
        *distance = if *fixed { *distance } else { -4.0 };
    }
    for sweep in 0..4 {
        for i in 1..SIDE - 1 {
            for j in 1..SIDE - 1 {
                let row = if sweep & 1 == 0 { i } else { SIDE - 1 - i };
                let column = if sweep & 2 == 0 { j } else { SIDE - 1 - j };
                let at = row * SIDE + column;
                if fixed[at] {
                    continue;
                }
                let a = larger(distances[at - 1], distances[at + 1]);
                let b = larger(distances[at - SIDE], distances[at + SIDE]);
                let apart = (a - b).abs();
                let reached = if apart >= step {
                    larger(a, b) - step
                } else {
                    0.5 * (a + b - (2.0 * step * step - apart * apart).sqrt())
                };
                distances[at] = larger(distances[at], reached);
            }
        }
    }
}

fn joined(flats: &[Flat], x: f32, y: f32) -> f32 {
    let mut nearest = 4.0;
    for flat in flats {
        if flat.hole {
            nearest = larger(nearest, -flat.distance(x, y));
        } else if flat.gap(x, y) < nearest + JOINT {
            let distance = flat.distance(x, y);
            let blend = saturate(0.5 + 0.5 * (distance - nearest) / JOINT);
            nearest = mix(distance, nearest, blend) - JOINT * blend * (1.0 - blend);
        }
    }
    nearest
}

impl Flat {
    fn of(part: &Part) -> Flat {
        let (points, closed) = match part {
            Part::Loop(points) => (points.iter().map(|p| (p.0, p.1, 0.0)).collect(), true),
            Part::Mirrored(points) => {
                let right = points.iter().map(|p| (p.0, p.1, 0.0));
                let left = points.iter().rev().filter(|p| p.0 > 0.0).map(|p| (-p.0, p.1, 0.0));
                (right.chain(left).collect(), true)
            }
            Part::Limb(points) => (points.to_vec(), false),
            Part::Hole(x, y, radius) => (vec![(*x, *y, *radius)], false),
        };
        let points: Vec<(f32, f32, f32)> = points;
        let line = smooth(&points, closed);
        let mut pieces: Vec<Piece> =
            line.windows(2).map(|pair| Piece { from: pair[0], to: pair[1] }).collect();
        if let (true, [only]) = (pieces.is_empty(), line.as_slice()) {
            pieces.push(Piece { from: *only, to: *only });
        }
        let edge = |take: &dyn Fn(f32, f32) -> f32, of: &dyn Fn(&(f32, f32, f32)) -> f32| {
            line.iter().map(of).fold(of(&line[0]), take)
        };
        Flat {
            pieces,
            closed,
            hole: matches!(part, Part::Hole(..)),
            low: (edge(&smaller, &|p| p.0 - p.2), edge(&smaller, &|p| p.1 - p.2)),
            high: (edge(&larger, &|p| p.0 + p.2), edge(&larger, &|p| p.1 + p.2)),
        }
    }

    /// Distance from the box around this part; never more than the distance from the part.
    fn gap(&self, x: f32, y: f32) -> f32 {
        let dx = larger(larger(self.low.0 - x, x - self.high.0), 0.0);
        let dy = larger(larger(self.low.1 - y, y - self.high.1), 0.0);
        (dx * dx + dy * dy).sqrt()
    }

    fn distance(&self, x: f32, y: f32) -> f32 {
        let (mut nearest, mut inside) = (64.0, false);
        for Piece { from, to } in &self.pieces {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let (px, py) = (x - from.0, y - from.1);
            let length = dx * dx + dy * dy;
            let t = if length > 0.0 { saturate((px * dx + py * dy) / length) } else { 0.0 };
            let (ex, ey) = (px - dx * t, py - dy * t);
            if self.closed {
                nearest = smaller(nearest, ex * ex + ey * ey);
                let crosses = (from.1 > y) != (to.1 > y);
                if crosses && x < from.0 + dx * (y - from.1) / dy {
                    inside = !inside;
                }
            } else {
                nearest = smaller(nearest, (ex * ex + ey * ey).sqrt() - mix(from.2, to.2, t));
            }
        }
        match (self.closed, inside) {
            (false, _) => nearest,
            (true, true) => -nearest.sqrt(),
            (true, false) => nearest.sqrt(),
        }
    }
}

/// The spline of Catmull and Rom through the points.
fn smooth(points: &[(f32, f32, f32)], closed: bool) -> Vec<(f32, f32, f32)> {
    let count = points.len() as i32;
    let point = |at: i32| {
        let held = if closed { at.rem_euclid(count) } else { at.clamp(0, count - 1) };
        points[held as usize]
    };
    let spans = if closed { count } else { count - 1 };
    let mut line = Vec::with_capacity(points.len() * STEPS + 1);
    for span in 0..spans {
        let [a, b, c, d] = [span - 1, span, span + 1, span + 2].map(point);
        if (b.0, b.1) == (c.0, c.1) {
            continue;
        }
        for step in 0..STEPS {
            let t = step as f32 / STEPS as f32;
            let curve = |a: f32, b: f32, c: f32, d: f32| {
                b + 0.5
                    * t
                    * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            };
            let width = larger(mix(b.2, c.2, t), 0.0);
            line.push((curve(a.0, b.0, c.0, d.0), curve(a.1, b.1, c.1, d.1), width));
        }
    }
    line.push(if closed { line.first().copied().unwrap_or(point(0)) } else { point(count - 1) });
    line
}
