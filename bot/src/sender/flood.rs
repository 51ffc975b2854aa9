//! Telling a flood limit of a chat from one of the whole bot.

use std::collections::VecDeque;
use std::time::Duration;

use domain::ChatId;
use tokio::time::Instant;

/// How close together the limits of several chats have to come.
const WINDOW: Duration = Duration::from_secs(10);

/// How many chats have to be limited at once for it to be the bot that is.
const CHATS: usize = 3;

/// The flood limits that Telegram imposed of late. A 429 does not say whether the chat had too
/// much or the bot, so one freezes its chat, and several chats in a short while freeze the bot.
#[derive(Debug, Default)]
pub(super) struct Floods(VecDeque<Hit>);

#[derive(Debug)]
struct Hit {
    chat: ChatId,
    at: Instant,
    until: Instant,
}

impl Floods {
    /// Notes that a chat was limited until some time. Answers until when the whole bot has to be
    /// silent, if it has to: the shortest of the waits, since a limit of the bot is the same for
    /// all chats and one chat among them may have a longer one of its own.
    pub(super) fn hit(&mut self, chat: ChatId, now: Instant, until: Instant) -> Option<Instant> {
        self.0.retain(|hit| hit.chat != chat && now.saturating_duration_since(hit.at) < WINDOW);
        self.0.push_back(Hit { chat, at: now, until });
        if self.0.len() < CHATS {
            return None;
        }
        self.0.drain(..).map(|hit| hit.until).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn one_chat_is_not_the_bot_however_often_it_is_limited() {
        let start = Instant::now();
        let mut floods = Floods::default();
        for _ in 0..10 {
            assert_eq!(floods.hit(ChatId(1), start, start + after(5)), None);
        }
        assert_eq!(floods.hit(ChatId(2), start, start + after(5)), None);
    }

    #[test]
    fn several_chats_within_a_short_while_are_the_bot() {
        let start = Instant::now();
        let mut floods = Floods::default();
        assert_eq!(floods.hit(ChatId(1), start, start + after(3_600)), None);
        assert_eq!(floods.hit(ChatId(2), start + after(1), start + after(7)), None);
        assert_eq!(floods.hit(ChatId(3), start + after(2), start + after(8)), Some(start + after(7)));
    }

    #[test]
    fn limits_far_apart_are_those_of_chats() {
        let start = Instant::now();
        let mut floods = Floods::default();
        for chat in 0..10 {
            let now = start + after(6) * u32::try_from(chat).unwrap();
            assert_eq!(floods.hit(ChatId(chat), now, now + after(5)), None);
        }
    }
}
