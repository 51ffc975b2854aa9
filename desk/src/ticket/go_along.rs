//! Tickets of sessions that go into other hands.

use domain::event::{Cause, NewEvent};
use domain::ticket::TicketCause;
use domain::todo::Owner;
use domain::{Audience, EventKind, Session, TicketId, Time};
use store::Tx;

use super::change::{Step, ticket_event, write};

/// Has the tickets of a session that are its own go along with it to whoever has it now. What was escalated with it is there
/// already, and a session without tickets takes one look. The session is locked, and written with its people: the events of
/// its tickets read from there for whom it goes on. `now` is its project's clock.
pub(crate) async fn go_along(
    tx: &mut Tx,
    session: &Session,
    before: &Audience,
    cause: Cause,
    now: Time,
) -> Result<(), store::Error> {
    let from = Owner { agent_id: before.assignee_id, team_id: before.team_id };
    let to = Owner { agent_id: session.assignee_id, team_id: session.team_id };
    if from == to {
        return Ok(());
    }
    // Of a team that is deleted its tickets are told otherwise.
    let is_team_deleted = match from.team_id {
        Some(team) if to.team_id.is_none() && from.agent_id == to.agent_id => tx.teams(&[team.0]).await?.is_empty(),
        _ => false,
    };
    if is_team_deleted {
        return Ok(());
    }
    let tickets = tx.tickets_of_sessions(&[session.id.0]).await?;
    let moving = tickets.iter().rev().filter(|ticket| ticket.goes_along(from, to).is_some());
    let newest_first: Vec<TicketId> = moving.map(|ticket| ticket.id).collect();
    if newest_first.is_empty() {
        return Ok(());
    }
    let Some(project) = tx.project(session.project_id).await? else { return Ok(()) };
    let wall = project.wall(now);
    let step = Step { cause, entry: entry_of(cause), by: None };
    let mut events = Vec::with_capacity(newest_first.len());
    for id in newest_first {
        let Some(locked) = tx.lock_ticket(id).await? else { continue };
        let Some(owner) = locked.goes_along(from, to) else { continue };
        let mut ticket = locked.clone();
        ticket.change_owner(owner);
        let ticket_audience_before = write(tx, &project, &locked, &mut ticket, step, wall).await?;
        let event = ticket_event(&ticket, EventKind::TicketUpdated, cause, ticket_audience_before);
        events.push(NewEvent { audience_before: Some(before.clone()), ..event });
    }
    tx.append_events(&events, wall).await
}

/// By what the history of a ticket says that it went along.
fn entry_of(cause: Cause) -> TicketCause {
    if cause == Cause::Deactivation { TicketCause::AgentGone } else { TicketCause::HandedOver }
}
