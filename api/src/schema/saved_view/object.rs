//! The type `SavedView`.

#![warn(clippy::large_futures)]

use std::sync::Arc;

use async_graphql::{Context, Object};
use desk::saved_view::CountedView;
use tokio::sync::OnceCell;

use super::shape::shape;
use crate::schema::agent::Agent;
use crate::schema::connection::Connection;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::page::PageArguments;
use crate::schema::project::Project;
use crate::schema::scalar::{DateTime, Json};
use crate::schema::session::{Session, SessionOrder, page_of_sessions};
use crate::view::View;

pub(crate) struct SavedView {
    row: Arc<domain::SavedView>,
    view: View,
    count: OnceCell<u64>,
}

impl SavedView {
    pub(crate) fn new(row: Arc<domain::SavedView>, view: &View) -> Self {
        Self { row, view: view.clone(), count: OnceCell::new() }
    }

    /// One that has just been counted.
    pub(crate) fn counted(counted: CountedView, view: &View) -> Self {
        Self { row: Arc::new(counted.view), view: view.clone(), count: OnceCell::new_with(Some(counted.count)) }
    }
}

/// A filter of sessions under a name. What it shows is what each agent may see by themselves.
#[Object]
impl SavedView {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name, which no other view of the same owner has.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The filter, in the form of the input `SessionFilter`.
    fn filter(&self) -> Json {
        Json(shape(&self.row.filter).to_string())
    }

    /// Whether everybody in the project has it.
    fn shared(&self) -> bool {
        self.row.owner_id.is_none()
    }

    /// Whose it is. Null if everybody in the project has it.
    async fn owner(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.owner_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// How many sessions it shows you. The number is kept, so that it costs little however many there are.
    async fn count(&self) -> Result<i64> {
        let count = || async { Box::pin(self.view.desk().saved_view_count(self.view.actor(), &self.row)).await };
        let count = *self.count.get_or_try_init(count).await?;
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The sessions that it shows you.
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The order of the list. The newest message first if left out.")] order_by: Option<
            SessionOrder,
        >,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Session>> {
        let page = PageArguments { first, after, last, before };
        Box::pin(page_of_sessions(context, &self.view, self.row.project_id, self.row.filter.clone(), order_by, page))
            .await
    }

    /// Grows with each change of the view. Send it as `expectedVersion` to change only what you have seen.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When the view was made.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// The project.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }
}
