//! Addresses: of pages, of letter boxes, of telephones.

use super::number;
use super::word::{Reading, Word};

/// Ends of host names that are known without `http://` or `www.` before them.
const DOMAINS: [&str; 16] = [
    "com", "org", "net", "edu", "gov", "io", "dev", "app", "ai", "info", "uk", "eu", "de", "fr",
    "ca", "au",
];

/// Domains that are spelled; the others are words.
const SPELLED: [&str; 7] = ["io", "ai", "uk", "eu", "de", "fr", "au"];

/// Reads an address that begins here.
pub(super) fn read(words: &[Word<'_>]) -> Option<Reading> {
    let core = words.first()?.core;
    telephone(words)
        .or_else(|| letter_box(core).map(Reading::of_one))
        .or_else(|| page(core).map(Reading::of_one))
}

/// `info@example.com`
fn letter_box(core: &str) -> Option<String> {
    let (name, host) = core.split_once('@')?;
    let right = !name.is_empty() && is_host(host);
    right.then(|| format!("{} at {}", spoken(name), spoken(host)))
}

/// `https://www.example.com/path`, `example.org`
fn page(core: &str) -> Option<String> {
    let lower = core.to_ascii_lowercase();
    let bare =
        ["https://", "http://", "ftp://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let rest = bare.unwrap_or(&lower).trim_end_matches('/');
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or(rest);
    let known = bare.is_some() || (rest.starts_with("www.") && rest.len() > 4) || {
        let domain = host.rsplit_once('.').map(|(_, domain)| domain);
        is_host(host) && domain.is_some_and(|domain| DOMAINS.contains(&domain))
    };
    known.then(|| spoken(rest))
}

fn is_host(host: &str) -> bool {
    let letters = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    host.contains('.') && host.split('.').all(letters)
}

fn spoken(address: &str) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut part = String::new();
    let finish = |part: &mut String, said: &mut Vec<String>| {
        let word = std::mem::take(part);
        if word == "www" {
            said.push("w.w.w".to_owned());
        } else if SPELLED.contains(&word.as_str()) {
            said.push(word.chars().map(String::from).collect::<Vec<_>>().join("."));
        } else if number::is_whole(&word) {
            said.push(number::cardinal(&word));
        } else if !word.is_empty() {
            said.push(word);
        }
    };
    for character in address.chars() {
        let sign = match character {
            '.' => "dot",
            '/' => "slash",
            '-' => "dash",
            '_' => "underscore",
            ':' => "colon",
            '?' => "question mark",
            '=' => "equals",
            '&' => "and",
            '#' => "hash",
            '%' => "percent",
            '+' => "plus",
            '~' => "tilde",
            '@' => "at",
            _ => {
                part.push(character);
                continue;
            }
        };
        finish(&mut part, &mut said);
        said.push(sign.to_owned());
    }
    finish(&mut part, &mut said);
    said.join(" ")
}

/// `555-1234`, `555-123-4567`, `(555) 123-4567`, `+1 555 123 4567`.
fn telephone(words: &[Word<'_>]) -> Option<Reading> {
    let first = words.first()?;
    let mut groups: Vec<&str> = Vec::new();
    let mut taken = 0;
    for word in words.iter().take(5) {
        let digits = word.core.strip_prefix('+').filter(|_| taken == 0).unwrap_or(word.core);
        if !digits.split('-').all(number::is_whole) {
            break;
        }
        groups.extend(digits.split('-'));
        taken += 1;
        if !matches!(word.closing, "" | ")") {
            break;
        }
    }
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let written_so = first.core.starts_with('+') || first.opening.ends_with('(');
    let usual = match lengths.as_slice() {
        [3, 4] => first.core.contains('-'),
        [3, 3, 4] | [1, 3, 3, 4] => true,
        _ => written_so && (8..=15).contains(&digits) && lengths.len() > 1,
    };
    let plus = if first.core.starts_with('+') { "plus " } else { "" };
    let said: Vec<String> = groups.iter().map(|group| number::each_digit(group)).collect();
    usual.then(|| Reading { said: format!("{plus}{}", said.join(", ")), taken })
}
