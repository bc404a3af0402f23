//! Paper shapes that float over marble.

use super::palette::Palette;
use super::shape::{Outline, Shape};
use super::{Family, Frame, Paint};
use crate::engine::math::{TAU, cos, sin, smoothstep};
use crate::engine::noise::{fractal, hash, random};
use crate::engine::vector::Color;

/// Number of free shapes.
const SHAPES: i32 = 20;

/// Discs, rings, bars, triangles and arcs with soft shadows.
pub(super) struct Paper {
    pub(super) palette: Palette,
    pub(super) seed: u32,
}

impl Paper {
    /// Marble under the shapes; lengths are in picture heights.
    fn marble(&self, u: f32, v: f32, time: f32) -> Color {
        let paper = self.palette.paper();
        let [second, third, fourth] = [1, 2, 3].map(|number| self.palette.ink(number));
        let seed = self.seed;
        let bend_u = fractal(u * 1.7 + time * 0.05, v * 1.7, 4, seed ^ 1);
        let bend_v = fractal(u * 1.7 + 4.0, v * 1.7 + time * 0.04, 4, seed ^ 2);
        let vein = fractal(u * 1.4 + bend_u * 1.3, v * 1.4 + bend_v * 1.3, 5, seed ^ 3);
        let stained = paper
            .mix(second, 0.9 * smoothstep(0.10, 0.46, vein))
            .mix(fourth, 0.9 * smoothstep(-0.14, -0.5, vein))
            .mix(third, 0.5 * smoothstep(0.25, 0.6, bend_u));
        stained * (0.93 + 0.07 * fractal(u * 90.0, v * 22.0, 2, 6) + 0.10 * vein)
    }

    /// The free shapes at a moment, largest first.
    fn shapes(&self, aspect: f32, time: f32, orbit: f32) -> Vec<Shape> {
        let mut shapes: Vec<Shape> = (0..SHAPES)
            .map(|number| {
                let roll = |which: i32| random(number, which, self.seed ^ 0xABC);
                let angle = roll(5) * TAU + time * (roll(6) - 0.5) * 0.5 + orbit;
                let radius = 0.035 + 0.24 * roll(3) * roll(4) + 0.02 * roll(7);
                // Nearer (smaller) shapes swing further as the camera circles.
                let (along, down) = (
                    (0.06 + 0.88 * roll(1)) * aspect + 0.04 * sin(time * 0.9 + roll(8) * TAU),
                    0.06 + 0.88 * roll(2) + 0.04 * cos(time * 0.8 + roll(9) * TAU),
                );
                let swing = 0.5 + 0.6 * (0.3 - radius);
                let (dx, dy) = (along - aspect * 0.5, down - 0.5);
                let turn = orbit * swing;
                Shape::new(
                    Outline::from_number(hash(number, 1, self.seed)),
                    aspect * 0.5 + dx * cos(turn) - dy * sin(turn),
                    0.5 + dx * sin(turn) + dy * cos(turn),
                    radius,
                    angle,
                    self.palette.ink(hash(number, 7, self.seed)),
                    roll(10),
                )
            })
            .collect();
        shapes.sort_by(|a, b| b.radius.total_cmp(&a.radius));
        shapes
    }
}

impl Family for Paper {
    fn line(&self, frame: &Frame, vs: &[f32], put: &mut dyn FnMut(Paint)) {
        let shapes = self.shapes(frame.aspect, frame.time, frame.turn);
        let u = frame.u;
        let near: Vec<&Shape> = shapes.iter().filter(|shape| shape.reaches(u)).collect();
        for v in vs {
            let mut color = self.marble(u, *v, frame.time);
            let mut height = 0.0;
            for (number, shape) in near.iter().enumerate() {
                color = shape.over(color, u, *v, frame.pixel);
                if shape.covers(u, *v) {
                    height = 0.02 * (number + 1) as f32;
                }
            }
            put(Paint { color, height, roughness: 0.85, metallic: 0.0 });
        }
    }

    /// The shapes swing one by one; turning all of them at once would hide that.
    fn turns(&self) -> bool {
        false
    }
}
