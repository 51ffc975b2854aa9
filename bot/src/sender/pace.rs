//! How fast messages go out.

use std::collections::HashMap;
use std::time::Duration;

use desk::outbox::Lane;
use domain::ChatId;
use tokio::time::Instant;

use super::bulk::Bulk;
use super::limit::{Limit, Used};

/// How fast messages go out. Telegram asks for about one message a second in a chat, twenty a minute in a group and
/// thirty a second of a bot, and allows short bursts
/// (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>).
#[derive(Debug, Clone)]
pub struct Pace {
    /// The time between two messages to a chat in the long run. Default: 1 s.
    pub chat_interval: Duration,
    /// How many messages a chat gets without waiting. Default: 3.
    pub chat_burst: u32,
    /// How many messages a group or a channel gets in a minute. Default: 20.
    pub group_per_minute: u32,
    /// How many messages a bot sends in a second. Default: 30.
    pub bot_per_second: u32,
    /// How many of these are bulk messages, at most. Default: 25.
    pub bulk_per_second: u32,
    /// How many changes of what was sent a bot makes in a second, and how many answers to programs, which both are no
    /// messages. Default: 30.
    pub others_per_second: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            chat_interval: Duration::from_secs(1),
            chat_burst: 3,
            group_per_minute: 20,
            bot_per_second: 30,
            bulk_per_second: 25,
            others_per_second: 30,
        }
    }
}

impl Pace {
    fn of_private_chats(&self) -> Limit {
        Limit::new(self.chat_interval, self.chat_burst)
    }

    /// In no minute more than so many: the burst counts among them.
    fn of_groups(&self) -> Limit {
        let burst = self.chat_burst.clamp(1, self.group_per_minute.max(2) - 1);
        let steady = self.group_per_minute.saturating_sub(burst).max(1);
        Limit::new((Duration::from_secs(60) / steady).max(self.chat_interval), burst)
    }
}

/// Keeps one bot to its pace.
#[derive(Debug)]
pub(super) struct Pacer {
    private_chats: Limit,
    groups: Limit,
    messages: Limit,
    others: Limit,
    messages_used: Used,
    edits_used: Used,
    answers_used: Used,
    bulk: Bulk,
    chats: HashMap<ChatId, Used>,
}

/// How many calls a pace leaves room for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PaceRoom {
    /// Messages of all lanes.
    pub(super) messages: usize,
    /// Bulk messages.
    pub(super) bulk: usize,
    /// Changes of what was sent.
    pub(super) edits: usize,
    /// Answers to programs.
    pub(super) answers: usize,
}

/// How many chats are remembered before those that have recovered are forgotten.
const REMEMBERED_CHATS: usize = 1024;

impl Pacer {
    pub(super) fn new(pace: &Pace, now: Instant) -> Self {
        Self {
            private_chats: pace.of_private_chats(),
            groups: pace.of_groups(),
            messages: Limit::per_second(pace.bot_per_second),
            others: Limit::per_second(pace.others_per_second),
            messages_used: Used::nothing(now),
            edits_used: Used::nothing(now),
            answers_used: Used::nothing(now),
            bulk: Bulk::new(pace.bulk_per_second, now),
            chats: HashMap::new(),
        }
    }

    /// How many calls may be made now.
    pub(super) fn room(&self, now: Instant) -> PaceRoom {
        PaceRoom {
            messages: self.messages.room(self.messages_used, now),
            bulk: self.bulk.room(now),
            edits: self.others.room(self.edits_used, now),
            answers: self.others.room(self.answers_used, now),
        }
    }

    /// How long until there is room where there is none now; nothing if there is room for everything.
    pub(super) fn wait(&self, now: Instant) -> Option<Duration> {
        let waits = [
            self.messages.wait(self.messages_used, now),
            self.bulk.wait(now),
            self.others.wait(self.edits_used, now),
            self.others.wait(self.answers_used, now),
        ];
        waits.into_iter().filter(|wait| !wait.is_zero()).min()
    }

    /// Counts a call, or says how long its chat has to wait. `cost` is how many messages it counts as.
    pub(super) fn spend(&mut self, lane: Lane, chat: ChatId, cost: u32, now: Instant) -> Result<(), Duration> {
        match lane {
            Lane::Answer => self.others.spend(&mut self.answers_used, 1, now),
            Lane::Edit => self.others.spend(&mut self.edits_used, 1, now),
            Lane::LiveReply | Lane::Notice | Lane::Incident | Lane::Bulk => {
                self.spend_in_chat(chat, cost, now)?;
                self.messages.spend(&mut self.messages_used, cost, now);
                if lane == Lane::Bulk {
                    self.bulk.spend(cost, now);
                }
            }
        }
        Ok(())
    }

    fn spend_in_chat(&mut self, chat: ChatId, cost: u32, now: Instant) -> Result<(), Duration> {
        if self.chats.len() >= REMEMBERED_CHATS {
            self.chats.retain(|_, used| used.recovered_at > now);
        }
        let limit = self.limit_of(chat);
        let used = self.chats.entry(chat).or_insert(Used::nothing(now));
        let wait = limit.wait(*used, now);
        if !wait.is_zero() {
            return Err(wait);
        }
        limit.spend(used, cost, now);
        Ok(())
    }

    /// How long a chat has to wait for its next message, if it has to.
    pub(super) fn wait_of(&self, chat: ChatId, now: Instant) -> Option<Duration> {
        let wait = self.limit_of(chat).wait(*self.chats.get(&chat)?, now);
        (!wait.is_zero()).then_some(wait)
    }

    /// The chats that have to wait, each with how long.
    pub(super) fn waiting_chats(&self, now: Instant) -> impl Iterator<Item = (ChatId, Duration)> {
        self.chats.keys().filter_map(move |chat| Some((*chat, self.wait_of(*chat, now)?)))
    }

    /// Telegram had enough.
    pub(super) fn flooded(&mut self, now: Instant) {
        self.bulk.halve(now);
    }

    /// Groups and channels have numbers below zero.
    fn limit_of(&self, chat: ChatId) -> Limit {
        if chat.0 < 0 { self.groups } else { self.private_chats }
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
            assert_eq!(pacer.spend(Lane::LiveReply, CHAT, 1, start), Ok(()));
        }
        assert_eq!(pacer.spend(Lane::LiveReply, CHAT, 1, start), Err(seconds(1.0)));
        assert_eq!(pacer.spend(Lane::LiveReply, CHAT, 1, start + seconds(0.4)), Err(seconds(0.6)));
        assert_eq!(pacer.spend(Lane::LiveReply, CHAT, 1, start + seconds(1.0)), Ok(()));
        assert_eq!(pacer.spend(Lane::LiveReply, CHAT, 1, start + seconds(1.0)), Err(seconds(1.0)));
    }

    #[test]
    fn one_busy_chat_does_not_hold_up_another() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        while pacer.spend(Lane::LiveReply, CHAT, 1, start).is_ok() {}
        assert_eq!(pacer.spend(Lane::LiveReply, OTHER_CHAT, 1, start), Ok(()));
    }

    #[test]
    fn a_chat_recovers_its_burst() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        while pacer.spend(Lane::LiveReply, CHAT, 1, start).is_ok() {}
        let later = start + seconds(60.0);
        let sent = std::iter::from_fn(|| pacer.spend(Lane::LiveReply, CHAT, 1, later).ok()).count();
        assert_eq!(sent, 3, "a long silence earns no more than the burst");
    }

    #[test]
    fn a_bot_sends_thirty_a_second() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        assert_eq!(pacer.room(start).messages, 30);
        for chat in 0..30 {
            assert_eq!(pacer.spend(Lane::LiveReply, ChatId(chat), 1, start), Ok(()));
        }
        assert_eq!(pacer.room(start).messages, 0);
        let wait = pacer.wait(start).unwrap();
        assert!(wait > Duration::ZERO && wait <= seconds(1.0 / 30.0), "{wait:?}");
        assert_eq!(pacer.room(start + wait).messages, 1);
        assert_eq!(pacer.room(start + seconds(0.5)).messages, 15);
    }

    #[test]
    fn a_group_gets_twenty_in_no_minute_more() {
        const GROUP: ChatId = ChatId(-100);
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        let mut sent = Vec::new();
        for tick in 0..3_000 {
            let now = start + Duration::from_millis(100) * tick;
            if pacer.spend(Lane::Notice, GROUP, 1, now).is_ok() {
                sent.push(now);
            }
        }
        for first in &sent {
            let within = sent.iter().filter(|at| *at >= first && **at < *first + seconds(60.0)).count();
            assert!(within <= 20, "{within} in a minute");
        }
        assert!(sent.len() >= 80, "{} in five minutes", sent.len());
    }

    #[test]
    fn an_album_costs_its_items() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        assert_eq!(pacer.spend(Lane::LiveReply, CHAT, 10, start), Ok(()));
        assert_eq!(pacer.wait_of(CHAT, start), Some(seconds(8.0)));
        assert_eq!(pacer.room(start).messages, 20);
        assert_eq!(pacer.waiting_chats(start).collect::<Vec<_>>(), [(CHAT, seconds(8.0))]);
    }

    #[test]
    fn bulk_leaves_room_for_others() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        for chat in 0..25 {
            assert_eq!(pacer.spend(Lane::Bulk, ChatId(chat), 1, start), Ok(()));
        }
        assert_eq!((pacer.room(start).bulk, pacer.room(start).messages), (0, 5));
    }

    #[test]
    fn changes_and_answers_are_no_messages() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        for _ in 0..10 {
            assert_eq!(pacer.spend(Lane::Edit, CHAT, 1, start), Ok(()));
            assert_eq!(pacer.spend(Lane::Answer, CHAT, 1, start), Ok(()));
        }
        assert_eq!(pacer.room(start), PaceRoom { messages: 30, bulk: 25, edits: 20, answers: 20 });
        assert_eq!(pacer.wait_of(CHAT, start), None);
    }

    #[test]
    fn chats_that_have_recovered_are_forgotten() {
        let start = Instant::now();
        let mut pacer = Pacer::new(&Pace::default(), start);
        for chat in 0..10_000 {
            let now = start + Duration::from_millis(10 * chat);
            assert_eq!(pacer.spend(Lane::LiveReply, ChatId(chat.try_into().unwrap()), 1, now), Ok(()));
        }
        assert!(pacer.chats.len() <= REMEMBERED_CHATS);
    }

    #[test]
    fn a_pace_of_nothing_is_taken_as_the_slowest_that_is_something() {
        let start = Instant::now();
        let pace = Pace {
            chat_interval: Duration::ZERO,
            chat_burst: 0,
            group_per_minute: 0,
            bot_per_second: 0,
            bulk_per_second: 0,
            others_per_second: 0,
        };
        let mut pacer = Pacer::new(&pace, start);
        assert_eq!(pacer.room(start), PaceRoom { messages: 1, bulk: 1, edits: 1, answers: 1 });
        assert_eq!(pacer.spend(Lane::LiveReply, CHAT, 1, start), Ok(()));
        assert_eq!(pacer.wait(start), Some(seconds(1.0)));
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
                if pacer.spend(Lane::LiveReply, CHAT, 1, now).is_ok() {
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
                if pacer.room(start).messages > 0 {
                    pacer.spend(Lane::LiveReply, ChatId(i64::try_from(chat).unwrap()), 1, start).unwrap();
                }
            }
            let wait = pacer.wait(start).unwrap_or_default();
            prop_assert!(pacer.room(start + wait).messages > 0);
        }
    }
}
