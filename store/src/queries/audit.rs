//! The audit log.

use std::collections::BTreeSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
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
        let mut query = audit_log::table.into_boxed::<Db>();
        // A sign keeps both engines from the indexes of what has more than something else that is asked for: the workspace
        // more than anything, and the project more than an object.
        query = if project_id.is_some() || agent_id.is_some() || object.is_some() {
            query.filter(sql::<Bool>("+audit_log.workspace_id = ").bind::<BigInt, _>($workspace.0))
        } else {
            query.filter(audit_log::workspace_id.eq($workspace.0))
        };
        query = match project_id {
            Some(project) if object.is_some() => {
                query.filter(sql::<Bool>("+audit_log.project_id = ").bind::<BigInt, _>(project.0))
            }
            Some(project) => query.filter(audit_log::project_id.eq(project.0)),
            None => query,
        };
        if let Some(agent) = agent_id {
            query = query.filter(audit_log::agent_id.eq(agent.0));
        }
        query = match actions.as_slice() {
            [] => query,
            [action] => query.filter(audit_log::action.eq(action.clone())),
            actions => query.filter(dialect::one_of_texts("audit_log.action", actions)),
        };
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

/// One page of a workspace's entries, newest first, in the order of reading from the asked end. What is asked for by time
/// is in the order of the times, everything else in the order of writing.
pub async fn page(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &EntryFilter,
    page: Page<i64>,
) -> QueryResult<Vec<Entry>> {
    if filter.actions.len() < 2 {
        return page_of_one(conn, workspace, filter, page).await;
    }
    // One after the other each action has an index in the order of the page; all of them together would be sorted.
    let mut found = Vec::new();
    for action in BTreeSet::from_iter(&filter.actions) {
        let filter = EntryFilter { actions: vec![action.clone()], ..filter.clone() };
        found.extend(page_of_one(conn, workspace, &filter, page).await?);
    }
    let place = |entry: &Entry| if is_by_time(filter) { (micros(entry.at), entry.id) } else { (0, entry.id) };
    found.sort_unstable_by_key(place);
    if !page.from_end {
        found.reverse();
    }
    found.truncate(page.size);
    Ok(found)
}

fn is_by_time(filter: &EntryFilter) -> bool {
    filter.since.is_some() || filter.before.is_some()
}

/// The same for a filter with at most one action.
async fn page_of_one(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &EntryFilter,
    page: Page<i64>,
) -> QueryResult<Vec<Entry>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = matching!(workspace, filter).select(EntryRow::as_select()).limit(limit);
    if is_by_time(filter) {
        if let Some(after) = page.after {
            let at = time_of(conn, workspace, after).await?;
            query = query.filter(audit_log::at.le(at)).filter(audit_log::at.lt(at).or(audit_log::id.lt(after)));
        }
        if let Some(before) = page.before {
            let at = time_of(conn, workspace, before).await?;
            query = query.filter(audit_log::at.ge(at)).filter(audit_log::at.gt(at).or(audit_log::id.gt(before)));
        }
        query = if page.from_end {
            query.order((audit_log::at.asc(), audit_log::id.asc()))
        } else {
            query.order((audit_log::at.desc(), audit_log::id.desc()))
        };
    } else {
        if let Some(after) = page.after {
            query = query.filter(audit_log::id.lt(after));
        }
        if let Some(before) = page.before {
            query = query.filter(audit_log::id.gt(before));
        }
        query = if page.from_end { query.order(audit_log::id.asc()) } else { query.order(audit_log::id.desc()) };
    }
    let rows: Vec<EntryRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(Entry::from).collect())
}

/// When an entry of a workspace was written, by the clock that it has. No entry is ever removed, so that one which is not
/// there was made up: it stands before all others.
async fn time_of(conn: &mut Conn, workspace: WorkspaceId, id: i64) -> QueryResult<i64> {
    let at: Option<i64> = audit_log::table
        .find(id)
        .filter(audit_log::workspace_id.eq(workspace.0))
        .select(audit_log::at)
        .first(conn)
        .await
        .optional()?;
    Ok(at.unwrap_or_default())
}

/// How many of a workspace's entries a filter lets through.
pub async fn count(conn: &mut Conn, workspace: WorkspaceId, filter: &EntryFilter) -> QueryResult<i64> {
    diesel_async::RunQueryDsl::get_result(FreeForm(matching!(workspace, filter).count()), conn).await
}
