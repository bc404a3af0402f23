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
    ("after 9/11", "after nine eleven"),
    ("10%-20% more", "ten to twenty percent more"),
    ("5km-10km", "five to ten kilometers"),
    ("he is 5'11\" tall", "he is five foot eleven tall"),
    ("5′11″", "five foot eleven"),
    ("$10-20", "ten to twenty dollars"),
    ("$10-$20", "ten to twenty dollars"),
    ("$5-10 million", "five to ten million dollars"),
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
    ("Go down Main St. The house is red.", "go down main street. the house is red."),
    ("the US and IT", "the u s and i t"),
    ("PLEASE GIVE IT TO US", "please give it to us"),
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
    for nasty in ["$", "-", "1/0", "€.", "::", "@.", "99999999999999999999$", "1-", "#", "'s"] {
        for text in [nasty.to_owned(), nasty.repeat(50), format!("5{nasty}5 {nasty} 5")] {
            let spoken = Speakable::from_written(&text).text;
            assert!(spoken.is_ascii(), "{text}: {spoken}");
        }
    }
}
