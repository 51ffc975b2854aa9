//! Event cursors as texts: for clients, and for the desk's own notes.
//!
//! There is one log for all projects, so a place in it tells how much happens in all of them, and when. Clients get it
//! sealed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Cursor, Position};

use crate::Desk;
use crate::keys::{CursorSealer, SEALED_CURSOR_BYTES};

/// A cursor as it is.
const NOTED: u8 = 2;
/// A cursor for clients.
const SEALED: u8 = 3;

/// What a text is that may be a client's cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsealed {
    Cursor(Cursor),
    /// It has the form, but was sealed with a secret that this desk does not have.
    Foreign,
}

impl Desk {
    /// The text of a cursor for clients.
    pub fn cursor_text(&self, cursor: Cursor) -> String {
        seal(cursor, &self.keys.cursors)
    }

    /// The cursor of a client's text; nothing if no desk made it. What another desk made, or this one with a secret that
    /// is forgotten, is a cursor of another log.
    pub fn read_cursor(&self, text: &str) -> Option<Cursor> {
        Some(match unseal(text, &self.keys.cursors)? {
            Unsealed::Cursor(cursor) => cursor,
            Unsealed::Foreign => self.log.foreign_cursor(),
        })
    }
}

pub(super) fn seal(cursor: Cursor, sealer: &CursorSealer) -> String {
    text(SEALED, &sealer.seal(to_bytes(cursor)))
}

pub(super) fn unseal(text: &str, sealer: &CursorSealer) -> Option<Unsealed> {
    let sealed: [u8; SEALED_CURSOR_BYTES] = bytes(text, SEALED)?;
    Some(sealer.open(&sealed).map_or(Unsealed::Foreign, |plain| Unsealed::Cursor(from_bytes(plain))))
}

/// The text of a cursor for the database, which can be read whatever becomes of the secret.
pub(crate) fn encode(cursor: Cursor) -> String {
    text(NOTED, &to_bytes(cursor))
}

/// The cursor of a text; nothing if the text is not one that [`encode`] made.
pub(crate) fn decode(text: &str) -> Option<Cursor> {
    bytes(text, NOTED).map(from_bytes)
}

fn text(version: u8, bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode([&[version], bytes].concat())
}

fn bytes<const N: usize>(text: &str, version: u8) -> Option<[u8; N]> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (found, bytes) = bytes.split_first()?;
    (*found == version).then_some(bytes)?.try_into().ok()
}

fn to_bytes(cursor: Cursor) -> [u8; 32] {
    let Position { transaction, sequence, at_micros } = cursor.position;
    let mut bytes = [0; 32];
    for (part, number) in bytes.as_chunks_mut().0.iter_mut().zip([cursor.epoch, transaction, sequence, at_micros]) {
        *part = number.to_be_bytes();
    }
    bytes
}

fn from_bytes(bytes: [u8; 32]) -> Cursor {
    let number = |index: usize| bytes.as_chunks().0.get(index).copied().map_or(0, i64::from_be_bytes);
    let [epoch, transaction, sequence, at_micros] = [0, 1, 2, 3].map(number);
    Cursor { epoch, position: Position { transaction, sequence, at_micros } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Keyring, SecretKey};
    use proptest::prelude::*;

    fn sealer() -> CursorSealer {
        Keyring::new(&SecretKey::generate(), None).cursors
    }

    proptest! {
        #[test]
        fn every_cursor_comes_back(epoch: i64, transaction: i64, sequence: i64, at_micros: i64) {
            let cursor = Cursor { epoch, position: Position { transaction, sequence, at_micros } };
            prop_assert_eq!(decode(&encode(cursor)), Some(cursor));
            let sealer = sealer();
            prop_assert_eq!(unseal(&seal(cursor, &sealer), &sealer), Some(Unsealed::Cursor(cursor)));
        }

        #[test]
        fn nothing_else_is_a_cursor(text in "\\PC{0,70}") {
            if let Some(cursor) = decode(&text) {
                prop_assert_eq!(encode(cursor), text);
            } else if unseal(&text, &sealer()).is_some() {
                prop_assert_eq!(text.len(), 60);
            }
        }
    }

    #[test]
    fn a_cursor_of_another_secret_is_foreign_and_one_in_the_clear_is_none() {
        let cursor = Cursor { epoch: 5, position: Position { transaction: 1, sequence: 2, at_micros: 3 } };
        assert_eq!(unseal(&seal(cursor, &sealer()), &sealer()), Some(Unsealed::Foreign));
        assert_eq!(unseal(&encode(cursor), &sealer()), None);
    }
}
