//! Tags of sessions and customers.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::tag::Preset;
use domain::{CustomerId, DiversionLinkId, ProjectId, SessionId, Tag, TagId};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::{diversion_links, session_tags, sessions, tags};
use super::{Conn, Db, dialect};
use crate::desk_tools::NewPresetTag;
use crate::mapping::{At, Json, Named, json, micros, row};
use crate::people::NewTag;

diesel::table! { customer_tags (customer_id, tag_id) { customer_id -> BigInt, tag_id -> BigInt, } }

diesel::joinable!(customer_tags -> tags (tag_id));
diesel::allow_tables_to_appear_in_same_query!(customer_tags, tags);

row! { TagRow of tags is Tag {
    id: i64,
    project_id: i64,
    name: String,
    color: String,
    created_at: At,
    preset: Option<Named<Preset>>,
    archived_at: Option<At>,
    merged_into: Option<i64>,
    version: i64,
} }

/// The tags with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Tag>> {
    let query = tags::table.filter(dialect::looked_up("tags.id", ids)).select(TagRow::as_select());
    let rows: Vec<TagRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Tag::from).collect())
}

/// The tags with these identifiers, which nobody changes until the transaction ends, by identifier.
pub async fn hold(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Tag>> {
    let query =
        for_share!(tags::table.filter(dialect::one_of("tags.id", ids)).order(tags::id).select(TagRow::as_select()));
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

/// Adds a tag that every project begins with.
pub async fn insert_preset(conn: &mut Conn, tag: NewPresetTag) -> QueryResult<()> {
    diesel::insert_into(tags::table)
        .values((
            tags::project_id.eq(tag.project_id.0),
            tags::name.eq(tag.preset.tag_name()),
            tags::color.eq(tag.preset.color()),
            tags::preset.eq(tag.preset.name()),
            tags::created_at.eq(micros(tag.created_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes everything about a tag that people can change, under its next version.
pub async fn update(conn: &mut Conn, tag: &Tag) -> QueryResult<Tag> {
    diesel::update(tags::table.find(tag.id.0))
        .set((
            tags::name.eq(&tag.name),
            tags::color.eq(&tag.color),
            tags::archived_at.eq(tag.archived_at.map(micros)),
            tags::merged_into.eq(tag.merged_into.map(|id| id.0)),
            tags::version.eq(tags::version + 1),
        ))
        .returning(TagRow::as_select())
        .get_result(conn)
        .await
        .map(Tag::from)
}

/// The tags of these customers, by name.
pub async fn of_customers(conn: &mut Conn, customers: &[i64]) -> QueryResult<Vec<(CustomerId, Tag)>> {
    let rows: Vec<(i64, TagRow)> = customer_tags::table
        .inner_join(tags::table)
        .filter(dialect::one_of("customer_tags.customer_id", customers))
        .order((customer_tags::customer_id, tags::name, tags::id))
        .select((customer_tags::customer_id, TagRow::as_select()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(customer, tag)| (CustomerId(customer), tag.into())).collect())
}

/// Gives a customer a tag. Answers whether they did not have it.
pub async fn add_to_customer(conn: &mut Conn, customer: CustomerId, tag: TagId) -> QueryResult<bool> {
    let added = diesel::insert_into(customer_tags::table)
        .values((customer_tags::customer_id.eq(customer.0), customer_tags::tag_id.eq(tag.0)))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added > 0)
}

/// Takes a tag from a customer. Answers whether they had it.
pub async fn remove_from_customer(conn: &mut Conn, customer: CustomerId, tag: TagId) -> QueryResult<bool> {
    let removed = diesel::delete(customer_tags::table.find((customer.0, tag.0))).execute(conn).await?;
    Ok(removed > 0)
}

/// Takes every tag from a customer.
pub async fn erase_of_customer(conn: &mut Conn, customer: CustomerId) -> QueryResult<()> {
    diesel::delete(customer_tags::table).filter(customer_tags::customer_id.eq(customer.0)).execute(conn).await?;
    Ok(())
}

/// The open sessions that have a tag, themselves or by their customers, in order.
pub async fn open_sessions_with(conn: &mut Conn, tag: TagId) -> QueryResult<Vec<SessionId>> {
    let has_tag = sql::<Bool>("sessions.id IN (SELECT session_id FROM session_tags WHERE tag_id = ")
        .bind::<BigInt, _>(tag.0)
        .sql(
            " UNION SELECT theirs.id FROM customer_tags JOIN sessions AS theirs \
             ON theirs.customer_id = customer_tags.customer_id AND theirs.status <> 'CLOSED' WHERE customer_tags.tag_id = ",
        )
        .bind::<BigInt, _>(tag.0)
        .sql(") AND sessions.status <> 'CLOSED'");
    let ids: Vec<i64> = sessions::table.filter(has_tag).order(sessions::id).select(sessions::id).load(conn).await?;
    Ok(ids.into_iter().map(SessionId).collect())
}

/// Gives another tag to whatever has a tag, each once, and takes that one away.
pub async fn replace(conn: &mut Conn, tag: TagId, with: TagId) -> QueryResult<()> {
    let sessions = "INSERT INTO session_tags (session_id, tag_id) SELECT session_id, $1 FROM session_tags \
        WHERE tag_id = $2 ON CONFLICT DO NOTHING";
    let customers = "INSERT INTO customer_tags (customer_id, tag_id) SELECT customer_id, $1 FROM customer_tags \
        WHERE tag_id = $2 ON CONFLICT DO NOTHING";
    for statement in [sessions, customers] {
        let copy = diesel::sql_query(statement).bind::<BigInt, _>(with.0).bind::<BigInt, _>(tag.0);
        RunQueryDsl::execute(copy, conn).await?;
    }
    diesel::delete(session_tags::table).filter(session_tags::tag_id.eq(tag.0)).execute(conn).await?;
    diesel::delete(customer_tags::table).filter(customer_tags::tag_id.eq(tag.0)).execute(conn).await?;
    Ok(())
}

/// The diversion links of a project that give tags, each with these.
pub async fn of_diversion_links(
    conn: &mut Conn,
    project: ProjectId,
) -> QueryResult<Vec<(DiversionLinkId, Vec<TagId>)>> {
    let rows: Vec<(i64, Json<Vec<TagId>>)> = diversion_links::table
        .filter(diversion_links::project_id.eq(project.0))
        .filter(diversion_links::tag_ids.is_not_null())
        .order(diversion_links::id)
        .select((diversion_links::id, diversion_links::tag_ids))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, tags)| (DiversionLinkId(id), tags.0)).collect())
}

/// Writes which tags a diversion link gives.
pub async fn set_of_diversion_link(conn: &mut Conn, link: DiversionLinkId, tags: Vec<TagId>) -> QueryResult<()> {
    diesel::update(diversion_links::table.find(link.0))
        .set((diversion_links::tag_ids.eq(json(&tags)), diversion_links::version.eq(diversion_links::version + 1)))
        .execute(conn)
        .await?;
    Ok(())
}
