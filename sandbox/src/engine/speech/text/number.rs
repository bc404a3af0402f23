//! Numbers in words.

use flite_rs::numbers;

/// Longest whole number that is said as one; longer ones are said digit by digit.
const LONGEST: usize = 12;

/// Whether a text is digits and nothing else.
pub(super) fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a number such as `1,234.5` or `.5`, without its separators; `None` when it is not
/// a number or its commas do not stand between thousands.
pub(super) fn amount(text: &str) -> Option<String> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = groups.clone().count() > 0;
    let whole_is_right = (is_whole(first) && (!grouped || first.len() <= 3))
        || (first.is_empty() && !grouped && text.len() > 1);
    let groups_are_right = groups.all(|group| group.len() == 3 && is_whole(group));
    (whole_is_right && groups_are_right && is_whole(decimals)).then(|| text.replace(',', ""))
}

/// `1234` as `one thousand two hundred thirty four`, `007` as `zero zero seven`.
pub(super) fn cardinal(digits: &str) -> String {
    let counts = digits.len() == 1 || !digits.starts_with('0');
    if counts && digits.len() <= LONGEST {
        numbers::cardinal(digits).join(" ")
    } else {
        each_digit(digits)
    }
}

/// `3.14` as `three point one four`; the text is an [`amount`].
pub(super) fn decimal(amount: &str) -> String {
    match amount.split_once('.') {
        Some((whole, decimals)) => {
            let whole = if whole.is_empty() { "0" } else { whole };
            format!("{} point {}", cardinal(whole), each_digit(decimals))
        }
        None => cardinal(amount),
    }
}

/// `21` as `twenty first`.
pub(super) fn ordinal(digits: &str) -> String {
    numbers::ordinal(digits).join(" ")
}

/// `1984` as `nineteen eighty four`, `2005` as `two thousand five`, `05` as `oh five`.
pub(super) fn in_pairs(digits: &str) -> String {
    numbers::year(digits).join(" ")
}

/// `905` as `nine zero five`.
pub(super) fn each_digit(digits: &str) -> String {
    numbers::digits(digits).join(" ")
}
