//! Asking for projects.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::ProjectId;

use super::Project;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct ProjectQuery;

#[Object]
impl ProjectQuery {
    /// One project. Null if there is none with this id or you may not see it.
    async fn project(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] id: ID,
    ) -> Result<Option<Project>> {
        let view = View::of(context).await?;
        let id: ProjectId = id::parse(&id)?;
        fix_event_cursor(context, view).await?;
        let project = view.loaders().projects().load(id).await?;
        Ok(project.map(|project| Project::new(project, view)))
    }

    /// The projects that you may see, oldest first.
    async fn projects(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Whether archived projects are listed as well.", default)] include_archived: bool,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Project>> {
        let view = View::of(context).await?;
        let list = List::PROJECTS;
        let page = PageArguments { first, after, last, before }.of(context, list, |place| ProjectId(place.id))?;
        fix_event_cursor(context, view).await?;
        let page = view.desk().projects(view.actor(), include_archived, page).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |project| Project::new(Arc::new(project), view),
        ))
    }
}

/// Reads the event cursor, if it is asked for, before any list inside of a project is read, so that
/// no event falls between.
async fn fix_event_cursor(context: &Context<'_>, view: &View) -> Result<()> {
    let asked = context.look_ahead();
    let nodes = [asked.field("nodes"), asked.field("edges").field("node")];
    if std::iter::once(asked).chain(nodes).any(|project| project.field("eventCursor").exists()) {
        view.head().await?;
    }
    Ok(())
}
