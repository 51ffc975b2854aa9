//! The audit log.

use diesel::prelude::*;
use domain::WorkspaceId;
use domain::audit::{Entry, EntryFilter, NewEntry, ObjectKind};
use domain::filter::Page;

use super::prepared::{FreeForm, RunQueryDsl};
use super::schema::audit_log;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Named, micros, row};

row! { EntryRow of audit_log is Entry {
    id: i64,
    project_id: Option<i64>,
    agent_id: Option<i64>,
    action: String,
    object_kind: Named<ObjectKind>,
    object_id: i64,
    details: Option<String>,
    at: At,
} }

/// Adds an entry.
pub async fn append(conn: &mut Conn, entry: &NewEntry) -> QueryResult<()> {
    let (kind, object) = entry.object;
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::workspace_id.eq(entry.workspace_id.0),
            audit_log::project_id.eq(entry.project_id.map(|id| id.0)),
            audit_log::agent_id.eq(entry.agent_id.map(|id| id.0)),
            audit_log::action.eq(entry.action.0),
            audit_log::object_kind.eq(kind.name()),
            audit_log::object_id.eq(object),
            audit_log::details.eq(&entry.details),
            audit_log::at.eq(micros(entry.at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

macro_rules! matching {
    ($workspace:expr, $filter:expr) => {{
        let EntryFilter { project_id, agent_id, actions, object, since, before } = $filter;
        let mut query = audit_log::table.filter(audit_log::workspace_id.eq($workspace.0)).into_boxed::<Db>();
        if let Some(project) = project_id {
            query = query.filter(audit_log::project_id.eq(project.0));
        }
        if let Some(agent) = agent_id {
            query = query.filter(audit_log::agent_id.eq(agent.0));
        }
        if !actions.is_empty() {
            query = query.filter(dialect::one_of_texts("audit_log.action", actions));
        }
        if let Some((kind, object)) = object {
            query = query.filter(audit_log::object_kind.eq(kind.name()).and(audit_log::object_id.eq(*object)));
        }
        if let Some(since) = since {
            query = query.filter(audit_log::at.ge(micros(*since)));
        }
        if let Some(before) = before {
            query = query.filter(audit_log::at.lt(micros(*before)));
        }
        query
    }};
}

/// One page of a workspace's entries, newest first, in the order of reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &EntryFilter,
    page: Page<i64>,
) -> QueryResult<Vec<Entry>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = matching!(workspace, filter).select(EntryRow::as_select()).limit(limit);
    if let Some(after) = page.after {
        query = query.filter(audit_log::id.lt(after));
    }
    if let Some(before) = page.before {
        query = query.filter(audit_log::id.gt(before));
    }
    query = if page.from_end { query.order(audit_log::id.asc()) } else { query.order(audit_log::id.desc()) };
    let rows: Vec<EntryRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// How many of a workspace's entries a filter lets through.
pub async fn count(conn: &mut Conn, workspace: WorkspaceId, filter: &EntryFilter) -> QueryResult<i64> {
    diesel_async::RunQueryDsl::get_result(FreeForm(matching!(workspace, filter).count()), conn).await
}
