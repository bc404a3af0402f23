//! Light in 16 bits a channel, so that a picture of 8K fits into memory.

use super::vector::{Color, rgb};

/// Linear light as three binary16 numbers (IEEE 754) without a sign: steps of 1/2,048 of the
/// value, up to 65,504.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct HalfColor([u16; 3]);

/// The largest number that is kept.
const MOST: f32 = 65_504.0;
/// The smallest one that is kept with all its digits; below, steps are even.
const LEAST: f32 = 1.0 / 16_384.0;
/// Difference between the exponents of the two formats, in place.
const REBIAS: u32 = (127 - 15) << 23;

impl HalfColor {
    /// Rounds to the nearest step. What is below zero, or no number, becomes zero.
    #[inline]
    pub(crate) fn new(color: Color) -> HalfColor {
        HalfColor([half(color.x), half(color.y), half(color.z)])
    }

    #[inline]
    pub(crate) fn color(self) -> Color {
        let [r, g, b] = self.0;
        rgb(single(r), single(g), single(b))
    }
}

/// A positive number in 16 bits.
#[inline]
pub(crate) fn half(value: f32) -> u16 {
    if value >= LEAST {
        let value = if value < MOST { value } else { MOST };
        ((value.to_bits() + 0x1000 - REBIAS) >> 13) as u16
    } else if value > 0.0 {
        (value * 16_777_216.0 + 0.5) as u16
    } else {
        0
    }
}

/// The number that [`half`] kept.
#[inline]
pub(crate) fn single(half: u16) -> f32 {
    if half >= 0x400 {
        f32::from_bits((u32::from(half) << 13) + REBIAS)
    } else {
        f32::from(half) * (1.0 / 16_777_216.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_comes_back_as_it_was() {
        for bits in 0..0x7C00 {
            assert_eq!(half(single(bits)), bits);
        }
    }

    #[test]
    fn values_are_kept_to_a_two_thousandth() {
        let mut value = 1e-4;
        while value < 60_000.0 {
            assert!((single(half(value)) - value).abs() <= value / 2048.0, "{value}");
            value *= 1.013;
        }
        assert_eq!(single(half(1e9)), MOST);
        assert_eq!([-1.0, f32::NAN, 0.0].map(half), [0; 3]);
    }
}
