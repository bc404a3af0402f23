//! Speech: an English text read aloud by a diphone synthesiser, at 16 kHz.

mod breath;
mod equalizer;
mod finish;
mod neural_speaker;
mod phones;
mod pitch;
mod speaker;
mod spectrum;
mod text;
mod voice;
mod voice_print;
mod whisper;

use super::Progress;
use super::job::{RenderError, Rendered, RenderedOutput, Size, SpeechFormat, SpeechJob};
use super::neural_voice::{self, Extras};
use super::ogg::{self, OggWriter};
use super::sniff::FileKind;
use super::wav::{self, Sound, WavWriter};
use breath::Breath;
use neural_speaker::NeuralSpeaker;
use speaker::Speaker;
use text::Speakable;
use voice::Voice;
use voice_print::VoicePrint;

/// How much of a sample is listened to, in seconds.
const SAMPLE_SECONDS: u32 = 30;

/// Reads a text aloud.
///
/// # Errors
///
/// [`RenderError::Unsupported`] for languages other than English, formats without an encoder and a
/// neural voice that is not there;
/// [`RenderError::Invalid`] for a text without a sound in it and for a sample that cannot be read
/// or holds no voice; [`RenderError::Cancelled`].
pub(super) fn render(
    job: &SpeechJob,
    extras: &Extras,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    let mut file = SoundFile::new(job.format)?;
    check_language(&job.language)?;
    let (speaks, mut notes) = cast(job, extras)?;
    if job.text.is_empty() && job.sample.is_some() {
        return Err(RenderError::Unsupported(
            "the sandbox takes the pitch of a voice from audio_input, but cannot process the sound \
             itself: give a text to speak as well"
                .into(),
        ));
    }
    let text = Speakable::from_written(&job.text);
    if text.is_silent() {
        return Err(RenderError::Invalid(
            "the text holds nothing that can be spoken in English: give words or numbers".into(),
        ));
    }
    if text.left_out > 0 {
        notes.push(format!(
            "{} characters have no sound in English and were left out.",
            text.left_out
        ));
    }

    on_progress(Progress { fraction: 0.0, stage: "speaking", preview: None });
    file.extend(&speaks.lead())?;
    let mut spoken = 0;
    for breath in Breath::all(&text.text) {
        if cancel() {
            return Err(RenderError::Cancelled);
        }
        file.extend(&speaks.say(&breath)?)?;
        spoken += breath.length();
        on_progress(Progress {
            fraction: (spoken as f32 / text.text.len() as f32).min(1.0),
            stage: "speaking",
            preview: None,
        });
    }
    let rendered = Size { duration: Some(file.duration()), ..Size::default() };
    let output = file.finish()?;
    // The length of a speech is nobody's wish but follows from the text.
    Ok(Rendered { outputs: vec![output], requested: Size::default(), rendered, notes })
}

/// The file that is spoken into.
enum SoundFile {
    Wav(WavWriter),
    Ogg(Box<OggWriter>),
}

impl SoundFile {
    fn new(format: SpeechFormat) -> Result<Self, RenderError> {
        let name = match format {
            SpeechFormat::Wav => return Ok(SoundFile::Wav(WavWriter::new(ogg::SAMPLE_RATE))),
            SpeechFormat::Ogg => {
                return Ok(SoundFile::Ogg(Box::new(OggWriter::new().map_err(encoder_failed)?)));
            }
            SpeechFormat::Mp3 => "mp3",
            SpeechFormat::Flac => "flac",
            SpeechFormat::Aac => "aac",
            SpeechFormat::M4a => "m4a",
        };
        Err(RenderError::Unsupported(format!(
            "the sandbox has no {name} encoder; ask for format \"ogg\" or \"wav\", or convert the \
             file afterwards"
        )))
    }

    fn extend(&mut self, samples: &[i16]) -> Result<(), RenderError> {
        match self {
            SoundFile::Wav(file) => {
                file.extend(samples);
                Ok(())
            }
            SoundFile::Ogg(file) => file.extend(samples).map_err(encoder_failed),
        }
    }

    fn duration(&self) -> f64 {
        match self {
            SoundFile::Wav(file) => file.duration(),
            SoundFile::Ogg(file) => file.duration(),
        }
    }

    fn finish(self) -> Result<RenderedOutput, RenderError> {
        let duration = self.duration();
        let (bytes, mime_type, extension) = match self {
            SoundFile::Wav(file) => {
                let outgrown = || RenderError::Internal("the speech outgrew WAV".into());
                (file.finish().ok_or_else(outgrown)?, "audio/wav", "wav")
            }
            SoundFile::Ogg(file) => (file.finish().map_err(encoder_failed)?, "audio/ogg", "ogg"),
        };
        Ok(RenderedOutput {
            role: "voice",
            bytes,
            mime_type,
            extension,
            width: None,
            height: None,
            duration: Some(duration),
            seed: 0,
        })
    }
}

fn encoder_failed(error: opus_pure::Error) -> RenderError {
    RenderError::Internal(format!("the Opus encoder failed: {error}"))
}

fn check_language(tag: &str) -> Result<(), RenderError> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    if primary.eq_ignore_ascii_case("en") {
        return Ok(());
    }
    Err(RenderError::Unsupported(format!(
        "the sandbox speaks English only, not \"{tag}\"; a voice service can be set as the \
         endpoint for other languages"
    )))
}

/// Who speaks.
enum Speaks {
    Recorded(Box<Speaker>),
    Neural(Box<NeuralSpeaker>),
}

impl Speaks {
    fn lead(&self) -> Vec<i16> {
        match self {
            Speaks::Recorded(speaker) => speaker.lead(),
            Speaks::Neural(speaker) => speaker.lead(),
        }
    }

    fn say(&self, breath: &Breath) -> Result<Vec<i16>, RenderError> {
        match self {
            Speaks::Recorded(speaker) => Ok(speaker.say(breath)),
            Speaks::Neural(speaker) => speaker.say(breath),
        }
    }
}

/// Who speaks a job, and what the user must know about it.
fn cast(job: &SpeechJob, extras: &Extras) -> Result<(Speaks, Vec<String>), RenderError> {
    let network = match neural_voice::is_named(&job.voice) {
        true if job.sample.is_some() => {
            return Err(RenderError::Unsupported(
                "the neural voice imitates nobody: leave out the voice or audio_input".into(),
            ));
        }
        true => Some(extras.neural_voice()?),
        false => None,
    };
    let (voice, choice) = match (&job.sample, &network) {
        (Some(sample), _) => imitated(sample)?,
        (None, Some(_)) => (Voice::PLAIN, Some(neural_speaker::NOTE.to_owned())),
        (None, None) => Voice::named(&job.voice),
    };
    let named = !matches!(job.voice.trim(), "" | "default");
    let unheard = (named && job.sample.is_some()).then(|| {
        "The sample in audio_input decides who speaks; the voice was left out.".to_owned()
    });
    let (voice, mood) = match &job.emotion {
        Some(emotion) => voice.in_mood(emotion),
        None => (voice, None),
    };
    let voice = voice.transposed(job.pitch as f32);
    let speaks = match network {
        Some(network) => Speaks::Neural(Box::new(NeuralSpeaker::new(network, &voice, job.speed)?)),
        None => Speaks::Recorded(Box::new(Speaker::new(&voice, job.speed)?)),
    };
    Ok((speaks, choice.into_iter().chain(unheard).chain(mood).collect()))
}

/// A voice that is like the one in a sample.
fn imitated(sample: &[u8]) -> Result<(Voice, Option<String>), RenderError> {
    let unusable =
        |reason: String| RenderError::Invalid(format!("audio_input cannot be used: {reason}"));
    let heard = VoicePrint::of(&heard(sample).map_err(unusable)?)
        .ok_or_else(|| unusable("no voice is heard in it".into()))?;
    let voice = Voice::at_pitch_of(&heard);
    let own = Speaker::new(&voice, 1.0)?.print();
    let own = own.ok_or_else(|| RenderError::Internal("the speaker cannot be measured".into()))?;
    let voice = voice.towards(&heard, &own);
    let note = format!(
        "The sandbox cannot clone a voice. This is an approximation: its own speaker with the \
         sample's pitch ({} Hz), liveliness, tempo ({} syllables per second), vocal tract and \
         colour as they were measured.",
        libm::roundf(heard.pitch.median),
        libm::roundf(heard.syllables * 10.0) / 10.0,
    );
    Ok((voice, Some(note)))
}

/// The sound of a sample, or why there is none.
fn heard(sample: &[u8]) -> Result<Sound, String> {
    match FileKind::of(sample) {
        FileKind::Wav => wav::read(sample, SAMPLE_SECONDS).ok_or_else(|| {
            "the WAV file is damaged or compressed; give linear samples of 8 to 32 bits".into()
        }),
        FileKind::Ogg => ogg::read(sample, SAMPLE_SECONDS)
            .ok_or_else(|| "the Ogg file is damaged or holds something else than Opus".into()),
        kind => Err(format!("it seems to be {}; give WAV or Ogg sound", kind.describe())),
    }
}

#[cfg(test)]
mod tests;
