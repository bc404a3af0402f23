//! The sound of a film: speech or other sound that was given, from the film's start to its end.

use crate::engine::job::RenderError;
use crate::engine::ogg::{self, SAMPLE_RATE};
use crate::engine::resample::Resampler;
use crate::engine::sniff::FileKind;
use crate::engine::wav::{self, Sound};

/// How long a sound that outlasts its film takes to fall silent, in seconds.
const FADE: f64 = 0.25;

/// Sound of one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SoundTrack {
    /// Samples per second.
    pub(super) sample_rate: u32,
    pub(super) samples: Vec<i16>,
}

pub(crate) use crate::engine::ogg::OpusPackets;

impl SoundTrack {
    /// Reads a file and fits it to a film of `seconds`.
    ///
    /// # Errors
    ///
    /// [`RenderError::Invalid`] for a file that is no WAV or Opus sound, or a damaged one.
    pub(crate) fn read(bytes: &[u8], seconds: f64) -> Result<SoundTrack, RenderError> {
        // A second more than is heard shows whether the sound is cut.
        let most = libm::ceil(seconds) as u32 + 1;
        let unusable =
            |reason: &str| RenderError::Invalid(format!("audio_input cannot be used: {reason}"));
        let sound = match FileKind::of(bytes) {
            FileKind::Wav => wav::read(bytes, most),
            FileKind::Ogg => ogg::read(bytes, most),
            kind => {
                let reason = format!("it seems to be {}; give WAV or Ogg sound", kind.describe());
                return Err(unusable(&reason));
            }
        };
        let sound = sound.ok_or_else(|| unusable("the file is damaged or of an unusual kind"))?;
        Ok(SoundTrack { sample_rate: SAMPLE_RATE, samples: fitted(&sound, seconds) })
    }

    /// The same sound compressed, for the containers that hold it so.
    pub(crate) fn compressed(&self) -> Result<OpusPackets, RenderError> {
        OpusPackets::encode(&self.samples)
            .map_err(|error| RenderError::Internal(format!("the sound: {error}")))
    }
}

/// At the codec's rate, cut where the film ends.
fn fitted(sound: &Sound, seconds: f64) -> Vec<i16> {
    let whole: Vec<i16> =
        sound.samples.iter().map(|sample| libm::roundf(sample * 32_767.0) as i16).collect();
    let mut samples = if sound.sample_rate == SAMPLE_RATE {
        whole
    } else {
        Resampler::new(f64::from(sound.sample_rate) / f64::from(SAMPLE_RATE)).run(&whole)
    };
    let most = (seconds * f64::from(SAMPLE_RATE)) as usize;
    if samples.len() > most {
        samples.truncate(most);
        let fade = ((FADE * f64::from(SAMPLE_RATE)) as usize).min(most);
        for (place, sample) in samples.iter_mut().rev().take(fade).enumerate() {
            *sample = (i64::from(*sample) * place as i64 / fade as i64) as i16;
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::wav::WavWriter;

    fn wav(sample_rate: u32, seconds: f64) -> Vec<u8> {
        let mut file = WavWriter::new(sample_rate);
        let count = (seconds * f64::from(sample_rate)) as usize;
        file.extend(
            &(0..count).map(|at| if at / 20 % 2 == 0 { 8_000 } else { -8_000 }).collect::<Vec<_>>(),
        );
        file.finish().unwrap()
    }

    #[test]
    fn a_sound_is_heard_until_the_film_ends() {
        let short = SoundTrack::read(&wav(16_000, 0.5), 2.0).unwrap();
        assert_eq!(short.samples.len(), 8_000);
        let long = SoundTrack::read(&wav(16_000, 3.0), 2.0).unwrap();
        assert_eq!(long.samples.len(), 32_000);
        assert_eq!(long.samples.last(), Some(&0));
        let opus = long.compressed().unwrap();
        assert_eq!(opus.ticks, 96_000 + u32::from(opus.pre_skip));
    }

    #[test]
    fn other_rates_keep_their_length() {
        for rate in [8_000, 22_050, 44_100, 48_000] {
            let sound = SoundTrack::read(&wav(rate, 1.0), 5.0).unwrap();
            assert!(sound.samples.len().abs_diff(16_000) <= 2, "{rate}: {}", sound.samples.len());
        }
    }

    #[test]
    fn what_is_no_sound_is_refused_by_name() {
        for bytes in [&b"RIFF\0\0\0\0WAVE"[..], b"\x89PNG\r\n\x1a\n", b"OggS\0"] {
            let outcome = SoundTrack::read(bytes, 1.0);
            let Err(RenderError::Invalid(message)) = outcome else { panic!("{outcome:?}") };
            assert!(message.contains("audio_input"), "{message}");
        }
    }
}
