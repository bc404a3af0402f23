//! The recorded speaker with the settings of one voice.

use std::fmt;
use std::sync::Arc;

use flite_rs::language::Language;
use flite_rs::{VoiceParams, pipeline};

use super::breath::Breath;
use super::finish::Finish;
use super::voice::Voice;
use super::voice_print::VoicePrint;
use crate::engine::job::RenderError;
use crate::engine::resample::Resampler;
use crate::engine::wav::Sound;

/// What the speaker is measured by: a sentence with most sounds of English.
const MEASURE: &str = "The beige hue on the waters of the loch impressed all, including the French \
                       queen, before she heard that symphony again, just as young Arthur wanted.";

/// Seconds of silence before the first word at normal tempo: players and recognisers need a moment.
pub(super) const LEAD: f32 = 0.2;

pub(super) struct Speaker {
    recordings: flite_rs::Voice,
    language: Arc<Language>,
    settings: VoiceParams,
    resampler: Option<Resampler>,
    finish: Finish,
    /// How long pauses are, compared to those at normal tempo.
    leisure: f32,
}

impl Speaker {
    /// `speed` is relative to the voice's own.
    pub(super) fn new(voice: &Voice, speed: f64) -> Result<Self, RenderError> {
        let recordings = flite_rs::Voice::parse(flite_rs::KAL16_VOICE_DATA).map_err(damaged)?;
        let language = language()?;
        let recorded = recordings.params();
        let leisure = 1.0 / (voice.tempo * speed as f32);
        // The vocal tract is changed by resampling, which changes pitch and speed as well: both
        // are given the opposite change before.
        let settings = VoiceParams {
            int_f0_target_mean: voice.pitch / voice.formants,
            int_f0_target_stddev: voice.liveliness / voice.formants,
            duration_stretch: recorded.duration_stretch * voice.formants * leisure,
            ..recorded
        };
        Ok(Speaker {
            recordings,
            language,
            settings,
            resampler: (voice.formants != 1.0).then(|| Resampler::new(f64::from(voice.formants))),
            finish: Finish::of(voice),
            leisure,
        })
    }

    pub(super) fn sample_rate(&self) -> u32 {
        self.recordings.sample_rate
    }

    /// The silence before everything.
    pub(super) fn lead(&self) -> Vec<i16> {
        vec![0; (LEAD * self.leisure * self.sample_rate() as f32) as usize]
    }

    /// The pause before a breath and the breath.
    pub(super) fn say(&self, breath: &Breath) -> Vec<i16> {
        let utterance = pipeline::analyse(&self.language, &breath.tokens, &self.settings);
        let audio = flite_rs::voice::synthesise(&self.recordings, &utterance, &self.settings);
        let spoken = match &self.resampler {
            Some(resampler) => resampler.run(&audio.samples),
            None => audio.samples,
        };
        let pause = (breath.pause * self.leisure * self.sample_rate() as f32) as usize;
        let mut said = vec![0; pause];
        said.extend(self.finish.run(spoken));
        said
    }

    /// The voice as a listener would measure it.
    pub(super) fn print(&self) -> Option<VoicePrint> {
        let samples = Breath::all(MEASURE)
            .flat_map(|breath| self.say(&breath))
            .map(|sample| f32::from(sample) / 32_768.0)
            .collect();
        VoicePrint::of(&Sound { sample_rate: self.sample_rate(), samples })
    }
}

/// How words are pronounced.
pub(super) fn language() -> Result<Arc<Language>, RenderError> {
    Ok(flite_rs::Engine::try_new().map_err(damaged)?.language())
}

fn damaged(error: impl fmt::Display) -> RenderError {
    RenderError::Internal(format!("the voice data is damaged: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_is_measured_as_it_is_set() {
        let voice = Voice::named("kal").0;
        let print = |tempo| Speaker::new(&Voice { tempo, ..voice.clone() }, 1.0).unwrap().print();
        let (plain, fast) = (print(1.0).unwrap(), print(1.4).unwrap());
        assert!((plain.pitch.median / voice.pitch - 1.0).abs() < 0.1, "{plain:?}");
        assert!((3.0..6.5).contains(&plain.syllables), "{}", plain.syllables);
        let ratio = fast.syllables / plain.syllables;
        assert!((1.2..1.6).contains(&ratio), "{ratio}");
    }
}
