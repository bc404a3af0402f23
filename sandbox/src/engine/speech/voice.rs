//! The voices: one recorded speaker, with other pitch, intonation, vocal tract and colour.

use super::equalizer::{self, Curve};
use super::spectrum::BANDS;
use super::voice_print::VoicePrint;

/// Mean pitch of the recorded speaker as his data states it, in hertz.
const RECORDED_PITCH: f32 = 95.0;

/// How much the vocal tract of a speaker follows the pitch: women speak 1.8 times higher than men
/// on average and have formants 1.17 times higher, and 1.8 to the power 0.27 is 1.17.
const TRACT_PER_PITCH: f32 = 0.27;

/// How a voice sounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Voice {
    /// Its name in requests and notes.
    pub(super) name: &'static str,
    /// Mean pitch in hertz.
    pub(super) pitch: f32,
    /// Standard deviation of the pitch in hertz: how lively it speaks.
    pub(super) liveliness: f32,
    /// Factor on the recorded formants; above 1 for a shorter vocal tract.
    pub(super) formants: f32,
    /// Factor on the recorded speed.
    pub(super) tempo: f32,
    /// Decibels by which each octave is louder than the one below, over the recording.
    pub(super) slope: f32,
    /// Loudness by band in decibels, over the recording.
    pub(super) color: Curve,
    /// Decibels over the recording.
    pub(super) loudness: f32,
    /// Whether there is breath in place of the voice.
    pub(super) whispers: bool,
}

/// Every voice by name; the first is the default.
pub(super) const VOICES: [Voice; 5] = [
    Voice::PLAIN,
    recorded("narrator", 100.0, 14.0, 0.97, 1.0),
    recorded("bass", 80.0, 9.0, 0.95, 1.0),
    recorded("alto", 160.0, 16.0, 1.12, 0.95),
    recorded("treble", 200.0, 20.0, 1.15, 0.92),
];

const fn recorded(
    name: &'static str,
    pitch: f32,
    liveliness: f32,
    formants: f32,
    tempo: f32,
) -> Voice {
    Voice {
        name,
        pitch,
        liveliness,
        formants,
        tempo,
        slope: 0.0,
        color: equalizer::FLAT,
        loudness: 0.0,
        whispers: false,
    }
}

/// Beginnings of words in the names of other services' voices, and the voice here that is nearest
/// to them. The first match counts.
const NEAREST: [(&[&str], &str); 5] = [
    (&["child", "kid", "girl", "boy", "young", "treble", "cartoon"], "treble"),
    (
        &[
            "female", "woman", "women", "lady", "alto", "soprano", "mezzo", "nova", "shimmer",
            "coral", "sage", "rachel", "bella", "sarah", "aria", "jenny", "samantha",
        ],
        "alto",
    ),
    (&["deep", "bass", "baritone", "low", "old", "onyx", "giant"], "bass"),
    (
        &[
            "professional",
            "narrat",
            "news",
            "formal",
            "business",
            "documentary",
            "story",
            "calm",
            "fable",
            "echo",
            "announcer",
        ],
        "narrator",
    ),
    (&["male", "man", "men", "alloy", "ash", "verse", "adam", "neutral"], "kal"),
];

/// How near a vocal tract must come to the one that the pitch lets expect: squared octaves that
/// count as much as one squared decibel of difference in the formants.
const TRACT_TRUST: f32 = 120.0;

/// Most decibels by which a colour may change a band.
const MOST_COLOR: f32 = 9.0;

impl Voice {
    /// The recording as it is.
    pub(super) const PLAIN: Voice = recorded("kal", RECORDED_PITCH, 11.0, 1.0, 1.0);

    /// The voice of this name, or the nearest one with a sentence that says so.
    pub(super) fn named(name: &str) -> (Voice, Option<String>) {
        let lower = name.trim().to_lowercase();
        let [default, ..] = &VOICES;
        if let Some(voice) = VOICES.iter().find(|voice| voice.name == lower) {
            return (voice.clone(), None);
        }
        if lower == "default" {
            let note = format!("The sandbox's default voice is \"{}\".", default.name);
            return (default.clone(), Some(note));
        }
        let nearest = NEAREST
            .iter()
            .find(|(beginnings, _)| has_word(&lower, beginnings))
            .and_then(|(_, nearest)| VOICES.iter().find(|voice| voice.name == *nearest))
            .unwrap_or(default);
        let names: Vec<&str> = VOICES.iter().map(|voice| voice.name).collect();
        let note = format!(
            "The sandbox has no voice \"{}\"; \"{}\" is the nearest of its voices ({}).",
            excerpt(name),
            nearest.name,
            names.join(", ")
        );
        (nearest.clone(), Some(note))
    }

    /// The voice whose vocal tract has the length that goes with the pitch of a sample, with that
    /// pitch. Accent and articulation stay those of the recorded speaker.
    pub(super) fn at_pitch_of(sample: &VoicePrint) -> Voice {
        let [recorded, ..] = VOICES;
        let tract = libm::powf(sample.pitch.median / RECORDED_PITCH, TRACT_PER_PITCH);
        Voice {
            name: "sample",
            pitch: sample.pitch.median,
            liveliness: sample
                .pitch
                .deviation
                .clamp(0.05 * sample.pitch.median, 0.2 * sample.pitch.median),
            formants: tract.clamp(0.85, 1.3),
            ..recorded
        }
    }

    /// This voice with vocal tract, tempo and colour moved towards a sample; `own` is what a
    /// listener measures of this voice.
    pub(super) fn towards(self, sample: &VoicePrint, own: &VoicePrint) -> Voice {
        let heard = sample.spectrum.without_slope();
        let misses = |factor: f32| {
            let moved = own.spectrum.with_formants(factor).without_slope();
            let octaves = libm::log2f(factor);
            moved.distance(&heard) + TRACT_TRUST * octaves * octaves
        };
        let nearest = (-20..=20)
            .map(|step| libm::exp2f(step as f32 / 100.0))
            .min_by(|&a, &b| misses(a).total_cmp(&misses(b)))
            .unwrap_or(1.0);
        let formants = (self.formants * nearest).clamp(0.82, 1.35);
        let expected = own.spectrum.with_formants(formants / self.formants);
        let mut color = [0.0; BANDS];
        for (band, level) in color.iter_mut().enumerate() {
            // Averaged over an octave: finer differences are what was said, not who said it.
            let near = |spectrum: &super::spectrum::LongTermSpectrum| {
                (-3i8..=3).map(|away| spectrum.at(band as f32 + f32::from(away))).sum::<f32>() / 7.0
            };
            *level = (near(&sample.spectrum) - near(&expected)).clamp(-MOST_COLOR, MOST_COLOR);
        }
        let tempo = (self.tempo * sample.syllables / own.syllables).clamp(0.7, 1.4);
        Voice { formants, color, tempo, ..self }
    }

    /// The same voice in another key.
    pub(super) fn transposed(self, semitones: f32) -> Voice {
        let factor = libm::exp2f(semitones / 12.0);
        Voice { pitch: self.pitch * factor, liveliness: self.liveliness * factor, ..self }
    }

    /// The same voice in a mood, and a sentence when the mood is not one it can take.
    pub(super) fn in_mood(self, emotion: &str) -> (Voice, Option<String>) {
        let lower = emotion.trim().to_lowercase();
        let Some(mood) = MOODS.iter().find(|mood| has_word(&lower, mood.words)) else {
            let names: Vec<&str> =
                MOODS.iter().filter_map(|mood| mood.words.first()).copied().collect();
            let note = format!(
                "The sandbox does not know the emotion \"{}\"; it was left out ({} are known).",
                excerpt(emotion),
                names.join(", ")
            );
            return (self, Some(note));
        };
        let moved = self.transposed(mood.semitones);
        let voice = Voice {
            liveliness: moved.liveliness * mood.liveliness,
            tempo: moved.tempo * mood.tempo,
            slope: moved.slope + mood.slope,
            loudness: moved.loudness + mood.loudness,
            whispers: mood.whispers,
            ..moved
        };
        (voice, None)
    }
}

/// How a mood changes a voice: angry and happy people speak higher, livelier, faster and with
/// more in the highs than sad and calm ones, which is what listeners tell them apart by.
struct Mood {
    /// Its name and beginnings of words that mean it.
    words: &'static [&'static str],
    semitones: f32,
    liveliness: f32,
    tempo: f32,
    slope: f32,
    loudness: f32,
    whispers: bool,
}

const NEUTRAL: Mood = Mood {
    words: &["neutral", "none", "normal"],
    semitones: 0.0,
    liveliness: 1.0,
    tempo: 1.0,
    slope: 0.0,
    loudness: 0.0,
    whispers: false,
};

const MOODS: [Mood; 7] = [
    NEUTRAL,
    Mood {
        words: &["excited", "excit", "enthus", "thrill", "surpris"],
        semitones: 5.0,
        liveliness: 2.0,
        tempo: 1.18,
        slope: 1.5,
        loudness: 2.5,
        ..NEUTRAL
    },
    Mood {
        words: &["happy", "joy", "cheer", "friendl", "warm", "amus"],
        semitones: 3.0,
        liveliness: 1.6,
        tempo: 1.07,
        slope: 0.8,
        loudness: 1.0,
        ..NEUTRAL
    },
    Mood {
        words: &[
            "sad",
            "sorrow",
            "melanchol",
            "tired",
            "bored",
            "depress",
            "grie",
            "unhapp",
            "miserable",
            "gloom",
        ],
        semitones: -2.0,
        liveliness: 0.45,
        tempo: 0.84,
        slope: -1.5,
        loudness: -4.0,
        ..NEUTRAL
    },
    Mood {
        words: &["angry", "anger", "furious", "urgent", "annoy", "stern"],
        semitones: 2.5,
        liveliness: 1.9,
        tempo: 1.12,
        slope: 2.5,
        loudness: 4.5,
        ..NEUTRAL
    },
    Mood {
        words: &["calm", "gentle", "sooth", "serious", "relax", "peace"],
        semitones: -1.0,
        liveliness: 0.7,
        tempo: 0.92,
        slope: -0.8,
        loudness: -2.0,
        ..NEUTRAL
    },
    Mood {
        words: &["whisper", "secret", "hush"],
        tempo: 0.93,
        loudness: -5.0,
        whispers: true,
        ..NEUTRAL
    },
];

/// Whether a word in it begins so. Inside words nothing counts: nobody is happy who is unhappy.
fn has_word(lower: &str, beginnings: &[&str]) -> bool {
    lower
        .split(|c: char| !c.is_alphabetic())
        .any(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
}

/// Enough of a user's own word to recognise it.
fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_that_exists_needs_no_note() {
        for voice in &VOICES {
            assert_eq!(Voice::named(voice.name), (voice.clone(), None));
        }
    }

    #[test]
    fn other_names_take_the_nearest_voice_and_say_so() {
        for (name, nearest) in [
            ("default", "kal"),
            ("professional", "narrator"),
            ("Female UK 2", "alto"),
            ("deep-male", "bass"),
            ("alloy", "kal"),
            ("male", "kal"),
            ("nova", "alto"),
            ("zx-81", "kal"),
            ("German", "kal"),
            ("en-US-Marlowe", "kal"),
            ("old_lady", "alto"),
        ] {
            let (voice, note) = Voice::named(name);
            assert_eq!(voice.name, nearest);
            assert!(note.unwrap().contains(&format!("\"{nearest}\"")));
        }
    }

    #[test]
    fn twelve_semitones_are_an_octave() {
        let voice = VOICES[0].clone().transposed(12.0);
        assert_eq!(voice.pitch, 2.0 * VOICES[0].pitch);
        assert_eq!(voice.formants, 1.0);
    }

    #[test]
    fn moods_change_delivery_and_unknown_ones_are_reported() {
        let plain = VOICES[0].clone();
        let (sad, note) = plain.clone().in_mood("Sadness");
        assert!(sad.pitch < plain.pitch && sad.tempo < plain.tempo && note.is_none());
        let (same, note) = plain.clone().in_mood("quixotic");
        assert_eq!(same, plain);
        assert!(note.unwrap().contains("quixotic"));
        let (unhappy, _) = plain.clone().in_mood("unhappy");
        assert_eq!(unhappy, sad);
        let (unfriendly, note) = plain.clone().in_mood("unfriendly");
        assert!(unfriendly == plain && note.is_some());
    }
}
