//! What is said on one breath.

use flite_rs::text::Token;

/// Most words that are analysed together: the analysis takes time that grows with the square of
/// their number, and nobody speaks longer on one breath.
const LONGEST: usize = 40;

/// Words after which a comma is reason enough to breathe.
const LONG: usize = 25;

/// Seconds of silence for a new paragraph or a thought that trails off, at normal tempo.
const LONG_PAUSE: f32 = 0.35;

/// A sentence or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Breath {
    pub(super) tokens: Vec<Token>,
    /// Seconds of silence before it, at normal tempo.
    pub(super) pause: f32,
}

impl Breath {
    /// The text in breaths.
    pub(super) fn all(text: &str) -> impl Iterator<Item = Breath> {
        flite_rs::text::sentences(text).flat_map(|sentence| {
            let mut parts = Vec::new();
            let mut part = Vec::new();
            for token in sentence {
                let rest = token.punctuation.contains([',', ';', ':', '.', ')']);
                part.push(token);
                if part.len() >= LONGEST || (rest && part.len() >= LONG) {
                    parts.push(Breath::of(std::mem::take(&mut part)));
                }
            }
            if !part.is_empty() {
                parts.push(Breath::of(part));
            }
            parts
        })
    }

    fn of(tokens: Vec<Token>) -> Breath {
        let apart = tokens.first().is_some_and(|first| first.whitespace.contains("\n\n"));
        Breath { tokens, pause: if apart { LONG_PAUSE } else { 0.0 } }
    }

    /// How many characters of the text it holds.
    pub(super) fn length(&self) -> usize {
        let length = |token: &Token| {
            [&token.whitespace, &token.prepunctuation, &token.name, &token.punctuation]
                .iter()
                .map(|part| part.len())
                .sum::<usize>()
        };
        self.tokens.iter().map(length).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_does_not_end_a_sentence() {
        let text = "It costs nineteen dollars. Doctor Smith pays it.";
        let parts: Vec<usize> = Breath::all(text).map(|breath| breath.tokens.len()).collect();
        assert_eq!(parts, [4, 4]);
    }

    #[test]
    fn long_sentences_are_said_in_breaths_and_nothing_is_lost() {
        let text = "one two three, ".repeat(400);
        let parts: Vec<Breath> = Breath::all(&text).collect();
        assert!(parts.iter().all(|part| part.tokens.len() <= LONGEST));
        assert_eq!(parts.iter().map(|part| part.tokens.len()).sum::<usize>(), 1200);
        assert_eq!(parts.iter().map(Breath::length).sum::<usize>(), text.trim_end().len());
    }

    #[test]
    fn a_blank_line_is_a_long_pause() {
        let pauses: Vec<f32> =
            Breath::all("Over.\n\nThen two. Three.").map(|part| part.pause).collect();
        assert_eq!(pauses, [0.0, LONG_PAUSE, 0.0]);
    }
}
