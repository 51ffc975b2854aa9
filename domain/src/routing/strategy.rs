//! In which order agents get sessions.

use std::cmp::Ordering;

use super::{Candidate, Presence};
use crate::named_enum;

named_enum! {
    /// In which order the agents who may get a session come (article “SLA Management Guide”, step 3).
    pub enum Strategy {
        /// Each in turn: whoever has waited longest for a session.
        RoundRobin = "ROUND_ROBIN",
        /// Those who are online before those who are not, each group in turn.
        OnlineFirst = "ONLINE_FIRST",
        /// Whoever has the fewest sessions to work on, equals in turn.
        LeastLoaded = "LEAST_LOADED",
    }
}

impl Strategy {
    /// Which of two agents comes first. No two agents are equal.
    pub(super) fn compare(self, one: &Candidate, other: &Candidate) -> Ordering {
        let is_offline = |candidate: &Candidate| candidate.presence == Presence::Offline;
        let by_strategy = match self {
            Self::RoundRobin => Ordering::Equal,
            Self::OnlineFirst => is_offline(one).cmp(&is_offline(other)),
            Self::LeastLoaded => one.load.cmp(&other.load),
        };
        by_strategy.then(one.last_turn.cmp(&other.last_turn)).then(one.agent_id.cmp(&other.agent_id))
    }
}
