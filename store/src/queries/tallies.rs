//! Which sessions a filter lets through, as bare identifiers, and which of them may have changed since.

use std::collections::HashSet;

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use domain::filter::SessionFilter;
use domain::{Position, ProjectId};

use super::agent_inbox::{self, Inbox};
use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::{events, sessions};
use super::session_filter::Condition;
use super::visibility::expression;
use super::{Conn, Db, dialect};

/// The sessions of a project that a filter lets through, in no order.
pub async fn ids(conn: &mut Conn, project: ProjectId, filter: &SessionFilter) -> QueryResult<Vec<i64>> {
    if let Some(inbox) = Inbox::of(filter) {
        return agent_inbox::ids(conn, project, &inbox).await;
    }
    let query = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(Condition::new(filter))
        .select(sessions::id)
        .into_boxed::<Db>();
    diesel_async::RunQueryDsl::load(FreeForm(query), conn).await
}

/// For each of these filters, those of these sessions of a project that it lets through, in no order. Each session is
/// looked at once for all of them, and what all of them ask is asked once.
pub async fn among(
    conn: &mut Conn,
    project: ProjectId,
    filters: &[&SessionFilter],
    sessions: &[i64],
) -> QueryResult<Vec<Vec<i64>>> {
    let common = common_parts(filters);
    let besides = |filter: &&SessionFilter| {
        let parts = parts_of(filter).iter().filter(|part| !common.contains(part)).cloned();
        Condition::new(&SessionFilter::All(parts.collect()))
    };
    let of_all = SessionFilter::All(common.clone());
    let mut shown = Vec::with_capacity(filters.len());
    for filters in filters.chunks(BITS) {
        let query = sessions::table
            .filter(dialect::one_of("sessions.id", sessions))
            .filter(sessions::project_id.eq(project.0))
            .filter(Condition::new(&of_all))
            .select((sessions::id, Passed(filters.iter().map(besides).collect())))
            .into_boxed::<Db>();
        let rows: Vec<(i64, i64)> = diesel_async::RunQueryDsl::load(FreeForm(query), conn).await?;
        let passing = |bit| rows.iter().filter(move |(_, passed)| passed & (1_i64 << bit) != 0).map(|(id, _)| *id);
        shown.extend((0..filters.len()).map(|bit| passing(bit).collect()));
    }
    Ok(shown)
}

/// What each of these filters asks.
fn common_parts(filters: &[&SessionFilter]) -> Vec<SessionFilter> {
    let Some((first, others)) = filters.split_first() else { return Vec::new() };
    let is_common = |part: &&SessionFilter| others.iter().all(|other| parts_of(other).contains(part));
    parts_of(first).iter().filter(is_common).cloned().collect()
}

/// The filters that must all let a session through for a filter to do so.
fn parts_of(filter: &SessionFilter) -> &[SessionFilter] {
    match filter {
        SessionFilter::All(parts) => parts,
        one => std::slice::from_ref(one),
    }
}

/// How many conditions a number tells of, which is never negative.
const BITS: usize = 62;

/// Which of these conditions a session meets: a number with a bit for each, the lowest for the first.
struct Passed(Vec<Condition>);

impl QueryFragment<Db> for Passed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("CAST(0");
        for (bit, condition) in self.0.iter().enumerate() {
            out.push_sql(" + CASE WHEN ");
            condition.walk_ast(out.reborrow())?;
            out.push_sql(&format!(" THEN {} ELSE 0 END", 1_i64 << bit));
        }
        out.push_sql(" AS BIGINT)");
        Ok(())
    }
}

expression!(Passed: BigInt, sessions);

/// The sessions of a project about which there are events after a position, each once; nothing if there are more than
/// `most` such events. Events count that readers of the log may not see yet as well: whoever looks at a session more often
/// than there is need finds the same.
pub async fn changed(conn: &mut Conn, project: ProjectId, after: Position, most: i64) -> QueryResult<Option<Vec<i64>>> {
    let of_project = events::table.filter(events::project_id.eq(project.0)).into_boxed();
    let query = dialect::in_log_order(of_project, after).select(events::session_id).limit(most + 1);
    let sessions: Vec<i64> = query.load(conn).await?;
    let is_all = i64::try_from(sessions.len()).is_ok_and(|number| number <= most);
    Ok(is_all.then(|| sessions.into_iter().collect::<HashSet<_>>().into_iter().collect()))
}
