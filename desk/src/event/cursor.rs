//! Event cursors as clients see them: opaque text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Cursor, Position};

const VERSION: u8 = 1;

/// The text of a cursor.
pub fn encode(cursor: Cursor) -> String {
    let mut bytes = Vec::with_capacity(25);
    bytes.push(VERSION);
    for number in [cursor.epoch, cursor.position.transaction, cursor.position.sequence] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The cursor of a text; nothing if the text is not one that [`encode`] made.
pub fn decode(text: &str) -> Option<Cursor> {
    let bytes: [u8; 25] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let (version, numbers) = bytes.split_first()?;
    let (numbers, []) = numbers.as_chunks::<8>() else { return None };
    let [epoch, transaction, sequence] = *numbers else { return None };
    (*version == VERSION).then(|| Cursor {
        epoch: i64::from_be_bytes(epoch),
        position: Position { transaction: i64::from_be_bytes(transaction), sequence: i64::from_be_bytes(sequence) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_cursor_comes_back(epoch: i64, transaction: i64, sequence: i64) {
            let cursor = Cursor { epoch, position: Position { transaction, sequence } };
            prop_assert_eq!(decode(&encode(cursor)), Some(cursor));
        }

        #[test]
        fn nothing_else_is_a_cursor(text in "\\PC{0,40}") {
            if let Some(cursor) = decode(&text) {
                prop_assert_eq!(encode(cursor), text);
            }
        }
    }
}
