//! What a prompt asks for, read by its words.

pub(crate) mod motif;
mod vocabulary;

use super::noise::hash_text;
use super::vector::Color;
use motif::{Cosmos, Figure, Flower, Ornament};
use vocabulary::{
    ABSTRACT, BEACH, CANYON, CITY, CLOUDS, DAWN, DAY, DESERT, FLOWERS, FOREST, GALAXY, HILLS, LAKE,
    MOUNTAINS, NEON, NIGHT, OASIS, PEAKS, PORTRAIT, SEA, SPACE, STORM, SUNSET, VOLCANO,
};

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
}

/// The words of a text, folded for lookup: lower case, single spaces, one at each end.
struct Words(String);

impl Words {
    /// Splits a prompt into what it wants and what it refuses ("no clouds", "without people").
    fn wanted_and_refused(prompt: &str, negative_prompt: &str) -> (Words, Words) {
        let (mut wanted, mut refused) = (String::from(" "), fold(negative_prompt));
        let mut refusing = false;
        for word in fold(prompt).split_whitespace() {
            if matches!(word, "no" | "without") {
                refusing = true;
                continue;
            }
            let text = if refusing { &mut refused } else { &mut wanted };
            text.push_str(word);
            text.push(' ');
            refusing = false;
        }
        (Words(wanted), Words(refused))
    }

    /// Whether any of the terms occurs, in singular or plural.
    fn any(&self, terms: &[&str]) -> bool {
        terms.iter().any(|term| {
            self.0.match_indices(term).any(|(start, found)| {
                let before = self.0.get(..start).is_some_and(|text| text.ends_with(' '));
                let after = self.0.get(start + found.len()..).unwrap_or_default();
                before
                    && ["", "s", "es"].iter().any(|ending| {
                        after.strip_prefix(ending).is_some_and(|rest| rest.starts_with(' '))
                    })
            })
        })
    }
}

fn fold(text: &str) -> String {
    let mut folded = String::from(" ");
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        folded.extend(word.chars().flat_map(char::to_lowercase));
        folded.push(' ');
    }
    folded
}

impl Composition {
    /// Reads a prompt. The same words and seed always give the same composition.
    pub(crate) fn read(prompt: &str, negative_prompt: &str, seed: u64) -> Composition {
        let (wanted, refused) = Words::wanted_and_refused(prompt, negative_prompt);
        let has = |terms: &[&str]| wanted.any(terms) && !refused.any(terms);
        let variation = hash_text(&wanted.0, seed);
        let named = subject(&has);
        let subject = named.unwrap_or_else(|| fallback(variation));
        Composition {
            subject,
            with: Vec::new(),
            props: Vec::new(),
            relief: relief(&has),
            shot: Shot::default(),
            mood: Mood::default(),
            colors: Vec::new(),
            light: light(&has, subject),
            clouds: clouds(&wanted, &refused),
            haze: if has(&["fog", "foggy", "mist", "misty", "haze", "hazy"]) { 2.6 } else { 1.0 },
            snow: has(&[
                "snow",
                "snowy",
                "winter",
                "alps",
                "ice",
                "icy",
                "frozen",
                "arctic",
                "snowing",
                "snowfall",
                "snowstorm",
                "blizzard",
                "christmas",
            ]),
            autumn: has(&["autumn", "fall", "october"]),
            rain: has(&["rain", "rainy", "raining", "thunderstorm"]),
            snowfall: has(&[
                "snowing",
                "snowfall",
                "snowstorm",
                "blizzard",
                "snowflake",
                "christmas",
            ]),
            aurora: has(&["aurora", "northern light", "polar light"]),
            traffic: !refused.any(&["car", "flying car", "traffic", "vehicle"]),
            galaxy: has(GALAXY),
            pattern: has(&["pattern", "tile", "mosaic", "kaleidoscope", "wallpaper", "mandala"]),
            flower: Flower::read(&has),
            figure: Figure::read(&has),
            ornament: Ornament::read(&has),
            cosmos: Cosmos::read(&has),
            variation,
            guessed: named.is_none(),
        }
    }
}

/// The first subject in order of how much a word says about the whole picture: "a city by the
/// sea under clouds" is a city.
fn subject(has: &dyn Fn(&[&str]) -> bool) -> Option<Subject> {
    let ground = [DESERT, SEA, LAKE, FOREST, MOUNTAINS].iter().any(|terms| has(terms));
    if has(FLOWERS) || Flower::read(has).is_some() {
        Some(Subject::Flowers)
    } else if has(PORTRAIT) || (Figure::read(has).is_some() && !ground && !has(CITY)) {
        Some(Subject::Portrait)
    } else if has(CITY) {
        Some(Subject::City)
    } else if has(ABSTRACT) && !ground && !has(SPACE) {
        Some(Subject::Abstract)
    } else if has(DESERT) {
        Some(Subject::Desert)
    } else if has(LAKE) {
        Some(Subject::Lake)
    } else if has(SEA) {
        Some(Subject::Sea)
    } else if has(FOREST) {
        Some(Subject::Forest)
    } else if has(MOUNTAINS) {
        Some(Subject::Mountains)
    } else if has(SPACE) {
        Some(Subject::Space)
    } else if has(&["aurora", "northern light"]) {
        Some(Subject::Lake)
    } else if has(CLOUDS) {
        Some(Subject::Clouds)
    } else if has(NEON) {
        Some(Subject::City)
    } else if has(SUNSET) || has(DAWN) || has(STORM) {
        Some(Subject::Sea)
    } else if has(NIGHT) {
        Some(Subject::Lake)
    } else {
        None
    }
}

fn relief(has: &dyn Fn(&[&str]) -> bool) -> Relief {
    if has(VOLCANO) {
        Relief::Volcano
    } else if has(CANYON) {
        Relief::Canyon
    } else if has(OASIS) {
        Relief::Oasis
    } else if has(BEACH) {
        Relief::Beach
    } else if has(HILLS) && !has(PEAKS) {
        Relief::Hills
    } else {
        Relief::Usual
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

fn light(has: &dyn Fn(&[&str]) -> bool, subject: Subject) -> Light {
    if has(NEON) {
        Light::Neon
    } else if has(SUNSET) {
        Light::Sunset
    } else if has(DAWN) {
        Light::Dawn
    } else if has(NIGHT) {
        Light::Night
    } else if has(STORM) {
        Light::Storm
    } else if !has(DAY) && subject == Subject::City {
        // Windows and headlights make a city; at noon they are out.
        Light::Sunset
    } else {
        Light::Day
    }
}

fn clouds(wanted: &Words, refused: &Words) -> f32 {
    if refused.any(&["cloud", "cloudy"]) || wanted.any(&["clear sky", "cloudless", "clear skies"]) {
        0.0
    } else if wanted.any(&["cloud", "cloudy", "storm", "stormy", "overcast", "rain", "rainy"]) {
        0.78
    } else {
        0.5
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
