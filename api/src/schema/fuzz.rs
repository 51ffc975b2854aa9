//! Texts that no client was ever given, where ids and cursors are read.
//!
//! Each target is a test of a bounded number of inputs, and can be driven by a coverage-guided engine for as long as one
//! likes; CONTRIBUTING.md says how.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bolero::check;
use domain::SessionId;

use super::cursor::List;
use super::id::{self, Id};

/// Decoding is undone by encoding, or fails: no two texts are one id.
#[test]
fn a_text_is_the_id_of_one_object_or_none() {
    each_text(|text| {
        if let Ok(id) = Id::parse(text) {
            assert_eq!(id.text(), text);
            assert_eq!(id::parse::<SessionId>(text).is_ok(), id.kind == id::Kind::Session);
        } else {
            assert!(id::parse::<SessionId>(text).is_err());
        }
    });
}

/// Decoding is undone by encoding, or fails: no two texts are one place of a list.
#[test]
fn a_text_is_the_cursor_of_one_place_or_none() {
    let lists = [List::PROJECTS, List::messages_of(SessionId(1)), List::messages_of(SessionId(i64::MIN))];
    each_text(|text| {
        let taken: Vec<_> = lists.iter().filter_map(|list| Some((list, list.decode(text).ok()?))).collect();
        assert!(taken.len() <= 1, "{text} is a cursor of several lists");
        for (list, place) in taken {
            assert_eq!(list.encode(place), text);
        }
    });
}

/// Hands on the input as it is, as the content of a text in base64, and as what follows the first bytes of a cursor.
fn each_text(judge: impl Fn(&str) + std::panic::RefUnwindSafe) {
    check!().with_iterations(3_000).with_max_len(64).for_each(|input: &[u8]| {
        judge(&String::from_utf8_lossy(input));
        judge(&URL_SAFE_NO_PAD.encode(input));
        judge(&URL_SAFE_NO_PAD.encode([b"Session:", input].concat()));
        for kind in 0..8 {
            let mut bytes = [0; 26];
            bytes[..2].copy_from_slice(&[1, kind]);
            let length = input.len().min(24);
            bytes[2..2 + length].copy_from_slice(&input[..length]);
            judge(&URL_SAFE_NO_PAD.encode(bytes));
        }
    });
}
