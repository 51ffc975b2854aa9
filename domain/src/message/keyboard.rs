//! What Telegram takes as buttons under a message.

use super::Button;
use crate::formatting::is_link;
use crate::text::is_blank;

/// The most rows of buttons under one message.
pub const KEYBOARD_ROWS: usize = 12;

/// The most buttons of one row (Telegram shows no more).
pub const ROW_BUTTONS: usize = 8;

/// The longest text of a button, in UTF-16 code units. Telegram takes more, but shows no more on any screen.
const LABEL_UTF16_UNITS: usize = 64;

/// Why buttons cannot be sent. Rows and buttons are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ButtonRefusal {
    /// More than [`KEYBOARD_ROWS`] or [`ROW_BUTTONS`].
    #[error("there are too many buttons: send up to {KEYBOARD_ROWS} rows of up to {ROW_BUTTONS}")]
    TooMany,
    /// A row without buttons.
    #[error("`buttons[{row}]` is empty: leave the row out")]
    EmptyRow {
        /// Which row.
        row: usize,
    },
    /// A text that cannot be shown.
    #[error("`buttons[{row}][{column}]` needs a text of 1 to {LABEL_UTF16_UNITS} UTF-16 units that can be seen")]
    Label {
        /// Which row.
        row: usize,
        /// Which button of it.
        column: usize,
    },
    /// An address that cannot be opened.
    #[error(
        "the address of `buttons[{row}][{column}]` cannot be opened: give one that begins with https://, http:// or tg://"
    )]
    Url {
        /// Which row.
        row: usize,
        /// Which button of it.
        column: usize,
    },
    /// Under an album.
    #[error("an album has no buttons: send them with a text after it")]
    UnderAlbum,
}

/// Checks that Telegram can take the buttons.
pub fn check_buttons(rows: &[Vec<Button>]) -> Result<(), ButtonRefusal> {
    if rows.len() > KEYBOARD_ROWS || rows.iter().any(|row| row.len() > ROW_BUTTONS) {
        return Err(ButtonRefusal::TooMany);
    }
    for (row, buttons) in rows.iter().enumerate() {
        if buttons.is_empty() {
            return Err(ButtonRefusal::EmptyRow { row });
        }
        for (column, button) in buttons.iter().enumerate() {
            if is_blank(&button.text) || button.text.encode_utf16().count() > LABEL_UTF16_UNITS {
                return Err(ButtonRefusal::Label { row, column });
            }
            if button.url.as_deref().is_some_and(|url| !is_link(url)) {
                return Err(ButtonRefusal::Url { row, column });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn button(text: &str, url: Option<&str>) -> Button {
        Button { text: text.to_owned(), url: url.map(str::to_owned), callback_data: None }
    }

    #[test]
    fn each_button_can_be_seen_and_opened() {
        let yes = || button("Yes", None);
        assert_eq!(check_buttons(&[]), Ok(()));
        assert_eq!(check_buttons(&[vec![yes(), button("Site", Some("https://example.com"))], vec![yes()]]), Ok(()));
        assert_eq!(check_buttons(&[vec![yes()], vec![]]), Err(ButtonRefusal::EmptyRow { row: 1 }));
        let label = Err(ButtonRefusal::Label { row: 0, column: 1 });
        assert_eq!(check_buttons(&[vec![yes(), button(" ", None)]]), label);
        assert_eq!(check_buttons(&[vec![yes(), button(&"a".repeat(65), None)]]), label);
        let url = button("x", Some("javascript:alert(1)"));
        assert_eq!(check_buttons(&[vec![url]]), Err(ButtonRefusal::Url { row: 0, column: 0 }));
        assert_eq!(check_buttons(&[vec![yes(); ROW_BUTTONS + 1]]), Err(ButtonRefusal::TooMany));
        assert_eq!(check_buttons(&vec![vec![yes()]; KEYBOARD_ROWS + 1]), Err(ButtonRefusal::TooMany));
    }
}
