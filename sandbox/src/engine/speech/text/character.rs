//! Characters: what is written in any type or script, in plain letters and signs.

/// Signs beside the ASCII ones that have a reading of their own.
const READABLE: &str = "€£¥₹°×÷±≈²³½¼¾";

/// A text in plain letters and signs, and how many characters stand for no English sound, such as
/// emoji and other scripts.
pub(super) fn plain(written: &str) -> (String, usize) {
    let mut text = String::with_capacity(written.len());
    let mut left_out = 0;
    let mut previous = ' ';
    let mut rest = written.chars();
    while let Some(character) = rest.next() {
        let next = rest.clone().next().unwrap_or(' ');
        match character {
            '\n' => text.push('\n'),
            '‘' | '’' | '′' => text.push('\''),
            '“' | '”' | '„' | '«' | '»' | '″' => text.push('"'),
            '–' if previous.is_ascii_digit() && next.is_ascii_digit() => text.push('-'),
            '‐' | '‑' | '−' => text.push('-'),
            '–' | '—' => text.push_str(" -- "),
            '…' => text.push_str("..."),
            '™' | '®' | '©' | '•' | '·' => text.push(' '),
            '¿' | '¡' => {}
            '０'..='９' => text.extend(full_width_digit(character)),
            _ if READABLE.contains(character) => text.push(character),
            _ if is_invisible(character) => {}
            _ if character.is_whitespace() || character.is_ascii_control() => text.push(' '),
            _ if character.is_ascii() => text.push(character),
            _ => match unaccented(character) {
                Some(letters) => text.push_str(letters),
                None => {
                    left_out += 1;
                    text.push(' ');
                }
            },
        }
        previous = character;
    }
    (text, left_out)
}

fn full_width_digit(character: char) -> Option<char> {
    char::from_digit(u32::from(character).checked_sub(u32::from('０'))?, 10)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_becomes_plain_and_other_scripts_are_counted() {
        assert_eq!(plain("“Don’t” — 3–7…"), ("\"Don't\"  --  3-7...".into(), 0));
        assert_eq!(plain("Café Škoda, Łódź, straße"), ("Cafe Skoda, Lodz, strasse".into(), 0));
        assert_eq!(plain("€５ ×2"), ("€5 ×2".into(), 0));
        let (text, left_out) = plain("Hello 😀 world 日本");
        assert_eq!((text.split_whitespace().count(), left_out), (2, 3));
        assert_eq!(plain("👩‍🚀 ❤️").1, 3);
    }
}
