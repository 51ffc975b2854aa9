//! Queries of sessions, and of how much of them agents have seen.

use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder};
use domain::session::Pace;
use domain::{AgentId, CustomerId, ProjectId, Session, SessionId};

use crate::error::Result;
use crate::sessions::NewSession;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// One session.
    session = sessions::find(id: SessionId) -> Option<Session>;
    /// The sessions with these identifiers, in no order.
    sessions = sessions::many(ids: &[i64]) -> Vec<Session>;
    /// One page of a project's sessions, in the order of reading from the asked end.
    session_page = session_list::page(project: ProjectId, filter: &SessionFilter, order: SessionOrder, page: Page<SessionKey>) -> Vec<Session>;
    /// How many of a project's sessions a filter lets through.
    session_count = session_list::count(project: ProjectId, filter: &SessionFilter) -> i64;
    /// How many inbound messages of each session the agent has seen.
    seen = views::seen(agent: AgentId, sessions: &[i64]) -> Vec<(SessionId, i64)>;
}

catalogue! { Tx:
    /// One session, which nobody else changes until the transaction ends.
    lock_session = sessions::lock(id: SessionId) -> Option<Session>;
    /// One session as above; nothing, without waiting, if another transaction has it.
    lock_session_if_free = sessions::lock_if_free(id: SessionId) -> Option<Session>;
    /// The customer's newest session, locked.
    lock_newest_session = sessions::lock_newest(customer: CustomerId) -> Option<Session>;
    /// Adds a session without messages.
    insert_session = sessions::insert(session: &NewSession) -> Session;
    /// Writes everything about a session that can change.
    update_session = sessions::update(session: &Session) -> ();
    /// Writes how fast the customer of a session writes, and nothing else.
    set_pace = sessions::set_pace(id: SessionId, pace: Pace) -> ();
    /// Notes how many inbound messages of a session an agent has seen.
    mark_seen = views::mark(session: SessionId, agent: AgentId, inbound_seen: i64) -> ();

    /// Every session of a customer, locked, oldest first.
    lock_sessions_of = sessions::lock_of_customer(customer: CustomerId) -> Vec<Session>;
}
