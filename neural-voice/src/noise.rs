//! Noise that is the same each time.

use std::f32::consts::TAU;

use realfft::num_complex::Complex32;

/// A xorshift generator: the ear asks for no better.
pub(crate) struct Noise(u32);

impl Noise {
    pub(crate) fn new() -> Self {
        Self(0x2545_f491)
    }

    /// A number in two dimensions with a normal distribution of variance 1 in each.
    pub(crate) fn normal(&mut self) -> Complex32 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        Complex32::from_polar(radius, TAU * self.uniform())
    }

    /// Above 0 and up to 1.
    fn uniform(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        ((self.0 >> 8) + 1) as f32 / 16_777_216.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_centred_and_has_unit_variance() {
        let mut noise = Noise::new();
        let all: Vec<Complex32> = (0..20_000).map(|_| noise.normal()).collect();
        let mean = all.iter().sum::<Complex32>() / all.len() as f32;
        let power = all.iter().map(Complex32::norm_sqr).sum::<f32>() / all.len() as f32;
        assert!(mean.norm() < 0.03, "{mean}");
        assert!((power - 2.0).abs() < 0.06, "{power}");
    }
}
