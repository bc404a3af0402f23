//! Waves of the open sea, as the height of its surface.

use crate::engine::math::smoothstep;
use crate::engine::noise::gradient;
use crate::engine::prompt::Light;

/// Farther than this waves are too small to be drawn as heights.
pub(super) const FAR: f32 = 240.0;

/// Octaves of waves that have height; smaller ones only tilt the surface.
pub(super) const SHAPE: u32 = 3;

/// The state of the sea.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swell {
    /// Height of the waves; 0 for still water.
    pub(super) height: f32,
    seed: u32,
}

impl Swell {
    pub(super) fn new(sea: bool, light: Light, seed: u32) -> Swell {
        let height = match (sea, light) {
            (false, _) => 0.0,
            (true, Light::Storm) => 1.7,
            (true, _) => 0.62,
        };
        Swell { height, seed }
    }

    /// Height of the surface above its mean at a point seen from `distance`. `octaves` adds
    /// ever smaller waves.
    pub(super) fn at(&self, x: f32, z: f32, time: f32, octaves: u32, distance: f32) -> f32 {
        let fading = smoothstep(FAR, FAR * 0.4, distance);
        if self.height == 0.0 || fading <= 0.0 {
            return 0.0;
        }
        let (mut sum, mut amplitude, mut size, mut pace) = (0.0, 0.60, 0.075, 0.55);
        // The direction from which the wind blows.
        let (mut c, mut s): (f32, f32) = (0.939, 0.343);
        for octave in 0..octaves {
            let (u, v) = (x * c - z * s, x * s + z * c);
            let seed = self.seed.wrapping_add(octave * 53);
            let noise = gradient(u * size * 0.55, v * size + time * pace, seed);
            // Sharp crests and round troughs.
            let crest = 1.0 - noise.abs() * 1.6;
            sum += amplitude * (crest * 2.0 - 1.15);
            amplitude *= 0.44;
            size *= 1.93;
            pace *= 1.35;
            (c, s) = (c * 0.54 - s * 0.84, s * 0.54 + c * 0.84);
        }
        sum * self.height * fading
    }
}
