//! From what the network predicts to a wave: a train of pulses at the predicted pitch is filtered,
//! and shaped noise and a rest with phases of its own are added, frame by frame.

use std::{
    f32::consts::{PI, TAU},
    sync::Arc,
};

use realfft::{ComplexToReal, FftError, RealFftPlanner, RealToComplex, num_complex::Complex32};

use crate::{SAMPLE_RATE, noise::Noise};

/// Samples of one frame, and from one to the next: 80 frames in a second.
const FRAME: usize = 1200;
const HOP: usize = 300;

/// Frequencies of one frame.
const BANDS: usize = FRAME / 2 + 1;

/// Below this pitch in hertz the network means that there is no voice.
const VOICED: f32 = 40.0;

/// Harmonics end here, in hertz, a little before half the sample rate.
const HIGHEST: f32 = 11_000.0;

/// What the network predicts. A table has a row for each band and a column for each frame.
pub(crate) struct Spectra {
    /// Natural logarithm of the filter on the pulses, and how far it turns their phase, of ±π.
    level: Vec<f32>,
    turn: Vec<f32>,
    /// Natural logarithm of the level of the noise.
    noise: Vec<f32>,
    /// Natural logarithm of the level of the rest, and its phase.
    rest: Vec<f32>,
    phase: Vec<f32>,
    /// Pitch of each frame in hertz.
    pitch: Vec<f32>,
}

impl Spectra {
    /// `None` where the lengths do not fit.
    pub(crate) fn new(
        level: Vec<f32>,
        turn: Vec<f32>,
        noise: Vec<f32>,
        rest: Vec<f32>,
        phase: Vec<f32>,
        pitch: Vec<f32>,
    ) -> Option<Self> {
        let size = pitch.len() * BANDS;
        let fits = [&level, &turn, &noise, &rest, &phase].iter().all(|table| table.len() == size);
        fits.then_some(Self { level, turn, noise, rest, phase, pitch })
    }

    /// Multiplies the pitch, and the distance of each frame from the mean pitch in octaves.
    pub(crate) fn intone(&mut self, pitch: f32, liveliness: f32) {
        let voiced: Vec<f32> =
            self.pitch.iter().filter(|&&pitch| pitch > VOICED).map(|pitch| pitch.ln()).collect();
        let mean = voiced.iter().sum::<f32>() / voiced.len().max(1) as f32;
        for frame in self.pitch.iter_mut().filter(|pitch| **pitch > VOICED) {
            let octave = mean + (frame.ln() - mean) * liveliness;
            *frame = (octave.exp() * pitch).clamp(VOICED + 1.0, HIGHEST / 8.0);
        }
    }

    /// One sample for each that the wave will have: all harmonics of the pitch, equally strong.
    fn pulses(&self) -> Vec<f32> {
        let at = |frame: usize| self.pitch.get(frame).copied().unwrap_or_default();
        let last = self.pitch.len().saturating_sub(1);
        let mut turns = 0.0f64;
        (0..self.pitch.len() * HOP)
            .map(|sample| {
                let frame = sample / HOP;
                // A frame's pitch is that of its middle; between, it goes straight.
                let way = ((sample % HOP) as f32 + 0.5) / HOP as f32 - 0.5;
                let next = if way < 0.0 { frame.saturating_sub(1) } else { (frame + 1).min(last) };
                let pitch = at(frame) + (at(next) - at(frame)) * way.abs();
                let steps = pitch.max(VOICED);
                turns = (turns + f64::from(steps) / f64::from(SAMPLE_RATE)).fract();
                if pitch > VOICED { pulse(turns as f32 * TAU, HIGHEST / steps) } else { 0.0 }
            })
            .collect()
    }

    /// The spectrum of a frame, made of the pulses' own.
    fn shape(&self, frame: usize, pulses: &mut [Complex32], noise: &mut Noise) {
        let frames = self.pitch.len();
        for (band, value) in pulses.iter_mut().enumerate() {
            let of = |table: &[f32]| table.get(band * frames + frame).copied().unwrap_or_default();
            // What the training never went beyond.
            let size = |table: &[f32]| of(table).min(7.0).exp();
            *value *= Complex32::from_polar(size(&self.level), PI * of(&self.turn).tanh());
            *value += noise.normal() * size(&self.noise);
            *value += Complex32::from_polar(size(&self.rest), of(&self.phase));
        }
        // The lowest and the highest band of a real signal have no phase.
        if let [first, .., last] = pulses {
            first.im = 0.0;
            last.im = 0.0;
        }
    }
}

/// The sum of the cosines of all whole multiples of an angle, up to `most`.
fn pulse(angle: f32, most: f32) -> f32 {
    let count = most.floor() + 0.5;
    let divisor = 2.0 * (angle * 0.5).sin();
    if divisor.abs() <= 2e-3 { count - 0.5 } else { (count * angle).sin() / divisor - 0.5 }
}

/// The transforms, and the window that frames overlap with.
#[derive(Clone)]
pub(crate) struct Synthesis {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    window: Vec<f32>,
}

impl Synthesis {
    pub(crate) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let raised = |sample| 0.5 - 0.5 * (TAU * sample as f32 / FRAME as f32).cos();
        Self {
            forward: planner.plan_fft_forward(FRAME),
            inverse: planner.plan_fft_inverse(FRAME),
            window: (0..FRAME).map(raised).collect(),
        }
    }

    /// The wave, mostly within ±1.
    pub(crate) fn wave(&self, spectra: &Spectra) -> Result<Vec<f32>, FftError> {
        let count = spectra.pitch.len() * HOP;
        let padded = mirrored(&spectra.pulses(), FRAME / 2);
        let (mut wave, mut weight) = (vec![0.0f32; count + FRAME], vec![0.0f32; count + FRAME]);
        let mut bands = self.forward.make_output_vec();
        let mut noise = Noise::new();
        for frame in 0..spectra.pitch.len() {
            let start = frame * HOP;
            // So that a pulse train of level 1 has bands of size 1.
            let seen = padded.get(start..start + FRAME).unwrap_or_default().iter();
            let mut samples: Vec<f32> = seen
                .zip(&self.window)
                .map(|(sample, window)| sample * window / (FRAME as f32 / 4.0))
                .collect();
            self.forward.process(&mut samples, &mut bands)?;
            spectra.shape(frame, &mut bands, &mut noise);
            self.inverse.process(&mut bands, &mut samples)?;
            let sums = wave.iter_mut().zip(&mut weight).skip(start);
            for ((sum, weight), (sample, window)) in sums.zip(samples.iter().zip(&self.window)) {
                *sum += sample / FRAME as f32 * window;
                *weight += window * window;
            }
        }
        let middle = wave.iter().zip(&weight).skip(FRAME / 2).take(count);
        Ok(middle.map(|(sum, weight)| sum / weight.max(1e-11)).collect())
    }
}

/// A wave with its own mirror image before and after it.
fn mirrored(wave: &[f32], reach: usize) -> Vec<f32> {
    let before = wave.iter().skip(1).take(reach).rev();
    let after = wave.iter().rev().skip(1).take(reach);
    let mut padded = vec![0.0; reach.saturating_sub(before.len())];
    padded.extend(before.chain(wave).chain(after));
    padded.resize(wave.len() + 2 * reach, 0.0);
    padded
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENT: f32 = -30.0;

    fn spectra(frames: usize, level: f32, noise: f32, pitch: f32) -> Spectra {
        let table = |value| vec![value; frames * BANDS];
        let [level, noise, rest, flat] = [table(level), table(noise), table(SILENT), table(0.0)];
        Spectra::new(level, flat.clone(), noise, rest, flat, vec![pitch; frames]).unwrap()
    }

    fn power(wave: &[f32]) -> f32 {
        wave.iter().map(|sample| sample * sample).sum::<f32>() / wave.len() as f32
    }

    /// How well a wave repeats itself after so many samples, 1 at best.
    fn likeness(wave: &[f32], period: usize) -> f32 {
        let products: f32 = wave.iter().zip(&wave[period..]).map(|(a, b)| a * b).sum();
        products / (wave.len() - period) as f32 / power(wave)
    }

    #[test]
    fn a_flat_filter_gives_pulses_at_the_pitch() {
        let mut spectra = spectra(40, 0.0, SILENT, 120.0);
        let wave = Synthesis::new().wave(&spectra).unwrap();
        assert_eq!(wave.len(), 40 * HOP);
        assert!(likeness(&wave[2000..10_000], 200) > 0.95);
        assert!(likeness(&wave[2000..10_000], 100) < 0.2);
        spectra.intone(2.0, 1.0);
        let octave = Synthesis::new().wave(&spectra).unwrap();
        assert!(likeness(&octave[2000..10_000], 100) > 0.95);
    }

    #[test]
    fn without_pitch_there_is_only_noise_and_it_is_the_same_each_time() {
        let spectra = spectra(40, 0.0, 0.0, 0.0);
        let wave = Synthesis::new().wave(&spectra).unwrap();
        assert!(power(&wave[2000..10_000]) > 0.0);
        assert!((40..300).all(|period| likeness(&wave[2000..10_000], period).abs() < 0.2));
        assert_eq!(wave, Synthesis::new().wave(&spectra).unwrap());
    }

    #[test]
    fn liveliness_spreads_the_pitch_about_its_mean() {
        let mut moved = spectra(3, 0.0, SILENT, 0.0);
        moved.pitch = vec![100.0, 0.0, 400.0];
        moved.intone(1.0, 0.5);
        let expected = [141.4, 0.0, 282.8];
        assert!(moved.pitch.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.1));
    }

    #[test]
    fn tables_of_other_lengths_are_refused() {
        let table = || vec![0.0; BANDS];
        let pitch = vec![100.0, 100.0];
        assert!(Spectra::new(table(), table(), table(), table(), table(), pitch).is_none());
    }
}
