//! Louder here, softer there: the colour of a voice.

use std::f32::consts::PI;

use super::spectrum::{self, BANDS, PER_OCTAVE};

/// Weights of the filter; enough to tell bands of a third of an octave apart in the middle of
/// the range of speech.
const TAPS: usize = 127;

/// Frequencies at which the filter is asked to be right.
const POINTS: usize = 128;

/// Loudness by band, in decibels.
pub(super) type Curve = [f32; BANDS];

/// No colour at all.
pub(super) const FLAT: Curve = [0.0; BANDS];

/// Highs louder, or softer when negative, by this many decibels in each octave around 1 kHz.
pub(super) fn sloped(curve: &Curve, decibels_per_octave: f32) -> Curve {
    let mut sloped = *curve;
    for (band, level) in sloped.iter_mut().enumerate() {
        *level += decibels_per_octave * libm::log2f(spectrum::center(band) / 1_000.0);
    }
    sloped
}

/// A filter of 16 kHz sound that keeps phases.
pub(super) struct Equalizer {
    taps: Vec<f32>,
}

impl Equalizer {
    pub(super) fn new(curve: &Curve) -> Equalizer {
        let gains: Vec<f32> = (0..=POINTS)
            .map(|point| {
                let hertz = (point as f32 * 8_000.0 / POINTS as f32).max(1.0);
                let band = libm::log2f(hertz / spectrum::center(0)) * PER_OCTAVE;
                libm::exp10f(level(curve, band) / 20.0)
            })
            .collect();
        let middle = (TAPS / 2) as f32;
        let taps = (0..TAPS)
            .map(|tap| {
                let distance = tap as f32 - middle;
                let sum: f32 = gains
                    .iter()
                    .enumerate()
                    .map(|(point, gain)| {
                        let share = if point == 0 || point == POINTS { 0.5 } else { 1.0 };
                        share * gain * libm::cosf(PI * distance * point as f32 / POINTS as f32)
                    })
                    .sum();
                let shape = 0.5 + 0.5 * libm::cosf(PI * distance / (middle + 1.0));
                sum / POINTS as f32 * shape
            })
            .collect();
        Equalizer { taps }
    }

    /// Filters one stretch of sound that begins and ends in silence.
    pub(super) fn run(&self, samples: &[f32]) -> Vec<f32> {
        let silence = [0.0; TAPS / 2];
        let padded = [&silence, samples, &silence].concat();
        padded
            .windows(TAPS)
            .map(|window| window.iter().zip(&self.taps).map(|(sample, tap)| sample * tap).sum())
            .collect()
    }
}

fn level(curve: &Curve, band: f32) -> f32 {
    let band = band.clamp(0.0, (BANDS - 1) as f32);
    let below = band as usize;
    let at = |index: usize| curve.get(index.min(BANDS - 1)).copied().unwrap_or(0.0);
    at(below) + (at(below + 1) - at(below)) * (band - below as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gain_at(equalizer: &Equalizer, hertz: f32) -> f32 {
        let tone: Vec<f32> =
            (0..4_000).map(|n| libm::sinf(n as f32 * hertz * 2.0 * PI / 16_000.0)).collect();
        let filtered = equalizer.run(&tone);
        assert_eq!(filtered.len(), tone.len());
        let energy = |sound: &[f32]| sound[500..3_500].iter().map(|x| x * x).sum::<f32>();
        10.0 * libm::log10f(energy(&filtered) / energy(&tone))
    }

    #[test]
    fn a_flat_curve_changes_nothing() {
        let equalizer = Equalizer::new(&FLAT);
        for hertz in [150.0, 1_000.0, 6_000.0] {
            assert!(gain_at(&equalizer, hertz).abs() < 0.1);
        }
    }

    #[test]
    fn a_slope_lifts_highs_and_lowers_lows() {
        let equalizer = Equalizer::new(&sloped(&FLAT, 3.0));
        for (hertz, expected) in [(500.0, -3.0), (1_000.0, 0.0), (2_000.0, 3.0), (4_000.0, 6.0)] {
            let gain = gain_at(&equalizer, hertz);
            assert!((gain - expected).abs() < 0.7, "{gain} dB at {hertz} Hz");
        }
    }
}
