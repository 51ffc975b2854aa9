//! Diversion links.

use diesel::prelude::*;
use domain::filter::Page;
use domain::{DiversionLink, DiversionLinkId, ProjectId, TagId};

use super::prepared::{FreeForm, Prepared, RunQueryDsl};
use super::schema::diversion_links;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Json, json, micros, row};
use crate::people::NewDiversionLink;

row! { LinkRow of diversion_links is DiversionLink {
    id: i64,
    project_id: i64,
    code: String,
    name: String,
    source: String,
    tag_ids: Json<Vec<TagId>>,
    team_id: Option<i64>,
    agent_id: Option<i64>,
    active: bool,
    uses: i64,
    version: i64,
    created_at: At,
} }

/// The links with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<DiversionLink>> {
    let query =
        diversion_links::table.filter(dialect::looked_up("diversion_links.id", ids)).select(LinkRow::as_select());
    let rows: Vec<LinkRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(DiversionLink::from).collect())
}

/// The link with a code in a project.
pub async fn by_code(conn: &mut Conn, project: ProjectId, code: &str) -> QueryResult<Option<DiversionLink>> {
    let row: Option<LinkRow> = diversion_links::table
        .filter(diversion_links::code.eq(code).and(diversion_links::project_id.eq(project.0)))
        .select(LinkRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(DiversionLink::from))
}

/// One page of a project's links, newest first, in the order of reading from the asked end.
pub async fn page(conn: &mut Conn, project: ProjectId, page: Page<DiversionLinkId>) -> QueryResult<Vec<DiversionLink>> {
    let mut query = diversion_links::table
        .filter(diversion_links::project_id.eq(project.0))
        .select(LinkRow::as_select())
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(diversion_links::id.lt(after.0));
    }
    if let Some(before) = page.before {
        query = query.filter(diversion_links::id.gt(before.0));
    }
    query =
        if page.from_end { query.order(diversion_links::id.asc()) } else { query.order(diversion_links::id.desc()) };
    let rows: Vec<LinkRow> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(rows.into_iter().map(DiversionLink::from).collect())
}

/// How many links a project has.
pub async fn count(conn: &mut Conn, project: ProjectId) -> QueryResult<i64> {
    diversion_links::table.filter(diversion_links::project_id.eq(project.0)).count().get_result(conn).await
}

/// Adds a link.
pub async fn insert(conn: &mut Conn, link: &NewDiversionLink) -> QueryResult<DiversionLink> {
    diesel::insert_into(diversion_links::table)
        .values((
            diversion_links::project_id.eq(link.project_id.0),
            diversion_links::code.eq(&link.code),
            diversion_links::name.eq(&link.name),
            diversion_links::source.eq(&link.source),
            diversion_links::tag_ids.eq(json(&link.tag_ids)),
            diversion_links::team_id.eq(link.team_id.map(|id| id.0)),
            diversion_links::agent_id.eq(link.agent_id.map(|id| id.0)),
            diversion_links::active.eq(true),
            diversion_links::uses.eq(0),
            diversion_links::version.eq(1),
            diversion_links::created_at.eq(micros(link.created_at)),
        ))
        .returning(LinkRow::as_select())
        .get_result(conn)
        .await
        .map(DiversionLink::from)
}

/// Writes everything about a link that people can change, under the next version.
pub async fn update(conn: &mut Conn, link: &DiversionLink) -> QueryResult<DiversionLink> {
    diesel::update(diversion_links::table.find(link.id.0))
        .set((
            diversion_links::name.eq(&link.name),
            diversion_links::source.eq(&link.source),
            diversion_links::tag_ids.eq(json(&link.tag_ids)),
            diversion_links::team_id.eq(link.team_id.map(|id| id.0)),
            diversion_links::agent_id.eq(link.agent_id.map(|id| id.0)),
            diversion_links::active.eq(link.active),
            diversion_links::version.eq(diversion_links::version + 1),
        ))
        .returning(LinkRow::as_select())
        .get_result(conn)
        .await
        .map(DiversionLink::from)
}

/// Counts that somebody came by a link.
pub async fn count_use(conn: &mut Conn, id: DiversionLinkId) -> QueryResult<()> {
    diesel::update(diversion_links::table.find(id.0))
        .set(diversion_links::uses.eq(diversion_links::uses + 1))
        .execute(conn)
        .await?;
    Ok(())
}
