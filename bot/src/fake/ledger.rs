//! The ledger: what the fake accepted, which is the truth about what was sent.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use domain::ChatId;
use serde_json::Value;
use tokio::{sync::watch, time::Instant};

use crate::telegram::BotId;

/// One call that the fake accepted and that a chat would show: a send, an edit, a deletion.
#[derive(Debug, Clone, PartialEq)]
pub struct LedgerEntry {
    /// The bot that made the call.
    pub bot: BotId,
    /// The method, as the bot wrote it.
    pub method: String,
    /// The chat.
    pub chat_id: ChatId,
    /// The text or caption, if there is one.
    pub text: Option<String>,
    /// All parameters of the call.
    pub payload: Value,
    /// The message that was made, changed or deleted; of an album the first.
    pub message_id: i64,
    /// When the call arrived.
    pub received_at: Instant,
}

impl LedgerEntry {
    /// Whether the call made a new message.
    #[must_use]
    pub fn is_send(&self) -> bool {
        let method = self.method.to_ascii_lowercase();
        ["send", "copy", "forward"].iter().any(|verb| method.starts_with(verb))
    }

    fn is_pin(&self) -> bool {
        self.method.eq_ignore_ascii_case("pinChatMessage") || self.method.eq_ignore_ascii_case("unpinChatMessage")
    }
}

/// Everything that the fake accepted, in order, and counts of the calls that it got.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: VecDeque<Arc<LedgerEntry>>,
    calls: BTreeMap<String, u64>,
    refusals: BTreeMap<u16, u64>,
    forgotten: u64,
}

/// What was waited for did not come about in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger did not reach the expected state in time")]
pub struct WaitTimedOut;

impl Ledger {
    /// Every accepted call, oldest first.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &LedgerEntry> {
        self.entries.iter().map(Arc::as_ref)
    }

    /// Every call that made a new message, oldest first.
    pub fn sends(&self) -> impl DoubleEndedIterator<Item = &LedgerEntry> {
        self.entries().filter(|entry| entry.is_send())
    }

    /// The texts sent to a chat, oldest first.
    #[must_use]
    pub fn texts_to(&self, chat: ChatId) -> Vec<&str> {
        self.sends().filter(|entry| entry.chat_id == chat).filter_map(|entry| entry.text.as_deref()).collect()
    }

    /// How many calls of a method arrived, whatever became of them. The case does not matter.
    #[must_use]
    pub fn calls(&self, method: &str) -> u64 {
        let calls = self.calls.get(&method.to_ascii_lowercase());
        calls.copied().unwrap_or_default()
    }

    /// How many calls were answered with an error, injected ones included.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refusals.values().sum()
    }

    /// How many calls were answered with this HTTP status, which is an error.
    #[must_use]
    pub fn refused_with(&self, status: u16) -> u64 {
        self.refusals.get(&status).copied().unwrap_or_default()
    }

    /// How many of the oldest entries were dropped to keep within the capacity.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        self.forgotten
    }

    /// What the ledger knows of a message that the bot sent. `None` when it does not know it.
    pub(super) fn sent_message(&self, bot: BotId, chat: ChatId, id: i64) -> Option<SentMessage> {
        let last = self.entries().rev().find(|entry| {
            let is_it = entry.bot == bot && entry.chat_id == chat && entry.message_id == id;
            is_it && !entry.is_pin()
        })?;
        if last.method.to_ascii_lowercase().starts_with("delete") {
            Some(SentMessage::Deleted)
        } else {
            Some(SentMessage::Shown {
                text: last.text.clone(),
                reply_markup: last.payload.get("reply_markup").cloned(),
            })
        }
    }
}

/// The last state of a message that a bot sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SentMessage {
    /// It can be seen.
    Shown { text: Option<String>, reply_markup: Option<Value> },
    /// It was deleted.
    Deleted,
}

/// The ledger as it is written, and watched.
#[derive(Debug)]
pub(super) struct LedgerBook {
    ledger: watch::Sender<Ledger>,
    capacity: usize,
}

impl LedgerBook {
    /// A ledger that keeps the last `capacity` entries.
    pub(super) fn with_capacity(capacity: usize) -> Self {
        Self { ledger: watch::Sender::default(), capacity }
    }

    pub(super) fn accept(&self, entry: LedgerEntry) {
        self.ledger.send_modify(|ledger| {
            ledger.entries.push_back(Arc::new(entry));
            while ledger.entries.len() > self.capacity {
                ledger.entries.pop_front();
                ledger.forgotten += 1;
            }
        });
    }

    pub(super) fn count_call(&self, method: &str) {
        self.ledger.send_modify(|ledger| {
            *ledger.calls.entry(method.to_ascii_lowercase()).or_default() += 1;
        });
    }

    pub(super) fn count_refusal(&self, status: u16) {
        self.ledger.send_modify(|ledger| {
            *ledger.refusals.entry(status).or_default() += 1;
        });
    }

    /// Looks at the ledger while nothing is written to it.
    pub(super) fn read<T>(&self, look: impl FnOnce(&Ledger) -> T) -> T {
        look(&self.ledger.borrow())
    }

    pub(super) async fn wait_for(
        &self,
        condition: impl FnMut(&Ledger) -> bool,
        timeout: Duration,
    ) -> Result<Ledger, WaitTimedOut> {
        let mut ledger = self.ledger.subscribe();
        match tokio::time::timeout(timeout, ledger.wait_for(condition)).await {
            Ok(Ok(ledger)) => Ok(ledger.clone()),
            _ => Err(WaitTimedOut),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(method: &str, message_id: i64) -> LedgerEntry {
        LedgerEntry {
            bot: BotId(1),
            method: method.to_owned(),
            chat_id: ChatId(7),
            text: Some(format!("text {message_id}")),
            payload: Value::Null,
            message_id,
            received_at: Instant::now(),
        }
    }

    #[test]
    fn the_oldest_entries_go_first() {
        let book = LedgerBook::with_capacity(2);
        for message_id in 1..=3 {
            book.accept(entry("sendMessage", message_id));
        }
        book.read(|ledger| {
            assert_eq!(ledger.texts_to(ChatId(7)), ["text 2", "text 3"]);
            assert_eq!(ledger.forgotten(), 1);
        });
    }

    #[test]
    fn sends_are_told_from_edits_and_deletions() {
        let book = LedgerBook::with_capacity(10);
        for method in ["sendMessage", "editMessageText", "deleteMessage", "copyMessage"] {
            book.accept(entry(method, 1));
        }
        book.read(|ledger| {
            let methods: Vec<_> = ledger.sends().map(|entry| entry.method.as_str()).collect();
            assert_eq!(methods, ["sendMessage", "copyMessage"]);
            assert_eq!(ledger.entries().count(), 4);
        });
    }
}
