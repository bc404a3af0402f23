//! What can be measured of a voice: how high, how lively and how fast it speaks, and its colour.

use super::pitch::{self, PitchStatistics};
use super::spectrum::LongTermSpectrum;
use crate::engine::resample::Resampler;
use crate::engine::wav::Sound;

/// Rate at which voices are measured, in samples per second.
const SAMPLE_RATE: u32 = 16_000;

/// Samples of one value of loudness: 10 milliseconds.
const STEP: usize = 160;

/// How far loudness must fall between two syllables, in decibels.
const DIP: f32 = 2.5;

/// Share of the loudest at which speech is told from the pauses in it: -26 dB of energy.
const PAUSE: f32 = 0.0025;

/// Measures of one voice.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct VoicePrint {
    pub(super) pitch: PitchStatistics,
    pub(super) spectrum: LongTermSpectrum,
    /// Syllables in a second of speech, pauses left out.
    pub(super) syllables: f32,
}

impl VoicePrint {
    /// Measures a sound; `None` when no voice is heard in it.
    pub(super) fn of(sound: &Sound) -> Option<VoicePrint> {
        let pitch = pitch::measure(sound)?;
        let sound = at_rate(sound);
        let spectrum = LongTermSpectrum::of(&sound)?;
        Some(VoicePrint { pitch, spectrum, syllables: syllables_per_second(&sound)? })
    }
}

fn at_rate(sound: &Sound) -> Sound {
    if sound.sample_rate == SAMPLE_RATE {
        return sound.clone();
    }
    let whole: Vec<i16> = sound.samples.iter().map(|sample| (sample * 32_767.0) as i16).collect();
    let ratio = f64::from(sound.sample_rate) / f64::from(SAMPLE_RATE);
    let samples = Resampler::new(ratio).run(&whole);
    let samples = samples.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
    Sound { sample_rate: SAMPLE_RATE, samples }
}

/// Counts the peaks of loudness.
fn syllables_per_second(sound: &Sound) -> Option<f32> {
    let energy: Vec<f32> =
        sound.samples.chunks(STEP).map(|chunk| chunk.iter().map(|x| x * x).sum()).collect();
    // Seven steps: longer than a period of the voice, shorter than a syllable.
    let smooth: Vec<f32> = energy.windows(7).map(|near| near.iter().sum::<f32>() / 7.0).collect();
    let loudest = smooth.iter().copied().fold(0.0, f32::max);
    let speaking = smooth.iter().filter(|energy| **energy > loudest * PAUSE).count();
    if loudest <= 0.0 || speaking < 20 {
        return None;
    }
    let (mut peaks, mut high, mut low) = (0u32, 0.0f32, f32::MAX);
    let factor = libm::exp10f(DIP / 10.0);
    for energy in smooth.into_iter().map(|energy| energy.max(loudest * PAUSE)) {
        if energy > low * factor && high == 0.0 {
            high = energy;
            peaks += 1;
        }
        high = if high > 0.0 { high.max(energy) } else { 0.0 };
        if high > energy * factor {
            (high, low) = (0.0, energy);
        }
        low = low.min(energy);
    }
    Some(peaks as f32 / (speaking * STEP) as f32 * SAMPLE_RATE as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A buzz whose loudness rises and falls.
    fn babble(rate: u32, syllables: f32) -> Sound {
        let samples = (0..rate * 3)
            .map(|index| {
                let time = index as f32 / rate as f32;
                let wave = |hertz: f32| libm::sinf(time * hertz * std::f32::consts::TAU);
                let swell = 0.5 - 0.3 * libm::cosf(time * syllables * std::f32::consts::TAU);
                swell * swell * (wave(140.0) + 0.5 * wave(280.0) + 0.2 * wave(1_400.0)) * 0.4
            })
            .collect();
        Sound { sample_rate: rate, samples }
    }

    #[test]
    fn syllables_are_counted_at_any_rate() {
        for rate in [8_000, 16_000, 44_100] {
            let slow = VoicePrint::of(&babble(rate, 3.0)).unwrap();
            let fast = VoicePrint::of(&babble(rate, 6.0)).unwrap();
            let ratio = fast.syllables / slow.syllables;
            assert!((1.7..2.3).contains(&ratio), "{} and {}", slow.syllables, fast.syllables);
            assert!((slow.pitch.median / 140.0 - 1.0).abs() < 0.05);
        }
    }

    #[test]
    fn silence_is_nobody() {
        let silence = Sound { sample_rate: 16_000, samples: vec![0.0; 32_000] };
        assert_eq!(VoicePrint::of(&silence), None);
    }
}
