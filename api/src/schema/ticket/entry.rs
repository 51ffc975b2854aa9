//! The history of tickets.

use async_graphql::{Enum, Object};
use domain::{AgentId, TeamId};

use super::{TicketStatus, TicketType};
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::schema::session::SessionPriority;
use crate::schema::team::Team;
use crate::view::View;

/// By what a ticket changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::TicketCause")]
pub(crate) enum TicketChangeCause {
    /// Somebody opened it.
    Opened,
    /// `ticketUpdate`.
    Updated,
    /// It went to another line or team.
    Escalated,
    /// The customer said that it cannot wait.
    Urgent,
    /// The customer wrote, for whom it waited.
    CustomerReplied,
    /// `ticketResolve`, or `sessionResolve` for its session.
    Resolved,
    /// Somebody went on with it after it was resolved.
    Reopened,
    /// `ticketMessagesLink`.
    MessagesLinked,
    /// Its team was deleted.
    TeamDeleted,
    /// Its agent works in the project no longer.
    AgentGone,
    /// Its session came into other hands, and it went along.
    HandedOver,
    /// Everything about its customer was erased.
    Erased,
}

pub(crate) struct TicketEntry {
    row: domain::ticket::TicketEntry,
    view: View,
}

impl TicketEntry {
    pub(super) fn new(row: domain::ticket::TicketEntry, view: &View) -> Self {
        Self { row, view: view.clone() }
    }

    async fn agent(&self, id: Option<AgentId>) -> Result<Option<Agent>> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    async fn owner(&self, id: Option<TeamId>) -> Result<Option<Team>> {
        let Some(id) = id else { return Ok(None) };
        Ok(self.view.loaders().teams().load(id).await?.map(|team| Team::new(team, &self.view)))
    }
}

/// A step in the history of a ticket, with the ticket as it was right after it.
#[Object]
impl TicketEntry {
    /// The version of the ticket right after it.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// By what it changed.
    fn cause(&self) -> TicketChangeCause {
        self.row.cause.into()
    }

    /// Who did it. Null for the customer and for the desk itself, and if they are gone.
    async fn by(&self) -> Result<Option<Agent>> {
        self.agent(self.row.by_agent_id).await
    }

    /// What kind of work it was then.
    #[graphql(name = "type")]
    fn kind(&self) -> TicketType {
        self.row.kind.into()
    }

    /// The line of support that worked on it then.
    fn line(&self) -> i32 {
        self.row.line
    }

    /// How pressing it was then.
    fn priority(&self) -> SessionPriority {
        self.row.priority.into()
    }

    /// Where it stood then.
    fn status(&self) -> TicketStatus {
        self.row.status.into()
    }

    /// The team that owned it then. Null if none did, or if it is gone.
    async fn team(&self) -> Result<Option<Team>> {
        self.owner(self.row.team_id).await
    }

    /// The agent who worked on it then. Null if nobody did.
    async fn assignee(&self) -> Result<Option<Agent>> {
        self.agent(self.row.assignee_id).await
    }

    /// When it was, on the project's clock.
    fn at(&self) -> DateTime {
        self.row.at.into()
    }
}
