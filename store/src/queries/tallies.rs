//! Which sessions a filter lets through, as bare identifiers, and which of them may have changed since.

use std::collections::HashSet;

use diesel::prelude::*;
use domain::filter::SessionFilter;
use domain::{Position, ProjectId};

use super::agent_inbox::{self, Inbox};
use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::{events, sessions};
use super::session_filter::Condition;
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

/// Those of these sessions of a project that a filter lets through, in no order.
pub async fn among(
    conn: &mut Conn,
    project: ProjectId,
    filter: &SessionFilter,
    sessions: &[i64],
) -> QueryResult<Vec<i64>> {
    let query = sessions::table
        .filter(dialect::one_of("sessions.id", sessions))
        .filter(sessions::project_id.eq(project.0))
        .filter(Condition::new(filter))
        .select(sessions::id)
        .into_boxed::<Db>();
    diesel_async::RunQueryDsl::load(FreeForm(query), conn).await
}

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
