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
}

/// Bodies that stand together, turned about the vertical.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    place: Vec3,
    cos: f32,
    sin: f32,
    bodies: Vec<Body>,
    low: Vec3,
    high: Vec3,
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
        let place = vec3(x, 0.0, z);
        Piece { place, cos: cos(turn), sin: sin(turn), bodies: Vec::new(), low, high, sway: 0.0 }
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
        let (low, high) = (vec3(x, y, z) - half, vec3(x, y, z) + half);
        self.low = vec3(
            smaller(self.low.x, low.x),
            smaller(self.low.y, low.y),
            smaller(self.low.z, low.z),
        );
        self.high = vec3(
            larger(self.high.x, high.x),
            larger(self.high.y, high.y),
            larger(self.high.z, high.z),
        );
        self.bodies.push(Body { form, at: vec3(x, y, z), stuff });
        self
    }

    /// Hangs the piece from the ceiling, so that its lower end moves in a draught.
    pub(super) fn swaying(self, sway: f32) -> Piece {
        let (low, high) = (vec3(-sway, 0.0, -sway), vec3(sway, 0.0, sway));
        Piece { low: self.low + low, high: self.high + high, sway, ..self }
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

    /// Distance from a point of the room, no more than a lower bound far away.
    pub(super) fn distance(&self, at: Vec3) -> f32 {
        let p = self.turned(at - self.place);
        let outside = outside(p, self.low, self.high);
        if outside > 0.8 { outside } else { self.nearest(p).0 }
    }

    fn nearest(&self, p: Vec3) -> (f32, Option<&Body>) {
        self.bodies.iter().fold((f32::INFINITY, None), |(least, found), body| {
            let room = body.distance(p - body.at);
            if room < least { (room, Some(body)) } else { (least, found) }
        })
    }

    /// The nearest point where a ray meets the piece between `start` and `limit`.
    fn touch(&self, from: Vec3, ray: Vec3, (start, limit): (f32, f32), time: f32) -> Option<Touch> {
        // What sways leaves the place for which free space was measured.
        let start = if self.sway > 0.0 { NEAREST } else { start };
        if start >= limit {
            return None;
        }
        let (from, ray) = (self.turned(from - self.place), self.turned(ray));
        let span = |low: f32, high: f32, from: f32, ray: f32| {
            let inverse = if ray.abs() > 1e-6 { 1.0 / ray } else { 1e6 };
            let (a, b) = ((low - from) * inverse, (high - from) * inverse);
            if a < b { (a, b) } else { (b, a) }
        };
        let (x0, x1) = span(self.low.x, self.high.x, from.x, ray.x);
        let (y0, y1) = span(self.low.y, self.high.y, from.y, ray.y);
        let (z0, z1) = span(self.low.z, self.high.z, from.z, ray.z);
        let leave = smaller(smaller(x1, limit), smaller(y1, z1));
        let mut reach = larger(larger(x0, start), larger(y0, z0));
        for _ in 0..56 {
            if reach >= leave {
                return None;
            }
            let at = self.still(from + ray * reach, time);
            let (room, body) = self.nearest(at);
            if room < 0.0009 + reach * 0.0004 {
                let body = body?;
                let (stuff, local) = (body.stuff, at - body.at);
                let facing = body.normal(local);
                let normal = self.back(facing);
                return Some(Touch { distance: reach, normal, facing, stuff, local });
            }
            reach += room;
        }
        None
    }
}

/// The nearest point where a ray meets any of the pieces before `limit`; those that stand still
/// are not looked for before `start`.
pub(super) fn first(
    pieces: &[Piece],
    from: Vec3,
    ray: Vec3,
    (start, limit): (f32, f32),
    time: f32,
) -> Option<Touch> {
    pieces.iter().fold(None, |nearest: Option<Touch>, piece| {
        let limit = nearest.as_ref().map_or(limit, |touch| touch.distance);
        piece.touch(from, ray, (start, limit), time).or(nearest)
    })
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

fn outside(p: Vec3, low: Vec3, high: Vec3) -> f32 {
    let beyond = |v: f32, low: f32, high: f32| larger(larger(low - v, v - high), 0.0);
    let (x, y, z) =
        (beyond(p.x, low.x, high.x), beyond(p.y, low.y, high.y), beyond(p.z, low.z, high.z));
    (x * x + y * y + z * z).sqrt()
}
