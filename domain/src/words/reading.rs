//! The ways to read a text.

use super::fold::{Glyph, fold};
use super::lookalike::Guess;
use super::script::is_boundary;
use super::unmask::{letters_for_signs, without_separators};

/// A letter, written once or drawn out, or a gap between words, which is the sign `' '`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter {
    /// The folded sign.
    pub sign: char,
    /// How often it is written in a row.
    pub run: u32,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends in the text, in bytes.
    pub end: usize,
    /// Whether a word may begin here, and another one end before it.
    pub begins_word: bool,
}

/// One way to read a text: letters, with one gap wherever words are apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// The letters.
    pub letters: Vec<Letter>,
    /// The signs of the letters, each once.
    pub signs: String,
    /// Where each letter begins in `signs`, in bytes.
    offsets: Vec<usize>,
    /// Whether a disguise had to be taken off.
    pub is_unmasked: bool,
}

impl Reading {
    /// Reads the text as it is written.
    pub fn plain(text: &str) -> Self {
        Self::of(&fold(text), false)
    }

    /// Every way to read the text: as it is written, and without each disguise that it may wear.
    pub fn all(text: &str) -> Vec<Self> {
        // Signs may stand for letters before and after the separators are taken out: `r3fund`, `r_3_f_u_n_d`.
        let mut spellings = vec![fold(text)];
        add_letters_for_signs(&mut spellings);
        add_without_separators(&mut spellings);
        add_letters_for_signs(&mut spellings);
        spellings.iter().enumerate().map(|(place, glyphs)| Self::of(glyphs, place > 0)).collect()
    }

    fn of(glyphs: &[Glyph], is_unmasked: bool) -> Self {
        let mut reading =
            Self { letters: Vec::with_capacity(glyphs.len()), signs: String::new(), offsets: vec![], is_unmasked };
        for glyph in glyphs {
            reading.push(if glyph.is_word() { *glyph } else { Glyph { sign: ' ', ..*glyph } });
        }
        reading
    }

    fn push(&mut self, glyph: Glyph) {
        let before = self.letters.last_mut();
        let begins_word = match &before {
            None => true,
            Some(before) => {
                glyph.begins_piece || [before.sign, glyph.sign].contains(&' ') || is_boundary(before.sign, glyph.sign)
            }
        };
        match before {
            Some(before) if before.sign == glyph.sign => {
                before.run += 1;
                before.end = glyph.end;
            }
            _ => {
                self.offsets.push(self.signs.len());
                self.signs.push(glyph.sign);
                let Glyph { sign, start, end, .. } = glyph;
                self.letters.push(Letter { sign, run: 1, start, end, begins_word });
            }
        }
    }

    /// The letter that begins at this byte of `signs`.
    pub fn letter_at(&self, byte: usize) -> Option<usize> {
        self.offsets.binary_search(&byte).ok()
    }

    /// Whether a word may end before this letter and another one begin with it. The end of the text is a boundary.
    pub fn is_boundary(&self, letter: usize) -> bool {
        self.letters.get(letter).is_none_or(|letter| letter.begins_word)
    }
}

fn add_letters_for_signs(spellings: &mut Vec<Vec<Glyph>>) {
    for place in 0..spellings.len() {
        for guess in [Guess::First, Guess::Second] {
            add(spellings, letters_for_signs(&spellings[place], guess));
        }
    }
}

fn add_without_separators(spellings: &mut Vec<Vec<Glyph>>) {
    for place in 0..spellings.len() {
        add(spellings, without_separators(&spellings[place]));
    }
}

fn add(spellings: &mut Vec<Vec<Glyph>>, spelling: Option<Vec<Glyph>>) {
    if let Some(spelling) = spelling.filter(|spelling| !spellings.contains(spelling)) {
        spellings.push(spelling);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(text: &str) -> Vec<String> {
        Reading::all(text).into_iter().map(|reading| reading.signs).collect()
    }

    #[test]
    fn a_plain_text_is_read_once() {
        assert_eq!(signs("I want  my money, now"), ["i want my money now"]);
        assert_eq!(signs("soooon"), ["son"]);
        assert_eq!(signs(""), [""]);
    }

    #[test]
    fn a_disguised_text_is_read_in_every_way() {
        assert_eq!(signs("k111-er"), ["k1 er", "ki er", "kl er", "k1er", "kier", "kler"]);
    }

    #[test]
    fn letters_know_how_long_they_are_drawn_and_where_words_begin() {
        let reading = Reading::plain("Goood day");
        let letters: Vec<_> =
            reading.letters.iter().map(|letter| (letter.sign, letter.run, letter.begins_word)).collect();
        let expected = [
            ('g', 1, true),
            ('o', 3, false),
            ('d', 1, false),
            (' ', 1, true),
            ('d', 1, true),
            ('a', 1, false),
            ('y', 1, false),
        ];
        assert_eq!(letters, expected);
    }
}
