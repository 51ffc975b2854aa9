//! Telling customers of their tickets.

use domain::escalation::EscalationTarget;
use domain::ticket::{Recipient, escalation_notice};
use domain::{Customer, Project, Session, Ticket, Time};
use store::Tx;

use super::outlook::outlook;
use crate::Error;
use crate::message::automatic;

/// Tells a customer that their issue was escalated. The caller writes the session.
pub(super) async fn tell_of_escalation(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &mut Session,
    (ticket, target): (&Ticket, EscalationTarget),
    wall: Time,
) -> Result<(), Error> {
    let team = match target {
        EscalationTarget::Team(team) => tx.teams(&[team.0]).await?.pop(),
        EscalationTarget::Administrator { .. } | EscalationTarget::Agent(_) => None,
    };
    let recipient = match (target, &team) {
        (EscalationTarget::Administrator { .. }, _) => Recipient::Administrators,
        (EscalationTarget::Team(_), Some(team)) => Recipient::Team(&team.name),
        (EscalationTarget::Team(_), None) | (EscalationTarget::Agent(_), _) => Recipient::Agent,
    };
    let outlook = outlook(tx, project, customer, ticket, wall).await?;
    let language = customer.language_code.as_deref();
    let text = escalation_notice(language, recipient, ticket.number, &outlook, project.time(wall));
    say(tx, project, session, ticket, &text, wall).await
}

/// Writes to the customer about a ticket, so that what is replied to it is known to be about that. The caller writes the
/// session.
pub(super) async fn say(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    ticket: &Ticket,
    text: &str,
    wall: Time,
) -> Result<(), Error> {
    let message = automatic::write(tx, project, session, text, wall).await?;
    tx.link_ticket_message(ticket.id, message.id, true).await?;
    Ok(())
}
