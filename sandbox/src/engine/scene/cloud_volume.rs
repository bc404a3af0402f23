//! A block of cumulus that repeats in both level directions, with its shade baked.

// All positions are wrapped or held to the block's sides.
#![allow(clippy::indexing_slicing)]

use crate::engine::math::{exp, floor, larger, mix, saturate, smaller, smoothstep, split};
use crate::engine::noise::{periodic, periodic3};
use crate::engine::parallel;
use crate::engine::vector::Vec3;

/// Level side of the block; one cell is one unit of length.
const SIDE: usize = 192;
/// Height of the block.
const HEIGHT: usize = 44;
/// Height of the block as a length.
pub(super) const TOP: f32 = HEIGHT as f32 - 1.0;
/// Column along which the camera flies.
pub(super) const WAY: f32 = 96.0;
/// Side of the block of fine detail, and its cells for each unit of length.
const FINE: usize = 32;
const FINE_SCALE: f32 = 2.2;
/// Sides of the block of billows from which clouds of all sizes are taken, and its features.
const BILLOWS: [usize; 3] = [96, 64, 96];
const BILLOW: usize = 16;
/// Rows over which light is followed before the first row is believed.
const APPROACH: usize = 56;

/// The clouds.
pub(super) struct CloudVolume {
    /// Density and shade for each cell; columns of `HEIGHT` cells, rows of `SIDE` columns.
    cells: Vec<[f32; 2]>,
    fine: Vec<f32>,
}

/// The cloud at one point.
pub(super) struct Sample {
    /// Above 0 inside a cloud; below 0 roughly the distance to the next one.
    pub(super) density: f32,
    /// Amount of cloud between here and the sun, where there is any cloud.
    pub(super) shade: f32,
}

impl CloudVolume {
    /// Grows clouds lit from `sun`, which stands ahead (+z). `None` when cancelled.
    pub(super) fn build(seed: u32, sun: Vec3, cancel: &dyn Fn() -> bool) -> Option<CloudVolume> {
        let mut billows = vec![0.0; BILLOWS.iter().product()];
        let rolled = parallel::fill(
            &mut billows,
            BILLOWS[1],
            &|number, column| roll(column, number % BILLOWS[0], number / BILLOWS[0], seed),
            cancel,
            &mut |_| {},
        );
        if !rolled {
            return None;
        }
        let mut cells = vec![[0.0; 2]; SIDE * SIDE * HEIGHT];
        let grown = parallel::fill(
            &mut cells,
            HEIGHT,
            &|number, column| grow(column, number % SIDE, number / SIDE, seed, &billows),
            cancel,
            &mut |_| {},
        );
        if !grown {
            return None;
        }
        let mut fine = vec![0.0; FINE * FINE * FINE];
        for (number, value) in fine.iter_mut().enumerate() {
            let (x, y, z) = (number % FINE, number / FINE % FINE, number / (FINE * FINE));
            *value = fine_detail(x as f32, y as f32, z as f32, seed);
        }
        let mut volume = CloudVolume { cells, fine };
        // The block repeats: light comes from its front row into its last one.
        for z in (0..APPROACH).rev().chain((0..SIDE).rev()) {
            if cancel() {
                return None;
            }
            volume.shade_row(z, sun);
        }
        Some(volume)
    }

    /// Adds up cloud towards the sun for one row, from the row ahead.
    fn shade_row(&mut self, z: usize, sun: Vec3) {
        let (drift, rise) = (sun.x / sun.z, sun.y / sun.z);
        let length = 1.0 / sun.z;
        let ahead = (z + 1) % SIDE;
        for x in 0..SIDE {
            let from = x as f32 + drift;
            let whole = floor(from);
            let share = from - whole;
            let first = (whole as i32).rem_euclid(SIDE as i32) as usize;
            let second = (first + 1) % SIDE;
            for y in 0..HEIGHT {
                let up = y as f32 + rise;
                let mut shade = 0.0;
                if up < TOP {
                    let low = up as usize;
                    let v = up - low as f32;
                    let read = |x: usize, y: usize| {
                        let [density, shade] = self.cells[(ahead * SIDE + x) * HEIGHT + y];
                        shade + larger(density, 0.0) * length
                    };
                    shade = mix(
                        mix(read(first, low), read(second, low), share),
                        mix(read(first, low + 1), read(second, low + 1), share),
                        v,
                    );
                }
                // Light from the side fills in what is far behind.
                self.cells[(z * SIDE + x) * HEIGHT + y][1] = smaller(shade * 0.985, 24.0);
            }
        }
    }

    /// The cloud at a point; `close` adds detail too fine for the block.
    #[inline]
    pub(super) fn sample(&self, at: Vec3, close: bool) -> Sample {
        let ((fx, u), (fz, w)) = (split(at.x), split(at.z));
        let y = smaller(larger(at.y, 0.0), TOP - 0.001);
        let low = y as usize;
        let v = y - low as f32;
        let wrap = |cell: i32| cell.rem_euclid(SIDE as i32) as usize;
        let (x0, z0) = (wrap(fx), wrap(fz));
        let x1 = if x0 + 1 == SIDE { 0 } else { x0 + 1 };
        let z1 = if z0 + 1 == SIDE { 0 } else { z0 + 1 };
        let (near, far) = (z0 * SIDE, z1 * SIDE);
        let start = |cell: usize| cell * HEIGHT + low;
        let (a, b) = (start(near + x0), start(near + x1));
        let (c, d) = (start(far + x0), start(far + x1));
        let density_at = |at: usize| mix(self.cells[at][0], self.cells[at + 1][0], v);
        let mut density =
            mix(mix(density_at(a), density_at(b), u), mix(density_at(c), density_at(d), u), w);
        if close && density > -0.5 && density < 1.1 {
            density -= self.fine_at(at) * 0.55;
        }
        if density <= 0.0 {
            return Sample { density, shade: 0.0 };
        }
        let shade_at = |at: usize| mix(self.cells[at][1], self.cells[at + 1][1], v);
        let shade = mix(mix(shade_at(a), shade_at(b), u), mix(shade_at(c), shade_at(d), u), w);
        Sample { density: smaller(density, 1.0), shade }
    }

    #[inline]
    fn fine_at(&self, at: Vec3) -> f32 {
        let (x, y, z) = (at.x * FINE_SCALE, at.y * FINE_SCALE, at.z * FINE_SCALE);
        let ((x, u), (y, v), (z, w)) = (split(x), split(y), split(z));
        let mask = FINE - 1;
        let (x, y, z) = (x as usize, y as usize, z as usize);
        let read = |x: usize, y: usize, z: usize| {
            self.fine[(z & mask) * FINE * FINE + (y & mask) * FINE + (x & mask)]
        };
        let plane = |z: usize| {
            mix(
                mix(read(x, y, z), read(x.wrapping_add(1), y, z), u),
                mix(
                    read(x, y.wrapping_add(1), z),
                    read(x.wrapping_add(1), y.wrapping_add(1), z),
                    u,
                ),
                v,
            )
        };
        mix(plane(z), plane(z.wrapping_add(1)), w)
    }
}

/// One column of the block of billows. The crease of the absolute value is what gives cumulus its
/// round heads.
fn roll(column: &mut [f32], x: usize, z: usize, seed: u32) {
    let place = |cell: usize| cell as f32 / BILLOW as f32;
    let periods = BILLOWS.map(|side| (side / BILLOW) as i32);
    for (y, value) in column.iter_mut().enumerate() {
        *value = periodic3(place(x), place(y), place(z), seed, periods).abs();
    }
}

/// Densities of one column of the block.
fn grow(column: &mut [[f32; 2]], x: usize, z: usize, seed: u32, billows: &[f32]) {
    let (u, w) = (x as f32 / SIDE as f32, z as f32 / SIDE as f32);
    // How high clouds reach here: a low deck with towers.
    let broad = periodic(u * 4.0, w * 4.0, seed ^ 0xC1, 4);
    let patches = periodic(u * 9.0, w * 9.0, seed ^ 0xC2, 9);
    let towers = smoothstep(0.40, 0.85, broad * 0.72 + patches * 0.38);
    // The way of the camera stays open: towers stand beside it, low heads reach into it.
    let aside = smoothstep(5.0, 40.0, (x as f32 - WAY).abs());
    let reach = 0.16 + 0.20 * patches + mix(0.16, 0.78, aside) * towers;
    // Where in the block of billows each size is taken from: turned, so that none repeats with
    // another.
    let [side, tall, _] = BILLOWS;
    let starts: [usize; 4] = core::array::from_fn(|octave| {
        let (x, z) = if octave % 2 == 0 { (x, z) } else { (z, x + 29 * octave) };
        let (x, z) = ((x << octave) % side, (z << octave) % side);
        (z * side + x) * tall
    });
    for (y, cell) in column.iter_mut().enumerate() {
        let height = y as f32 / HEIGHT as f32;
        let (mut heaped, mut amplitude) = (0.0, 0.5);
        for (octave, start) in starts.into_iter().enumerate() {
            heaped += amplitude * billows[start + ((y << octave) + 11 * octave) % tall];
            amplitude *= 0.5;
        }
        let shape = (reach - height) * 3.4 + (heaped - 0.22) * 4.6;
        let ceiling = saturate((1.0 - height) * 8.0);
        cell[0] = smaller(shape, 1.4) * ceiling - (1.0 - ceiling) * 0.5;
    }
}

fn fine_detail(x: f32, y: f32, z: f32, seed: u32) -> f32 {
    let mut sum = 0.0;
    for (cells, amplitude) in [(8, 0.62), (16, 0.38)] {
        let scale = cells as f32 / FINE as f32;
        let noise = periodic3(x * scale, y * scale, z * scale, seed ^ 0xF1, [cells; 3]);
        sum += amplitude * (1.0 - exp(-noise.abs() * 2.2));
    }
    1.0 - 2.0 * sum
}
