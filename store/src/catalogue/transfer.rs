//! Queries of transfers, and of what those see for whom a session has ended.

use domain::filter::{Page, SessionKey};
use domain::session::Transfer;
use domain::visibility::MessageThen;
use domain::{AgentId, ProjectId, SessionId, Tag, TagId, TransferId};

use crate::error::Result;
use crate::transfers::NewTransfer;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// One page of a session's transfers up to a version of it, oldest first, in the order of reading from the asked end.
    transfer_page = transfers::page(session: SessionId, version: i64, page: Page<TransferId>) -> Vec<Transfer>;
    /// How many transfers a session has up to a version of it.
    transfer_count = transfers::count(session: SessionId, version: i64) -> i64;
    /// Every transfer of these sessions, oldest first.
    transfers_of_sessions = transfers::of_sessions(sessions: &[i64]) -> Vec<Transfer>;
    /// One page of the sessions of a project that have ended for an agent, the last one first, in the order of reading
    /// from the asked end, each with when it ended.
    left_session_page = departures::page(project: ProjectId, agent: AgentId, page: Page<SessionKey>) -> Vec<SessionKey>;
    /// How many sessions of a project have ended for an agent.
    left_session_count = departures::count(project: ProjectId, agent: AgentId) -> i64;
    /// The tags that these sessions had when they ended for an agent, by name.
    tags_of_left = departures::tags_of(agent: AgentId, sessions: &[i64]) -> Vec<(SessionId, Tag)>;
    /// What these messages were when their sessions ended for an agent, those that have changed since, in no order.
    messages_then = departures::messages_then(agent: AgentId, messages: &[i64]) -> Vec<MessageThen>;
}

catalogue! { Tx:
    /// Adds a transfer.
    insert_transfer = transfers::insert(transfer: &NewTransfer<'_>) -> Transfer;
    /// Empties what was said when these sessions were handed over.
    erase_transfers = transfers::erase(sessions: &[i64]) -> ();
    /// Empties what is kept of messages for those for whom their sessions have ended: of these sessions, of these other
    /// messages, and of all in the groups of the project.
    erase_messages_then = departures::erase(project: ProjectId, sessions: &[i64], messages: &[i64]) -> ();
    /// Has one tag stand for another wherever that one is kept for those for whom a session has ended.
    merge_tags_of_left = departures::merge_tags(from: TagId, into: TagId) -> ();
}
