//! A flat paper shape with a soft shadow.

use crate::engine::math::{cos, fract, larger, mix, saturate, sin, smoothstep};
use crate::engine::vector::Color;

/// Thickness of the paper: how far the shadow falls, in picture heights.
const LIFT: f32 = 0.012;
/// How far the shadow's edge reaches.
const SHADOW: f32 = 0.032;

/// What a shape is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outline {
    Disc,
    Ring,
    Bar,
    Triangle,
    HalfDisc,
    Arc,
}

impl Outline {
    pub(super) fn from_number(number: u32) -> Outline {
        match number % 6 {
            0 => Outline::Disc,
            1 => Outline::Ring,
            2 => Outline::Bar,
            3 => Outline::Triangle,
            4 => Outline::HalfDisc,
            _ => Outline::Arc,
        }
    }
}

/// One shape; lengths are in picture heights.
pub(super) struct Shape {
    outline: Outline,
    x: f32,
    y: f32,
    pub(super) radius: f32,
    cos: f32,
    sin: f32,
    color: Color,
    /// Decides proportion and stripes, 0 to 1.
    variant: f32,
}

impl Shape {
    pub(super) fn new(
        outline: Outline,
        x: f32,
        y: f32,
        radius: f32,
        angle: f32,
        color: Color,
        variant: f32,
    ) -> Shape {
        Shape { outline, x, y, radius, cos: cos(angle), sin: sin(angle), color, variant }
    }

    /// Whether shape or shadow touch the vertical line at `u`.
    pub(super) fn reaches(&self, u: f32) -> bool {
        (u - self.x).abs() < self.radius * 1.5 + SHADOW + LIFT * 2.0
    }

    /// Distance from the edge, negative inside.
    fn distance(&self, a: f32, b: f32) -> f32 {
        let r = self.radius;
        let round = (a * a + b * b).sqrt();
        match self.outline {
            Outline::Disc => round - r,
            Outline::Ring => (round - r).abs() - r * 0.16,
            Outline::Bar => larger(a.abs() - r, b.abs() - r * (0.12 + 0.6 * self.variant)),
            Outline::Triangle => larger(a.abs() * 0.866 + b * 0.5, -b) - r * 0.6,
            Outline::HalfDisc => larger(round - r, -b),
            Outline::Arc => larger((round - r * 0.8).abs() - r * 0.2, larger(-a, -b)),
        }
    }

    /// Whether the shape lies at (`u`, `v`).
    pub(super) fn covers(&self, u: f32, v: f32) -> bool {
        let (dx, dy) = (u - self.x, v - self.y);
        self.distance(dx * self.cos + dy * self.sin, dy * self.cos - dx * self.sin) < 0.0
    }

    /// The shape and its shadow laid over a colour at (`u`, `v`).
    pub(super) fn over(&self, under: Color, u: f32, v: f32, pixel: f32) -> Color {
        let (dx, dy) = (u - self.x, v - self.y);
        let turned =
            |dx: f32, dy: f32| (dx * self.cos + dy * self.sin, dy * self.cos - dx * self.sin);
        let (a, b) = turned(dx - LIFT, dy - LIFT * 1.3);
        let shadow = smoothstep(SHADOW, -0.014, self.distance(a, b));
        let mut color = under * (1.0 - 0.42 * shadow * shadow);
        let (a, b) = turned(dx, dy);
        let cover = saturate(0.5 - self.distance(a, b) / pixel);
        if cover > 0.0 {
            let lit = 0.82 + 0.33 * saturate(0.5 - (dx * 0.6 + dy * 0.8) / self.radius * 0.5);
            let stripes = if self.variant > 0.72 {
                mix(1.0, 0.68, smoothstep(0.45, 0.55, fract(b / self.radius * 5.0)))
            } else {
                1.0
            };
            color = color.mix(self.color * (lit * stripes), cover * 0.97);
        }
        color
    }
}
