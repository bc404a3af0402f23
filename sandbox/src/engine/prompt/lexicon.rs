//! What each known word means, and how words are looked up.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::words::Word;
use super::{
    Cosmos, Era, Figure, Flower, Furnishing, Light, Mood, Ornament, Prop, Relief, Room, Shot,
    Subject, Tone,
};
use super::{
    city, colors, cosmos, figure, filler, flower, foreign, light, mood, ornament, props, room,
    shot, subjects, unknown, weather,
};
use crate::engine::style::Style;

/// How much a word says about the whole picture.
pub(super) type Weight = f32;

/// One thing that a word says. A word may say several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    Subject(Subject, Weight),
    Relief(Relief),
    Prop(Prop),
    Flower(Flower),
    Figure(Figure),
    Ornament(Ornament),
    Cosmos(Cosmos),
    /// A light; of several the weightiest counts.
    Light(Light, Weight),
    Weather(Weather),
    Mood(Mood),
    /// A colour as sRGB, 0xRRGGBB.
    Color(u32),
    Tone(Tone),
    Shot(Shot),
    Era(Era),
    /// The camera stands between houses.
    Street,
    Room(Room),
    Furnishing(Furnishing),
    Style(Style),
    Traffic,
    /// Trees, as far as they can be refused.
    Trees,
    Galaxy,
    Pattern,
    /// A thing that cannot be drawn, and what is shown when nothing else is named.
    Undrawn(Subject),
    /// Says nothing about what is to be seen.
    Nothing,
}

/// What the sky and the seasons do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weather {
    Clouds,
    ClearSky,
    Fog,
    /// A strong wind, with what it carries in the country of the picture.
    Storm,
    /// Sand in the air.
    Dust,
    Rain,
    /// Snow on the ground.
    Snow,
    Snowfall,
    Aurora,
    Autumn,
}

/// Rows of a table: what the terms mean, and the terms, singular, separated by commas.
pub(super) type Table = [(Meaning, &'static str)];

/// The end of a term behind its first word, and everything the term means.
struct Ending {
    rest: Vec<&'static str>,
    meanings: Vec<Meaning>,
}

/// All terms by their first word.
pub(super) struct Lexicon(HashMap<&'static str, Vec<Ending>>);

impl Lexicon {
    /// The one lexicon, built when it is first asked for.
    pub(super) fn get() -> &'static Lexicon {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| {
            let mut lexicon = Lexicon(HashMap::new());
            for table in [
                subjects::TABLE,
                props::TABLE,
                flower::TABLE,
                figure::TABLE,
                ornament::TABLE,
                cosmos::TABLE,
                city::TABLE,
                room::TABLE,
                light::TABLE,
                weather::TABLE,
                mood::TABLE,
                colors::TABLE,
                shot::TABLE,
                filler::TABLE,
                foreign::TABLE,
                unknown::TABLE,
            ] {
                lexicon.add(table);
            }
            lexicon
        })
    }

    fn add(&mut self, table: &'static Table) {
        for (meaning, terms) in table {
            for term in terms.split(',') {
                let mut words = term.split_whitespace();
                let Some(first) = words.next() else { continue };
                let rest: Vec<&str> = words.collect();
                let endings = self.0.entry(first).or_default();
                match endings.iter_mut().find(|ending| ending.rest == rest) {
                    Some(ending) => ending.meanings.push(*meaning),
                    None => endings.push(Ending { rest, meanings: vec![*meaning] }),
                }
            }
        }
    }

    /// The longest known term at the start of `words`.
    pub(super) fn longest(&self, words: &[Word]) -> Option<Found<'_>> {
        let (first, following) = words.split_first()?;
        let mut found: Option<Found> = None;
        for spelling in singulars(&first.text) {
            for ending in spelling.get(&self.0) {
                let longer = found.as_ref().is_none_or(|found| ending.rest.len() >= found.words);
                if longer && ending.is_at(following) {
                    let plural = match ending.rest.split_last() {
                        None => !spelling.is(&first.text),
                        Some((last, before)) => {
                            following.get(before.len()).is_some_and(|word| word.text != *last)
                        }
                    };
                    let words = ending.rest.len() + 1;
                    found = Some(Found { meanings: &ending.meanings, words, plural });
                }
            }
        }
        found
    }
}

#[cfg(test)]
impl Lexicon {
    /// The most words that are compared to find what a word begins.
    pub(super) fn most_comparisons(&self) -> usize {
        let words =
            |endings: &Vec<Ending>| endings.iter().map(|ending| 1 + ending.rest.len()).sum();
        self.0.values().map(words).max().unwrap_or(0)
    }
}

/// A known term in a text.
pub(super) struct Found<'a> {
    pub(super) meanings: &'a [Meaning],
    /// Its length in words.
    pub(super) words: usize,
    /// Whether its last word is written as a plural.
    pub(super) plural: bool,
}

impl Ending {
    fn is_at(&self, words: &[Word]) -> bool {
        words.len() >= self.rest.len()
            && self.rest.iter().zip(words).all(|(term, word)| {
                !word.opens_clause && singulars(&word.text).any(|form| form.is(term))
            })
    }
}

/// A word as it stands, or cut and ended anew.
#[derive(Clone, Copy)]
struct Spelling<'a> {
    stem: &'a str,
    ending: &'static str,
}

impl Spelling<'_> {
    fn is(&self, term: &str) -> bool {
        term.strip_prefix(self.stem) == Some(self.ending)
    }

    fn get<'l>(&self, terms: &'l HashMap<&'static str, Vec<Ending>>) -> &'l [Ending] {
        let found = if self.ending.is_empty() {
            terms.get(self.stem)
        } else {
            terms.get(format!("{}{}", self.stem, self.ending).as_str())
        };
        found.map_or(&[], Vec::as_slice)
    }
}

/// The word itself, and what it may be the plural of.
fn singulars(word: &str) -> impl Iterator<Item = Spelling<'_>> {
    let without = |ending: &str, new| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() > 2);
        stem.map(|stem| Spelling { stem, ending: new })
    };
    let same = Spelling { stem: word, ending: "" };
    [Some(same), without("s", ""), without("es", ""), without("ies", "y")].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::prompt::particles::holds_together;
    use crate::engine::prompt::words::words;

    fn meanings(text: &str) -> &'static [Meaning] {
        Lexicon::get().longest(&words(text)).map_or(&[], |found| found.meanings)
    }

    #[test]
    fn plurals_are_found() {
        for (plural, singular) in
            [("cities", "city"), ("beaches", "beach"), ("lakes", "lake"), ("daisies", "daisy")]
        {
            assert!(!meanings(singular).is_empty(), "{singular}");
            assert_eq!(meanings(plural), meanings(singular), "{plural}");
        }
    }

    #[test]
    fn the_longest_term_wins_within_a_clause() {
        let length = |text: &str| Lexicon::get().longest(&words(text)).map(|found| found.words);
        assert_eq!(length("sea of clouds"), Some(3));
        assert_eq!(length("sea, of clouds"), Some(1));
    }

    #[test]
    fn plurals_are_told_apart() {
        let plural = |text: &str| Lexicon::get().longest(&words(text)).unwrap().plural;
        for (text, expected) in
            [("poppy", false), ("poppies", true), ("palm tree", false), ("palm trees", true)]
        {
            assert_eq!(plural(text), expected, "{text}");
        }
    }

    #[test]
    fn words_that_hold_others_together_are_no_terms() {
        // A term is found first: a preposition that is one would never say how things stand.
        let lost: Vec<&str> = Lexicon::get()
            .0
            .iter()
            .filter(|(_, endings)| endings.iter().any(|ending| ending.rest.is_empty()))
            .map(|(first, _)| *first)
            .filter(|first| holds_together(first))
            .collect();
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn terms_are_spelled_as_words_are() {
        for (first, endings) in &Lexicon::get().0 {
            for term in endings {
                let text = [&[*first], &term.rest[..]].concat().join(" ");
                let spelled: Vec<String> = words(&text).into_iter().map(|word| word.text).collect();
                assert_eq!(spelled.join(" "), text, "no prompt can match this term");
            }
        }
    }
}
