//! Changing a ticket.

use domain::team::LINES;
use domain::ticket::{TicketCause, TicketText, TicketTextRefusal};
use domain::{AgentId, ApiScope, Priority, Project, TeamId, Ticket, TicketId, TicketKind, TicketStatus};
use store::Tx;

use super::TicketRefusal;
use super::beside::{join_present, lock_present};
use super::change::TicketChange;
use crate::agent::member;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// What is to change of a ticket; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct TicketUpdate {
    /// What kind of work it is.
    pub kind: Option<TicketKind>,
    /// The line that works on it.
    pub line: Option<i32>,
    /// How pressing it is.
    pub priority: Option<Priority>,
    /// Where it stands.
    pub status: Option<TicketStatus>,
    /// The team that owns it; within, nothing for none.
    pub team_id: Option<Option<TeamId>>,
    /// The agent who works on it; within, nothing for nobody.
    pub assignee_id: Option<Option<AgentId>>,
    /// What is to be done.
    pub description: Option<String>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why something about a ticket cannot be so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketFieldsRefusal {
    /// The description cannot be taken.
    #[error(transparent)]
    Description(TicketTextRefusal),
    /// No line of support.
    #[error("there is no such line: it is 1, 2 or 3")]
    NoSuchLine,
    /// The team is unknown or is another project's.
    #[error("there is no such team in this project: choose one of its teams")]
    NoSuchTeam,
    /// The agent is unknown, not active, or has no role in the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    NoSuchAgent,
}

/// Why a ticket was not updated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketUpdateRefusal {
    /// As for every change of a ticket.
    #[error(transparent)]
    Ticket(#[from] TicketRefusal),
    /// Something about it cannot be so.
    #[error(transparent)]
    Fields(#[from] TicketFieldsRefusal),
    /// It would be resolved without a word about it.
    #[error("say what was done: resolve it with `ticketResolve`")]
    ResolutionRequired,
    /// It is resolved.
    #[error("the ticket is resolved: give it another status to go on with it")]
    Resolved,
}

impl<E: Into<TicketUpdateRefusal>> From<E> for Rejected<TicketUpdateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes a ticket. For those who work on it. One that is resolved goes on with another status.
    pub async fn ticket_update(
        &self,
        actor: &Actor,
        id: TicketId,
        update: &TicketUpdate,
    ) -> Result<Ticket, Rejected<TicketUpdateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_ticket_update(actor, id, update)).await
    }

    async fn try_ticket_update(
        &self,
        actor: &Actor,
        id: TicketId,
        update: &TicketUpdate,
    ) -> Result<Ticket, Rejected<TicketUpdateRefusal>> {
        let mut tx = self.store.begin().await?;
        let is_given = matches!(update.assignee_id, Some(Some(_)));
        if is_given {
            lock_present(&mut tx, id).await?;
        }
        let change = self.change_own_ticket(tx, actor, id, update.expected_version).await;
        let mut change = change.map_err(Rejected::widened)?;
        let was_open = change.ticket.is_open();
        match update.status {
            Some(TicketStatus::Resolved) if was_open => return Err(TicketUpdateRefusal::ResolutionRequired.into()),
            None | Some(TicketStatus::Resolved) if !was_open => return Err(TicketUpdateRefusal::Resolved.into()),
            Some(status) => change.ticket.stand(status),
            None => {}
        }
        if let Some(description) = &update.description {
            let description = TicketText::parse(description).map_err(TicketFieldsRefusal::Description)?;
            change.ticket.description = description.into_string();
        }
        if let Some(line) = update.line {
            if !LINES.contains(&line) {
                return Err(TicketFieldsRefusal::NoSuchLine.into());
            }
            change.ticket.line = line;
        }
        // What it has already may be gone by now.
        if let Some(team) = update.team_id.filter(|team| *team != change.ticket.team_id) {
            if let Some(team) = team {
                check_team(&mut change.tx, &change.project, team).await??;
            }
            change.ticket.team_id = team;
        }
        if let Some(assignee) = update.assignee_id.filter(|assignee| *assignee != change.ticket.assignee_id) {
            if let Some(assignee) = assignee {
                check_assignee(&mut change.tx, &change.project, assignee).await??;
            }
            change.ticket.assignee_id = assignee;
        }
        change.ticket.kind = update.kind.unwrap_or(change.ticket.kind);
        change.ticket.priority = update.priority.unwrap_or(change.ticket.priority);
        if !change.is_changed() {
            return Ok(change.ticket);
        }
        let is_escalated = change.ticket.is_open() && change.ticket.escalated_at.is_some();
        if is_given && is_escalated && !change.session.is_open() {
            let TicketChange { tx, project, ticket, wall, .. } = &mut change;
            join_present(tx, project, ticket.customer_id, ticket.assignee_id, *wall).await?;
        }
        let cause = if was_open { TicketCause::Updated } else { TicketCause::Reopened };
        Ok(self.finish_ticket(change, cause, "ticketUpdate").await?)
    }
}

/// Refuses a team that is not of the project.
pub(super) async fn check_team(
    tx: &mut Tx,
    project: &Project,
    team: TeamId,
) -> Result<Result<(), TicketFieldsRefusal>, Error> {
    let found = tx.teams(&[team.0]).await?.pop();
    let is_there = found.is_some_and(|team| team.project_id == project.id);
    Ok(if is_there { Ok(()) } else { Err(TicketFieldsRefusal::NoSuchTeam) })
}

/// Refuses an agent who does not work in the project.
pub(super) async fn check_assignee(
    tx: &mut Tx,
    project: &Project,
    agent: AgentId,
) -> Result<Result<(), TicketFieldsRefusal>, Error> {
    let is_there = member(tx, project, agent).await?.is_some();
    Ok(if is_there { Ok(()) } else { Err(TicketFieldsRefusal::NoSuchAgent) })
}
