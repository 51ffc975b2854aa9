//! Queries of how projects route.

use domain::filter::SessionKey;
use domain::routing::{LastDecision, ListedRule, Policy, Turn};
use domain::{AgentId, ProjectId, RoutingRuleId, Session, SessionId, TeamId, Time};

use crate::error::Result;
use crate::routing::{Awaiting, LetLie, LineEnd, Member, NewRule, Standing};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// What a project says about routing; nothing if it has said nothing.
    routing_policy = routing::policy(project: ProjectId) -> Option<Policy>;
    /// The rules of a project, in their order.
    routing_rules = routing::rules(project: ProjectId) -> Vec<ListedRule>;
    /// The rules with these identifiers, in no order.
    routing_rules_by_id = routing::rules_by_id(ids: &[i64]) -> Vec<ListedRule>;
    /// The active agents with a role of their own in a project, in no order.
    members_of_project = routing::members(project: ProjectId) -> Vec<Member>;
    /// The agents in the teams of a project, in ascending order.
    team_members_of_project = routing::team_members(project: ProjectId) -> Vec<(AgentId, TeamId)>;
    /// What routing knows of the agents of a project.
    routing_standings = routing::standings(project: ProjectId) -> Vec<Standing>;
    /// How many sessions that need work each agent of a project has, those who have some.
    loads = routing::loads(project: ProjectId) -> Vec<(AgentId, i64)>;
    /// The next sessions in line of one priority, those first that have waited for longest.
    line = line::page(project: ProjectId, from: LineEnd, awaiting: &Awaiting) -> Vec<Session>;
    /// Whether anybody waits in line.
    is_anybody_in_line = line::is_any(project: ProjectId) -> bool;
    /// Sessions in line of which nobody was told since they have waited for the desk to find somebody, or since their
    /// customers have waited for an answer, in no order.
    untold_sessions = line::untold(project: ProjectId, limit: i64) -> Vec<SessionId>;
    /// Sessions in line that were there before the desk looked for anybody and whose customers wait for an answer, in no
    /// order.
    unqueued_sessions = line::unqueued(project: ProjectId, limit: i64) -> Vec<SessionId>;
    /// Sessions in line that wait for one of these teams because a rule chose it, in no order.
    sessions_of_ruled_teams = line::of_ruled_teams(project: ProjectId, teams: &[TeamId], limit: i64) -> Vec<SessionId>;
    /// The places of these sessions, counted from 1, those that are in line: each among those that are for the same team.
    /// What is for no team is for this one, if one is given.
    places_in_line = line::places(project: ProjectId, ids: &[i64], team: Option<TeamId>) -> Vec<(SessionId, i64)>;
    /// The next sessions of a project, behind one of them, whose agents have let their customers wait since this time or
    /// longer, the longest first.
    unanswered_sessions = routing::unanswered(project: ProjectId, since: Time, after: SessionKey, limit: i64) -> Vec<Session>;
    /// Since when the agent lets the customer wait who has done so for longest, of those who have done so for less long
    /// than since this time.
    next_unanswered = routing::next_unanswered(project: ProjectId, since: Time) -> Option<Time>;
    /// Who let these sessions lie and when they lost them, the earliest first.
    let_lie = routing::let_lie(ids: &[i64]) -> Vec<LetLie>;
    /// The last decisions about these sessions, in no order.
    routing_decisions = routing_decisions::of_sessions(sessions: &[i64]) -> Vec<LastDecision>;
    /// The team that a rule chose for a session, unless people have chosen one since.
    ruled_team = routing_decisions::ruled_team(session: SessionId) -> Option<TeamId>;
}

catalogue! { Tx:
    /// What a project says about routing, which nobody else changes or decides by until the transaction ends.
    lock_routing = routing::lock(project: ProjectId) -> Option<Policy>;
    /// The same; nothing, without waiting, if another transaction has it.
    lock_routing_if_free = routing::lock_if_free(project: ProjectId) -> Option<Policy>;
    /// Writes what a project says about routing, under the next version.
    set_routing_policy = routing::set_policy(policy: &Policy) -> Policy;
    /// Adds a rule behind the others of its project.
    insert_routing_rule = routing::insert_rule(new: &NewRule) -> ListedRule;
    /// Writes everything about a rule that people can change, under the next version.
    update_routing_rule = routing::update_rule(listed: &ListedRule) -> ListedRule;
    /// Puts a rule in a place.
    place_routing_rule = routing::place_rule(id: RoutingRuleId, place: i64) -> ();
    /// Removes a rule.
    delete_routing_rule = routing::delete_rule(id: RoutingRuleId) -> ();
    /// Notes that it was an agent's turn.
    take_turn = routing::take_turn(project: ProjectId, agent: AgentId, turn: Turn) -> ();
    /// Writes how many sessions an agent may have in a project, or that nothing is said of them.
    set_capacity = routing::set_capacity(project: ProjectId, agent: AgentId, capacity: Option<u32>) -> ();
    /// Notes that an agent let a session lie.
    note_let_lie = routing::note_let_lie(let_lie: &LetLie) -> ();
    /// Notes that a customer is told that they wait. Answers whether they were not since this time.
    note_queued = routing::note_queued(session: SessionId, now: Time, since: Time) -> bool;
    /// Writes a decision about a session in place of the one before it.
    note_routing_decision = routing_decisions::note(decision: &LastDecision) -> ();
    /// Notes that people have chosen the team of a session.
    forget_ruled_team = routing_decisions::forget_ruled_team(session: SessionId) -> ();
}
