//! Whispering: the vocal tract as it was, breath in place of the voice.

/// Coefficients of the vocal tract's filter: two for each kilohertz and a little for the lips.
const ORDER: usize = 18;

/// Samples that are described by one filter, and from one filter to the next.
const WINDOW: usize = 400;
const HOP: usize = 160;

/// Gives a stretch of 16 kHz sound noise in place of its own excitation.
pub(super) fn whispered(samples: &[f32]) -> Vec<f32> {
    let mut output = Vec::with_capacity(samples.len() + HOP);
    let mut past = [0.0f32; ORDER];
    let mut noise = Noise(0x9e37_79b9);
    let mut start = 0;
    while start < samples.len() {
        let window: Vec<f32> = (0..WINDOW)
            .map(|index| {
                let angle = (index as f32 + 0.5) * std::f32::consts::TAU / WINDOW as f32;
                let sample = samples.get(start + index).copied().unwrap_or(0.0);
                sample * (0.5 - 0.5 * libm::cosf(angle))
            })
            .collect();
        let tract = Tract::of(&window);
        for _ in start..samples.len().min(start + HOP) {
            let voice: f32 = tract.weights.iter().zip(&past).map(|(a, b)| a * b).sum();
            let sample = (tract.breath * noise.next() + voice).clamp(-1.0, 1.0);
            past.rotate_right(1);
            if let Some(newest) = past.first_mut() {
                *newest = sample;
            }
            output.push(sample);
        }
        start += HOP;
    }
    output
}

/// A filter that predicts each sample from those before it.
struct Tract {
    weights: [f32; ORDER],
    /// Amplitude of the excitation that gives the sound its loudness.
    breath: f32,
}

impl Tract {
    /// By the recursion of Levinson and Durbin on the sound's autocorrelation.
    fn of(window: &[f32]) -> Tract {
        let correlation = |lag: usize| -> f32 {
            window.iter().zip(window.get(lag..).unwrap_or_default()).map(|(a, b)| a * b).sum()
        };
        // A floor of noise keeps the filter stable where the sound has nothing.
        let energy = correlation(0) * 1.0001 + 1e-9;
        let mut weights = [0.0f32; ORDER];
        let mut error = energy;
        for order in 0..ORDER {
            let known: f32 = weights
                .iter()
                .take(order)
                .enumerate()
                .map(|(index, weight)| weight * correlation(order - index))
                .sum();
            let reflection = ((correlation(order + 1) - known) / error).clamp(-0.999, 0.999);
            let previous = weights;
            let mirrored = previous.iter().take(order).rev();
            for (weight, mirror) in weights.iter_mut().zip(mirrored) {
                *weight -= reflection * mirror;
            }
            if let Some(weight) = weights.get_mut(order) {
                *weight = reflection;
            }
            error *= 1.0 - reflection * reflection;
        }
        // The window's own energy is three eighths of a full one; uniform noise has a third.
        let breath = (error / (0.375 * WINDOW as f32) * 3.0).sqrt();
        Tract { weights, breath }
    }
}

/// Linear congruences: the same breath for the same text.
struct Noise(u32);

impl Noise {
    /// -1 to 1.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / 8_388_608.0 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::speech::pitch;
    use crate::engine::wav::Sound;

    #[test]
    fn a_buzz_loses_its_pitch_and_keeps_its_loudness() {
        let buzz: Vec<f32> = (0..16_000).map(|n| if n % 120 < 6 { 0.6 } else { -0.02 }).collect();
        let sound = |samples: &[f32]| Sound { sample_rate: 16_000, samples: samples.to_vec() };
        assert!(pitch::measure(&sound(&buzz)).is_some());
        let breath = whispered(&buzz);
        assert_eq!(breath.len(), buzz.len());
        assert_eq!(pitch::measure(&sound(&breath)), None);
        let energy = |sound: &[f32]| sound.iter().map(|x| x * x).sum::<f32>();
        let ratio = energy(&breath) / energy(&buzz);
        assert!((0.4..2.5).contains(&ratio), "{ratio}");
    }

    #[test]
    fn silence_stays_silent() {
        let loudest = whispered(&[0.0; 2_000]).iter().fold(0.0f32, |a, b| a.max(b.abs()));
        assert!(loudest < 1e-4, "{loudest}");
    }
}
