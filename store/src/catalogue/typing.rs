//! Queries of who is writing.

use domain::{AgentId, ChatId, ProjectId, SessionId, Time};

use crate::error::Result;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// Who is writing at a time.
    typing_at = typing::at(time: Time) -> Vec<(SessionId, AgentId)>;
    /// Whether a call of this method to a chat waits that keeps no order.
    is_call_waiting = typing::is_call_waiting(project: ProjectId, chat: ChatId, method: &str) -> bool;
}

catalogue! { Tx:
    /// Notes that an agent is writing. Answers whether the customer was not told so after `relayed_before`, which is noted
    /// as well.
    note_typing = typing::note(session: SessionId, agent: AgentId, until: Time, now: Time, relayed_before: Time) -> bool;
    /// Notes that an agent is writing no more.
    end_typing = typing::end(session: SessionId, agent: AgentId, now: Time) -> ();
    /// Forgets who was writing before a time.
    purge_typing = typing::purge(before: Time) -> usize;
}
