//! What the mentions of a prompt decide together.

use super::lexicon::{Meaning, Weather};
use super::motif::Figure;
use super::reading::{Mention, Reading};
use super::{Light, Prop, Relief, Subject, colors};
use crate::engine::vector::Color;

/// The content of a meaning of one kind.
macro_rules! pick {
    ($meaning:expr, $kind:ident) => {
        if let Meaning::$kind(content) = $meaning { Some(content) } else { None }
    };
}

pub(super) use pick;

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
        let is_undrawn = |mention: &&Mention| {
            let has = |wanted: fn(&Meaning) -> bool| mention.meanings.iter().any(wanted);
            has(|m| matches!(m, Meaning::Undrawn(_)))
                && !has(|m| matches!(m, Meaning::Prop(_) | Meaning::Figure(_)))
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

    /// Peaks win over the hills before them.
    pub(super) fn relief(&self) -> Relief {
        let peaks = self.meanings().any(
            |meaning| matches!(meaning, Meaning::Subject(Subject::Mountains, weight) if weight >= 8.0),
        );
        [Relief::Volcano, Relief::Canyon, Relief::Oasis, Relief::Beach, Relief::Hills]
            .into_iter()
            .filter(|relief| !(peaks && *relief == Relief::Hills))
            .find(|relief| self.says(Meaning::Relief(*relief)))
            .unwrap_or_default()
    }

    pub(super) fn colors(&self) -> Vec<Color> {
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
    pub(super) fn light(&self, subject: Subject) -> Light {
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
            // Behind an astronaut are the stars.
            None if subject == Subject::Portrait && self.says(ASTRONAUT) => Light::Night,
            None => Light::Day,
        }
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
