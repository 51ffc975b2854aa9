//! The names that people give to what they make.

use crate::text::without_nul;

/// The longest name, in characters.
pub const NAME_CHARACTERS: usize = 100;

/// Why a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameRefusal {
    /// Nothing but white space.
    #[error("the name is empty: give a name of 1 to {NAME_CHARACTERS} characters")]
    Empty,
    /// More than [`NAME_CHARACTERS`].
    #[error("the name is longer than {NAME_CHARACTERS} characters: shorten it")]
    TooLong,
}

/// Checks a name and trims it.
pub fn parse_name(name: &str) -> Result<String, NameRefusal> {
    let name = without_nul(name);
    let name = name.trim();
    match name.chars().count() {
        0 => Err(NameRefusal::Empty),
        1..=NAME_CHARACTERS => Ok(name.to_owned()),
        _ => Err(NameRefusal::TooLong),
    }
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
}
