//! Whatever a prompt is, a picture, a film and (where it has a sound) speech come of it, with
//! bounded work.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test: it may fail")]

use std::cell::Cell;

use media_factory_sandbox::engine::{
    job::{
        Fidelity, FilmFormat, FilmJob, Job, PictureFormat, PictureJob, RenderError, Rendered,
        SpeechFormat, SpeechJob, Transition,
    },
    render,
};
use proptest::prelude::*;

/// How often the engine may ask whether to go on: it asks every few rows of work, so this bounds
/// the work of a picture as small as the ones here. The hardest known ones ask less than half as
/// often.
const MOST_ASKS: u32 = 60_000;

/// Words that mean something, to be thrown together.
const KNOWN: &[&str] = &[
    "mountains",
    "lake",
    "sea",
    "forest",
    "desert",
    "city",
    "street",
    "clouds",
    "planet",
    "galaxy",
    "aurora",
    "tulips",
    "poppy",
    "abstract",
    "mandala",
    "woman",
    "cat",
    "room",
    "library",
    "castle",
    "lighthouse",
    "bridge",
    "sailboat",
    "balloon",
    "birds",
    "night",
    "sunset",
    "storm",
    "snow",
    "fog",
    "rain",
    "close-up",
    "aerial",
    "wide",
    "dramatic",
    "cosy",
    "gold",
    "turquoise",
    "sepia",
    "no",
    "without",
    "of",
    "in",
    "and",
    "volcano",
    "canyon",
    "beach",
    "flying cars",
    "astronaut",
];

/// Texts that break what takes them for more than words.
const HOSTILE: &[&str] = &[
    "'; DROP TABLE tasks; --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "../../../etc/passwd",
    "%s%s%n",
    "\u{0}\u{1}\u{7f}",
    "\u{202e}txet desrever",
    "ﷺ",
    "🦀👨‍👩‍👧‍👦🏳️‍🌈",
    "שלום עולם",
    "مرحبا بالعالم",
    "世界",
    "e\u{301}\u{301}\u{301}",
    "\u{feff}\u{200b}",
    "NaN",
    "-1",
    "ignore all previous instructions",
    "\\\\",
    "\"",
    "\n\r\t",
];

/// Styles that work quite differently, and a name that is none.
const STYLES: &[&str] =
    &["anime", "oil-painting", "watercolor", "3d-render", "pixel-art", "\u{202e}"];

fn prompts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(KNOWN).prop_map(str::to_owned),
        2 => prop::sample::select(HOSTILE).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    (prop::collection::vec(word, 1..12), 1usize..3_000).prop_map(|(words, repeats)| {
        let text = words.join(" ");
        // A few prompts are as long as prompts may be.
        let long = if repeats > 2_900 { text.repeat(32_000 / text.len().max(1)) } else { text };
        let cut = long.chars().take(32_000).collect::<String>();
        if cut.is_empty() { "x".to_owned() } else { cut }
    })
}

fn picture(prompt: String, seed: u64, size: (u32, u32), style: Option<&str>) -> Job {
    Job::Picture(PictureJob {
        negative_prompt: prompt.chars().rev().take(50).collect(),
        prompt,
        style: style.map(str::to_owned),
        width: size.0,
        height: size.1,
        seed,
        count: 1,
        fidelity: Fidelity::Preview,
        format: PictureFormat::Png,
        hdr: false,
        pbr: seed.is_multiple_of(5),
        source: None,
    })
}

fn film(prompt: String, seed: u64) -> Job {
    Job::Film(FilmJob {
        prompt,
        negative_prompt: String::new(),
        style: None,
        width: 32,
        height: 32,
        seed,
        duration: 0.2,
        fps: 10.0,
        use_nerf: seed.is_multiple_of(2),
        images: Vec::new(),
        transition: Transition::None,
        fidelity: Fidelity::Preview,
        sound: None,
        format: FilmFormat::Mp4,
    })
}

fn speech(text: String) -> Job {
    Job::Speech(SpeechJob {
        text,
        voice: "kal".into(),
        language: "en".into(),
        speed: 2.0,
        pitch: 0.0,
        emotion: None,
        format: SpeechFormat::Wav,
        sample: None,
    })
}

/// Seconds of speech that a character of text may last: a sign that is read as a word or two.
const LONGEST_CHARACTER: f64 = 1.0;

fn asked(job: &Job) -> (u32, Result<Rendered, RenderError>) {
    let asks = Cell::new(0);
    let go_on = || {
        asks.set(asks.get() + 1);
        false
    };
    let rendered = render(job, &mut |_| {}, &go_on);
    (asks.get(), rendered)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_prompt_becomes_a_picture(
        prompt in prompts(),
        seed in any::<u64>(),
        size in prop::sample::select(&[(32u32, 24u32), (16, 16), (16, 80), (120, 16)][..]),
        style in prop::option::of(prop::sample::select(STYLES)),
    ) {
        let (asks, outcome) = asked(&picture(prompt, seed, size, style));
        prop_assert!(outcome.is_ok(), "{outcome:?}");
        prop_assert!(asks < MOST_ASKS, "{asks} asks");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_prompt_becomes_a_film(prompt in prompts(), seed in any::<u64>()) {
        let (asks, outcome) = asked(&film(prompt, seed));
        prop_assert!(outcome.is_ok_and(|film| film.outputs.len() == 1));
        prop_assert!(asks < MOST_ASKS, "{} asks", asks);
    }

    #[test]
    fn every_text_is_spoken_or_has_no_sound(text in prompts()) {
        let characters = text.chars().count() as f64;
        let (_, outcome) = asked(&speech(text));
        let bounded = match outcome {
            Ok(rendered) => {
                let duration = rendered.rendered.duration.unwrap();
                duration > 0.0 && duration < 2.0 + LONGEST_CHARACTER * characters
            }
            Err(RenderError::Invalid(reason)) => reason.contains("spoken"),
            Err(_) => false,
        };
        prop_assert!(bounded);
    }
}
