//! Updates that Telegram would not send, through all that is read of them.
//!
//! Each target is a test of a bounded number of inputs, and can be driven by a coverage-guided engine for as long as one
//! likes; CONTRIBUTING.md says how.

use std::sync::LazyLock;

use bolero::check;
use desk::intake::{Decode, Decoded};
use serde_json::{Value, json};

use super::TelegramUpdates;
use super::corpus::mutation::{assert_storable, places, remove};
use super::corpus::{Entry, entries};
use crate::telegram::Update;

static CORPUS: LazyLock<Vec<Entry>> = LazyLock::new(entries);

#[test]
fn no_text_harms_the_decoder() {
    check!().with_iterations(2_000).with_max_len(512).for_each(|input: &[u8]| {
        let text = String::from_utf8_lossy(input);
        for text in [text.to_string(), format!(r#"{{"update_id":1,"message":{text}}}"#)] {
            // Whoever can tell where to store an update can tell what it means.
            assert_eq!(TelegramUpdates.decode(&text).is_ok(), Update::decode(&text).is_ok(), "{text}");
        }
    });
}

#[test]
fn every_object_with_a_number_means_something_that_can_be_stored() {
    check!().with_iterations(3_000).with_max_len(128).for_each(|input: &[u8]| {
        let update = Author::of(input).update();
        let raw = update.to_string();
        let read = TelegramUpdates.decode(&raw).unwrap_or_else(|error| panic!("{error}: {raw}"));
        assert_storable(&read);
        assert!(Update::decode(&raw).is_ok(), "{raw}");
    });
}

/// That the target is worth something: what an author writes is read as everything that there is.
#[test]
fn authors_write_updates_that_mean_everything() {
    let mut state = 1_u64;
    let mut meanings = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            // Any sequence will do that is the same each time; this is xorshift.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .take(24)
        .collect();
        let read = TelegramUpdates.decode(&Author::of(&bytes).update().to_string()).unwrap();
        meanings.insert(match read {
            Decoded::Message(_) => "message",
            Decoded::Edit(_) => "edit",
            Decoded::Reaction(_) => "reaction",
            Decoded::Press(_) => "press",
            Decoded::Reachability(_) => "reachability",
            Decoded::Membership(_) => "membership",
            Decoded::Migration(_) => "migration",
            Decoded::Deletion(_) => "deletion",
            Decoded::PollState(_) => "poll",
            Decoded::Activity(_) => "activity",
            Decoded::Nothing => "nothing",
        });
    }
    assert_eq!(meanings.len(), 11, "{meanings:?}");
}

/// Changes an update of the corpus, so that a small change of the input is a small change of the update.
struct Author<'a> {
    input: &'a [u8],
}

impl<'a> Author<'a> {
    fn of(input: &'a [u8]) -> Self {
        Self { input }
    }

    /// The next decision: a number below `choices`, of which there are fewer than 65,536.
    fn decide(&mut self, choices: usize) -> usize {
        let Some((&[first, second], rest)) = self.input.split_first_chunk() else { return 0 };
        self.input = rest;
        usize::from(u16::from_le_bytes([first, second])) % choices
    }

    fn entry(&mut self) -> &'static Entry {
        &CORPUS[self.decide(CORPUS.len())]
    }

    fn update(mut self) -> Value {
        let mut update = self.entry().update.clone();
        while !self.input.is_empty() {
            let mut found = Vec::new();
            places(&update, "", &mut found);
            found.retain(|place| place != "/update_id");
            if found.is_empty() {
                break;
            }
            let place = found.swap_remove(self.decide(found.len()));
            match self.decide(4) {
                0 => remove(&mut update, &place),
                1 => *update.pointer_mut(&place).expect("the place was found") = self.part(),
                2 => self.add_to(update.pointer_mut(&place).expect("the place was found")),
                _ => *update.pointer_mut(&place).expect("the place was found") = self.value(),
            }
        }
        update
    }

    /// A part of another update.
    fn part(&mut self) -> Value {
        let entry = self.entry();
        let mut found = Vec::new();
        places(&entry.update, "", &mut found);
        entry.update.pointer(&found[self.decide(found.len())]).expect("the place was found").clone()
    }

    /// One more field, of another update.
    fn add_to(&mut self, value: &mut Value) {
        let entry = self.entry();
        let fields: Vec<_> = entry.update[&entry.kind].as_object().expect("an update has a body").iter().collect();
        let (name, field) = fields[self.decide(fields.len())];
        match value {
            Value::Object(fields) => drop(fields.insert(name.clone(), field.clone())),
            Value::Array(items) => items.push(field.clone()),
            other => *other = field.clone(),
        }
    }

    fn value(&mut self) -> Value {
        match self.decide(12) {
            0 => json!(null),
            1 => json!(true),
            2 => json!(0),
            3 => json!(-1),
            4 => json!(i64::MIN),
            5 => json!(1e308),
            6 => json!(self.decide(usize::from(u16::MAX))),
            7 => json!(""),
            8 => json!("a\0b"),
            9 => json!("\u{1f44d}".repeat(1 + self.decide(5000))),
            10 => json!([[], {}, 1]),
            _ => json!({ "id": 1, "type": "private" }),
        }
    }
}
