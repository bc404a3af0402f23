//! From a prompt to what it mentions: which known terms, in what role, wanted or refused.

use super::lexicon::{Found, Lexicon, Meaning};
use super::particles::{
    describes, is_and, is_collective, is_front_of, is_negation, is_small, numeral, relation,
    relation_of_term, takes_number,
};
use super::words::{Word, words};

/// How a mention stands to the first one of its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The clause is about it.
    Head,
    /// The head is in it, on it or at it.
    Setting,
    /// It is beside, behind, above or with the head.
    Company,
}

/// A known term of the prompt.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) term: String,
    pub(super) meanings: &'static [Meaning],
    pub(super) role: Role,
    /// Whether the next mention follows at once, as in "forest lake", which is a lake.
    pub(super) qualifies_next: bool,
    pub(super) number: Number,
    /// For a colour: what the thing before which it stands means.
    pub(super) colors: &'static [Meaning],
}

/// How many of a thing are mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    /// "a poppy"
    One,
    /// "three poppies", "a couple"
    Exactly(u8),
    /// "poppies", "a crowd"
    Many,
    /// "the poppy", "tulip field"
    Open,
}

/// Everything that a prompt and its negative prompt mention.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) wanted: Vec<Mention>,
    pub(super) refused: Vec<Meaning>,
    /// Wanted words that are in no table, each once, in order.
    pub(super) strange: Vec<String>,
    /// The words of the prompt in one spelling.
    pub(super) text: String,
}

/// Where the reader is in something that is not wanted.
enum Refusing {
    No,
    /// After "no": what is refused is still to come, and this many strange words have passed.
    Awaiting(u8),
    /// After what is refused: "or" and "and" go on with it.
    Done,
}

/// What the words of a clause so far say about those to come.
struct Clause {
    role: Role,
    refusing: Refusing,
    /// Whether the last word was a known term.
    adjacent: bool,
    /// How many of the next thing there are.
    counted: Option<Number>,
    /// How many mentions back a colour waits for the thing that has it.
    uncolored: usize,
}

impl Default for Clause {
    fn default() -> Clause {
        Clause {
            role: Role::Head,
            refusing: Refusing::No,
            adjacent: false,
            counted: None,
            uncolored: 0,
        }
    }
}

impl Clause {
    /// Goes on after a preposition.
    fn relate(&mut self, role: Role) {
        (self.role, self.counted, self.uncolored) = (role, None, 0);
    }

    /// Takes in what a term says about the number of what follows: that of "a photo of sheep" says
    /// nothing about the sheep, that of "a pair of sheep" does.
    fn count(&mut self, term: &[Word]) {
        let [first, .., last] = term else {
            let text = term.first().map_or("", |word| word.text.as_str());
            self.counted = match numeral(text).or(self.counted) {
                _ if takes_number(text) => None,
                Some(Number::One) if text == "of" => None,
                counted => counted,
            };
            return;
        };
        if last.text == "of" {
            self.counted = numeral(&first.text).filter(|number| *number != Number::One);
        }
    }
}

/// Longer lists of strange words help nobody.
const MOST_STRANGE: usize = 16;
/// Each mention weighs less than the one before; those after so many weigh nothing.
const MOST_MENTIONS: usize = 256;

impl Reading {
    pub(super) fn of(prompt: &str, negative_prompt: &str) -> Reading {
        let mut reading = Reading::default();
        reading.read(&words(prompt));
        reading.refuse(&words(negative_prompt));
        reading
    }

    fn read(&mut self, words: &[Word]) {
        let mut clause = Clause::default();
        let mut headed = false;
        let mut rest = words;
        while let Some((word, following)) = rest.split_first() {
            self.text.push_str(&word.text);
            self.text.push(' ');
            if word.opens_clause {
                clause = Clause::default();
            }
            let found = Lexicon::get().longest(rest);
            let words = found.as_ref().map_or(1, |found| found.words);
            let (term, after) = rest.split_at(words.min(rest.len()));
            clause.count(term);
            if let Some(found) = found {
                for further in term.iter().skip(1) {
                    self.text.push_str(&further.text);
                    self.text.push(' ');
                }
                if let Some(role) = relation_of_term(term) {
                    clause.relate(role);
                }
                if !matches!(clause.refusing, Refusing::Awaiting(_)) {
                    clause.refusing = Refusing::No;
                    // What comes first is what the prompt is about, whatever stands before it.
                    let role = if headed { clause.role } else { Role::Head };
                    headed |= found.meanings.iter().any(is_thing);
                    self.mention(term, &found, role, &mut clause);
                } else {
                    self.refuse_all(found.meanings);
                    if found.meanings.iter().any(is_thing) {
                        clause.refusing = Refusing::Done;
                    }
                }
                rest = after;
                continue;
            }
            let text = word.text.as_str();
            if is_negation(text) {
                clause.refusing = Refusing::Awaiting(0);
            } else if is_and(text) {
                let goes_on = following.first().is_none_or(|next| !is_small(&next.text));
                if matches!(clause.refusing, Refusing::Done) && goes_on {
                    clause.refusing = Refusing::Awaiting(0);
                }
            } else if let Some(role) = relation(text) {
                clause.relate(if text == "in" && is_front_of(following) {
                    Role::Company
                } else {
                    role
                });
                if matches!(clause.refusing, Refusing::Done) {
                    clause.refusing = Refusing::No;
                }
            } else if !(is_small(text) || describes(text) || numeral(text).is_some()) {
                clause.counted = None;
                clause.refusing = match clause.refusing {
                    Refusing::Awaiting(passed) if passed < 2 => Refusing::Awaiting(passed + 1),
                    _ => Refusing::No,
                };
                if matches!(clause.refusing, Refusing::No) {
                    self.wonder(text);
                }
            }
            clause.adjacent = false;
            rest = following;
        }
    }

    fn mention(&mut self, term: &[Word], found: &Found<'static>, role: Role, clause: &mut Clause) {
        let adjacent = std::mem::replace(&mut clause.adjacent, true);
        if let Some(last) = self.wanted.last_mut() {
            last.qualifies_next = adjacent;
        }
        if self.wanted.len() >= MOST_MENTIONS {
            return;
        }
        let meanings = found.meanings;
        let term: Vec<&str> = term.iter().map(|word| word.text.as_str()).collect();
        let term = term.join(" ");
        let mut number = Number::Open;
        if meanings.iter().any(|meaning| matches!(meaning, Meaning::Color(_))) {
            clause.uncolored += 1;
        } else if meanings.iter().any(is_body) {
            number = match clause.counted.take() {
                Some(exactly @ Number::Exactly(_)) => exactly,
                _ if found.plural || is_collective(&term) => Number::Many,
                counted => counted.unwrap_or(Number::Open),
            };
            let first = self.wanted.len().saturating_sub(clause.uncolored);
            for color in self.wanted.iter_mut().skip(first) {
                color.colors = meanings;
            }
            clause.uncolored = 0;
        } else if clause.uncolored > 0 {
            // What describes the thing between its colour and its name is passed over.
            clause.uncolored += 1;
        }
        self.wanted.push(Mention {
            term,
            meanings,
            role,
            qualifies_next: false,
            number,
            colors: &[],
        });
    }

    fn refuse_all(&mut self, meanings: &[Meaning]) {
        for meaning in meanings {
            if !self.refused.contains(meaning) {
                self.refused.push(*meaning);
            }
        }
    }

    fn wonder(&mut self, text: &str) {
        let told = self.strange.iter().any(|known| known == text);
        if !told && self.strange.len() < MOST_STRANGE {
            self.strange.push(text.to_owned());
        }
    }

    /// All of a negative prompt is refused, with or without "no" before it.
    fn refuse(&mut self, words: &[Word]) {
        let mut rest = words;
        while !rest.is_empty() {
            let found = Lexicon::get().longest(rest);
            self.refuse_all(found.as_ref().map_or(&[], |found| found.meanings));
            rest = rest.get(found.map_or(1, |found| found.words)..).unwrap_or_default();
        }
    }
}

/// What can be refused by itself; a word such as "dark" only describes what follows.
fn is_thing(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Subject(..)
            | Meaning::Prop(_)
            | Meaning::Flower(_)
            | Meaning::Figure(_)
            | Meaning::Light(..)
            | Meaning::Weather(_)
            | Meaning::Traffic
            | Meaning::Undrawn(_)
            | Meaning::Color(_)
    )
}

/// What has a body: it can be counted, and have a colour of its own.
fn is_body(meaning: &Meaning) -> bool {
    matches!(
        meaning,
        Meaning::Subject(..)
            | Meaning::Prop(_)
            | Meaning::Flower(_)
            | Meaning::Figure(_)
            | Meaning::Traffic
            | Meaning::Undrawn(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::prompt::Subject;

    fn subjects(prompt: &str) -> Vec<(Subject, Role)> {
        Reading::of(prompt, "")
            .wanted
            .iter()
            .flat_map(|mention| mention.meanings.iter().map(|meaning| (*meaning, mention.role)))
            .filter_map(|(meaning, role)| match meaning {
                Meaning::Subject(subject, _) => Some((subject, role)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn prepositions_give_roles() {
        use Subject::{Forest, Lake, Mountains, Sea};
        assert_eq!(
            subjects("a lake in the mountains"),
            [(Lake, Role::Head), (Mountains, Role::Setting)]
        );
        assert_eq!(subjects("forest, sea"), [(Forest, Role::Head), (Sea, Role::Head)]);
        assert_eq!(
            subjects("a forest in front of mountains"),
            [(Forest, Role::Head), (Mountains, Role::Company)]
        );
    }

    #[test]
    fn refusals_reach_as_far_as_they_say() {
        use Subject::{Forest, Lake};
        assert_eq!(subjects("no sea or city, lake"), [(Lake, Role::Head)]);
        assert_eq!(subjects("lake without any city and a forest").len(), 2);
        assert_eq!(subjects("no city in a forest"), [(Forest, Role::Head)]);
        assert_eq!(subjects("not at a lake"), []);
    }

    #[test]
    fn strange_words_are_told_once() {
        assert_eq!(Reading::of("Zorbs, zorbs & a frob in a lake", "").strange, ["zorbs", "frob"]);
    }
}
