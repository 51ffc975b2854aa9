//! The inbox of an agent, as ranges of indexes: what is theirs, what waits for them team by team, and what they have
//! joined. Each range is read in the order of the inbox and no further than a page reaches, so that a page costs the same
//! however many sessions there are that are not theirs. The rule is that of `visibility`, and a test compares the two.

use std::sync::Arc;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use diesel_async::RunQueryDsl;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder};
use domain::{AgentId, ProjectId, Session, Sight, TeamId};

use super::list::{Between, First, InOrder, Part};
use super::prepared::FreeForm;
use super::schema::sessions;
use super::session_filter::Condition;
use super::sessions::SessionRow;
use super::visibility::condition;
use super::{Conn, Db, dialect, session_order};

/// Whose inbox it is, and what has to hold besides.
pub(super) struct Inbox {
    agent: AgentId,
    teams: Arc<[TeamId]>,
    besides: SessionFilter,
}

impl Inbox {
    /// The inbox that a filter asks for, if it is one of an agent.
    pub(super) fn of(filter: &SessionFilter) -> Option<Self> {
        let SessionFilter::All(parts) = filter else { return None };
        let is_own = |part: &SessionFilter| matches!(part, SessionFilter::VisibleTo(Sight::Own { .. }));
        let place = parts.iter().position(is_own)?;
        let SessionFilter::VisibleTo(Sight::Own { agent_id, team_ids }) = &parts[place] else { return None };
        let others = parts.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, part)| part.clone());
        Some(Self { agent: *agent_id, teams: team_ids.clone(), besides: SessionFilter::All(others.collect()) })
    }

    /// Those of a page, or whole ones.
    fn ranges(&self, project: ProjectId, between: &Between) -> Vec<Range> {
        let waiting = std::iter::once(None).chain(self.teams.iter().copied().map(Some)).map(Place::Waiting);
        let places = std::iter::once(Place::Theirs).chain(waiting).chain([Place::Joined(self.teams.clone())]);
        let range = |place| Range {
            besides: Condition::new(&self.besides_in(&place, &self.besides)).marked(between.marks),
            place,
            project: project.0,
            agent: self.agent.0,
            between: between.clone(),
        };
        places.map(range).collect()
    }

    /// What has to hold besides, without what holds of everything in this part: what is said twice PostgreSQL takes for
    /// rarer than it is, and then reads all that nobody has to find a page.
    fn besides_in(&self, place: &Place, besides: &SessionFilter) -> SessionFilter {
        match (place, besides) {
            (_, SessionFilter::All(parts)) => {
                SessionFilter::All(parts.iter().map(|part| self.besides_in(place, part)).collect())
            }
            (Place::Theirs, SessionFilter::Assigned(true)) | (Place::Waiting(_), SessionFilter::Assigned(false)) => {
                SessionFilter::All(Vec::new())
            }
            (Place::Theirs, SessionFilter::Assignee(agents)) if agents.contains(&self.agent) => {
                SessionFilter::All(Vec::new())
            }
            _ => besides.clone(),
        }
    }
}

/// One page of an inbox in this order, from the asked end of the list. The rows come in the order of reading from that end.
pub(super) async fn page(
    conn: &mut Conn,
    project: ProjectId,
    inbox: &Inbox,
    order: SessionOrder,
    page: Page<SessionKey>,
) -> QueryResult<Vec<Session>> {
    let reach = session_order::reach(order, &Condition::new(&inbox.besides), page.size);
    let parts = inbox.ranges(project, &session_order::between(order, &inbox.besides, page, reach.marks()));
    let reading = session_order::reading(order, page.from_end);
    let first = First { parts, union: " UNION ALL ", reading, reach };
    let list = sessions::table.filter(first).select(SessionRow::as_select());
    let list = InOrder { list, reading, reach: None };
    let rows: Vec<SessionRow> = dialect::load_all(FreeForm(list), conn).await?;
    Ok(rows.into_iter().take(page.size).map(Session::from).collect())
}

/// How many sessions are in an inbox.
pub(super) async fn count(conn: &mut Conn, project: ProjectId, inbox: &Inbox) -> QueryResult<i64> {
    let count = Count { ranges: inbox.ranges(project, &Between::default()) };
    RunQueryDsl::get_result(FreeForm(count), conn).await
}

/// The customers of the sessions in an agent's inbox, each once, if there are no more than so many sessions; nothing if
/// there are, or if whoever looks sees every session.
pub(super) async fn few_customers(
    conn: &mut Conn,
    project: ProjectId,
    sight: &Sight,
    most: i64,
) -> QueryResult<Option<Vec<i64>>> {
    let Sight::Own { agent_id, team_ids } = sight else { return Ok(None) };
    let inbox = Inbox { agent: *agent_id, teams: team_ids.clone(), besides: SessionFilter::All(Vec::new()) };
    let ranges = inbox.ranges(project, &Between::default());
    let mut found: Vec<i64> = RunQueryDsl::load(FreeForm(Customers { ranges, limit: most + 1 }), conn).await?;
    if i64::try_from(found.len()).map_or(true, |found| found > most) {
        return Ok(None);
    }
    found.sort_unstable();
    found.dedup();
    Ok(Some(found))
}

/// The sessions in an inbox, in no order.
pub(super) async fn ids(conn: &mut Conn, project: ProjectId, inbox: &Inbox) -> QueryResult<Vec<i64>> {
    let members = Members { ranges: inbox.ranges(project, &Between::default()) };
    let query = sessions::table.filter(members).select(sessions::id).into_boxed::<Db>();
    diesel_async::RunQueryDsl::load(FreeForm(query), conn).await
}

/// A part of an inbox. No session is in two of them.
enum Place {
    /// What the agent answers.
    Theirs,
    /// What nobody answers and is for a team, or for no particular one.
    Waiting(Option<TeamId>),
    /// What the agent reads along in, without what is in another part.
    Joined(Arc<[TeamId]>),
}

/// A part of an inbox with what has to hold besides.
struct Range {
    place: Place,
    project: i64,
    agent: i64,
    besides: Condition,
    between: Between,
}

impl Part for Range {
    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
        match &self.place {
            Place::Theirs => {
                self.in_project(out, "sessions.project_id = ")?;
                out.push_sql(" AND sessions.assignee_id = ");
                self.between.marks.bind(out, &self.agent)?;
            }
            Place::Waiting(team) => {
                self.in_project(out, "sessions.project_id = ")?;
                out.push_sql(" AND sessions.assignee_id IS NULL AND sessions.team_id ");
                match team {
                    None => out.push_sql("IS NULL"),
                    Some(team) => {
                        out.push_sql("= ");
                        self.between.marks.bind(out, &team.0)?;
                    }
                }
                out.push_sql(
                    " AND NOT EXISTS (SELECT 1 FROM session_departures AS gone \
                     WHERE gone.session_id = sessions.id AND gone.agent_id = ",
                );
                out.push_bind_param::<BigInt, _>(&self.agent)?;
                out.push_sql(" AND gone.through_id IS NULL)");
            }
            Place::Joined(teams) => {
                // The sign keeps both engines from walking through the whole project instead.
                self.in_project(out, "+sessions.project_id = ")?;
                out.push_sql(
                    " AND sessions.id IN (SELECT joined.session_id FROM session_participants AS joined \
                     WHERE joined.agent_id = ",
                );
                // Shown to the planner: some have joined a few sessions, others next to all.
                out.push_bind_param::<BigInt, _>(&self.agent)?;
                out.push_sql(") AND NOT (sessions.assignee_id IS NOT NULL AND +sessions.assignee_id = ");
                self.between.marks.bind(out, &self.agent)?;
                out.push_sql(" OR sessions.assignee_id IS NULL AND (sessions.team_id IS NULL");
                for team in teams.iter() {
                    out.push_sql(" OR +sessions.team_id = ");
                    self.between.marks.bind(out, &team.0)?;
                }
                out.push_sql("))");
            }
        }
        out.push_sql(" AND ");
        self.besides.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        self.between.walk(out, if matches!(self.place, Place::Joined(_)) { "+" } else { "" })
    }
}

impl Range {
    fn in_project<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>, is: &'static str) -> QueryResult<()> {
        out.push_sql(is);
        self.between.marks.bind(out, &self.project)
    }
}

condition!(First<Range>, sessions);

/// The condition that a session is in one of the ranges.
struct Members {
    ranges: Vec<Range>,
}

impl QueryFragment<Db> for Members {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for (place, range) in self.ranges.iter().enumerate() {
            out.push_sql(if place == 0 { "sessions.id IN (" } else { " UNION ALL " });
            out.push_sql("SELECT sessions.id FROM sessions WHERE ");
            range.walk(&mut out)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

condition!(Members, sessions);

/// The customers of the sessions that go on for an agent, as a part of another statement.
pub(super) struct CustomersOf(Vec<Range>);

impl CustomersOf {
    pub(super) fn new(project: ProjectId, agent: AgentId, teams: &Arc<[TeamId]>) -> Self {
        let inbox = Inbox { agent, teams: teams.clone(), besides: SessionFilter::All(Vec::new()) };
        Self(inbox.ranges(project, &Between::default()))
    }

    pub(super) fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for (place, range) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "" } else { " UNION ALL " });
            out.push_sql("SELECT sessions.customer_id FROM sessions WHERE ");
            range.walk(out)?;
        }
        Ok(())
    }
}

/// How many sessions there are in all ranges together.
struct Count {
    ranges: Vec<Range>,
}

impl QueryFragment<Db> for Count {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for (place, range) in self.ranges.iter().enumerate() {
            out.push_sql(if place == 0 { "SELECT " } else { " + " });
            out.push_sql("(SELECT count(*) FROM sessions WHERE ");
            range.walk(&mut out)?;
            out.push_sql(")");
        }
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

/// The customers of the first sessions of all ranges together.
struct Customers {
    ranges: Vec<Range>,
    limit: i64,
}

impl QueryFragment<Db> for Customers {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        for (place, range) in self.ranges.iter().enumerate() {
            out.push_sql(if place == 0 { "SELECT customer_id FROM (" } else { " UNION ALL SELECT customer_id FROM (" });
            out.push_sql("SELECT sessions.customer_id AS customer_id FROM sessions WHERE ");
            range.walk(&mut out)?;
            // In the order of the inbox, so that it is read from the same indexes.
            out.push_sql(" ORDER BY sessions.last_message_at DESC, sessions.id DESC LIMIT ");
            out.push_bind_param::<BigInt, _>(&self.limit)?;
            out.push_sql(") AS one");
        }
        out.push_sql(" LIMIT ");
        out.push_bind_param::<BigInt, _>(&self.limit)
    }
}

impl QueryId for Customers {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Customers {
    type SqlType = BigInt;
}
