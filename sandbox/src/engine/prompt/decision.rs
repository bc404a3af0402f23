//! What the mentions of a prompt decide together.

use super::Figure;
use super::lexicon::{Meaning, Weather};
use super::reading::{Mention, Number, Reading};
use super::{Light, Prop, Relief, Subject, colors};
use crate::engine::math::larger;
use crate::engine::vector::Color;

/// The content of a meaning of one kind.
macro_rules! pick {
    ($meaning:expr, $kind:ident) => {
        if let Meaning::$kind(content) = $meaning { Some(content) } else { None }
    };
}

pub(super) use pick;

/// The share of the sky under cloud in a storm: neither sun nor moon is seen.
pub(super) const OVERCAST: f32 = 0.95;
/// More words than this make a note hard to read.
const MOST_UNDRAWN: usize = 4;
const ASTRONAUT: Meaning = Meaning::Figure(Figure::Astronaut);
/// More colours than this make no palette.
const MOST_COLORS: usize = 6;

impl Reading {
    /// All wanted meanings that are not refused, in the order of the prompt.
    fn meanings(&self) -> impl Iterator<Item = Meaning> + '_ {
        self.wanted
            .iter()
            .flat_map(|mention| mention.meanings.iter().copied())
            .filter(|meaning| !self.refused.contains(meaning))
    }

    pub(super) fn says(&self, wanted: Meaning) -> bool {
        self.meanings().any(|meaning| meaning == wanted)
    }

    pub(super) fn first<T>(&self, pick: impl Fn(Meaning) -> Option<T>) -> Option<T> {
        self.meanings().find_map(pick)
    }

    /// The subject that light and weather alone suggest.
    pub(super) fn implied(&self) -> Option<Subject> {
        let snow = [Weather::Snow, Weather::Snowfall];
        if snow.into_iter().any(|snow| self.says(Meaning::Weather(snow))) {
            return Some(Subject::Mountains);
        }
        let by_light = self.first(|meaning| match meaning {
            Meaning::Light(Light::Sunset | Light::Dawn | Light::Storm, _) => Some(Subject::Sea),
            Meaning::Light(Light::Night, _) => Some(Subject::Lake),
            Meaning::Light(Light::Day, _) => Some(Subject::Mountains),
            Meaning::Light(Light::Neon, _) => Some(Subject::City),
            _ => None,
        });
        by_light.or_else(|| self.first(implied_by_thing))
    }

    /// What is shown in place of something that cannot be drawn.
    pub(super) fn substitute(&self) -> Option<Subject> {
        self.first(|m| pick!(m, Undrawn))
    }

    /// The words for what cannot be drawn, or that are in no table.
    pub(super) fn undrawn(&self) -> Vec<String> {
        let things =
            self.wanted.iter().filter(|mention| mention.is_undrawn()).map(|mention| &mention.term);
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
    pub(super) fn props(&self, subject: Subject) -> Vec<Prop> {
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

    /// Peaks win over the hills before them, but a field of flowers stays a field.
    pub(super) fn relief(&self, subject: Subject) -> Relief {
        let is_peak = |meaning| matches!(meaning, Meaning::Subject(Subject::Mountains, 8.0..));
        let peaks = subject != Subject::Flowers && self.meanings().any(is_peak);
        [Relief::Volcano, Relief::Canyon, Relief::Oasis, Relief::Beach, Relief::Hills]
            .into_iter()
            .filter(|relief| !(peaks && *relief == Relief::Hills))
            .find(|relief| self.says(Meaning::Relief(*relief)))
            .unwrap_or_default()
    }

    /// The named colours of which `wanted` says so, by themselves and their owner's meanings; these
    /// are none for a colour that stands before nothing.
    pub(super) fn colors(&self, wanted: impl Fn(Color, &[Meaning]) -> bool) -> Vec<Color> {
        let mut colors = Vec::new();
        for mention in &self.wanted {
            for meaning in mention.meanings.iter().filter(|one| !self.refused.contains(one)) {
                let Meaning::Color(code) = meaning else { continue };
                let color = colors::linear(*code);
                let known = colors.contains(&color) || colors.len() >= MOST_COLORS;
                if !known && wanted(color, mention.colors) {
                    colors.push(color);
                }
            }
        }
        colors
    }

    /// Who is portrayed: the first who is named, but "the face of a woman" is a woman.
    pub(super) fn figure(&self) -> Option<Figure> {
        let figures = |mention: &Mention| {
            let wanted = mention.meanings.iter().filter(|one| !self.refused.contains(one));
            wanted.filter_map(|meaning| pick!(*meaning, Figure)).next()
        };
        let mut named = self.wanted.iter().filter_map(|one| Some((one, figures(one)?)));
        let (first, figure) = named.next()?;
        let person =
            named.find(|(mention, figure)| is_person(*figure) && !is_anybody(&mention.term));
        Some(person.filter(|_| is_anybody(&first.term)).map_or(figure, |(_, person)| person))
    }

    /// Whether a flower is named as one: it is looked at from near.
    pub(super) fn names_one_flower(&self) -> bool {
        self.wanted.iter().any(|mention| {
            let has = |wanted: fn(&Meaning) -> bool| mention.meanings.iter().any(wanted);
            let flower = has(|m| matches!(m, Meaning::Flower(_)));
            let any = matches!(mention.term.as_str(), "flower" | "blossom");
            let field = has(|m| matches!(m, Meaning::Relief(_)));
            mention.number == Number::One && (flower || any) && !field
        })
    }

    /// Whether a storm is named, and not only hinted at.
    pub(super) fn names_storm(&self) -> bool {
        let storm =
            |meaning| matches!(meaning, Meaning::Light(Light::Storm, weight) if weight >= 4.0);
        self.meanings().any(storm)
    }

    /// The weightiest light that is named; of equals the first, but a storm at night is a night.
    pub(super) fn light(&self, subject: Subject) -> Light {
        let mut best: Option<(Light, f32)> = None;
        for meaning in self.wanted.iter().flat_map(|mention| mention.meanings) {
            let Meaning::Light(light, weight) = *meaning else { continue };
            let refused = self.refused.iter().any(|refused| {
                matches!(refused, Meaning::Light(other, most) if *other == light && *most >= weight)
            });
            let heavier = best.is_none_or(|(known, most)| {
                weight > most || weight == most && (known, light) == (Light::Storm, Light::Night)
            });
            if !refused && heavier {
                best = Some((light, weight));
            }
        }
        match best {
            Some((light, _)) => light,
            // Windows and headlights make a city; at noon they are out. In fog and snow the sun is.
            None if subject == Subject::City && !self.hides_the_sun() => Light::Sunset,
            // Behind an astronaut are the stars.
            None if subject == Subject::Portrait && self.says(ASTRONAUT) => Light::Night,
            None => Light::Day,
        }
    }

    fn hides_the_sun(&self) -> bool {
        [Weather::Fog, Weather::Dust, Weather::Snow, Weather::Snowfall]
            .into_iter()
            .any(|weather| self.says(Meaning::Weather(weather)))
    }

    pub(super) fn clouds(&self) -> f32 {
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

impl Mention {
    /// Whether this names what the sandbox draws nowhere.
    pub(super) fn is_undrawn(&self) -> bool {
        let has = |wanted: fn(&Meaning) -> bool| self.meanings.iter().any(wanted);
        has(|m| matches!(m, Meaning::Undrawn(_)))
            && !has(|m| matches!(m, Meaning::Prop(_) | Meaning::Figure(_)))
    }
}

pub(super) fn is_prop(meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Prop(_))
}

/// Whether what has a colour keeps it to itself; the colour of a lake lies over its picture.
pub(super) fn has_surface(meaning: &Meaning) -> bool {
    use Meaning::{Figure, Flower, Traffic, Undrawn};
    is_prop(meaning) || matches!(meaning, Figure(_) | Flower(_) | Traffic | Undrawn(_))
}

/// Whether a colour is that of grass and trees.
pub(super) fn is_green(color: Color) -> bool {
    color.y > 1.4 * larger(color.x, color.z)
}

/// Whether grass and trees grow on it.
pub(super) fn is_land(owner: &[Meaning]) -> bool {
    use Subject::{Flowers, Forest, Lake, Mountains, Sea};
    let grows = |meaning: &Meaning| {
        matches!(
            meaning,
            Meaning::Relief(Relief::Hills | Relief::Oasis)
                | Meaning::Subject(Flowers | Forest | Mountains, _)
        )
    };
    let other = |meaning: &Meaning| {
        matches!(
            meaning,
            Meaning::Relief(Relief::Volcano | Relief::Canyon | Relief::Beach)
                | Meaning::Subject(Lake | Sea, _)
        )
    };
    owner.iter().any(grows) && !owner.iter().any(other)
}

/// Words for somebody of whom others may say more.
pub(super) fn is_anybody(term: &str) -> bool {
    matches!(term, "face" | "person" | "people" | "figure" | "human" | "character" | "someone")
}

pub(super) fn is_person(figure: Figure) -> bool {
    use Figure::{Astronaut, Child, Couple, Dancer, Man, Warrior, Woman};
    matches!(figure, Woman | Man | Child | Warrior | Astronaut | Dancer | Couple)
}

/// The subject that something suggests which never fills a picture by itself.
fn implied_by_thing(meaning: Meaning) -> Option<Subject> {
    match meaning {
        Meaning::Weather(Weather::Fog | Weather::Autumn) => Some(Subject::Forest),
        Meaning::Weather(Weather::Clouds | Weather::ClearSky) => Some(Subject::Clouds),
        Meaning::Prop(Prop::Birds) => Some(Subject::Clouds),
        Meaning::Prop(Prop::Sailboat) => Some(Subject::Sea),
        Meaning::Prop(Prop::Balloon) => Some(Subject::Mountains),
        Meaning::Ornament(_) => Some(Subject::Abstract),
        Meaning::Cosmos(_) => Some(Subject::Space),
        _ => None,
    }
}
