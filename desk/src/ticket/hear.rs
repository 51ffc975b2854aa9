//! What customers ask about their tickets.

use domain::event::Cause;
use domain::notice::TicketNews;
use domain::ticket::{TicketCause, UrgentRequest, status_answer, unknown_ticket, urgent_answer};
use domain::{Customer, MessageId, Priority, Project, Session, Ticket, TicketId, Time};
use store::Tx;

use super::change::{Step, record};
use super::heard;
use super::outlook::outlook;
use super::tell::say;
use crate::Error;
use crate::message::automatic;
use crate::staff::tell_of_ticket;

/// What a customer asks about a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CustomerRequest {
    /// It cannot wait.
    Urgent(TicketId),
    /// How it stands; nothing for one that they do not have.
    Status(Option<TicketId>),
}

impl CustomerRequest {
    /// Whether it is answered beside the session, which stays as it is: nobody has to look at a question that the desk
    /// answers, and what is over is not opened again by it.
    pub(crate) fn leaves_session(self, session: &Session) -> bool {
        match self {
            Self::Urgent(_) => !session.is_open(),
            Self::Status(_) => true,
        }
    }
}

/// What a message of a customer asks about a ticket, if it asks that: the ticket of the notice that it replies to, the one
/// with the number in it, or that of those that are not resolved of which they were told last. Whoever names a ticket that
/// is resolved means no other one, and writes to people.
pub(crate) async fn request_of(
    tx: &mut Tx,
    customer: &Customer,
    text: &str,
    command: Option<(&str, &str)>,
    reply_to: Option<MessageId>,
) -> Result<Option<CustomerRequest>, store::Error> {
    if let Some((name, argument)) = command {
        if name != "status" {
            return Ok(None);
        }
        let ticket = match UrgentRequest::number_in(argument) {
            Some(number) => tx.ticket_numbered(customer.id, number).await?,
            None if argument.is_empty() => tx.current_ticket(customer.id).await?,
            None => None,
        };
        return Ok(Some(CustomerRequest::Status(ticket.map(|ticket| ticket.id))));
    }
    let Some(urgent) = UrgentRequest::parse(text) else { return Ok(None) };
    let ticket = match urgent.number {
        Some(number) => tx.ticket_numbered(customer.id, number).await?,
        None => match replied_to(tx, customer, reply_to).await? {
            Some(ticket) => Some(ticket),
            None => tx.current_ticket(customer.id).await?,
        },
    };
    Ok(ticket.filter(Ticket::is_open).map(|ticket| CustomerRequest::Urgent(ticket.id)))
}

/// The ticket of the notice that a message replies to.
async fn replied_to(
    tx: &mut Tx,
    customer: &Customer,
    reply_to: Option<MessageId>,
) -> Result<Option<Ticket>, store::Error> {
    let Some(message) = reply_to else { return Ok(None) };
    let Some(id) = tx.ticket_noticed_by(message).await? else { return Ok(None) };
    let ticket = tx.tickets(&[id.0]).await?.pop();
    Ok(ticket.filter(|ticket| ticket.customer_id == customer.id))
}

/// Answers a customer in a session that is locked, which the caller writes.
pub(crate) async fn answer(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &mut Session,
    request: CustomerRequest,
    wall: Time,
) -> Result<(), Error> {
    let language = customer.language_code.as_deref();
    let now = project.time(wall);
    match request {
        CustomerRequest::Status(None) => {
            automatic::write(tx, project, session, &unknown_ticket(language), wall).await?;
        }
        CustomerRequest::Status(Some(id)) => {
            let ticket = tx.tickets(&[id.0]).await?.pop().ok_or(Error::NotFound("ticket"))?;
            let outlook = outlook(tx, project, customer, &ticket, wall).await?;
            say(tx, project, session, &ticket, &status_answer(language, &ticket, &outlook, now), wall).await?;
        }
        CustomerRequest::Urgent(id) => {
            let known = tx.tickets(&[id.0]).await?.pop().ok_or(Error::NotFound("ticket"))?;
            heard::lock(tx, &[&known]).await?;
            let mut ticket = tx.lock_ticket(id).await?.ok_or(Error::NotFound("ticket"))?;
            raise(tx, project, session, &mut ticket, wall).await?;
            let outlook = outlook(tx, project, customer, &ticket, wall).await?;
            // Whoever resolved it a moment ago was faster.
            let answer = if ticket.is_open() {
                urgent_answer(language, ticket.number, &outlook, now)
            } else {
                status_answer(language, &ticket, &outlook, now)
            };
            say(tx, project, session, &ticket, &answer, wall).await?;
        }
    }
    Ok(())
}

/// Raises a ticket, and the session that it came of if that is the one at hand, and tells those who work on it. One that
/// waited for its customer goes on, also where no session hears them.
async fn raise(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    ticket: &mut Ticket,
    wall: Time,
) -> Result<(), Error> {
    let before = ticket.clone();
    let (goes_on, is_raised) = (ticket.hear(), ticket.raise_to_urgent());
    if !goes_on && !is_raised {
        return Ok(());
    }
    let step = Step { cause: Cause::Urgent, entry: TicketCause::Urgent, by: None };
    record(tx, project, &before, ticket, step, wall).await?;
    if !is_raised {
        return Ok(());
    }
    if session.id == ticket.session_id && session.is_open() {
        session.priority = Priority::Urgent;
    }
    Ok(tell_of_ticket(tx, project, ticket, TicketNews::Urgent, None, wall).await?)
}
