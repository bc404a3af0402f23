//! A picture in floating point, for filters.

// Rows and columns are held to the plane's sides.
#![allow(clippy::indexing_slicing)]

use crate::engine::math::{larger, mix, saturate};
use crate::engine::noise::random;
use crate::engine::parallel;
use crate::engine::raster::Rgb8;
use crate::engine::vector::{Color, gray, rgb};

/// Display values from 0 to 1, rows from top to bottom.
#[derive(Clone)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) colors: Vec<Color>,
}

/// Lengths that grow with the picture: 1 on a picture whose shorter side is 512 pixels.
#[derive(Clone, Copy)]
pub(super) struct Unit(pub(super) f32);

impl Unit {
    /// A filter radius in whole pixels, at least 1.
    pub(super) fn round_radius(self, radius: f32) -> usize {
        larger(self.0 * radius + 0.5, 1.0) as usize
    }
}

impl Plane {
    pub(super) fn from_picture(picture: &Rgb8) -> Plane {
        let value = |v: u8| f32::from(v) * (1.0 / 255.0);
        let colors = picture
            .pixels
            .chunks_exact(3)
            .map(|p| rgb(value(p[0]), value(p[1]), value(p[2])))
            .collect();
        Plane { width: picture.width as usize, height: picture.height as usize, colors }
    }

    /// Writes the plane back, dithered by position.
    pub(super) fn write_to(&self, picture: &mut Rgb8) {
        let width = self.width.max(1);
        for (at, (pixel, color)) in picture.pixels.chunks_exact_mut(3).zip(&self.colors).enumerate()
        {
            let dither = random((at % width) as i32, (at / width) as i32, 2);
            pixel[0] = (saturate(color.x) * 255.0 + dither) as u8;
            pixel[1] = (saturate(color.y) * 255.0 + dither) as u8;
            pixel[2] = (saturate(color.z) * 255.0 + dither) as u8;
        }
    }

    pub(super) fn unit(&self) -> Unit {
        Unit(larger(self.width.min(self.height) as f32 / 512.0, 0.35))
    }

    /// The colour at a position; outside, that of the nearest edge.
    #[inline(always)]
    pub(super) fn at(&self, x: i32, y: i32) -> Color {
        let x = x.clamp(0, self.width as i32 - 1) as usize;
        let y = y.clamp(0, self.height as i32 - 1) as usize;
        self.colors[y * self.width + x]
    }

    /// A new plane of the same size from a function of column and row.
    pub(super) fn filled(
        &self,
        cancel: &dyn Fn() -> bool,
        color: &(dyn Fn(usize, usize) -> Color + Sync),
    ) -> Option<Plane> {
        let mut colors = vec![gray(0.0); self.colors.len()];
        let done = parallel::fill(
            &mut colors,
            self.width,
            &|y, row| {
                for (x, place) in row.iter_mut().enumerate() {
                    *place = color(x, y);
                }
            },
            cancel,
            &mut |_| {},
        );
        done.then_some(Plane { width: self.width, height: self.height, colors })
    }

    /// Changes each colour by itself; the function also gets the pixel's position and the size.
    pub(super) fn map(
        mut self,
        cancel: &dyn Fn() -> bool,
        change: &(dyn Fn(Color, Place) -> Color + Sync),
    ) -> Option<Plane> {
        let (width, height) = (self.width, self.height);
        let done = parallel::fill(
            &mut self.colors,
            width,
            &|y, row| {
                for (x, color) in row.iter_mut().enumerate() {
                    *color = change(*color, Place { x, y, width, height });
                }
            },
            cancel,
            &mut |_| {},
        );
        done.then_some(self)
    }

    /// Brightness at a quarter of the size and blurred over `radius` of its own pixels.
    pub(super) fn soft_brightness(&self, radius: usize) -> Brightness {
        let (width, height) = (self.width.div_ceil(4), self.height.div_ceil(4));
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let at =
                    |dx: i32, dy: i32| self.at(x as i32 * 4 + dx, y as i32 * 4 + dy).luminance();
                values.push((at(0, 0) + at(2, 0) + at(0, 2) + at(2, 2)) * 0.25);
            }
        }
        for _ in 0..2 {
            values = blurred_and_turned(&values, width, height, radius);
            values = blurred_and_turned(&values, height, width, radius);
        }
        Brightness { width, height, values }
    }
}

/// Where a pixel lies.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Place {
    /// Squared distance from the middle, 0.5 in the corners.
    pub(super) fn off_center(self) -> f32 {
        let (x, y) =
            (self.x as f32 / self.width as f32 - 0.5, self.y as f32 / self.height as f32 - 0.5);
        x * x + y * y
    }
}

/// Brightness at a quarter of a plane's size.
pub(super) struct Brightness {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Brightness {
    /// The value at a pixel of the full plane, between its neighbours.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (larger(x * 0.25 - 0.375, 0.0), larger(y * 0.25 - 0.375, 0.0));
        let (x0, y0) = ((x as usize).min(self.width - 1), (y as usize).min(self.height - 1));
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (u, v) = (saturate(x - x0 as f32), saturate(y - y0 as f32));
        let read = |x: usize, y: usize| self.values[y * self.width + x];
        mix(mix(read(x0, y0), read(x1, y0), u), mix(read(x0, y1), read(x1, y1), u), v)
    }
}

/// Box blur along rows of `width`; rows become columns.
fn blurred_and_turned(source: &[f32], width: usize, height: usize, radius: usize) -> Vec<f32> {
    let share = 1.0 / (2 * radius + 1) as f32;
    let mut turned = vec![0.0; source.len()];
    for (y, row) in source.chunks_exact(width).enumerate() {
        let mut sum = row[0] * radius as f32;
        for at in 0..radius {
            sum += row[at.min(width - 1)];
        }
        for x in 0..width {
            sum += row[(x + radius).min(width - 1)];
            turned[x * height + y] = sum * share;
            sum -= row[x.saturating_sub(radius)];
        }
    }
    turned
}
