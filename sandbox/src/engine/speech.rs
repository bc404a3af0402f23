//! Speech: an English text read aloud by a diphone synthesiser, as 16 kHz waveform audio.

mod pitch;
mod text;
mod voice;

use std::sync::Arc;

use flite_rs::language::Language;
use flite_rs::text::Token;
use flite_rs::{VoiceParams, pipeline};

use super::Progress;
use super::job::{RenderError, Rendered, RenderedOutput, Size, SpeechFormat, SpeechJob};
use super::resample::Resampler;
use super::sniff::FileKind;
use super::wav::{self, WavWriter};
use text::Speakable;
use voice::Voice;

/// Most words that are analysed together: the analysis takes time that grows with the square of
/// their number, and nobody speaks longer on one breath.
const BREATH: usize = 40;

/// Words after which a comma is reason enough to breathe.
const SHORT_BREATH: usize = 25;

/// How much of a sample is listened to, in seconds.
const SAMPLE_SECONDS: u32 = 30;

/// Reads a text aloud.
///
/// # Errors
///
/// [`RenderError::Unsupported`] for languages other than English and formats other than WAV;
/// [`RenderError::Invalid`] for a text without a sound in it and for a sample that is not WAV or
/// holds no voice; [`RenderError::Cancelled`].
pub(super) fn render(
    job: &SpeechJob,
    on_progress: &mut dyn FnMut(Progress),
    cancel: &dyn Fn() -> bool,
) -> Result<Rendered, RenderError> {
    check_format(job.format)?;
    check_language(&job.language)?;
    let (voice, mut notes) = cast(job)?;
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
    let speaker = Speaker::new(&voice, job.speed)?;
    let mut file = WavWriter::new(speaker.sample_rate());
    let mut spoken = 0;
    for breath in breaths(&text.text) {
        if cancel() {
            return Err(RenderError::Cancelled);
        }
        file.extend(&speaker.say(&breath));
        spoken += breath.iter().map(written_length).sum::<usize>();
        on_progress(Progress {
            fraction: (spoken as f32 / text.text.len() as f32).min(1.0),
            stage: "speaking",
            preview: None,
        });
    }
    finished(file, notes)
}

fn finished(file: WavWriter, notes: Vec<String>) -> Result<Rendered, RenderError> {
    let duration = file.duration();
    let bytes =
        file.finish().ok_or_else(|| RenderError::Internal("the speech outgrew WAV".into()))?;
    let output = RenderedOutput {
        role: "voice",
        bytes,
        mime_type: "audio/wav",
        extension: "wav",
        width: None,
        height: None,
        duration: Some(duration),
        seed: 0,
    };
    let rendered = Size { duration: Some(duration), ..Size::default() };
    // The length of a speech is nobody's wish but follows from the text.
    Ok(Rendered { outputs: vec![output], requested: Size::default(), rendered, notes })
}

fn check_format(format: SpeechFormat) -> Result<(), RenderError> {
    let name = match format {
        SpeechFormat::Wav => return Ok(()),
        SpeechFormat::Mp3 => "mp3",
        SpeechFormat::Ogg => "ogg",
        SpeechFormat::Flac => "flac",
        SpeechFormat::Aac => "aac",
        SpeechFormat::M4a => "m4a",
    };
    Err(RenderError::Unsupported(format!(
        "the sandbox has no {name} encoder; ask for format \"wav\", or convert the file afterwards"
    )))
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

/// The voice for a job, and what the user must know about it.
fn cast(job: &SpeechJob) -> Result<(Voice, Vec<String>), RenderError> {
    let (voice, choice) = match &job.sample {
        Some(sample) => imitated(sample)?,
        None => Voice::named(&job.voice),
    };
    let (voice, mood) = match &job.emotion {
        Some(emotion) => voice.in_mood(emotion),
        None => (voice, None),
    };
    let notes = choice.into_iter().chain(mood).collect();
    Ok((voice.transposed(job.pitch as f32), notes))
}

fn imitated(sample: &[u8]) -> Result<(Voice, Option<String>), RenderError> {
    let kind = FileKind::of(sample);
    if kind != FileKind::Wav {
        return Err(RenderError::Invalid(format!(
            "audio_input cannot be used: it seems to be {}; give WAV sound",
            kind.describe()
        )));
    }
    let sound = wav::read(sample, SAMPLE_SECONDS).ok_or_else(|| {
        RenderError::Invalid(
            "audio_input cannot be used: the WAV file is damaged or compressed; give linear \
             samples of 8 to 32 bits"
                .into(),
        )
    })?;
    let heard = pitch::measure(&sound).ok_or_else(|| {
        RenderError::Invalid("audio_input cannot be used: no voice is heard in it".into())
    })?;
    let note = format!(
        "The sandbox cannot clone a voice. It measured the sample's pitch, {} Hz, and gave it to \
         its own speaker: an approximation.",
        libm::roundf(heard.median)
    );
    Ok((Voice::like(&heard), Some(note)))
}

/// The tokens of a text, as much at a time as is said on one breath: a sentence or a part of one.
fn breaths(text: &str) -> impl Iterator<Item = Vec<Token>> {
    flite_rs::text::sentences(text).flat_map(|sentence| {
        let mut parts = Vec::new();
        let mut part = Vec::new();
        for token in sentence {
            let pause = token.punctuation.contains([',', ';', ':', '.', ')']);
            part.push(token);
            if part.len() >= BREATH || (pause && part.len() >= SHORT_BREATH) {
                parts.push(std::mem::take(&mut part));
            }
        }
        if !part.is_empty() {
            parts.push(part);
        }
        parts
    })
}

fn written_length(token: &Token) -> usize {
    [&token.whitespace, &token.prepunctuation, &token.name, &token.punctuation]
        .iter()
        .map(|part| part.len())
        .sum()
}

/// The recorded speaker with the settings of one voice.
struct Speaker {
    recordings: flite_rs::Voice,
    language: Arc<Language>,
    settings: VoiceParams,
    resampler: Option<Resampler>,
}

impl Speaker {
    /// `speed` is relative to the voice's own.
    fn new(voice: &Voice, speed: f64) -> Result<Self, RenderError> {
        let damaged = |error| RenderError::Internal(format!("the voice data is damaged: {error}"));
        let recordings = flite_rs::Voice::parse(flite_rs::KAL16_VOICE_DATA).map_err(damaged)?;
        let language = flite_rs::Engine::try_new().map_err(damaged)?.language();
        let recorded = recordings.params();
        // The vocal tract is changed by resampling, which changes pitch and speed as well: both
        // are given the opposite change before.
        let settings = VoiceParams {
            int_f0_target_mean: voice.pitch / voice.formants,
            int_f0_target_stddev: voice.liveliness / voice.formants,
            duration_stretch: recorded.duration_stretch * voice.formants
                / (voice.tempo * speed as f32),
            ..recorded
        };
        let resampler = (voice.formants != 1.0).then(|| Resampler::new(f64::from(voice.formants)));
        Ok(Speaker { recordings, language, settings, resampler })
    }

    fn sample_rate(&self) -> u32 {
        self.recordings.sample_rate
    }

    fn say(&self, tokens: &[Token]) -> Vec<i16> {
        let utterance = pipeline::analyse(&self.language, tokens, &self.settings);
        let audio = flite_rs::voice::synthesise(&self.recordings, &utterance, &self.settings);
        match &self.resampler {
            Some(resampler) => resampler.run(&audio.samples),
            None => audio.samples,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fingerprint::fingerprint;

    const TEXT: &str = "The birch canoe slid on the smooth planks.";

    fn job() -> SpeechJob {
        SpeechJob {
            text: TEXT.into(),
            voice: "kal".into(),
            language: "en".into(),
            speed: 1.0,
            pitch: 0.0,
            emotion: None,
            format: SpeechFormat::Wav,
            sample: None,
        }
    }

    fn speech(job: &SpeechJob) -> Rendered {
        render(job, &mut |_| {}, &|| false).unwrap()
    }

    fn seconds(job: &SpeechJob) -> f64 {
        speech(job).rendered.duration.unwrap()
    }

    fn hertz(job: &SpeechJob) -> f32 {
        let sound = wav::read(&speech(job).outputs[0].bytes, 60).unwrap();
        pitch::measure(&sound).unwrap().median
    }

    fn refusal(job: &SpeechJob) -> RenderError {
        render(job, &mut |_| {}, &|| false).unwrap_err()
    }

    #[test]
    fn speech_is_the_same_on_every_machine() {
        assert_eq!(fingerprint(&speech(&job()).outputs[0].bytes), 0x7dd2_b45d_fd43_dc37);
        let alto = SpeechJob { voice: "alto".into(), speed: 1.2, pitch: 3.0, ..job() };
        assert_eq!(fingerprint(&speech(&alto).outputs[0].bytes), 0x3032_66ba_cc94_768c);
    }

    #[test]
    fn length_follows_speed() {
        let plain = seconds(&job());
        assert!((2.0..4.0).contains(&plain), "{plain}");
        for speed in [0.5, 0.8, 1.5, 2.0] {
            let changed = seconds(&SpeechJob { speed, ..job() });
            assert!((changed * speed / plain - 1.0).abs() < 0.03, "{changed} s at {speed}");
        }
    }

    #[test]
    fn pitch_follows_semitones_and_length_does_not() {
        let plain = hertz(&job());
        for semitones in [-4.0, 6.0, 12.0] {
            let changed = SpeechJob { pitch: semitones, ..job() };
            let expected = plain * libm::exp2f(semitones as f32 / 12.0);
            let heard = hertz(&changed);
            assert!((heard / expected - 1.0).abs() < 0.08, "{heard} Hz, not {expected}");
            assert!((seconds(&changed) / seconds(&job()) - 1.0).abs() < 0.03);
        }
    }

    #[test]
    fn the_voices_differ() {
        let mut files: Vec<Vec<u8>> = Vec::new();
        for voice in &voice::VOICES {
            let request = SpeechJob { voice: voice.name.into(), ..job() };
            let heard = hertz(&request);
            assert!((heard / voice.pitch - 1.0).abs() < 0.12, "{} {heard} Hz", voice.name);
            files.push(speech(&request).outputs.remove(0).bytes);
        }
        files.sort();
        files.dedup();
        assert_eq!(files.len(), voice::VOICES.len());
    }

    #[test]
    fn a_sample_gives_its_pitch_and_a_note() {
        let sample = speech(&SpeechJob { voice: "alto".into(), ..job() }).outputs.remove(0).bytes;
        let request = SpeechJob { sample: Some(sample), text: "Another text.".into(), ..job() };
        let heard = hertz(&request);
        assert!((165.0..195.0).contains(&heard), "{heard}");
        assert!(speech(&request).notes[0].contains("approximation"));
    }

    #[test]
    fn a_sample_that_holds_no_voice_is_refused_by_name() {
        for (sample, part) in [
            (b"ID3\x04".to_vec(), "MP3"),
            (b"RIFF\0\0\0\0WAVE".to_vec(), "damaged"),
            (WavWriter::new(8_000).finish().unwrap(), "no voice"),
        ] {
            let refusal = refusal(&SpeechJob { sample: Some(sample), ..job() });
            let RenderError::Invalid(message) = refusal else { panic!("{refusal:?}") };
            assert!(message.contains("audio_input") && message.contains(part), "{message}");
        }
    }

    #[test]
    fn english_is_spoken_in_every_region_and_nothing_else_is() {
        for language in ["en", "en-US", "EN_gb"] {
            speech(&SpeechJob { language: language.into(), ..job() });
        }
        for language in ["de", "fr-CA", "enx", ""] {
            let refusal = refusal(&SpeechJob { language: language.into(), ..job() });
            assert!(matches!(refusal, RenderError::Unsupported(_)), "{language}: {refusal:?}");
        }
    }

    #[test]
    fn formats_that_do_not_exist_here_are_not_faked() {
        for format in [SpeechFormat::Mp3, SpeechFormat::Ogg, SpeechFormat::Flac] {
            let RenderError::Unsupported(reason) = refusal(&SpeechJob { format, ..job() }) else {
                panic!("{format:?}")
            };
            assert!(reason.contains("wav"), "{reason}");
        }
    }

    #[test]
    fn a_text_without_sound_is_refused_and_a_partly_silent_one_reported() {
        for text in ["🙂🙂", "…!?", "日本語"] {
            let refusal = refusal(&SpeechJob { text: text.into(), ..job() });
            assert!(matches!(refusal, RenderError::Invalid(_)), "{text}: {refusal:?}");
        }
        let notes = speech(&SpeechJob { text: "Well done 🙂".into(), ..job() }).notes;
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn a_price_does_not_end_a_sentence() {
        let parts: Vec<usize> = breaths("It costs $19.99 per day. Dr. Smith pays 3.5 percent.")
            .map(|b| b.len())
            .collect();
        assert_eq!(parts, [5, 5]);
    }

    #[test]
    fn long_sentences_are_said_in_breaths_and_nothing_is_lost() {
        let text = "one two three, ".repeat(400);
        let parts: Vec<Vec<Token>> = breaths(&text).collect();
        assert!(parts.iter().all(|part| part.len() <= BREATH));
        assert_eq!(parts.iter().map(Vec::len).sum::<usize>(), 1200);
    }

    #[test]
    fn cancelling_ends_a_long_speech_between_breaths() {
        let calls = std::cell::Cell::new(0);
        let request = SpeechJob { text: format!("{TEXT} ").repeat(200), ..job() };
        let mut on_progress = |_| calls.set(calls.get() + 1);
        let outcome = render(&request, &mut on_progress, &|| calls.get() >= 4);
        assert_eq!(outcome, Err(RenderError::Cancelled));
        assert_eq!(calls.get(), 4);
    }

    #[test]
    fn progress_rises_to_one() {
        let mut seen = Vec::new();
        let request = SpeechJob { text: format!("{TEXT} ").repeat(5), ..job() };
        render(&request, &mut |progress| seen.push(progress.fraction), &|| false).unwrap();
        assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
        assert!(seen.last().is_some_and(|&last| last > 0.99), "{seen:?}");
    }
}
