//! Times of day, dates, years and decades.

use super::number;
use super::word::{Reading, Word};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads a time or a date that begins here.
pub(super) fn read(words: &[Word<'_>]) -> Option<Reading> {
    let word = words.first()?;
    time(words)
        .or_else(|| date_in_digits(word.core).map(Reading::of_one))
        .or_else(|| month_first(words))
        .or_else(|| day_first(words))
        .or_else(|| decade(word.core).map(Reading::of_one))
}

/// `9:05`, `14:30:10`, `9am`, `9:30 p.m.`
fn time(words: &[Word<'_>]) -> Option<Reading> {
    let word = words.first()?;
    let lower = word.core.to_ascii_lowercase();
    let attached = ["a.m", "p.m", "am", "pm"].iter().find_map(|mark| {
        let clock = lower.strip_suffix(mark)?;
        Some((clock, *mark))
    });
    let following = words.get(1).filter(|_| word.closing.is_empty()).and_then(|next| {
        let mark = next.core.to_ascii_lowercase();
        matches!(mark.as_str(), "a.m" | "p.m" | "am" | "pm").then_some(mark)
    });
    let (clock, mark, taken) = match (attached, following) {
        (Some((clock, mark)), _) => (clock, Some(mark.to_owned()), 1),
        (None, Some(mark)) => (lower.as_str(), Some(mark), 2),
        (None, None) => (lower.as_str(), None, 1),
    };
    let mut said = clock_in_words(clock, mark.is_some())?;
    if let Some(mark) = mark {
        said.push_str(if mark.starts_with('a') { " a.m" } else { " p.m" });
    }
    Some(Reading { said, taken })
}

fn clock_in_words(clock: &str, halved: bool) -> Option<String> {
    let parts: Vec<&str> = clock.split(':').collect();
    let two_digits = |text: &str| text.len() == 2 && number::is_whole(text) && text < "60";
    let (hour, rest) = parts.split_first()?;
    let value: u32 = hour.parse().ok().filter(|_| hour.len() <= 2 && number::is_whole(hour))?;
    let hour = number::cardinal(&value.to_string());
    match rest {
        [] if halved && value <= 12 => Some(hour),
        ["00"] if value > 24 => None,
        ["00"] if halved => Some(hour),
        ["00"] => Some(format!("{hour} o'clock")),
        [minutes] if value <= 24 && two_digits(minutes) => {
            Some(format!("{hour} {}", number::in_pairs(minutes)))
        }
        [minutes, seconds] if two_digits(minutes) && two_digits(seconds) => {
            let plain = |text: &str| number::cardinal(text.strip_prefix('0').unwrap_or(text));
            Some(format!("{hour}, {}, and {} seconds", plain(minutes), plain(seconds)))
        }
        _ => None,
    }
}

/// `2024-05-17` and `5/17/2024`.
fn date_in_digits(core: &str) -> Option<String> {
    let by_hyphen: Vec<&str> = core.split('-').collect();
    let by_stroke: Vec<&str> = core.split('/').collect();
    let (year, month, day) = match (by_hyphen.as_slice(), by_stroke.as_slice()) {
        (&[year, month, day], _) if year.len() == 4 && month.len() == 2 => (year, month, day),
        (_, &[month, day, year]) if year.len() == 4 || year.len() == 2 => (year, month, day),
        _ => return None,
    };
    let month = month.parse::<usize>().ok()?.checked_sub(1)?;
    Some(format!("{} {}, {}", MONTHS.get(month)?, day_in_words(day)?, year_in_words(year)?))
}

/// `July 4, 1776`, `May 3rd`, `Jan. 5`.
fn month_first(words: &[Word<'_>]) -> Option<Reading> {
    let month = month_named(words.first()?)?;
    let day = words.get(1)?;
    let said_day = day_in_words(day.core)?;
    let year = words.get(2).filter(|_| matches!(day.closing, "" | ","));
    match year.and_then(|year| year_in_words(year.core)) {
        Some(year) => Some(Reading { said: format!("{month} {said_day}, {year}"), taken: 3 }),
        None => Some(Reading { said: format!("{month} {said_day}"), taken: 2 }),
    }
}

/// `17 May 2024`.
fn day_first(words: &[Word<'_>]) -> Option<Reading> {
    let day = words.first().filter(|day| day.closing.is_empty())?;
    let said_day = day_in_words(day.core)?;
    let month_word = words.get(1)?;
    let month = month_named(month_word)?;
    let year = words.get(2).filter(|_| month_word.closing.is_empty());
    match year.and_then(|year| year_in_words(year.core)) {
        Some(year) => Some(Reading { said: format!("the {said_day} of {month} {year}"), taken: 3 }),
        None => Some(Reading { said: format!("the {said_day} of {month}"), taken: 2 }),
    }
}

/// The month of a word such as `March`, `Sept.`; not of `may` or `march` in lower case.
fn month_named(word: &Word<'_>) -> Option<&'static str> {
    if !word.core.starts_with(|c: char| c.is_ascii_uppercase()) || word.core.len() < 3 {
        return None;
    }
    let name = word.core.to_ascii_lowercase();
    let whole = word.closing.is_empty();
    let short = name.len() == 3 || name == "sept";
    MONTHS.into_iter().find(|month| {
        (whole && *month == name)
            || (short && matches!(word.closing, "" | ".") && month.starts_with(&name))
    })
}

fn day_in_words(core: &str) -> Option<String> {
    let digits = core.trim_end_matches(|c: char| c.is_ascii_lowercase());
    if !matches!(core.get(digits.len()..)?, "" | "st" | "nd" | "rd" | "th") || digits.len() > 2 {
        return None;
    }
    let day: u32 = digits.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some(number::ordinal(&day.to_string()))
}

/// A year of two or four digits.
fn year_in_words(core: &str) -> Option<String> {
    let likely = core.len() == 2 || (core.len() == 4 && ("1000".."2200").contains(&core));
    (likely && number::is_whole(core)).then(|| number::in_pairs(core))
}

/// `1990s` and `80s`.
fn decade(core: &str) -> Option<String> {
    let years = core.strip_suffix("s").or_else(|| core.strip_suffix("'s"))?;
    let years = years.strip_suffix('\'').unwrap_or(years);
    if !number::is_whole(years) || !matches!(years.len(), 2 | 4) || !years.ends_with('0') {
        return None;
    }
    let said = number::in_pairs(years);
    Some(match said.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{said}s"),
    })
}

/// Whether a number of four digits here is a year: nothing is counted by it.
pub(super) fn is_year(core: &str, next: Option<&Word<'_>>) -> bool {
    let counted = next.is_some_and(|next| {
        let verb = matches!(next.core, "was" | "is" | "has" | "as" | "this" | "plus");
        !verb && next.core.ends_with('s') && next.core.bytes().all(|b| b.is_ascii_lowercase())
    });
    core.len() == 4 && ("1100".."2100").contains(&core) && !counted
}
