//! Tickets whose agent is gone.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::event::Cause;
use domain::ticket::TicketCause;
use domain::todo::Owner;
use domain::{AgentId, Project, Session, SessionId, Ticket, TicketId, Time};
use store::Tx;

use super::change::{Step, record};

/// Has those of these tickets that are an agent's, and have not gone along with a session of theirs, go back to the team that
/// owns them or, where none does, to whoever has their session by now. Their sessions are locked, and those that are open are
/// given.
pub(crate) async fn leave_agent(
    tx: &mut Tx,
    project: &Project,
    agent: AgentId,
    tickets: &[(TicketId, SessionId)],
    sessions: &[Session],
    wall: Time,
) -> Result<(), store::Error> {
    let newest_first: BTreeSet<Reverse<TicketId>> = tickets.iter().map(|(id, _)| Reverse(*id)).collect();
    for Reverse(id) in newest_first {
        let locked = tx.lock_ticket(id).await?;
        let is_theirs = |ticket: &Ticket| ticket.is_open() && ticket.assignee_id == Some(agent);
        let Some(mut ticket) = locked.filter(is_theirs) else { continue };
        let before = ticket.clone();
        let session = sessions.iter().find(|session| session.id == ticket.session_id && ticket.team_id.is_none());
        let agent_id = session.and_then(|session| session.assignee_id);
        ticket.change_owner(Owner { agent_id, team_id: ticket.team_id });
        let step = Step { cause: Cause::Deactivation, entry: TicketCause::AgentGone, by: None };
        record(tx, project, &before, &mut ticket, step, wall).await?;
    }
    Ok(())
}
