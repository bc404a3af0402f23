//! The long-term spectrum of a voice: how loud it is, on average, in each part of the range of
//! hearing. What is said averages out; vocal tract and voice remain.

use std::f32::consts::TAU;

use crate::engine::wav::Sound;

/// Samples of one spectrum: 32 milliseconds at 16 kHz.
const WINDOW: usize = 512;

/// Bands, six in each octave.
pub(super) const BANDS: usize = 32;

/// Bands in an octave.
pub(super) const PER_OCTAVE: f32 = 6.0;

/// Middle of the lowest band in hertz; the highest is at 7.2 kHz.
const LOWEST: f32 = 200.0;

/// Middle of a band in hertz.
pub(super) fn center(band: usize) -> f32 {
    LOWEST * libm::exp2f(band as f32 / PER_OCTAVE)
}

/// Decibels in each band, with the mean at zero.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LongTermSpectrum {
    pub(super) bands: [f32; BANDS],
}

impl LongTermSpectrum {
    /// Measures a sound of 16 kHz; `None` when it is too short or silent.
    pub(super) fn of(sound: &Sound) -> Option<LongTermSpectrum> {
        let transform = Transform::new();
        let mut frames: Vec<(f32, Vec<f32>)> = sound
            .samples
            .windows(WINDOW)
            .step_by(WINDOW / 2)
            .map(|frame| {
                let power = transform.power(frame);
                (power.iter().sum::<f32>(), power)
            })
            .collect();
        // Speech, not the silence and the room between.
        let loudest = frames.iter().map(|(energy, _)| *energy).fold(0.0, f32::max);
        frames.retain(|(energy, _)| *energy > loudest * 1e-3 && *energy > 1e-9);
        if frames.len() < 10 {
            return None;
        }
        let hertz = sound.sample_rate as f32 / WINDOW as f32;
        let width = libm::exp2f(0.5 / PER_OCTAVE);
        let mut bands = [0.0; BANDS];
        for (band, level) in bands.iter_mut().enumerate() {
            let low = libm::roundf(center(band) / width / hertz) as usize;
            let high = (libm::roundf(center(band) * width / hertz) as usize).max(low + 1);
            let power: f32 = frames
                .iter()
                .map(|(_, power)| power.get(low..high).unwrap_or_default().iter().sum::<f32>())
                .sum();
            *level = 10.0 * libm::log10f(power / (high - low) as f32 + 1e-9);
        }
        Some(LongTermSpectrum { bands }.centered())
    }

    fn centered(mut self) -> Self {
        let mean = self.bands.iter().sum::<f32>() / BANDS as f32;
        self.bands.iter_mut().for_each(|level| *level -= mean);
        self
    }

    /// The level at a band that may lie between two.
    pub(super) fn at(&self, band: f32) -> f32 {
        let band = band.clamp(0.0, (BANDS - 1) as f32);
        let below = band as usize;
        let level = |index: usize| self.bands.get(index.min(BANDS - 1)).copied().unwrap_or(0.0);
        level(below) + (level(below + 1) - level(below)) * (band - below as f32)
    }

    /// The spectrum with formants higher by a factor.
    pub(super) fn with_formants(&self, factor: f32) -> LongTermSpectrum {
        let shift = libm::log2f(factor) * PER_OCTAVE;
        let mut bands = [0.0; BANDS];
        for (index, level) in bands.iter_mut().enumerate() {
            *level = self.at(index as f32 - shift);
        }
        LongTermSpectrum { bands }.centered()
    }

    /// Mean square of the difference in decibels.
    pub(super) fn distance(&self, other: &LongTermSpectrum) -> f32 {
        let squares = self.bands.iter().zip(&other.bands).map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f32>() / BANDS as f32
    }

    /// What is left when level and slope over the octaves are taken away: the formants.
    pub(super) fn without_slope(&self) -> LongTermSpectrum {
        let middle = (BANDS - 1) as f32 / 2.0;
        let away = |index: usize| index as f32 - middle;
        let products = self.bands.iter().enumerate().map(|(index, level)| away(index) * level);
        let squares = (0..BANDS).map(|index| away(index) * away(index));
        let slope = products.sum::<f32>() / squares.sum::<f32>();
        let mut bands = self.bands;
        for (index, level) in bands.iter_mut().enumerate() {
            *level -= slope * away(index);
        }
        LongTermSpectrum { bands }
    }
}

/// A fast Fourier transform of one window.
struct Transform {
    /// Raised cosine.
    shape: Vec<f32>,
    /// Cosine and sine of each step.
    turns: Vec<(f32, f32)>,
}

impl Transform {
    fn new() -> Transform {
        let angle = |index: usize| index as f32 * TAU / WINDOW as f32;
        Transform {
            shape: (0..WINDOW).map(|index| 0.5 - 0.5 * libm::cosf(angle(index))).collect(),
            turns: (0..WINDOW / 2)
                .map(|index| (libm::cosf(angle(index)), -libm::sinf(angle(index))))
                .collect(),
        }
    }

    /// Power at each frequency from zero to the middle of the sample rate.
    fn power(&self, frame: &[f32]) -> Vec<f32> {
        let mut values: Vec<(f32, f32)> = (0..WINDOW)
            .map(|index| {
                let source = index.reverse_bits() >> (usize::BITS - WINDOW.trailing_zeros());
                let sample = frame.get(source).copied().unwrap_or(0.0);
                (sample * self.shape.get(source).copied().unwrap_or(0.0), 0.0)
            })
            .collect();
        let mut half = 1;
        while half < WINDOW {
            for block in values.chunks_mut(2 * half) {
                let (evens, odds) = block.split_at_mut(half);
                let turns = self.turns.iter().step_by(WINDOW / 2 / half);
                for ((even, odd), turn) in evens.iter_mut().zip(odds).zip(turns) {
                    let turned = (odd.0 * turn.0 - odd.1 * turn.1, odd.0 * turn.1 + odd.1 * turn.0);
                    *odd = (even.0 - turned.0, even.1 - turned.1);
                    *even = (even.0 + turned.0, even.1 + turned.1);
                }
            }
            half *= 2;
        }
        values.iter().take(WINDOW / 2).map(|value| value.0 * value.0 + value.1 * value.1).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32) -> Sound {
        let angle = |index: usize| index as f32 * hertz * TAU / 16_000.0;
        let samples = (0..16_000).map(|index| 0.3 * libm::sinf(angle(index))).collect();
        Sound { sample_rate: 16_000, samples }
    }

    fn loudest(spectrum: &LongTermSpectrum) -> usize {
        let bands = &spectrum.bands;
        (0..BANDS).max_by(|&a, &b| bands[a].total_cmp(&bands[b])).unwrap()
    }

    #[test]
    fn a_tone_is_loudest_in_its_band() {
        for band in [12, 18, 24, 30] {
            let spectrum = LongTermSpectrum::of(&tone(center(band))).unwrap();
            assert_eq!(loudest(&spectrum), band);
            assert!(spectrum.bands.iter().sum::<f32>().abs() < 0.01);
        }
    }

    #[test]
    fn formants_move_by_their_factor() {
        let spectrum = LongTermSpectrum::of(&tone(center(12))).unwrap();
        assert_eq!(loudest(&spectrum.with_formants(libm::exp2f(0.5))), 15);
        assert!(spectrum.distance(&spectrum.with_formants(1.2)) > 10.0);
        assert_eq!(spectrum.distance(&spectrum), 0.0);
    }

    #[test]
    fn a_slope_is_taken_away() {
        let mut bands = [0.0; BANDS];
        bands.iter_mut().enumerate().for_each(|(index, level)| *level = 3.0 - index as f32);
        let flat = LongTermSpectrum { bands }.centered().without_slope();
        assert!(flat.bands.iter().all(|level| level.abs() < 0.01), "{flat:?}");
    }

    #[test]
    fn silence_has_no_spectrum() {
        let silence = Sound { sample_rate: 16_000, samples: vec![0.0; 16_000] };
        assert_eq!(LongTermSpectrum::of(&silence), None);
        assert_eq!(LongTermSpectrum::of(&Sound { samples: Vec::new(), ..silence }), None);
    }
}
