//! The units of a text: what a search finds as a whole or, where that makes sense, in parts.

use crate::words::{Glyph, Kind, fold, is_unspaced};

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A word or a number between spaces or punctuation; where letters meet digits a new one begins.
    Word,
    /// A stretch of a script that is written without spaces between words.
    Stretch,
    /// A symbol: an emoji, the sign of a currency. Each is a unit of its own.
    Symbol,
}

/// One unit, as the glyphs of its text from one place to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) form: Form,
    start: usize,
    end: usize,
}

/// A text as its units.
#[derive(Debug, Clone)]
pub(super) struct Units {
    glyphs: Vec<Glyph>,
    units: Vec<Unit>,
}

impl Units {
    pub(super) fn of(text: &str) -> Self {
        let glyphs = fold(text);
        let mut units: Vec<Unit> = Vec::new();
        for (place, glyph) in glyphs.iter().enumerate() {
            let Some(form) = form(*glyph) else { continue };
            match units.last_mut() {
                Some(unit) if unit.end == place && unit.form == form && goes_on(form, glyphs[place - 1], *glyph) => {
                    unit.end += 1;
                }
                _ => units.push(Unit { form, start: place, end: place + 1 }),
            }
        }
        Self { glyphs, units }
    }

    pub(super) fn all(&self) -> &[Unit] {
        &self.units
    }

    /// The glyphs of a unit.
    pub(super) fn glyphs(&self, unit: Unit) -> &[Glyph] {
        &self.glyphs[unit.start..unit.end]
    }

    /// The folded signs of a unit.
    pub(super) fn signs(&self, unit: Unit) -> Vec<char> {
        self.glyphs(unit).iter().map(|glyph| glyph.sign).collect()
    }
}

fn form(glyph: Glyph) -> Option<Form> {
    if glyph.is_word() {
        return Some(if is_unspaced(glyph.sign) { Form::Stretch } else { Form::Word });
    }
    (glyph.kind == Kind::Sign && is_symbol(glyph.sign)).then_some(Form::Symbol)
}

fn goes_on(form: Form, before: Glyph, glyph: Glyph) -> bool {
    match form {
        Form::Word => before.sign.is_numeric() == glyph.sign.is_numeric(),
        Form::Stretch => true,
        Form::Symbol => false,
    }
}

/// Whether somebody may look for the sign by itself: from the block of the currencies on all but punctuation.
fn is_symbol(sign: char) -> bool {
    sign >= '\u{20a0}'
        && !matches!(sign,
            '\u{2e00}'..='\u{2e7f}'
            | '\u{3000}'..='\u{303f}'
            | '\u{fe10}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ffef}'
            | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<String> {
        let units = Units::of(text);
        units.all().iter().map(|unit| units.signs(*unit).into_iter().collect()).collect()
    }

    #[test]
    fn texts_fall_into_words_numbers_stretches_and_symbols() {
        let table: [(&str, &[&str]); 6] = [
            ("My order: No-12345!", &["my", "order", "no", "12345"]),
            ("iPhone15,退款。我要", &["iphone", "15", "退款", "我要"]),
            ("Ёлка ÉTÉ", &["eлka", "ete"]),
            ("👍🏽❤\u{fe0f} €5", &["👍", "🏽", "❤", "€", "5"]),
            ("?! ... #", &[]),
            ("", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(units(text), expected, "{text}");
        }
    }
}
