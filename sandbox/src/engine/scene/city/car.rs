//! The body of one flying car and the lights it carries.

use super::facade::Evening;
use crate::engine::math::{exp, larger, mix, saturate, smaller, smoothstep, squared};
use crate::engine::prompt::Light;
use crate::engine::scene::atmosphere::Atmosphere;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// Half the length of a car, in its own size.
const HALF_LENGTH: f32 = 2.5;
/// Length of the light that trails behind, in the car's size.
const TRAIL: f32 = 20.0;
/// Nothing of a car's body lies farther from its middle.
const ROOM: Vec3 = vec3(3.0, 1.35, 1.75);

/// One car at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Car {
    pub(super) center: Vec3,
    /// Unit vectors of the car: ahead and to its right; both level.
    pub(super) ahead: Vec3,
    pub(super) right: Vec3,
    pub(super) size: f32,
    pub(super) paint: Color,
    pub(super) neon: Color,
    /// Drives on the road: on wheels, without jets.
    pub(super) road: bool,
}

/// Where a car's body is met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Body {
    pub(super) distance: f32,
    pub(super) normal: Vec3,
    pub(super) albedo: Color,
    pub(super) roughness: f32,
    at: Vec3,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Hull,
    Canopy,
    Pod,
}

impl Car {
    /// Into the car's own axes: x ahead, y up, z right, in units of its size.
    fn local(&self, v: Vec3) -> Vec3 {
        vec3(v.dot(self.ahead), v.y, v.dot(self.right)) * (1.0 / self.size)
    }

    fn world(&self, v: Vec3) -> Vec3 {
        self.ahead * v.x + vec3(0.0, v.y, 0.0) + self.right * v.z
    }

    /// Points and radii of balls that hold the body, and the body with its lights and trail.
    pub(super) fn balls(&self) -> [(Vec3, f32); 2] {
        let tail = if self.road { 0.0 } else { TRAIL };
        [
            (self.center, self.size * 3.6),
            (self.center - self.ahead * (self.size * (HALF_LENGTH + tail)), self.size * 0.9),
        ]
    }

    /// Where a ray meets the body before `depth`.
    pub(super) fn body(&self, eye: Vec3, ray: Vec3, depth: f32) -> Option<Body> {
        let from = self.local(eye - self.center);
        let ray = vec3(ray.dot(self.ahead), ray.y, ray.dot(self.right));
        let (enter, leave) = ellipsoid(from, ray, ROOM)?;
        let mut reach = larger(enter, 0.0);
        let leave = smaller(leave, depth / self.size);
        let far = from.length();
        for _ in 0..34 {
            if reach >= leave {
                return None;
            }
            let at = from + ray * reach;
            let (room, part) = self.shape(at);
            if room < 0.0006 * far + 0.002 {
                let normal = self.normal(at);
                let (albedo, roughness) = match part {
                    Part::Hull => (self.paint, 0.25),
                    Part::Canopy => (gray(0.014), 0.05),
                    Part::Pod => (gray(0.06), 0.4),
                };
                let distance = reach * self.size;
                return Some(Body {
                    distance,
                    normal: self.world(normal),
                    albedo,
                    roughness,
                    at,
                    part,
                });
            }
            reach += room * 0.9;
        }
        None
    }

    fn normal(&self, at: Vec3) -> Vec3 {
        let step = 0.012;
        let value = |x: f32, y: f32, z: f32| self.shape(at + vec3(x, y, z) * step).0;
        let (a, b) = (value(1.0, -1.0, -1.0), value(-1.0, -1.0, 1.0));
        let (c, d) = (value(-1.0, 1.0, -1.0), value(1.0, 1.0, 1.0));
        let slope = vec3(a - b - c + d, -a - b + c + d, -a + b - c + d);
        if slope.dot(slope) > 0.0 { slope.normalized() } else { vec3(0.0, 1.0, 0.0) }
    }

    /// Distance to the nearest part of the body, and which it is.
    fn shape(&self, p: Vec3) -> (f32, Part) {
        let side = p.z.abs();
        let nose = saturate((p.x + 2.4) / 4.8);
        let slim = nose * nose;
        let wide = mix(0.92, 0.48, slim);
        let high = mix(0.36, 0.13, slim);
        let round = 0.16;
        let hull =
            rounded(vec3(p.x.abs() - 2.3, (p.y + 0.06 * slim).abs() - high, side - wide), round);
        let cabin = bubble(vec3(p.x + 0.15, p.y - 0.30, p.z), vec3(1.35, 0.50, 0.68));
        let mut part = if cabin < hull { Part::Canopy } else { Part::Hull };
        let mut room = smaller(hull, cabin);
        let pods = if self.road {
            // Wheels.
            let x = (p.x.abs() - 1.45).abs();
            let ring =
                ((p.x.abs() - 1.45) * (p.x.abs() - 1.45) + (p.y + 0.42) * (p.y + 0.42)).sqrt();
            larger(ring - 0.42, (side - 0.86).abs() - 0.16) + x * 0.0
        } else {
            // Jets at the back, smaller ones in front, and fins above.
            let jet = tube(vec3(p.x + 1.35, p.y + 0.04, side - 1.18), 0.95, 0.30);
            let front = tube(vec3(p.x - 1.45, p.y + 0.14, side - 0.88), 0.42, 0.19);
            let lean = p.x + 2.0 + 0.6 * (p.y - 0.6);
            let fin = rounded(
                vec3(lean.abs() - 0.34, (p.y - 0.66).abs() - 0.42, (side - 0.86).abs() - 0.02),
                0.03,
            );
            smaller(jet, smaller(front, fin * 0.85))
        };
        if pods < room {
            (room, part) = (pods, Part::Pod);
        }
        (room, part)
    }

    /// Light from the body.
    pub(super) fn shaded(
        &self,
        body: &Body,
        air: &Atmosphere,
        evening: &Evening,
        ray: Vec3,
    ) -> Color {
        let n = body.normal;
        let mirror = ray.reflected(n);
        let sky = air.gradient(larger(mirror.y, 0.0))
            * mix(0.20, 1.0, smoothstep(-0.25, 0.12, mirror.y))
            + air.sunlight * (0.9 * squared(saturate(mirror.dot(air.sun)), 5));
        let facing = 1.0 - saturate(-ray.dot(n));
        let gloss = 0.06 + 0.94 * squared(facing, 2) * facing;
        let direct = larger(n.dot(air.sun), 0.0);
        let skylight =
            air.zenith * (0.45 + 0.35 * n.y) + air.middle * (0.45 + 0.20 * n.y) + gray(0.015);
        // The city shines up from below.
        let city = rgb(1.0, 0.62, 0.36) * (0.22 * evening.lamps * saturate(0.4 - 0.6 * n.y));
        let metal = if body.part == Part::Hull { 0.30 } else { 0.0 };
        let mut color = body.albedo * (air.sunlight * direct + skylight + city)
            + sky.mix(sky * body.albedo * 2.0, metal) * (gloss + metal * 0.25);
        let strength = strength(air);
        // A strip of light around the hull, and seams.
        if body.part == Part::Hull {
            let strip = smoothstep(0.045, 0.02, (body.at.y + 0.02).abs());
            let belly = smoothstep(-0.25, -0.45, body.at.y) * smoothstep(0.7, 0.5, body.at.z.abs());
            color +=
                self.neon * ((strip * 0.9 + if self.road { 0.0 } else { belly * 0.5 }) * strength);
            let seam = smoothstep(0.02, 0.0, (body.at.x - 0.95).abs())
                + smoothstep(0.02, 0.0, (body.at.x + 1.2).abs());
            color = color * (1.0 - 0.5 * saturate(seam));
        }
        if body.part == Part::Pod && !self.road {
            let mouth = smoothstep(-2.15, -2.30, body.at.x);
            color += self.neon.mix(gray(1.6), 0.35) * (mouth * 1.6 * strength);
        }
        color
    }

    /// Head lights, tail lights, jets and the trail, as glow in the air before `depth`.
    pub(super) fn lights(&self, air: &Atmosphere, eye: Vec3, ray: Vec3, depth: f32) -> Color {
        let from = self.local(eye - self.center);
        let ray = vec3(ray.dot(self.ahead), ray.y, ray.dot(self.right));
        let depth = depth / self.size;
        let strength = strength(air);
        let mut color = gray(0.0);
        let mut glow = |at: Vec3, hue: Color, radius: f32| {
            let offset = at - from;
            let along = offset.dot(ray);
            if along > 0.0 && along < depth + 0.7 {
                let apart = (offset.dot(offset) - along * along) / (radius * radius);
                if apart < 9.0 {
                    // A core and a veil around it.
                    color += hue * (strength * (exp(-apart * 5.0) + 0.10 * exp(-apart * 0.7)));
                }
            }
        };
        for side in [-1.0, 1.0] {
            glow(vec3(2.42, -0.04, side * 0.46), rgb(2.2, 2.1, 1.8), 0.24);
            if self.road {
                glow(vec3(-2.46, 0.05, side * 0.70), rgb(2.6, 0.20, 0.10), 0.30);
            } else {
                glow(
                    vec3(-2.42, -0.04, side * 1.18),
                    self.neon.mix(rgb(1.4, 1.4, 1.5), 0.3) * 0.8,
                    0.40,
                );
                glow(vec3(-2.46, 0.16, side * 0.45), rgb(2.4, 0.16, 0.08), 0.20);
            }
        }
        if self.road {
            return color;
        }
        glow(vec3(0.0, -0.7, 0.0), self.neon * 0.10, 1.9);
        for side in [-1.18, 1.18] {
            let start = vec3(-2.5, -0.04, side) - from;
            let level = 1.0 - ray.x * ray.x;
            if level > 1e-4 {
                let back = smaller(larger((start.x - start.dot(ray) * ray.x) / level, 0.0), TRAIL);
                let point = start - vec3(back, 0.0, 0.0);
                let along = point.dot(ray);
                if along > 0.0 && along < depth {
                    let apart = point.dot(point) - along * along;
                    let fade = squared(1.0 - back / TRAIL, 1);
                    let thin = 30.0 + 50.0 * (1.0 - fade);
                    // Beside it the trail is not to be seen.
                    if apart * thin > 16.0 {
                        continue;
                    }
                    color += (self.neon * 0.9 + rgb(0.35, 0.3, 0.35))
                        * (fade * strength * 0.34 * exp(-apart * thin));
                }
            }
        }
        color
    }
}

fn strength(air: &Atmosphere) -> f32 {
    match air.light {
        Light::Day => 0.5,
        Light::Dawn | Light::Storm => 0.75,
        Light::Sunset => 1.0,
        Light::Night => 0.75,
        Light::Neon => 1.1,
    }
}

fn rounded(q: Vec3, round: f32) -> f32 {
    let (x, y, z) = (larger(q.x + round, 0.0), larger(q.y + round, 0.0), larger(q.z + round, 0.0));
    let inside = smaller(larger(q.x, larger(q.y, q.z)) + round, 0.0);
    (x * x + y * y + z * z).sqrt() + inside - round
}

fn bubble(p: Vec3, axes: Vec3) -> f32 {
    let scaled = vec3(p.x / axes.x, p.y / axes.y, p.z / axes.z);
    let square = vec3(scaled.x / axes.x, scaled.y / axes.y, scaled.z / axes.z);
    let (near, steep) = (scaled.length(), square.length());
    if steep < 1e-6 { -0.4 } else { near * (near - 1.0) / steep }
}

/// A capsule along x.
fn tube(p: Vec3, half: f32, radius: f32) -> f32 {
    let x = larger(p.x.abs() - half, 0.0);
    (x * x + p.y * p.y + p.z * p.z).sqrt() - radius
}

/// Distances between which a ray is inside an ellipsoid around the origin.
fn ellipsoid(from: Vec3, ray: Vec3, axes: Vec3) -> Option<(f32, f32)> {
    let scale = vec3(1.0 / axes.x, 1.0 / axes.y, 1.0 / axes.z);
    let (o, d) = (from * scale, ray * scale);
    let (a, b, c) = (d.dot(d), o.dot(d), o.dot(o) - 1.0);
    let inside = b * b - a * c;
    if inside <= 0.0 {
        return None;
    }
    let root = inside.sqrt();
    let (near, far) = ((-b - root) / a, (-b + root) / a);
    (far > 0.0).then_some((near, far))
}
