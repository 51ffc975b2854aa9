//! Queries of what Telegram sends: updates, and the messages that arrive with them.

use domain::filter::Page;
use domain::{ChatId, Customer, CustomerId, MessageId, ProjectId, Session, TelegramUserId, Time, UpdateRowId};

use crate::error::Result;
use crate::inbox::{FailedUpdate, KeptUpdate, NewUpdate, Place, Shelf, StoredUpdate, UpdateState};
use crate::messages::NewMessage;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The raw text that is stored under an update number, if one is.
    update_raw = inbox::raw(project: ProjectId, epoch: i64, update_id: i64) -> Option<String>;
    /// Whether an update waits that is due.
    has_due_update = inbox::has_due(now: Time) -> bool;
    /// The updates that were given up, oldest first.
    failed_updates = inbox::failed(limit: i64) -> Vec<FailedUpdate>;
    /// The updates with these identifiers, in no order.
    updates = inbox::many(ids: &[i64]) -> Vec<KeptUpdate>;
    /// One page of a project's updates, newest first, in the order of reading from the asked end.
    update_page = inbox::page(project: ProjectId, state: Option<UpdateState>, page: Page<Place>) -> Vec<KeptUpdate>;
    /// How many updates of a project are in a state, or in any.
    update_count = inbox::count(project: ProjectId, state: Option<UpdateState>) -> i64;
    /// Which series of numbers a bot is in, if it ever began another one than the first.
    intake_epoch = inbox::epoch(project: ProjectId) -> Option<i64>;
}

catalogue! { Tx:
    /// The customers that Telegram users are in projects, in no order: each of the users in each of the projects.
    customers_by_telegram_users = arrivals::customers(projects: &[ProjectId], users: &[TelegramUserId]) -> Vec<Customer>;
    /// The open sessions of customers, locked.
    lock_open_sessions = arrivals::lock_open_sessions(customers: &[CustomerId]) -> Vec<Session>;
    /// Adds inbound messages of the bots' own chats, in this order. Answers the identifier of each, and nothing for one
    /// that is there already.
    insert_arrivals = arrivals::insert_messages(new: &[NewMessage]) -> Vec<Option<MessageId>>;
    /// Writes what an arrival changes about each of these sessions.
    note_arrivals = arrivals::update_sessions(changed: &[Session]) -> ();

    /// Stores updates from Telegram and leaves out those that are stored. Answers how many
    /// are new.
    insert_updates = inbox::insert(updates: &[NewUpdate], now: Time) -> usize;
    /// Notes that a bot is in a series of numbers, unless it is in a later one.
    raise_intake_epoch = inbox::raise_epoch(project: ProjectId, epoch: i64) -> ();
    /// Locks the next updates that are due, at most one of each chat.
    claim_updates = inbox::claim(now: Time, limit: i64) -> Vec<StoredUpdate>;
    /// Notes that updates have been worked off.
    finish_updates = inbox::finish(ids: &[i64]) -> ();
    /// Notes that working off an update failed.
    fail_update = inbox::fail(id: UpdateRowId, error: &str, try_again_at: Option<Time>) -> ();
    /// Puts updates by, for a reason.
    shelve_updates = inbox::shelve(ids: &[i64], shelf: Shelf) -> ();
    /// Has those who wait in a chat wait in another one, but for what somebody is working on.
    move_pending_updates = inbox::move_pending(project: ProjectId, from: ChatId, to: ChatId) -> ();
    /// Has an update that was given up or put by worked off again. Answers whether there is such a one.
    retry_update = inbox::retry(id: UpdateRowId, now: Time) -> bool;
}
