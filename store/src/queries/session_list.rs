//! The sessions of a project as ordered and filtered lists.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder};
use domain::{ProjectId, Session};

use super::agent_inbox::{self, Inbox};
use super::prepared::FreeForm;
use super::reach::Reach;
use super::schema::sessions;
use super::session_filter::Condition;
use super::session_order::{Between, InOrder, Reading};
use super::sessions::SessionRow;
use super::visibility::condition;
use super::{Conn, Db, dialect};

/// One page of a project's sessions, from the asked end of the list. The rows come in the
/// order of reading from that end.
pub async fn page(
    conn: &mut Conn,
    project: ProjectId,
    filter: &SessionFilter,
    order: SessionOrder,
    page: Page<SessionKey>,
) -> QueryResult<Vec<Session>> {
    if let Some(inbox) = Inbox::of(filter) {
        return agent_inbox::page(conn, project, &inbox, order, page).await;
    }
    let condition = Condition::new(filter);
    let reach = Reach::of(page.size, &condition, order);
    let between = Between::of(order, filter, &page, reach.marks());
    let listed = Listed { project: project.0, condition: condition.marked(between.marks), between };
    let sessions = sessions::table.filter(listed).select(SessionRow::as_select());
    let list = InOrder { sessions, reading: Reading::of(order, page.from_end), reach: Some(reach) };
    let rows: Vec<SessionRow> = dialect::load_all(FreeForm(list), conn).await?;
    Ok(rows.into_iter().take(page.size).map(Session::from).collect())
}

/// How many of a project's sessions a filter lets through.
pub async fn count(conn: &mut Conn, project: ProjectId, filter: &SessionFilter) -> QueryResult<i64> {
    if let Some(inbox) = Inbox::of(filter) {
        return agent_inbox::count(conn, project, &inbox).await;
    }
    let query = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(Condition::new(filter))
        .count()
        .into_boxed::<Db>();
    diesel_async::RunQueryDsl::get_result(FreeForm(query), conn).await
}

/// The condition that a session is on a page of a project's list.
struct Listed {
    project: i64,
    condition: Condition,
    between: Between,
}

impl QueryFragment<Db> for Listed {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql("sessions.project_id = ");
        self.between.marks.bind(&mut out, &self.project)?;
        out.push_sql(" AND ");
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        self.between.walk(&mut out, "")
    }
}

condition!(Listed, sessions);
