//! Anti-aliasing: samples between the points that were drawn first, each shared by its neighbours.
//!
//! The first sample of a point lies in its middle. Where neighbours differ, further ones lie on
//! the seams between the lines: at the corners, which four points share, and for sharp edges also
//! on the sides, which two points share. So even grass all over a picture costs one more sample a
//! point. Together with the middle they weigh about as a tent does that is two points wide.

// Positions are bounded by the canvas whose contrast was measured.
#![allow(clippy::indexing_slicing)]

use super::canvas::{Renderer, View};
use crate::engine::half::HalfColor;
use crate::engine::math::{larger, smaller};
use crate::engine::vector::{Color, gray};

/// Contrast from which a point is smoothed at all.
const ROUGH: u8 = 28;
/// Contrast from which it is an edge, unless too many are.
const SHARP: u8 = 72;
/// Of so many points one may be an edge: where more would be, all is too fine for edges.
const SHARP_SHARE: usize = 8;
/// Samples lie beside whole positions, where drawn things may have their axes.
const ASIDE: f32 = 1.0 / 64.0;
/// Where on a side the samples of an edge lie.
const SIDES: [f32; 2] = [0.35, 0.68];
/// Weights of the corners and the samples on the sides of an edge; the middle has the rest.
const EDGE: (f32, f32) = (0.06, 0.10);
/// Weight of the corners of other rough points.
const CORNER: f32 = 0.12;

/// The seams of one picture.
pub(super) struct Seams<'a> {
    renderer: &'a dyn Renderer,
    view: &'a View,
    contrast: &'a [u8],
    width: usize,
    height: usize,
    /// Contrast from which a point is an edge in this picture.
    sharp: u8,
}

/// Samples between two lines.
pub(super) struct Seam {
    corners: Vec<Color>,
    sides: Vec<[Color; 2]>,
}

/// A sample's place on a seam.
enum Place {
    Corner(usize),
    Side(usize, usize),
}

impl<'a> Seams<'a> {
    /// `contrast` is that of every point, line by line.
    pub(super) fn new(renderer: &'a dyn Renderer, view: &'a View, contrast: &'a [u8]) -> Seams<'a> {
        let (width, height) = (view.width as usize, view.height as usize);
        let mut counts = [0usize; 256];
        contrast.iter().for_each(|contrast| counts[usize::from(*contrast)] += 1);
        let mut room = contrast.len() / SHARP_SHARE;
        let mut sharp = u8::MAX;
        while sharp > SHARP && counts[usize::from(sharp)] <= room {
            room -= counts[usize::from(sharp)];
            sharp -= 1;
        }
        Seams { renderer, view, contrast, width, height, sharp }
    }

    /// The contrast of a line; none beside the picture.
    fn line(&self, x: Option<usize>) -> &[u8] {
        match x {
            Some(x) if x < self.width => &self.contrast[x * self.height..(x + 1) * self.height],
            _ => &[],
        }
    }

    /// Draws what is needed on the seam to the left of line `x`.
    pub(super) fn seam(&self, x: usize) -> Seam {
        let (left, right) = (self.line(x.checked_sub(1)), self.line(Some(x)));
        let contrast = |y: usize| {
            let of = |line: &[u8]| line.get(y).copied().unwrap_or(0);
            of(left).max(of(right))
        };
        let (mut places, mut ys) = (Vec::new(), Vec::new());
        let mut above = 0;
        for y in 0..=self.height {
            let here = contrast(y);
            if above.max(here) > ROUGH {
                places.push(Place::Corner(y));
                ys.push(smaller(y as f32 + ASIDE, self.view.height - ASIDE));
            }
            if here > self.sharp {
                for (number, side) in SIDES.into_iter().enumerate() {
                    places.push(Place::Side(y, number));
                    ys.push(y as f32 + side);
                }
            }
            above = here;
        }
        let mut seam = Seam { corners: Vec::new(), sides: Vec::new() };
        if places.is_empty() {
            return seam;
        }
        let mut colors = vec![gray(0.0); ys.len()];
        let x = smaller(x as f32 + ASIDE, self.view.width - ASIDE);
        self.renderer.line(self.view, x, &ys, &mut colors);
        seam.corners.resize(self.height + 1, gray(0.0));
        seam.sides.resize(self.height, [gray(0.0); 2]);
        for (place, color) in places.iter().zip(&colors) {
            match *place {
                Place::Corner(y) => seam.corners[y] = compressed(*color),
                Place::Side(y, number) => seam.sides[y][number] = compressed(*color),
            }
        }
        seam
    }

    /// Smooths line `x` with the seams on both sides of it.
    pub(super) fn smooth(&self, x: usize, line: &mut [HalfColor], before: &Seam, after: &Seam) {
        for (y, (light, contrast)) in line.iter_mut().zip(self.line(Some(x))).enumerate() {
            if *contrast <= ROUGH {
                continue;
            }
            let middle = compressed(light.color());
            let corners =
                before.corners[y] + before.corners[y + 1] + after.corners[y] + after.corners[y + 1];
            let sum = if *contrast > self.sharp {
                let [a, b] = before.sides[y];
                let [c, d] = after.sides[y];
                let (corner, side) = EDGE;
                corners * corner + (a + b + c + d) * side + middle * (1.0 - 4.0 * (corner + side))
            } else {
                corners * CORNER + middle * (1.0 - 4.0 * CORNER)
            };
            *light = HalfColor::new(expanded(sum));
        }
    }
}

/// Tames highlights before averaging, so that one glint does not leave a jagged white pixel.
fn compressed(color: Color) -> Color {
    color * (1.0 / (1.0 + 0.25 * (color.x + color.y + color.z)))
}

/// Undoes [`compressed`].
fn expanded(color: Color) -> Color {
    color * (1.0 / larger(1.0 - 0.25 * (color.x + color.y + color.z), 1e-3))
}
