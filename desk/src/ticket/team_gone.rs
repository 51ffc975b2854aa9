//! Tickets whose team is deleted.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use domain::event::Cause;
use domain::ticket::TicketCause;
use domain::{Project, SessionId, TeamId, TicketId, Time};
use store::Tx;

use super::change::{Step, record};

/// Has those of these tickets that are a team's be nobody's: whoever looks after the project gives them to others. Their
/// sessions are locked.
pub(crate) async fn leave_team(
    tx: &mut Tx,
    project: &Project,
    team: TeamId,
    tickets: &[(TicketId, SessionId)],
    wall: Time,
) -> Result<(), store::Error> {
    let newest_first: BTreeSet<Reverse<TicketId>> = tickets.iter().map(|(id, _)| Reverse(*id)).collect();
    for Reverse(id) in newest_first {
        let locked = tx.lock_ticket(id).await?;
        let Some(mut ticket) = locked.filter(|ticket| ticket.team_id == Some(team)) else { continue };
        let before = ticket.clone();
        ticket.team_id = None;
        let step = Step { cause: Cause::Ticket, entry: TicketCause::TeamDeleted, by: None };
        record(tx, project, &before, &mut ticket, step, wall).await?;
    }
    Ok(())
}
