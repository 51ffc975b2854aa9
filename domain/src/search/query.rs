//! What somebody searches for.

use super::gram::{Gram, grams_of_needle, is_number, sorted};
use super::hit::{self, Hit};
use super::unit::{Form, Units};

/// The most characters of a query.
pub const QUERY_CHARACTERS: usize = 200;
/// The most grams that an index is asked for. More would hardly leave fewer texts to look at.
const GRAMS: usize = 12;
/// How many of these those of numbers may be, which say most.
const GRAMS_OF_NUMBERS: usize = 8;

/// Why a query was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QueryRefusal {
    /// There is nothing in it to look for.
    #[error("there is nothing to search for: give a word, a number or an emoji")]
    Empty,
    /// Longer than [`QUERY_CHARACTERS`].
    #[error("a search takes at most {QUERY_CHARACTERS} characters: leave out what matters least")]
    TooLong,
}

/// What somebody searches for, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    needles: Vec<Needle>,
    number: Option<i64>,
}

/// A unit that a text must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needle {
    pub(super) form: Form,
    pub(super) signs: Vec<char>,
}

impl Query {
    /// Reads a query.
    pub fn parse(text: &str) -> Result<Self, QueryRefusal> {
        let text = text.trim();
        if text.chars().count() > QUERY_CHARACTERS {
            return Err(QueryRefusal::TooLong);
        }
        let units = Units::of(text);
        let needle = |unit: &super::unit::Unit| Needle { form: unit.form, signs: units.signs(*unit) };
        let needles: Vec<Needle> = units.all().iter().map(needle).collect();
        if needles.is_empty() {
            return Err(QueryRefusal::Empty);
        }
        Ok(Self { needles, number: number(text) })
    }

    /// The number of a session, if that is what the query may mean: `12` or `#12`.
    pub fn number(&self) -> Option<i64> {
        self.number
    }

    /// Pieces that every text has that the query finds; at least one.
    pub fn grams(&self) -> Vec<Gram> {
        let (numbers, words): (Vec<&Needle>, Vec<&Needle>) = self.needles.iter().partition(|needle| needle.is_number());
        let mut grams = some_of(numbers, GRAMS_OF_NUMBERS);
        grams.extend(some_of(words, GRAMS - grams.len()));
        sorted(grams)
    }

    /// How and where the query finds a text, if it does.
    pub fn find_in(&self, text: &str) -> Option<Hit> {
        hit::find(&self.needles, text)
    }
}

impl Needle {
    fn is_number(&self) -> bool {
        self.form == Form::Word && is_number(&self.signs)
    }
}

/// At most so many of the grams of some needles, from everywhere in them, since words differ in how common they are.
fn some_of(needles: Vec<&Needle>, most: usize) -> Vec<Gram> {
    let grams = sorted(needles.into_iter().flat_map(|needle| grams_of_needle(needle.form, &needle.signs)).collect());
    let step = grams.len().div_ceil(most).max(1);
    grams.into_iter().step_by(step).collect()
}

fn number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Grade, grams};
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(text).unwrap()
    }

    #[test]
    fn a_query_says_something_and_is_not_too_long() {
        for text in ["", "  ", "?!", "#", "..."] {
            assert_eq!(Query::parse(text), Err(QueryRefusal::Empty), "{text}");
        }
        assert!(Query::parse(&"я".repeat(QUERY_CHARACTERS)).is_ok());
        assert_eq!(Query::parse(&"я".repeat(QUERY_CHARACTERS + 1)), Err(QueryRefusal::TooLong));
    }

    #[test]
    fn a_number_may_be_that_of_a_session() {
        for (text, number) in [("12", Some(12)), (" #12 ", Some(12)), ("12a", None), ("-1", None), ("1 2", None)] {
            assert_eq!(query(text).number(), number, "{text}");
        }
        assert_eq!(query(&"9".repeat(30)).number(), None);
    }

    #[test]
    fn however_many_words_there_are_numbers_are_asked_for() {
        let grams = query("where in the world is that parcel with the number 471105 of last week").grams();
        assert!(grams.len() <= GRAMS);
        assert!(query("471105").grams().iter().all(|gram| grams.contains(gram)));
    }

    #[test]
    fn words_are_found_in_parts_and_short_ones_where_they_begin() {
        let text = "Здравствуйте, верните Деньги за order-4711 我要退款 👍🏽 a";
        for found in
            ["деньги", "ДЕНЬ", "еньг", "верните деньги", "де", "order 4711", "471", "退款", "要", "👍", "a", "ёньги"]
        {
            assert!(query(found).find_in(text).is_some(), "{found}");
        }
        for missing in ["ен", "о", "деньгами", "退货", "款退", "👎", "r", "деньги нет"] {
            assert!(query(missing).find_in(text).is_none(), "{missing}");
        }
    }

    #[test]
    fn the_words_as_written_come_before_whole_words_and_those_before_parts() {
        let grade = |text: &str, wanted: &str| query(wanted).find_in(text).unwrap().grade;
        assert_eq!(grade("please give me my money back", "money back"), Grade::Phrase);
        assert_eq!(grade("back to my money", "money back"), Grade::Words);
        assert_eq!(grade("moneybags backed", "money back"), Grade::Parts);
        assert_eq!(grade("money", "money"), Grade::Phrase);
        assert_eq!(grade("我要退款了", "要退款"), Grade::Phrase);
        assert_eq!(grade("refund 退款了", "refund 退款"), Grade::Phrase);
        assert!(Grade::Phrase > Grade::Words && Grade::Words > Grade::Parts);
    }

    proptest! {
        /// No text is ever missed for want of a gram.
        #[test]
        fn every_text_that_is_found_has_all_the_grams(
            text in "[a-cа-в退款我 👍❤1-2.ё]{0,24}",
            wanted in "[a-cа-в退款我 👍❤1-2.ё]{1,6}",
        ) {
            let Ok(query) = Query::parse(&wanted) else { return Ok(()) };
            if query.find_in(&text).is_some() {
                let has = grams(&text);
                prop_assert!(!query.grams().is_empty());
                for gram in query.grams() {
                    prop_assert!(has.contains(&gram), "{wanted:?} in {text:?}");
                }
            }
        }

        #[test]
        fn every_text_that_has_a_number_has_its_grams(text in "[12 a]{0,24}", wanted in "[12]{1,9}( [12]{1,9})?") {
            let query = query(&wanted);
            if query.find_in(&text).is_some() {
                let has = grams(&text);
                for gram in query.grams() {
                    prop_assert!(has.contains(&gram), "{wanted:?} in {text:?}");
                }
            }
        }

        #[test]
        fn a_text_finds_itself_and_the_places_lie_within_it(text in "\\PC{0,60}", wanted in "\\PC{1,8}") {
            if let Ok(query) = Query::parse(&text) {
                prop_assert!(query.find_in(&text).is_some());
            }
            let Ok(query) = Query::parse(&wanted) else { return Ok(()) };
            let joined = format!("{text} {wanted}");
            let hit = query.find_in(&joined);
            prop_assert!(hit.is_some(), "{joined:?}");
            for place in hit.into_iter().flat_map(|hit| hit.places) {
                prop_assert!(joined.get(place).is_some());
            }
        }
    }
}
