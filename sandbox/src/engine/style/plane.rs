//! A picture in floating point, for filters.

// Rows and columns are held to the plane's sides.
#![allow(clippy::indexing_slicing)]

use crate::engine::math::{larger, mix, saturate};
use crate::engine::noise::random;
use crate::engine::parallel;
use crate::engine::raster::Rgb8;
use crate::engine::vector::{Color, gray, rgb};

/// Display values from 0 to 1 of a window of a picture, or of all of it. Rows and columns are
/// counted in the whole picture everywhere, so that a filter need not know of windows and gives
/// the same values in each.
#[derive(Clone)]
pub(super) struct Plane {
    /// Columns of the whole picture.
    pub(super) width: usize,
    /// Rows of the whole picture.
    pub(super) height: usize,
    pub(super) window: Window,
    /// The window's colours, row by row.
    pub(super) colors: Vec<Color>,
}

/// A rectangle of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Window {
    /// The same rectangle with a margin on all sides, as far as the picture goes. Its corner is
    /// brought to multiples of 4, where the quarter-size copies of a picture have their pixels.
    pub(super) fn widened(self, margin: usize, picture: &Rgb8) -> Window {
        let left = self.left.saturating_sub(margin) / 4 * 4;
        let top = self.top.saturating_sub(margin) / 4 * 4;
        let right = (self.left + self.columns + margin).min(picture.width as usize);
        let bottom = (self.top + self.rows + margin).min(picture.height as usize);
        Window { left, top, columns: right - left, rows: bottom - top }
    }
}

/// Lengths that grow with the picture: 1 on a picture whose shorter side is 512 pixels.
#[derive(Clone, Copy)]
pub(super) struct Unit(pub(super) f32);

impl Unit {
    /// The unit of a picture of a size.
    pub(super) fn of(width: usize, height: usize) -> Unit {
        Unit(larger(width.min(height) as f32 / 512.0, 0.35))
    }

    /// A filter radius in whole pixels, at least 1.
    pub(super) fn round_radius(self, radius: f32) -> usize {
        larger(self.0 * radius + 0.5, 1.0) as usize
    }
}

impl Plane {
    /// A window of a picture. Its corner lies at multiples of 4, as [`Plane::soft_brightness`]
    /// has its values there.
    pub(super) fn from_window(picture: &Rgb8, window: Window) -> Plane {
        let value = |v: u8| f32::from(v) * (1.0 / 255.0);
        let width = picture.width as usize;
        let mut colors = Vec::with_capacity(window.columns * window.rows);
        for y in window.top..window.top + window.rows {
            let start = (y * width + window.left) * 3;
            let row = picture.pixels[start..start + window.columns * 3].as_chunks::<3>().0;
            colors.extend(row.iter().map(|&[r, g, b]| rgb(value(r), value(g), value(b))));
        }
        Plane { width, height: picture.height as usize, window, colors }
    }

    /// Writes row `y` of the whole picture back from column `from` on, dithered by position.
    pub(super) fn write_row(&self, y: usize, from: usize, pixels: &mut [u8]) {
        let start = (y - self.window.top) * self.window.columns + from - self.window.left;
        let pixels = pixels.as_chunks_mut::<3>().0;
        for ((x, pixel), color) in (from..).zip(pixels).zip(&self.colors[start..]) {
            let dither = random(x as i32, y as i32, 2);
            pixel[0] = (saturate(color.x) * 255.0 + dither) as u8;
            pixel[1] = (saturate(color.y) * 255.0 + dither) as u8;
            pixel[2] = (saturate(color.z) * 255.0 + dither) as u8;
        }
    }

    pub(super) fn unit(&self) -> Unit {
        Unit::of(self.width, self.height)
    }

    /// The colour at a position; outside of the window, that of its nearest edge.
    #[inline(always)]
    pub(super) fn at(&self, x: i32, y: i32) -> Color {
        let Window { left, top, columns, rows } = self.window;
        let x = (x - left as i32).clamp(0, columns as i32 - 1) as usize;
        let y = (y - top as i32).clamp(0, rows as i32 - 1) as usize;
        self.colors[y * columns + x]
    }

    /// A new plane of the same window from a function of column and row.
    pub(super) fn filled(
        &self,
        cancel: &dyn Fn() -> bool,
        color: &(dyn Fn(usize, usize) -> Color + Sync),
    ) -> Option<Plane> {
        let Window { left, top, columns, .. } = self.window;
        let mut colors = vec![gray(0.0); self.colors.len()];
        let done = parallel::fill(
            &mut colors,
            columns,
            &|y, row| {
                for (x, place) in row.iter_mut().enumerate() {
                    *place = color(left + x, top + y);
                }
            },
            cancel,
            &mut |_| {},
        );
        done.then_some(Plane { colors, ..*self })
    }

    /// Changes each colour by itself; the function also gets the pixel's position and the size.
    pub(super) fn map(
        mut self,
        cancel: &dyn Fn() -> bool,
        change: &(dyn Fn(Color, Place) -> Color + Sync),
    ) -> Option<Plane> {
        let Plane { width, height, window: Window { left, top, columns, .. }, .. } = self;
        let done = parallel::fill(
            &mut self.colors,
            columns,
            &|y, row| {
                for (x, color) in row.iter_mut().enumerate() {
                    *color = change(*color, Place { x: left + x, y: top + y, width, height });
                }
            },
            cancel,
            &mut |_| {},
        );
        done.then_some(self)
    }

    /// Brightness at a quarter of the size and blurred over `radius` of its own pixels.
    pub(super) fn soft_brightness(&self, radius: usize) -> Brightness {
        let Window { left, top, columns, rows } = self.window;
        let (width, height) = (columns.div_ceil(4), rows.div_ceil(4));
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (x, y) = ((left + x * 4) as i32, (top + y * 4) as i32);
                let at = |dx: i32, dy: i32| self.at(x + dx, y + dy).luminance();
                let mean = (at(0, 0) + at(2, 0) + at(0, 2) + at(2, 2)) * 0.25;
                values.push((mean * SCALE + 0.5) as u32);
            }
        }
        for _ in 0..2 {
            values = blurred_and_turned(&values, width, height, radius);
            values = blurred_and_turned(&values, height, width, radius);
        }
        let values = values.into_iter().map(|value| value as f32 * (1.0 / SCALE)).collect();
        Brightness { left: left / 4, top: top / 4, width, height, values }
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
    /// Where the window begins in the whole, in pixels of the quarter size.
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Brightness {
    /// The value at a pixel of the whole picture, between its neighbours.
    #[inline]
    pub(super) fn at(&self, x: f32, y: f32) -> f32 {
        let x = larger(x * 0.25 - 0.375 - self.left as f32, 0.0);
        let y = larger(y * 0.25 - 0.375 - self.top as f32, 0.0);
        let (x0, y0) = ((x as usize).min(self.width - 1), (y as usize).min(self.height - 1));
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (u, v) = (saturate(x - x0 as f32), saturate(y - y0 as f32));
        let read = |x: usize, y: usize| self.values[y * self.width + x];
        mix(mix(read(x0, y0), read(x1, y0), u), mix(read(x0, y1), read(x1, y1), u), v)
    }
}

/// Whole numbers for a brightness of 1 while it is blurred: their sums are exact, so that a blur
/// does not depend on where its window begins.
const SCALE: f32 = 65_536.0;

/// Box blur along rows of `width`; rows become columns.
fn blurred_and_turned(source: &[u32], width: usize, height: usize, radius: usize) -> Vec<u32> {
    let span = 2 * radius as u32 + 1;
    let mut turned = vec![0; source.len()];
    for (y, row) in source.chunks_exact(width).enumerate() {
        let mut sum = row[0] * radius as u32;
        for at in 0..radius {
            sum += row[at.min(width - 1)];
        }
        for x in 0..width {
            sum += row[(x + radius).min(width - 1)];
            turned[x * height + y] = (sum + span / 2) / span;
            sum -= row[x.saturating_sub(radius)];
        }
    }
    turned
}
