//! What follows a resolution: the customer is asked how satisfied they are, and visited again a day later.

use domain::{AgentId, Project, Session, TeamId, Ticket, TicketKind, Time};
use store::Tx;

use crate::{Error, rating, todo};

/// What was resolved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Resolved<'a> {
    /// The session, or that of the ticket.
    pub(crate) session: &'a Session,
    /// The ticket, if its session goes on.
    pub(crate) ticket: Option<&'a Ticket>,
    /// When it was, on the project's clock.
    pub(crate) at: Time,
    /// Who did it; empty for the desk itself.
    pub(crate) by: Option<AgentId>,
}

impl Resolved<'_> {
    /// Who had it, and the team that it was for.
    pub(crate) fn holders(self) -> (Option<AgentId>, Option<TeamId>) {
        let Self { session, ticket, .. } = self;
        let of_ticket = ticket.map_or((None, None), |ticket| (ticket.assignee_id, ticket.team_id));
        (of_ticket.0.or(session.assignee_id), of_ticket.1.or(session.team_id))
    }
}

/// Plans what follows the resolution of a session, which is locked and resolved just now.
pub(crate) async fn after_session(tx: &mut Tx, project: &Project, session: &Session, wall: Time) -> Result<(), Error> {
    let Some(resolution) = &session.resolution else { return Ok(()) };
    plan(tx, project, Resolved { session, ticket: None, at: resolution.at, by: resolution.by }, wall).await
}

/// Plans what follows the resolution of a ticket by somebody: the same, if it was escalated or is a complaint and its session
/// goes on. Where the session is resolved, before the ticket or with it, that brings about all that there is. Both are locked.
pub(crate) async fn after_ticket(
    tx: &mut Tx,
    project: &Project,
    (session, ticket): (&Session, &Ticket),
    by: Option<AgentId>,
    wall: Time,
) -> Result<(), Error> {
    let is_raised = ticket.escalated_at.is_some() || ticket.kind != TicketKind::Standard;
    match ticket.resolved_at {
        Some(at) if is_raised && session.resolution.is_none() => {
            plan(tx, project, Resolved { session, ticket: Some(ticket), at, by }, wall).await
        }
        _ => Ok(()),
    }
}

async fn plan(tx: &mut Tx, project: &Project, resolved: Resolved<'_>, wall: Time) -> Result<(), Error> {
    rating::plan(tx, project, resolved, wall).await?;
    todo::plan_return_visit(tx, project, resolved, wall).await
}
