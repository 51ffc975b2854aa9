//! What people write about tickets.

use crate::text::{is_blank, without_nul};

/// The longest text about a ticket, in characters.
pub const TICKET_TEXT_CHARACTERS: usize = 2000;

/// What is to be done or was done, or why a ticket goes on to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketText(String);

/// Why a text was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketTextRefusal {
    /// There is nothing in it.
    #[error("the text is empty: say it in one sentence at least")]
    Required,
    /// It is longer than [`TICKET_TEXT_CHARACTERS`].
    #[error("the text is longer than {TICKET_TEXT_CHARACTERS} characters: shorten it")]
    TooLong,
}

impl TicketText {
    /// Checks a text and trims it.
    pub fn parse(text: &str) -> Result<Self, TicketTextRefusal> {
        let text = Self::parse_optional(text)?;
        if is_blank(&text.0) { Err(TicketTextRefusal::Required) } else { Ok(text) }
    }

    /// The same where there may be nothing in it.
    pub fn parse_optional(text: &str) -> Result<Self, TicketTextRefusal> {
        let text = without_nul(text).trim().to_owned();
        if text.chars().count() > TICKET_TEXT_CHARACTERS { Err(TicketTextRefusal::TooLong) } else { Ok(Self(text)) }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_says_something_and_is_not_endless() {
        for nothing in ["\u{0} \n", "\u{200b}"] {
            assert_eq!(TicketText::parse(nothing), Err(TicketTextRefusal::Required));
        }
        assert_eq!(TicketText::parse_optional(" ").map(TicketText::into_string), Ok(String::new()));
        let longest = "ж".repeat(TICKET_TEXT_CHARACTERS);
        assert_eq!(TicketText::parse(&format!(" {longest}\n")).map(TicketText::into_string), Ok(longest.clone()));
        assert_eq!(TicketText::parse(&format!("{longest}x")), Err(TicketTextRefusal::TooLong));
    }
}
