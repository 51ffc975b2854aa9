//! The part of a text in which it was found.

use std::ops::Range;

/// The most characters of a snippet, without the signs that something was left out.
pub const SNIPPET_CHARACTERS: usize = 160;
/// How many of them stand before the first place.
const LEAD: usize = 40;
const CUT: char = '…';

/// The part of a text around the first place where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// The part; `…` stands for what was left out.
    pub text: String,
    /// The places within the part, each from where to where in UTF-16 code units, in ascending order.
    pub ranges: Vec<Range<usize>>,
}

impl Snippet {
    /// Cuts the part out of a text that was found at these places, in bytes.
    pub fn around(text: &str, places: &[Range<usize>]) -> Self {
        let first = places.first().map_or(0, |place| place.start);
        let back = |(count, (at, _)): (usize, (usize, char))| (count + 1 == LEAD).then_some(at);
        let start = text[..first].char_indices().rev().enumerate().find_map(back).unwrap_or(0);
        let end = text[start..].char_indices().nth(SNIPPET_CHARACTERS).map_or(text.len(), |(at, _)| start + at);
        let mut part = String::with_capacity(end - start + 2 * CUT.len_utf8());
        if start > 0 {
            part.push(CUT);
        }
        let lead = part.encode_utf16().count();
        part.push_str(&text[start..end]);
        if end < text.len() {
            part.push(CUT);
        }
        let units = |at: usize| lead + text[start..at].encode_utf16().count();
        let within = places.iter().filter(|place| place.start < end);
        let ranges = within.map(|place| units(place.start)..units(place.end.min(end))).collect();
        Self { text: part, ranges }
    }
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a snippet has a list of ranges, which may be one")]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_shown_as_a_whole() {
        let snippet = Snippet::around("👍 деньги", &[5..17]);
        assert_eq!(snippet, Snippet { text: "👍 деньги".to_owned(), ranges: vec![3..9] });
    }

    #[test]
    fn of_a_long_text_the_part_around_the_first_place_is_shown() {
        let text = format!("{}needle{} needle", "а".repeat(100), "b".repeat(300));
        let snippet = Snippet::around(&text, &[200..206, 507..513]);
        assert_eq!(snippet.ranges, [41..47]);
        assert!(snippet.text.starts_with('…') && snippet.text.ends_with('…'));
        assert_eq!(snippet.text.chars().count(), SNIPPET_CHARACTERS + 2);
        assert_eq!(&snippet.text.chars().skip(41).take(6).collect::<String>(), "needle");
    }
}
