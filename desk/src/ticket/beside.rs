//! Tickets of sessions that are over while their customer goes on in another one.

use std::collections::BTreeSet;

use domain::event::Cause;
use domain::{AgentId, CustomerId, Project, Session, TeamId, Ticket, TicketId, Time};
use store::{Queries, Tx};

use crate::session::touch_by_desk;

/// The session in which a customer goes on, if they do, who is promised an answer about an earlier one that stays closed: it is
/// the only one in which that can be given. Whoever has the ticket of the earlier one reads along there from now on; as long
/// as nobody of its team has it, nobody knows who will answer. It was locked before the earlier one.
pub(super) async fn join_present(
    tx: &mut Tx,
    project: &Project,
    customer: CustomerId,
    agent: Option<AgentId>,
    wall: Time,
) -> Result<Option<Session>, store::Error> {
    let Some(mut present) = tx.lock_open_sessions(&[customer]).await?.pop() else { return Ok(None) };
    if let Some(agent) = agent
        && present.assignee_id != Some(agent)
        && !present.people.has_joined(agent)
    {
        present.people.join(agent);
        touch_by_desk(tx, project, &mut present, Cause::Join, wall).await?;
    }
    Ok(Some(present))
}

/// Locks the session in which the customer of a ticket goes on, if they do, and their newest one before it.
pub(super) async fn lock_present(tx: &mut Tx, ticket: TicketId) -> Result<(), store::Error> {
    if let Some(known) = tx.tickets(&[ticket.0]).await?.pop() {
        tx.lock_newest_session(known.customer_id).await?;
        tx.lock_open_sessions(&[known.customer_id]).await?;
    }
    Ok(())
}

/// Whether an agent is to answer in a session by a ticket of its customer. Something is promised about each that is not
/// resolved, by which they are found.
pub(crate) async fn is_to_answer(
    queries: &mut Queries,
    agent: AgentId,
    session: &Session,
) -> Result<bool, store::Error> {
    let promised = queries.open_sla_clocks_of_customers(&[session.customer_id.0]).await?;
    let ids: BTreeSet<i64> = promised.iter().filter_map(|clock| Some(clock.ticket_id?.0)).collect();
    if ids.is_empty() {
        return Ok(false);
    }
    let tickets = queries.tickets(&Vec::from_iter(ids)).await?;
    let teams = queries.teams_of_agents(&[agent.0]).await?;
    let teams: Vec<TeamId> = teams.into_iter().map(|(_, team)| team).collect();
    Ok(Ticket::has_answer(&tickets, session.id, agent, &teams))
}
