//! Where a scene is drawn: linear light, line by line.

// Positions are bounded by the canvas that this module makes itself.
#![allow(clippy::indexing_slicing)]

use super::seam::Seams;
use super::{Camera, Quality};
use crate::engine::half::HalfColor;
use crate::engine::math::larger;
use crate::engine::parallel;
use crate::engine::vector::{Color, Vec3, gray};

/// The picture plane and the camera behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// Width and height of the picture in pixels.
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) camera: Camera,
    pub(super) quality: Quality,
}

impl View {
    /// Distance of the picture plane in pixels for a lens of the given strength (1 shows about
    /// 53 degrees across a square picture). Very wide pictures are held below 100 degrees.
    pub(super) fn focal(&self, lens: f32) -> f32 {
        larger(lens * (self.width * self.height).sqrt(), 0.42 * self.width)
    }

    /// Sideways slope of the line of sight at `x` pixels from the left.
    pub(super) fn across(&self, x: f32, focal: f32) -> f32 {
        (x - self.width * 0.5) / focal
    }
}

/// What can draw itself.
pub(super) trait Renderer: Send + Sync {
    /// Draws the points `ys` (pixels from the top, ascending) of the vertical line at `x` (pixels
    /// from the left) into `out`, one colour for each point.
    ///
    /// The unit of work is a line and not a pixel, because landscapes are traced from the bottom
    /// of a line to its top.
    fn line(&self, view: &View, x: f32, ys: &[f32], out: &mut [Color]);

    /// Tells of what the points of a line are made, as [`Renderer::line`] tells their light.
    fn materials(&self, view: &View, x: f32, ys: &[f32], out: &mut [Material]);

    /// How drawn light becomes a picture.
    fn look(&self) -> Look;

    /// By how much the side of a film frame may be reduced for drawing.
    fn film_reduction(&self) -> u32 {
        1
    }
}

/// What a visible point is made of, as renderers of other programs want it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Material {
    /// Colour in white light, linear, 0 to 1.
    pub(crate) albedo: Color,
    /// Unit vector away from the surface as the camera sees it: x right, y up, z towards it.
    pub(crate) normal: Vec3,
    /// 0 is a mirror, 1 is chalk.
    pub(crate) roughness: f32,
    /// 0 is a dielectric, 1 a metal.
    pub(crate) metallic: f32,
    /// Distance from the camera in units of the scene; infinite for the sky.
    pub(crate) distance: f32,
}

/// How drawn light becomes a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// Factor from scene light to the display.
    pub(super) exposure: f32,
    /// Strength of the glow around bright places.
    pub(super) bloom: f32,
    /// Whether highlights roll off as on film; flat art is shown as it is.
    pub(super) filmic: bool,
}

/// A drawn picture in linear light, stored line by line from left to right, each line from top to
/// bottom.
pub(crate) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    light: Vec<HalfColor>,
}

/// Columns between those that are drawn first, for a coarse look at the picture, at most.
const MOST_STRIDE: usize = 128;
/// Longer sides of the coarse pictures that are worth a look, in pixels.
const LOOKS: std::ops::RangeInclusive<usize> = 48..=320;
/// Columns that are compared with their neighbours in one go.
const BLOCK: usize = 16;
/// Points that are smoothed in one go, about.
const PART: usize = 1 << 14;
/// Twice the brightness at which differences begin to be lost in the dark.
const DARK: f32 = 0.11;

impl Canvas {
    fn empty(width: usize, height: usize) -> Canvas {
        Canvas { width, height, light: vec![HalfColor::default(); width * height] }
    }

    /// Draws all of the view. Edges are sampled again when `smooth`. `None` when cancelled.
    ///
    /// Every 128th column comes first, then every 64th and so on. What is there after such a pass
    /// makes a small picture of the whole, and `on_look` gets those of a useful size: no sample
    /// is drawn for their sake.
    pub(super) fn draw(
        renderer: &dyn Renderer,
        view: &View,
        smooth: bool,
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
        on_look: Option<&mut dyn FnMut(Canvas)>,
    ) -> Option<Canvas> {
        let (width, height) = (view.width as usize, view.height as usize);
        let mut canvas = Canvas::empty(width, height);
        let share = if smooth { 0.5 } else { 1.0 };
        let mut drawn = 0.0;
        let mut report = |done: f32| on_progress(done * share);
        match on_look {
            None => canvas.draw_columns(renderer, view, |_| true, cancel, &mut report)?,
            Some(on_look) => {
                let mut stride = MOST_STRIDE;
                while stride >= 1 {
                    let fresh = move |x: usize| {
                        x.is_multiple_of(stride)
                            && (stride == MOST_STRIDE || !x.is_multiple_of(stride * 2))
                    };
                    let columns = (0..width).filter(|x| fresh(*x)).count() as f32 / width as f32;
                    canvas.draw_columns(renderer, view, fresh, cancel, &mut |done| {
                        report(drawn + done * columns);
                    })?;
                    drawn += columns;
                    if stride > 1 && LOOKS.contains(&(width.max(height) / stride)) {
                        on_look(canvas.every(stride));
                    }
                    stride /= 2;
                }
            }
        }
        let smoothed = !smooth
            || canvas.smooth_edges(renderer, view, cancel, &mut |done| {
                on_progress(share + done * (1.0 - share));
            });
        smoothed.then_some(canvas)
    }

    /// Draws the columns that `chosen` accepts, a sample in the middle of each pixel.
    fn draw_columns(
        &mut self,
        renderer: &dyn Renderer,
        view: &View,
        chosen: impl Fn(usize) -> bool,
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> Option<()> {
        let height = self.height;
        let centers: Vec<f32> = (0..height).map(|y| y as f32 + 0.5).collect();
        let columns = self.light.chunks_mut(height).enumerate().filter(|(x, _)| chosen(*x));
        let draw = |x: usize, line: &mut [HalfColor]| {
            let mut colors = vec![gray(0.0); line.len()];
            renderer.line(view, x as f32 + 0.5, &centers, &mut colors);
            keep(&colors, line);
        };
        parallel::fill_parts(columns, &draw, cancel, on_progress).then_some(())
    }

    /// The picture at a fraction of its size, from every column of that distance.
    fn every(&self, stride: usize) -> Canvas {
        let mut light = Vec::new();
        for line in self.light.chunks(self.height).step_by(stride) {
            light.extend(line.chunks(stride).map(|points| {
                let sum = points.iter().fold(gray(0.0), |sum, point| sum + point.color());
                HalfColor::new(sum * (1.0 / points.len() as f32))
            }));
        }
        let (width, height) = (self.width.div_ceil(stride), self.height.div_ceil(stride));
        Canvas { width, height, light }
    }

    /// Light of one line, from top to bottom.
    pub(super) fn line(&self, x: usize) -> impl Iterator<Item = Color> + '_ {
        self.light[x * self.height..(x + 1) * self.height].iter().map(|light| light.color())
    }

    /// Light of one point.
    #[inline]
    pub(super) fn at(&self, x: usize, y: usize) -> Color {
        self.light[x * self.height + y].color()
    }

    /// The mean of light all over the picture.
    pub(super) fn mean(&self) -> Color {
        let sum = self.light.iter().step_by(97).fold(gray(0.0), |sum, light| sum + light.color());
        sum * (1.0 / self.light.len().div_ceil(97).max(1) as f32)
    }

    /// Changes light line by line; `change` gets the line's number. False when cancelled.
    pub(super) fn change(
        &mut self,
        change: &(dyn Fn(usize, &mut [Color]) + Sync),
        cancel: &dyn Fn() -> bool,
    ) -> bool {
        let work = |x: usize, line: &mut [HalfColor]| {
            let mut colors: Vec<Color> = line.iter().map(|light| light.color()).collect();
            change(x, &mut colors);
            keep(&colors, line);
        };
        parallel::fill(&mut self.light, self.height, &work, cancel, &mut |_| {})
    }

    /// Takes more samples where neighbours differ: see [`seam`](super::seam).
    fn smooth_edges(
        &mut self,
        renderer: &dyn Renderer,
        view: &View,
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> bool {
        let Some(contrast) = self.contrast(cancel) else { return false };
        let seams = Seams::new(renderer, view, &contrast);
        let height = self.height;
        let together = (PART / height).clamp(1, BLOCK);
        let smooth = |part: usize, lines: &mut [HalfColor]| {
            let first = part * together;
            let mut before = seams.seam(first);
            for (x, line) in (first..).zip(lines.chunks_mut(height)) {
                let after = seams.seam(x + 1);
                seams.smooth(x, line, &before, &after);
                before = after;
            }
        };
        parallel::fill(&mut self.light, together * height, &smooth, cancel, on_progress)
    }

    /// How much the brightness of each point differs from its neighbours': 0 is not at all, 255
    /// is black beside white.
    fn contrast(&self, cancel: &dyn Fn() -> bool) -> Option<Vec<u8>> {
        let (width, height) = (self.width, self.height);
        let mut contrast = vec![0; self.light.len()];
        let compare = |block: usize, contrast: &mut [u8]| {
            let first = (block * BLOCK).saturating_sub(1);
            let last = (block * BLOCK + contrast.len() / height).min(width - 1);
            let level: Vec<f32> = self.light[first * height..(last + 1) * height]
                .iter()
                .map(|light| light.color().luminance())
                .collect();
            let own = block * BLOCK - first;
            for (x, contrast) in (own..).zip(contrast.chunks_mut(height)) {
                let (left, right) = (x.saturating_sub(1), (x + 1).min(last - first));
                for (y, contrast) in contrast.iter_mut().enumerate() {
                    let p = level[x * height + y];
                    let (above, below) = (y.saturating_sub(1), (y + 1).min(height - 1));
                    let around = [(left, y), (right, y), (x, above), (x, below)];
                    let most = around.into_iter().fold(0.0, |most, (x, y)| {
                        let q = level[x * height + y];
                        larger(most, (p - q).abs() / (p + q + DARK))
                    });
                    *contrast = (most * 255.0) as u8;
                }
            }
        };
        let compared = parallel::fill(&mut contrast, BLOCK * height, &compare, cancel, &mut |_| {});
        compared.then_some(contrast)
    }

    /// The same picture at another size, by bilinear interpolation. `None` when cancelled.
    pub(super) fn resized(
        self,
        width: usize,
        height: usize,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Canvas> {
        if (self.width, self.height) == (width, height) {
            return Some(self);
        }
        let mut resized = Canvas::empty(width, height);
        let fill = |x: usize, line: &mut [HalfColor]| {
            let (x0, x1, u) = between(x, width, self.width);
            for (y, light) in line.iter_mut().enumerate() {
                let (y0, y1, v) = between(y, height, self.height);
                let top = self.at(x0, y0).mix(self.at(x1, y0), u);
                let bottom = self.at(x0, y1).mix(self.at(x1, y1), u);
                *light = HalfColor::new(top.mix(bottom, v));
            }
        };
        parallel::fill(&mut resized.light, height, &fill, cancel, &mut |_| {}).then_some(resized)
    }
}

fn keep(colors: &[Color], line: &mut [HalfColor]) {
    for (light, color) in line.iter_mut().zip(colors) {
        *light = HalfColor::new(*color);
    }
}

/// The two source positions around target position `at`, and the weight of the second.
pub(super) fn between(at: usize, target: usize, source: usize) -> (usize, usize, f32) {
    let position = larger((at as f32 + 0.5) * source as f32 / target as f32 - 0.5, 0.0);
    let first = (position as usize).min(source - 1);
    (first, (first + 1).min(source - 1), position - first as f32)
}
