//! Smoothing that keeps edges.

// Windows are cut to the plane before they are read.
#![allow(clippy::indexing_slicing)]

use super::plane::{Plane, Window};
use crate::engine::math::larger;
use crate::engine::parallel;
use crate::engine::vector::{Color, rgb};

/// Sums over the rectangle from the top left corner, for each channel and for squared brightness.
/// They wrap around; differences over windows below 2^32 come out right all the same.
struct Sums {
    stride: usize,
    cells: Vec<[u32; 4]>,
}

impl Sums {
    fn of(plane: &Plane) -> Sums {
        let Window { columns, rows, .. } = plane.window;
        let stride = columns + 1;
        let mut cells = vec![[0u32; 4]; stride * (rows + 1)];
        for y in 0..rows {
            let mut row = [0u32; 4];
            for x in 0..columns {
                let color = plane.colors[y * columns + x].clamped();
                let [r, g, b] = [color.x, color.y, color.z].map(|v| (v * 255.0 + 0.5) as u32);
                let bright = (r * 54 + g * 183 + b * 19) >> 8;
                let above = cells[y * stride + x + 1];
                for (channel, value) in [r, g, b, bright * bright].into_iter().enumerate() {
                    row[channel] = row[channel].wrapping_add(value);
                    cells[(y + 1) * stride + x + 1][channel] =
                        above[channel].wrapping_add(row[channel]);
                }
            }
        }
        Sums { stride, cells }
    }

    fn window(&self, x0: usize, y0: usize, x1: usize, y1: usize) -> [u32; 4] {
        let a = self.cells[y0 * self.stride + x0];
        let b = self.cells[y0 * self.stride + x1];
        let c = self.cells[y1 * self.stride + x0];
        let d = self.cells[y1 * self.stride + x1];
        let mut sums = [0; 4];
        for (channel, sum) in sums.iter_mut().enumerate() {
            *sum = d[channel]
                .wrapping_add(a[channel])
                .wrapping_sub(b[channel])
                .wrapping_sub(c[channel]);
        }
        sums
    }
}

/// Mixes each pixel with those `step` away that differ less from it than `edge`: surfaces become
/// even, edges stay as sharp as they are, and no light leaks across them. A few passes with
/// growing steps see as far as one wide window (à trous).
pub(super) fn between_edges(
    plane: &Plane,
    step: usize,
    edge: f32,
    cancel: &dyn Fn() -> bool,
) -> Option<Plane> {
    let Window { columns, rows, .. } = plane.window;
    let keen = 1.0 / (edge * edge);
    let mut colors = vec![Color::default(); plane.colors.len()];
    let smooth = |y: usize, row: &mut [Color]| {
        let line = |y: usize| &plane.colors[y * columns..(y + 1) * columns];
        let here = line(y);
        let (above, below) = (line(y.saturating_sub(step)), line((y + step).min(rows - 1)));
        for (x, place) in row.iter_mut().enumerate() {
            let (left, right) = (x.saturating_sub(step), (x + step).min(columns - 1));
            let own = here[x];
            let (mut color, mut total) = (own, 1.0);
            let mut mix = |other: Color, share: f32| {
                let apart = other - own;
                let alike = larger(1.0 - apart.dot(apart) * keen, 0.0);
                let weight = share * alike * alike;
                color += other * weight;
                total += weight;
            };
            for line in [above, below] {
                mix(line[left], 0.36);
                mix(line[x], 0.60);
                mix(line[right], 0.36);
            }
            mix(here[left], 0.60);
            mix(here[right], 0.60);
            *place = color * (1.0 / total);
        }
    };
    let done = parallel::fill(&mut colors, columns, &smooth, cancel, &mut |_| {});
    done.then_some(Plane { colors, ..*plane })
}

/// Kuwahara's filter: of four windows around a pixel, mostly the calmest one gives the colour.
pub(super) fn kuwahara(plane: &Plane, radius: usize, cancel: &dyn Fn() -> bool) -> Option<Plane> {
    if cancel() {
        return None;
    }
    let sums = Sums::of(plane);
    let Window { left, top, columns, rows } = plane.window;
    plane.filled(cancel, &|x, y| {
        let (x, y) = (x - left, y - top);
        let (left, right) = (x.saturating_sub(radius), (x + radius + 1).min(columns));
        let (top, bottom) = (y.saturating_sub(radius), (y + radius + 1).min(rows));
        let windows = [
            (left, top, x + 1, y + 1),
            (x, top, right, y + 1),
            (left, y, x + 1, bottom),
            (x, y, right, bottom),
        ];
        let (mut color, mut total) = (Color::default(), 0.0);
        for (x0, y0, x1, y1) in windows {
            let [r, g, b, squares] = sums.window(x0, y0, x1, y1);
            let share = 1.0 / ((x1 - x0) * (y1 - y0)) as f32;
            let mean = rgb(r as f32, g as f32, b as f32) * share;
            let bright =
                mean.x * (54.0 / 256.0) + mean.y * (183.0 / 256.0) + mean.z * (19.0 / 256.0);
            let unrest = squares as f32 * share - bright * bright;
            let calm = 1.0 / (unrest * unrest * 0.02 + 4.0);
            color += mean * calm;
            total += calm;
        }
        color * (1.0 / (255.0 * total))
    })
}
