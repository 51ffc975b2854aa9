//! The type `Todo`.

use std::sync::Arc;

use async_graphql::{Enum, Object};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::project::Project;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::schema::team::Team;
use crate::view::View;

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::todo::TodoKind")]
pub(crate) enum TodoKind {
    /// To ask the customer whether all is well, a day or two after it was resolved.
    ReturnVisit,
    /// What somebody has promised the customer.
    Promise,
    /// What hangs on a third party.
    ThirdParty,
}

/// What became of a to-do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::todo::TodoState")]
pub(crate) enum TodoState {
    /// It is to be done.
    Open,
    /// It is done.
    Done,
    /// It is not to be done any more: the session has gone on before its return visit, or the customer was erased.
    Cancelled,
}

pub(crate) struct Todo {
    row: Arc<domain::Todo>,
    view: View,
}

impl Todo {
    pub(crate) fn new(row: Arc<domain::Todo>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }

    async fn agent_with(&self, id: Option<domain::AgentId>) -> Result<Option<Agent>> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }
}

/// Something that is owed to a customer. Whoever sees to it sees it, and those for whom its session goes on.
#[Object]
impl Todo {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// What is owed.
    fn kind(&self) -> TodoKind {
        self.row.kind.into()
    }

    /// What there is to say about it. Empty for nothing.
    fn text(&self) -> &str {
        &self.row.text
    }

    /// From when on it can be done, on the project's clock. Null for any time.
    fn due_from(&self) -> Option<DateTime> {
        self.row.due_from.map(DateTime::from)
    }

    /// Until when it is to be done, on the project's clock.
    fn due_at(&self) -> DateTime {
        self.row.due_at.into()
    }

    /// The agent who sees to it. Null if a team does, or whoever sees the session.
    async fn agent(&self) -> Result<Option<Agent>> {
        self.agent_with(self.row.agent_id).await
    }

    /// The team that sees to it. Null if an agent does, or whoever sees the session.
    async fn team(&self) -> Result<Option<Team>> {
        let Some(id) = self.row.team_id else { return Ok(None) };
        Ok(self.view.loaders().teams().load(id).await?.map(|team| Team::new(team, &self.view)))
    }

    /// What became of it.
    fn state(&self) -> TodoState {
        self.row.state.into()
    }

    /// When it was done or given up, on the project's clock. Null while it is open.
    fn settled_at(&self) -> Option<DateTime> {
        self.row.settled_at.map(DateTime::from)
    }

    /// Who did it. Null while it is open, and for what the desk gave up by itself.
    async fn settled_by(&self) -> Result<Option<Agent>> {
        self.agent_with(self.row.settled_by).await
    }

    /// When whoever sees to it was last reminded, on the project's clock: once it can be done, and once more when the time for it
    /// ends. Null until then.
    fn reminded_at(&self) -> Option<DateTime> {
        self.row.reminded_at.map(DateTime::from)
    }

    /// Who noted it. Null for the desk itself.
    async fn created_by(&self) -> Result<Option<Agent>> {
        self.agent_with(self.row.created_by).await
    }

    /// The session in which it came up. Null if you may not see it.
    async fn session(&self) -> Result<Option<Session>> {
        let session = self.view.loaders().sessions().load(self.row.session_id).await?;
        Ok(session.map(|session| Session::new(session, &self.view)))
    }

    /// The project.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }

    /// Grows with each change. Send it as `expectedVersion` to change only what you have seen.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was noted, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it last changed, on the project's clock.
    fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}
