//! Words that hold others together: articles, numbers, prepositions, negations.

use super::reading::{Number, Role};
use super::words::Word;

/// How many an article or a number stands for.
pub(super) fn numeral(word: &str) -> Option<Number> {
    Some(match word {
        "a" | "an" | "one" | "single" | "lone" | "solitary" | "ein" | "eine" | "einer" | "un"
        | "une" | "una" | "uno" | "um" | "uma" => Number::One,
        "two" | "pair" | "couple" | "zwei" | "deux" => Number::Exactly(2),
        "three" | "trio" | "drei" | "trois" | "tres" => Number::Exactly(3),
        "four" | "vier" | "quatre" | "cuatro" => Number::Exactly(4),
        "five" => Number::Exactly(5),
        "six" => Number::Exactly(6),
        "seven" => Number::Exactly(7),
        "eight" => Number::Exactly(8),
        "nine" => Number::Exactly(9),
        "ten" => Number::Exactly(10),
        "eleven" => Number::Exactly(11),
        "twelve" | "dozen" => Number::Exactly(12),
        "twenty" => Number::Exactly(20),
        "hundred" | "thousand" => Number::Exactly(100),
        "few" | "several" | "many" | "multiple" | "numerous" | "herd" | "flock" | "pack"
        | "fleet" | "group" | "row" | "lots" | "dozens" | "hundreds" | "thousands" => Number::Many,
        _ => match word.parse() {
            Ok(1) => Number::One,
            Ok(number @ 2u8..) => Number::Exactly(number),
            _ => return None,
        },
    })
}

/// Words that a number before them measures or describes: no thing is counted by it.
pub(super) fn takes_number(word: &str) -> bool {
    matches!(
        word,
        "year"
            | "years"
            | "yr"
            | "month"
            | "week"
            | "day"
            | "hour"
            | "minute"
            | "season"
            | "century"
            | "story"
            | "storey"
            | "stories"
            | "level"
            | "floor"
            | "meter"
            | "metre"
            | "foot"
            | "feet"
            | "mile"
            | "mm"
            | "degree"
            | "percent"
            | "masted"
            | "bladed"
            | "legged"
            | "headed"
            | "eyed"
            | "sided"
            | "storied"
            | "tiered"
            | "arched"
    )
}

/// Words that name several by themselves.
pub(super) fn is_collective(term: &str) -> bool {
    matches!(
        term,
        "people"
            | "men"
            | "women"
            | "children"
            | "crowd"
            | "family"
            | "friends"
            | "parents"
            | "village"
            | "hamlet"
            | "regatta"
            | "wolves"
            | "foxes"
            | "flock"
            | "flock of birds"
            | "birds"
            | "migrating birds"
            | "geese"
            | "swallows"
            | "pigeons"
            | "doves"
            | "crows"
            | "ravens"
            | "kids"
    )
}

pub(super) fn is_and(word: &str) -> bool {
    matches!(word, "and" | "or" | "nor" | "und" | "et" | "y" | "e" | "ou")
}

pub(super) fn is_negation(word: &str) -> bool {
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

pub(super) fn is_front_of(words: &[Word]) -> bool {
    let mut texts = words.iter().map(|word| word.text.as_str());
    texts.next() == Some("front") && texts.next() == Some("of")
}

/// The role of what follows a preposition.
pub(super) fn relation(word: &str) -> Option<Role> {
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

/// The role of what follows a term of several words, such as "at the foot of".
pub(super) fn relation_of_term(term: &[Word]) -> Option<Role> {
    match term {
        [close, to] if close.text == "close" && to.text == "to" => Some(Role::Company),
        [out, of] if out.text == "out" && of.text == "of" => Some(Role::Company),
        [first, _, ..] => relation(&first.text),
        _ => None,
    }
}

/// Words that only hold others together, in the languages of the tables.
pub(super) fn is_small(word: &str) -> bool {
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
pub(super) fn describes(word: &str) -> bool {
    word.len() > 5
        && ["ing", "ed", "ly", "ful", "ous", "ive", "ish", "less", "est", "able", "ward"]
            .iter()
            .any(|ending| word.ends_with(ending))
}

/// Whether a word only says how others stand to one another.
#[cfg(test)]
pub(super) fn holds_together(word: &str) -> bool {
    let spelled = word.starts_with(char::is_alphabetic);
    relation(word).is_some() || is_negation(word) || is_and(word) || spelled && is_small(word)
}
