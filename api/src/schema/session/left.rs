//! Asking for the sessions that have ended for the agent who asks.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::filter::SessionKey;

use super::{Session, prefetch::prefetch};
use crate::schema::connection::Connection;
use crate::schema::cursor::{List, Place};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct SessionsLeftQuery;

#[Object]
impl SessionsLeftQuery {
    /// The sessions of a project that you have handed over, left or lost to somebody else and have not got back, the last
    /// one first. Each is shown as it was when it ended for you: nothing later is in it.
    async fn sessions_left(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Session>> {
        let view = View::of(context).await?;
        let project_id = id::parse(&project_id)?;
        let list = List::sessions_left_in(project_id);
        let page = PageArguments { first, after, last, before };
        let page = page.of(context, list, |place| SessionKey { micros: place.micros, id: place.id })?;
        let page = view.desk().sessions_left(view.actor(), project_id, page).await?;
        prefetch(context, view, &page.edges).await;
        Ok(Connection::new(
            list,
            page,
            |key| Place { micros: key.micros, id: key.id },
            |session| Session::new(Arc::new(session), view),
        ))
    }
}
