//! What is done to a voice's sound after it was spoken: breath, colour and loudness.

use super::equalizer::{self, Equalizer};
use super::voice::Voice;
use super::whisper;

/// Where samples begin to be pressed together instead of being cut off at full scale.
const KNEE: f32 = 0.7;

pub(super) struct Finish {
    whispers: bool,
    equalizer: Option<Equalizer>,
    gain: f32,
}

impl Finish {
    pub(super) fn of(voice: &Voice) -> Self {
        let curve = equalizer::sloped(&voice.color, voice.slope);
        Finish {
            whispers: voice.whispers,
            equalizer: (curve != equalizer::FLAT).then(|| Equalizer::new(&curve)),
            gain: libm::exp10f(voice.loudness / 20.0),
        }
    }

    pub(super) fn run(&self, spoken: Vec<i16>) -> Vec<i16> {
        if !self.whispers && self.equalizer.is_none() && self.gain == 1.0 {
            return spoken;
        }
        let mut samples: Vec<f32> =
            spoken.iter().map(|&sample| f32::from(sample) / 32_768.0).collect();
        if self.whispers {
            samples = whisper::whispered(&samples);
        }
        if let Some(equalizer) = &self.equalizer {
            samples = equalizer.run(&samples);
        }
        samples.into_iter().map(|sample| (limited(sample * self.gain) * 32_767.0) as i16).collect()
    }
}

/// Loud samples pressed together, so that none is louder than full scale.
pub(super) fn limited(sample: f32) -> f32 {
    let excess = sample.abs() - KNEE;
    if excess <= 0.0 {
        return sample;
    }
    let room = 1.0 - KNEE;
    let pressed = KNEE + room * excess / (room + excess);
    if sample < 0.0 { -pressed } else { pressed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loud_samples_are_pressed_and_keep_their_order() {
        let pressed: Vec<f32> = (-40..=40).map(|n| limited(n as f32 / 10.0)).collect();
        assert!(pressed.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(pressed.iter().all(|sample| sample.abs() < 1.0));
        assert_eq!(limited(0.5), 0.5);
    }
}
