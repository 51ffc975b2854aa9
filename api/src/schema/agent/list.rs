//! Asking for the agents of the workspace.

use std::sync::Arc;

use async_graphql::{Context, Object};
use domain::AgentId;

use super::Agent;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct AgentQuery;

#[Object]
impl AgentQuery {
    /// The agents of your workspace, oldest first, for those who administer the workspace or a project of it. Who works in
    /// a project is told by `Project.members`.
    async fn agents(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "True for those who are active, false for those who are not. All of them if left out.")]
        active: Option<bool>,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Agent>> {
        let view = View::of(context).await?;
        let list = List::agents_in(view.actor().agent.workspace_id);
        let page = PageArguments { first, after, last, before }.of(context, list, |place| AgentId(place.id))?;
        let page = view.desk().agents(view.actor(), active, page).await?;
        Ok(Connection::new(list, page, |id| Place { micros: 0, id: id.0 }, |agent| Agent::new(Arc::new(agent), view)))
    }
}
