//! Folding: what is left of a text when the differences that do not matter are taken out.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use super::lookalike;

/// What a sign is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Part of a word.
    Letter,
    /// Part of a number.
    Digit,
    /// White space.
    Space,
    /// Punctuation, symbols, emoji.
    Sign,
}

/// One sign of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    /// The sign in its folded form.
    pub sign: char,
    /// What it is good for.
    pub kind: Kind,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends in the text, in bytes.
    pub end: usize,
    /// Whether a word may begin here although no separator is left before it.
    pub begins_piece: bool,
}

impl Glyph {
    /// Whether it belongs to a word or a number.
    pub fn is_word(&self) -> bool {
        matches!(self.kind, Kind::Letter | Kind::Digit)
    }
}

/// Folds a text: compatibility forms, case, accents and look-alikes are made equal, invisible characters vanish.
pub(crate) fn fold(text: &str) -> Vec<Glyph> {
    let mut glyphs = Vec::with_capacity(text.len());
    for (start, character) in text.char_indices() {
        let end = start + character.len_utf8();
        if is_invisible(character) {
            continue;
        }
        if is_accent(character) {
            if let Some(letter) = glyphs.last_mut() {
                let letter: &mut Glyph = letter;
                letter.end = end;
            }
            continue;
        }
        let mut push = |sign| glyphs.push(Glyph { sign, kind: kind(sign), start, end, begins_piece: false });
        if character.is_ascii() {
            push(character.to_ascii_lowercase());
            continue;
        }
        decompose_compatible(character, |part| {
            for lower in part.to_lowercase().filter(|lower| !is_accent(*lower)) {
                match lower {
                    // The only letter of the supported languages that folds to two.
                    'ß' => ['s', 's'].into_iter().for_each(&mut push),
                    _ => push(lookalike::letter(lower)),
                }
            }
        });
    }
    glyphs
}

fn kind(sign: char) -> Kind {
    if sign.is_alphabetic() || is_combining_mark(sign) {
        Kind::Letter
    } else if sign.is_numeric() {
        Kind::Digit
    } else if sign.is_whitespace() {
        Kind::Space
    } else {
        Kind::Sign
    }
}

/// Marks over, under and through letters, and the vowel points of Hebrew and Arabic. The vowel signs of other scripts
/// make words and stay.
fn is_accent(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036f}'
        | '\u{0483}'..='\u{0489}'
        | '\u{0591}'..='\u{05bd}'
        | '\u{064b}'..='\u{065f}'
        | '\u{0670}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// The characters that Unicode calls “default ignorable”: joiners, direction marks, soft hyphens, variation selectors,
/// fillers and tags (`DerivedCoreProperties.txt`), and controls other than white space.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
        || (character.is_control() && !character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        fold(text).iter().map(|glyph| glyph.sign).collect()
    }

    #[test]
    fn differences_that_do_not_matter_vanish() {
        let equal = [
            ("REFUND", "refund"),
            ("ｒｅｆｕｎｄ", "refund"),
            ("𝐑𝐞𝐟𝐮𝐧𝐝", "refund"),
            ("ⓡⓔⓕⓤⓝⓓ", "refund"),
            ("re\u{200b}fu\u{ad}nd", "refund"),
            ("r\u{335}e\u{335}fund", "refund"),
            ("rеfund", "refund"),
            ("Rückerstattung", "Ruckerstattung"),
            ("SCHEISSE", "Scheiße"),
            ("ДЕНЬГИ", "деньги"),
            ("ещё", "еще"),
            ("devolución", "DEVOLUCION"),
            ("devolucio\u{301}n", "devolución"),
        ];
        for (one, other) in equal {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("退款"), folded("退货"));
    }

    #[test]
    fn each_sign_knows_its_place() {
        let text = "Éa\u{200b}b退e\u{301}";
        let places: Vec<_> = fold(text).iter().map(|glyph| &text[glyph.start..glyph.end]).collect();
        assert_eq!(places, ["É", "a", "b", "退", "e\u{301}"]);
    }
}
