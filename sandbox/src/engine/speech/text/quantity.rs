//! Money, measures, shares, fractions and other numbers with something to them.

use super::calendar;
use super::number::{self, amount};
use super::word::{Reading, Word};

/// Signs and codes of money: the unit for one and many, and its hundredth.
const MONEY: [(&[&str], &str, &str, &str); 6] = [
    (&["$", "US$", "USD"], "dollar", "dollars", "cent"),
    (&["€", "EUR"], "euro", "euros", "cent"),
    (&["£", "GBP"], "pound", "pounds", "penny"),
    (&["¥", "JPY"], "yen", "yen", "sen"),
    (&["₹", "INR"], "rupee", "rupees", "paisa"),
    (&["CHF"], "franc", "francs", "centime"),
];

/// Words after a price that belong to its number.
const SCALES: [&str; 5] = ["hundred", "thousand", "million", "billion", "trillion"];

/// Units of measure as they are abbreviated: one and many.
const UNITS: [(&str, &str, &str); 50] = [
    ("mm", "millimeter", "millimeters"),
    ("cm", "centimeter", "centimeters"),
    ("m", "meter", "meters"),
    ("km", "kilometer", "kilometers"),
    ("m²", "square meter", "square meters"),
    ("km²", "square kilometer", "square kilometers"),
    ("m³", "cubic meter", "cubic meters"),
    ("km/h", "kilometer per hour", "kilometers per hour"),
    ("kph", "kilometer per hour", "kilometers per hour"),
    ("m/s", "meter per second", "meters per second"),
    ("mph", "mile per hour", "miles per hour"),
    ("ft", "foot", "feet"),
    ("yd", "yard", "yards"),
    ("mi", "mile", "miles"),
    ("mg", "milligram", "milligrams"),
    ("g", "gram", "grams"),
    ("kg", "kilogram", "kilograms"),
    ("lb", "pound", "pounds"),
    ("lbs", "pound", "pounds"),
    ("oz", "ounce", "ounces"),
    ("ml", "milliliter", "milliliters"),
    ("mL", "milliliter", "milliliters"),
    ("l", "liter", "liters"),
    ("L", "liter", "liters"),
    ("ms", "millisecond", "milliseconds"),
    ("s", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("min", "minute", "minutes"),
    ("h", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("hrs", "hour", "hours"),
    ("Hz", "hertz", "hertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("MHz", "megahertz", "megahertz"),
    ("GHz", "gigahertz", "gigahertz"),
    ("KB", "kilobyte", "kilobytes"),
    ("kB", "kilobyte", "kilobytes"),
    ("MB", "megabyte", "megabytes"),
    ("GB", "gigabyte", "gigabytes"),
    ("TB", "terabyte", "terabytes"),
    ("Mbps", "megabit per second", "megabits per second"),
    ("dB", "decibel", "decibels"),
    ("W", "watt", "watts"),
    ("kW", "kilowatt", "kilowatts"),
    ("kWh", "kilowatt hour", "kilowatt hours"),
    ("V", "volt", "volts"),
    ("°C", "degree Celsius", "degrees Celsius"),
    ("°F", "degree Fahrenheit", "degrees Fahrenheit"),
    ("°", "degree", "degrees"),
    ("%", "percent", "percent"),
];

/// Reads a number, and what is counted by it, that begins here.
pub(super) fn read(words: &[Word<'_>]) -> Option<Reading> {
    let word = words.first()?;
    let (sign, core) = signed(word.core);
    let mut reading = money(words, core)
        .or_else(|| measure(words, core))
        .or_else(|| plain(core, words.get(1)).map(Reading::of_one))
        .or_else(|| sign.is_empty().then(|| compound(core).map(Reading::of_one))?)?;
    reading.said.insert_str(0, sign);
    Some(reading)
}

fn signed(core: &str) -> (&'static str, &str) {
    for (sign, word) in [('-', "minus "), ('+', "plus "), ('±', "plus or minus ")] {
        if let Some(rest) = core.strip_prefix(sign).filter(|rest| !rest.is_empty()) {
            return (word, rest);
        }
    }
    if let Some(rest) = core.strip_prefix('≈').or_else(|| core.strip_prefix('~')) {
        return ("about ", rest);
    }
    ("", core)
}

/// `$19.99`, `20€`, `€5 million`, `$10-20`, `$10-$20`, `USD 20`.
fn money(words: &[Word<'_>], core: &str) -> Option<Reading> {
    let next = words.get(1).filter(|_| words.first().is_some_and(|word| word.closing.is_empty()));
    for (signs, one, many, hundredth) in MONEY {
        for sign in signs {
            let attached = core.strip_prefix(sign).or_else(|| core.strip_suffix(sign));
            if let Some(digits) = attached.and_then(scaled) {
                let scale = next.filter(|next| SCALES.contains(&next.core));
                return Some(price(&digits, scale.map(|word| word.core), one, many, hundredth));
            }
            if let Some(said) = attached.and_then(|rest| range(&rest.replace(sign, ""))) {
                let scale = next.filter(|next| SCALES.contains(&next.core));
                return Some(match scale.map(|word| word.core) {
                    Some(scale) => Reading { said: format!("{said} {scale} {many}"), taken: 2 },
                    None => Reading::of_one(format!("{said} {many}")),
                });
            }
            let beside = next.filter(|next| next.core == *sign);
            if let Some(digits) = beside.and_then(|_| amount(core)) {
                let reading = price(&digits, None, one, many, hundredth);
                return Some(Reading { taken: 2, ..reading });
            }
            let behind = next.filter(|_| core == *sign).and_then(|next| amount(next.core));
            if let Some(digits) = behind {
                let reading = price(&digits, None, one, many, hundredth);
                return Some(Reading { taken: 2, ..reading });
            }
        }
    }
    None
}

/// An amount such as `5`, or with its scale at the end: `5k`, `2.5M`, `1bn`.
fn scaled(text: &str) -> Option<String> {
    for (short, scale) in [
        ("k", " thousand"),
        ("K", " thousand"),
        ("M", " million"),
        ("m", " million"),
        ("bn", " billion"),
        ("B", " billion"),
    ] {
        if let Some(digits) = text.strip_suffix(short).and_then(amount) {
            return Some(digits + scale);
        }
    }
    amount(text)
}

fn price(amount: &str, scale: Option<&str>, one: &str, many: &str, hundredth: &str) -> Reading {
    if let Some((digits, scale)) = amount.split_once(' ') {
        return Reading::of_one(format!("{} {scale} {many}", number::decimal(digits)));
    }
    if let Some(scale) = scale {
        let said = format!("{} {scale} {many}", number::decimal(amount));
        return Reading { said, taken: 2 };
    }
    let (whole, parts) = match amount.split_once('.') {
        Some((whole, parts)) if parts.len() == 2 => (whole, parts),
        _ => (amount, "00"),
    };
    let unit = if whole == "1" { one } else { many };
    let whole_said = format!("{} {unit}", number::decimal(whole));
    let parts_said = number::cardinal(parts.strip_prefix('0').unwrap_or(parts));
    Reading::of_one(match (whole, parts) {
        (_, "00") => whole_said,
        ("0" | "", _) => format!("{parts_said} {}", in_number(hundredth, parts)),
        _ => format!("{whole_said} and {parts_said} {}", in_number(hundredth, parts)),
    })
}

fn in_number(hundredth: &str, parts: &str) -> String {
    match hundredth {
        _ if parts == "01" => hundredth.to_owned(),
        "penny" => "pence".to_owned(),
        "sen" | "paisa" => hundredth.to_owned(),
        _ => format!("{hundredth}s"),
    }
}

/// `5kg`, `5 kg`, `20°C`, `3.5%`, `10-20%`, `10%-20%`, `6ft`.
fn measure(words: &[Word<'_>], core: &str) -> Option<Reading> {
    for (short, one, many) in UNITS {
        if let Some(digits) = core.strip_suffix(short) {
            if let Some(digits) = amount(digits) {
                let unit = if digits == "1" { one } else { many };
                return Some(Reading::of_one(format!("{} {unit}", number::decimal(&digits))));
            }
            // Each end of a range may have the unit.
            let bare = digits.replacen(&format!("{short}-"), "-", 1);
            if let Some(range) = range(&bare) {
                return Some(Reading::of_one(format!("{range} {many}")));
            }
        }
        let beside = words.get(1).filter(|next| {
            let joined = words.first().is_some_and(|word| word.closing.is_empty());
            // Alone, a single small letter is more often a name in a sum than a second or an hour.
            joined && next.core == short && !matches!(short, "s" | "h" | "V")
        });
        if beside.is_some() {
            let said = match amount(core) {
                Some(digits) => {
                    let unit = if digits == "1" { one } else { many };
                    format!("{} {unit}", number::decimal(&digits))
                }
                None => format!("{} {many}", range(core)?),
            };
            return Some(Reading { said, taken: 2 });
        }
    }
    None
}

/// `42`, `1,234.5`, `1984`, `21st`, `007`.
fn plain(core: &str, next: Option<&Word<'_>>) -> Option<String> {
    if number::is_whole(core) && calendar::is_year(core, next) {
        return Some(number::in_pairs(core));
    }
    if let Some(digits) = amount(core) {
        return Some(number::decimal(&digits));
    }
    ["st", "nd", "rd", "th"].iter().find_map(|ending| {
        let digits = amount(core.strip_suffix(ending)?)?;
        number::is_whole(&digits).then(|| number::ordinal(&digits))
    })
}

/// Numbers joined by signs: `1/2`, `24/7`, `3-7`, `5'11`, `10x20`, `3:1`, `#1`, `v2.0`, `5x`, `10²`.
fn compound(core: &str) -> Option<String> {
    fraction(core)
        .or_else(|| range(core))
        .or_else(|| height(core))
        .or_else(|| {
            let sizes: Option<Vec<String>> =
                core.split(['x', '×']).map(|size| Some(number::decimal(&amount(size)?))).collect();
            sizes.filter(|sizes| sizes.len() > 1).map(|sizes| sizes.join(" by "))
        })
        .or_else(|| {
            let (left, right) = core.split_once(':')?;
            let whole = number::is_whole(left) && number::is_whole(right);
            whole.then(|| format!("{} to {}", number::cardinal(left), number::cardinal(right)))
        })
        .or_else(|| {
            let digits = amount(core.strip_prefix('#')?)?;
            Some(format!("number {}", number::decimal(&digits)))
        })
        .or_else(|| {
            let parts: Vec<&str> = core.strip_prefix(['v', 'V'])?.split('.').collect();
            let numbers = parts.iter().all(|part| number::is_whole(part));
            let said: Vec<String> = parts.iter().map(|part| number::cardinal(part)).collect();
            numbers.then(|| format!("version {}", said.join(" point ")))
        })
        .or_else(|| {
            let parts: Vec<&str> = core.split('.').collect();
            let numbers = parts.len() > 2 && parts.iter().all(|part| number::is_whole(part));
            let said: Vec<String> = parts.iter().map(|part| number::cardinal(part)).collect();
            numbers.then(|| said.join(" point "))
        })
        .or_else(|| {
            let digits = amount(core.strip_suffix(['x', '×'])?)?;
            Some(format!("{} times", number::decimal(&digits)))
        })
        .or_else(|| {
            let (digits, power) = [('²', "squared"), ('³', "cubed")]
                .iter()
                .find_map(|power| Some((amount(core.strip_suffix(power.0)?)?, power.1)))?;
            Some(format!("{} {power}", number::decimal(&digits)))
        })
}

/// `3-7` and `$10-20` without its sign; numbers that rise, or else they are no range.
fn range(core: &str) -> Option<String> {
    let (low, high) = core.split_once('-')?;
    let (low, high) = (amount(low)?, amount(high)?);
    let rises = low.parse::<f64>().ok()? < high.parse::<f64>().ok()?;
    let said = |digits: &str| match calendar::is_year(digits, None) {
        true => number::in_pairs(digits),
        false => number::decimal(digits),
    };
    let short = matches!(high.len(), 1..=4) && low.len().abs_diff(high.len()) < 2;
    (rises && (short || high.contains('.'))).then(|| format!("{} to {}", said(&low), said(&high)))
}

/// `5'11`, whose mark of inches is a quotation mark to whoever splits words.
fn height(core: &str) -> Option<String> {
    let (feet, inches) = core.split_once(['\'', '′'])?;
    let inches = inches.trim_end_matches(['\'', '′', '″', '"']);
    let less_than_a_foot = inches.parse::<u32>().is_ok_and(|inches| inches < 12);
    (number::is_whole(feet) && number::is_whole(inches) && less_than_a_foot)
        .then(|| format!("{} foot {}", number::cardinal(feet), number::cardinal(inches)))
}

fn fraction(core: &str) -> Option<String> {
    for (sign, alone, after) in [
        ('½', "one half", "a half"),
        ('¼', "one quarter", "a quarter"),
        ('¾', "three quarters", "three quarters"),
    ] {
        if core.strip_suffix(sign) == Some("") {
            return Some(alone.to_owned());
        }
        if let Some(whole) = core.strip_suffix(sign).and_then(amount) {
            return Some(format!("{} and {after}", number::decimal(&whole)));
        }
    }
    let (above, below) = core.split_once('/')?;
    if !number::is_whole(above) || !number::is_whole(below) || above.len() > 3 || below.len() > 3 {
        return None;
    }
    let count = number::cardinal(above);
    Some(match (above, below) {
        ("24", "7") => "twenty four seven".to_owned(),
        ("9", "11") => "nine eleven".to_owned(),
        ("1", "2") => "one half".to_owned(),
        (_, "2") => format!("{count} halves"),
        ("1", "4") => "one quarter".to_owned(),
        (_, "4") => format!("{count} quarters"),
        _ if below.starts_with('0') || below == "1" => {
            format!("{count} over {}", number::cardinal(below))
        }
        ("1", _) => format!("one {}", number::ordinal(below)),
        _ => format!("{count} {}s", number::ordinal(below)),
    })
}
