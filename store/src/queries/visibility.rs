//! Who may see which session, as a condition in SQL: the rule of `domain::visibility`, for lists, counts and search.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use domain::visibility::People;
use domain::{AgentId, Departure, Session, SessionId, Sight, Time};
use domain::{CloseReason, Direction, Priority, Status};

use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::{messages, session_departures, session_participants, sessions};
use super::{Conn, Db, departures, dialect};
use crate::mapping::{At, Json, Named, json, micros, row};

/// How much of what somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The sessions that go on for them.
    Live,
    /// Those, and as their history the earlier closed ones of the same customers.
    Whole,
    /// Those, and the ones that have ended for them, by themselves or with a newer one of the customer.
    Readable,
}

/// The condition that a session is within somebody's sight.
pub(super) struct Within {
    pub(super) sight: Sight,
    pub(super) extent: Extent,
}

impl Within {
    /// For the sessions of a table that goes by a name in the statement.
    pub(super) fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>, table: &'static str) -> QueryResult<()> {
        let Sight::Own { agent_id, team_ids } = &self.sight else {
            out.push_sql("(1 = 1)");
            return Ok(());
        };
        out.push_sql("(");
        live(out, table, agent_id, team_ids)?;
        if self.extent == Extent::Readable {
            out.push_sql(" OR EXISTS (SELECT 1 FROM session_departures AS gone WHERE gone.session_id = ");
            out.push_sql(table);
            out.push_sql(".id AND gone.agent_id = ");
            out.push_bind_param::<BigInt, _>(&agent_id.0)?;
            out.push_sql(")");
        }
        if self.extent != Extent::Live {
            out.push_sql(" OR (");
            out.push_sql(table);
            out.push_sql(".status = 'CLOSED' AND EXISTS (SELECT 1 FROM sessions AS newer WHERE newer.customer_id = ");
            out.push_sql(table);
            out.push_sql(".customer_id AND newer.id > ");
            out.push_sql(table);
            out.push_sql(".id AND ");
            live(out, "newer", agent_id, team_ids)?;
            out.push_sql("))");
        }
        out.push_sql(")");
        Ok(())
    }
}

/// What [`Sight::takes_in`] says.
pub(super) fn live<'b>(
    out: &mut AstPass<'_, 'b, Db>,
    table: &'static str,
    agent: &'b AgentId,
    teams: &'b [domain::TeamId],
) -> QueryResult<()> {
    out.push_sql("((");
    out.push_sql(table);
    out.push_sql(".assignee_id IS NOT NULL AND ");
    out.push_sql(table);
    out.push_sql(".assignee_id = ");
    out.push_bind_param::<BigInt, _>(&agent.0)?;
    out.push_sql(") OR (");
    out.push_sql(table);
    out.push_sql(".assignee_id IS NULL AND (");
    out.push_sql(table);
    out.push_sql(".team_id IS NULL");
    for (place, team) in teams.iter().enumerate() {
        if place == 0 {
            out.push_sql(" OR ");
            out.push_sql(table);
            out.push_sql(".team_id IN (");
        } else {
            out.push_sql(", ");
        }
        out.push_bind_param::<BigInt, _>(&team.0)?;
    }
    out.push_sql(if teams.is_empty() { "" } else { ")" });
    out.push_sql(") AND ");
    not_left(out, table, agent)?;
    out.push_sql(") OR EXISTS (SELECT 1 FROM session_participants AS joined WHERE joined.session_id = ");
    out.push_sql(table);
    out.push_sql(".id AND joined.agent_id = ");
    out.push_bind_param::<BigInt, _>(&agent.0)?;
    out.push_sql("))");
    Ok(())
}

/// That an agent has not left a session themselves. What ended with a newer session is not what they left.
pub(super) fn not_left<'b>(out: &mut AstPass<'_, 'b, Db>, table: &'static str, agent: &'b AgentId) -> QueryResult<()> {
    out.push_sql("NOT EXISTS (SELECT 1 FROM session_departures AS gone WHERE gone.session_id = ");
    out.push_sql(table);
    out.push_sql(".id AND gone.agent_id = ");
    out.push_bind_param::<BigInt, _>(&agent.0)?;
    out.push_sql(" AND gone.through_id IS NULL)");
    Ok(())
}

impl QueryFragment<Db> for Within {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.walk(&mut out, "sessions")
    }
}

/// The condition that a message is in a session that goes on for somebody.
pub(super) struct InSight(pub(super) Sight);

impl QueryFragment<Db> for InSight {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let Sight::Own { agent_id, team_ids } = &self.0 else {
            out.push_sql("(1 = 1)");
            return Ok(());
        };
        out.push_sql("EXISTS (SELECT 1 FROM sessions AS their WHERE their.id = messages.session_id AND ");
        live(&mut out, "their", agent_id, team_ids)?;
        out.push_sql(")");
        Ok(())
    }
}

/// Has a piece of SQL be an expression of a type over rows of these tables.
macro_rules! expression {
    ($expression:ty: $sql_type:ty, $($table:ident),+) => {
        impl Expression for $expression {
            type SqlType = $sql_type;
        }

        impl QueryId for $expression {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }

        impl<GB> ValidGrouping<GB> for $expression {
            type IsAggregate = is_aggregate::Never;
        }

        $(
            impl AppearsOnTable<$table::table> for $expression {}
            impl SelectableExpression<$table::table> for $expression {}
        )+
    };
}
pub(super) use expression;

macro_rules! condition {
    ($condition:ty, $($table:ident),+) => {
        super::visibility::expression!($condition: Bool, $($table),+);
    };
}
pub(super) use condition;
condition!(Within, sessions);
condition!(InSight, messages);

row! { DepartureRow of session_departures is Departure {
    session_id: i64,
    agent_id: i64,
    left_at: At,
    last_message_id: Option<i64>,
    last_message_at: At,
    last_direction: Named<Direction>,
    inbound_count: i64,
    status: Named<Status>,
    priority: Named<Priority>,
    assignee_id: Option<i64>,
    team_id: Option<i64>,
    close_reason: Option<Named<CloseReason>>,
    closed_at: Option<At>,
    version: i64,
    people: Json<People>,
    link_id: Option<i64>,
    through_id: Option<i64>,
} }

/// Those of the sessions that somebody sees as they are, in no order: unless they have left them themselves.
pub async fn whole(conn: &mut Conn, sight: &Sight, ids: &[i64]) -> QueryResult<Vec<SessionId>> {
    let query = sessions::table
        .filter(dialect::one_of("sessions.id", ids))
        .filter(Within { sight: sight.clone(), extent: Extent::Whole })
        .select(sessions::id);
    let found: Vec<i64> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(found.into_iter().map(SessionId).collect())
}

/// How these sessions ended for an agent, those that did, in no order.
pub async fn departures(conn: &mut Conn, agent: AgentId, ids: &[i64]) -> QueryResult<Vec<Departure>> {
    let rows: Vec<DepartureRow> = session_departures::table
        .filter(dialect::one_of("session_departures.session_id", ids))
        .filter(session_departures::agent_id.eq(agent.0))
        .select(DepartureRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Departure::from).collect())
}

/// Writes who else has to do with a session: in the session, and row by row. For those who have left anew it ends now,
/// as it is, and with it the customer's earlier sessions, which they had read as its history; what others saw when they
/// left stays.
pub async fn set_people(conn: &mut Conn, session: &Session, now: Time) -> QueryResult<()> {
    diesel::update(sessions::table.find(session.id.0))
        .set(sessions::people.eq(json(&session.people)))
        .execute(conn)
        .await?;
    let joined: Vec<i64> = session.people.joined.iter().map(|agent| agent.0).collect();
    let left: Vec<i64> = session.people.left.iter().map(|agent| agent.0).collect();
    diesel::delete(session_participants::table)
        .filter(session_participants::session_id.eq(session.id.0))
        .filter(diesel::dsl::not(dialect::one_of("session_participants.agent_id", &joined)))
        .execute(conn)
        .await?;
    diesel::delete(session_departures::table)
        .filter(session_departures::session_id.eq(session.id.0))
        .filter(session_departures::through_id.is_null())
        .filter(diesel::dsl::not(dialect::one_of("session_departures.agent_id", &left)))
        .execute(conn)
        .await?;
    diesel::delete(session_departures::table)
        .filter(session_departures::through_id.eq(session.id.0))
        .filter(diesel::dsl::not(dialect::one_of("session_departures.agent_id", &left)))
        .execute(conn)
        .await?;
    for agent in joined {
        diesel::insert_into(session_participants::table)
            .values((
                session_participants::session_id.eq(session.id.0),
                session_participants::agent_id.eq(agent),
                session_participants::joined_at.eq(micros(now)),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
    }
    if left.is_empty() {
        return Ok(());
    }
    // It has been theirs again since it ended for them with another one.
    diesel::delete(session_departures::table)
        .filter(session_departures::session_id.eq(session.id.0))
        .filter(session_departures::through_id.is_not_null())
        .filter(dialect::one_of("session_departures.agent_id", &left))
        .execute(conn)
        .await?;
    for agent in left {
        if insert_departure(conn, &Departure::of(session, AgentId(agent), now)).await? {
            departures::keep_tags(conn, session.id, AgentId(agent)).await?;
            departures::leave_history(conn, session, AgentId(agent), now).await?;
        }
    }
    Ok(())
}

/// Notes that a session has ended for an agent. Answers whether it had not before.
async fn insert_departure(conn: &mut Conn, departure: &Departure) -> QueryResult<bool> {
    let added = diesel::insert_into(session_departures::table)
        .values((
            session_departures::session_id.eq(departure.session_id.0),
            session_departures::agent_id.eq(departure.agent_id.0),
            session_departures::left_at.eq(micros(departure.left_at)),
            session_departures::last_message_id.eq(departure.last_message_id.map(|id| id.0)),
            session_departures::last_message_at.eq(micros(departure.last_message_at)),
            session_departures::last_direction.eq(departure.last_direction.name()),
            session_departures::inbound_count.eq(departure.inbound_count),
            session_departures::status.eq(departure.status.name()),
            session_departures::priority.eq(departure.priority.name()),
            session_departures::assignee_id.eq(departure.assignee_id.map(|id| id.0)),
            session_departures::team_id.eq(departure.team_id.map(|id| id.0)),
            session_departures::close_reason.eq(departure.close_reason.map(CloseReason::name)),
            session_departures::closed_at.eq(departure.closed_at.map(micros)),
            session_departures::version.eq(departure.version),
            session_departures::people.eq(json(&departure.people)),
            session_departures::link_id.eq(departure.link_id.map(|id| id.0)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added > 0)
}
