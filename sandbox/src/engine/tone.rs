//! From linear light to what a screen shows.

use super::math::{mix, pow, saturate};
use super::noise::random;
use super::vector::Color;

/// Steps of the table; between them the curve is straight to within a fraction of a 16-bit step.
const STEPS: usize = 4096;

/// A curve from linear light to display values from 0 to 1.
pub(crate) struct ToneCurve {
    srgb: Vec<f32>,
    filmic: bool,
}

impl ToneCurve {
    /// `filmic` rolls highlights off with the ACES fit of Narkowicz; otherwise they are cut at 1.
    pub(crate) fn new(filmic: bool) -> ToneCurve {
        let srgb = (0..=STEPS).map(|i| srgb_encoded(i as f32 / STEPS as f32)).collect();
        ToneCurve { srgb, filmic }
    }

    /// The display value of one channel.
    pub(crate) fn display(&self, light: f32) -> f32 {
        let level = if self.filmic { aces(light * 0.72) } else { saturate(light) };
        let position = level * STEPS as f32;
        let step = position as usize;
        match (self.srgb.get(step), self.srgb.get(step + 1)) {
            (Some(low), Some(high)) => mix(*low, *high, position - step as f32),
            _ => 1.0,
        }
    }

    /// The 8-bit pixel at a position. Rounding is dithered by position, so that smooth skies show
    /// no bands.
    #[inline]
    pub(crate) fn pixel(&self, light: Color, x: usize, y: usize) -> [u8; 3] {
        let dither = random(x as i32, y as i32, 1);
        [light.x, light.y, light.z].map(|light| (self.display(light) * 255.0 + dither) as u8)
    }
}

/// The sRGB transfer function of IEC 61966-2-1.
pub(crate) fn srgb_encoded(linear: f32) -> f32 {
    if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * pow(linear, 1.0 / 2.4) - 0.055 }
}

fn aces(x: f32) -> f32 {
    saturate((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vector::gray;

    #[test]
    fn curves_rise_from_black_to_white() {
        for filmic in [true, false] {
            let curve = ToneCurve::new(filmic);
            let mut last = -1.0;
            for i in 0..2000 {
                let value = curve.display(i as f32 * 0.01);
                assert!(value >= last && value <= 1.0);
                last = value;
            }
            assert_eq!(curve.display(0.0), 0.0);
            assert!(last > 0.99);
        }
    }

    #[test]
    fn black_and_white_are_not_dithered() {
        let curve = ToneCurve::new(false);
        for place in 0..100 {
            assert_eq!(curve.pixel(gray(0.0), place, 3), [0; 3]);
            assert_eq!(curve.pixel(gray(1.0), place, 3), [255; 3]);
        }
    }
}
