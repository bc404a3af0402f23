//! A written word and what is said for it.

/// Marks that open something.
const OPENING: &str = "\"'`([{*_";

/// Marks that end something.
const CLOSING: &str = "\"'`)]}*_.,;:!?";

/// A run of characters between spaces, with the punctuation around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'a> {
    /// Marks before it.
    pub(super) opening: &'a str,
    /// The word; empty when it is nothing but marks.
    pub(super) core: &'a str,
    /// Marks behind it.
    pub(super) closing: &'a str,
    /// Whether a blank line stands before it.
    pub(super) paragraph: bool,
}

impl<'a> Word<'a> {
    /// The words of a text.
    pub(super) fn all(text: &'a str) -> Vec<Word<'a>> {
        let mut words = Vec::new();
        let mut rest = text;
        loop {
            let start = rest.find(|c: char| !c.is_whitespace());
            let (space, tail) = rest.split_at(start.unwrap_or(rest.len()));
            if tail.is_empty() {
                return words;
            }
            let (written, tail) =
                tail.split_at(tail.find(char::is_whitespace).unwrap_or(tail.len()));
            let paragraph = !words.is_empty() && space.matches('\n').count() > 1;
            words.push(Word { paragraph, ..Word::of(written) });
            rest = tail;
        }
    }

    fn of(written: &'a str) -> Word<'a> {
        let unopened = written.trim_start_matches(|c| OPENING.contains(c));
        let core = unopened.trim_end_matches(|c| CLOSING.contains(c));
        let (opening, _) = written.split_at(written.len() - unopened.len());
        let (_, closing) = unopened.split_at(core.len());
        Word { opening, core, closing, paragraph: false }
    }
}

/// What is said for one or more written words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Words and commas, in small letters where letters are not to be spelled.
    pub(super) said: String,
    /// How many written words it stands for, 1 or more.
    pub(super) taken: usize,
}

impl Reading {
    /// The reading of a single word.
    pub(super) fn of_one(said: String) -> Reading {
        Reading { said, taken: 1 }
    }
}
