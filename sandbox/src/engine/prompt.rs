//! What a prompt asks for, read by its words.
//!
//! Tables say what each word means, [`reading`] finds the words, their roles and what is refused,
//! [`ranking`] decides which of several subjects the picture is of.

mod city;
mod colors;
mod cosmos;
mod decision;
#[cfg(test)]
mod examples;
mod figure;
mod filler;
mod flower;
mod foreign;
mod lexicon;
mod light;
mod mood;
pub(crate) mod named;
mod ornament;
mod particles;
mod props;
mod ranking;
mod reading;
mod room;
mod shot;
mod subjects;
mod unknown;
mod weather;
mod words;

use super::noise::hash_text;
use super::style::Style;
use super::vector::Color;
pub(crate) use city::Era;
pub(crate) use cosmos::Cosmos;
use decision::{OVERCAST, has_surface, is_green, is_land, is_prop, pick};
pub(crate) use figure::Figure;
pub(crate) use flower::Flower;
use lexicon::{Meaning, Weather};
use named::{Named, Thing, listed};
pub(crate) use ornament::Ornament;
pub(crate) use reading::Number;
use reading::Reading;
pub(crate) use room::{Furnishing, Room};

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
    /// Those of them that objects have: all but those that stand before something else.
    pub(crate) paints: Vec<Color>,
    /// Those of them that belong to no single thing and lie over the whole picture.
    pub(crate) tints: Vec<Color>,
    pub(crate) light: Light,
    /// Share of the sky under cloud, 0 to 1.
    pub(crate) clouds: f32,
    /// Thickness of the haze; 1 is a clear day.
    pub(crate) haze: f32,
    pub(crate) snow: bool,
    /// Whether snow is refused, also where high land has it by itself.
    pub(crate) no_snow: bool,
    /// Whether trees are refused, also where they only stand about.
    pub(crate) no_trees: bool,
    pub(crate) autumn: bool,
    pub(crate) rain: bool,
    pub(crate) snowfall: bool,
    /// Sand in the air, carried by wind.
    pub(crate) dust: bool,
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
    /// Of which age a city is.
    pub(crate) era: Era,
    /// Whether the camera stands in a street of the city.
    pub(crate) street: bool,
    /// Which room was named; an interior shows it.
    pub(crate) room: Option<Room>,
    pub(crate) furnishing: Furnishing,
    /// Decides everything that no word decides.
    pub(crate) variation: u32,
    /// Whether no word of the prompt named a subject.
    pub(crate) guessed: bool,
    /// Everything that the prompt names, whether the picture shows it or not.
    pub(crate) named: Vec<Named>,
    /// Words of the prompt that name what the sandbox cannot draw or does not know, in order.
    pub(crate) undrawn: Vec<String>,
}

impl Composition {
    /// How many of an object the prompt names, word by word.
    pub(crate) fn numbers_of(&self, prop: Prop) -> impl Iterator<Item = Number> {
        let named = self.named.iter().filter(move |one| one.things.contains(&Thing::Prop(prop)));
        named.map(|named| named.number)
    }

    /// Tells of words that will not be seen in the picture.
    pub(crate) fn undrawn_note(&self) -> Option<String> {
        if self.undrawn.is_empty() {
            return None;
        }
        let words = listed(&self.undrawn);
        Some(format!("The sandbox cannot draw {words}; the picture leaves this out."))
    }

    /// Reads a prompt. The same words and seed always give the same composition.
    pub(crate) fn read(prompt: &str, negative_prompt: &str, seed: u64) -> Composition {
        let reading = Reading::of(prompt, negative_prompt);
        let variation = hash_text(&format!(" {}", reading.text), seed);
        let mut subjects = ranking::ranked(&reading).into_iter();
        let named = subjects.next().or_else(|| reading.implied());
        let undrawn = reading.undrawn();
        let subject = named.or_else(|| reading.substitute()).unwrap_or_else(|| fallback(variation));
        let with: Vec<Subject> = subjects.filter(|further| can_be_added(*further)).collect();
        let wooded = subject == Subject::Forest || with.contains(&Subject::Forest);
        let near = subject == Subject::Flowers && reading.names_one_flower();
        let light = reading.light(subject);
        let stormy_night = light == Light::Night && reading.names_storm();
        let sky = |weather| reading.says(Meaning::Weather(weather));
        // A storm carries what there is: sand, snow or rain.
        let storm = sky(Weather::Storm);
        let desert = subject == Subject::Desert || with.contains(&Subject::Desert);
        let dust = sky(Weather::Dust) || storm && desert && !sky(Weather::Rain);
        let blizzard = storm && sky(Weather::Snow);
        Composition {
            subject,
            with,
            props: reading.props(subject),
            relief: reading.relief(subject),
            shot: reading.first(|m| pick!(m, Shot)).unwrap_or(if near {
                Shot::Close
            } else {
                Shot::Normal
            }),
            mood: reading.first(|m| pick!(m, Mood)).unwrap_or_default(),
            tone: reading.first(|m| pick!(m, Tone)).unwrap_or_default(),
            style: reading.first(|m| pick!(m, Style)),
            colors: reading.colors(|_, _| true),
            paints: reading.colors(|_, owner| owner.is_empty() || owner.iter().any(is_prop)),
            tints: reading.colors(|color, owner| {
                // Green land is as land is, and its sky is blue.
                !(owner.iter().any(has_surface) || is_green(color) && is_land(owner))
            }),
            light,
            clouds: if stormy_night { OVERCAST } else { reading.clouds() },
            haze: if sky(Weather::Fog) { 2.6 } else { 1.0 },
            snow: sky(Weather::Snow),
            no_snow: reading.refused.contains(&Meaning::Weather(Weather::Snow)),
            no_trees: reading.refused.contains(&Meaning::Trees) && !wooded,
            autumn: sky(Weather::Autumn),
            rain: sky(Weather::Rain) || storm && !dust && !blizzard,
            snowfall: sky(Weather::Snowfall) || blizzard,
            dust,
            aurora: sky(Weather::Aurora),
            traffic: !reading.refused.contains(&Meaning::Traffic),
            galaxy: reading.says(Meaning::Galaxy),
            pattern: reading.says(Meaning::Pattern),
            flower: reading.first(|m| pick!(m, Flower)),
            figure: reading.figure(),
            ornament: reading.first(|m| pick!(m, Ornament)),
            cosmos: reading.first(|m| pick!(m, Cosmos)),
            era: reading.first(|m| pick!(m, Era)).unwrap_or_default(),
            street: reading.says(Meaning::Street),
            // Whoever asks for food gets the table that it would stand on.
            room: reading.first(|m| pick!(m, Room)).or(named.is_none().then_some(Room::Kitchen)),
            furnishing: reading.first(|m| pick!(m, Furnishing)).unwrap_or_default(),
            variation,
            guessed: named.is_none(),
            named: reading.named(),
            undrawn,
        }
    }
}

/// Whether a subject can be a part of another one. Buildings are told as props, and no picture
/// is abstract in part.
fn can_be_added(subject: Subject) -> bool {
    !matches!(subject, Subject::Building | Subject::Abstract)
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
mod tests;
