//! Written text to what the voice can say: plain ASCII words and punctuation.
//!
//! The synthesiser itself reads numbers, dollars, times and common abbreviations. What it would
//! skip or spell out byte by byte is put into words here: signs, other currencies, typographic
//! punctuation, accented letters.

/// Longest run of letters that is read as one word; the letter-to-sound rules take time that
/// grows with the square of a word's length.
const MAX_WORD: usize = 32;

/// A text ready for the voice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Speakable {
    /// ASCII only.
    pub(super) text: String,
    /// Characters that stand for no English sound, such as emoji and other scripts.
    pub(super) left_out: usize,
}

impl Speakable {
    /// Prepares a text.
    pub(super) fn from_written(written: &str) -> Speakable {
        let mut speakable = Speakable { text: String::with_capacity(written.len()), left_out: 0 };
        let mut rest = written.chars();
        let mut previous = ' ';
        while let Some(character) = rest.next() {
            if let Some(unit) = Currency::of(character) {
                let amount = leading_amount(rest.as_str());
                speakable.push_money(unit, amount);
                rest = rest.as_str().get(amount.len()..).unwrap_or_default().chars();
            } else {
                let next = rest.clone().next().unwrap_or(' ');
                speakable.push(character, previous, next);
            }
            previous = character;
        }
        speakable.text = with_short_words(&speakable.text);
        speakable
    }

    /// Whether anything in it makes a sound.
    pub(super) fn is_silent(&self) -> bool {
        !self.text.bytes().any(|byte| byte.is_ascii_alphanumeric())
    }

    fn push(&mut self, character: char, previous: char, next: char) {
        let between_digits = previous.is_ascii_digit() && next.is_ascii_digit();
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => self.text.push(character),
            '\n' | ' ' | '.' | ',' | ':' | ';' | '?' | '!' | '\'' | '"' | '(' | ')' | '-' | '/'
            | '%' | '$' => self.text.push(character),
            '&' => self.push_word("and"),
            '@' => self.push_word("at"),
            '#' if next.is_ascii_digit() => self.push_word("number"),
            '+' => self.push_word("plus"),
            '=' => self.push_word("equals"),
            '×' => self.push_word("times"),
            '*' if between_digits => self.push_word("times"),
            '÷' => self.push_word("divided by"),
            '½' => self.push_word("a half"),
            '¼' => self.push_word("a quarter"),
            '¾' => self.push_word("three quarters"),
            '²' => self.push_word("squared"),
            '³' => self.push_word("cubed"),
            '°' if next == 'C' => self.push_word("degrees Celsius, "),
            '°' if next == 'F' => self.push_word("degrees Fahrenheit, "),
            '°' => self.push_word("degrees"),
            '‘' | '’' | '′' => self.text.push('\''),
            '“' | '”' | '„' | '«' | '»' | '″' => self.text.push('"'),
            '–' | '‐' | '‑' | '−' if between_digits => self.push_word("to"),
            '−' => self.text.push('-'),
            '‐' | '‑' => self.text.push('-'),
            '–' | '—' | '…' => self.push_pause(),
            '¿' | '¡' | '™' | '®' | '©' => {}
            _ if is_invisible(character) => {}
            _ if character.is_whitespace() || character.is_ascii() => self.text.push(' '),
            _ => match unaccented(character) {
                Some(letters) => self.text.push_str(letters),
                None => {
                    self.left_out += 1;
                    self.text.push(' ');
                }
            },
        }
    }

    fn push_word(&mut self, word: &str) {
        self.text.push(' ');
        self.text.push_str(word);
        self.text.push(' ');
    }

    fn push_pause(&mut self) {
        let end = self.text.trim_end().len();
        self.text.truncate(end);
        self.text.push_str(", ");
    }

    /// Says the unit after the amount, and hundredths after the unit.
    fn push_money(&mut self, currency: Currency, amount: &str) {
        let (whole, hundredths) = match amount.split_once('.') {
            Some((whole, hundredths)) if hundredths.len() == 2 => (whole, hundredths),
            _ => (amount, ""),
        };
        let name = if amount == "1" { currency.one } else { currency.many };
        self.push_word(whole);
        self.push_word(name);
        if !hundredths.is_empty() && hundredths != "00" {
            self.push_word(hundredths.trim_start_matches('0'));
        }
    }
}

/// A currency that the synthesiser does not know.
#[derive(Clone, Copy)]
struct Currency {
    one: &'static str,
    many: &'static str,
}

impl Currency {
    fn of(sign: char) -> Option<Currency> {
        let (one, many) = match sign {
            '€' => ("euro", "euros"),
            '£' => ("pound", "pounds"),
            '¥' => ("yen", "yen"),
            '₹' => ("rupee", "rupees"),
            _ => return None,
        };
        Some(Currency { one, many })
    }
}

/// The number that a text begins with, such as `1,234.50`; it does not end with punctuation.
fn leading_amount(text: &str) -> &str {
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().trim_end_matches([',', '.'])
}

/// Marks that combine, join or select a form without a sound of their own.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{300}'..='\u{36f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

/// The nearest English letters of an accented Latin letter.
fn unaccented(character: char) -> Option<&'static str> {
    Some(match character {
        'À'..='Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'Æ' => "Ae",
        'æ' => "ae",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'Ď' | 'Đ' | 'Ð' => "D",
        'ď' | 'đ' | 'ð' => "d",
        'È'..='Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'Ì'..='Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'Œ' => "Oe",
        'œ' => "oe",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'Ţ' | 'Ť' | 'Ț' => "T",
        'ţ' | 'ť' | 'ț' => "t",
        'Þ' => "Th",
        'þ' => "th",
        'Ù'..='Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'Ý' | 'Ÿ' => "Y",
        'ý' | 'ÿ' => "y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

fn with_short_words(text: &str) -> String {
    let mut short = String::with_capacity(text.len());
    let mut run = 0;
    for character in text.chars() {
        run = if character.is_whitespace() { 0 } else { run + 1 };
        if run > MAX_WORD {
            short.push(' ');
            run = 1;
        }
        short.push(character);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(written: &str) -> String {
        let text = Speakable::from_written(written).text;
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn signs_become_words() {
        assert_eq!(spoken("salt & pepper @ 5 + 3 = 8"), "salt and pepper at 5 plus 3 equals 8");
        assert_eq!(spoken("#1 of 10×10"), "number 1 of 10 times 10");
        assert_eq!(spoken("pages 3–7"), "pages 3 to 7");
        assert_eq!(spoken("wait — what…"), "wait, what,");
        assert_eq!(spoken("“Don’t”"), "\"Don't\"");
    }

    #[test]
    fn money_is_read_with_its_unit_behind() {
        assert_eq!(spoken("It costs $19.99."), "It costs $19.99.");
        assert_eq!(spoken("It costs €5."), "It costs 5 euros .");
        assert_eq!(spoken("£3.20, £1 or €1,000.00"), "3 pounds 20 , 1 pound or 1,000 euros");
        assert_eq!(spoken("a € sign"), "a euros sign");
    }

    #[test]
    fn accents_are_dropped_and_other_scripts_counted() {
        assert_eq!(spoken("Café Škoda, Łódź, straße"), "Cafe Skoda, Lodz, strasse");
        let mixed = Speakable::from_written("Hello 😀 world 日本");
        assert_eq!((mixed.left_out, mixed.is_silent()), (3, false));
        let emoji = Speakable::from_written("👩‍🚀 ❤️ …!");
        assert!(emoji.is_silent());
    }

    #[test]
    fn endless_words_are_cut() {
        let text = Speakable::from_written(&"a".repeat(1000)).text;
        assert!(text.split_whitespace().all(|word| word.len() <= MAX_WORD));
        assert_eq!(text.replace(' ', "").len(), 1000);
    }
}
