//! How and where a query finds a text.

use std::ops::Range;

use super::query::Needle;
use super::unit::{Form, Unit, Units};

/// How well a text fits a query, from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Some words are parts of longer ones.
    Parts,
    /// Whole words, in another order or apart.
    Words,
    /// The words one after the other, as the query has them.
    Phrase,
}

/// How and where a query finds a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// How well it fits.
    pub grade: Grade,
    /// The places in the text, in bytes, in ascending order; at least one.
    pub places: Vec<Range<usize>>,
}

pub(super) fn find(needles: &[Needle], text: &str) -> Option<Hit> {
    let units = Units::of(text);
    let found: Vec<Found> = needles.iter().map(|needle| needle.look(&units)).collect::<Option<_>>()?;
    if let Some(place) = phrase(needles, &units) {
        return Some(Hit { grade: Grade::Phrase, places: vec![place] });
    }
    let grade = if found.iter().all(|found| found.is_whole) { Grade::Words } else { Grade::Parts };
    let mut places: Vec<Range<usize>> = found.into_iter().map(|found| found.place).collect();
    places.sort_by_key(|place| (place.start, place.end));
    places.dedup_by(|later, earlier| {
        let overlap = later.start < earlier.end;
        if overlap {
            earlier.end = earlier.end.max(later.end);
        }
        overlap
    });
    Some(Hit { grade, places })
}

/// Where a needle is in a text.
struct Found {
    place: Range<usize>,
    is_whole: bool,
}

impl Needle {
    /// The first place where it is a whole unit, or the first of all.
    fn look(&self, units: &Units) -> Option<Found> {
        let mut first = None;
        for unit in units.all().iter().filter(|unit| unit.form == self.form) {
            let Some(offset) = self.offset_in(units, *unit) else { continue };
            let glyphs = &units.glyphs(*unit)[offset..offset + self.signs.len()];
            let place = glyphs.first()?.start..glyphs.last()?.end;
            // Nobody can tell where the words of a stretch begin.
            if self.form != Form::Word || self.signs.len() == units.glyphs(*unit).len() {
                return Some(Found { place, is_whole: true });
            }
            first.get_or_insert(Found { place, is_whole: false });
        }
        first
    }

    /// Where in a unit of the same form it is.
    fn offset_in(&self, units: &Units, unit: Unit) -> Option<usize> {
        let glyphs = units.glyphs(unit);
        let is_at = |offset: usize| {
            glyphs.len() >= offset + self.signs.len()
                && glyphs[offset..].iter().zip(&self.signs).all(|(glyph, sign)| glyph.sign == *sign)
        };
        match (self.form, self.signs.len()) {
            (Form::Word, 1) | (Form::Symbol, _) => (glyphs.len() == self.signs.len() && is_at(0)).then_some(0),
            (Form::Word, 2) => is_at(0).then_some(0),
            _ => (0..(glyphs.len() + 1).saturating_sub(self.signs.len())).find(|offset| is_at(*offset)),
        }
    }
}

/// The first place where the needles are one after the other, as whole words. The first stretch may begin and the last
/// one end anywhere.
fn phrase(needles: &[Needle], units: &Units) -> Option<Range<usize>> {
    units.all().windows(needles.len()).find_map(|row| {
        let mut place: Option<Range<usize>> = None;
        for (at, (needle, unit)) in needles.iter().zip(row).enumerate() {
            let glyphs = units.glyphs(*unit);
            let (length, is_first, is_last) = (needle.signs.len(), at == 0, at + 1 == needles.len());
            let offset = match (is_first, is_last) {
                _ if unit.form != needle.form || glyphs.len() < length => return None,
                _ if needle.form != Form::Stretch || (!is_first && !is_last) => {
                    (glyphs.len() == length).then_some(0)?
                }
                (true, true) => needle.offset_in(units, *unit)?,
                (true, false) => glyphs.len() - length,
                (false, _) => 0,
            };
            let part = &glyphs[offset..offset + length];
            if part.iter().zip(&needle.signs).any(|(glyph, sign)| glyph.sign != *sign) {
                return None;
            }
            let start = place.map_or(part.first()?.start, |place| place.start);
            place = Some(start..part.last()?.end);
        }
        place
    })
}
