//! The tickets that an agent sees, reason by reason: those they work on, those of their teams, those that they were made to
//! watch, and those of sessions that go on for them or are history to them. What a team owns is read in the order of the
//! list and no further than a page reaches, and of the rest no more than there is for this agent, so that a page costs the
//! same however many tickets there are that are not theirs. The rule is that of `ticket_filter`, and a test compares the
//! two.

use std::sync::Arc;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use diesel_async::RunQueryDsl;
use domain::filter::Page;
use domain::ticket::{TicketFilter, TicketKey, TicketOrder};
use domain::{AgentId, ProjectId, Sight, TeamId, Ticket};

use super::agent_inbox::CustomersOf;
use super::list::{Between, First, InOrder, Part};
use super::prepared::FreeForm;
use super::reach::Reach;
use super::ticket_filter::{Condition, seen_in_session};
use super::tickets::{TicketRow, tickets};
use super::visibility::{Extent, Within, condition};
use super::{Conn, Db, dialect, ticket_order};

/// Whose tickets they are, and what has to hold besides.
pub(super) struct Own {
    agent: AgentId,
    teams: Arc<[TeamId]>,
    besides: TicketFilter,
}

impl Own {
    /// The tickets that a filter asks for, if they are those of an agent.
    pub(super) fn of(filter: &TicketFilter) -> Option<Self> {
        let TicketFilter::All(parts) = filter else { return None };
        let is_own = |part: &TicketFilter| matches!(part, TicketFilter::VisibleTo(Sight::Own { .. }));
        let place = parts.iter().position(is_own)?;
        let TicketFilter::VisibleTo(Sight::Own { agent_id, team_ids }) = &parts[place] else { return None };
        let others = parts.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, part)| part.clone());
        Some(Self { agent: *agent_id, teams: team_ids.clone(), besides: TicketFilter::All(others.collect()) })
    }

    fn ranges(&self, project: ProjectId, between: &Between) -> Vec<Range> {
        let agent = self.agent;
        let sight = Sight::Own { agent_id: agent, team_ids: self.teams.clone() };
        let of_sessions = Place::OfSessions {
            customers: CustomersOf::new(project, agent, &self.teams),
            within: Within { sight, extent: Extent::Whole },
            agent,
        };
        let of_teams = self.teams.iter().map(|team| Place::OfTeam(team.0));
        let places = [Place::Theirs(agent.0), Place::Watched(agent.0), of_sessions].into_iter().chain(of_teams);
        let range = |place| Range {
            place,
            project: project.0,
            besides: Condition::new(&self.besides),
            between: between.clone(),
        };
        places.map(range).collect()
    }
}

/// One page of an agent's tickets in this order, from the asked end of the list. The rows come in the order of reading from
/// that end.
pub(super) async fn page(
    conn: &mut Conn,
    project: ProjectId,
    own: &Own,
    order: TicketOrder,
    page: Page<TicketKey>,
) -> QueryResult<Vec<Ticket>> {
    let parts = own.ranges(project, &ticket_order::between(order, page));
    let reading = ticket_order::reading(order, page.from_end);
    let first = First { parts, union: " UNION ", reading, reach: Reach::bound(page.size) };
    let list = tickets::table.filter(first).select(TicketRow::as_select());
    let list = InOrder { list, reading, reach: None };
    let rows: Vec<TicketRow> = dialect::load_all(FreeForm(list), conn).await?;
    Ok(rows.into_iter().map(Ticket::from).collect())
}

/// How many tickets an agent sees.
pub(super) async fn count(conn: &mut Conn, project: ProjectId, own: &Own) -> QueryResult<i64> {
    let count = Count { ranges: own.ranges(project, &Between::default()) };
    RunQueryDsl::get_result(FreeForm(count), conn).await
}

/// A reason to see a ticket. There may be several for one.
enum Place {
    /// What the agent works on.
    Theirs(i64),
    /// What a team of theirs owns.
    OfTeam(i64),
    /// What the agent was made to watch.
    Watched(i64),
    /// What came of sessions that go on for the agent or are history to them. The customers are those of all such sessions.
    OfSessions { customers: CustomersOf, within: Within, agent: AgentId },
}

/// The tickets that are seen for one reason, with what has to hold besides.
struct Range {
    place: Place,
    project: i64,
    besides: Condition,
    between: Between,
}

impl Part for Range {
    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
        // The sign keeps both engines from walking through the whole project instead.
        out.push_sql("+tickets.project_id = ");
        out.push_bind_param::<BigInt, _>(&self.project)?;
        match &self.place {
            Place::Theirs(agent) => {
                out.push_sql(" AND tickets.assignee_id = ");
                out.push_bind_param::<BigInt, _>(agent)?;
            }
            Place::OfTeam(team) => {
                out.push_sql(" AND tickets.team_id = ");
                out.push_bind_param::<BigInt, _>(team)?;
            }
            Place::Watched(agent) => {
                out.push_sql(
                    " AND tickets.id IN (SELECT watching.ticket_id FROM ticket_watchers AS watching \
                     WHERE watching.agent_id = ",
                );
                out.push_bind_param::<BigInt, _>(agent)?;
                out.push_sql(" AND watching.is_given)");
            }
            Place::OfSessions { customers, within, agent } => {
                out.push_sql(" AND tickets.customer_id IN (");
                customers.walk(out)?;
                out.push_sql(") AND ");
                seen_in_session(within, agent, out)?;
            }
        }
        out.push_sql(" AND ");
        self.besides.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        self.between.walk(out, "")
    }
}

condition!(First<Range>, tickets);

/// How many tickets there are in all ranges together, each counted once.
struct Count {
    ranges: Vec<Range>,
}

impl QueryFragment<Db> for Count {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for (place, range) in self.ranges.iter().enumerate() {
            out.push_sql(if place == 0 { "SELECT count(*) FROM (" } else { " UNION " });
            out.push_sql("SELECT tickets.id FROM tickets WHERE ");
            range.walk(&mut out)?;
        }
        out.push_sql(") AS found");
        Ok(())
    }
}

impl QueryId for Count {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Count {
    type SqlType = BigInt;
}
