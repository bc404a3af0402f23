//! A breath in phones, as the networks of the port read them.

use std::sync::Arc;

use flite_rs::language::Language;
use flite_rs::{VoiceParams, pipeline};

use super::breath::Breath;

/// What a breath sounds like, written in [`LETTERS`](crate::engine::neural_voice::LETTERS).
pub(super) fn written(language: &Arc<Language>, breath: &Breath) -> String {
    let utterance = pipeline::analyse(language, &breath.tokens, &VoiceParams::default());
    let mut written = String::new();
    let mut last_word = None;
    for segment in utterance.iter_relation("Segment") {
        let phone = utterance.name(segment);
        if phone == "pau" {
            if !written.is_empty() && !written.ends_with(',') {
                written.push(',');
            }
            continue;
        }
        let syllable = utterance
            .item_as(segment, "SylStructure")
            .and_then(|segment| utterance.parent(segment));
        let word = syllable.and_then(|syllable| utterance.parent(syllable));
        if word != last_word && last_word.is_some() {
            written.push(' ');
        }
        last_word = word;
        let stressed =
            syllable.is_some_and(|syllable| utterance.feature_str(syllable, "stress") == "1");
        match vowel(phone, stressed) {
            Some(vowel) => {
                if stressed {
                    written.push('ˈ');
                }
                written.push_str(vowel);
            }
            None => written.push_str(consonant(phone)),
        }
    }
    let spoken = written.trim_end_matches([',', ' ']).len();
    written.truncate(spoken);
    let end = breath.tokens.last().map_or("", |token| token.punctuation.as_str());
    written.push(match end {
        _ if end.contains('?') => '?',
        _ if end.contains('!') => '!',
        _ if end.contains([',', ';', ':']) => ',',
        _ => '.',
    });
    written
}

fn vowel(phone: &str, stressed: bool) -> Option<&'static str> {
    Some(match phone {
        "aa" => "ɑ",
        "ae" => "æ",
        "ah" => "ʌ",
        "ao" => "ɔ",
        "aw" => "W",
        "ax" => "ə",
        "axr" => "əɹ",
        "ay" => "I",
        "eh" => "ɛ",
        "er" if stressed => "ɜɹ",
        "er" => "əɹ",
        "ey" => "A",
        "ih" => "ɪ",
        "iy" => "i",
        "ow" => "O",
        "oy" => "Y",
        "uh" => "ʊ",
        "uw" => "u",
        _ => return None,
    })
}

/// Where the two alphabets have the same letter, that one.
fn consonant(phone: &str) -> &str {
    match phone {
        "ch" => "ʧ",
        "dh" => "ð",
        "dx" => "ɾ",
        "el" => "ᵊl",
        "em" => "ᵊm",
        "en" => "ᵊn",
        "g" => "ɡ",
        "hh" | "hv" => "h",
        "jh" => "ʤ",
        "ng" => "ŋ",
        "nx" => "n",
        "r" => "ɹ",
        "sh" => "ʃ",
        "th" => "θ",
        "y" => "j",
        "zh" => "ʒ",
        same => same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::neural_voice::LETTERS;

    fn phones(text: &str) -> Vec<String> {
        let language = flite_rs::Engine::try_new().unwrap().language();
        Breath::all(text).map(|breath| written(&language, &breath)).collect()
    }

    #[test]
    fn words_are_written_apart_with_stress_and_the_end_of_the_sentence() {
        assert_eq!(phones("The birch canoe."), ["ðə bˈɜɹʧ kənˈu."]);
        assert_eq!(phones("Is it rice? No!"), ["ˈɪz ˈɪt ɹˈIs?", "nˈO!"]);
    }

    #[test]
    fn a_pause_within_a_sentence_is_a_comma() {
        assert_eq!(phones("Rice, then tea.")[0].matches(", ").count(), 1);
    }

    #[test]
    fn nothing_is_written_that_is_not_among_the_letters() {
        let text = include_str!("../../../../tests/speech/sentences.txt");
        let vision = "The beige garage of the youth measured rhythm, pleasure, little buttons and \
                      boys who shout.";
        for line in [text, vision].iter().flat_map(|text| phones(text)) {
            assert!(line.chars().all(|letter| LETTERS.contains(letter)), "{line}");
        }
    }
}
