//! Asking for sessions.

use async_graphql::{Context, ID, Object};
use domain::SessionId;

use super::{Session, SessionFilter, SessionOrder, session_page};
use crate::schema::connection::Connection;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::page::PageArguments;
use crate::view::View;

#[derive(Default)]
pub(crate) struct SessionQuery;

#[Object]
impl SessionQuery {
    /// One session. Null if there is none with this id or you may not see it.
    async fn session(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] id: ID,
    ) -> Result<Option<Session>> {
        let view = View::of(context).await?;
        let id: SessionId = id::parse(&id)?;
        let session = view.loaders().sessions().load(id).await?;
        Ok(session.map(|session| Session::new(session, view)))
    }

    /// The sessions of a project.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the project.")] project_id: ID,
        #[graphql(desc = "Which sessions to show. All of them if left out.")] filter: Option<SessionFilter>,
        #[graphql(desc = "The order of the list. The newest message first if left out.")] order_by: Option<
            SessionOrder,
        >,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Session>> {
        let view = View::of(context).await?;
        let project_id = id::parse(&project_id)?;
        let page = PageArguments { first, after, last, before };
        session_page(context, view, project_id, filter, order_by, page).await
    }
}
