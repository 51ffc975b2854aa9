//! Texts that no client was ever given, where cursors of events are read.
//!
//! The target is a test of a bounded number of inputs, and can be driven by a coverage-guided engine for as long as one
//! likes; CONTRIBUTING.md says how.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bolero::check;

use super::cursor::{Unsealed, decode, encode, seal, unseal};
use crate::keys::{CursorSealer, Keyring, SecretKey};

/// Decoding is undone by encoding, or fails: no two texts are one place of the log.
#[test]
fn a_text_is_the_cursor_of_one_place_or_none() {
    let sealer = Keyring::new(&SecretKey::generate(), None).cursors;
    check!().with_iterations(5_000).with_max_len(64).for_each(|input: &[u8]| {
        judge(&String::from_utf8_lossy(input), &sealer);
        judge(&URL_SAFE_NO_PAD.encode(input), &sealer);
        for version in 0..5 {
            judge(&URL_SAFE_NO_PAD.encode([&[version], input].concat()), &sealer);
        }
    });
}

fn judge(text: &str, sealer: &CursorSealer) {
    if let Some(cursor) = decode(text) {
        assert_eq!(encode(cursor), text);
        // What can be read in it can be sealed, and no other text opens to it.
        assert_eq!(unseal(&seal(cursor, sealer), sealer), Some(Unsealed::Cursor(cursor)));
    }
    if let Some(Unsealed::Cursor(cursor)) = unseal(text, sealer) {
        assert_eq!(seal(cursor, sealer), text);
    }
}
