//! The direction in which a picture's features run, for brush strokes to follow.

// Rows and columns are held to the field's sides.
#![allow(clippy::indexing_slicing)]

use super::plane::Plane;
use crate::engine::math::{cos, sin};
use crate::engine::noise::fractal;

/// Unit vectors along the picture's features, at a quarter of its size.
pub(super) struct Flow {
    left: i32,
    top: i32,
    width: usize,
    height: usize,
    along: Vec<(f32, f32)>,
}

impl Flow {
    pub(super) fn of(plane: &Plane) -> Flow {
        let soft = plane.soft_brightness(plane.unit().round_radius(1.6));
        let (width, height) = (soft.width, soft.height);
        let read = |x: i32, y: i32| {
            let x = x.clamp(0, width as i32 - 1) as usize;
            let y = y.clamp(0, height as i32 - 1) as usize;
            soft.values[y * width + x]
        };
        let (left, top) = (soft.left as i32, soft.top as i32);
        let scale = 2.2 / plane.width.div_ceil(4).max(plane.height.div_ceil(4)) as f32;
        let mut along = Vec::with_capacity(width * height);
        for y in 0..height as i32 {
            for x in 0..width as i32 {
                let dx = read(x + 2, y) - read(x - 2, y);
                let dy = read(x, y + 2) - read(x, y - 2);
                // Where nothing is to be followed, strokes swirl slowly.
                let (u, v) = ((left + x) as f32 * scale, (top + y) as f32 * scale);
                let angle = fractal(u + 7.0, v, 2, 77) * 5.0 + 0.4;
                let weight = 0.02;
                // A stroke has no front: make both point to the same side before adding.
                let (mut a, mut b) = (-dy, dx);
                let (swirl_x, swirl_y) = (cos(angle), sin(angle));
                if a * swirl_x + b * swirl_y < 0.0 {
                    (a, b) = (-a, -b);
                }
                let (a, b) = (a + swirl_x * weight, b + swirl_y * weight);
                let length = (a * a + b * b).sqrt() + 1e-6;
                along.push((a / length, b / length));
            }
        }
        Flow { left, top, width, height, along }
    }

    /// The direction at a pixel of the whole picture.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> (f32, f32) {
        let x = ((x * 0.25) as i32 - self.left).clamp(0, self.width as i32 - 1) as usize;
        let y = ((y * 0.25) as i32 - self.top).clamp(0, self.height as i32 - 1) as usize;
        self.along[y * self.width + x]
    }
}
