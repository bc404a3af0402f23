//! The letters that the model was trained with.

/// What the model wants to see before and after everything.
const EDGE: i32 = 0;

/// The numbers of the letters that the engine's phones are written in; others are left out.
pub(crate) fn numbers(phones: &str) -> Vec<i32> {
    let inner = phones.chars().filter_map(number);
    std::iter::once(EDGE).chain(inner).chain(std::iter::once(EDGE)).collect()
}

/// From `assets/vocab.json` of the package that the model comes with.
fn number(letter: char) -> Option<i32> {
    Some(match letter {
        ',' => 3,
        '.' => 4,
        '!' => 5,
        '?' => 6,
        ' ' => 16,
        'A' => 24,
        'I' => 25,
        'O' => 31,
        'W' => 39,
        'Y' => 41,
        'ᵊ' => 42,
        'b' => 44,
        'd' => 46,
        'f' => 48,
        'h' => 50,
        'i' => 51,
        'j' => 52,
        'k' => 53,
        'l' => 54,
        'm' => 55,
        'n' => 56,
        'p' => 58,
        's' => 61,
        't' => 62,
        'u' => 63,
        'v' => 64,
        'w' => 65,
        'z' => 68,
        'ɑ' => 69,
        'æ' => 72,
        'ɔ' => 76,
        'ð' => 81,
        'ʤ' => 82,
        'ə' => 83,
        'ɛ' => 86,
        'ɜ' => 87,
        'ɡ' => 92,
        'ɪ' => 102,
        'ŋ' => 112,
        'θ' => 119,
        'ɹ' => 123,
        'ɾ' => 125,
        'ʃ' => 131,
        'ʧ' => 133,
        'ʊ' => 135,
        'ʌ' => 138,
        'ʒ' => 147,
        'ˈ' => 156,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use media_factory_sandbox::engine::neural_voice::{LETTERS, SAMPLE_RATE};

    use super::*;

    #[test]
    fn the_engine_expects_the_rate_that_the_network_gives() {
        assert_eq!(SAMPLE_RATE, crate::SAMPLE_RATE);
    }

    #[test]
    fn the_model_knows_every_letter_that_the_engine_writes() {
        let unknown: String = LETTERS.chars().filter(|&letter| number(letter).is_none()).collect();
        assert_eq!(unknown, "");
    }

    #[test]
    fn phones_stand_between_edges_and_strange_letters_are_left_out() {
        assert_eq!(numbers("hˈI §"), [0, 50, 156, 25, 16, 0]);
    }
}
