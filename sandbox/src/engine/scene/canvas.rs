//! Where a scene is drawn: linear light, line by line.

// Positions are bounded by the canvas that this module makes itself.
#![allow(clippy::indexing_slicing)]

use super::{Camera, Quality};
use crate::engine::math::{larger, squared};
use crate::engine::parallel;
use crate::engine::vector::{Color, Vec3, gray, vec3};

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
    fn materials(&self, _view: &View, _x: f32, _ys: &[f32], out: &mut [Material]) {
        out.fill(Material {
            albedo: gray(0.5),
            normal: vec3(0.0, 0.0, 1.0),
            roughness: 1.0,
            metallic: 0.0,
            distance: f32::INFINITY,
        });
    }

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
    pub(super) light: Vec<Color>,
}

impl Canvas {
    /// Draws all of the view. Edges are sampled again when `smooth`. `None` when cancelled.
    pub(super) fn draw(
        renderer: &dyn Renderer,
        view: &View,
        smooth: bool,
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> Option<Canvas> {
        let (width, height) = (view.width as usize, view.height as usize);
        let centers: Vec<f32> = (0..height).map(|y| y as f32 + 0.5).collect();
        let mut light = vec![gray(0.0); width * height];
        let share = if smooth { 0.55 } else { 1.0 };
        let drawn = parallel::fill(
            &mut light,
            height,
            &|x, line| renderer.line(view, x as f32 + 0.5, &centers, line),
            cancel,
            &mut |done| on_progress(done * share),
        );
        let mut canvas = Canvas { width, height, light };
        let smoothed = drawn
            && (!smooth
                || canvas.smooth_edges(renderer, view, cancel, &mut |done| {
                    on_progress(share + done * (1.0 - share));
                }));
        smoothed.then_some(canvas)
    }

    /// Takes four more samples where neighbours differ.
    fn smooth_edges(
        &mut self,
        renderer: &dyn Renderer,
        view: &View,
        cancel: &dyn Fn() -> bool,
        on_progress: &mut dyn FnMut(f32),
    ) -> bool {
        let rough = self.rough();
        let first = self.light.clone();
        let height = self.height;
        parallel::fill(
            &mut self.light,
            height,
            &|x, line| {
                let rough = &rough[x * height..(x + 1) * height];
                let first = &first[x * height..(x + 1) * height];
                resample(renderer, view, x as f32, rough, first, line);
            },
            cancel,
            on_progress,
        )
    }

    /// Marks the points whose brightness differs from a neighbour's.
    fn rough(&self) -> Vec<bool> {
        let (height, light) = (self.height, &self.light);
        let mut rough = vec![false; light.len()];
        let mut compare = |a: usize, b: usize| {
            let (p, q) = (light[a].luminance(), light[b].luminance());
            if (p - q).abs() > 0.11 * (p + q) + 0.012 {
                rough[a] = true;
                rough[b] = true;
            }
        };
        for at in 0..light.len() {
            if at + height < light.len() {
                compare(at, at + height);
            }
            if at % height + 1 < height {
                compare(at, at + 1);
            }
        }
        rough
    }

    /// The same picture at another size, by bilinear interpolation.
    pub(super) fn resized(self, width: usize, height: usize) -> Canvas {
        if (self.width, self.height) == (width, height) {
            return self;
        }
        let mut light = Vec::with_capacity(width * height);
        for x in 0..width {
            let (x0, x1, u) = between(x, width, self.width);
            for y in 0..height {
                let (y0, y1, v) = between(y, height, self.height);
                let (left, right) = (x0 * self.height, x1 * self.height);
                let top = self.light[left + y0].mix(self.light[right + y0], u);
                let bottom = self.light[left + y1].mix(self.light[right + y1], u);
                light.push(top.mix(bottom, v));
            }
        }
        Canvas { width, height, light }
    }
}

/// The two source positions around target position `at`, and the weight of the second.
pub(super) fn between(at: usize, target: usize, source: usize) -> (usize, usize, f32) {
    let position = larger((at as f32 + 0.5) * source as f32 / target as f32 - 0.5, 0.0);
    let first = (position as usize).min(source - 1);
    (first, (first + 1).min(source - 1), position - first as f32)
}

/// Where the further samples of a pixel lie: two lines, two points on each.
const SAMPLES: [(f32, [f32; 2]); 2] = [(0.25, [0.30, 0.80]), (0.75, [0.20, 0.70])];

fn resample(
    renderer: &dyn Renderer,
    view: &View,
    x: f32,
    rough: &[bool],
    first: &[Color],
    line: &mut [Color],
) {
    let rows: Vec<usize> = (0..rough.len()).filter(|y| rough[*y]).collect();
    if rows.is_empty() {
        return;
    }
    let mut sums: Vec<Color> = rows.iter().map(|y| compressed(first[*y])).collect();
    let mut ys = Vec::with_capacity(rows.len() * 2);
    let mut colors = vec![gray(0.0); rows.len() * 2];
    for (across, downs) in SAMPLES {
        ys.clear();
        ys.extend(rows.iter().flat_map(|y| downs.map(|down| *y as f32 + down)));
        renderer.line(view, x + across, &ys, &mut colors);
        for (sum, pair) in sums.iter_mut().zip(colors.chunks_exact(2)) {
            *sum = *sum + compressed(pair[0]) + compressed(pair[1]);
        }
    }
    for (y, sum) in rows.iter().zip(&sums) {
        line[*y] = expanded(*sum * 0.2);
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

/// Adds the glow of bright places, sets the exposure and darkens the corners a little.
pub(super) fn finish(canvas: &mut Canvas, look: Look) {
    if look.bloom > 0.0 {
        super::bloom::add(canvas, look.bloom);
    }
    let (width, height) = (canvas.width as f32, canvas.height as f32);
    for (x, line) in canvas.light.chunks_mut(canvas.height).enumerate() {
        let dx = squared(x as f32 / width - 0.5, 1);
        for (y, color) in line.iter_mut().enumerate() {
            let dy = squared(y as f32 / height - 0.5, 1);
            *color = *color * (look.exposure * (1.0 - 0.5 * (dx + dy)));
        }
    }
}
