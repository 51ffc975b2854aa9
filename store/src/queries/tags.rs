//! Tags of sessions.

use diesel::prelude::*;
use domain::{ProjectId, SessionId, Tag, TagId};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::{session_tags, tags};
use super::{Conn, Db, dialect};
use crate::mapping::{At, micros, row};
use crate::people::NewTag;

row! { TagRow of tags is Tag {
    id: i64,
    project_id: i64,
    name: String,
    color: String,
    created_at: At,
} }

/// The tags with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Tag>> {
    let query = tags::table.filter(dialect::one_of("tags.id", ids)).select(TagRow::as_select());
    let rows: Vec<TagRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Tag::from).collect())
}

/// Every tag of a project, by name.
pub async fn of_project(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<Tag>> {
    let rows: Vec<TagRow> = tags::table
        .filter(tags::project_id.eq(project.0))
        .order((tags::name, tags::id))
        .select(TagRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Tag::from).collect())
}

/// Adds a tag.
pub async fn insert(conn: &mut Conn, tag: &NewTag) -> QueryResult<Tag> {
    diesel::insert_into(tags::table)
        .values((
            tags::project_id.eq(tag.project_id.0),
            tags::name.eq(&tag.name),
            tags::color.eq(&tag.color),
            tags::created_at.eq(micros(tag.created_at)),
        ))
        .returning(TagRow::as_select())
        .get_result(conn)
        .await
        .map(Tag::from)
}

/// The tags of these sessions, by name.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<(SessionId, Tag)>> {
    let rows: Vec<(i64, TagRow)> = session_tags::table
        .inner_join(tags::table)
        .filter(dialect::one_of("session_tags.session_id", sessions))
        .order((session_tags::session_id, tags::name, tags::id))
        .select((session_tags::session_id, TagRow::as_select()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(session, tag)| (SessionId(session), tag.into())).collect())
}

/// Gives a session a tag. Answers whether it did not have it.
pub async fn add(conn: &mut Conn, session: SessionId, tag: TagId) -> QueryResult<bool> {
    let added = diesel::insert_into(session_tags::table)
        .values((session_tags::session_id.eq(session.0), session_tags::tag_id.eq(tag.0)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added > 0)
}

/// Takes a tag from a session. Answers whether it had it.
pub async fn remove(conn: &mut Conn, session: SessionId, tag: TagId) -> QueryResult<bool> {
    let removed = diesel::delete(session_tags::table.find((session.0, tag.0))).execute(conn).await?;
    Ok(removed > 0)
}
