//! The pitch of a voice, measured by autocorrelation.

use crate::engine::wav::Sound;

/// Range of human speech, in hertz.
const LOWEST: f32 = 60.0;
const HIGHEST: f32 = 400.0;

/// Rate that is enough to measure pitch, in samples per second; more is averaged down.
const ENOUGH: u32 = 8_000;

/// Seconds that one measurement compares, and from one measurement to the next.
const WINDOW: f32 = 0.03;
const HOP: f32 = 0.02;

/// Likeness of neighbouring periods from which a sound counts as voiced.
const VOICED: f32 = 0.6;

/// Least measurements that make a statistic.
const LEAST: usize = 5;

/// How high a voice speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PitchStatistics {
    /// Median in hertz.
    pub(super) median: f32,
    /// Standard deviation in hertz, from the 10th and 90th percentile.
    pub(super) deviation: f32,
}

/// Measures a sound; `None` when hardly anything in it is voiced.
pub(super) fn measure(sound: &Sound) -> Option<PitchStatistics> {
    let factor = (sound.sample_rate / ENOUGH).max(1);
    let rate = (sound.sample_rate / factor) as f32;
    let samples: Vec<f32> = sound
        .samples
        .chunks(factor as usize)
        .map(|chunk| chunk.iter().sum::<f32>() / chunk.len() as f32)
        .collect();

    let window = (rate * WINDOW) as usize;
    let longest = (rate / LOWEST) as usize;
    let hop = ((rate * HOP) as usize).max(1);
    let loudest = energy(&samples) / samples.len().max(1) as f32;
    let mut pitches: Vec<f32> = samples
        .windows(window + longest)
        .step_by(hop)
        // Much quieter than the whole: breath, room, the space between words.
        .filter(|span| energy(span) / span.len() as f32 > loudest * 0.1)
        .filter_map(|span| pitch_of(span, window, rate))
        .collect();
    if pitches.len() < LEAST {
        return None;
    }
    pitches.sort_by(f32::total_cmp);
    let percentile = |share: f32| {
        let index = (share * (pitches.len() - 1) as f32) as usize;
        pitches.get(index).copied()
    };
    // Of a normal distribution, 80 % lie within 2.56 standard deviations.
    let deviation = (percentile(0.9)? - percentile(0.1)?) / 2.56;
    Some(PitchStatistics { median: percentile(0.5)?, deviation })
}

/// The pitch at the start of `span`, when the sound repeats itself there.
fn pitch_of(span: &[f32], window: usize, rate: f32) -> Option<f32> {
    let (head, _) = span.split_at_checked(window)?;
    let head_energy = energy(head);
    let shortest = (rate / HIGHEST) as usize;
    let likeness: Vec<f32> = span
        .windows(window)
        .skip(shortest)
        .map(|shifted| {
            let product: f32 = head.iter().zip(shifted).map(|(a, b)| a * b).sum();
            product / (head_energy * energy(shifted)).sqrt().max(f32::MIN_POSITIVE)
        })
        .collect();
    let best = likeness.iter().copied().fold(0.0, f32::max);
    if best < VOICED {
        return None;
    }
    // Two periods are as alike as one: the first peak that comes near the best is the pitch.
    let lag = likeness.windows(3).position(|three| match three {
        [before, peak, after] => *peak > 0.9 * best && peak >= before && peak >= after,
        _ => false,
    })?;
    Some(rate / (shortest + lag + 1) as f32)
}

fn energy(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, pitch: f32) -> Sound {
        // A buzz with falling harmonics, as a larynx makes it.
        let samples = (0..rate)
            .map(|index| {
                let phase = index as f32 * pitch / rate as f32 * std::f32::consts::TAU;
                (1..6).map(|k| libm::sinf(phase * k as f32) / k as f32).sum::<f32>() * 0.3
            })
            .collect();
        Sound { sample_rate: rate, samples }
    }

    #[test]
    fn the_pitch_of_a_buzz_is_found_at_any_rate() {
        for rate in [8_000, 16_000, 44_100, 48_000] {
            for pitch in [80.0, 120.0, 220.0, 330.0] {
                let measured = measure(&tone(rate, pitch)).unwrap().median;
                assert!((measured / pitch - 1.0).abs() < 0.04, "{pitch} at {rate}: {measured}");
            }
        }
    }

    #[test]
    fn noise_and_silence_have_no_pitch() {
        let mut state = 1u32;
        let noise = (0..16_000)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 8_388_608.0 - 1.0
            })
            .collect();
        assert_eq!(measure(&Sound { sample_rate: 16_000, samples: noise }), None);
        assert_eq!(measure(&Sound { sample_rate: 16_000, samples: vec![0.0; 16_000] }), None);
        assert_eq!(measure(&Sound { sample_rate: 16_000, samples: Vec::new() }), None);
    }
}
