//! What is looked for.

use super::reading::Reading;
use super::script::is_unspaced;

/// The longest phrase, in characters.
pub const PHRASE_CHARACTERS: usize = 100;

/// One or several words to be looked for. They match whole words, whatever their case and accents.
///
/// A star at the end of a word stands for any ending (`refund*`), at the start of the phrase for any beginning
/// (`*erstattung`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phrase {
    text: String,
    open_start: bool,
    open_end: bool,
    /// The letters between the stars.
    segments: Vec<Vec<PhraseLetter>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct PhraseLetter {
    sign: char,
    run: u32,
}

/// Why a text is no phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// No letter and no digit.
    #[error("the phrase has no letter: write at least one word")]
    Empty,
    /// More than [`PHRASE_CHARACTERS`].
    #[error("the phrase is longer than {PHRASE_CHARACTERS} characters: look for its most telling words only")]
    TooLong,
    /// A star that is neither at the end of a word nor at the start of the phrase.
    #[error("a star may stand at the end of a word or at the start of the phrase only, like in `refund*`: move it")]
    MisplacedStar,
}

impl Phrase {
    /// Reads a phrase.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let text = text.trim();
        if text.chars().count() > PHRASE_CHARACTERS {
            return Err(PhraseError::TooLong);
        }
        let (open_start, rest) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
        let (open_end, rest) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
        let parts: Vec<_> = rest.split('*').collect();
        let is_misplaced = |(place, part): (usize, &&str)| place > 0 && !part.starts_with(char::is_whitespace);
        let segments: Vec<_> = parts.iter().map(|part| segment(part)).collect();
        if segments.iter().any(|segment| segment.iter().all(|letter| letter.sign == ' ')) {
            return Err(if parts.len() > 1 { PhraseError::MisplacedStar } else { PhraseError::Empty });
        }
        let touches_gap = |letter: Option<&PhraseLetter>| letter.is_some_and(|letter| letter.sign == ' ');
        let ends_in_gap = segments.split_last().is_some_and(|(last, others)| {
            others.iter().any(|segment| touches_gap(segment.last())) || (open_end && touches_gap(last.last()))
        });
        let begins_in_gap = open_start && touches_gap(segments.first().and_then(|segment| segment.first()));
        if ends_in_gap || begins_in_gap || parts.iter().enumerate().any(is_misplaced) {
            return Err(PhraseError::MisplacedStar);
        }
        Ok(Self { text: text.to_owned(), open_start, open_end, segments: without_outer_gaps(segments) })
    }

    /// The phrase as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it finds the same as another one, however the two are written.
    pub fn finds_the_same_as(&self, other: &Self) -> bool {
        (self.open_start, self.open_end, &self.segments) == (other.open_start, other.open_end, &other.segments)
    }

    /// The signs up to the first star within the phrase, each once.
    pub(super) fn first_signs(&self) -> String {
        self.segments.first().into_iter().flatten().map(|letter| letter.sign).collect()
    }

    /// Whether it is long enough to be looked for under disguises. Short words are found by chance in them.
    pub(super) fn is_worth_unmasking(&self) -> bool {
        const LETTERS: u32 = 4;
        let weight = |letter: &PhraseLetter| letter.run * if is_unspaced(letter.sign) { 2 } else { 1 };
        self.segments.iter().flatten().map(weight).sum::<u32>() >= LETTERS
    }

    /// Where the phrase lies in the text if it begins with this letter of the reading, in bytes of the text.
    pub(super) fn place_in(&self, reading: &Reading, letter: usize) -> Option<std::ops::Range<usize>> {
        let mut start = letter;
        if self.open_start {
            start = (0..=letter).rev().find(|&letter| reading.is_boundary(letter)).unwrap_or(letter);
        } else if !reading.is_boundary(letter) {
            return None;
        }
        let mut end = letter;
        for (place, segment) in self.segments.iter().enumerate() {
            if place > 0 {
                end = end_of_word(reading, end);
            }
            end = end_of_segment(segment, reading, end)?;
        }
        if self.open_end {
            end = end_of_word(reading, end);
        } else if !reading.is_boundary(end) {
            return None;
        }
        Some(reading.letters[start].start..reading.letters[end - 1].end)
    }
}

/// The phrase's letters as a reading has them.
fn segment(part: &str) -> Vec<PhraseLetter> {
    Reading::plain(part).letters.iter().map(|letter| PhraseLetter { sign: letter.sign, run: letter.run }).collect()
}

/// Punctuation around a phrase means nothing.
fn without_outer_gaps(mut segments: Vec<Vec<PhraseLetter>>) -> Vec<Vec<PhraseLetter>> {
    if let Some(first) = segments.first_mut()
        && first.first().is_some_and(|letter| letter.sign == ' ')
    {
        first.remove(0);
    }
    if let Some(last) = segments.last_mut()
        && last.last().is_some_and(|letter| letter.sign == ' ')
    {
        last.pop();
    }
    segments
}

fn end_of_word(reading: &Reading, from: usize) -> usize {
    (from..=reading.letters.len()).find(|&letter| reading.is_boundary(letter)).unwrap_or(from)
}

fn end_of_segment(segment: &[PhraseLetter], reading: &Reading, from: usize) -> Option<usize> {
    let end = from + segment.len();
    let letters = reading.letters.get(from..end)?;
    let matches = segment.iter().zip(letters).all(|(wanted, found)| wanted.matches(found.sign, found.run));
    matches.then_some(end)
}

impl PhraseLetter {
    /// Double letters tell words apart (`later`, `latter`); no word has three, so these are drawn out. Gaps have no
    /// length, and numbers cannot be drawn out.
    fn matches(self, sign: char, run: u32) -> bool {
        const DRAWN_OUT: u32 = 3;
        let is_drawn_out = run >= DRAWN_OUT && run >= self.run && !sign.is_numeric();
        self.sign == sign && (sign == ' ' || self.run == run || is_drawn_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_that_differ_in_writing_alone_find_the_same() {
        let phrase = |text| Phrase::parse(text).unwrap();
        for (one, other) in [("refund", "REFUND"), ("devolución", "devolucion"), ("\"refund!\"", "refund")] {
            assert!(phrase(one).finds_the_same_as(&phrase(other)), "{one} {other}");
        }
        for (one, other) in [("refund", "refund*"), ("refund", "*refund"), ("later", "latter"), ("a b", "ab")] {
            assert!(!phrase(one).finds_the_same_as(&phrase(other)), "{one} {other}");
        }
    }

    #[test]
    fn a_phrase_needs_a_letter_and_stars_in_their_places() {
        for text in ["", " ", "...", "🙂"] {
            assert_eq!(Phrase::parse(text), Err(PhraseError::Empty), "{text}");
        }
        for text in ["re*fund", "a * b", "the *fund", "refund *", "* refund", "**", "refund**"] {
            assert!(matches!(Phrase::parse(text), Err(PhraseError::MisplacedStar | PhraseError::Empty)), "{text}");
        }
        for text in ["refund", "refund*", "*refund*", "верн* деньги", "退款", "12315", "\"refund!\"", "i'll sue"]
        {
            assert_eq!(Phrase::parse(text).as_ref().map(Phrase::text), Ok(text));
        }
        assert_eq!(Phrase::parse(&"a".repeat(PHRASE_CHARACTERS + 1)), Err(PhraseError::TooLong));
    }
}
