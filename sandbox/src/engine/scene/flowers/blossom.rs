//! One blossom: petals that overlap, and what stands in their middle.

use super::heart::Heart;
use crate::engine::math::{TAU, cos, larger, mix, saturate, sin, smoothstep, squared};
use crate::engine::noise::{fractal, hash, random};
use crate::engine::prompt::Flower;
use crate::engine::vector::{Color, Vec3, gray, rgb, vec3};

/// The light on a blossom; directions are x right, y up, z towards the camera.
#[derive(Clone, Copy)]
pub(super) struct Lamp {
    pub(super) sun: Vec3,
    pub(super) direct: Color,
    pub(super) ambient: Color,
}

/// How wide a petal is along its length.
#[derive(Clone, Copy, PartialEq)]
enum Profile {
    Strap,
    Pointed,
    Round,
    Notched,
}

struct Petal {
    base: (f32, f32),
    cos: f32,
    sin: f32,
    length: f32,
    half: f32,
    profile: Profile,
    root: Color,
    tip: Color,
    seed: u32,
}

/// A blossom of radius 1, its petals from the front to the back.
pub(super) struct Blossom {
    petals: Vec<Petal>,
    heart: Option<Heart>,
    /// How much the blossom is foreshortened.
    pub(super) squash: f32,
}

/// What is seen of a blossom at a point.
#[derive(Clone, Copy)]
pub(super) struct Touch {
    /// Light, already weighted by `cover`.
    pub(super) color: Color,
    pub(super) cover: f32,
    pub(super) normal: Vec3,
}

impl Blossom {
    /// `detail` is for a blossom that fills the picture; many small ones do with fewer petals.
    pub(super) fn of(flower: Flower, color: Color, seed: u32, detail: bool) -> Blossom {
        let pale = color.mix(gray(1.0), 0.45);
        let deep = color * 0.55;
        let mut blossom = Blossom { petals: Vec::new(), heart: None, squash: 0.86 };
        let fine = i32::from(detail);
        match flower {
            Flower::Daisy => {
                blossom.heart(0.25, rgb(0.95, 0.50, 0.02), rgb(0.98, 0.68, 0.05), 0, 0.0);
                blossom.ring(11 + 4 * fine, 1.0, 0.13, Profile::Strap, color * 0.86, color, seed);
                blossom.ring(
                    11 + 4 * fine,
                    0.94,
                    0.13,
                    Profile::Strap,
                    deep,
                    color * 0.86,
                    seed ^ 1,
                );
            }
            Flower::Sunflower => {
                blossom.heart(0.44, rgb(0.035, 0.016, 0.008), rgb(0.16, 0.065, 0.012), 0, 0.0);
                let gold = color.mix(rgb(0.95, 0.30, 0.01), 0.5);
                blossom.ring(13 + 6 * fine, 1.0, 0.135, Profile::Pointed, gold, color, seed);
                blossom.ring(
                    13 + 6 * fine,
                    0.97,
                    0.14,
                    Profile::Pointed,
                    gold * 0.6,
                    color * 0.85,
                    seed ^ 1,
                );
            }
            Flower::Poppy => {
                blossom.heart(0.15, rgb(0.05, 0.09, 0.03), rgb(0.02, 0.02, 0.02), 26, 0.17);
                blossom.ring(3, 0.92, 0.62, Profile::Round, deep * 0.4, color, seed);
                blossom.ring(3, 1.0, 0.66, Profile::Round, deep * 0.25, color * 0.85, seed ^ 1);
            }
            Flower::CherryBlossom => {
                blossom.heart(
                    0.06,
                    rgb(0.62, 0.50, 0.12),
                    rgb(0.75, 0.12, 0.22),
                    14 + 4 * fine,
                    0.36,
                );
                blossom.ring(5, 1.0, 0.43, Profile::Notched, color.mix(deep, 0.5), pale, seed);
            }
            Flower::Lotus => {
                blossom.squash = 0.56;
                blossom.heart(0.15, rgb(0.62, 0.60, 0.10), rgb(0.92, 0.62, 0.10), 24, 0.12);
                for (layer, length) in [0.62, 0.84, 1.0].into_iter().enumerate() {
                    let white = pale.mix(gray(0.96), 0.5);
                    let shade = 1.0 - 0.12 * layer as f32;
                    let count = 7 + layer as i32;
                    blossom.ring(
                        count,
                        length,
                        0.27,
                        Profile::Pointed,
                        white * shade,
                        color * shade,
                        seed ^ layer as u32,
                    );
                }
            }
            Flower::Rose => {
                blossom.squash = 0.92;
                let turns = if detail { 8 } else { 3 };
                for turn in 0..turns {
                    let out = (turn + 1) as f32 / turns as f32;
                    let shade = mix(0.55, 1.0, out.sqrt());
                    let tip = color.mix(pale, 0.02 + 0.08 * out) * shade;
                    let count = if turn < 2 { 3 } else { 5 };
                    let length = mix(0.13, 1.0, squared(out, 1) * 0.35 + 0.65 * out);
                    blossom.ring(
                        count,
                        length,
                        length * mix(0.95, 0.60, out),
                        Profile::Round,
                        deep * shade * 0.55,
                        tip,
                        seed ^ (turn * 7),
                    );
                }
            }
            Flower::Tulip => {
                blossom.squash = 1.0;
                let inner = color.mix(rgb(0.95, 0.62, 0.10), 0.12);
                let front = [(0.0, 1.60, 0.52), (0.33, 1.62, 0.46), (-0.33, 1.62, 0.46)];
                for (number, (lean, length, half)) in front.into_iter().enumerate() {
                    let shade = [1.0, 0.78, 0.78].get(number).copied().unwrap_or(1.0);
                    blossom.petal(
                        (lean * 0.45, -0.82),
                        TAU * 0.25 - lean * 0.6,
                        length,
                        half,
                        Profile::Pointed,
                        (inner * shade * 0.8, color.mix(pale, 0.10) * shade),
                        seed ^ number as u32,
                    );
                }
                for lean in [-0.2, 0.2] {
                    blossom.petal(
                        (lean * 0.4, -0.78),
                        TAU * 0.25 - lean * 0.7,
                        1.68,
                        0.44,
                        Profile::Pointed,
                        (deep * 0.7, color * 0.6),
                        seed ^ 9,
                    );
                }
            }
            Flower::Lavender => {
                blossom.squash = 1.0;
                let whorls = if detail { 15 } else { 13 };
                let sides: &[f32] =
                    if detail { &[0.0, -0.55, 0.55, -1.15, 1.15] } else { &[0.0, -0.8, 0.8] };
                for whorl in 0..whorls {
                    let up = whorl as f32 / (whorls - 1) as f32;
                    let width =
                        mix(0.34, 0.12, squared(up, 1)) * if whorl == 0 { 0.7 } else { 1.0 };
                    for side in sides.iter().copied() {
                        let roll = random(whorl, (side * 9.0) as i32, seed);
                        let hue = deep.mix(pale, 0.15 + 0.65 * roll);
                        blossom.petal(
                            (side * 0.06, up * 1.75 - 1.0),
                            TAU * 0.25 - side,
                            width * 1.05,
                            width * 0.30,
                            Profile::Pointed,
                            (deep * 0.55, hue),
                            seed ^ (whorl as u32 * 5),
                        );
                    }
                }
                blossom.petals.reverse();
            }
        }
        blossom
    }

    fn heart(&mut self, radius: f32, inner: Color, outer: Color, stamens: i32, reach: f32) {
        self.heart = Some(Heart { radius, inner, outer, stamens, reach });
    }

    #[allow(clippy::too_many_arguments)] // A ring is what these seven numbers say.
    fn ring(
        &mut self,
        count: i32,
        length: f32,
        half: f32,
        profile: Profile,
        root: Color,
        tip: Color,
        seed: u32,
    ) {
        let start = random(count, 1, seed) * TAU;
        for number in 0..count {
            let roll = |which: i32| random(number, which, seed ^ 0x9E7A) - 0.5;
            let angle = start + (number as f32 + 0.35 * roll(1)) * TAU / count as f32;
            let long = length * (1.0 + 0.10 * roll(2));
            let tone = 1.0 + 0.16 * roll(3);
            let colors = (root * tone, tip * tone);
            let id = hash(number, 4, seed);
            self.petal((0.0, 0.0), angle, long, half * (1.0 + 0.14 * roll(4)), profile, colors, id);
        }
    }

    #[allow(clippy::too_many_arguments)] // A petal is what these seven numbers say.
    fn petal(
        &mut self,
        base: (f32, f32),
        angle: f32,
        length: f32,
        half: f32,
        profile: Profile,
        (root, tip): (Color, Color),
        seed: u32,
    ) {
        let (cos, sin) = (cos(angle), sin(angle));
        self.petals.push(Petal { base, cos, sin, length, half, profile, root, tip, seed });
    }

    /// The blossom at (`a`, `b`) of its radius; `soft` is the width of its edges in that unit.
    pub(super) fn at(&self, a: f32, b: f32, soft: f32, lamp: &Lamp) -> Option<Touch> {
        let b = b / self.squash;
        if a * a + b * b > 1.9 {
            return None;
        }
        let mut seen = Touch { color: gray(0.0), cover: 0.0, normal: vec3(0.0, 0.0, 1.0) };
        // Light that gets past the petals in front.
        let mut open = 1.0;
        if let Some(heart) = &self.heart {
            heart.over(&mut seen, a, b, soft, lamp);
            let near = (a * a + b * b).sqrt();
            open *= 1.0 - 0.55 * smoothstep(heart.radius * 1.7, heart.radius * 0.9, near);
        }
        for petal in &self.petals {
            if seen.cover > 0.995 {
                break;
            }
            petal.under(&mut seen, &mut open, a, b, soft, lamp);
        }
        (seen.cover > 0.0).then_some(seen)
    }

    /// The blossom from afar: one soft spot of its mean colour, `wide` for its height of 1.
    pub(super) fn spot(&self, a: f32, b: f32, wide: f32, soft: f32, lamp: &Lamp) -> Option<Touch> {
        let away = (a * a / (wide * wide) + b * b / squared(self.squash, 1)).sqrt() - 0.9;
        let cover = saturate(0.5 - away / soft);
        if cover <= 0.0 {
            return None;
        }
        let sum = self.petals.iter().fold(gray(0.0), |sum, petal| sum + petal.tip);
        let ink = sum * (0.85 / larger(self.petals.len() as f32, 1.0));
        let light = lamp.ambient * 0.7 + lamp.direct * (0.45 + 0.25 * b);
        Some(Touch { color: ink * light * cover, cover, normal: vec3(0.0, 0.3, 0.95) })
    }
}

impl Petal {
    fn under(&self, seen: &mut Touch, open: &mut f32, a: f32, b: f32, soft: f32, lamp: &Lamp) {
        let (dx, dy) = (a - self.base.0, b - self.base.1);
        let along = dx * self.cos + dy * self.sin;
        let across = dy * self.cos - dx * self.sin;
        let margin = 0.10 + soft;
        if along < -margin || along > self.length + margin || across.abs() > self.half + margin {
            return;
        }
        let mut t = along / self.length;
        let s = across / self.half;
        if self.profile == Profile::Notched {
            t += 0.13 * squared(saturate(1.0 - s.abs() * 2.6), 1) * smoothstep(0.6, 0.9, t);
        }
        if self.profile == Profile::Round {
            t += 0.035 * sin(s * 5.0 + self.seed as f32) * t;
        }
        let width = self.width(saturate(t));
        let beyond = larger(larger(t - 1.0, -t) * self.length, 0.0);
        let away = across.abs() - self.half * width + beyond * 3.0;
        let cover = saturate(0.5 - away / soft);
        if cover > 0.0 {
            let lit = self.lit(saturate(t), s / larger(width, 0.15), *open, soft, lamp);
            let share = cover * (1.0 - seen.cover);
            if share > 0.5 {
                seen.normal = self.normal(t, s);
            }
            seen.color += lit * share;
            seen.cover += share;
        }
        // What lies behind this petal is in its shade.
        *open *= 1.0 - 0.42 * squared(smoothstep(0.10, -0.02, away), 1);
    }

    fn width(&self, t: f32) -> f32 {
        match self.profile {
            Profile::Strap => {
                let tip = larger(t - 0.78, 0.0) / 0.22;
                smoothstep(-0.25, 0.5, t) * larger(1.0 - tip * tip, 0.0).sqrt()
            }
            Profile::Pointed => smoothstep(-0.30, 0.52, t) * (1.0 - t * t * t * (0.4 + 0.6 * t)),
            Profile::Round | Profile::Notched => {
                smoothstep(-0.18, 0.78, t) * larger(1.0 - squared(t, 3), 0.0).sqrt()
            }
        }
    }

    fn normal(&self, t: f32, s: f32) -> Vec3 {
        let (curl, cup) = ((t - 0.45) * 0.9, s * 0.55);
        vec3(self.cos * curl - self.sin * cup, self.sin * curl + self.cos * cup, 1.0).normalized()
    }

    fn lit(&self, t: f32, s: f32, open: f32, soft: f32, lamp: &Lamp) -> Color {
        let ink = self.root.mix(self.tip, smoothstep(0.0, 0.75, t));
        // Veins of blossoms that are small or out of focus cannot be seen.
        let vein =
            if soft < 0.06 { fractal(s * (4.0 + 3.0 * t), t * 1.1, 3, self.seed) } else { 0.0 };
        let crease = squared(saturate(1.0 - s.abs() * 3.0), 1) * (1.0 - t) * 0.22;
        let ink = ink * (1.0 + 0.26 * vein - crease);
        let facing = self.normal(t, s).dot(lamp.sun);
        let front = saturate(facing * 0.75 + 0.25);
        // Light from behind shines through thin tissue and deepens its colour.
        let behind = saturate(0.35 - lamp.sun.z) * (0.35 + 0.65 * t) * 0.75;
        let through = ink.saturated(1.25) * behind;
        let shade = mix(0.22, 1.0, open);
        let ambient = ink * lamp.ambient * (0.45 + 0.55 * t);
        let rim = squared(saturate(s.abs()), 2) * 0.10 * saturate(facing + 0.5);
        (ambient
            + (ink * front + through + (ink + gray(0.15)) * rim) * lamp.direct * (0.3 + 0.7 * open))
            * shade
    }
}

impl Touch {
    /// Puts a colour behind what is there.
    pub(super) fn lay(&mut self, color: Color, cover: f32) {
        let share = cover * (1.0 - self.cover);
        self.color += color * share;
        self.cover += share;
    }
}
