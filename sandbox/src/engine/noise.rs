//! Repeatable randomness: integer hashes and the smooth noise built on them.

// Positions in the tables of slopes are masked, those among two neighbours are 0 or 1.
#![allow(clippy::indexing_slicing)]

use super::math::{mix, split};

/// A well-mixed number for a lattice point.
#[inline(always)]
pub(crate) fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1)
        ^ (y as u32).wrapping_mul(0x85EB_CA77)
        ^ seed.wrapping_mul(0xC2B2_AE3D);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^= h >> 12;
    h = h.wrapping_mul(0x297A_2D39);
    h ^ (h >> 15)
}

/// A number from 0 up to 1 for a lattice point.
#[inline(always)]
pub(crate) fn random(x: i32, y: i32, seed: u32) -> f32 {
    fraction(hash(x, y, seed))
}

/// The upper 24 bits of a hash as a number from 0 up to 1.
#[inline(always)]
pub(crate) fn fraction(hash: u32) -> f32 {
    (hash >> 8) as f32 * (1.0 / 16_777_216.0)
}

/// One byte of a hash as a number from 0 to 1.
#[inline(always)]
pub(crate) fn byte(hash: u32, shift: u32) -> f32 {
    (hash >> shift & 255) as f32 * (1.0 / 255.0)
}

/// A hash of a text and a seed, for choosing what nothing else decides.
pub(crate) fn hash_text(text: &str, seed: u64) -> u32 {
    let mut h: u32 = 0x811C_9DC5;
    for byte in text.bytes().chain(seed.to_le_bytes()) {
        h = (h ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash(h as i32, 0, 0x5EED)
}

/// Weight curve with zero first and second derivative at both ends.
#[inline(always)]
fn fade(t: f32) -> f32 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Slopes of the plane's lattice points.
const SLOPES: [(f32, f32); 8] = {
    const D: f32 = core::f32::consts::FRAC_1_SQRT_2;
    [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (D, D), (-D, D), (D, -D), (-D, -D)]
};

// A table and not a `match`: no processor foresees which way a random branch goes.
#[inline(always)]
fn slope2(hash: u32, x: f32, y: f32) -> f32 {
    let (across, along) = SLOPES[(hash & 7) as usize];
    across * x + along * y
}

/// Gradient noise in the plane, about -1 to 1, one feature per unit.
#[inline]
pub(crate) fn gradient(x: f32, y: f32, seed: u32) -> f32 {
    let ((ix, x), (iy, y)) = (split(x), split(y));
    let (jx, jy) = (ix.wrapping_add(1), iy.wrapping_add(1));
    let (u, v) = (fade(x), fade(y));
    let a = slope2(hash(ix, iy, seed), x, y);
    let b = slope2(hash(jx, iy, seed), x - 1.0, y);
    let c = slope2(hash(ix, jy, seed), x, y - 1.0);
    let d = slope2(hash(jx, jy, seed), x - 1.0, y - 1.0);
    mix(mix(a, b, u), mix(c, d, u), v) * 1.5
}

/// No gradient noise in the plane is farther from 0: in the middle of a cell all four slopes may
/// point there, each from half a diagonal away.
const FARTHEST: f32 = 1.07;

/// Gradient noise summed over octaves, each turned so that no lattice shows; about -1 to 1.
pub(crate) fn fractal(x: f32, y: f32, octaves: u32, seed: u32) -> f32 {
    fractal_above(x, y, octaves, seed, f32::NEG_INFINITY)
}

/// The same where it exceeds `least`; elsewhere some number below that, sooner.
pub(crate) fn fractal_above(mut x: f32, mut y: f32, octaves: u32, seed: u32, least: f32) -> f32 {
    let (mut amplitude, mut sum) = (0.5, 0.0);
    for octave in 0..octaves {
        sum += amplitude * gradient(x, y, seed.wrapping_add(octave * 101));
        // All further octaves together have the amplitude of this one.
        if sum + amplitude * FARTHEST < least {
            break;
        }
        (x, y) = ((0.8 * x - 0.6 * y) * 2.03, (0.6 * x + 0.8 * y) * 2.03);
        amplitude *= 0.5;
    }
    sum
}

/// A lattice position within a period. Most need no division.
#[inline(always)]
fn wrapped(i: i32, period: i32) -> i32 {
    if i >= 0 && i < period { i } else { i.rem_euclid(period) }
}

/// Value noise from 0 to 1 that repeats after `period` units in both directions.
#[inline]
pub(crate) fn periodic(x: f32, y: f32, seed: u32, period: i32) -> f32 {
    let ((ix, x), (iy, y)) = (split(x), split(y));
    let (ix, iy) = (wrapped(ix, period), wrapped(iy, period));
    let after = |i: i32| if i + 1 == period { 0 } else { i + 1 };
    let (jx, jy) = (after(ix), after(iy));
    let (u, v) = (fade(x), fade(y));
    let a = random(ix, iy, seed);
    let b = random(jx, iy, seed);
    let c = random(ix, jy, seed);
    let d = random(jx, jy, seed);
    let k = a - b - c + d;
    a + (b - a) * u + (c - a) * v + k * u * v
}

/// All of [`periodic`] noise along a line of constant `y`, for points that lie side by side.
pub(crate) struct PeriodicLine {
    /// What the lattice has on the line, and its first point once more.
    points: Vec<f32>,
}

impl PeriodicLine {
    pub(crate) fn new(y: f32, seed: u32, period: i32) -> PeriodicLine {
        let (iy, y) = split(y);
        let (above, below) = (wrapped(iy, period), wrapped(iy.wrapping_add(1), period));
        let v = fade(y);
        let point = |ix: i32| mix(random(ix, above, seed), random(ix, below, seed), v);
        PeriodicLine { points: (0..period).chain([0]).map(point).collect() }
    }

    /// The noise at so many places to a unit, from 0 to the end of the period.
    pub(crate) fn spread(&self, places: usize) -> Vec<f32> {
        let shares: Vec<f32> = (0..places).map(|at| fade(at as f32 / places as f32)).collect();
        let between = |pair: &[f32]| {
            let (first, second) = (pair[0], pair[1]);
            shares.iter().map(move |share| mix(first, second, *share))
        };
        self.points.windows(2).flat_map(between).collect()
    }

    /// The noise at `x`, 0 to 1.
    #[inline(always)]
    pub(crate) fn at(&self, x: f32) -> f32 {
        let (ix, x) = split(x);
        let first = wrapped(ix, self.points.len() as i32 - 1) as usize;
        mix(self.points[first], self.points[first + 1], fade(x))
    }
}

/// Slopes of the lattice points in space: the twelve edges of a cube, as in Perlin's improved
/// noise.
const EDGES: [[f32; 3]; 12] = [
    [1.0, 1.0, 0.0],
    [-1.0, 1.0, 0.0],
    [1.0, -1.0, 0.0],
    [-1.0, -1.0, 0.0],
    [1.0, 0.0, 1.0],
    [-1.0, 0.0, 1.0],
    [1.0, 0.0, -1.0],
    [-1.0, 0.0, -1.0],
    [0.0, 1.0, 1.0],
    [0.0, -1.0, 1.0],
    [0.0, 1.0, -1.0],
    [0.0, -1.0, -1.0],
];

#[inline(always)]
fn slope3(hash: u32, x: f32, y: f32, z: f32) -> f32 {
    let [a, b, c] = EDGES[(hash % 12) as usize];
    a * x + b * y + c * z
}

/// Gradient noise in space that repeats after `period` units along every axis; about -1 to 1.
pub(crate) fn periodic3(x: f32, y: f32, z: f32, seed: u32, period: [i32; 3]) -> f32 {
    let [px, py, pz] = period;
    let ((ix, x), (iy, y), (iz, z)) = (split(x), split(y), split(z));
    let both = |i: i32, period: i32| {
        let first = wrapped(i, period);
        [first, if first + 1 == period { 0 } else { first + 1 }]
    };
    let (columns, rows, planes) = (both(ix, px), both(iy, py), both(iz, pz));
    let corner = |dx: usize, dy: usize, dz: usize| {
        let (ix, iy, iz) = (columns[dx], rows[dy], planes[dz]);
        let h = hash(ix, iy, seed ^ (iz as u32).wrapping_mul(0x9E37_79B1));
        slope3(h, x - dx as f32, y - dy as f32, z - dz as f32)
    };
    let (u, v, w) = (fade(x), fade(y), fade(z));
    let plane = |dz: usize| {
        mix(
            mix(corner(0, 0, dz), corner(1, 0, dz), u),
            mix(corner(0, 1, dz), corner(1, 1, dz), u),
            v,
        )
    };
    mix(plane(0), plane(1), w)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_stays_in_its_range_and_is_never_a_nan() {
        for i in 0..20_000 {
            let (x, y) = (i as f32 * 0.37 - 3_000.0, i as f32 * 0.11 - 900.0);
            assert!(gradient(x, y, 7).abs() <= 1.5);
            assert!(fractal(x, y, 6, 7).abs() <= 1.5);
            assert!((0.0..=1.0).contains(&periodic(x, y, 7, 16)));
            assert!(periodic3(x, y, x - y, 7, [8, 4, 8]).abs() <= 2.0);
        }
    }

    #[test]
    fn periodic_noise_repeats() {
        let here = periodic(0.25, 1.5, 3, 8);
        assert_eq!(here, periodic(8.25, 9.5, 3, 8));
        assert_eq!(
            periodic3(0.25, 0.5, 0.75, 3, [8, 4, 2]),
            periodic3(8.25, 4.5, 2.75, 3, [8, 4, 2])
        );
    }

    #[test]
    fn a_line_of_periodic_noise_is_that_noise() {
        for step in -300..300 {
            let (x, y) = (step as f32 * 0.173, step as f32 * 0.091);
            let line = PeriodicLine::new(y, 7, 16);
            assert!((line.at(x) - periodic(x, y, 7, 16)).abs() < 1e-5);
            let spread = line.spread(4);
            assert!(spread.len() == 64 && (spread[23] - line.at(5.75)).abs() < 1e-5);
        }
    }

    #[test]
    fn octaves_are_left_out_only_below_what_is_asked_for() {
        for step in 0..20_000 {
            let (x, y) = (step as f32 * 0.37 - 3_000.0, step as f32 * 0.11 - 900.0);
            assert!(gradient(x, y, 7).abs() <= FARTHEST);
            let (whole, some) = (fractal(x, y, 6, 7), fractal_above(x, y, 6, 7, 0.1));
            assert!(if whole < 0.1 { some < 0.1 } else { some == whole });
        }
    }

    #[test]
    fn text_and_seed_both_decide_the_hash() {
        assert_ne!(hash_text("a", 1), hash_text("b", 1));
        assert_ne!(hash_text("a", 1), hash_text("a", 2));
        assert_ne!(hash_text("a", 1), hash_text("a", 1 << 40));
    }
}
