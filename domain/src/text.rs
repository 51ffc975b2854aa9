//! The text of messages, measured as Telegram measures it.

use std::borrow::Cow;

/// The longest text of one Telegram message, in UTF-16 code units after entities are parsed
/// (Bot API, `sendMessage`).
pub const MESSAGE_TEXT_UTF16_UNITS: usize = 4096;

/// The longest text under a file, in UTF-16 code units after entities are parsed (Bot API, `sendPhoto`).
pub const CAPTION_UTF16_UNITS: usize = 1024;

/// The most messages that one text becomes.
pub const PARTS: usize = 10;

/// Why a text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextRefusal {
    /// Nothing that Telegram would show.
    #[error("the text is empty: write at least one visible character")]
    Empty,
    /// More than one message takes.
    #[error("the text has {units} UTF-16 units and Telegram takes {limit}: shorten it or send it in parts")]
    TooLong {
        /// The length found, in UTF-16 code units.
        units: usize,
        /// The most that is taken.
        limit: usize,
    },
    /// More than [`PARTS`].
    #[error("the text would become {parts} messages and {PARTS} go out at once: shorten it or send a file")]
    TooManyParts {
        /// How many there would be.
        parts: usize,
    },
}

/// Checks that Telegram can take the text, and leaves it as it was written.
pub fn check(text: &str) -> Result<(), TextRefusal> {
    if is_blank(text) {
        return Err(TextRefusal::Empty);
    }
    check_length(text, MESSAGE_TEXT_UTF16_UNITS)
}

/// Checks that Telegram can take the text under a file, where there may be none.
pub fn check_caption(text: &str) -> Result<(), TextRefusal> {
    check_length(text, CAPTION_UTF16_UNITS)
}

fn check_length(text: &str, limit: usize) -> Result<(), TextRefusal> {
    let units = text.encode_utf16().count();
    if units > limit {
        return Err(TextRefusal::TooLong { units, limit });
    }
    Ok(())
}

/// Whether Telegram would show nothing of the text.
pub fn is_blank(text: &str) -> bool {
    !text.chars().any(is_visible)
}

/// Whether a character turns the direction of writing, by which what stands around it can be made to look like something
/// else (Unicode Technical Report 36, section 2.5).
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character cannot stand within a line: it breaks the line or controls something else.
pub fn breaks_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// The text without NUL characters, which nobody sees, Telegram drops and PostgreSQL cannot keep.
pub fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

/// Whether a character shows something. Telegram refuses a text of white space and of characters that show nothing.
pub fn is_visible(character: char) -> bool {
    const SHOWS_NOTHING: [char; 6] = ['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}'];
    !character.is_whitespace() && !character.is_control() && !SHOWS_NOTHING.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_needs_one_visible_character() {
        for text in ["", "  \n\t", "\u{200b}\u{feff}", "\u{0}"] {
            assert_eq!(check(text), Err(TextRefusal::Empty), "{text:?}");
        }
        for text in ["a", " 👍 ", "你好", "."] {
            assert_eq!(check(text), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn nul_characters_vanish() {
        assert_eq!(without_nul("a\0b\0"), "ab");
        assert!(matches!(without_nul("ab"), Cow::Borrowed("ab")));
    }

    #[test]
    fn length_counts_utf16_units_not_characters() {
        assert_eq!(check(&"я".repeat(4096)), Ok(()));
        assert_eq!(check(&"👍".repeat(2048)), Ok(()));
        assert_eq!(check(&"👍".repeat(2049)), Err(TextRefusal::TooLong { units: 4098, limit: 4096 }));
    }
}
