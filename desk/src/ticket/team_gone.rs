//! Tickets whose team is deleted.

use domain::event::Cause;
use domain::ticket::TicketCause;
use domain::{Project, TeamId, Time};
use store::Tx;

use super::change::{Step, record};

/// Has the tickets of a team that are not resolved be nobody's: whoever looks after the project gives them to others. The
/// sessions that are to be locked with them are locked.
pub(crate) async fn leave_team(tx: &mut Tx, project: &Project, team: TeamId, wall: Time) -> Result<(), store::Error> {
    for id in tx.open_tickets_of_team(team).await?.into_iter().rev() {
        let Some(mut ticket) = tx.lock_ticket(id).await? else { continue };
        let before = ticket.clone();
        ticket.team_id = None;
        let step = Step { cause: Cause::Ticket, entry: TicketCause::TeamDeleted, by: None };
        record(tx, project, &before, &mut ticket, step, wall).await?;
    }
    Ok(())
}
