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
        let mut speech = Speech::default();
        let mut rest = words.as_slice();
        while let Some(first) = rest.first() {
            let reading = read(rest);
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
fn read(words: &[Word<'_>]) -> Reading {
    let core = words.first().map_or("", |word| word.core);
    address::read(words)
        .or_else(|| calendar::read(words))
        .or_else(|| quantity::read(words))
        .or_else(|| abbreviation::read(words))
        .unwrap_or_else(|| Reading::of_one(without_signs(core)))
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
mod tests {
    use std::sync::Arc;

    use flite_rs::language::Language;
    use flite_rs::{Engine, VoiceParams, pipeline};

    use super::*;
    use crate::engine::speech::breath::Breath;

    /// The words that are said, with the marks that they are said with and `|` for a long pause.
    fn said(language: &Arc<Language>, written: &str) -> String {
        let mut said = String::new();
        for breath in Breath::all(&Speakable::from_written(written).text) {
            if breath.pause > 0.0 {
                said.push_str("| ");
            }
            let utterance = pipeline::analyse(language, &breath.tokens, &VoiceParams::default());
            for token in utterance.iter_relation("Token") {
                let mut word = utterance.daughter(token);
                while let Some(item) = word {
                    said.push_str(utterance.name(item).trim_start_matches('_'));
                    word = utterance.next(item);
                    said.push_str(if word.is_some() { " " } else { "" });
                }
                said.push_str(utterance.feature_str(token, "punc"));
                said.push(' ');
            }
        }
        said.trim_end().to_owned()
    }

    /// What is written, and what is said.
    const READINGS: &[(&str, &str)] = &[
        // Whole numbers, decimals, signs.
        ("0", "zero"),
        ("42", "forty two"),
        ("1,234 people", "one thousand two hundred thirty four people"),
        ("1,000,000", "one million"),
        (
            "123456789",
            "one hundred twenty three million four hundred fifty six thousand seven hundred eighty nine",
        ),
        ("agent 007", "agent zero zero seven"),
        ("3.14", "three point one four"),
        (".5", "zero point five"),
        ("1,234.5", "one thousand two hundred thirty four point five"),
        ("-5 and +3", "minus five and plus three"),
        ("1.5 million", "one point five million"),
        ("5 + 3 = 8", "five plus three equals eight"),
        ("2 × 3 ÷ 4", "two times three divided by four"),
        ("x < y", "x less than y"),
        // Ordinals, fractions, ranges, ratios.
        ("1st, 2nd, 3rd, 4th", "first, second, third, fourth"),
        ("the 21st century", "the twenty first century"),
        ("100th", "one hundredth"),
        ("1/2 cup", "one half cup"),
        ("3/4 full", "three quarters full"),
        ("2/3 of it", "two thirds of it"),
        ("2½ hours", "two and a half hours"),
        ("½", "one half"),
        ("open 24/7", "open twenty four seven"),
        ("pages 3–7", "pages three to seven"),
        ("5-10 days", "five to ten days"),
        ("a 3:1 majority", "a three to one majority"),
        ("1920x1080", "one thousand nine hundred twenty by one thousand eighty"),
        ("4×4", "four by four"),
        ("2x faster", "two times faster"),
        ("#1", "number one"),
        ("v2.0", "version two point zero"),
        ("version 1.2.3", "version one point two point three"),
        // Money.
        ("It costs $19.99.", "it costs nineteen dollars and ninety nine cents."),
        ("$19.99 is cheap", "nineteen dollars and ninety nine cents is cheap"),
        ("$1", "one dollar"),
        ("$1.01", "one dollar and one cent"),
        ("$0.50", "fifty cents"),
        ("$1,500", "one thousand five hundred dollars"),
        ("$5 million", "five million dollars"),
        ("$2.5M", "two point five million dollars"),
        ("€5", "five euros"),
        ("20€", "twenty euros"),
        ("£3.20", "three pounds and twenty pence"),
        ("¥500", "five hundred yen"),
        ("USD 20", "twenty dollars"),
        ("20 EUR", "twenty euros"),
        // Measures.
        ("5km", "five kilometers"),
        ("5 km", "five kilometers"),
        ("1 kg", "one kilogram"),
        ("90 km/h", "ninety kilometers per hour"),
        ("20°C", "twenty degrees celsius"),
        ("-4 °F", "minus four degrees fahrenheit"),
        ("a 45° angle", "a forty five degrees angle"),
        ("100%", "one hundred percent"),
        ("3.5 %", "three point five percent"),
        ("10-20%", "ten to twenty percent"),
        ("16GB", "sixteen gigabytes"),
        ("2.4 GHz", "two point four gigahertz"),
        ("6ft", "six feet"),
        ("10²", "ten squared"),
        // Times and dates.
        ("at 9:30", "at nine thirty"),
        ("9:05 am", "nine oh five a m"),
        ("9am", "nine a m"),
        ("at 10 p.m. today", "at ten p m today"),
        ("14:00", "fourteen oclock"),
        ("1:02:03", "one, two, and three seconds"),
        ("2024-05-17", "may seventeenth, twenty twenty four"),
        ("5/17/2024", "may seventeenth, twenty twenty four"),
        ("July 4, 1776", "july fourth, seventeen seventy six"),
        ("on May 3rd", "on may third"),
        ("Jan. 5", "january fifth"),
        ("17 May 2024", "the seventeenth of may twenty twenty four"),
        ("in 1984", "in nineteen eighty four"),
        ("in 2005", "in two thousand five"),
        ("1500 horses", "one thousand five hundred horses"),
        ("the 1990s", "the nineteen nineties"),
        ("the '80s", "the eighties"),
        // Addresses.
        ("https://www.example.com/a-b", "w w w dot example dot com slash a dash b"),
        ("See example.org.", "see example dot org."),
        ("info@example.co.uk", "info at example dot co dot u k"),
        ("555-1234", "five five five, one two three four"),
        ("(555) 123-4567", "five five five, one two three, four five six seven"),
        ("+1 555 123 4567", "plus one, five five five, one two three, four five six seven"),
        // Abbreviations and initialisms.
        ("Dr. Smith and Mrs. Jones", "doctor smith and missus jones"),
        ("Main St. is long", "main street is long"),
        ("St. John", "saint john"),
        ("Bach, Vivaldi, etc.", "bach, vivaldi, et cetera."),
        ("fruit, e.g. pears", "fruit, for example pears"),
        ("No. 5", "number five"),
        ("J. Smith", "j smith"),
        ("U.S. law", "u s law"),
        ("the USA", "the u s a"),
        ("an API and two URLs", "an a p i and two u r l s"),
        ("FBI", "f b i"),
        ("NASA", "nasa"),
        ("an MP3", "an m p three"),
        ("a Ph.D.", "a p h d."),
        ("Henry VIII", "henry the eighth"),
        ("Chapter IV", "chapter four"),
        // Signs in words.
        ("salt & pepper", "salt and pepper"),
        ("C++ and C#", "c plus plus and c sharp"),
        ("and/or", "and or"),
        ("#sunset", "hashtag sunset"),
        ("well-known", "well known"),
        ("I will read. I have read.", "i will reed. i have red."),
        // Pauses.
        ("wait — what", "wait, what"),
        ("wait - what", "wait, what"),
        ("Well… no", "well, | no"),
        ("one (two) three", "one, two, three"),
        ("one (two).", "one, two."),
        ("“Don’t,” he said.", "dont, he said."),
        ("really?!", "really?"),
        ("Stop! Now: go; run", "stop! now: go; run"),
        ("*bold* and _italic_", "bold and italic"),
        ("First.\n\nSecond.", "first. | second."),
        ("no stop\n\nthen more", "no stop. | then more"),
        ("it ended. then more", "it ended. then more"),
    ];

    #[test]
    fn what_is_written_is_read_as_people_say_it() {
        let language = Engine::try_new().unwrap().language();
        assert!(READINGS.len() > 80);
        let wrong: Vec<String> = READINGS
            .iter()
            .map(|(written, expected)| (written, expected, said(&language, written)))
            .filter(|(_, expected, said)| *expected != said)
            .map(|(written, expected, said)| format!("{written}: {said}, not {expected}"))
            .collect();
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn a_text_of_signs_is_silent() {
        for silent in ["👩‍🚀 ❤️ …!", "", "?!", "(...)", "日本語"] {
            assert!(Speakable::from_written(silent).is_silent(), "{silent}");
        }
        assert_eq!(Speakable::from_written("Hello 😀 world 日本").left_out, 3);
    }

    #[test]
    fn endless_words_are_cut() {
        let text = Speakable::from_written(&"a".repeat(1000)).text;
        assert!(text.split_whitespace().all(|word| word.len() <= MAX_WORD));
        assert_eq!(text.replace(' ', "").len(), 1000);
    }

    #[test]
    fn nothing_that_can_be_written_fails() {
        for nasty in ["$", "-", "1/0", "€.", "::", "@.", "99999999999999999999$", "1-", "#", "'s"]
        {
            for text in [nasty.to_owned(), nasty.repeat(50), format!("5{nasty}5 {nasty} 5")] {
                let spoken = Speakable::from_written(&text).text;
                assert!(spoken.is_ascii(), "{text}: {spoken}");
            }
        }
    }
}
