//! Asking for API tokens.

use std::sync::Arc;

use async_graphql::{Context, Object};
use desk::api_token::ApiTokenOwners;
use domain::ApiTokenId;

use super::ApiToken;
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct ApiTokenQuery;

#[Object]
impl ApiTokenQuery {
    /// Your API tokens, newest first, revoked ones included. Not to be asked for with an API token.
    async fn api_tokens(
        &self,
        context: &Context<'_>,
        #[graphql(
            desc = "True for the tokens of all agents of the workspace, which is for its administrators.",
            default
        )]
        of_workspace: bool,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<ApiToken>> {
        let view = View::of(context).await?;
        let agent = &view.actor().agent;
        let (owners, list) = match of_workspace {
            true => (ApiTokenOwners::Workspace, List::api_tokens_in(agent.workspace_id)),
            false => (ApiTokenOwners::Own, List::api_tokens_of(agent.id)),
        };
        let page = PageArguments { first, after, last, before }.of(context, list, |place| ApiTokenId(place.id))?;
        let page = view.desk().api_tokens(view.actor(), owners, page).await?;
        Ok(Connection::new(
            list,
            page,
            |id| Place { micros: 0, id: id.0 },
            |token| ApiToken::new(Arc::new(token), view),
        ))
    }
}
