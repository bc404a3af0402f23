//! From a prompt to what it mentions: which known terms, in what role, wanted or refused.

use super::lexicon::{Lexicon, Meaning};
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
        let lexicon = Lexicon::get();
        let (mut role, mut refusing, mut adjacent) = (Role::Head, Refusing::No, false);
        let mut headed = false;
        let mut rest = words;
        while let Some((word, following)) = rest.split_first() {
            self.text.push_str(&word.text);
            self.text.push(' ');
            if word.opens_clause {
                (role, refusing, adjacent) = (Role::Head, Refusing::No, false);
            }
            if let Some((meanings, count)) = lexicon.longest(rest) {
                let (term, after) = rest.split_at(count.min(rest.len()));
                for further in term.iter().skip(1) {
                    self.text.push_str(&further.text);
                    self.text.push(' ');
                }
                role = relation(&word.text).filter(|_| count > 1).unwrap_or(role);
                if !matches!(refusing, Refusing::Awaiting(_)) {
                    refusing = Refusing::No;
                    // What comes first is what the prompt is about, whatever stands before it.
                    let place = if headed { role } else { Role::Head };
                    headed |= meanings.iter().any(is_thing);
                    self.mention(term, meanings, place, adjacent);
                    adjacent = true;
                } else {
                    self.refuse_all(meanings);
                    if meanings.iter().any(is_thing) {
                        refusing = Refusing::Done;
                    }
                }
                rest = after;
                continue;
            }
            let text = word.text.as_str();
            if is_negation(text) {
                refusing = Refusing::Awaiting(0);
            } else if matches!(text, "and" | "or" | "nor" | "und" | "et" | "y" | "e" | "ou") {
                let goes_on = following.first().is_none_or(|next| !is_small(&next.text));
                if matches!(refusing, Refusing::Done) && goes_on {
                    refusing = Refusing::Awaiting(0);
                }
            } else if let Some(relation) = relation(text) {
                if text == "in" && is_front_of(following) {
                    role = Role::Company;
                } else if !(text == "front" || text == "of") {
                    role = relation;
                }
                if matches!(refusing, Refusing::Done) {
                    refusing = Refusing::No;
                }
            } else if !(is_small(text) || describes(text)) {
                refusing = match refusing {
                    Refusing::Awaiting(passed) if passed < 2 => Refusing::Awaiting(passed + 1),
                    _ => Refusing::No,
                };
                if matches!(refusing, Refusing::No) {
                    self.wonder(text);
                }
            }
            adjacent = false;
            rest = following;
        }
    }

    fn mention(&mut self, term: &[Word], meanings: &'static [Meaning], role: Role, adjacent: bool) {
        if let Some(last) = self.wanted.last_mut() {
            last.qualifies_next = adjacent;
        }
        if self.wanted.len() >= MOST_MENTIONS {
            return;
        }
        let term: Vec<&str> = term.iter().map(|word| word.text.as_str()).collect();
        let term = term.join(" ");
        self.wanted.push(Mention { term, meanings, role, qualifies_next: false });
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
            let (meanings, count) = Lexicon::get().longest(rest).unwrap_or((&[], 1));
            self.refuse_all(meanings);
            rest = rest.get(count..).unwrap_or_default();
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

fn is_negation(word: &str) -> bool {
    matches!(
        word,
        "no" | "without"
            | "not"
            | "never"
            | "excluding"
            | "except"
            | "minus"
            | "avoid"
            | "dont"
            | "ohne"
            | "kein"
            | "keine"
            | "nicht"
            | "sans"
            | "senza"
            | "sem"
            | "nor"
    )
}

fn is_front_of(words: &[Word]) -> bool {
    let mut texts = words.iter().map(|word| word.text.as_str());
    texts.next() == Some("front") && texts.next() == Some("of")
}

/// The role of what follows a preposition.
fn relation(word: &str) -> Option<Role> {
    Some(match word {
        "in" | "on" | "at" | "through" | "across" | "into" | "inside" | "within" | "among"
        | "amid" | "along" | "onto" | "upon" | "throughout" | "around" | "im" | "am" | "auf"
        | "dans" | "sur" | "en" | "nel" | "nella" | "sul" | "sulla" | "na" | "em"
        | "surrounded" => Role::Setting,
        "with" | "by" | "near" | "over" | "above" | "under" | "beneath" | "below" | "behind"
        | "beside" | "besides" | "between" | "against" | "from" | "beyond" | "toward"
        | "towards" | "next" | "opposite" | "before" | "past" | "featuring" | "plus" | "uber"
        | "unter" | "hinter" | "vor" | "neben" | "mit" | "bei" | "avec" | "sous" | "devant"
        | "derriere" | "con" | "sobre" | "bajo" | "sopra" | "sotto" | "com" | "sob" => {
            Role::Company
        }
        _ => return None,
    })
}

/// Words that only hold others together, in the languages of the tables.
fn is_small(word: &str) -> bool {
    #[rustfmt::skip]
    const SMALL: &[&str] = &[
        "a", "about", "after", "again", "ago", "al", "all", "almost", "already", "also",
        "although", "always", "am", "an", "any", "are", "arent", "as", "au", "aux", "be",
        "because", "been", "being", "both", "but", "can", "come", "comes", "coming", "could",
        "da", "das", "de", "dei", "del", "della", "dem", "den", "der", "des", "di", "die", "do",
        "does", "dos", "down", "du", "during", "each", "ein", "eine", "einem", "einen", "einer",
        "either", "el", "even", "ever", "every", "for", "get", "gli", "go", "goes", "going",
        "got", "had", "has", "have", "he", "her", "here", "hers", "him", "his", "however", "i",
        "if", "il", "im", "instead", "is", "isnt", "it", "its", "just", "la", "las", "later",
        "le", "les", "let", "lets", "lo", "los", "made", "may", "maybe", "me", "might", "mine",
        "more", "most", "much", "must", "my", "neither", "o", "of", "off", "often", "ok", "okay",
        "only", "onto", "os", "other", "our", "out", "own", "per", "perhaps", "quite", "rather",
        "really", "shall", "should", "since", "so", "some", "sometimes", "soon", "such", "than",
        "that", "thats", "the", "their", "them", "then", "there", "theres", "these", "they",
        "this", "those", "though", "to", "too", "um", "uma", "un", "una", "une", "until", "up",
        "us", "very", "vom", "von", "was", "wasnt", "we", "well", "were", "what", "whats", "when",
        "where", "whether", "which", "while", "who", "whose", "will", "would", "yes", "yet",
        "you", "your", "zu", "zum", "zur",
    ];
    SMALL.binary_search(&word).is_ok() || word.starts_with(|c: char| c.is_ascii_digit())
}

/// Words that say how or what somebody does, by their endings: nothing that could be drawn.
fn describes(word: &str) -> bool {
    word.len() > 5
        && ["ing", "ed", "ly", "ful", "ous", "ive", "ish", "less", "est", "able", "ward"]
            .iter()
            .any(|ending| word.ends_with(ending))
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
