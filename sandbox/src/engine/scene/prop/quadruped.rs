//! Deer and horses: bodies of rods melted together, their heads towards +x.

use super::model::Model;
use super::paint::{Paint, Palette};
use super::solid::{Near, ellipsoid, length, limb, melt};
use crate::engine::math::{larger, mix, sin, smaller, smoothstep};
use crate::engine::noise::{byte, fractal, gradient};
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Which animal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Stag,
    Hind,
    Horse,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Coat,
    Antler,
    Mane,
    Hoof,
}

/// Proportions in metres.
struct Build {
    /// Height of the back and half the trunk's length.
    back: f32,
    long: f32,
    /// Thickness of chest, belly and rump.
    chest: f32,
    belly: f32,
    rump: f32,
    /// Length of the neck and its thickness at both ends.
    neck: f32,
    neck_low: f32,
    neck_high: f32,
    /// Length of the head.
    head: f32,
    leg: f32,
}

const DEER: Build = Build {
    back: 1.22,
    long: 0.50,
    chest: 0.235,
    belly: 0.205,
    rump: 0.220,
    neck: 0.60,
    neck_low: 0.155,
    neck_high: 0.088,
    head: 0.30,
    leg: 0.052,
};

const HORSE: Build = Build {
    back: 1.55,
    long: 0.66,
    chest: 0.335,
    belly: 0.300,
    rump: 0.335,
    neck: 0.80,
    neck_low: 0.235,
    neck_high: 0.120,
    head: 0.46,
    leg: 0.070,
};

pub(super) struct Quadruped {
    kind: Kind,
    grazing: bool,
    coat: Color,
    seed: u32,
    snow: bool,
}

impl Quadruped {
    pub(super) fn new(palette: Palette, kind: Kind, grazing: bool) -> Quadruped {
        let coat = match (kind, ((palette.seed >> 12) + u32::from(grazing)) & 3) {
            (Kind::Horse, 0) => rgb(0.13, 0.055, 0.025),
            (Kind::Horse, 1) => rgb(0.45, 0.42, 0.38),
            (Kind::Horse, 2) => rgb(0.035, 0.026, 0.022),
            (Kind::Horse, _) => rgb(0.24, 0.11, 0.045),
            (_, tone) => rgb(0.20, 0.105, 0.050) * mix(0.85, 1.25, byte(tone, 0) * 85.0),
        };
        let coat = if kind == Kind::Horse { palette.color(0, coat) } else { coat };
        Quadruped { kind, grazing, coat, seed: palette.seed, snow: palette.snow }
    }

    #[inline]
    fn near(&self, at: Vec3, time: f32) -> Near<Part> {
        let build = if self.kind == Kind::Horse { &HORSE } else { &DEER };
        let near = self.trunk(at, build, time);
        self.head(at, build, time, near)
    }

    /// Body, legs and tail.
    #[inline]
    fn trunk(&self, at: Vec3, build: &Build, time: f32) -> Near<Part> {
        let Build { back, long, chest, belly, rump, leg, .. } = *build;
        let axis = back - chest;
        let narrow = vec3(at.x, at.y, at.z * 1.25);
        let breath = 0.006 * sin(time * 1.6);
        let (front, rear) =
            (vec3(long * 0.72, axis - 0.03, 0.0), vec3(-long * 0.78, axis + 0.01, 0.0));
        let barrel = ellipsoid(
            vec3(narrow.x, narrow.y - axis + 0.015, narrow.z),
            vec3(long * 1.15, belly + breath, belly + breath),
        );
        let mut body =
            melt(barrel, ellipsoid(narrow - front, vec3(chest * 1.15, chest * 1.05, chest)), 0.16);
        body = melt(body, ellipsoid(narrow - rear, vec3(rump * 1.15, rump, rump * 0.98)), 0.16);
        body *= 0.85;
        // Left and right legs differ by where their hooves stand.
        let side = if at.z > 0.0 { 1.0 } else { -1.0 };
        let local = vec3(at.x, at.y, at.z.abs());
        let stride = 0.10 * long * side;
        let (knee, top) = (back * 0.31, axis - 0.06);
        let wide = chest * 0.46;
        let fore = {
            let shoulder = vec3(long * 0.74, top, wide * 0.9);
            let elbow = vec3(long * 0.66 + 0.4 * stride, back * 0.52, wide);
            let joint = vec3(long * 0.70 + stride, knee, wide * 0.95);
            let hoof = vec3(long * 0.70 + 1.2 * stride, 0.07, wide * 0.95);
            let upper = limb(local, shoulder, elbow, chest * 0.52, leg * 1.45);
            let middle = limb(local, elbow, joint, leg * 1.40, leg * 0.92);
            let lower = limb(local, joint, hoof, leg * 0.86, leg * 0.70);
            melt(melt(upper, middle, 0.07), lower, 0.035)
        };
        let hind = {
            let hip = vec3(-long * 0.80, top + 0.02, wide * 0.85);
            let stifle = vec3(-long * 0.72 - 0.3 * stride, back * 0.50, wide);
            let hock = vec3(-long * 1.10 - stride, back * 0.335, wide * 0.95);
            let hoof = vec3(-long * 1.02 - 1.1 * stride, 0.07, wide * 0.95);
            let upper = limb(local, hip, stifle, rump * 0.72, leg * 1.9);
            let middle = limb(local, stifle, hock, leg * 1.75, leg * 0.95);
            let lower = limb(local, hock, hoof, leg * 0.90, leg * 0.70);
            melt(melt(upper, middle, 0.09), lower, 0.04)
        };
        body = melt(body, smaller(fore, hind), 0.09);
        let mut near = Near::new(body, Part::Coat);
        let hooves = smaller(
            limb(
                local,
                vec3(long * 0.70 + 1.2 * stride, 0.05, wide * 0.95),
                vec3(long * 0.74 + 1.2 * stride, 0.015, wide * 0.95),
                leg * 0.80,
                leg * 1.0,
            ),
            limb(
                local,
                vec3(-long * 1.02 - 1.1 * stride, 0.05, wide * 0.95),
                vec3(-long * 0.98 - 1.1 * stride, 0.015, wide * 0.95),
                leg * 0.80,
                leg * 1.0,
            ),
        );
        near = near.and(hooves, Part::Hoof);
        let root = vec3(-long * 0.80 - rump * 1.05, axis + rump * 0.55, 0.0);
        if self.kind == Kind::Horse {
            let swing = 0.08 * sin(time * 1.3);
            let bend = root + vec3(-0.16, -0.22, 0.3 * swing);
            let tip = root + vec3(-0.20, -0.86, swing);
            let tail =
                melt(limb(at, root, bend, 0.050, 0.075), limb(at, bend, tip, 0.080, 0.028), 0.05);
            near.and(tail, Part::Mane)
        } else {
            near.and(limb(at, root, root + vec3(-0.07, -0.13, 0.0), 0.05, 0.035), Part::Coat)
        }
    }

    /// Neck, head, ears, and antlers or mane.
    #[inline]
    fn head(&self, at: Vec3, build: &Build, time: f32, near: Near<Part>) -> Near<Part> {
        let horse = self.kind == Kind::Horse;
        let axis = build.back - build.chest;
        let root = vec3(build.long * 0.86, axis + build.chest * 0.34, 0.0);
        let nod = 0.03 * sin(time * 0.7);
        let (rise, ahead) =
            if self.grazing { (-0.62 + nod, 0.72) } else { (0.84 + 0.3 * nod, 0.50) };
        let poll = root + vec3(ahead, rise, 0.0) * build.neck;
        // A standing animal looks over its shoulder a little.
        let drop = if self.grazing { vec3(0.42, -0.86, 0.0) } else { vec3(0.80, -0.50, -0.30) };
        let muzzle = poll + drop * build.head;
        let withers = root + vec3(-build.long * 0.16, build.chest * 0.12, 0.0);
        let narrow = vec3(at.x, at.y, at.z * 1.2);
        let mut neck = limb(narrow, root, poll, build.neck_low, build.neck_high) * 0.85;
        neck = melt(
            neck,
            limb(narrow, withers, poll, build.neck_low * 0.7, build.neck_high * 0.8) * 0.85,
            0.08,
        );
        let skull = limb(
            at,
            poll,
            poll + drop * (build.head * 0.45),
            build.neck_high * 0.98,
            build.neck_high * 0.80,
        );
        let nose = limb(
            at,
            poll + drop * (build.head * 0.4),
            muzzle,
            build.neck_high * 0.78,
            build.neck_high * 0.46,
        );
        let face = melt(skull, nose, 0.05);
        let mut coat = melt(near.distance, melt(neck, face, 0.06), 0.12);
        let part = if near.distance < smaller(neck, face) { near.part } else { Part::Coat };
        let local = vec3(at.x - poll.x, at.y - poll.y, at.z.abs());
        let (ear, spread) = if horse { (0.19, 0.055) } else { (0.20, 0.20) };
        let ears = limb(
            local,
            vec3(-0.01, build.neck_high * 0.7, build.neck_high * 0.5),
            vec3(-0.03, build.neck_high * 0.7 + ear * 0.75, build.neck_high * 0.5 + spread * 0.8),
            0.040,
            0.014,
        );
        coat = melt(coat, ears, 0.03);
        let mut near = Near::new(coat, part);
        if horse {
            // The mane follows the crest of the neck.
            let lift = vec3(-0.045, 0.055, 0.0);
            let tress = 0.018 * gradient(at.x * 14.0, at.y * 14.0 + time, self.seed);
            let crest = vec3(at.x, at.y, (at.z.abs() - 0.028) * 1.6);
            let mane =
                limb(crest, withers + lift, poll + lift + vec3(0.02, 0.04, 0.0), 0.11, 0.085)
                    - tress;
            near = near.and(mane * 0.7, Part::Mane);
            let forelock = limb(at, poll + vec3(0.0, 0.09, 0.0), poll + drop * 0.2, 0.05, 0.03);
            near = near.and(forelock, Part::Mane);
        } else if self.kind == Kind::Stag {
            near = near.and(antlers(local, build.neck_high), Part::Antler);
        }
        near
    }
}

/// One antler and its mirror image: a beam that curves back and up, with four tines.
#[inline]
fn antlers(at: Vec3, head: f32) -> f32 {
    let from = |x: f32, y: f32, z: f32| vec3(x, y + head * 0.8, z + head * 0.3);
    let (a, b, c, d) = (
        from(0.0, 0.0, 0.0),
        from(-0.16, 0.20, 0.17),
        from(-0.15, 0.48, 0.29),
        from(0.02, 0.72, 0.30),
    );
    if length(at.x + 0.05, at.y - 0.4) > 0.9 {
        return length(at.x + 0.05, at.y - 0.4) - 0.7;
    }
    let beam = smaller(
        limb(at, a, b, 0.028, 0.025),
        smaller(limb(at, b, c, 0.025, 0.021), limb(at, c, d, 0.021, 0.008)),
    );
    let tines = [
        limb(at, from(-0.02, 0.03, 0.02), from(0.18, 0.15, 0.08), 0.020, 0.007),
        limb(at, b, from(0.05, 0.36, 0.22), 0.019, 0.007),
        limb(at, from(-0.155, 0.36, 0.24), from(0.03, 0.56, 0.27), 0.018, 0.007),
        limb(at, c, from(-0.24, 0.72, 0.33), 0.017, 0.007),
    ];
    tines.into_iter().fold(beam, |near, tine| melt(near, tine, 0.012))
}

impl Model for Quadruped {
    fn distance(&self, at: Vec3, time: f32) -> f32 {
        self.near(at, time).distance
    }

    fn paint(&self, at: Vec3, normal: Vec3, _pixel: f32, time: f32) -> Paint {
        let hair = 1.0
            + 0.22 * fractal(at.x * 9.0, at.y * 14.0, 3, self.seed)
            + 0.10 * gradient(at.x * 50.0, at.y * 30.0, self.seed);
        let paint = match self.near(at, time).part {
            Part::Antler => Paint::matt(rgb(0.30, 0.22, 0.14)).rough(0.6),
            Part::Hoof => Paint::matt(gray(0.03)).rough(0.4),
            Part::Mane => Paint::matt(self.coat * 0.35 * hair).rough(0.6),
            Part::Coat if self.kind == Kind::Horse => {
                // Points are darker.
                let legs = smoothstep(0.75, 0.3, at.y);
                Paint::matt(self.coat * hair * mix(1.0, 0.5, legs)).rough(0.55)
            }
            Part::Coat => {
                let pale = smoothstep(-0.35, -0.85, normal.y) * smoothstep(0.55, 0.7, at.y);
                let rump = smoothstep(-0.58, -0.70, at.x) * smoothstep(0.78, 0.95, at.y);
                let legs = smoothstep(0.7, 0.35, at.y);
                let coat = self.coat * (hair * mix(1.0, 0.68, legs));
                Paint::matt(coat.mix(rgb(0.48, 0.38, 0.26), larger(pale, rump) * 0.8))
            }
        };
        let snow = if self.snow { smoothstep(0.7, 0.95, normal.y) * 0.5 } else { 0.0 };
        paint.mix(Paint::matt(gray(0.8)), snow)
    }

    fn bounds(&self) -> (Vec3, f32) {
        match self.kind {
            Kind::Horse => (vec3(0.15, 1.12, 0.0), 1.65),
            Kind::Hind => (vec3(0.15, 0.88, 0.0), 1.30),
            Kind::Stag => (vec3(0.2, 1.12, 0.0), 1.60),
        }
    }
}
