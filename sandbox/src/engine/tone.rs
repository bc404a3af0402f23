//! From linear light to what a screen shows.

use super::math::{mix, pow, saturate};
use super::noise::random;
use super::raster::Rgb8;
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

    /// An 8-bit picture of `width` columns of `height` colours. Rounding is dithered by position,
    /// so that smooth skies show no bands.
    pub(crate) fn develop(&self, columns: &[Color], width: usize, height: usize) -> Rgb8 {
        let mut pixels = vec![0; width * height * 3];
        for (y, row) in pixels.chunks_exact_mut(width.max(1) * 3).enumerate() {
            let lights = columns.iter().skip(y).step_by(height.max(1));
            for ((x, pixel), light) in row.chunks_exact_mut(3).enumerate().zip(lights) {
                let dither = random(x as i32, y as i32, 1);
                for (value, channel) in pixel.iter_mut().zip([light.x, light.y, light.z]) {
                    *value = (self.display(channel) * 255.0 + dither) as u8;
                }
            }
        }
        Rgb8 { width: width as u32, height: height as u32, pixels }
    }
}

/// The sRGB transfer function of IEC 61966-2-1.
fn srgb_encoded(linear: f32) -> f32 {
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
    fn developing_turns_columns_into_rows() {
        let columns = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0].map(gray);
        let picture = ToneCurve::new(false).develop(&columns, 3, 2);
        let reds: Vec<u8> = picture.pixels.iter().step_by(3).copied().collect();
        assert_eq!(reds, [0, 0, 255, 255, 0, 255]);
    }
}
