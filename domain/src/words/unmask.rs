//! Undoing disguises within words.

use super::fold::{Glyph, Kind};
use super::lookalike::{Guess, stands_for};
use super::script::is_unspaced;

/// The most signs between two letters that still count as one word taken apart.
const SEPARATORS: usize = 3;
/// The fewest letters in a row, each for itself, that spell a word.
const SPELLED_LETTERS: usize = 3;

/// Replaces digits and signs that stand for letters: `r3fund`, `@sshole`. Only words that have a letter of their own
/// are changed. The answer is empty if there is nothing to change.
pub(super) fn letters_for_signs(glyphs: &[Glyph], guess: Guess) -> Option<Vec<Glyph>> {
    let mut unmasked: Option<Vec<Glyph>> = None;
    let may_belong = |glyph: &Glyph| glyph.is_word() || stands_for(glyph.sign, guess).is_some();
    let mut start = 0;
    while start < glyphs.len() {
        let length = glyphs[start..].iter().take_while(|glyph| may_belong(glyph)).count();
        let word = start..start + length;
        start += length.max(1);
        if !glyphs[word.clone()].iter().any(|glyph| glyph.kind == Kind::Letter) {
            continue;
        }
        // Whoever shouts “refund!” does not mean “refundi”.
        let shouts = glyphs[word.clone()].iter().rev().take_while(|glyph| matches!(glyph.sign, '!' | '|')).count();
        for place in word.start..word.end - shouts {
            let glyph = glyphs[place];
            if glyph.kind == Kind::Letter {
                continue;
            }
            if let Some(sign) = stands_for(glyph.sign, guess) {
                unmasked.get_or_insert_with(|| glyphs.to_vec())[place] = Glyph { sign, kind: Kind::Letter, ..glyph };
            }
        }
    }
    unmasked
}

/// Takes out what stands between the letters of a word: `r e f u n d`, `re-fund`, `退.款`. The answer is empty if there
/// is nothing to take out.
pub(super) fn without_separators(glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
    let pieces = pieces(glyphs);
    let mut joined = Vec::with_capacity(glyphs.len());
    let mut has_changed = false;
    let mut copied = 0;
    for place in 1..pieces.len() {
        let (before, after) = (&pieces[place - 1], &pieces[place]);
        let seam = seam(glyphs, before, after);
        if seam == Seam::Apart {
            continue;
        }
        has_changed = true;
        joined.extend_from_slice(&glyphs[copied..before.end]);
        copied = after.start;
        if seam == Seam::Piece {
            joined.push(Glyph { begins_piece: true, ..glyphs[copied] });
            copied += 1;
        }
    }
    joined.extend_from_slice(&glyphs[copied..]);
    has_changed.then_some(joined)
}

/// A run of letters and digits.
struct Piece {
    start: usize,
    end: usize,
    /// Whether it is one letter within a row of such letters, long enough to spell a word.
    is_spelling: bool,
}

/// How two pieces of a text belong together.
#[derive(PartialEq, Eq)]
enum Seam {
    /// They are two words.
    Apart,
    /// They may be one word or two.
    Piece,
    /// They are letters of one word.
    Spelled,
}

fn seam(glyphs: &[Glyph], before: &Piece, after: &Piece) -> Seam {
    let gap = &glyphs[before.end..after.start];
    if gap.len() > SEPARATORS {
        return Seam::Apart;
    }
    if is_unspaced(glyphs[before.end - 1].sign) && is_unspaced(glyphs[after.start].sign) {
        let ends_clause = |glyph: &Glyph| matches!(glyph.sign, '。' | '、' | '!' | '?' | ';' | ',' | ':' | '\n');
        return if gap.iter().any(ends_clause) { Seam::Apart } else { Seam::Piece };
    }
    let is_spaced = gap.iter().any(|glyph| glyph.kind == Kind::Space);
    match before.is_spelling && after.is_spelling {
        // Spaces stand between the letters of a word that is taken apart, and between it and a word of one letter.
        true if is_spaced => Seam::Piece,
        true => Seam::Spelled,
        false if is_spaced => Seam::Apart,
        false => Seam::Piece,
    }
}

fn pieces(glyphs: &[Glyph]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (place, glyph) in glyphs.iter().enumerate().filter(|(_, glyph)| glyph.is_word()) {
        match pieces.last_mut() {
            Some(piece) if piece.end == place && !glyph.begins_piece => piece.end += 1,
            _ => pieces.push(Piece { start: place, end: place + 1, is_spelling: false }),
        }
    }
    let is_single = |piece: &Piece| piece.end - piece.start == 1;
    for row in pieces.chunk_by_mut(|before, after| is_single(before) && is_single(after)) {
        let letters = row.iter().filter(|piece| glyphs[piece.start].kind == Kind::Letter).count();
        if letters >= SPELLED_LETTERS {
            row.iter_mut().for_each(|piece| piece.is_spelling = true);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::fold::fold;

    fn text(glyphs: Option<Vec<Glyph>>) -> Option<String> {
        Some(glyphs?.iter().map(|glyph| glyph.sign).collect())
    }

    #[test]
    fn signs_that_stand_for_letters_are_read_as_letters() {
        let table = [
            ("r3fund", Guess::First, Some("refund")),
            ("k1ll", Guess::First, Some("kill")),
            ("ki11", Guess::Second, Some("kill")),
            ("l@wyer!!", Guess::First, Some("lawyer!!")),
            ("101 $ 5", Guess::First, None),
            ("refund!", Guess::First, None),
        ];
        for (disguised, guess, plain) in table {
            assert_eq!(text(letters_for_signs(&fold(disguised), guess)).as_deref(), plain, "{disguised}");
        }
    }

    #[test]
    fn separators_within_a_word_are_taken_out() {
        let table = [
            ("a r e f u n d", Some("arefund")),
            ("r.e.f.u.n.d now", Some("refund now")),
            ("a r.e.f.u.n.d", Some("arefund")),
            ("my re-fund", Some("my refund")),
            ("我要退 款", Some("我要退款")),
            ("退*款", Some("退款")),
            ("我不退，款到了", None),
            ("re fund", None),
            ("I can", None),
            ("wait - what", None),
        ];
        for (disguised, plain) in table {
            assert_eq!(text(without_separators(&fold(disguised))).as_deref(), plain, "{disguised}");
        }
    }
}
