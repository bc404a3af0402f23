//! The network of the port with the settings of one job.

use std::sync::Arc;

use flite_rs::language::Language;

use super::breath::Breath;
use super::finish::{self, Finish};
use super::phones;
use super::speaker::{LEAD, language};
use super::voice::Voice;
use crate::engine::job::RenderError;
use crate::engine::neural_voice::{Delivery, NeuralVoice, SAMPLE_RATE};
use crate::engine::ogg;
use crate::engine::resample::Resampler;

/// What every result says.
pub(super) const NOTE: &str = "This voice is a neural network: from one machine to the next its \
                               sound is alike, but not the same to the bit.";

pub(super) struct NeuralSpeaker {
    network: Arc<dyn NeuralVoice>,
    language: Arc<Language>,
    delivery: Delivery,
    resampler: Resampler,
    finish: Finish,
}

impl NeuralSpeaker {
    /// `manner` is [`Voice::PLAIN`] as the job changes it, and `speed` is relative to it.
    pub(super) fn new(
        network: Arc<dyn NeuralVoice>,
        manner: &Voice,
        speed: f64,
    ) -> Result<Self, RenderError> {
        let pitch = manner.pitch / Voice::PLAIN.pitch;
        let delivery = Delivery {
            speed: manner.tempo * speed as f32,
            pitch,
            liveliness: manner.liveliness / Voice::PLAIN.liveliness / pitch,
        };
        Ok(NeuralSpeaker {
            network,
            language: language()?,
            delivery,
            resampler: Resampler::new(f64::from(SAMPLE_RATE) / f64::from(ogg::SAMPLE_RATE)),
            finish: Finish::of(manner),
        })
    }

    /// The silence before everything.
    pub(super) fn lead(&self) -> Vec<i16> {
        self.silence(LEAD)
    }

    /// The pause before a breath and the breath.
    pub(super) fn say(&self, breath: &Breath) -> Result<Vec<i16>, RenderError> {
        let phones = phones::written(&self.language, breath);
        let wave = self.network.say(&phones, &self.delivery)?;
        let full: Vec<i16> =
            wave.iter().map(|&sample| (finish::limited(sample) * 32_767.0) as i16).collect();
        let mut said = self.silence(breath.pause);
        said.extend(self.finish.run(self.resampler.run(&full)));
        Ok(said)
    }

    fn silence(&self, seconds: f32) -> Vec<i16> {
        vec![0; (seconds / self.delivery.speed * ogg::SAMPLE_RATE as f32) as usize]
    }
}
