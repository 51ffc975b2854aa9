//! Queries of what numbers are made of.

use chrono::Duration;
use domain::escalation::{EscalationReason, Share};
use domain::sla::Metric;
use domain::statistics::{Compliance, Whose};
use domain::{AgentId, ProjectId, Session, TeamId, Time, TimeRange};

use crate::error::Result;
use crate::statistics::{Of, Scores};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The team for which an agent does something now in a session that is for this one, or for none.
    team_of_work = statistics::team_of_work(project: ProjectId, team: Option<TeamId>, agent: Option<AgentId>) -> Option<TeamId>;
    /// How many sessions of a project that started in a range somebody has worked on, counted no further than to a number.
    worked_sessions = statistics::worked_sessions(project: ProjectId, range: TimeRange, most: i64) -> i64;
    /// How long sessions that started in the range waited for their first answer, in whole seconds, each time with how
    /// often there was one.
    first_responses = statistics::first_responses(project: ProjectId, of: Of) -> Vec<(Whose, (Duration, i64))>;
    /// The same of the end of the work on them.
    handling_times = statistics::handling_times(project: ProjectId, of: Of) -> Vec<(Whose, (Duration, i64))>;
    /// How many stars were given in the range, by who is credited with them. Those of all agents.
    scores = statistics::scores(project: ProjectId, of: Of) -> Vec<Scores>;
    /// How often something was escalated in the range, by whom and for which reason.
    escalation_figures = statistics::escalation_figures(project: ProjectId, of: Of) -> Vec<(Whose, EscalationReason, i64)>;
    /// How many promises of each metric, of which that was known in the range, were kept and missed.
    compliance = statistics::compliance(project: ProjectId, of: Of) -> Vec<(Whose, Metric, Compliance)>;
    /// How many sessions of a project started in a range, and how many of them were escalated by now.
    escalation_share = statistics::escalation_share(project: ProjectId, range: TimeRange) -> Share;
    /// On how many sessions that started in a range each agent has worked by now, and how many of them they escalated.
    escalation_shares_of_agents = statistics::escalation_shares_of_agents(project: ProjectId, range: TimeRange) -> Vec<(AgentId, Share)>;
    /// How long it took from the first escalation of a ticket in a range to its resolution, in whole seconds, each time with
    /// how often there was one.
    times_after_escalation = statistics::times_after_escalation(project: ProjectId, range: TimeRange) -> Vec<(Duration, i64)>;
}

catalogue! { Tx:
    /// Notes who answered a session, and the team for which they did, unless somebody has answered it before.
    note_first_answer = statistics::note_first_answer(session: &Session, by: Option<AgentId>, at: Time) -> ();
    /// Notes who had a session when the work on it was over, and for which team, unless that is known.
    note_conclusion = statistics::note_conclusion(session: &Session, by: Option<AgentId>, at: Time) -> ();
}
