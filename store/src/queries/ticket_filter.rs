//! A filter of tickets as a condition in SQL, and who may see which ticket.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};
use domain::ticket::TicketFilter;
use domain::{AgentId, Priority, Sight, TicketKind, TicketStatus, Time};

use super::list::Listed;
use super::tickets::tickets;
use super::visibility::{Extent, Within, condition, not_left};
use super::{Db, dialect};
use crate::mapping::micros;

/// The condition; a tree like the filter, with the values in the form in which they are bound.
pub(super) enum Condition {
    /// All of these, or any of these, or always, or never.
    Joined {
        with: &'static str,
        empty: &'static str,
        parts: Vec<Condition>,
    },
    Not(Box<Condition>),
    Fixed(&'static str),
    Names {
        column: &'static str,
        names: Vec<&'static str>,
    },
    Ids {
        column: &'static str,
        one_of: dialect::OneOf,
    },
    /// An agent who meets a condition watches the ticket.
    Watched(dialect::OneOf),
    /// The session of the ticket is within somebody's sight, or the ticket itself is.
    Seen(Within),
    Moment {
        column: &'static str,
        comparison: &'static str,
        micros: i64,
    },
}

impl Condition {
    pub(super) fn new(filter: &TicketFilter) -> Self {
        let parts = |filters: &[TicketFilter]| filters.iter().map(Self::new).collect();
        match filter {
            TicketFilter::All(filters) => Self::Joined { with: " AND ", empty: "(1 = 1)", parts: parts(filters) },
            TicketFilter::Any(filters) => Self::Joined { with: " OR ", empty: "(1 = 0)", parts: parts(filters) },
            TicketFilter::Not(filter) => Self::Not(Box::new(Self::new(filter))),
            TicketFilter::Status(statuses) => Self::Names {
                column: "tickets.status",
                names: statuses.iter().copied().map(TicketStatus::name).collect(),
            },
            TicketFilter::Priority(priorities) => Self::Names {
                column: "tickets.priority",
                names: priorities.iter().copied().map(Priority::name).collect(),
            },
            TicketFilter::Kind(kinds) => {
                Self::Names { column: "tickets.kind", names: kinds.iter().copied().map(TicketKind::name).collect() }
            }
            TicketFilter::Line(lines) => Self::ids("tickets.line", lines),
            TicketFilter::Team(teams) => {
                Self::ids("tickets.team_id", &teams.iter().map(|team| team.0).collect::<Vec<_>>())
            }
            TicketFilter::HasTeam(true) => Self::Fixed("tickets.team_id IS NOT NULL"),
            TicketFilter::HasTeam(false) => Self::Fixed("tickets.team_id IS NULL"),
            TicketFilter::Assignee(agents) => {
                Self::ids("tickets.assignee_id", &agents.iter().map(|agent| agent.0).collect::<Vec<_>>())
            }
            TicketFilter::Assigned(true) => Self::Fixed("tickets.assignee_id IS NOT NULL"),
            TicketFilter::Assigned(false) => Self::Fixed("tickets.assignee_id IS NULL"),
            TicketFilter::Watcher(agents) => {
                let agents: Vec<i64> = agents.iter().map(|agent| agent.0).collect();
                Self::Watched(dialect::one_of("watching.agent_id", &agents))
            }
            TicketFilter::Session(sessions) => {
                Self::ids("tickets.session_id", &sessions.iter().map(|session| session.0).collect::<Vec<_>>())
            }
            TicketFilter::Customer(customers) => {
                Self::ids("tickets.customer_id", &customers.iter().map(|customer| customer.0).collect::<Vec<_>>())
            }
            TicketFilter::Number(numbers) => Self::ids("tickets.number", numbers),
            TicketFilter::VisibleTo(sight) => Self::Seen(Within { sight: sight.clone(), extent: Extent::Whole }),
            TicketFilter::CreatedSince(time) => Self::moment("tickets.created_at", " >= ", *time),
            TicketFilter::CreatedBefore(time) => Self::moment("tickets.created_at", " < ", *time),
            TicketFilter::UpdatedSince(time) => Self::moment("tickets.updated_at", " >= ", *time),
            TicketFilter::UpdatedBefore(time) => Self::moment("tickets.updated_at", " < ", *time),
            TicketFilter::EscalatedSince(time) => Self::moment("tickets.escalated_at", " >= ", *time),
            TicketFilter::EscalatedBefore(time) => Self::moment("tickets.escalated_at", " < ", *time),
            TicketFilter::ResolvedSince(time) => Self::moment("tickets.resolved_at", " >= ", *time),
            TicketFilter::ResolvedBefore(time) => Self::moment("tickets.resolved_at", " < ", *time),
        }
    }

    fn ids(column: &'static str, values: &[i64]) -> Self {
        Self::Ids { column, one_of: dialect::one_of(column, values) }
    }

    fn moment(column: &'static str, comparison: &'static str, time: Time) -> Self {
        Self::Moment { column, comparison, micros: micros(time) }
    }
}

impl QueryFragment<Db> for Condition {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        match self {
            Self::Joined { empty, parts, .. } if parts.is_empty() => out.push_sql(empty),
            Self::Joined { with, parts, .. } => {
                for (place, part) in parts.iter().enumerate() {
                    out.push_sql(if place == 0 { "(" } else { with });
                    part.walk_ast(out.reborrow())?;
                }
                out.push_sql(")");
            }
            Self::Not(condition) => {
                out.push_sql("NOT (");
                condition.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            Self::Fixed(condition) => out.push_sql(condition),
            Self::Names { names, .. } if names.is_empty() => out.push_sql("(1 = 0)"),
            Self::Names { column, names } => {
                out.push_sql(column);
                for (place, name) in names.iter().enumerate() {
                    out.push_sql(if place == 0 { " IN (" } else { ", " });
                    out.push_bind_param::<Text, _>(name)?;
                }
                out.push_sql(")");
            }
            // An unknown value must not make `NOT` unknown too, which would hide the row.
            Self::Ids { column, one_of } => {
                out.push_sql("(");
                out.push_sql(column);
                out.push_sql(" IS NOT NULL AND ");
                one_of.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            Self::Watched(one_of) => {
                out.push_sql("tickets.id IN (SELECT watching.ticket_id FROM ticket_watchers AS watching WHERE ");
                one_of.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            Self::Seen(within) => seen(within, &mut out)?,
            // A time that is missing must not make `NOT` unknown either.
            Self::Moment { column, comparison, micros } => {
                out.push_sql("(");
                out.push_sql(column);
                out.push_sql(" IS NOT NULL AND ");
                out.push_sql(column);
                out.push_sql(comparison);
                out.push_bind_param::<BigInt, _>(micros)?;
                out.push_sql(")");
            }
        }
        Ok(())
    }
}

/// What [`Sight::takes_in_ticket`] says, with the sessions that are read as history beside those that go on.
fn seen<'b>(within: &'b Within, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
    let Sight::Own { agent_id, team_ids } = &within.sight else {
        out.push_sql("(1 = 1)");
        return Ok(());
    };
    out.push_sql("((tickets.assignee_id IS NOT NULL AND tickets.assignee_id = ");
    out.push_bind_param::<BigInt, _>(&agent_id.0)?;
    for (place, team) in team_ids.iter().enumerate() {
        let begins = ") OR (tickets.team_id IS NOT NULL AND tickets.team_id IN (";
        out.push_sql(if place == 0 { begins } else { ", " });
        out.push_bind_param::<BigInt, _>(&team.0)?;
    }
    out.push_sql(if team_ids.is_empty() { ")" } else { "))" });
    out.push_sql(
        " OR tickets.id IN (SELECT watching.ticket_id FROM ticket_watchers AS watching WHERE watching.agent_id = ",
    );
    out.push_bind_param::<BigInt, _>(&agent_id.0)?;
    out.push_sql(" AND watching.is_given) OR ");
    seen_in_session(within, agent_id, out)?;
    out.push_sql(")");
    Ok(())
}

/// That the session of a ticket is within somebody's sight. One that they have left they see as it was then, and its tickets
/// no longer, even if it is the history of another one.
pub(super) fn seen_in_session<'b>(
    within: &'b Within,
    agent: &'b AgentId,
    out: &mut AstPass<'_, 'b, Db>,
) -> QueryResult<()> {
    out.push_sql("EXISTS (SELECT 1 FROM sessions AS their WHERE their.id = tickets.session_id AND ");
    within.walk(out, "their")?;
    out.push_sql(" AND ");
    not_left(out, "their", agent)?;
    out.push_sql(")");
    Ok(())
}

condition!(Condition, tickets);
condition!(Listed<Condition>, tickets);
