//! Furniture as distance fields: rounded boxes, balls and rods, put together piece by piece.

use super::room::HIGH;
use super::stuff::Stuff;
use crate::engine::math::{cos, larger, saturate, sin, smaller};
use crate::engine::vector::{Vec3, vec3};

/// Nearer than this to its start a ray meets nothing, so that it leaves the surface it starts from.
pub(super) const NEAREST: f32 = 0.02;

/// One body of a piece.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// A box with rounded edges, by half its sides.
    Block { half: Vec3, round: f32 },
    /// An ellipsoid.
    Ball { axes: Vec3 },
    /// An upright cylinder that narrows by `lean` per metre.
    Rod { radius: f32, half: f32, lean: f32 },
}

/// A body at its place in a piece.
#[derive(Clone, Copy, Debug)]
struct Body {
    form: Form,
    at: Vec3,
    stuff: Stuff,
    /// In the axes of the piece.
    bounds: Bounds,
}

/// A box that holds something.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    low: Vec3,
    high: Vec3,
}

/// A ray, with what the tests of many boxes share.
#[derive(Clone, Copy, Debug)]
struct Line {
    from: Vec3,
    ray: Vec3,
    inverse: Vec3,
}

/// Bodies that stand together, turned about the vertical.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    place: Vec3,
    cos: f32,
    sin: f32,
    bodies: Vec<Body>,
    /// In the axes of the room.
    bounds: Bounds,
    /// How far the draught moves its lower end.
    sway: f32,
}

/// Where a ray meets a piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touch {
    pub(super) distance: f32,
    pub(super) normal: Vec3,
    /// The same normal in the axes of the piece.
    pub(super) facing: Vec3,
    pub(super) stuff: Stuff,
    /// In the axes of the piece, from the middle of the body.
    pub(super) local: Vec3,
}

impl Piece {
    pub(super) fn new(x: f32, z: f32, turn: f32) -> Piece {
        let (low, high) = (vec3(1e6, 1e6, 1e6), vec3(-1e6, -1e6, -1e6));
        let (place, bounds) = (vec3(x, 0.0, z), Bounds { low, high });
        Piece { place, cos: cos(turn), sin: sin(turn), bodies: Vec::new(), bounds, sway: 0.0 }
    }

    /// Adds a body with its middle at (`x`, `y`, `z`).
    pub(super) fn with(mut self, stuff: Stuff, x: f32, y: f32, z: f32, form: Form) -> Piece {
        let half = match form {
            Form::Block { half, .. } => half,
            Form::Ball { axes } => axes,
            Form::Rod { radius, half, lean } => {
                let wide = radius + larger(-lean, lean) * half;
                vec3(wide, half, wide)
            }
        };
        let at = vec3(x, y, z);
        let bounds = Bounds { low: at - half, high: at + half };
        self.bodies.push(Body { form, at, stuff, bounds });
        let (cos, sin) = (self.cos.abs(), self.sin.abs());
        let half = vec3(cos * half.x + sin * half.z, half.y, sin * half.x + cos * half.z);
        let middle = self.back(at) + self.place;
        self.bounds = self.bounds.joined(&Bounds { low: middle - half, high: middle + half });
        self
    }

    /// Hangs the piece from the ceiling, so that its lower end moves in a draught.
    pub(super) fn swaying(mut self, sway: f32) -> Piece {
        self.bounds = self.bounds.widened(sway);
        for body in &mut self.bodies {
            body.bounds = body.bounds.widened(sway);
        }
        Piece { sway, ..self }
    }

    /// Where a point of the moving piece would be in still air.
    fn still(&self, p: Vec3, time: f32) -> Vec3 {
        if self.sway == 0.0 {
            return p;
        }
        let hang = self.sway * saturate(1.0 - p.y / HIGH);
        let wave = |pace: f32, start: f32| sin(time * pace + start - p.y * 1.3);
        p + vec3(wave(1.1, self.place.x), 0.0, wave(0.8, self.place.x * 3.0 + p.x * 9.0)) * hang
    }

    /// Adds a box by its sides.
    pub(super) fn block(self, stuff: Stuff, at: (f32, f32, f32), sides: (f32, f32, f32)) -> Piece {
        let half = vec3(sides.0 * 0.5, sides.1 * 0.5, sides.2 * 0.5);
        let thin = smaller(half.x, smaller(half.y, half.z));
        let round = smaller(thin * 0.35, 0.012);
        self.with(stuff, at.0, at.1, at.2, Form::Block { half, round })
    }

    /// Adds a cushion: a box as soft as its sides allow.
    pub(super) fn cushion(
        self,
        stuff: Stuff,
        at: (f32, f32, f32),
        sides: (f32, f32, f32),
    ) -> Piece {
        let half = vec3(sides.0 * 0.5, sides.1 * 0.5, sides.2 * 0.5);
        let round = smaller(half.x, smaller(half.y, half.z)) * 0.72;
        self.with(stuff, at.0, at.1, at.2, Form::Block { half, round })
    }

    pub(super) fn rod(self, stuff: Stuff, at: (f32, f32, f32), radius: f32, length: f32) -> Piece {
        let form = Form::Rod { radius, half: length * 0.5, lean: 0.0 };
        self.with(stuff, at.0, at.1, at.2, form)
    }

    pub(super) fn ball(self, stuff: Stuff, at: (f32, f32, f32), axes: (f32, f32, f32)) -> Piece {
        self.with(stuff, at.0, at.1, at.2, Form::Ball { axes: vec3(axes.0, axes.1, axes.2) })
    }

    fn turned(&self, v: Vec3) -> Vec3 {
        vec3(v.x * self.cos - v.z * self.sin, v.y, v.x * self.sin + v.z * self.cos)
    }

    fn back(&self, v: Vec3) -> Vec3 {
        vec3(v.x * self.cos + v.z * self.sin, v.y, v.z * self.cos - v.x * self.sin)
    }

    /// Distance from a point of the room, if it is less than `least`.
    pub(super) fn nearer(&self, at: Vec3, least: f32) -> Option<f32> {
        if self.bounds.beyond(at) >= least {
            return None;
        }
        let p = self.turned(at - self.place);
        let room = self.bodies.iter().fold(least, |least, body| {
            if body.bounds.beyond(p) < least {
                smaller(least, body.distance(p - body.at))
            } else {
                least
            }
        });
        (room < least).then_some(room)
    }

    /// The nearest point where a ray meets the piece before `limit`.
    fn touch(&self, line: &Line, limit: f32, time: f32) -> Option<Touch> {
        self.bounds.crossed(line, limit)?;
        let line = Line::new(self.turned(line.from - self.place), self.turned(line.ray));
        let meet = |(limit, found), body: &_| match self.reach(body, &line, limit, time) {
            Some(reach) => (reach, Some(*body)),
            None => (limit, found),
        };
        let (distance, body): (f32, Option<Body>) = self.bodies.iter().fold((limit, None), meet);
        let Body { at, stuff, .. } = body?;
        let local = self.still(line.at(distance), time) - at;
        let facing = body?.normal(local);
        Some(Touch { distance, normal: self.back(facing), facing, stuff, local })
    }

    /// Distance at which a ray meets a body of the piece before `limit`. Each body is looked for
    /// by itself: beside the others the steps would be short.
    fn reach(&self, body: &Body, line: &Line, limit: f32, time: f32) -> Option<f32> {
        let (mut reach, leave) = body.bounds.crossed(line, limit)?;
        for _ in 0..56 {
            let room = body.distance(self.still(line.at(reach), time) - body.at);
            if room < 0.0009 + reach * 0.0004 {
                return Some(reach);
            }
            reach += room;
            if reach >= leave {
                return None;
            }
        }
        None
    }
}

/// The pieces that an upright plane through `from` along the level direction `way` cuts.
pub(super) fn upright(pieces: &[Piece], from: Vec3, way: Vec3) -> Vec<&Piece> {
    let across = vec3(way.z, 0.0, -way.x);
    let cut = |piece: &&Piece| {
        let Bounds { low, high } = piece.bounds;
        let (middle, half) = ((low + high) * 0.5, (high - low) * 0.5);
        let reach = half.x * across.x.abs() + half.z * across.z.abs();
        (middle - from).dot(across).abs() <= reach + 1e-3
    };
    pieces.iter().filter(cut).collect()
}

/// The nearest point where a ray meets any of the pieces before `limit`.
pub(super) fn first<'a>(
    pieces: impl Iterator<Item = &'a Piece>,
    from: Vec3,
    ray: Vec3,
    limit: f32,
    time: f32,
) -> Option<Touch> {
    let line = Line::new(from, ray);
    pieces.fold(None, |nearest: Option<Touch>, piece| {
        let limit = nearest.as_ref().map_or(limit, |touch| touch.distance);
        piece.touch(&line, limit, time).or(nearest)
    })
}

impl Line {
    fn new(from: Vec3, ray: Vec3) -> Line {
        let inverse = |v: f32| if v.abs() > 1e-6 { 1.0 / v } else { 1e6 };
        Line { from, ray, inverse: vec3(inverse(ray.x), inverse(ray.y), inverse(ray.z)) }
    }

    fn at(&self, reach: f32) -> Vec3 {
        self.from + self.ray * reach
    }
}

impl Bounds {
    fn joined(&self, other: &Bounds) -> Bounds {
        let each = |a: Vec3, b: Vec3, of: fn(f32, f32) -> f32| {
            vec3(of(a.x, b.x), of(a.y, b.y), of(a.z, b.z))
        };
        let (low, high) = (each(self.low, other.low, smaller), each(self.high, other.high, larger));
        Bounds { low, high }
    }

    fn widened(&self, by: f32) -> Bounds {
        let by = vec3(by, 0.0, by);
        Bounds { low: self.low - by, high: self.high + by }
    }

    /// Distances between [`NEAREST`] and `limit` at which a ray enters and leaves the box.
    fn crossed(&self, line: &Line, limit: f32) -> Option<(f32, f32)> {
        let (low, high) =
            ((self.low - line.from) * line.inverse, (self.high - line.from) * line.inverse);
        let near = larger(smaller(low.x, high.x), smaller(low.y, high.y));
        let far = smaller(larger(low.x, high.x), larger(low.y, high.y));
        let enter = larger(near, larger(smaller(low.z, high.z), NEAREST));
        let leave = smaller(far, smaller(larger(low.z, high.z), limit));
        (enter < leave).then_some((enter, leave))
    }

    /// Distance from a point outside the box.
    fn beyond(&self, p: Vec3) -> f32 {
        let beyond = |v: f32, low: f32, high: f32| larger(larger(low - v, v - high), 0.0);
        let x = beyond(p.x, self.low.x, self.high.x);
        let y = beyond(p.y, self.low.y, self.high.y);
        let z = beyond(p.z, self.low.z, self.high.z);
        (x * x + y * y + z * z).sqrt()
    }
}

impl Body {
    fn distance(&self, p: Vec3) -> f32 {
        match self.form {
            Form::Block { half, round } => {
                let q = vec3(p.x.abs() - half.x, p.y.abs() - half.y, p.z.abs() - half.z);
                let (x, y, z) =
                    (larger(q.x + round, 0.0), larger(q.y + round, 0.0), larger(q.z + round, 0.0));
                let inside = smaller(larger(q.x, larger(q.y, q.z)) + round, 0.0);
                (x * x + y * y + z * z).sqrt() + inside - round
            }
            Form::Ball { axes } => {
                let scaled = vec3(p.x / axes.x, p.y / axes.y, p.z / axes.z);
                let steep = vec3(scaled.x / axes.x, scaled.y / axes.y, scaled.z / axes.z).length();
                let near = scaled.length();
                if steep < 1e-5 { -0.05 } else { near * (near - 1.0) / steep }
            }
            Form::Rod { radius, half, lean } => {
                let beside = (p.x * p.x + p.z * p.z).sqrt() - (radius - lean * p.y);
                let above = p.y.abs() - half;
                let (x, y) = (larger(beside, 0.0), larger(above, 0.0));
                ((x * x + y * y).sqrt() + smaller(larger(beside, above), 0.0)) * 0.95
            }
        }
    }

    fn normal(&self, at: Vec3) -> Vec3 {
        let value = |x: f32, y: f32, z: f32| self.distance(at + vec3(x, y, z) * 0.002);
        let (a, b) = (value(1.0, -1.0, -1.0), value(-1.0, -1.0, 1.0));
        let (c, d) = (value(-1.0, 1.0, -1.0), value(1.0, 1.0, 1.0));
        let slope = vec3(a - b - c + d, -a - b + c + d, -a + b - c + d);
        if slope.dot(slope) > 0.0 { slope.normalized() } else { vec3(0.0, 1.0, 0.0) }
    }
}
