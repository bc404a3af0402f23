//! Playing sound faster or slower, which moves pitch and formants alike.

/// Zero crossings of the sinc on each side: beyond 16 the voice gains nothing audible.
const REACH: f64 = 16.0;

/// Positions between two samples for which the filter is worked out.
const PHASES: usize = 256;

/// A band-limited change of speed by a fixed ratio.
pub(crate) struct Resampler {
    ratio: f64,
    /// For each phase the weights of the neighbouring samples.
    phases: Vec<Vec<f32>>,
    /// How many of the weights lie before the position.
    before: usize,
}

impl Resampler {
    /// `ratio` source samples become one; above 1 the sound gets shorter and higher.
    pub(crate) fn new(ratio: f64) -> Self {
        // When the sound gets higher, what would pass the highest frequency is filtered out.
        let cutoff = (1.0 / ratio).min(1.0);
        let reach = REACH / cutoff;
        let before = libm::ceil(reach) as usize;
        let phases = (0..PHASES)
            .map(|phase| {
                let offset = phase as f64 / PHASES as f64;
                let raw: Vec<f64> = (0..2 * before)
                    .map(|tap| kernel(tap as f64 + 1.0 - before as f64 - offset, cutoff, reach))
                    .collect();
                let total: f64 = raw.iter().sum();
                raw.iter().map(|weight| (weight / total) as f32).collect()
            })
            .collect();
        Resampler { ratio, phases, before }
    }

    /// Resamples one stretch of sound that begins and ends in silence.
    pub(crate) fn run(&self, samples: &[i16]) -> Vec<i16> {
        let silence = vec![0i16; self.before];
        let padded = [silence.as_slice(), samples, silence.as_slice()].concat();
        let count = (samples.len() as f64 / self.ratio) as usize;
        (0..count)
            .map(|index| {
                let position = index as f64 * self.ratio;
                let whole = position as usize;
                let phase = ((position - whole as f64) * PHASES as f64) as usize;
                let neighbours = padded.get(whole + 1..).unwrap_or_default();
                let weights = self.phases.get(phase).map(Vec::as_slice).unwrap_or_default();
                let sum: f32 = weights
                    .iter()
                    .zip(neighbours)
                    .map(|(weight, &sample)| weight * f32::from(sample))
                    .sum();
                sum.clamp(-32_768.0, 32_767.0) as i16
            })
            .collect()
    }
}

/// A sinc under a Hann window.
fn kernel(distance: f64, cutoff: f64, reach: f64) -> f64 {
    use std::f64::consts::PI;
    if distance.abs() >= reach {
        return 0.0;
    }
    let angle = PI * distance * cutoff;
    let sinc = if angle.abs() < 1e-9 { 1.0 } else { libm::sin(angle) / angle };
    sinc * (0.5 + 0.5 * libm::cos(PI * distance / reach))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(frequency: f64, count: usize) -> Vec<i16> {
        (0..count)
            .map(|n| {
                let angle = n as f64 * frequency / 16_000.0 * std::f64::consts::TAU;
                (libm::sin(angle) * 10_000.0) as i16
            })
            .collect()
    }

    fn crossings(samples: &[i16]) -> usize {
        samples.windows(2).filter(|pair| pair[0] < 0 && pair[1] >= 0).count()
    }

    #[test]
    fn a_tone_gets_higher_and_shorter_by_the_ratio() {
        for ratio in [0.88, 1.0, 1.3] {
            let sound = Resampler::new(ratio).run(&tone(400.0, 16_000));
            assert_eq!(sound.len(), (16_000.0 / ratio) as usize);
            let middle = &sound[1000..9000];
            let frequency = crossings(middle) as f64 * 2.0;
            assert!((frequency - 400.0 * ratio).abs() <= 2.0, "{frequency} for {ratio}");
            let loudest = middle.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
            assert!((9_900..=10_100).contains(&loudest), "{loudest} for {ratio}");
        }
    }

    #[test]
    fn what_would_fold_back_is_filtered_out() {
        let sound = Resampler::new(1.3).run(&tone(7_600.0, 16_000));
        let loudest = sound[1000..9000].iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!(loudest < 500, "{loudest}");
    }
}
