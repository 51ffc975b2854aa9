//! Queries of who may see which session.

use domain::{AgentId, CustomerId, Departure, Session, SessionId, Sight, TeamId, Time};

use crate::error::Result;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// Those of the sessions that somebody sees as they are, in no order: unless they have left them themselves.
    whole_sessions = visibility::whole(sight: &Sight, ids: &[i64]) -> Vec<SessionId>;
    /// How these sessions ended for an agent, those that did, in no order.
    departures = visibility::departures(agent: AgentId, ids: &[i64]) -> Vec<Departure>;
    /// How many sessions of a customer before one of them somebody may read.
    earlier_session_count = history::count_before(customer: CustomerId, sight: &Sight, session: SessionId) -> i64;
    /// The teams that these agents are in, in ascending order.
    teams_of_agents = teams::of_agents(agents: &[i64]) -> Vec<(AgentId, TeamId)>;
    /// The agents in these teams, in ascending order.
    team_members = teams::members(teams: &[i64]) -> Vec<(TeamId, AgentId)>;
}

catalogue! { Tx:
    /// Writes who else has to do with a session. For those who have left anew it ends now, as it is.
    set_people = visibility::set_people(session: &Session, now: Time) -> ();
    /// Puts an agent into a team. Answers whether they were not in it.
    add_team_member = teams::add_member(team: TeamId, agent: AgentId) -> bool;
    /// Takes an agent out of a team. Answers whether they were in it.
    remove_team_member = teams::remove_member(team: TeamId, agent: AgentId) -> bool;
}
