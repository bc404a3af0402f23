//! A text as a list of words in one spelling.

/// A word in lower case without accents, and whether a new clause begins with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) opens_clause: bool,
}

/// More words than the longest prompt has in any language; texts of single signs end here.
const MOST_WORDS: usize = 6000;

/// Splits a text into words, the first few thousand of them. Hyphens separate ("close-up" is
/// "close up"), apostrophes do not ("bird's" is "birds"); every other sign ends a clause. A picture
/// sign such as an emoji is a word by itself.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut current = String::new();
    let mut opens_clause = true;
    for sign in text.chars() {
        if sign.is_alphanumeric() {
            fold_into(&mut current, sign);
            continue;
        }
        if is_inside_words(sign) {
            continue;
        }
        finish(&mut current, &mut opens_clause, &mut words);
        if is_picture_sign(sign) {
            current.push(sign);
            finish(&mut current, &mut opens_clause, &mut words);
        }
        opens_clause |= !(is_picture_sign(sign) || is_space(sign));
        if words.len() >= MOST_WORDS {
            break;
        }
    }
    finish(&mut current, &mut opens_clause, &mut words);
    words
}

/// Puts the current word, if there is one, on the list.
fn finish(current: &mut String, opens_clause: &mut bool, words: &mut Vec<Word>) {
    if !current.is_empty() {
        let text = std::mem::take(current);
        words.push(Word { text, opens_clause: std::mem::replace(opens_clause, false) });
    }
}

/// What stands between the words of one clause.
fn is_space(sign: char) -> bool {
    matches!(sign, ' ' | '-' | '_' | '\t' | '/' | '&' | '"' | '“' | '”')
}

/// Apostrophes, soft hyphens, joiners, variation selectors and accents written apart.
fn is_inside_words(sign: char) -> bool {
    matches!(sign, '\'' | '’' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
        || matches!(sign, '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}')
}

fn is_picture_sign(sign: char) -> bool {
    matches!(sign, '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{1F300}'..='\u{1FAFF}')
}

/// Lower case, accents dropped, so that "Forêt" and "foret" are one word.
fn fold_into(word: &mut String, sign: char) {
    if sign.is_ascii() {
        word.push(sign.to_ascii_lowercase());
        return;
    }
    for small in sign.to_lowercase() {
        match small {
            'à'..='å' | 'ā' | 'ă' | 'ą' => word.push('a'),
            'ç' | 'ć' | 'č' => word.push('c'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => word.push('e'),
            'ì'..='ï' | 'ī' => word.push('i'),
            'ñ' | 'ń' | 'ň' => word.push('n'),
            'ò'..='ö' | 'ø' | 'ō' => word.push('o'),
            'ù'..='ü' | 'ū' | 'ů' => word.push('u'),
            'ý' | 'ÿ' => word.push('y'),
            'ß' => word.push_str("ss"),
            'æ' => word.push_str("ae"),
            'œ' => word.push_str("oe"),
            other => word.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn one_spelling_for_every_way_to_write() {
        for text in ["Close-Up", "close up", "CLOSE_UP", " close\t up "] {
            assert_eq!(spelled(text), ["close", "up"], "{text}");
        }
        assert_eq!(spelled("bird’s-eye"), ["birds", "eye"]);
        assert_eq!(spelled("Forêt über Straße"), ["foret", "uber", "strasse"]);
        assert_eq!(spelled("fore\u{302}t"), ["foret"]);
        assert_eq!(spelled("sea\u{200B}side"), ["seaside"]);
        assert_eq!(spelled("🏔️🌊lake"), ["🏔", "🌊", "lake"]);
    }

    #[test]
    fn signs_open_clauses_and_spaces_do_not() {
        let opening: Vec<bool> =
            words("a lake, calm (dawn:1.2)").iter().map(|word| word.opens_clause).collect();
        assert_eq!(opening, [true, false, true, true, true, true]);
        assert_eq!(words(" \u{0}\u{202E}"), []);
    }
}
