//! Queries of calls to Telegram.

use domain::{MessageId, OutboxId, ProjectId, Time};

use crate::error::Result;
use crate::outbox::{DueLanes, Hold, Lane, NewCall, OpenCall, OpenTry, OutboxState, QueuedCall, Room, Turn};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// When the next call of each lane is due, for each of these bots, in no order.
    due_lanes = outbox::due_lanes(projects: &[i64]) -> Vec<DueLanes>;
    /// How many calls of each of these bots wait or are under way, in no order.
    waiting_calls = outbox::waiting(projects: &[i64]) -> Vec<(ProjectId, i64)>;
}

catalogue! { Tx:
    /// Adds a call to Telegram.
    insert_call = outbox::insert(call: &NewCall, now: Time) -> ();
    /// The calls about these messages that wait or are just being made, oldest first, locked.
    lock_open_calls = open_calls::lock_of_messages(messages: &[i64]) -> Vec<OpenCall>;
    /// Puts another call in the place of one that waits.
    replace_call = open_calls::replace(id: OutboxId, call: &NewCall) -> ();
    /// Locks the next calls of a lane that are due, at most one of each chat but for
    /// [`Lane::Answer`].
    claim_calls = outbox::claim(lane: Lane, rooms: &[Room], now: Time) -> Vec<Turn>;
    /// Names the try that is about to be made of these calls, and gives them as they are now, in
    /// no order.
    start_calls = outbox::start(ids: &[i64], attempt: &str) -> Vec<QueuedCall>;
    /// Has chats left alone for a while.
    hold_chats = outbox::hold(holds: &[Hold]) -> ();
    /// Those of these calls that a try may still settle, each with the name of the try, locked.
    open_tries = outbox::open_tries(ids: &[i64]) -> Vec<(OutboxId, String, OpenTry)>;
    /// Writes that Telegram took these calls.
    settle_calls_as_sent = outbox::settle_as_sent(ids: &[i64], now: Time) -> ();
    /// A call, if this try may still settle it, locked.
    lock_try = outbox::lock_try(id: OutboxId, attempt: &str) -> Option<OpenTry>;
    /// Writes how a call ended.
    settle_call = outbox::settle(id: OutboxId, state: OutboxState, error: Option<&str>, now: Time) -> ();
    /// Puts a call back in its place, to be tried again at a time.
    requeue_call = outbox::requeue(id: OutboxId, not_before: Time, used: bool, error: &str) -> ();
    /// The calls of a bot whose try was under way when its sender stopped, locked.
    abandoned_calls = outbox::abandoned(project: ProjectId) -> Vec<(OutboxId, Lane, Option<MessageId>)>;
}
