//! The sessions of a project as ordered and filtered lists.

use diesel::prelude::*;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder};
use domain::{ProjectId, Session};

use super::agent_inbox::{self, Inbox};
use super::list::{InOrder, Listed};
use super::prepared::FreeForm;
use super::schema::sessions;
use super::session_filter::Condition;
use super::sessions::SessionRow;
use super::{Conn, Db, dialect, session_order};

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
    let reach = session_order::reach(order, &condition, page.size);
    let between = session_order::between(order, filter, page, reach.marks());
    let listed = Listed { project: project.0, condition: condition.marked(between.marks), between };
    let list = sessions::table.filter(listed).select(SessionRow::as_select());
    let list = InOrder { list, reading: session_order::reading(order, page.from_end), reach: Some(reach) };
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
