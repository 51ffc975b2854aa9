//! Linking messages to a ticket.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::ticket::{TicketLinkRefusal as Refusal, TicketRefusal};
use domain::MessageId;

use super::Ticket;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `ticketMessagesLink` takes.
#[derive(InputObject)]
pub(crate) struct TicketMessagesLinkInput {
    /// The global id of the ticket.
    ticket_id: ID,
    /// The global ids of messages of its session.
    message_ids: Vec<ID>,
}

/// What came of `ticketMessagesLink`.
#[derive(SimpleObject)]
pub(crate) struct TicketMessagesLinkPayload {
    /// The ticket as it is now. Null if nothing was done.
    ticket: Option<Ticket>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TicketMessagesLinkError>,
}

user_error! {
    /// Why `ticketMessagesLink` did nothing.
    TicketMessagesLinkError,
    /// The reasons of `ticketMessagesLink` to do nothing.
    TicketMessagesLinkErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such ticket, or you may not see it.
        TicketNotFound,
        /// You see the ticket and do not work on it.
        NotOwner,
        /// A message is not one of the ticket's session, or the session does not go on for you.
        NoSuchMessage,
        /// There would be more than 100.
        TooManyMessages,
    }
}

#[derive(Default)]
pub(crate) struct TicketMessagesLink;

#[Object]
impl TicketMessagesLink {
    /// Links messages of its session to a ticket. What is linked already stays so. For its agent, its team, whoever answers
    /// in its session, and supervisors.
    async fn ticket_messages_link(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ticket and the messages.")] input: TicketMessagesLinkInput,
    ) -> Result<TicketMessagesLinkPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TicketMessagesLinkPayload { ticket: done.map(|done| Ticket::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: TicketMessagesLinkInput,
) -> Result<domain::Ticket, Stop<domain::Ticket, TicketMessagesLinkError>> {
    use TicketMessagesLinkErrorCode as Code;
    let invalid =
        |field| move |invalid: id::InvalidId| TicketMessagesLinkError::new(Code::InvalidId, Some(field), invalid);
    let ticket = id::parse(&input.ticket_id).map_err(invalid("ticketId"))?;
    let messages: std::result::Result<Vec<MessageId>, _> = input.message_ids.iter().map(|id| id::parse(id)).collect();
    let messages = messages.map_err(invalid("messageIds"))?;
    let linked = view.desk().ticket_messages_link(view.actor(), ticket, &messages).await;
    linked.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Ticket, TicketMessagesLinkError> {
    use TicketMessagesLinkErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Ticket(TicketRefusal::NotFound) => (Code::TicketNotFound, "ticketId"),
        Refusal::Ticket(TicketRefusal::NotOwner) => (Code::NotOwner, "ticketId"),
        Refusal::Ticket(TicketRefusal::VersionConflict(_)) => return Stop::unexpected(refusal),
        Refusal::NoSuchMessage => (Code::NoSuchMessage, "messageIds"),
        Refusal::TooMany => (Code::TooManyMessages, "messageIds"),
    };
    TicketMessagesLinkError::new(code, Some(field), refusal).into()
}
