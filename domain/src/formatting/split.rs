//! Cutting a long text into parts.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::Entity;
use super::ruler::Ruler;

/// A part of a text with its formatting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text.
    pub text: String,
    /// The formatting, with places counted from the beginning of the part.
    pub entities: Vec<Entity>,
}

/// Cuts a text into parts of `first_limit` UTF-16 units for the first and `limit` for the others, at most. The cuts are
/// made, best first, between paragraphs, lines, sentences, words and what people see as one character, and never within
/// a surrogate pair or a stretch of formatting that fits into a part. A longer stretch goes on in the next part.
///
/// White space around a cut is dropped, apart from what is code, of which only the end of the line goes.
pub fn split(text: &str, entities: &[Entity], first_limit: usize, limit: usize) -> Vec<Part> {
    let cutter = Cutter { text, entities, ruler: Ruler::of(text) };
    let units = cutter.ruler.units();
    let mut parts = Vec::new();
    let mut begin = 0;
    while begin < units {
        let limit = if parts.is_empty() { first_limit } else { limit };
        let (end, next) = match units - begin <= limit {
            true => (units, units),
            false => cutter.cut(begin, limit),
        };
        if begin < end {
            parts.push(cutter.part(begin..end));
        }
        begin = next;
    }
    parts
}

/// How good a place for a cut is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Character,
    Word,
    Sentence,
    Line,
    Paragraph,
}

struct Cutter<'a> {
    text: &'a str,
    entities: &'a [Entity],
    ruler: Ruler,
}

impl Cutter<'_> {
    /// Where a part that begins here ends, and where the next one begins.
    fn cut(&self, begin: usize, limit: usize) -> (usize, usize) {
        let at = self.best_place(begin, limit);
        (self.without_space_before(begin, at), self.without_space_after(at))
    }

    /// The last of the best places in the second half of what fits. If there is none but within words, the last one
    /// before, and if there is none either, the last one within a word.
    fn best_place(&self, begin: usize, limit: usize) -> usize {
        let places = self.places(begin, limit);
        let between_words = || places.iter().filter(|(_, rank)| *rank > Rank::Character);
        let late = between_words().filter(|(unit, _)| *unit > begin + limit / 2);
        let best = late.max_by_key(|(unit, rank)| (*rank, *unit));
        match best.or(between_words().next_back()).or(places.last()) {
            Some((unit, _)) => *unit,
            None => self.last_character(begin, limit),
        }
    }

    /// The places where a cut may be, with how good each is.
    fn places(&self, begin: usize, limit: usize) -> Vec<(usize, Rank)> {
        let first_byte = self.byte(begin);
        let last_byte = self.byte(self.character_at_or_before(begin + limit));
        let mut places = Vec::new();
        let mut unit = begin;
        // The cluster after the last one that fits tells whether that one is whole.
        for (byte, cluster) in self.text[first_byte..].grapheme_indices(true) {
            if first_byte + byte > last_byte {
                break;
            }
            if unit > begin && !self.is_within_what_fits(unit, limit) {
                places.push((unit, self.rank(first_byte + byte)));
            }
            unit += cluster.encode_utf16().count();
        }
        places
    }

    /// The last place between characters, where no better one is: a cluster, or one with a formatted stretch, is longer
    /// than a part.
    fn last_character(&self, begin: usize, limit: usize) -> usize {
        let last = self.character_at_or_before(begin + limit);
        let free = (begin + 1..=last)
            .rev()
            .find(|unit| self.ruler.byte(*unit).is_some() && !self.is_within_what_fits(*unit, limit));
        // A limit smaller than one character cannot be kept.
        free.or((last > begin).then_some(last)).unwrap_or_else(|| self.character_at_or_after(begin + 1))
    }

    fn is_within_what_fits(&self, unit: usize, limit: usize) -> bool {
        self.entities.iter().any(|entity| {
            let range = entity.range();
            range.start < unit && unit < range.end && entity.length <= limit
        })
    }

    fn rank(&self, byte: usize) -> Rank {
        let (before, after) = self.text.split_at(byte);
        let word = before.trim_end_matches([' ', '\t']);
        if before.ends_with("\n\n") || before.ends_with("\n\r\n") {
            Rank::Paragraph
        } else if before.ends_with('\n') {
            Rank::Line
        } else if word.len() < before.len() && word.ends_with(['.', '!', '?', '…'])
            || word.ends_with(['。', '！', '？'])
        {
            Rank::Sentence
        } else if before.ends_with(char::is_whitespace) || after.starts_with(char::is_whitespace) {
            Rank::Word
        } else {
            Rank::Character
        }
    }

    fn without_space_before(&self, begin: usize, at: usize) -> usize {
        let text = &self.text[self.byte(begin)..self.byte(at)];
        let kept = match self.is_code_before(at) {
            true => text.strip_suffix('\n').unwrap_or(text),
            false => text.trim_end(),
        };
        at - text[kept.len()..].encode_utf16().count()
    }

    fn without_space_after(&self, at: usize) -> usize {
        let text = &self.text[self.byte(at)..];
        let kept = match self.is_code_after(at) {
            true => text,
            false => text.trim_start(),
        };
        let end_of_space = at + text[..text.len() - kept.len()].encode_utf16().count();
        // Space that belongs to code stays.
        (at..=end_of_space).find(|unit| self.is_code_after(*unit)).unwrap_or(end_of_space)
    }

    fn is_code_before(&self, unit: usize) -> bool {
        self.is_code(|range| range.start < unit && unit <= range.end)
    }

    fn is_code_after(&self, unit: usize) -> bool {
        self.is_code(|range| range.contains(&unit))
    }

    fn is_code(&self, is_there: impl Fn(Range<usize>) -> bool) -> bool {
        self.entities.iter().any(|entity| entity.kind.is_code() && is_there(entity.range()))
    }

    fn part(&self, range: Range<usize>) -> Part {
        Part {
            text: self.text[self.byte(range.start)..self.byte(range.end)].to_owned(),
            entities: self.entities.iter().filter_map(|entity| entity.within(&range)).collect(),
        }
    }

    fn byte(&self, unit: usize) -> usize {
        self.ruler.byte(unit).expect("cuts are made between characters")
    }

    fn character_at_or_before(&self, unit: usize) -> usize {
        let unit = unit.min(self.ruler.units());
        if self.ruler.byte(unit).is_some() { unit } else { unit - 1 }
    }

    fn character_at_or_after(&self, unit: usize) -> usize {
        if self.ruler.byte(unit).is_some() { unit } else { unit + 1 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{EntityKind, check};
    use super::*;

    fn texts(text: &str, limit: usize) -> Vec<String> {
        split(text, &[], limit, limit).into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn a_short_text_stays_whole() {
        assert_eq!(texts(" as it is ", 10), [" as it is "]);
        assert_eq!(texts("", 10), Vec::<String>::new());
    }

    #[test]
    fn cuts_are_made_where_people_would() {
        assert_eq!(texts("first one\n\nsecond\nthird", 18), ["first one", "second\nthird"]);
        assert_eq!(texts("first line\nsecond third", 18), ["first line", "second third"]);
        assert_eq!(texts("One is here. Two are there", 20), ["One is here.", "Two are there"]);
        assert_eq!(texts("word after word after", 12), ["word after", "word after"]);
        assert_eq!(texts("你好吗？我很好谢谢你", 6), ["你好吗？", "我很好谢谢你"]);
        assert_eq!(texts("withoutanyspace", 6), ["withou", "tanysp", "ace"]);
    }

    #[test]
    fn what_looks_like_one_character_stays_whole() {
        let family = "👨‍👩‍👧‍👦";
        assert_eq!(texts(&format!("abc{family}d"), 12), ["abc", &format!("{family}d")]);
        assert_eq!(texts("aaae\u{301}b", 4), ["aaa", "e\u{301}b"]);
        assert_eq!(texts("👍👍👍", 5), ["👍👍", "👍"]);
    }

    #[test]
    fn a_stretch_that_fits_is_not_cut_and_a_longer_one_goes_on() {
        let link = Entity::new(EntityKind::Bold, 4, 6);
        let parts = split("abc defghi jkl", std::slice::from_ref(&link), 8, 8);
        assert_eq!(parts[0], Part { text: "abc".to_owned(), entities: vec![] });
        assert_eq!(parts[1].entities, [Entity { offset: 0, ..link }]);
        let long = Entity::new(EntityKind::Italic, 0, 14);
        let parts = split("abc defghi jkl", &[long], 8, 8);
        let lengths: Vec<_> = parts.iter().map(|part| part.entities[0].length).collect();
        assert_eq!((lengths.len(), lengths.iter().sum::<usize>()), (3, 12));
    }

    #[test]
    fn code_keeps_its_indentation() {
        let code = Entity::new(EntityKind::Pre, 0, 18);
        let parts = split("if a {\n    b();\n}\n", &[code], 8, 11);
        let texts: Vec<_> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["if a {", "    b();\n}\n"]);
    }

    #[test]
    fn the_first_part_may_be_shorter() {
        let parts = split("aaaa bbbb cccc dddd", &[], 4, 9);
        let texts: Vec<_> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["aaaa", "bbbb cccc", "dddd"]);
    }

    fn any_text() -> impl Strategy<Value = String> {
        let pieces = prop_oneof![
            4 => "[a-z]{1,9}",
            3 => Just(" ".to_owned()),
            1 => "[\n \t]{1,4}",
            1 => Just("\n\n".to_owned()),
            1 => Just(". ".to_owned()),
            1 => Just("👨‍👩‍👧".to_owned()),
            1 => Just("e\u{301}\u{302}".to_owned()),
            1 => Just("👍🏽".to_owned()),
            1 => "\\PC{0,4}",
        ];
        prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
    }

    /// A text with stretches between characters that Telegram would take together.
    fn any_formatted() -> impl Strategy<Value = (String, Vec<Entity>)> {
        let kinds = prop::sample::select(EntityKind::ALL.to_vec());
        let stretch = (kinds, any::<prop::sample::Index>(), any::<prop::sample::Index>());
        (any_text(), prop::collection::vec(stretch, 0..8)).prop_map(|(text, stretches)| {
            let ruler = Ruler::of(&text);
            let between: Vec<_> = (0..=ruler.units()).filter(|unit| ruler.byte(*unit).is_some()).collect();
            let mut entities: Vec<Entity> = Vec::new();
            for (kind, one, other) in stretches {
                let (one, other) = (*one.get(&between), *other.get(&between));
                let mut entity = Entity::new(kind, one.min(other), one.abs_diff(other)).of_user(1);
                entity.url = Some("https://example.com".to_owned());
                entity.custom_emoji_id = Some("1".to_owned());
                entities.push(entity);
                if check(&text, &entities).is_err() {
                    entities.pop();
                }
            }
            (text, entities)
        })
    }

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    /// Where each part is in the text, if the parts are the text without white space between them.
    fn places_of(parts: &[Part], text: &str) -> Option<Vec<usize>> {
        let text = units(text);
        let is_space = |unit: &u16| char::from_u32(u32::from(*unit)).is_some_and(char::is_whitespace);
        let mut at = 0;
        let mut places = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let part = units(&part.text);
            let space = text[at..].iter().take_while(|unit| is_space(unit)).count();
            let most = if number == 0 { 0 } else { space };
            // Of several places the last one is where the least is dropped twice; any of them will do for the text.
            let skipped = (0..=most).rev().find(|skipped| text[at + skipped..].starts_with(&part))?;
            places.push(at + skipped);
            at += skipped + part.len();
        }
        text[at..].iter().all(is_space).then_some(places)
    }

    proptest! {
        #[test]
        fn the_parts_are_the_text_but_for_space_at_the_cuts((text, entities) in any_formatted(), limit in 8_usize..40) {
            let parts = split(&text, &entities, limit, limit);
            if !text.chars().next().is_some_and(char::is_whitespace) {
                prop_assert!(places_of(&parts, &text).is_some(), "{text:?} {parts:?}");
            }
            let without_space = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let together: String = parts.iter().map(|part| part.text.as_str()).collect();
            prop_assert_eq!(without_space(&together), without_space(&text));
        }

        #[test]
        fn no_part_is_too_long_or_empty((text, entities) in any_formatted(), first in 8_usize..40, limit in 8_usize..40) {
            let parts = split(&text, &entities, first, limit);
            for (number, part) in parts.iter().enumerate() {
                let most = if number == 0 { first } else { limit };
                prop_assert!(units(&part.text).len() <= most && !part.text.is_empty(), "{part:?}");
            }
        }

        #[test]
        fn formatting_covers_the_same_characters((text, entities) in any_formatted(), limit in 8_usize..40) {
            let parts = split(&text, &entities, limit, limit);
            let covered = |entity: &Entity, text: &str| -> String {
                let units = units(text);
                let covered = String::from_utf16(&units[entity.range()]).expect("no entity splits a character");
                covered.chars().filter(|c| !c.is_whitespace()).collect()
            };
            for kind in EntityKind::ALL {
                let of_kind = |entity: &&Entity| entity.kind == *kind;
                let mut wanted: Vec<_> = entities.iter().filter(of_kind).map(|entity| covered(entity, &text)).collect();
                let mut found: Vec<_> = Vec::new();
                for part in &parts {
                    found.extend(part.entities.iter().filter(of_kind).map(|entity| covered(entity, &part.text)));
                }
                // An entity that goes on in the next part is two there, in whatever order among its like.
                let letters = |texts: &mut Vec<String>| {
                    let mut letters: Vec<char> = texts.concat().chars().collect();
                    letters.sort_unstable();
                    letters
                };
                prop_assert_eq!(letters(&mut wanted), letters(&mut found), "{} {:?}", kind, parts);
            }
        }

        #[test]
        fn the_formatting_of_a_part_is_one_that_telegram_takes((text, entities) in any_formatted(), limit in 8_usize..40) {
            for part in split(&text, &entities, limit, limit) {
                prop_assert_eq!(check(&part.text, &part.entities), Ok(()), "{:?}", part);
            }
        }

        #[test]
        fn a_stretch_that_fits_is_whole_in_one_part((text, entities) in any_formatted(), limit in 8_usize..40) {
            let parts = split(&text, &entities, limit, limit);
            let trimmed = |entity: &Entity| {
                let units = units(&text);
                String::from_utf16(&units[entity.range()]).expect("no entity splits a character").trim().to_owned()
            };
            for entity in entities.iter().filter(|entity| entity.length <= limit) {
                let wanted = trimmed(entity);
                prop_assert!(parts.iter().any(|part| part.text.contains(&wanted)), "{wanted:?} {parts:?}");
            }
        }
    }
}
