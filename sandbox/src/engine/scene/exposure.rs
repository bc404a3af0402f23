//! The light of one frame between drawing and display.

// Rows and columns are held to the canvas.
#![allow(clippy::indexing_slicing)]

use super::bloom::{Cancelled, Glow};
use super::canvas::{Canvas, Look};
use crate::engine::math::squared;
use crate::engine::parallel;
use crate::engine::raster::Rgb8;
use crate::engine::tone::ToneCurve;
use crate::engine::vector::{Color, gray};

/// Rows that are taken from the canvas in one go: its lines run from top to bottom, so that one
/// row alone would touch all of its memory.
const BAND: usize = 8;

/// The light that has reached the film of one frame, before development.
pub(crate) struct Exposure {
    canvas: Canvas,
    glow: Option<Glow>,
    exposure: f32,
}

impl Exposure {
    /// Light through the lens. `None` when cancelled.
    pub(super) fn new(canvas: Canvas, look: Look, cancel: &dyn Fn() -> bool) -> Option<Exposure> {
        let glow = if look.bloom > 0.0 { Glow::of(&canvas, look.bloom, cancel) } else { Ok(None) };
        let Ok(glow) = glow.map_err(|Cancelled| ()) else { return None };
        Some(Exposure { canvas, glow, exposure: look.exposure })
    }

    /// The picture that a screen shows. `None` when cancelled.
    pub(super) fn developed(&self, curve: &ToneCurve, cancel: &dyn Fn() -> bool) -> Option<Rgb8> {
        let (width, height) = (self.canvas.width, self.canvas.height);
        let mut pixels = vec![0; width * height * 3];
        let develop = |band: usize, pixels: &mut [u8]| {
            let (pixels, _) = pixels.as_chunks_mut::<3>();
            self.band(band * BAND, pixels.len() / width, &mut |x, y, color| {
                pixels[(y - band * BAND) * width + x] = curve.pixel(color, x, y);
            });
        };
        let done = parallel::fill(&mut pixels, BAND * width * 3, &develop, cancel, &mut |_| {});
        done.then_some(Rgb8 { width: width as u32, height: height as u32, pixels })
    }

    /// Linear light from the first row to the last, a few rows at a time, values above 1
    /// included. `take` answers false to stop.
    pub(crate) fn rows(&self, take: &mut dyn FnMut(&[Color]) -> bool) {
        let (width, height) = (self.canvas.width, self.canvas.height);
        for top in (0..height).step_by(BAND) {
            let rows = BAND.min(height - top);
            let mut colors = vec![gray(0.0); rows * width];
            self.band(top, rows, &mut |x, y, color| colors[(y - top) * width + x] = color);
            if !take(&colors) {
                return;
            }
        }
    }

    /// Light of some rows with the lens' glow, its exposure and slightly dark corners.
    fn band(&self, top: usize, rows: usize, put: &mut dyn FnMut(usize, usize, Color)) {
        let (width, height) = (self.canvas.width as f32, self.canvas.height as f32);
        let mut colors = [gray(0.0); BAND];
        let colors = &mut colors[..rows.min(BAND)];
        for x in 0..self.canvas.width {
            for (y, color) in (top..).zip(colors.iter_mut()) {
                *color = self.canvas.at(x, y);
            }
            if let Some(glow) = &self.glow {
                glow.add(x, top, colors);
            }
            let dx = squared(x as f32 / width - 0.5, 1);
            for (y, color) in (top..).zip(colors.iter()) {
                let dy = squared(y as f32 / height - 0.5, 1);
                put(x, y, *color * (self.exposure * (1.0 - 0.5 * (dx + dy))));
            }
        }
    }
}
