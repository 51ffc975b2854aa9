//! How satisfied somebody is, in stars.

use serde::{Deserialize, Serialize};

use crate::text::{is_visible, turns_direction};

/// The most stars.
pub const HIGHEST: i64 = 5;
/// The most stars that say that something went wrong.
const LOW: i64 = 3;

/// One to five stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Score(i64);

/// The number is not one of stars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no number of stars: it is not between 1 and {HIGHEST}")]
pub struct NotAScore(i64);

impl TryFrom<i64> for Score {
    type Error = NotAScore;

    fn try_from(stars: i64) -> Result<Self, NotAScore> {
        if (1..=HIGHEST).contains(&stars) { Ok(Self(stars)) } else { Err(NotAScore(stars)) }
    }
}

impl From<Score> for i64 {
    fn from(score: Score) -> Self {
        score.0
    }
}

impl Score {
    /// Every score, the lowest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=HIGHEST).map(Self)
    }

    /// How many stars it is.
    pub fn stars(self) -> i64 {
        self.0
    }

    /// Whether it says that something went wrong, so that somebody looks after it.
    pub fn is_low(self) -> bool {
        self.0 <= LOW
    }

    /// What the button says by which it is given.
    pub fn label(self) -> String {
        format!("{} ⭐", self.0)
    }

    /// The score that a text is and nothing else: one digit of any script, or as many stars.
    pub fn read(text: &str) -> Option<Self> {
        // Most texts are longer than any score.
        if text.len() > LONGEST_BYTES {
            return None;
        }
        let mut signs = text.chars().filter(|sign| shows(*sign));
        let first = signs.next()?;
        if let Some(digit) = digit(first) {
            return if signs.next().is_none() { Self::try_from(digit).ok() } else { None };
        }
        let is_star = |sign: char| STARS.contains(&sign);
        let rest: Vec<char> = signs.collect();
        let count = i64::try_from(rest.len()).ok()? + 1;
        if is_star(first) && rest.into_iter().all(is_star) { Self::try_from(count).ok() } else { None }
    }
}

/// The longest text that is looked at, in bytes.
const LONGEST_BYTES: usize = 64;

/// Signs that people give as stars.
const STARS: [char; 4] = ['⭐', '★', '🌟', '✭'];

/// The digits for zero of the scripts in which Telegram's users write, behind each of which the others follow (general
/// category Nd of Unicode).
const ZEROS: [char; 22] =
    ['0', '٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '෦', '๐', '໐', '༠', '၀', '០', '᠐', '꩐', '０'];

/// The value of a digit.
fn digit(sign: char) -> Option<i64> {
    ZEROS
        .into_iter()
        .map(|zero| i64::from(u32::from(sign)) - i64::from(u32::from(zero)))
        .find(|value| (0..10).contains(value))
}

/// Whether a sign counts: spaces and what only says how others look do not.
fn shows(sign: char) -> bool {
    const LOOKS: [char; 3] = ['\u{fe0e}', '\u{fe0f}', '\u{20e3}'];
    is_visible(sign) && !turns_direction(sign) && !LOOKS.contains(&sign)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stars(text: &str) -> Option<i64> {
        Score::read(text).map(Score::stars)
    }

    #[test]
    fn a_digit_alone_is_a_score_in_any_script() {
        for (text, score) in [
            ("1", 1),
            (" 5\n", 5),
            ("５", 5),
            ("٣", 3),
            ("\u{200f}۴", 4),
            ("२", 2),
            ("๕", 5),
            ("5️⃣", 5),
            ("⭐⭐⭐⭐", 4),
            ("⭐️ ⭐️", 2),
            ("★", 1),
        ] {
            assert_eq!(stars(text), Some(score), "{text:?}");
        }
    }

    #[test]
    fn whatever_says_more_or_something_else_is_none() {
        for text in [
            "",
            " ",
            "0",
            "6",
            "９",
            "55",
            "5.",
            "-5",
            "4/5",
            "5 stars",
            "five",
            "⭐⭐⭐⭐⭐⭐",
            "5⭐",
            "⭐5",
            "½",
            "٦",
            "①",
            "/5",
            "👍",
        ] {
            assert_eq!(stars(text), None, "{text:?}");
        }
        assert_eq!(stars(&" ".repeat(100)), None);
    }

    #[test]
    fn three_stars_are_low_and_four_are_not() {
        let low: Vec<bool> = Score::all().map(Score::is_low).collect();
        assert_eq!(low, [true, true, true, false, false]);
    }

    proptest! {
        #[test]
        fn a_digit_reads_alike_whatever_its_script_and_the_space_around_it(
            zero in proptest::sample::select(ZEROS.to_vec()),
            value in 0..10_u32,
            before in "[ \t\n]{0,5}",
            after in "[ \t\n]{0,5}",
        ) {
            let sign = char::from_u32(u32::from(zero) + value).unwrap();
            let expected = (1..=5).contains(&value).then_some(i64::from(value));
            prop_assert_eq!(stars(&format!("{before}{sign}{after}")), expected);
        }

        #[test]
        fn what_has_letters_is_no_score(text in ".*[a-zA-Z].*") {
            prop_assert_eq!(stars(&text), None);
        }

        #[test]
        fn a_score_is_read_from_what_it_is_written_as(value in 1..=HIGHEST) {
            let score = Score::try_from(value).unwrap();
            prop_assert_eq!(Score::read(&value.to_string()), Some(score));
            prop_assert_eq!(Score::read(&"⭐".repeat(usize::try_from(value).unwrap())), Some(score));
        }
    }
}
