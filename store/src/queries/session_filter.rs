//! A filter of sessions as a condition in SQL.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool, Text};
use domain::filter::SessionFilter;
use domain::session::Awaited;
use domain::{Priority, Sight, Status, Time};

use super::list::Listed;
use super::reach::Marks;
use super::schema::sessions;
use super::visibility::{Extent, Within, condition};
use super::{Db, dialect};
use crate::mapping::micros;

const ASSIGNEE: &str = "sessions.assignee_id";
const STATUS: &str = "sessions.status";
/// As the partial indexes over open sessions say it.
const OPEN: &str = "sessions.status <> 'CLOSED'";
const AND: &str = " AND ";

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
        /// In the words of the statement, not bound to it.
        are_written: bool,
    },
    Id {
        column: &'static str,
        id: i64,
        marks: Marks,
    },
    Ids {
        column: &'static str,
        one_of: dialect::OneOf,
    },
    /// The session has a tag that meets a condition.
    Tagged(dialect::OneOf),
    /// An agent who meets a condition has joined the session.
    Joins(dialect::OneOf),
    /// An agent has not seen every message of the customer, or has.
    Unread {
        agent: i64,
        is_unread: bool,
    },
    Within(Within),
    Moment {
        comparison: &'static str,
        micros: i64,
    },
}

impl Condition {
    pub(super) fn new(filter: &SessionFilter) -> Self {
        let parts = |filters: &[SessionFilter]| filters.iter().map(Self::new).collect();
        match filter {
            SessionFilter::All(filters) => Self::Joined { with: AND, empty: "(1 = 1)", parts: parts(filters) },
            SessionFilter::Any(filters) => Self::Joined { with: " OR ", empty: "(1 = 0)", parts: parts(filters) },
            SessionFilter::Not(filter) => Self::Not(Box::new(Self::new(filter))),
            SessionFilter::Status(statuses) => Self::status(statuses),
            SessionFilter::Priority(priorities) => {
                Self::names("sessions.priority", priorities.iter().copied().map(Priority::name))
            }
            SessionFilter::Assignee(agents) => Self::ids(ASSIGNEE, agents.iter().map(|agent| agent.0).collect()),
            SessionFilter::Assigned(true) => Self::Fixed("sessions.assignee_id IS NOT NULL"),
            SessionFilter::Assigned(false) => Self::Fixed("sessions.assignee_id IS NULL"),
            SessionFilter::Participant(agents) => {
                let agents: Vec<i64> = agents.iter().map(|agent| agent.0).collect();
                Self::Joins(dialect::one_of("joined.agent_id", &agents))
            }
            SessionFilter::Team(teams) => Self::ids("sessions.team_id", teams.iter().map(|team| team.0).collect()),
            SessionFilter::HasTeam(true) => Self::Fixed("sessions.team_id IS NOT NULL"),
            SessionFilter::HasTeam(false) => Self::Fixed("sessions.team_id IS NULL"),
            SessionFilter::Link(links) => Self::ids("sessions.link_id", links.iter().map(|link| link.0).collect()),
            SessionFilter::HasLink(true) => Self::Fixed("sessions.link_id IS NOT NULL"),
            SessionFilter::HasLink(false) => Self::Fixed("sessions.link_id IS NULL"),
            SessionFilter::Tag(tags) => {
                let tags: Vec<i64> = tags.iter().map(|tag| tag.0).collect();
                Self::Tagged(dialect::one_of("session_tags.tag_id", &tags))
            }
            SessionFilter::Awaited(awaited) => {
                Self::names("coalesce(sessions.awaited, '')", awaited.iter().copied().map(Awaited::name))
            }
            // In the words of the partial indexes over open sessions, for no closed one waits for an agent.
            SessionFilter::Queued(true) => {
                Self::Fixed("(sessions.status <> 'CLOSED' AND sessions.queued_at IS NOT NULL)")
            }
            SessionFilter::Queued(false) => Self::Fixed("sessions.queued_at IS NULL"),
            SessionFilter::Resolved(true) => Self::Fixed("sessions.resolved_at IS NOT NULL"),
            SessionFilter::Resolved(false) => Self::Fixed("sessions.resolved_at IS NULL"),
            // Whoever asks is known where the filter is carried out.
            SessionFilter::Unread(_) => Self::Fixed("(1 = 0)"),
            SessionFilter::UnreadFor(agent, is_unread) => Self::Unread { agent: agent.0, is_unread: *is_unread },
            SessionFilter::Customer(customers) => {
                Self::ids("sessions.customer_id", customers.iter().map(|customer| customer.0).collect())
            }
            SessionFilter::Number(numbers) => Self::ids("sessions.number", numbers.clone()),
            SessionFilter::VisibleTo(sight) => Self::Within(Within { sight: sight.clone(), extent: Extent::Live }),
            SessionFilter::LastMessageSince(time) => Self::moment("sessions.last_message_at >= ", *time),
            SessionFilter::LastMessageBefore(time) => Self::moment("sessions.last_message_at < ", *time),
            SessionFilter::CreatedSince(time) => Self::moment("sessions.created_at >= ", *time),
            SessionFilter::CreatedBefore(time) => Self::moment("sessions.created_at < ", *time),
        }
    }

    /// A list of open statuses says so in the words of the partial index over open sessions,
    /// so that the closed ones, by far the most, are never walked through.
    fn status(statuses: &[Status]) -> Self {
        let names = Self::names(STATUS, statuses.iter().copied().map(Status::name));
        if statuses.contains(&Status::Closed) {
            return names;
        }
        Self::Joined { with: AND, empty: "(1 = 1)", parts: vec![Self::Fixed(OPEN), names] }
    }

    /// Each name once and in one order, so that the statements for the same ones are the same.
    fn names(column: &'static str, names: impl Iterator<Item = &'static str>) -> Self {
        let mut names: Vec<_> = names.collect();
        names.sort_unstable();
        names.dedup();
        Self::Names { column, names, are_written: false }
    }

    /// A single number is compared as such, because only then an index that begins with the
    /// column gives the rows in order.
    fn ids(column: &'static str, values: Vec<i64>) -> Self {
        match values[..] {
            [id] => Self::Id { column, id, marks: Marks::default() },
            _ => Self::Ids { column, one_of: dialect::one_of(column, &values) },
        }
    }

    /// Whether the best plan for a list may hang on the values: a list by status or one assignee is in an index in its order, but
    /// few sessions may have a tag, or all of them.
    pub(super) fn is_planned_by_values(&self) -> bool {
        match self {
            Self::Joined { with: AND, parts, .. } => parts.iter().any(Self::is_planned_by_values),
            Self::Fixed(OPEN) | Self::Names { column: STATUS, .. } | Self::Id { column: ASSIGNEE, .. } => false,
            Self::Within(within) => matches!(within.sight, Sight::Own { .. }),
            _ => true,
        }
    }

    /// With values that stand in the statement in this way. Where one plan serves all of them, names are words of it: they are few.
    pub(super) fn marked(self, marks: Marks) -> Self {
        match self {
            Self::Joined { with, empty, parts } => {
                Self::Joined { with, empty, parts: parts.into_iter().map(|part| part.marked(marks)).collect() }
            }
            Self::Id { column, id, .. } => Self::Id { column, id, marks },
            Self::Names { column, names, .. } => Self::Names { column, names, are_written: marks.are_for_all },
            other => other,
        }
    }

    fn moment(comparison: &'static str, time: Time) -> Self {
        Self::Moment { comparison, micros: micros(time) }
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
            Self::Names { column, names, are_written } => {
                out.push_sql(column);
                for (place, name) in names.iter().enumerate() {
                    out.push_sql(if place == 0 { " IN (" } else { ", " });
                    if *are_written {
                        out.push_sql("'");
                        out.push_sql(name);
                        out.push_sql("'");
                    } else {
                        out.push_bind_param::<Text, _>(name)?;
                    }
                }
                out.push_sql(")");
            }
            // An unknown value must not make `NOT` unknown too, which would hide the row.
            Self::Id { column, id, marks } => {
                out.push_sql("(");
                out.push_sql(column);
                out.push_sql(" IS NOT NULL AND ");
                out.push_sql(column);
                out.push_sql(" = ");
                marks.bind(&mut out, id)?;
                out.push_sql(")");
            }
            Self::Ids { column, one_of } => {
                out.push_sql("(");
                out.push_sql(column);
                out.push_sql(" IS NOT NULL AND ");
                one_of.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            Self::Tagged(one_of) => {
                out.push_sql("EXISTS (SELECT 1 FROM session_tags WHERE session_tags.session_id = sessions.id AND ");
                one_of.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            Self::Joins(one_of) => {
                out.push_sql("sessions.id IN (SELECT joined.session_id FROM session_participants AS joined WHERE ");
                one_of.walk_ast(out.reborrow())?;
                out.push_sql(")");
            }
            Self::Unread { agent, is_unread } => {
                out.push_sql("sessions.inbound_count ");
                out.push_sql(if *is_unread { ">" } else { "<=" });
                out.push_sql(
                    " coalesce((SELECT seen.inbound_seen FROM session_views AS seen \
                     WHERE seen.session_id = sessions.id AND seen.agent_id = ",
                );
                out.push_bind_param::<BigInt, _>(agent)?;
                out.push_sql("), 0)");
            }
            Self::Within(within) => within.walk_ast(out.reborrow())?,
            Self::Moment { comparison, micros } => {
                out.push_sql(comparison);
                out.push_bind_param::<BigInt, _>(micros)?;
            }
        }
        Ok(())
    }
}

condition!(Condition, sessions);
condition!(Listed<Condition>, sessions);
