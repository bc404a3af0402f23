//! Written text to what the voice can say: plain words, commas and full stops.
//!
//! The synthesiser turns letters into sounds and knows how words are stressed. Everything that is
//! not written as it is said is put into words here first: numbers, money, dates, times, measures,
//! addresses, abbreviations, signs.

mod abbreviation;
mod address;
mod calendar;
mod character;
mod number;
mod quantity;
mod word;

use word::{Reading, Word};

/// Longest run of letters that is read as one word; the letter-to-sound rules take time that
/// grows with the square of a word's length.
const MAX_WORD: usize = 32;

/// Between what is said with a long pause: the synthesiser ends a sentence at a blank line.
const LONG_PAUSE: &str = "\n\n";

/// A text ready for the voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Speakable {
    /// ASCII only. Sentences end with a mark and two spaces, before a long pause with a blank line.
    pub(super) text: String,
    /// Characters that stand for no English sound, such as emoji and other scripts.
    pub(super) left_out: usize,
}

impl Speakable {
    /// Prepares a text.
    pub(super) fn from_written(written: &str) -> Speakable {
        let (plain, left_out) = character::plain(written);
        let words = Word::all(&plain);
        let capitals = is_in_capitals(&words);
        let mut speech = Speech::default();
        let mut rest = words.as_slice();
        while let Some(first) = rest.first() {
            let reading = read(rest, capitals);
            let taken = reading.taken.clamp(1, rest.len());
            let (read, following) = rest.split_at(taken);
            let last = read.last().unwrap_or(first);
            speech.open(first);
            speech.say(&reading.said);
            speech.close(last, following.first());
            rest = following;
        }
        Speakable { text: speech.text, left_out }
    }

    /// Whether anything in it makes a sound.
    pub(super) fn is_silent(&self) -> bool {
        !self.text.bytes().any(|byte| byte.is_ascii_alphanumeric())
    }
}

/// What is said for the words that begin here.
fn read(words: &[Word<'_>], capitals: bool) -> Reading {
    let core = words.first().map_or("", |word| word.core);
    address::read(words)
        .or_else(|| calendar::read(words))
        .or_else(|| quantity::read(words))
        .or_else(|| abbreviation::read(words, capitals))
        .unwrap_or_else(|| Reading::of_one(without_signs(core)))
}

/// Whether a text shouts: capitals say nothing about a word of it then. A headline of initialisms
/// is shorter.
fn is_in_capitals(words: &[Word<'_>]) -> bool {
    let is_long = |word: &&Word<'_>| word.core.bytes().filter(u8::is_ascii_alphabetic).count() > 1;
    let long = words.iter().filter(is_long).count();
    let shouted = words
        .iter()
        .filter(is_long)
        .filter(|word| !word.core.bytes().any(|byte| byte.is_ascii_lowercase()))
        .count();
    long > 3 && 2 * shouted > long
}

/// A word with its signs in words.
fn without_signs(core: &str) -> String {
    match core {
        "C++" => return "C plus plus".to_owned(),
        "C#" => return "C sharp".to_owned(),
        "w/" => return "with".to_owned(),
        "w/o" => return "without".to_owned(),
        "->" | "=>" | "-->" => return "to".to_owned(),
        _ => {}
    }
    let mut said = String::with_capacity(core.len());
    let mut previous = ' ';
    for (index, character) in core.char_indices() {
        let next = core.get(index + character.len_utf8()..).and_then(|rest| rest.chars().next());
        let alone = core.len() == character.len_utf8();
        let word = match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '\'' | '.' => {
                said.push(character);
                previous = character;
                continue;
            }
            '-' if previous.is_ascii_alphanumeric()
                && next.is_some_and(|c| c.is_ascii_alphanumeric()) =>
            {
                said.push('-');
                previous = character;
                continue;
            }
            '&' => "and",
            '@' => "at",
            '+' => "plus",
            '=' => "equals",
            '×' => "times",
            '*' if previous.is_ascii_digit() => "times",
            '÷' => "divided by",
            '±' => "plus or minus",
            '≈' => "is about",
            '<' => "less than",
            '>' => "greater than",
            '%' => "percent",
            '°' => "degrees",
            '²' => "squared",
            '³' => "cubed",
            '½' => "one half",
            '¼' => "one quarter",
            '¾' => "three quarters",
            '$' => "dollars",
            '€' => "euros",
            '£' => "pounds",
            '¥' => "yen",
            '₹' => "rupees",
            '#' if next.is_some_and(|next| next.is_ascii_alphabetic()) => "hashtag",
            '-' if alone => ",",
            _ => "",
        };
        said.push(' ');
        said.push_str(word);
        said.push(' ');
        previous = character;
    }
    said
}

/// The text as it grows.
#[derive(Default)]
struct Speech {
    text: String,
    /// Whether the next word begins a sentence.
    begins: bool,
}

impl Speech {
    /// Marks before a word.
    fn open(&mut self, word: &Word<'_>) {
        if word.paragraph {
            self.pause(".");
            self.pause(LONG_PAUSE);
        } else if word.opening.contains(['(', '[', '{']) {
            self.pause(",");
        }
    }

    /// Appends words and commas.
    fn say(&mut self, said: &str) {
        for word in said.split_whitespace() {
            if matches!(word, "," | ".") {
                self.pause(word);
                continue;
            }
            for part in parts(word) {
                if !self.text.is_empty() && !self.text.ends_with('\n') {
                    // Two spaces tell the synthesiser that the full stop before ended a sentence.
                    self.text.push_str(if self.begins { "  " } else { " " });
                }
                let mut letters = part.chars();
                match letters.next() {
                    Some(first) if self.begins => self.text.push(first.to_ascii_uppercase()),
                    Some(first) => self.text.push(first),
                    None => {}
                }
                self.text.push_str(letters.as_str());
                self.begins = false;
            }
        }
    }

    /// Marks behind a word.
    fn close(&mut self, word: &Word<'_>, next: Option<&Word<'_>>) {
        let marks = word.closing;
        if marks.contains("..") {
            self.pause(",");
            if next.is_some() {
                self.pause(LONG_PAUSE);
            }
        } else if marks.contains('?') {
            self.pause("?");
        } else if marks.contains('!') {
            self.pause("!");
        } else if marks.contains('.') && !abbreviation::owns_stop(word, next) {
            self.pause(".");
        } else if marks.contains(':') {
            self.pause(":");
        } else if marks.contains(';') {
            self.pause(";");
        } else if marks.contains([',', ')', ']', '}']) || word.core == "--" {
            self.pause(",");
        }
    }

    /// A mark, unless one stands there already; stronger ones take the place of weaker.
    fn pause(&mut self, mark: &str) {
        if self.text.is_empty() || self.text.ends_with('\n') {
            return;
        }
        if mark != LONG_PAUSE {
            if self.text.ends_with(['.', '?', '!', ':']) {
                return;
            }
            let end = self.text.trim_end_matches([',', ';']).len();
            self.text.truncate(end);
        }
        self.text.push_str(mark);
        self.begins = mark != "," && mark != ";";
    }
}

/// A word in runs that are short enough.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let (part, tail) = rest.split_at_checked(MAX_WORD).unwrap_or((rest, ""));
        rest = tail;
        (!part.is_empty()).then_some(part)
    })
}

#[cfg(test)]
mod tests;
