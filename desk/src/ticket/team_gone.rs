//! Tickets whose team is deleted.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::event::Cause;
use domain::ticket::TicketCause;
use domain::todo::Owner;
use domain::{Project, Session, SessionId, TeamId, TicketId, Time};
use store::Tx;

use super::change::{Step, record};

/// Has those of these tickets that are a team's leave it. What nobody works on is from then on of whoever has its session, which
/// is locked; whoever looks after the project gives to others what is nobody's by that.
pub(crate) async fn leave_team(
    tx: &mut Tx,
    project: &Project,
    team: TeamId,
    tickets: &[(TicketId, SessionId)],
    sessions: &[Session],
    wall: Time,
) -> Result<(), store::Error> {
    let newest_first: BTreeSet<Reverse<TicketId>> = tickets.iter().map(|(id, _)| Reverse(*id)).collect();
    for Reverse(id) in newest_first {
        let locked = tx.lock_ticket(id).await?;
        let Some(mut ticket) = locked.filter(|ticket| ticket.team_id == Some(team)) else { continue };
        let before = ticket.clone();
        let session = sessions.iter().find(|session| session.id == ticket.session_id);
        let agent_id = ticket.assignee_id.or(session.and_then(|session| session.assignee_id));
        ticket.change_owner(Owner { agent_id, team_id: None });
        let step = Step { cause: Cause::Ticket, entry: TicketCause::TeamDeleted, by: None };
        record(tx, project, &before, &mut ticket, step, wall).await?;
    }
    Ok(())
}
