//! Telegram's limits on how fast a bot may send.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::ChatId;
use serde_json::json;
use tokio::time::Instant;

use super::answer::Answer;
use crate::telegram::BotId;

/// How fast bots may send before they are told to wait. An album counts as many as it has items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendingLimits {
    /// In one private chat.
    pub chat: Allowance,
    /// In one group or channel.
    pub group: Allowance,
    /// In all chats of one bot together.
    pub bot: Allowance,
}

/// So many messages at once, and one more each time that the interval has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// How many messages at once.
    pub burst: u32,
    /// How long until there is room for one more.
    pub interval: Duration,
}

impl Default for SendingLimits {
    /// What Telegram says: one message a second in a chat, though short bursts pass; 20 a minute in a group; 30 a second
    /// in all (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).
    fn default() -> Self {
        Self {
            chat: Allowance { burst: 5, interval: Duration::from_secs(1) },
            group: Allowance { burst: 20, interval: Duration::from_secs(3) },
            bot: Allowance { burst: 30, interval: Duration::from_micros(33_333) },
        }
    }
}

/// What bots have used up.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    limits: Option<SendingLimits>,
    used: Mutex<HashMap<(BotId, Option<ChatId>), Instant>>,
}

impl Limiter {
    pub(super) fn new(limits: Option<SendingLimits>) -> Self {
        Self { limits, used: Mutex::default() }
    }

    /// Counts this many messages at this time, or says how long to wait.
    pub(super) fn charge(&self, bot: BotId, chat: ChatId, messages: usize, now: Instant) -> Result<(), Answer> {
        let Some(limits) = self.limits else {
            return Ok(());
        };
        let in_chat = if chat.0 > 0 { limits.chat } else { limits.group };
        let messages = u32::try_from(messages).unwrap_or(u32::MAX);
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let buckets = [((bot, Some(chat)), in_chat, "chat"), ((bot, None), limits.bot, "bot")];
        let mut filled = Vec::with_capacity(buckets.len());
        for (key, allowance, scope) in buckets {
            // The time at which everything that was used is room again.
            let empty_at = used.get(&key).copied().unwrap_or(now).max(now) + allowance.interval * messages;
            let full_at = now + allowance.interval * allowance.burst;
            if empty_at > full_at {
                return Err(too_many(empty_at - full_at, scope));
            }
            filled.push((key, empty_at));
        }
        used.extend(filled);
        Ok(())
    }
}

/// Telegram counts in whole seconds. The second field is not in its documentation, as new ones are not at first.
fn too_many(wait: Duration, scope: &str) -> Answer {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let parameters = json!({"retry_after": seconds, "limit": {"scope": scope}});
    Answer::error_with(429, &format!("Too Many Requests: retry after {seconds}"), &parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let chat = Allowance { burst: 2, interval: Duration::from_secs(1) };
        let bot = Allowance { burst: 3, interval: Duration::from_secs(10) };
        let limiter = Limiter::new(Some(SendingLimits { chat, group: chat, bot }));
        let start = Instant::now();
        let later = start + Duration::from_secs(10);
        let charge = |chat, now| limiter.charge(BotId(1), ChatId(chat), 1, now).is_ok();
        assert!(charge(7, start) && charge(7, start) && !charge(7, start), "the chat is full");
        assert!(charge(8, start) && !charge(8, start), "the bot is full");
        assert!(charge(7, later) && !charge(7, later));
        assert!(limiter.charge(BotId(2), ChatId(7), 3, later).is_err(), "an album counts as many as it has");
        assert!(Limiter::new(None).charge(BotId(1), ChatId(1), 1_000_000, start).is_ok());
    }
}
