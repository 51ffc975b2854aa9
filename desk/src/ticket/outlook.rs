//! What can be told a customer of a ticket.

use domain::ticket::{Continuation, Outlook};
use domain::{Customer, Project, Ticket, Time};
use store::Tx;

use super::service_level::{next_work, promise};
use crate::customer::time_zone_of;

/// What can be promised of a ticket now.
pub(super) async fn outlook(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    ticket: &Ticket,
    wall: Time,
) -> Result<Outlook, store::Error> {
    let promised_at = promise(tx, project, ticket).await?;
    let works_at = match ticket.team_id {
        Some(team) => next_work(tx, project, team, project.time(wall)).await?,
        None => None,
    };
    let continues = match works_at {
        Some(at) => Some(Continuation { at, time_zone: time_zone_of(tx, customer, project, wall).await? }),
        None => None,
    };
    Ok(Outlook { promised_at, continues })
}
