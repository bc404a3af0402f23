//! What a prompt names, one by one, so that a picture can tell which of it is not to be seen.

use super::decision::{is_anybody, is_person};
use super::lexicon::{Meaning, Weight};
use super::reading::{Mention, Number, Reading};
use super::subjects::PART;
use super::{Figure, Flower};
use super::{Prop, Relief, Subject};

/// One word or phrase for something that a picture may show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) term: String,
    /// What it stands for; a castle is a building and a prop.
    pub(crate) things: Vec<Thing>,
    pub(crate) number: Number,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Subject(Subject),
    Relief(Relief),
    Prop(Prop),
    Figure(Figure),
    Flower(Flower),
    Traffic,
}

/// More things than this are in no picture.
const MOST_NAMED: usize = 24;
/// Words such as "pattern" or "texture" weigh less: they say how something looks.
const ABSTRACT: Weight = 6.0;

impl Reading {
    /// Everything that is named and wanted, in order, each term once.
    pub(super) fn named(&self) -> Vec<Named> {
        let mut named: Vec<Named> = Vec::new();
        for mention in &self.wanted {
            let known = named.iter().any(|known| known.term == mention.term);
            let things = self.things(mention);
            if !(known || things.is_empty()) && named.len() < MOST_NAMED {
                let (term, number) = (mention.term.clone(), mention.number);
                named.push(Named { term, things, number });
            }
        }
        named
    }

    fn things(&self, mention: &Mention) -> Vec<Thing> {
        if mention.is_undrawn() || self.is_told_by_another(mention) {
            return Vec::new();
        }
        let wanted = mention.meanings.iter().filter(|meaning| !self.refused.contains(meaning));
        let mut things: Vec<Thing> = wanted.filter_map(thing).collect();
        if things.iter().all(|thing| matches!(thing, Thing::Relief(_))) {
            things.clear();
        }
        things
    }

    /// Whether the somebody of this mention is told by another word, as in "the face of a woman".
    fn is_told_by_another(&self, mention: &Mention) -> bool {
        let told = self.figure().filter(|figure| is_person(*figure)).map(Meaning::Figure);
        is_anybody(&mention.term) && told.is_some_and(|told| !mention.meanings.contains(&told))
    }
}

fn thing(meaning: &Meaning) -> Option<Thing> {
    Some(match *meaning {
        // Whoever is portrayed is told as a figure.
        Meaning::Subject(Subject::Portrait, _) => return None,
        Meaning::Subject(Subject::Abstract, weight) if weight < ABSTRACT => return None,
        Meaning::Subject(subject, weight) if weight >= PART => Thing::Subject(subject),
        Meaning::Relief(relief) => Thing::Relief(relief),
        Meaning::Prop(prop) => Thing::Prop(prop),
        Meaning::Figure(figure) => Thing::Figure(figure),
        Meaning::Flower(flower) => Thing::Flower(flower),
        Meaning::Traffic => Thing::Traffic,
        _ => return None,
    })
}

/// Words in a sentence: “one”, “two” and “three”.
pub(crate) fn listed(words: &[String]) -> String {
    let quoted = |word: &String| format!("\u{201C}{word}\u{201D}");
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => quoted(last),
        Some((last, first)) => {
            let first: Vec<String> = first.iter().map(quoted).collect();
            format!("{} and {}", first.join(", "), quoted(last))
        }
    }
}
