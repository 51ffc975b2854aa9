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

/// One call that the fake accepted and that somebody would see: a send, an edit, a deletion, the answer to a tap.
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
    /// The message that was made, changed or deleted, or whose button was tapped; of an album the first.
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

    /// The business account in whose name the bot wrote.
    #[must_use]
    pub fn business_connection_id(&self) -> Option<&str> {
        self.parameter("business_connection_id")
    }

    /// The topic that the bot wrote in.
    #[must_use]
    pub fn message_thread_id(&self) -> Option<i64> {
        self.number("message_thread_id")
    }

    /// The topic of a channel's direct messages that the bot wrote in.
    #[must_use]
    pub fn direct_messages_topic_id(&self) -> Option<i64> {
        self.number("direct_messages_topic_id")
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.payload.get(name)?.as_str()
    }

    /// In a form with files every number is a text.
    fn number(&self, name: &str) -> Option<i64> {
        self.payload.get(name)?.as_i64().or_else(|| self.parameter(name)?.parse().ok())
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

    /// The answers that taps on buttons got, oldest first: the number of the tap and the text that was shown.
    #[must_use]
    pub fn callback_answers(&self) -> Vec<(&str, Option<&str>)> {
        let answers = self.entries().filter(|entry| entry.method.eq_ignore_ascii_case("answerCallbackQuery"));
        answers.map(|entry| (entry.parameter("callback_query_id").unwrap_or_default(), entry.text.as_deref())).collect()
    }
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

    /// Forgets every entry. The counts stay.
    pub(super) fn forget(&self) {
        self.ledger.send_modify(|ledger| {
            ledger.forgotten += ledger.entries.len() as u64;
            ledger.entries.clear();
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
