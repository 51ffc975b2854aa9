//! What is decided about a session.

use super::{Grounds, Tally, Turn};
use crate::{AgentId, named_enum};

named_enum! {
    /// Why a session has to wait.
    pub enum QueueReason {
        /// No agent is within its scope.
        NobodyInScope = "NOBODY_IN_SCOPE",
        /// Every agent within its scope is offline.
        NobodyOnline = "NOBODY_ONLINE",
        /// The agents who are there have as many sessions as they may.
        EverybodyBusy = "EVERYBODY_BUSY",
        /// Only the agent who let it lie could get it.
        NobodyElse = "NOBODY_ELSE",
    }
}

/// What is decided about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// An agent gets it.
    Assign {
        /// The agent.
        agent_id: AgentId,
        /// The agent's new turn, to be written with the assignment.
        turn: Turn,
        /// Why.
        grounds: Grounds,
    },
    /// It waits, and the customer is told.
    Queue {
        /// Why nobody gets it.
        reason: QueueReason,
        /// Why it was looked for where it was.
        grounds: Grounds,
    },
}

impl QueueReason {
    /// What keeps the session waiting if nobody is available.
    pub(super) fn of(tally: Tally) -> Self {
        match tally {
            Tally { full: 1.., .. } => Self::EverybodyBusy,
            Tally { offline: 1.., .. } => Self::NobodyOnline,
            Tally { let_it_lie: 1.., .. } => Self::NobodyElse,
            _ => Self::NobodyInScope,
        }
    }
}
