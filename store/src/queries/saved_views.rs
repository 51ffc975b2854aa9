//! Saved views of sessions.

use diesel::prelude::*;
use domain::filter::SessionFilter;
use domain::{AgentId, ProjectId, SavedView, SavedViewId};

use super::prepared::RunQueryDsl;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Json, json, micros, row};
use crate::saved_views::NewSavedView;

diesel::table! {
    saved_views (id) {
        id -> BigInt,
        project_id -> BigInt,
        owner_id -> Nullable<BigInt>,
        name -> Text,
        filter -> Nullable<Text>,
        place -> BigInt,
        version -> BigInt,
        created_at -> BigInt,
    }
}

row! { SavedViewRow of saved_views is SavedView {
    id: i64,
    project_id: i64,
    owner_id: Option<i64>,
    name: String,
    filter: Json<SessionFilter>,
    place: i64,
    version: i64,
    created_at: At,
} }

/// The views with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<SavedView>> {
    let rows: Vec<SavedViewRow> = saved_views::table
        .filter(dialect::looked_up("saved_views.id", ids))
        .select(SavedViewRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// The views of an agent in a project, or those that the project shares, in their order.
pub async fn of_owner(conn: &mut Conn, project: ProjectId, owner: Option<AgentId>) -> QueryResult<Vec<SavedView>> {
    let of_project = saved_views::table
        .filter(saved_views::project_id.eq(project.0))
        .order((saved_views::place, saved_views::id))
        .select(SavedViewRow::as_select());
    let rows: Vec<SavedViewRow> = match owner {
        Some(owner) => of_project.filter(saved_views::owner_id.eq(owner.0)).load(conn).await?,
        None => of_project.filter(saved_views::owner_id.is_null()).load(conn).await?,
    };
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// The views of a project, whosoever they are.
pub async fn of_project(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<SavedView>> {
    let of_project = saved_views::table.filter(saved_views::project_id.eq(project.0)).order(saved_views::id);
    let rows: Vec<SavedViewRow> = of_project.select(SavedViewRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// Adds a view.
pub async fn insert(conn: &mut Conn, view: &NewSavedView) -> QueryResult<SavedView> {
    diesel::insert_into(saved_views::table)
        .values((
            saved_views::project_id.eq(view.project_id.0),
            saved_views::owner_id.eq(view.owner_id.map(|id| id.0)),
            saved_views::name.eq(&view.name),
            saved_views::filter.eq(json(&view.filter)),
            saved_views::place.eq(view.place),
            saved_views::version.eq(1),
            saved_views::created_at.eq(micros(view.created_at)),
        ))
        .returning(SavedViewRow::as_select())
        .get_result(conn)
        .await
        .map(SavedView::from)
}

/// Writes everything about a view that can change.
pub async fn update(conn: &mut Conn, view: &SavedView) -> QueryResult<()> {
    diesel::update(saved_views::table.find(view.id.0))
        .set((
            saved_views::name.eq(&view.name),
            saved_views::filter.eq(json(&view.filter)),
            saved_views::place.eq(view.place),
            saved_views::version.eq(view.version),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a view.
pub async fn delete(conn: &mut Conn, id: SavedViewId) -> QueryResult<()> {
    diesel::delete(saved_views::table.find(id.0)).execute(conn).await?;
    Ok(())
}
