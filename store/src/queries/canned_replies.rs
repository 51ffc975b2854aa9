//! Canned replies.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::bot_text::Texts;
use domain::{AgentId, CannedReply, CannedReplyId, ProjectId};

use super::prepared::{Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::desk_tools::NewCannedReply;
use crate::mapping::{At, IntoDomain, Json, micros, plain_json, row};

diesel::table! {
    canned_replies (id) {
        id -> BigInt,
        project_id -> BigInt,
        owner_id -> Nullable<BigInt>,
        shortcut -> Text,
        title -> Text,
        texts -> Text,
        uses -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

row! { ReplyRow of canned_replies is CannedReply {
    id: i64,
    project_id: i64,
    owner_id: Option<i64>,
    shortcut: String,
    title: String,
    texts: Json<Texts>,
    uses: i64,
    version: i64,
    created_at: At,
    updated_at: At,
} }

/// The canned replies with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<CannedReply>> {
    let query =
        canned_replies::table.filter(dialect::looked_up("canned_replies.id", ids)).select(ReplyRow::as_select());
    let rows: Vec<ReplyRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(CannedReply::from).collect())
}

/// The shared canned replies of a project and an agent's own, by shortcut.
pub async fn of_agent(conn: &mut Conn, project: ProjectId, agent: AgentId) -> QueryResult<Vec<CannedReply>> {
    let rows: Vec<ReplyRow> = canned_replies::table
        .filter(canned_replies::project_id.eq(project.0))
        .filter(canned_replies::owner_id.is_null().or(canned_replies::owner_id.eq(agent.0)))
        .order((canned_replies::shortcut, canned_replies::id))
        .select(ReplyRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(CannedReply::from).collect())
}

/// How many canned replies of a project belong to somebody, or to all.
pub async fn count(conn: &mut Conn, project: ProjectId, owner: Option<AgentId>) -> QueryResult<i64> {
    canned_replies::table
        .filter(canned_replies::project_id.eq(project.0))
        .filter(sql::<Bool>("COALESCE(owner_id, 0) = ").bind::<BigInt, _>(owner.map_or(0, |owner| owner.0)))
        .count()
        .get_result(conn)
        .await
}

/// Which canned reply of an owner has a shortcut.
pub async fn by_shortcut(
    conn: &mut Conn,
    project: ProjectId,
    owner: Option<AgentId>,
    shortcut: &str,
) -> QueryResult<Option<CannedReplyId>> {
    let id: Option<i64> = canned_replies::table
        .filter(canned_replies::project_id.eq(project.0))
        .filter(sql::<Bool>("COALESCE(owner_id, 0) = ").bind::<BigInt, _>(owner.map_or(0, |owner| owner.0)))
        .filter(canned_replies::shortcut.eq(shortcut))
        .select(canned_replies::id)
        .first(conn)
        .await
        .optional()?;
    Ok(id.into_domain())
}

/// Adds a canned reply.
pub async fn insert(conn: &mut Conn, reply: &NewCannedReply) -> QueryResult<CannedReply> {
    diesel::insert_into(canned_replies::table)
        .values((
            canned_replies::project_id.eq(reply.project_id.0),
            canned_replies::owner_id.eq(reply.owner_id.map(|id| id.0)),
            canned_replies::shortcut.eq(&reply.shortcut),
            canned_replies::title.eq(&reply.title),
            canned_replies::texts.eq(plain_json(&reply.texts)),
            canned_replies::uses.eq(0),
            canned_replies::version.eq(1),
            canned_replies::created_at.eq(micros(reply.created_at)),
            canned_replies::updated_at.eq(micros(reply.created_at)),
        ))
        .returning(ReplyRow::as_select())
        .get_result(conn)
        .await
        .map(CannedReply::from)
}

/// Writes everything about a canned reply that people can change, under its next version.
pub async fn update(conn: &mut Conn, reply: &CannedReply) -> QueryResult<CannedReply> {
    diesel::update(canned_replies::table.find(reply.id.0))
        .set((
            canned_replies::shortcut.eq(&reply.shortcut),
            canned_replies::title.eq(&reply.title),
            canned_replies::texts.eq(plain_json(&reply.texts)),
            canned_replies::updated_at.eq(micros(reply.updated_at)),
            canned_replies::version.eq(canned_replies::version + 1),
        ))
        .returning(ReplyRow::as_select())
        .get_result(conn)
        .await
        .map(CannedReply::from)
}

/// Takes a canned reply away.
pub async fn delete(conn: &mut Conn, id: CannedReplyId) -> QueryResult<()> {
    diesel::delete(canned_replies::table.find(id.0)).execute(conn).await?;
    Ok(())
}

/// Counts that a canned reply was sent.
pub async fn count_use(conn: &mut Conn, id: CannedReplyId) -> QueryResult<()> {
    diesel::update(canned_replies::table.find(id.0))
        .set(canned_replies::uses.eq(canned_replies::uses + 1))
        .execute(conn)
        .await?;
    Ok(())
}
