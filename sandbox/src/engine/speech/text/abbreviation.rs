//! Abbreviations and initialisms.

use super::number;
use super::word::{Reading, Word};

/// What is written with a full stop and said in full. A name or a number follows the first kind,
/// so its stop never ends a sentence.
const BEFORE_NAMES: [(&str, &str); 21] = [
    ("Dr", "doctor"),
    ("Mr", "mister"),
    ("Mrs", "missus"),
    ("Ms", "miz"),
    ("Prof", "professor"),
    ("Gen", "general"),
    ("Col", "colonel"),
    ("Capt", "captain"),
    ("Lt", "lieutenant"),
    ("Sgt", "sergeant"),
    ("Rev", "reverend"),
    ("Hon", "honorable"),
    ("Gov", "governor"),
    ("Sen", "senator"),
    ("Mt", "mount"),
    ("Fig", "figure"),
    ("Eq", "equation"),
    ("Vol", "volume"),
    ("Ch", "chapter"),
    ("vs", "versus"),
    ("approx", "approximately"),
];

const IN_TEXT: [(&str, &str); 24] = [
    ("e.g", "for example"),
    ("i.e", "that is"),
    ("etc", "et cetera"),
    ("Jr", "junior"),
    ("Sr", "senior"),
    ("Inc", "incorporated"),
    ("Ltd", "limited"),
    ("Corp", "corporation"),
    ("Co", "company"),
    ("Ave", "avenue"),
    ("Blvd", "boulevard"),
    ("Rd", "road"),
    ("Dept", "department"),
    ("est", "estimated"),
    ("Jan", "january"),
    ("Feb", "february"),
    ("Aug", "august"),
    ("Sept", "september"),
    ("Oct", "october"),
    ("Nov", "november"),
    ("Dec", "december"),
    ("min", "minutes"),
    ("max", "maximum"),
    ("tel", "telephone"),
];

/// Initialisms that look as if they were words.
const SPELLED: [&str; 22] = [
    "US", "USA", "UK", "UN", "EU", "AI", "API", "URL", "CEO", "FAQ", "ID", "IT", "OK", "TV", "UI",
    "UX", "OS", "IP", "AM", "PM", "USB", "IOS",
];

/// Those of them that are words too, where a whole text is in capitals.
const WORDS_TOO: [&str; 3] = ["US", "IT", "AM"];

/// Reads an abbreviation that begins here; `capitals` where the whole text is in capitals.
pub(super) fn read(words: &[Word<'_>], capitals: bool) -> Option<Reading> {
    let word = words.first()?;
    let stopped = word.closing.starts_with('.');
    let (core, ending) = match word.core.strip_suffix("'s") {
        Some(core) => (core, "'s"),
        None => (word.core, ""),
    };
    if let Some(said) = entry(&BEFORE_NAMES, core).filter(|_| stopped || core == "vs") {
        return Some(Reading::of_one(said.to_owned()));
    }
    if let Some(reading) = street_or_saint(words) {
        return Some(reading);
    }
    if matches!(core, "No" | "no" | "Nos") && stopped {
        let counted = words.get(1).and_then(|next| number::amount(next.core));
        return counted.map(|digits| Reading {
            said: format!("number {}", number::decimal(&digits)),
            taken: 2,
        });
    }
    if let Some(said) = entry(&IN_TEXT, core).filter(|_| stopped) {
        return Some(Reading::of_one(said.to_owned()));
    }
    let plural = core
        .strip_suffix('s')
        .filter(|stem| stem.len() > 1 && stem.bytes().all(|byte| byte.is_ascii_uppercase()));
    let letters = plural.unwrap_or(core);
    let ending = if plural.is_some() { "'s" } else { ending };
    let dotted = letters.len() > 2 && is_dotted(letters);
    let spelled = SPELLED.contains(&letters) && !(capitals && WORDS_TOO.contains(&letters));
    if dotted || spelled {
        let names: Vec<String> =
            letters.chars().filter(char::is_ascii_alphabetic).map(String::from).collect();
        let said = if names.len() == 1 { letters.to_owned() } else { names.join(".") };
        let space = if ending.is_empty() { "" } else { " " };
        return Some(Reading::of_one(format!("{said}{space}{ending}")));
    }
    (letters == "PhD" || letters == "Ph.D").then(|| Reading::of_one("P.H.D".to_owned()))
}

/// Whether the full stop behind this word belongs to it alone.
pub(super) fn owns_stop(word: &Word<'_>, next: Option<&Word<'_>>) -> bool {
    let initial = word.core.len() == 1 && word.core.starts_with(|c: char| c.is_ascii_uppercase());
    let goes_on = next.is_some_and(|next| next.core.starts_with(|c: char| c.is_ascii_lowercase()));
    entry(&BEFORE_NAMES, word.core).is_some()
        || matches!(word.core, "No" | "Nos")
            && next.is_some_and(|next| number::amount(next.core).is_some())
        || word.core == "St" && (is_saint(word, next) || goes_on)
        || matches!(word.core, "e.g" | "i.e")
        || initial && next.is_some_and(|next| is_name(next.core))
        || goes_on && (is_dotted(word.core) || entry(&IN_TEXT, word.core).is_some())
}

/// Words with a capital behind a full stop that are nobody's name.
const BEGINS_SENTENCES: [&str; 16] = [
    "The", "A", "An", "It", "He", "She", "We", "They", "You", "I", "This", "That", "There", "Then",
    "Turn", "In",
];

/// `St. John` and `Main St.`
fn street_or_saint(words: &[Word<'_>]) -> Option<Reading> {
    let word = words.first().filter(|word| word.core == "St")?;
    let said = if is_saint(word, words.get(1)) { "saint" } else { "street" };
    Some(Reading::of_one(said.to_owned()))
}

fn is_saint(word: &Word<'_>, next: Option<&Word<'_>>) -> bool {
    let named =
        next.is_some_and(|next| is_name(next.core) && !BEGINS_SENTENCES.contains(&next.core));
    named && matches!(word.closing, "" | ".")
}

fn entry<'a>(entries: &[(&str, &'a str)], core: &str) -> Option<&'a str> {
    entries.iter().find(|(short, _)| *short == core).map(|(_, said)| *said)
}

fn is_name(core: &str) -> bool {
    core.starts_with(|c: char| c.is_ascii_uppercase())
}

/// `U.S`, `a.m`: letters with dots between.
fn is_dotted(core: &str) -> bool {
    let mut parts = core.split('.');
    core.contains('.')
        && parts.all(|part| part.len() == 1 && part.bytes().all(|b| b.is_ascii_alphabetic()))
}
