//! The names that people give to what they make.

use unicode_normalization::UnicodeNormalization;

use crate::text::{breaks_line, is_visible, turns_direction, without_nul};

/// The longest name, in characters.
pub const NAME_CHARACTERS: usize = 100;

/// Why a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameRefusal {
    /// Nothing that anybody could see.
    #[error("the name {}", self.complaint())]
    Empty,
    /// More than [`NAME_CHARACTERS`].
    #[error("the name {}", self.complaint())]
    TooLong,
    /// It has a character by which it would look like another name, or spread over several lines.
    #[error("the name {}", self.complaint())]
    Invalid,
}

impl NameRefusal {
    /// What is wrong and what to do about it, for a sentence that begins with what the name is to its owner: a title, say.
    pub fn complaint(self) -> String {
        match self {
            Self::Empty => format!("is empty: give one of 1 to {NAME_CHARACTERS} characters"),
            Self::TooLong => format!("is longer than {NAME_CHARACTERS} characters: shorten it"),
            Self::Invalid => {
                "has a control character or one that turns the direction of writing: leave it out".to_owned()
            }
        }
    }
}

/// Checks a name, trims it and composes its letters, so that what looks the same is the same.
pub fn parse_name(name: &str) -> Result<String, NameRefusal> {
    let name: String = without_nul(name).trim().nfc().collect();
    if name.chars().any(|character| breaks_line(character) || turns_direction(character)) {
        return Err(NameRefusal::Invalid);
    }
    if !name.chars().any(shows_something) {
        return Err(NameRefusal::Empty);
    }
    if name.chars().count() > NAME_CHARACTERS { Err(NameRefusal::TooLong) } else { Ok(name) }
}

/// Whether people would take two names for the same: but for case, for characters that nobody sees and for the way in which
/// accents are written they are equal.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let key = |name: &str| -> String {
        let shown = |character: &char| character.is_whitespace() || shows_something(*character);
        name.nfkc().filter(shown).flat_map(char::to_lowercase).nfc().collect()
    };
    key(one) == key(other)
}

/// Fillers count as letters for Unicode and are as good as white space to the eye.
fn shows_something(character: char) -> bool {
    const FILLERS: [char; 5] = ['\u{115f}', '\u{1160}', '\u{2800}', '\u{3164}', '\u{ffa0}'];
    is_visible(character) && !FILLERS.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_something_to_read_and_an_end() {
        assert_eq!(parse_name(" Second\0 line "), Ok("Second line".to_owned()));
        assert_eq!(parse_name(" \n"), Err(NameRefusal::Empty));
        assert_eq!(parse_name(&"é".repeat(NAME_CHARACTERS)).map(|name| name.chars().count()), Ok(NAME_CHARACTERS));
        assert_eq!(parse_name(&"é".repeat(NAME_CHARACTERS + 1)), Err(NameRefusal::TooLong));
    }

    #[test]
    fn a_name_can_be_seen_and_looks_like_what_it_is() {
        for blank in ["\u{200b}", "\u{feff}\u{ad}", "\u{3164}", "\u{2800} \u{200d}"] {
            assert_eq!(parse_name(blank), Err(NameRefusal::Empty), "{blank:?}");
        }
        for hidden in ["Bill\ning", "Bill\u{202e}gni", "\u{200f}Billing", "Bill\u{2028}ing", "Bill\u{7}ing"] {
            assert_eq!(parse_name(hidden), Err(NameRefusal::Invalid), "{hidden:?}");
        }
        assert_eq!(parse_name("Cafe\u{301}").as_deref(), Ok("Café"));
        assert_eq!(parse_name("👩\u{200d}🔧 Repairs").as_deref(), Ok("👩\u{200d}🔧 Repairs"));
    }

    #[test]
    fn names_are_the_same_if_nobody_could_tell_them_apart() {
        for (one, other) in
            [("Billing", "BILLING"), ("Cafe\u{301}", "CAFÉ"), ("Bill\u{200b}ing", "Billing"), ("Ｌｉｎｅ", "line")]
        {
            assert!(is_same_name(one, other), "{one:?} {other:?}");
        }
        for (one, other) in [("Billing", "Bill ing"), ("Muller", "Müller"), ("退款", "退货")] {
            assert!(!is_same_name(one, other), "{one:?} {other:?}");
        }
    }
}
