//! Land: a height field that repeats, grown from coarse to fine, with its light baked.

// All positions are wrapped to the field's side, a power of two.
#![allow(clippy::indexing_slicing)]

use super::erosion::{self, Rain};
use super::prop::Sites;
use super::relief;
use super::setting::{Form, Setting};
use super::sunshine;
use super::viewpoint;
use super::woods::Woods;
use crate::engine::math::{larger, mix, smaller, smoothstep, split};
use crate::engine::noise::{PeriodicLine, fractal};
use crate::engine::parallel;
use crate::engine::prompt::Prop;
use crate::engine::vector::Vec3;

/// Side of the field in cells; a cell is one unit of length, about three metres.
pub(super) const SIDE: usize = 1024;
/// Column of the valley along which the camera travels.
pub(super) const VALLEY: f32 = 512.0;
/// Sides of the fields from which the last one grows; rain falls on both.
const FIRST: usize = SIDE / 4;
const SECOND: usize = SIDE / 2;
/// Length of a cell of what changes slowly: light, woods and the land as reflections see it.
const BROAD: f32 = 2.0;

/// Side of the plots whose highest ground is known, in cells, and how many lie side by side.
const PLOT: usize = 32;
const PLOTS: usize = SIDE / PLOT;
/// The same of wide plots.
const WIDE: usize = 128;
const WIDES: usize = SIDE / WIDE;

/// Likelihood of a tree on ground that is kept clear: none takes root there, but crowns from
/// beside it may reach in.
const CLEARED: f32 = -0.3;

/// What is known of a broad cell.
#[derive(Clone, Copy, Default)]
struct Broad {
    height: f32,
    /// Height up to which the land's own shadow reaches.
    shadow: f32,
    /// Share of sky that is seen, 0 to 1.
    open: f32,
    /// Likelihood of a tree, 0 or less for none.
    wooded: f32,
}

/// The land of one scene.
pub(super) struct Terrain {
    /// Places made ready for objects.
    pub(super) sites: Sites,
    heights: Vec<f32>,
    broad: Vec<Broad>,
    /// Highest ground of each plot, and of each wide one.
    peaks: Vec<f32>,
    wide_peaks: Vec<f32>,
    /// Height that no ground exceeds.
    pub(super) highest: f32,
}

impl Terrain {
    /// Shapes the land under a sun. `None` when cancelled.
    pub(super) fn build(
        setting: &Setting,
        props: &[(Prop, usize)],
        sun: Vec3,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Terrain> {
        let seed = setting.seed;
        let mut first = vec![0.0; FIRST * FIRST];
        fill(&mut first, FIRST, cancel, &|z, row| {
            for (x, height) in row.iter_mut().enumerate() {
                *height = relief::raised(setting, x as f32 / FIRST as f32, z as f32 / FIRST as f32);
            }
        })?;
        let rain = Rain::on(setting.form);
        erosion::erode(&mut first, FIRST, rain.first, seed, cancel)?;
        let rough = roughness(setting.form);
        let mut second = finer(&first, FIRST, 1.5 * rough, seed ^ 0xA1, cancel)?;
        erosion::erode(&mut second, SECOND, rain.second, seed ^ 1, cancel)?;
        let sites = {
            let height = |x: f32, z: f32| {
                let (x, z) = ((x / BROAD) as i32 as usize, (z / BROAD) as i32 as usize);
                second[(z & (SECOND - 1)) * SECOND + (x & (SECOND - 1))]
            };
            let still = viewpoint::still(setting, &height);
            let lane = if setting.glade { 4.5 } else { 14.0 };
            Sites::choose(props, seed, setting.water, still, lane, &height)
        };
        sites.shape(&mut second, SECOND, BROAD, seed);
        let shadow = sunshine::shadow_heights(&second, SECOND, BROAD, sun);
        let open = sunshine::open_sky(&second, SECOND);
        let mut heights = finer(&second, SECOND, 0.55 * rough, seed ^ 0xA2, cancel)?;
        sites.shape(&mut heights, SIDE, 1.0, seed);
        let mut broad = vec![Broad::default(); SECOND * SECOND];
        fill(&mut broad, SECOND, cancel, &|z, row| {
            let woods = Woods::along(setting, z as f32 * BROAD);
            for (x, broad) in row.iter_mut().enumerate() {
                let at = z * SECOND + x;
                let steep = (second[z * SECOND + (x + 1) % SECOND] - second[at]).abs()
                    + (second[(z + 1) % SECOND * SECOND + x] - second[at]).abs();
                let (height, x, z) = (second[at], x as f32 * BROAD, z as f32 * BROAD);
                let clear = sites.clear(x, z);
                let wooded = if clear { CLEARED } else { woods.at(x, height, steep) };
                *broad = Broad { height, shadow: shadow[at], open: open[at], wooded };
            }
        })?;
        let mut peaks = vec![0.0; PLOTS * PLOTS];
        fill(&mut peaks, PLOTS, cancel, &|z, row| {
            for (x, highest) in row.iter_mut().enumerate() {
                *highest = peak(&heights, x * PLOT, z * PLOT);
            }
        })?;
        let wide_peaks: Vec<f32> = (0..WIDES * WIDES)
            .map(|wide| {
                let first = wide / WIDES * (WIDE / PLOT) * PLOTS + wide % WIDES * (WIDE / PLOT);
                (0..WIDE / PLOT)
                    .flat_map(|row| &peaks[first + row * PLOTS..][..WIDE / PLOT])
                    .fold(0.0, |peak, other| larger(peak, *other))
            })
            .collect();
        let highest = wide_peaks.iter().copied().fold(0.0, larger);
        Some(Terrain { sites, heights, broad, peaks, wide_peaks, highest })
    }

    /// Height of the bare ground.
    #[inline(always)]
    pub(super) fn height(&self, x: f32, z: f32) -> f32 {
        let ((x, u), (z, v)) = (split(x), split(z));
        let (x0, z0) = (x as usize & (SIDE - 1), z as usize & (SIDE - 1));
        let (x1, z1) = ((x0 + 1) & (SIDE - 1), (z0 + 1) & (SIDE - 1));
        let field = &self.heights;
        mix(
            mix(field[z0 * SIDE + x0], field[z0 * SIDE + x1], u),
            mix(field[z1 * SIDE + x0], field[z1 * SIDE + x1], u),
            v,
        )
    }

    /// Height of the bare ground without the creases between cells, for what is near.
    pub(super) fn smooth_height(&self, x: f32, z: f32) -> f32 {
        let ((x, u), (z, v)) = (split(x), split(z));
        let (across, along) = (spline(u), spline(v));
        let (x, z) = (x as usize, z as usize);
        let mut height = 0.0;
        for (row, weight) in along.into_iter().enumerate() {
            let start = (z.wrapping_add(row).wrapping_sub(1) & (SIDE - 1)) * SIDE;
            let mut line = 0.0;
            for (column, weight) in across.into_iter().enumerate() {
                let x = x.wrapping_add(column).wrapping_sub(1) & (SIDE - 1);
                line += weight * self.heights[start + x];
            }
            height += weight * line;
        }
        height
    }

    /// How many times `way` a ray surely stays above all land, and what stands on it, from a
    /// point on; none where it may meet some. `most` tells how high a plot reaches whose highest
    /// ground is given.
    #[inline]
    pub(super) fn above(&self, at: Vec3, way: Vec3, most: &impl Fn(f32) -> f32) -> Option<f32> {
        let over = |side: usize, count: usize, peaks: &[f32]| {
            let length = side as f32;
            let ((column, u), (row, v)) = (split(at.x / length), split(at.z / length));
            let steps = |within: f32, way: f32| {
                let left = if way > 0.0 { 1.0 - within } else { within };
                left * length / larger(way.abs(), 1e-6)
            };
            let until = smaller(steps(u, way.x), steps(v, way.z));
            let wrap = |plot: i32| plot as usize & (count - 1);
            let peak = most(peaks[wrap(row) * count + wrap(column)]);
            (smaller(at.y, at.y + way.y * until) >= peak).then_some(until)
        };
        over(WIDE, WIDES, &self.wide_peaks).or_else(|| over(PLOT, PLOTS, &self.peaks))
    }

    /// Height of the ground to within two cells, quickly.
    #[inline(always)]
    pub(super) fn coarse_height(&self, x: f32, z: f32) -> f32 {
        self.broad_cell(x, z).height
    }

    /// Share of sunlight that arrives at a point, 0 in the shadow of land.
    #[inline(always)]
    pub(super) fn sunlit(&self, at: Vec3) -> f32 {
        1.0 - smoothstep(-0.5, 3.5, self.between(at.x, at.z, |cell| cell.shadow) - at.y)
    }

    /// Share of the sky that is seen from the ground.
    #[inline(always)]
    pub(super) fn open(&self, x: f32, z: f32) -> f32 {
        self.between(x, z, |cell| cell.open)
    }

    /// Likelihood of a tree, 0 or less for none.
    #[inline(always)]
    pub(super) fn wooded(&self, x: f32, z: f32) -> f32 {
        self.broad_cell(x, z).wooded
    }

    #[inline(always)]
    fn broad_cell(&self, x: f32, z: f32) -> &Broad {
        let (x, z) = (split(x / BROAD).0 as usize, split(z / BROAD).0 as usize);
        &self.broad[(z & (SECOND - 1)) * SECOND + (x & (SECOND - 1))]
    }

    #[inline(always)]
    fn between(&self, x: f32, z: f32, value: impl Fn(&Broad) -> f32) -> f32 {
        let ((x, u), (z, v)) = (split(x / BROAD), split(z / BROAD));
        let (x0, z0) = (x as usize & (SECOND - 1), z as usize & (SECOND - 1));
        let (x1, z1) = ((x0 + 1) & (SECOND - 1), (z0 + 1) & (SECOND - 1));
        let read = |x: usize, z: usize| value(&self.broad[z * SECOND + x]);
        mix(mix(read(x0, z0), read(x1, z0), u), mix(read(x0, z1), read(x1, z1), u), v)
    }
}

/// The highest ground of a plot, with the cells beside it from which its edge is rounded.
fn peak(heights: &[f32], left: usize, near: usize) -> f32 {
    let around = |start: usize| (0..PLOT + 3).map(move |at| (start + SIDE - 1 + at) & (SIDE - 1));
    around(near)
        .flat_map(|z| around(left).map(move |x| z * SIDE + x))
        .fold(0.0, |peak, at| larger(peak, heights[at]))
}

/// Weights of the four cells around a point for a cubic curve that is smooth twice over.
fn spline(t: f32) -> [f32; 4] {
    let s = 1.0 - t;
    let near = |t: f32| (4.0 - 6.0 * t * t + 3.0 * t * t * t) / 6.0;
    [s * s * s / 6.0, near(t), near(s), t * t * t / 6.0]
}

/// Fills a square field row by row on all threads. `None` when cancelled.
fn fill<T: Send>(
    field: &mut [T],
    side: usize,
    cancel: &dyn Fn() -> bool,
    row: &(dyn Fn(usize, &mut [T]) + Sync),
) -> Option<()> {
    parallel::fill(field, side, row, cancel, &mut |_| {}).then_some(())
}

/// A field of twice the side: rounded, with detail that the coarse one could not hold. Steep
/// ground is rough, level ground is smooth.
fn finer(
    field: &[f32],
    side: usize,
    rough: f32,
    seed: u32,
    cancel: &dyn Fn() -> bool,
) -> Option<Vec<f32>> {
    let twice = side * 2;
    let mut finer = vec![0.0; twice * twice];
    let (period, cells) = (side as i32 / 2, side as f32 / SIDE as f32);
    fill(&mut finer, twice, cancel, &|z, row| {
        let other = if z & 1 == 0 { side - 1 } else { 1 };
        let here = &field[z / 2 * side..][..side];
        let there = &field[((z / 2 + other) & (side - 1)) * side..][..side];
        let line: Vec<f32> = here.iter().zip(there).map(|(a, b)| mix(*a, *b, 0.25)).collect();
        let detail = if rough > 0.0 { detail(z, seed, period) } else { vec![0.0; twice] };
        let pairs = row.as_chunks_mut::<2>().0.iter_mut().zip(detail.as_chunks::<2>().0);
        for (x, (heights, detail)) in pairs.enumerate() {
            let fall = (here[x] - there[x]).abs();
            let beside = [(x + side - 1) & (side - 1), (x + 1) & (side - 1)];
            for ((height, detail), other) in heights.iter_mut().zip(detail).zip(beside) {
                let steep = ((here[x] - here[other]).abs() + fall) * cells;
                let rough = rough * smoothstep(0.15, 1.1, steep);
                *height = mix(line[x], line[other], 0.25) + rough * detail;
            }
        }
    })?;
    Some(finer)
}

/// Roughness of row `z` of a field with four cells to each of `period` waves.
fn detail(z: usize, seed: u32, period: i32) -> Vec<f32> {
    let grain = PeriodicLine::new(z as f32 * 0.25, seed, period).spread(4);
    let fine = PeriodicLine::new(z as f32 * 0.5, seed ^ 9, period * 2).spread(2);
    let rough = |(grain, fine): (f32, f32)| 1.3 * (grain - 0.5) - 0.9 * (fine * 2.0 - 1.0).abs();
    grain.into_iter().zip(fine).map(|both| rough(both) + 0.35).collect()
}

fn roughness(form: Form) -> f32 {
    match form {
        Form::Dunes | Form::Oasis | Form::Hills => 0.0,
        Form::Canyon => 1.2,
        _ => 1.0,
    }
}

/// Slow variation of ground colour, about -1 to 1.
#[inline]
pub(super) fn soil(x: f32, z: f32, distance: f32, seed: u32) -> f32 {
    let octaves = if distance < 300.0 { 4 } else { 3 };
    fractal(x * 0.06, z * 0.06, octaves, seed ^ 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::math::{cos, sin};
    use crate::engine::prompt::Composition;
    use crate::engine::vector::vec3;

    fn build(prompt: &str, cancel: &dyn Fn() -> bool) -> Option<Terrain> {
        let setting = Setting::new(&Composition::read(prompt, "", 7));
        Terrain::build(&setting, &[], vec3(0.0, sin(0.4), cos(0.4)), cancel)
    }

    #[test]
    fn land_repeats_without_a_seam() {
        let terrain = build("mountains", &|| false).unwrap();
        let mut passed = 0.0;
        for step in 0..200 {
            let (x, z) = (step as f32 * 5.13, step as f32 * 3.71);
            let here = terrain.height(x, z);
            assert!((0.0..=terrain.highest).contains(&here));
            assert!((here - terrain.height(x + SIDE as f32, z - SIDE as f32)).abs() < 0.05);
            assert!((here - terrain.smooth_height(x, z)).abs() < 4.0);
            assert!((here - terrain.coarse_height(x, z)).abs() < 12.0);
            let ray = vec3(0.6, -0.1, -0.8);
            let from = vec3(x, here + 30.0, z);
            let until = terrain.above(from, ray, &|peak| peak).unwrap_or(0.0);
            passed += until;
            for share in [0.0, 0.3, 0.9] {
                let at = from + ray * (until * share);
                let land = larger(terrain.height(at.x, at.z), terrain.smooth_height(at.x, at.z));
                assert!(land <= at.y + 1e-3);
            }
        }
        let step = (terrain.height(0.0, 9.0) - terrain.height(SIDE as f32 - 1.0, 9.0)).abs();
        assert!(step < 8.0 && passed > 100.0, "{step} {passed}");
    }

    #[test]
    fn mountains_throw_shadows_and_carry_trees() {
        let terrain = build("mountains", &|| false).unwrap();
        let count = |test: &dyn Fn(f32, f32) -> bool| {
            let places = (0..64 * 64).map(|at| ((at % 64) as f32 * 16.0, (at / 64) as f32 * 16.0));
            places.filter(|(x, z)| test(*x, *z)).count()
        };
        let dark = count(&|x, z| terrain.sunlit(vec3(x, terrain.height(x, z), z)) < 0.1);
        let wooded = count(&|x, z| terrain.wooded(x, z) > 0.5);
        assert!((100..3_000).contains(&dark), "{dark}");
        assert!((100..3_900).contains(&wooded), "{wooded}");
        assert_eq!(count(&|x, z| terrain.sunlit(vec3(x, 1e4, z)) < 1.0), 0);
    }

    #[test]
    fn building_stops_when_it_is_cancelled() {
        use std::cell::Cell;
        for patience in [0, 1, 100, 400] {
            let asked = Cell::new(0);
            let cancel = || {
                asked.set(asked.get() + 1);
                asked.get() > patience
            };
            assert!(build("mountains", &cancel).is_none(), "{patience}");
            assert_eq!(asked.get(), patience + 1);
        }
    }
}
