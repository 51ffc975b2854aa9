//! How fast messages go out.

use std::collections::HashMap;
use std::time::Duration;

use domain::ChatId;
use tokio::time::Instant;

/// How fast messages go out. Telegram asks for about one message a second in a chat and thirty a
/// second of a bot, and allows short bursts
/// (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).
#[derive(Debug, Clone)]
pub struct Pace {
    /// The time between two messages to a chat in the long run. Default: 1 s.
    pub chat_interval: Duration,
    /// How many messages a chat gets without waiting. Default: 3.
    pub chat_burst: u32,
    /// How many messages a bot sends in a second. Default: 30.
    pub bot_per_second: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { chat_interval: Duration::from_secs(1), chat_burst: 3, bot_per_second: 30 }
    }
}

/// A limit: so many at once, and one more after each interval.
#[derive(Debug, Clone, Copy)]
struct Limit {
    interval: Duration,
    burst: u32,
}

/// What was used of a limit: when it would be as good as unused
/// (the “theoretical arrival time” of the generic cell rate algorithm, ITU-T I.371).
#[derive(Debug, Clone, Copy)]
struct Used {
    recovered_at: Instant,
}

impl Limit {
    fn new(interval: Duration, burst: u32) -> Self {
        Self { interval: interval.max(Duration::from_nanos(1)), burst: burst.max(1) }
    }

    /// How many may go now.
    fn room(self, used: Used, now: Instant) -> usize {
        let horizon = now + self.interval.saturating_mul(self.burst);
        let free = horizon.saturating_duration_since(used.recovered_at.max(now));
        usize::try_from(free.as_nanos() / self.interval.as_nanos()).unwrap_or(usize::MAX)
    }

    /// How long until one may go.
    fn wait(self, used: Used, now: Instant) -> Duration {
        let tolerated = now + self.interval.saturating_mul(self.burst - 1);
        used.recovered_at.saturating_duration_since(tolerated)
    }

    fn spend(self, used: &mut Used, now: Instant) {
        used.recovered_at = used.recovered_at.max(now) + self.interval;
    }
}

/// Keeps one bot to its pace.
#[derive(Debug)]
pub(super) struct Pacer {
    chat_limit: Limit,
    bot_limit: Limit,
    bot: Used,
    chats: HashMap<ChatId, Used>,
}

/// How many chats are remembered before those that have recovered are forgotten.
const REMEMBERED_CHATS: usize = 1024;

impl Pacer {
    pub(super) fn new(pace: &Pace, now: Instant) -> Self {
        let per_second = pace.bot_per_second.max(1);
        Self {
            chat_limit: Limit::new(pace.chat_interval, pace.chat_burst),
            bot_limit: Limit::new(Duration::from_secs(1) / per_second, per_second),
            bot: Used { recovered_at: now },
            chats: HashMap::new(),
        }
    }

    /// How many messages the bot may send now.
    pub(super) fn room(&self, now: Instant) -> usize {
        self.bot_limit.room(self.bot, now)
    }

    /// How long until the bot may send one more.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        self.bot_limit.wait(self.bot, now)
    }

    /// Counts a message to a chat, or says how long the chat has to wait.
    pub(super) fn spend(&mut self, chat: ChatId, now: Instant) -> Result<(), Duration> {
        if self.chats.len() >= REMEMBERED_CHATS {
            self.chats.retain(|_, used| used.recovered_at > now);
        }
        let used = self.chats.entry(chat).or_insert(Used { recovered_at: now });
        let wait = self.chat_limit.wait(*used, now);
        if !wait.is_zero() {
            return Err(wait);
        }
        self.chat_limit.spend(used, now);
        self.bot_limit.spend(&mut self.bot, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHAT: ChatId = ChatId(7);
    const OTHER_CHAT: ChatId = ChatId(8);

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_chat_gets_a_burst_and_then_one_a_second() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        for _ in 0..3 {
            assert_eq!(pacer.spend(CHAT, start), Ok(()));
        }
        assert_eq!(pacer.spend(CHAT, start), Err(seconds(1.0)));
        assert_eq!(pacer.spend(CHAT, start + seconds(0.4)), Err(seconds(0.6)));
        assert_eq!(pacer.spend(CHAT, start + seconds(1.0)), Ok(()));
        assert_eq!(pacer.spend(CHAT, start + seconds(1.0)), Err(seconds(1.0)));
    }

    #[test]
    fn one_busy_chat_does_not_hold_up_another() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        while pacer.spend(CHAT, start).is_ok() {}
        assert_eq!(pacer.spend(OTHER_CHAT, start), Ok(()));
    }

    #[test]
    fn a_chat_recovers_its_burst() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        while pacer.spend(CHAT, start).is_ok() {}
        let later = start + seconds(60.0);
        let sent = std::iter::from_fn(|| pacer.spend(CHAT, later).ok()).count();
        assert_eq!(sent, 3, "a long silence earns no more than the burst");
    }

    #[test]
    fn a_bot_sends_thirty_a_second() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        assert_eq!(pacer.room(start), 30);
        for chat in 0..30 {
            assert_eq!(pacer.spend(ChatId(chat), start), Ok(()));
        }
        assert_eq!(pacer.room(start), 0);
        let wait = pacer.wait(start);
        assert!(wait > Duration::ZERO && wait <= seconds(1.0 / 30.0), "{wait:?}");
        assert_eq!(pacer.room(start + wait), 1);
        assert_eq!(pacer.room(start + seconds(0.5)), 15);
    }

    #[test]
    fn chats_that_have_recovered_are_forgotten() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        for chat in 0..10_000 {
            let now = start + Duration::from_millis(10 * chat);
            assert_eq!(pacer.spend(ChatId(chat.try_into().unwrap()), now), Ok(()));
        }
        assert!(pacer.chats.len() <= REMEMBERED_CHATS);
    }

    #[test]
    fn a_pace_of_nothing_is_taken_as_the_slowest_that_is_something() {
        let start = Instant::now();
        let pace = Pace { chat_interval: Duration::ZERO, chat_burst: 0, bot_per_second: 0 };
        let mut pacer = Pacer::new(&pace, start);
        assert_eq!(pacer.room(start), 1);
        assert_eq!(pacer.spend(CHAT, start), Ok(()));
        assert_eq!(pacer.wait(start), seconds(1.0));
    }

    proptest! {
        #[test]
        fn no_second_brings_a_chat_more_than_burst_and_one(gaps in prop::collection::vec(0_u64..700, 1..200)) {
            let start = Instant::now();
            let mut pacer = Pacer::new(&Pace::default(), start);
            let mut now = start;
            let mut sent: Vec<Instant> = Vec::new();
            for gap in gaps {
                now += Duration::from_millis(gap);
                if pacer.spend(CHAT, now).is_ok() {
                    sent.push(now);
                }
            }
            for (index, first) in sent.iter().enumerate() {
                let within = sent[index..].iter().filter(|at| **at < *first + seconds(1.0)).count();
                prop_assert!(within <= 4, "{within} within a second");
            }
        }

        #[test]
        fn after_the_wait_there_is_room(spent in 1_usize..100) {
            let start = Instant::now();
            let mut pacer = Pacer::new(&Pace::default(), start);
            for chat in 0..spent {
                if pacer.room(start) > 0 {
                    pacer.spend(ChatId(i64::try_from(chat).unwrap()), start).unwrap();
                }
            }
            prop_assert!(pacer.room(start + pacer.wait(start)) > 0);
        }
    }
}
