//! Few colours that belong together.

use crate::engine::math::{floor, fract, smoothstep};
use crate::engine::noise::hash;
use crate::engine::prompt::{Composition, Light, Mood};
use crate::engine::vector::{Color, gray, rgb};

/// Ground colour and four inks each.
const PALETTES: [[Color; 5]; 10] = [
    [
        rgb(0.90, 0.84, 0.72),
        rgb(0.80, 0.10, 0.06),
        rgb(0.03, 0.10, 0.30),
        rgb(0.92, 0.54, 0.04),
        rgb(0.04, 0.32, 0.34),
    ],
    [
        rgb(0.04, 0.03, 0.12),
        rgb(0.92, 0.12, 0.42),
        rgb(0.06, 0.55, 0.85),
        rgb(0.98, 0.68, 0.12),
        rgb(0.42, 0.16, 0.80),
    ],
    [
        rgb(0.88, 0.86, 0.82),
        rgb(0.10, 0.22, 0.20),
        rgb(0.74, 0.28, 0.14),
        rgb(0.86, 0.62, 0.30),
        rgb(0.30, 0.46, 0.42),
    ],
    [
        rgb(0.02, 0.06, 0.10),
        rgb(0.05, 0.62, 0.58),
        rgb(0.95, 0.36, 0.22),
        rgb(0.96, 0.84, 0.60),
        rgb(0.10, 0.26, 0.52),
    ],
    [
        rgb(0.93, 0.88, 0.84),
        rgb(0.86, 0.30, 0.34),
        rgb(0.16, 0.20, 0.42),
        rgb(0.95, 0.68, 0.48),
        rgb(0.36, 0.58, 0.66),
    ],
    [
        rgb(0.91, 0.90, 0.86),
        rgb(0.04, 0.05, 0.07),
        rgb(0.85, 0.16, 0.05),
        rgb(0.95, 0.76, 0.06),
        rgb(0.08, 0.24, 0.62),
    ],
    [
        rgb(0.90, 0.82, 0.76),
        rgb(0.60, 0.10, 0.20),
        rgb(0.90, 0.42, 0.30),
        rgb(0.22, 0.10, 0.26),
        rgb(0.94, 0.70, 0.40),
    ],
    [
        rgb(0.015, 0.03, 0.05),
        rgb(0.90, 0.62, 0.22),
        rgb(0.06, 0.26, 0.34),
        rgb(0.70, 0.20, 0.14),
        rgb(0.80, 0.82, 0.74),
    ],
    [
        rgb(0.84, 0.88, 0.88),
        rgb(0.04, 0.22, 0.40),
        rgb(0.12, 0.50, 0.60),
        rgb(0.62, 0.78, 0.74),
        rgb(0.92, 0.56, 0.36),
    ],
    [
        rgb(0.05, 0.02, 0.08),
        rgb(0.52, 0.10, 0.48),
        rgb(0.95, 0.34, 0.28),
        rgb(0.16, 0.14, 0.58),
        rgb(0.98, 0.72, 0.44),
    ],
];

/// A ground and four inks, in linear light.
#[derive(Clone, Copy)]
pub(super) struct Palette {
    colors: [Color; 5],
}

impl Palette {
    /// The colours of the prompt, filled up with relatives of theirs; else a set by seed.
    pub(super) fn new(composition: &Composition) -> Palette {
        let dark = matches!(composition.light, Light::Night | Light::Neon)
            || composition.mood == Mood::Dark;
        let bright = composition.mood == Mood::Joyful || composition.light == Light::Dawn;
        let fits = |colors: &&[Color; 5]| {
            let [paper, ..] = **colors;
            (!dark || paper.luminance() < 0.2) && (!bright || paper.luminance() > 0.2)
        };
        let fitting: Vec<&[Color; 5]> = PALETTES.iter().filter(fits).collect();
        let pick = hash(2, 5, composition.variation) as usize % fitting.len().max(1);
        let own = fitting.get(pick).map_or([gray(0.5); 5], |colors| **colors);
        let named = &composition.colors;
        let [first, rest @ ..] = named.as_slice() else { return Palette { colors: own } };
        let second = rest.first().copied().unwrap_or(first.mix(gray(0.9), 0.55));
        let third = rest.get(1).copied().unwrap_or(*first * 0.38);
        let fourth = rest.get(2).copied().unwrap_or(second.mix(rgb(0.95, 0.74, 0.42), 0.55));
        let [paper, ..] = own;
        let paper = paper.mix(*first, 0.10);
        Palette { colors: [paper, *first, second, third, fourth] }
    }

    pub(super) fn paper(&self) -> Color {
        let [paper, ..] = self.colors;
        paper
    }

    /// One of the four inks.
    pub(super) fn ink(&self, number: u32) -> Color {
        self.colors.get(1 + (number & 3) as usize).copied().unwrap_or_default()
    }

    /// A colour on the closed way through the inks; each takes a quarter of a turn.
    pub(super) fn turn(&self, at: f32) -> Color {
        let position = fract(at) * 4.0;
        let from = floor(position) as u32;
        self.ink(from).mix(self.ink(from + 1), smoothstep(0.0, 1.0, fract(position)))
    }

    /// A colour on the way from the darkest over the inks to the ground.
    pub(super) fn ramp(&self, at: f32) -> Color {
        let mut colors = self.colors;
        colors.sort_by(|a, b| a.luminance().total_cmp(&b.luminance()));
        let position = at.clamp(0.0, 0.9999) * 4.0;
        let from = position as usize;
        let color = |number: usize| colors.get(number).copied().unwrap_or_default();
        color(from).mix(color(from + 1), smoothstep(0.0, 1.0, fract(position)))
    }

    pub(super) fn is_dark(&self) -> bool {
        self.paper().luminance() < 0.2
    }
}
