//! Which of the things that a prompt names each kind of picture shows, and what it must own up to.

use super::flowers::Flowers;
use super::portrait::Portrait;
use super::prop::{self, troop};
use super::setting::{Setting, Soil};
use crate::engine::prompt::named::{Named, Thing, listed};
use crate::engine::prompt::{Composition, Figure, Flower, Number, Prop, Relief, Room, Subject};

/// More words than this make a note hard to read.
const MOST_TOLD: usize = 4;

/// What the picture of a composition owes to its prompt.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Debts {
    /// Terms for what the sandbox can draw, but not in this picture.
    pub(crate) omitted: Vec<String>,
    /// Terms for several, of which the picture shows one.
    pub(crate) single: Vec<String>,
    /// Terms for more than the picture shows.
    pub(crate) fewer: Vec<String>,
}

impl Debts {
    pub(crate) fn of(composition: &Composition) -> Debts {
        let repertoire = Repertoire::of(composition);
        let mut debts = Debts::default();
        for named in &composition.named {
            let list = if !repertoire.shows_named(named) {
                &mut debts.omitted
            } else {
                match repertoire.shortage(named) {
                    Some(1) => &mut debts.single,
                    Some(_) => &mut debts.fewer,
                    None => continue,
                }
            };
            if list.len() < MOST_TOLD {
                list.push(named.term.clone());
            }
        }
        debts
    }

    /// The debts in full sentences.
    pub(super) fn notes(&self, subject: Subject) -> impl Iterator<Item = String> + use<> {
        let omitted = (!self.omitted.is_empty()).then(|| {
            format!(
                "The sandbox does not draw {} into a picture of {}; the picture leaves this out.",
                listed(&self.omitted),
                subject.name()
            )
        });
        let single = (!self.single.is_empty())
            .then(|| format!("The picture shows only one for {}.", listed(&self.single)));
        let fewer = (!self.fewer.is_empty())
            .then(|| format!("The picture shows fewer than asked for of {}.", listed(&self.fewer)));
        omitted.into_iter().chain(single).chain(fewer)
    }
}

/// What the picture of one composition can show.
struct Repertoire<'a> {
    composition: &'a Composition,
    /// The land, where it is a picture of land.
    setting: Option<Setting>,
}

impl Repertoire<'_> {
    fn of(composition: &Composition) -> Repertoire<'_> {
        let land = matches!(
            composition.subject,
            Subject::Mountains
                | Subject::Lake
                | Subject::Sea
                | Subject::Forest
                | Subject::Desert
                | Subject::Building
        );
        let setting = land.then(|| Setting::new(&prop::settled(composition)));
        Repertoire { composition, setting }
    }

    /// Whoever names a hiker is not content with the mountains: objects, beings and striking
    /// forms of the land count before the subjects that they suggest.
    fn shows_named(&self, named: &Named) -> bool {
        let decisive = |thing: &Thing| {
            !matches!(thing, Thing::Subject(_) | Thing::Relief(Relief::Hills | Relief::Beach))
        };
        let shown = |thing: &Thing| self.shows(*thing);
        if named.things.iter().any(decisive) {
            named.things.iter().filter(|thing| decisive(thing)).any(shown)
        } else {
            named.things.iter().any(shown)
        }
    }

    fn shows(&self, thing: Thing) -> bool {
        if let Some(setting) = &self.setting {
            return self.land_shows(setting, thing);
        }
        let composition = self.composition;
        match composition.subject {
            Subject::City => city_shows(thing),
            Subject::Flowers => flowers_show(composition, thing),
            Subject::Portrait => portrait_shows(composition, thing),
            Subject::Interior => room_shows(composition, thing),
            Subject::Space => {
                matches!(
                    thing,
                    Thing::Figure(Figure::Astronaut)
                        | Thing::Prop(Prop::Person)
                        | Thing::Subject(Subject::Space)
                )
            }
            subject => thing == Thing::Subject(subject),
        }
    }

    fn land_shows(&self, setting: &Setting, thing: Thing) -> bool {
        let composition = self.composition;
        match thing {
            Thing::Prop(prop) => composition.props.contains(&prop),
            Thing::Relief(relief) => composition.relief == relief,
            Thing::Subject(Subject::Sea | Subject::Lake) => setting.wet(),
            Thing::Subject(Subject::Forest) => setting.woods > 0.25,
            Thing::Subject(Subject::Desert) => matches!(setting.soil, Soil::Sand | Soil::Strata),
            Thing::Subject(Subject::Mountains) => {
                composition.subject == Subject::Mountains || setting.peaks > 0.3
            }
            Thing::Subject(subject) => composition.subject == subject,
            Thing::Figure(_) | Thing::Flower(_) | Thing::Traffic => false,
        }
    }

    /// How many of what is named the picture shows, where that is fewer than its number.
    fn shortage(&self, named: &Named) -> Option<usize> {
        let wanted = match named.number {
            Number::One | Number::Open => return None,
            Number::Exactly(number) => usize::from(number),
            Number::Many => 2,
        };
        let shown = named.things.iter().filter_map(|thing| self.count(*thing)).min();
        shown.filter(|shown| *shown < wanted)
    }

    /// How many of a thing there are, where they can be counted.
    fn count(&self, thing: Thing) -> Option<usize> {
        let portrait = self.composition.subject == Subject::Portrait;
        match thing {
            Thing::Figure(Figure::Couple) if portrait => Some(2),
            Thing::Figure(_) if portrait => Some(1),
            Thing::Prop(prop) if self.setting.is_some() => {
                Some(troop::size(self.composition, prop))
            }
            Thing::Prop(_) if !portrait => Some(1),
            _ => None,
        }
    }
}

fn city_shows(thing: Thing) -> bool {
    use Subject::{City, Clouds, Desert, Forest, Lake, Mountains, Sea, Space};
    match thing {
        Thing::Subject(subject) => {
            matches!(subject, City | Clouds | Desert | Forest | Lake | Mountains | Sea | Space)
        }
        Thing::Traffic => true,
        _ => false,
    }
}

fn flowers_show(composition: &Composition, thing: Thing) -> bool {
    let flower = Flowers::flower(composition);
    let field = !Flowers::near(composition);
    match thing {
        Thing::Flower(named) => named == flower,
        Thing::Subject(Subject::Flowers) => true,
        Thing::Subject(Subject::Lake) => flower == Flower::Lotus,
        Thing::Relief(Relief::Hills) | Thing::Prop(Prop::Windmill) => field,
        _ => false,
    }
}

/// A silhouette has one land behind it, whose layers stand for neither water nor flowers.
fn portrait_shows(composition: &Composition, thing: Thing) -> bool {
    use Subject::{City, Desert, Forest, Mountains, Sea, Space};
    match thing {
        Thing::Figure(figure) => Portrait::sitter(composition) == figure,
        Thing::Subject(subject) => {
            Portrait::land(composition) == subject
                && matches!(subject, City | Desert | Forest | Mountains | Sea | Space)
        }
        _ => false,
    }
}

/// Out of a room's window one sees the sea or wooded hills; halls have stained glass.
fn room_shows(composition: &Composition, thing: Thing) -> bool {
    let hall = matches!(composition.room, Some(Room::Hall | Room::Throne));
    match thing {
        Thing::Subject(Subject::Interior) => true,
        Thing::Subject(Subject::Sea | Subject::Forest | Subject::Mountains) => !hall,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debts(prompt: &str) -> Debts {
        Debts::of(&Composition::read(prompt, "", 7))
    }

    #[test]
    fn what_another_picture_would_show_is_owned_up_to() {
        for (prompt, omitted) in [
            ("a castle in new york", "new york"),
            ("a galaxy over the desert", "desert"),
            ("a cat and a dog in a forest", "dog"),
            ("a man walking his dog", "dog"),
            ("sunflowers near the sea", "sea"),
            ("a dog by the fireplace", "fireplace"),
            ("people in the streets of tokyo", "people"),
            ("tulips and roses", "roses"),
            ("a field of sunflowers before the alps", "alps"),
            ("a knight before a castle", "castle"),
            ("a river in a canyon", "river"),
            ("a forest in a library", "library"),
            ("a cottage among wildflowers", "wildflowers"),
            ("cars on a mountain road", "cars"),
        ] {
            assert_eq!(debts(prompt).omitted, [omitted], "{prompt}");
        }
    }

    #[test]
    fn what_is_shown_is_not_told() {
        for prompt in [
            "a castle by a lake in the mountains",
            "a hiker in the alps",
            "a city by the sea with mountains behind",
            "a red car in tokyo",
            "a lavender field with a windmill",
            "a cottage in a meadow with trees",
            "an astronaut in deep space",
            "a wolf in a forest",
            "a living room with a view of the sea",
            "an oasis in the desert",
            "hot air balloons over hills",
            "a lake without people",
        ] {
            assert_eq!(debts(prompt), Debts::default(), "{prompt}");
        }
    }

    #[test]
    fn one_for_several_is_told() {
        assert_eq!(debts("three castles").single, ["castles"]);
        assert_eq!(debts("two cats").single, ["cats"]);
        assert_eq!(debts("20 horses in a meadow").fewer, ["horses"]);
        for prompt in [
            "a sailboat",
            "three sailboats",
            "two horses in a field",
            "balloons",
            "a couple at sunset",
            "a couple on a beach",
            "4 people in the desert",
        ] {
            assert_eq!(debts(prompt), Debts::default(), "{prompt}");
        }
        let notes: Vec<String> = debts("three castles in tokyo").notes(Subject::Building).collect();
        assert_eq!(
            notes,
            [
                "The sandbox does not draw “tokyo” into a picture of a building in a landscape; \
                 the picture leaves this out.",
                "The picture shows only one for “castles”."
            ]
        );
    }
}
