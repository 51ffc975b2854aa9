//! The type `Project`.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object};
use domain::ProjectId;

use crate::schema::connection::Connection;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::page::PageArguments;
use crate::schema::scalar::DateTime;
use crate::schema::session::{Session, SessionFilter, SessionOrder, session_page};
use crate::view::View;

/// What an agent may do in one project. Each role includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub(crate) enum ProjectRole {
    /// Answers customers.
    Agent,
    /// Sees every session and manages the work of the agents.
    Supervisor,
    /// Manages the project itself.
    Admin,
}

pub(crate) struct Project {
    row: Arc<domain::Project>,
    view: View,
}

impl Project {
    pub(crate) fn new(row: Arc<domain::Project>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }

    /// A project that is known to be there.
    pub(crate) async fn load(id: ProjectId, view: &View) -> Result<Self> {
        let row = view.loaders().projects().load(id).await?.ok_or(desk::Error::NotFound("project"))?;
        Ok(Self::new(row, view))
    }
}

/// One Telegram bot of a workspace, with its own customers, sessions and agents.
#[Object]
impl Project {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The name shown to agents.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// True if the customers are simulated and no Telegram stands behind the project. Only then `sandboxCustomerSend` and
    /// `sandboxClockAdvance` work.
    fn sandbox(&self) -> bool {
        self.row.sandbox
    }

    /// The user name of the bot without `@`. Null until Telegram has told it, and in a sandbox.
    fn bot_username(&self) -> Option<&str> {
        self.row.bot_username.as_deref()
    }

    /// Your role in the project.
    fn role(&self) -> Result<ProjectRole> {
        let role = self.view.actor().role_in(self.row.id, self.row.workspace_id);
        Ok(role.ok_or(desk::Error::Forbidden)?.into())
    }

    /// Where the event log ends now. Ask for it together with lists of this project, and pass it to `sessionEvents` as
    /// `after`: the subscription then tells of everything that the lists do not show yet.
    async fn event_cursor(&self) -> Result<String> {
        Ok(self.view.desk().cursor_text(self.view.head().await?))
    }

    /// The time on the project's clock. It is the real time, except in a sandbox whose clock was moved.
    fn now(&self) -> DateTime {
        self.row.time(self.view.desk().now()).into()
    }

    /// Grows with each change of the project.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When the project was added.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// The sessions of the project.
    #[expect(clippy::too_many_arguments, reason = "each argument of a field is one of its resolver")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which sessions to show. All of them if left out.")] filter: Option<SessionFilter>,
        #[graphql(desc = "The order of the list. The newest message first if left out.")] order_by: Option<
            SessionOrder,
        >,
        #[graphql(desc = "The first so many of the list, from 1 to 100. Give this or `last`.")] first: Option<i32>,
        #[graphql(desc = "Only what comes after this cursor of the list.")] after: Option<String>,
        #[graphql(desc = "The last so many of the list, from 1 to 100. Give this or `first`.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor of the list.")] before: Option<String>,
    ) -> Result<Connection<Session>> {
        let page = PageArguments { first, after, last, before };
        session_page(context, &self.view, self.row.id, filter, order_by, page).await
    }
}
