//! What a prompt asks for, read by its words.
//!
//! Tables say what each word means, [`reading`] finds the words, their roles and what is refused,
//! [`ranking`] decides which of several subjects the picture is of.

mod colors;
mod filler;
mod foreign;
mod lexicon;
mod light;
mod mood;
pub(crate) mod motif;
mod props;
mod ranking;
mod reading;
mod shot;
mod subjects;
mod unknown;
mod weather;
mod words;

use super::noise::hash_text;
use super::style::Style;
use super::vector::Color;
use lexicon::{Meaning, Weather};
use motif::{Cosmos, Figure, Flower, Ornament};
use reading::{Mention, Reading};

/// What a picture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Mountains,
    Lake,
    Sea,
    Forest,
    Desert,
    City,
    Clouds,
    Space,
    Abstract,
    /// Blossoms, near or as a meadow.
    Flowers,
    /// A head or a whole figure as a silhouette: a person or an animal.
    Portrait,
    /// A room.
    Interior,
    /// A building that stands by itself in a landscape.
    Building,
}

/// Something that stands, flies or swims in a scene of another subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prop {
    Castle,
    Temple,
    Pyramid,
    Cabin,
    Lighthouse,
    Bridge,
    Windmill,
    Sailboat,
    Balloon,
    Birds,
    Person,
    Deer,
    Horse,
}

/// The form of the land, where a word asks for one that its subject does not have by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Relief {
    #[default]
    Usual,
    /// Rolling meadows without peaks.
    Hills,
    /// Terraces of layered rock.
    Canyon,
    Volcano,
    /// Sand and surf.
    Beach,
    /// Water among palms.
    Oasis,
}

/// How near the camera is and from where it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shot {
    #[default]
    Normal,
    Close,
    Wide,
    Aerial,
}

/// The feeling that the light, the contrast and the colours carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Neutral,
    Calm,
    Joyful,
    Dramatic,
    Dark,
    Dreamy,
    Mysterious,
    Cozy,
}

/// How the colours of the finished picture are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Natural,
    Pastel,
    Vivid,
    Muted,
    Monochrome,
    Sepia,
}

impl Subject {
    /// The subject in a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Subject::Mountains => "mountains",
            Subject::Lake => "a mountain lake",
            Subject::Sea => "the sea",
            Subject::Forest => "a forest",
            Subject::Desert => "a desert",
            Subject::City => "a city",
            Subject::Clouds => "a sea of clouds",
            Subject::Space => "a planet in space",
            Subject::Abstract => "abstract shapes",
            Subject::Flowers => "flowers",
            Subject::Portrait => "a silhouette",
            Subject::Interior => "a room",
            Subject::Building => "a building in a landscape",
        }
    }
}

/// The light of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Light {
    Day,
    Dawn,
    Sunset,
    Night,
    Storm,
    Neon,
}

/// Everything that a prompt decides.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Composition {
    pub(crate) subject: Subject,
    /// Further subjects that were named, in order of weight; what the main one cannot take in is
    /// left out.
    pub(crate) with: Vec<Subject>,
    pub(crate) props: Vec<Prop>,
    pub(crate) relief: Relief,
    pub(crate) shot: Shot,
    pub(crate) mood: Mood,
    pub(crate) tone: Tone,
    /// The style that words of the prompt ask for, such as "oil painting of".
    pub(crate) style: Option<Style>,
    /// Colours that were named, in linear light, in the order of the prompt.
    pub(crate) colors: Vec<Color>,
    pub(crate) light: Light,
    /// Share of the sky under cloud, 0 to 1.
    pub(crate) clouds: f32,
    /// Thickness of the haze; 1 is a clear day.
    pub(crate) haze: f32,
    pub(crate) snow: bool,
    pub(crate) autumn: bool,
    pub(crate) rain: bool,
    pub(crate) snowfall: bool,
    pub(crate) aurora: bool,
    pub(crate) traffic: bool,
    pub(crate) galaxy: bool,
    /// A regular pattern rather than a free arrangement (abstract pictures).
    pub(crate) pattern: bool,
    /// Which flower was named; a picture of flowers shows it.
    pub(crate) flower: Option<Flower>,
    /// Which person or animal was named; a portrait shows it.
    pub(crate) figure: Option<Figure>,
    /// Which family of abstract pictures was named.
    pub(crate) ornament: Option<Ornament>,
    /// What of space was named.
    pub(crate) cosmos: Option<Cosmos>,
    /// Decides everything that no word decides.
    pub(crate) variation: u32,
    /// Whether no word of the prompt named a subject.
    pub(crate) guessed: bool,
    /// Words of the prompt that name what the sandbox cannot draw or does not know, in order.
    pub(crate) undrawn: Vec<String>,
}

/// The content of a meaning of one kind.
macro_rules! pick {
    ($meaning:expr, $kind:ident) => {
        if let Meaning::$kind(content) = $meaning { Some(content) } else { None }
    };
}

/// More words than this make a note hard to read.
const MOST_UNDRAWN: usize = 4;
/// More colours than this make no palette.
const MOST_COLORS: usize = 6;

impl Composition {
    /// Reads a prompt. The same words and seed always give the same composition.
    pub(crate) fn read(prompt: &str, negative_prompt: &str, seed: u64) -> Composition {
        let reading = Reading::of(prompt, negative_prompt);
        let variation = hash_text(&format!(" {}", reading.text), seed);
        let mut subjects = ranking::ranked(&reading).into_iter();
        let named = subjects.next().or_else(|| reading.implied());
        let undrawn = reading.undrawn();
        let subject = named.or_else(|| reading.substitute()).unwrap_or_else(|| fallback(variation));
        let sky = |weather| reading.says(Meaning::Weather(weather));
        Composition {
            subject,
            with: subjects.filter(|further| *further != Subject::Building).collect(),
            props: reading.props(subject),
            relief: reading.relief(),
            shot: reading.first(|m| pick!(m, Shot)).unwrap_or_default(),
            mood: reading.first(|m| pick!(m, Mood)).unwrap_or_default(),
            tone: reading.first(|m| pick!(m, Tone)).unwrap_or_default(),
            style: reading.first(|m| pick!(m, Style)),
            colors: reading.colors(),
            light: reading.light(subject),
            clouds: reading.clouds(),
            haze: if sky(Weather::Fog) { 2.6 } else { 1.0 },
            snow: sky(Weather::Snow),
            autumn: sky(Weather::Autumn),
            rain: sky(Weather::Rain),
            snowfall: sky(Weather::Snowfall),
            aurora: sky(Weather::Aurora),
            traffic: !reading.refused.contains(&Meaning::Traffic),
            galaxy: reading.says(Meaning::Galaxy),
            pattern: reading.says(Meaning::Pattern),
            flower: reading.first(|m| pick!(m, Flower)),
            figure: reading.first(|m| pick!(m, Figure)),
            ornament: reading.first(|m| pick!(m, Ornament)),
            cosmos: reading.first(|m| pick!(m, Cosmos)),
            variation,
            guessed: named.is_none(),
            undrawn,
        }
    }
}

impl Reading {
    /// All wanted meanings that are not refused, in the order of the prompt.
    fn meanings(&self) -> impl Iterator<Item = Meaning> + '_ {
        self.wanted
            .iter()
            .flat_map(|mention| mention.meanings.iter().copied())
            .filter(|meaning| !self.refused.contains(meaning))
    }

    fn says(&self, wanted: Meaning) -> bool {
        self.meanings().any(|meaning| meaning == wanted)
    }

    fn first<T>(&self, pick: impl Fn(Meaning) -> Option<T>) -> Option<T> {
        self.meanings().find_map(pick)
    }

    /// The subject that light and weather alone suggest.
    fn implied(&self) -> Option<Subject> {
        self.first(|meaning| match meaning {
            Meaning::Light(Light::Sunset | Light::Dawn | Light::Storm, _) => Some(Subject::Sea),
            Meaning::Light(Light::Night, _) => Some(Subject::Lake),
            Meaning::Light(Light::Day, _) => Some(Subject::Mountains),
            Meaning::Light(Light::Neon, _) => Some(Subject::City),
            Meaning::Weather(Weather::Fog | Weather::Autumn) => Some(Subject::Forest),
            Meaning::Weather(Weather::Snow | Weather::Snowfall) => Some(Subject::Mountains),
            Meaning::Weather(Weather::Clouds | Weather::ClearSky) => Some(Subject::Clouds),
            Meaning::Prop(Prop::Birds) => Some(Subject::Clouds),
            Meaning::Prop(Prop::Sailboat) => Some(Subject::Sea),
            Meaning::Prop(Prop::Balloon) => Some(Subject::Mountains),
            Meaning::Ornament(_) => Some(Subject::Abstract),
            Meaning::Cosmos(_) => Some(Subject::Space),
            _ => None,
        })
    }

    /// What is shown in place of something that cannot be drawn.
    fn substitute(&self) -> Option<Subject> {
        self.first(|m| pick!(m, Undrawn))
    }

    /// The words for what cannot be drawn, or that are in no table.
    fn undrawn(&self) -> Vec<String> {
        let is_undrawn = |mention: &&Mention| {
            mention.meanings.iter().all(|m| matches!(m, Meaning::Undrawn(_) | Meaning::Nothing))
                && mention.meanings.iter().any(|m| matches!(m, Meaning::Undrawn(_)))
        };
        let things = self.wanted.iter().filter(is_undrawn).map(|mention| &mention.term);
        let mut undrawn: Vec<String> = Vec::new();
        for word in things.chain(&self.strange) {
            let letters = word.chars().count();
            if (3..=24).contains(&letters)
                && undrawn.len() < MOST_UNDRAWN
                && !undrawn.contains(word)
            {
                undrawn.push(word.clone());
            }
        }
        undrawn
    }

    /// A portrait shows its figure itself.
    fn props(&self, subject: Subject) -> Vec<Prop> {
        let mut props = Vec::new();
        for meaning in self.meanings() {
            let Meaning::Prop(prop) = meaning else { continue };
            let is_figure = matches!(prop, Prop::Person | Prop::Deer | Prop::Horse | Prop::Birds);
            if !(props.contains(&prop) || subject == Subject::Portrait && is_figure) {
                props.push(prop);
            }
        }
        props
    }

    /// Peaks win over the hills before them.
    fn relief(&self) -> Relief {
        let peaks = self.meanings().any(
            |meaning| matches!(meaning, Meaning::Subject(Subject::Mountains, weight) if weight >= 8.0),
        );
        [Relief::Volcano, Relief::Canyon, Relief::Oasis, Relief::Beach, Relief::Hills]
            .into_iter()
            .filter(|relief| !(peaks && *relief == Relief::Hills))
            .find(|relief| self.says(Meaning::Relief(*relief)))
            .unwrap_or_default()
    }

    fn colors(&self) -> Vec<Color> {
        let mut colors = Vec::new();
        for meaning in self.meanings() {
            let Meaning::Color(code) = meaning else { continue };
            let color = colors::linear(code);
            if !colors.contains(&color) && colors.len() < MOST_COLORS {
                colors.push(color);
            }
        }
        colors
    }

    /// The weightiest light that is named; of equals the first.
    fn light(&self, subject: Subject) -> Light {
        let mut best: Option<(Light, f32)> = None;
        for meaning in self.wanted.iter().flat_map(|mention| mention.meanings) {
            let Meaning::Light(light, weight) = *meaning else { continue };
            let refused = self.refused.iter().any(|refused| {
                matches!(refused, Meaning::Light(other, most) if *other == light && *most >= weight)
            });
            if !refused && best.is_none_or(|(_, known)| weight > known) {
                best = Some((light, weight));
            }
        }
        match best {
            Some((light, _)) => light,
            // Windows and headlights make a city; at noon they are out.
            None if subject == Subject::City => Light::Sunset,
            None => Light::Day,
        }
    }

    fn clouds(&self) -> f32 {
        let clouds = Meaning::Weather(Weather::Clouds);
        if self.refused.contains(&clouds) || self.says(Meaning::Weather(Weather::ClearSky)) {
            0.0
        } else if self.says(clouds) {
            0.78
        } else {
            0.5
        }
    }
}

fn fallback(variation: u32) -> Subject {
    match variation >> 9 & 7 {
        0 => Subject::Mountains,
        1 | 2 => Subject::Lake,
        3 => Subject::Clouds,
        4 => Subject::City,
        5 => Subject::Space,
        _ => Subject::Abstract,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(prompt: &str) -> Composition {
        Composition::read(prompt, "", 7)
    }

    #[test]
    fn words_choose_the_subject() {
        for (prompt, subject) in [
            ("A futuristic city with flying cars", Subject::City),
            ("Sunset over mountains", Subject::Mountains),
            ("Abstract geometric patterns", Subject::Abstract),
            ("Flying through clouds at sunset", Subject::Clouds),
            ("a calm mountain LAKE, at dawn", Subject::Lake),
            ("waves on the ocean", Subject::Sea),
            ("Pine forest in fog", Subject::Forest),
            ("dunes of the Sahara", Subject::Desert),
            ("a ringed planet", Subject::Space),
        ] {
            let composition = read(prompt);
            assert_eq!((composition.subject, composition.guessed), (subject, false), "{prompt}");
        }
    }

    #[test]
    fn parts_of_words_are_not_words() {
        assert!(read("researching scarfs").guessed);
        assert_eq!(read("mountains").light, Light::Day);
        assert_eq!(read("mountains at Sunset!").light, Light::Sunset);
    }

    #[test]
    fn what_is_refused_does_not_appear() {
        assert_eq!(Composition::read("mountains", "clouds", 1).clouds, 0.0);
        assert_eq!(read("a valley without clouds").clouds, 0.0);
        assert!(!Composition::read("a city", "flying cars", 1).traffic);
        assert!(read("a city").traffic);
        assert_eq!(Composition::read("lake and forest", "lake", 1).subject, Subject::Forest);
    }

    #[test]
    fn strange_prompts_are_read_too() {
        for prompt in ["🦀🦀🦀", "שלום עולם", "", "\u{0}\u{FFFF}", "ﬃİ", &"x ".repeat(16_000)]
        {
            let composition = Composition::read(prompt, prompt, u64::MAX);
            assert!(composition.guessed, "{prompt:.20}");
            assert_eq!(composition, Composition::read(prompt, prompt, u64::MAX));
        }
    }
}
