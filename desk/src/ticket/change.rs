//! What every change of a ticket has in common.

use domain::audit::ObjectKind;
use domain::event::{Cause, NewEvent, TicketEvent};
use domain::ticket::{TicketAudience, TicketCause, TicketEntry, Watcher};
use domain::{Agent, AgentId, EventKind, Project, Session, Sight, Ticket, TicketId, Time};
use serde_json::{Value, json};
use store::Tx;
use store::tickets::NewTicket;

use super::TicketRefusal;
use crate::audit::Audited;
use crate::{Actor, Desk, Error, Rejected, sla, todo};

/// A ticket that is being changed in a transaction, on its project's clock. Its session was locked before it.
pub(crate) struct TicketChange {
    pub(super) tx: Tx,
    pub(super) session: Session,
    pub(super) ticket: Ticket,
    /// As it was when it was read.
    before: Ticket,
    /// How far the actor sees.
    sight: Sight,
    /// Who changes it.
    pub(super) agent: Agent,
    pub(super) project: Project,
    pub(super) now: Time,
    /// The same moment on the wall clock.
    pub(super) wall: Time,
}

/// By what a ticket changes, and who does it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) cause: Cause,
    pub(super) entry: TicketCause,
    pub(super) by: Option<AgentId>,
}

impl TicketChange {
    /// Whether the actor may say what becomes of the ticket: they look after all of them, work on it, are in the team that
    /// owns it, or answer in its session.
    pub(super) fn is_theirs(&self) -> bool {
        let Sight::Own { agent_id, team_ids } = &self.sight else { return true };
        let answers = self.session.assignee_id.is_none_or(|assignee| assignee == *agent_id);
        self.ticket.assignee_id == Some(*agent_id)
            || self.ticket.team_id.is_some_and(|team| team_ids.binary_search(&team).is_ok())
            || (answers && self.sees_session())
    }

    /// Whether the session of the ticket goes on for the actor.
    pub(super) fn sees_session(&self) -> bool {
        self.sight.takes_in(&self.session.audience_before)
    }

    /// Whether anything about the ticket is new.
    pub(super) fn is_changed(&self) -> bool {
        self.ticket != self.before
    }
}

impl Desk {
    /// Locks a ticket for a change by an actor who sees it, after its session.
    pub(super) async fn change_ticket(
        &self,
        mut tx: Tx,
        actor: &Actor,
        id: TicketId,
        expected_version: Option<i64>,
    ) -> Result<TicketChange, Rejected<TicketRefusal>> {
        let known = tx.tickets(&[id.0]).await?.pop().ok_or(TicketRefusal::NotFound)?;
        let session = tx.lock_session(known.session_id).await?.ok_or(Error::NotFound("session"))?;
        let ticket = tx.lock_ticket(id).await?.ok_or(TicketRefusal::NotFound)?;
        let project = tx.project(ticket.project_id).await?.ok_or(Error::NotFound("project"))?;
        let sight = actor.sight_in(project.id, project.workspace_id).ok_or(TicketRefusal::NotFound)?;
        if tx.tickets_in_sight(&sight, &[id.0]).await?.is_empty() {
            return Err(TicketRefusal::NotFound.into());
        }
        if expected_version.is_some_and(|expected| expected != ticket.version) {
            return Err(TicketRefusal::VersionConflict(Box::new(ticket)).into());
        }
        let wall = self.now();
        let now = project.time(wall);
        let (before, agent) = (ticket.clone(), actor.agent.clone());
        Ok(TicketChange { tx, session, ticket, before, sight, agent, project, now, wall })
    }

    /// The same for an actor who works on it.
    pub(super) async fn change_own_ticket(
        &self,
        tx: Tx,
        actor: &Actor,
        id: TicketId,
        expected_version: Option<i64>,
    ) -> Result<TicketChange, Rejected<TicketRefusal>> {
        let change = self.change_ticket(tx, actor, id, expected_version).await?;
        if change.is_theirs() { Ok(change) } else { Err(TicketRefusal::NotOwner.into()) }
    }

    /// Writes the changed ticket with its history, its event and its audit entry, and commits.
    pub(super) async fn finish_ticket(
        &self,
        mut change: TicketChange,
        entry: TicketCause,
        action: &'static str,
    ) -> Result<Ticket, Error> {
        let object = (ObjectKind::Ticket, change.ticket.id.0);
        let mut details = whereabouts(&change.ticket);
        details["before"] = whereabouts(&change.before);
        let audited = Audited::in_project(&change.agent, &change.project, action, object, change.wall);
        audited.with(&details).write(&mut change.tx).await?;
        let step = Step { cause: Cause::Ticket, entry, by: Some(change.agent.id) };
        record(&mut change.tx, &change.project, &change.before, &mut change.ticket, step, change.wall).await?;
        self.commit(change.tx).await?;
        Ok(change.ticket)
    }
}

/// Opens a ticket, with its history and its event. Its session is locked.
pub(super) async fn open(
    tx: &mut Tx,
    project: &Project,
    new: NewTicket,
    by: Option<AgentId>,
    wall: Time,
) -> Result<Ticket, store::Error> {
    let ticket = insert(tx, project, new, by).await?;
    let event = ticket_event(&ticket, EventKind::TicketOpened, Cause::Ticket, None);
    tx.append_events(&[event], wall).await?;
    Ok(ticket)
}

/// Adds a ticket with the beginning of its history, from which on its time runs.
pub(super) async fn insert(
    tx: &mut Tx,
    project: &Project,
    new: NewTicket,
    by: Option<AgentId>,
) -> Result<Ticket, store::Error> {
    let number = tx.next_ticket_number(new.project_id).await?;
    let ticket = tx.insert_ticket(&NewTicket { number, ..new }).await?;
    tx.insert_ticket_entry(&TicketEntry::of(&ticket, TicketCause::Opened, by)).await?;
    sla::ticket_opened(tx, project, &ticket).await?;
    Ok(ticket)
}

/// Writes a changed ticket under its next version, with its history and its event.
pub(super) async fn record(
    tx: &mut Tx,
    project: &Project,
    before: &Ticket,
    ticket: &mut Ticket,
    step: Step,
    wall: Time,
) -> Result<(), store::Error> {
    let audience_before = write(tx, project, before, ticket, step, wall).await?;
    let event = ticket_event(ticket, EventKind::TicketUpdated, step.cause, audience_before);
    tx.append_events(&[event], wall).await
}

/// Writes a changed ticket under its next version, with its history and what the change means for its time. Answers those
/// who had to do with it before, if others do now.
pub(super) async fn write(
    tx: &mut Tx,
    project: &Project,
    before: &Ticket,
    ticket: &mut Ticket,
    step: Step,
    wall: Time,
) -> Result<Option<TicketAudience>, store::Error> {
    ticket.version += 1;
    ticket.updated_at = project.time(wall);
    tx.update_ticket(ticket).await?;
    // What goes on is visited when it is done.
    if !before.is_open() && ticket.is_open() {
        todo::cancel_return_visits(tx, project, &[ticket.session_id], wall).await?;
    }
    sla::ticket_changed(tx, project, before, ticket, step.cause).await?;
    tx.insert_ticket_entry(&TicketEntry::of(ticket, step.entry, step.by)).await?;
    if (before.team_id, before.assignee_id) == (ticket.team_id, ticket.assignee_id) {
        return Ok(None);
    }
    Ok(Some(before.audience(&watchers_of(tx, ticket.id).await?)))
}

/// Those who watch a ticket, in ascending order.
pub(super) async fn watchers_of(tx: &mut Tx, ticket: TicketId) -> Result<Vec<Watcher>, store::Error> {
    tx.ticket_watchers(&[ticket.0]).await
}

/// An event about a ticket as it is.
pub(super) fn ticket_event(
    ticket: &Ticket,
    kind: EventKind,
    cause: Cause,
    audience_before: Option<TicketAudience>,
) -> NewEvent {
    NewEvent {
        project_id: ticket.project_id,
        kind,
        session_id: ticket.session_id,
        customer_id: ticket.customer_id,
        message_id: None,
        ticket: Some(TicketEvent { id: ticket.id, audience_before }),
        clock_id: None,
        todo_id: None,
        cause,
        at: ticket.updated_at,
        audience_before: None,
    }
}

/// Where a ticket stands and who has it, for the audit log.
pub(super) fn whereabouts(ticket: &Ticket) -> Value {
    json!({
        "session": ticket.session_id,
        "status": ticket.status.name(),
        "priority": ticket.priority.name(),
        "line": ticket.line,
        "team": ticket.team_id,
        "assignee": ticket.assignee_id,
    })
}
