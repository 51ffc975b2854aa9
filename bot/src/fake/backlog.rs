//! What the fake must not forget.

use std::{error::Error, pin::Pin};

use domain::ChatId;
use tokio::sync::watch;

use crate::telegram::BotId;

/// What every method of a [`Backlog`] returns.
pub type BacklogFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BacklogError>> + Send + 'a>>;

/// The backlog could not be read or written. The fake answers 500 and the caller tries again.
#[derive(Debug, thiserror::Error)]
#[error("the backlog of simulated updates is not available: {0}")]
pub struct BacklogError(#[from] pub Box<dyn Error + Send + Sync>);

/// An update that no bot has confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingUpdate {
    /// Its number.
    pub update_id: i64,
    /// The update as a JSON object, without the number.
    pub json: String,
}

impl PendingUpdate {
    /// The update as a bot gets it. The text is spliced rather than parsed and written again,
    /// so that a bot sees to the byte what a test pushed.
    #[must_use]
    pub fn with_number(&self) -> String {
        let rest = self.json.trim_start().trim_start_matches('{').trim_start();
        let comma = if rest.starts_with('}') { "" } else { "," };
        format!(r#"{{"update_id":{}{comma}{rest}"#, self.update_id)
    }
}

/// Where updates wait until a bot has confirmed them, and where message numbers come from.
///
/// This is the part of Telegram that outlives a crash of ours, so the sandbox keeps it in the
/// desk's database and the tests in memory ([`MemoryBacklog`](super::MemoryBacklog)).
pub trait Backlog: Send + Sync + 'static {
    /// Stores an update (a JSON object without a number) and numbers it. Numbers grow by at
    /// least 1 for each bot and start above 0.
    fn push(&self, bot: BotId, update: String) -> BacklogFuture<'_, i64>;

    /// At most `limit` updates from number `offset` on that are not confirmed, in order.
    fn pending(&self, bot: BotId, offset: i64, limit: usize) -> BacklogFuture<'_, Vec<PendingUpdate>>;

    /// Forgets the updates with numbers below `below`.
    fn confirm(&self, bot: BotId, below: i64) -> BacklogFuture<'_, ()>;

    /// A message number of the chat that was never used before, above 0 and growing.
    fn next_message_id(&self, bot: BotId, chat: ChatId) -> BacklogFuture<'_, i64>;

    /// A value that changes whenever an update of the bot may have been pushed, by this process
    /// or another. Waking too often is fine; an update missed is not delivered until the next
    /// change or the next poll.
    fn arrivals(&self, bot: BotId) -> watch::Receiver<u64>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_spliced_into_the_text() {
        let update = |json: &str| PendingUpdate { update_id: 7, json: json.to_owned() };
        assert_eq!(update("{}").with_number(), r#"{"update_id":7}"#);
        assert_eq!(update(" { } ").with_number(), r#"{"update_id":7} "#);
        assert_eq!(update(r#"{"poll": {"x":1.50}}"#).with_number(), r#"{"update_id":7,"poll": {"x":1.50}}"#);
        assert_eq!(update(r#"{"a":{}}"#).with_number(), r#"{"update_id":7,"a":{}}"#);
    }
}
