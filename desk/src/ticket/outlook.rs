//! What can be told a customer of a ticket.

use domain::ticket::{Continuation, Outlook};
use domain::{Customer, Project, Ticket, Time};
use store::Tx;

use crate::customer::time_zone_of;
use crate::sla;

/// What can be promised of a ticket now.
pub(super) async fn outlook(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    ticket: &Ticket,
    wall: Time,
) -> Result<Outlook, store::Error> {
    let promise = sla::promise(tx, ticket).await?;
    let continues = match sla::next_work(tx, project, project.time(wall)).await? {
        Some(at) => Some(Continuation { at, time_zone: time_zone_of(tx, customer, project, wall).await? }),
        None => None,
    };
    let (promised, promised_at) = promise.map_or_else(Default::default, |(promised, at)| (promised, Some(at)));
    Ok(Outlook { promised_at, promised, continues })
}
