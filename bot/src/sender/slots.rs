//! How many requests of one bot are under way.

use desk::outbox::{Lane, Room};

/// How many requests are under way at most, of each lane. A request may take as long as its time-out, so that each
/// lane has slots of its own: those that wait for an answer in a lower lane must not hold up a higher one.
const SLOTS: Room = Room { messages: 64, answers: 16, live_replies: 32, notices: 8, bulk: 16, edits: 8 };

/// How many requests are under way, of each lane.
#[derive(Debug, Default)]
pub(super) struct Slots([usize; Lane::ALL.len()]);

impl Slots {
    pub(super) fn take(&mut self, lane: Lane) {
        self.0[place(lane)] += 1;
    }

    pub(super) fn give_back(&mut self, lane: Lane) {
        self.0[place(lane)] -= 1;
    }

    /// How many more there may be.
    pub(super) fn room(&self) -> Room {
        let taken = |lane: Lane| self.0[place(lane)];
        let messages = [Lane::LiveReply, Lane::Notice, Lane::Incident, Lane::Bulk].map(taken).iter().sum();
        Room {
            messages: SLOTS.messages.saturating_sub(messages),
            answers: SLOTS.answers.saturating_sub(taken(Lane::Answer)),
            live_replies: SLOTS.live_replies.saturating_sub(taken(Lane::LiveReply)),
            notices: SLOTS.notices.saturating_sub(taken(Lane::Notice).max(taken(Lane::Incident))),
            bulk: SLOTS.bulk.saturating_sub(taken(Lane::Bulk)),
            edits: SLOTS.edits.saturating_sub(taken(Lane::Edit)),
        }
    }
}

fn place(lane: Lane) -> usize {
    match lane {
        Lane::Answer => 0,
        Lane::LiveReply => 1,
        Lane::Notice => 2,
        Lane::Incident => 3,
        Lane::Bulk => 4,
        Lane::Edit => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_reply_has_a_slot_whatever_else_is_under_way() {
        let mut slots = Slots::default();
        for (lane, most) in
            [(Lane::Notice, 8), (Lane::Incident, 8), (Lane::Bulk, 16), (Lane::Edit, 8), (Lane::Answer, 16)]
        {
            for _ in 0..most {
                slots.take(lane);
            }
        }
        let room = slots.room();
        assert_eq!((room.notices, room.bulk, room.edits, room.answers), (0, 0, 0, 0));
        assert_eq!((room.live_replies, room.messages), (32, 32));
        slots.give_back(Lane::Bulk);
        assert_eq!(slots.room().bulk, 1);
    }
}
