//! Asking for to-dos.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::ProjectId;
use domain::todo::TodoKey;

use super::Todo;
use super::filter::TodoFilter;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct TodoQuery;

#[Object]
impl TodoQuery {
    /// The to-dos of a project that are for you to see, those first that are due first: what you or a team of yours see to,
    /// and what came up in sessions that go on for you.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn todos(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Which to-dos to show. All of them if left out.")] filter: Option<TodoFilter>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Todo>> {
        let view = View::of(context).await?;
        let project: ProjectId = id::parse(&project_id)?;
        let filter = filter.unwrap_or_default().condition()?;
        let list = List::todos_of(project);
        let page = PageArguments { first, after, last, before };
        let page = page.of(context, list, |place| TodoKey { micros: place.micros, id: place.id })?;
        let page = view.desk().todos(view.actor(), project, &filter, page).await?;
        Ok(Connection::new(
            list,
            page,
            |key| Place { micros: key.micros, id: key.id },
            |todo| Todo::new(Arc::new(todo), view),
        ))
    }
}
