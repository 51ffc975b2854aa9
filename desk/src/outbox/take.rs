//! Handing out calls that are due.

use std::sync::Arc;

use domain::{ChatId, Delivery, DeliveryState, ProjectId, Time};
use store::outbox::{Lane, OutboxState, QueuedCall};

use super::Outcome;
use crate::{Desk, Error, Holder};

const ABANDONED: &str = "the desk stopped while the message was on its way, so Telegram may or may not have it";

/// Which calls of a bot are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The project whose bot it is.
    pub project_id: ProjectId,
    /// Who has the bot's lease. Whoever has not gets nothing.
    pub holder: Holder,
    /// How many calls may be made now.
    pub room: Room,
    /// The chats that have had their share, each with the time until which it is left alone.
    pub holds: Vec<(ChatId, Time)>,
}

/// How many calls may be made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// How many in all lanes that hold messages.
    pub messages: usize,
    /// How many of [`Lane::Answer`].
    pub answers: usize,
    /// How many of [`Lane::LiveReply`].
    pub live_replies: usize,
    /// How many of [`Lane::Notice`] and of [`Lane::Incident`], each.
    pub notices: usize,
    /// How many of [`Lane::Bulk`].
    pub bulk: usize,
    /// How many of [`Lane::Edit`].
    pub edits: usize,
}

impl Room {
    /// Room for so many calls of each lane.
    pub fn of_each(calls: usize) -> Self {
        Self { messages: calls, answers: calls, live_replies: calls, notices: calls, bulk: calls, edits: calls }
    }

    /// How many of a lane, of which so many other messages are made already.
    pub(super) fn left(&self, lane: Lane, messages: usize) -> usize {
        let of_messages = |most: usize| most.min(self.messages.saturating_sub(messages));
        match lane {
            Lane::Answer => self.answers,
            Lane::LiveReply => of_messages(self.live_replies),
            Lane::Notice | Lane::Incident => of_messages(self.notices),
            Lane::Bulk => of_messages(self.bulk),
            Lane::Edit => self.edits,
        }
    }
}

/// Calls to be made.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The name of the attempt, by which each of them is settled.
    pub attempt: Arc<str>,
    /// The calls, those first that go first.
    pub calls: Vec<QueuedCall>,
    /// When the next call is due, if that was looked for: only if there are no calls.
    pub next_due: Option<Time>,
}

impl Desk {
    /// The next calls of a bot that are due, at most one of each chat and lane. Before they are handed out it is
    /// durable that this attempt makes them; whoever finds them so after a crash knows that they may have gone out.
    pub async fn take_calls(&self, wanted: Wanted) -> Result<Taken, Error> {
        self.outbox.take(wanted).await
    }

    /// When the next call of a bot is due, if one waits.
    pub async fn next_call_due(&self, project_id: ProjectId) -> Result<Option<Time>, Error> {
        let due = self.store.read().await?.due_lanes(&[project_id.0]).await?;
        let first = due.into_iter().flat_map(|project| project.lanes).map(|(_, due)| due).min();
        Ok(first.and_then(Time::from_timestamp_micros))
    }

    /// Marks the calls whose attempt was under way when the bot's last sender stopped: nobody
    /// can tell what became of them. Changes of what was sent are made again, since making one twice is as good as
    /// once. Only for the one who has the bot's lease. Answers how many calls nobody can tell of.
    pub async fn give_up_abandoned_calls(&self, project_id: ProjectId) -> Result<usize, Error> {
        let mut tx = self.store.begin().await?;
        let mut given_up = 0;
        for (call, lane, message_id) in tx.abandoned_calls(project_id).await? {
            if lane == Lane::Edit {
                tx.requeue_call(call, self.now(), true, ABANDONED).await?;
                continue;
            }
            given_up += 1;
            tx.settle_call(call, OutboxState::Unknown, Some(ABANDONED), self.now()).await?;
            if let Some(message_id) = message_id {
                let delivery = Delivery { state: DeliveryState::Unknown, error: Some(ABANDONED.to_owned()) };
                self.deliver(&mut tx, message_id, delivery).await?;
            }
        }
        self.commit(tx).await?;
        Ok(given_up)
    }

    /// Puts calls back in their places that were taken, each by an attempt, and never made.
    pub(super) async fn return_calls(&self, calls: &[(QueuedCall, Arc<str>)]) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        let reason = "nobody was there to make the call".to_owned();
        let outcome = Outcome::Again { at: self.now(), counts: false, reason };
        for (call, attempt) in calls {
            self.settle_in(&mut tx, call, attempt, &outcome).await?;
        }
        self.commit(tx).await
    }
}
