//! Updates of every kind of the Bot API's documentation, written for these tests, and what becomes of them.
//!
//! They stand in `bot/tests/corpus`, grouped, each under a name and without a number. What each is read as stands in
//! `expected.txt` beside them; `SWITCHBOARD_WRITE_EXPECTED=1 cargo test -p bot corpus` writes that anew.

mod description;
pub(super) mod mutation;

use std::collections::BTreeSet;

use desk::intake::{Decode, Decoded};
use serde_json::{Map, Value, json};

use self::description::describe;
use super::TelegramUpdates;
use crate::telegram::update::{BOOKKEEPING, KINDS, KNOWN};

const EXPECTED: &str = include_str!("../../../tests/corpus/expected.txt");
const EXPECTED_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/expected.txt");

/// The files, by their names.
const FILES: [(&str, &str); 4] = [
    ("contents", include_str!("../../../tests/corpus/contents.json")),
    ("circumstances", include_str!("../../../tests/corpus/circumstances.json")),
    ("events", include_str!("../../../tests/corpus/events.json")),
    ("updates", include_str!("../../../tests/corpus/updates.json")),
];

/// One update of the corpus.
pub(super) struct Entry {
    /// The file and the name in it.
    pub(super) name: String,
    /// The update, with a number.
    pub(super) update: Value,
    /// The kind of the update.
    pub(super) kind: String,
}

impl Entry {
    /// What the update says.
    fn body(&self) -> &Map<String, Value> {
        self.update[&self.kind].as_object().unwrap()
    }

    /// Whether it is a message in a chat that the bot is in.
    fn is_message(&self) -> bool {
        self.body().contains_key("message_id")
            && !self.kind.starts_with("message_reaction")
            && self.kind != "guest_message"
    }
}

/// All of them.
pub(super) fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    for (file, text) in FILES {
        let updates: Map<String, Value> = serde_json::from_str(text).unwrap();
        for (name, mut update) in updates {
            let kind = update.as_object().unwrap().keys().next().unwrap().clone();
            update["update_id"] = json!(1);
            entries.push(Entry { name: format!("{file}/{name}"), update, kind });
        }
    }
    entries
}

pub(super) fn decoded(update: &Value) -> Decoded {
    TelegramUpdates.decode(&update.to_string()).unwrap()
}

#[test]
fn every_update_is_read_as_expected() {
    let read: String = entries()
        .iter()
        .map(|entry| format!("{}\n{}\n", entry.name, describe(&entry.update.to_string(), &decoded(&entry.update))))
        .collect();
    if std::env::var_os("SWITCHBOARD_WRITE_EXPECTED").is_some() {
        std::fs::write(EXPECTED_PATH, &read).unwrap();
    } else if read != EXPECTED {
        let difference = read.split("\n\n").filter(|entry| !EXPECTED.contains(entry)).collect::<Vec<_>>().join("\n\n");
        panic!("these are not read as {EXPECTED_PATH} says:\n\n{difference}");
    }
}

#[test]
fn every_kind_of_update_has_an_entry() {
    let entries = entries();
    let covered: BTreeSet<_> = entries.iter().map(|entry| entry.kind.as_str()).collect();
    let missing: Vec<_> = KINDS.iter().filter(|kind| !covered.contains(*kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_field_of_a_message_has_an_entry() {
    let entries = entries();
    let messages = entries.iter().filter(|entry| entry.body().contains_key("message_id"));
    let covered: BTreeSet<_> = messages.flat_map(|entry| entry.body().keys()).map(String::as_str).collect();
    let missing: Vec<_> = KNOWN.iter().chain(&BOOKKEEPING).filter(|name| !covered.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_the_documentation_knows_is_never_unsupported_without_words() {
    for entry in entries().iter().filter(|entry| entry.name.starts_with("events/")) {
        let of_a_message =
            matches!(decoded(&entry.update), Decoded::Migration(_) | Decoded::Activity(_) | Decoded::Message(_));
        let described = describe(&entry.update.to_string(), &decoded(&entry.update));
        assert!(of_a_message && !described.contains("unsupported"), "{}: {described}", entry.name);
    }
}
