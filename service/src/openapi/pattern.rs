//! Regular expressions that say exactly what validation accepts. They keep to what the dialects of
//! JSON Schema's users have in common.

use media_factory_core::media::Resolution;

/// Text that is more than white space: a character outside the Unicode property `White_Space`,
/// spelt out because dialects disagree on `\S`.
pub(super) const NOT_BLANK: &str =
    r"[^\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";

/// An id: what stands in a path as it is, and not dots alone, which would climb.
pub(super) const ID: &str = r"^[A-Za-z0-9_.~-]*[A-Za-z0-9_~-][A-Za-z0-9_.~-]*$";

/// What a media input looks like: a data URL with something behind its comma, or an upload.
pub(super) const MEDIA: &str = r"^([dD][aA][tT][aA]:[^,]*,[\s\S]|/uploads/[0-9a-f]{64}$)";

/// A name of a size, or two sides.
pub(super) fn resolution() -> String {
    let names: Vec<String> = Resolution::names().map(any_case).collect();
    let side = format!("0*({})", whole(Resolution::MIN_SIDE, Resolution::MAX_SIDE));
    format!("^({}|{side}[xX×]{side})$", names.join("|"))
}

/// A language tag that begins with one of these primary subtags.
pub(super) fn language(primary: &[&str]) -> String {
    let primary: Vec<String> = primary.iter().copied().map(any_case).collect();
    format!("^({})(-[A-Za-z0-9-]*)?$", primary.join("|"))
}

fn any_case(word: &str) -> String {
    let letter = |letter: char| match letter.is_ascii_alphabetic() {
        true => format!("[{}{}]", letter.to_ascii_lowercase(), letter.to_ascii_uppercase()),
        false => letter.to_string(),
    };
    word.chars().map(letter).collect()
}

/// The decimal numbers from `from` to `to`, both included, without leading zeros.
fn whole(from: u32, to: u32) -> String {
    // A stretch between two stops differs in its last digits only, and there takes all of them.
    let mut stops = vec![to];
    let powers = || (1..=u32::MAX.ilog10()).map(|digits| 10_u32.pow(digits));
    stops.extend(
        powers().map(|power| from - from % power + (power - 1)).take_while(|stop| *stop < to),
    );
    let above = to.saturating_add(1);
    let below = powers().map(|power| above - above % power).take_while(|stop| *stop > from);
    stops.extend(below.map(|stop| stop - 1));
    stops.sort_unstable();
    stops.dedup();
    let mut first = from;
    let mut stretches = Vec::new();
    for stop in stops {
        stretches.push(stretch(first, stop));
        first = stop.saturating_add(1);
    }
    stretches.join("|")
}

/// Two numbers of the same length and everything between, digit by digit.
fn stretch(from: u32, to: u32) -> String {
    let (from, to) = (from.to_string(), to.to_string());
    let digit = |(low, high): (char, char)| match low == high {
        true => low.to_string(),
        false => format!("[{low}-{high}]"),
    };
    from.chars().zip(to.chars()).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use media_factory_core::{media::Resolution, parameters::LANGUAGES};

    use super::*;

    fn regex(pattern: &str) -> regex::Regex {
        regex::Regex::new(pattern).unwrap()
    }

    #[test]
    fn a_range_of_numbers_is_that_range_and_no_more() {
        for (from, to) in [(16, 16_384), (1, 9), (7, 7), (10, 99), (95, 1_005), (1, 1_000)] {
            let pattern = regex(&format!("^({})$", whole(from, to)));
            for number in 0..=20_000 {
                let within = (from..=to).contains(&number);
                assert_eq!(
                    pattern.is_match(&number.to_string()),
                    within,
                    "{number} in {from}..{to}"
                );
            }
        }
    }

    #[test]
    fn resolutions_are_those_that_validation_reads() {
        let pattern = regex(&resolution());
        let table = include_str!("../../../tests/conformance/common/resolutions.json");
        let table: serde_json::Value = serde_json::from_str(table).unwrap();
        for case in table["cases"].as_array().unwrap() {
            let text = case["input"].as_str().unwrap();
            assert_eq!(pattern.is_match(text), Resolution::parse(text).is_some(), "{case}");
        }
        assert!(pattern.is_match("0016x16384") && !pattern.is_match("16x16385"));
    }

    #[test]
    fn blank_text_is_what_unicode_calls_white_space() {
        let pattern = regex(NOT_BLANK);
        for letter in (0..=0x1_0000).filter_map(char::from_u32) {
            assert_eq!(
                pattern.is_match(&letter.to_string()),
                !letter.is_whitespace(),
                "{letter:?}"
            );
        }
    }

    #[test]
    fn languages_have_any_case_and_any_region() {
        let pattern = regex(&language(LANGUAGES));
        for known in ["en", "EN-us", "ja", "pt-BR"] {
            assert!(pattern.is_match(known), "{known}");
        }
        for unknown in ["e", "eng", "xx", "en_US", "", "-en"] {
            assert!(!pattern.is_match(unknown), "{unknown}");
        }
    }
}
