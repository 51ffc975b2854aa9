//! Opening a ticket.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::session::SessionRefusal;
use desk::ticket::{NewTicket, TicketCreateRefusal as Refusal, TicketFieldsRefusal};
use domain::MessageId;
use domain::ticket::TicketTextRefusal;

use super::{Ticket, TicketType};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::SessionPriority;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `ticketCreate` takes.
#[derive(InputObject)]
pub(crate) struct TicketCreateInput {
    /// The global id of the session that it comes of.
    session_id: ID,
    /// What kind of work it is.
    #[graphql(name = "type", default_with = "TicketType::Standard")]
    kind: TicketType,
    /// The line of support that works on it, from 1 to 3.
    #[graphql(default = 1)]
    line: i32,
    /// How pressing it is. Null or left out: as pressing as the session.
    priority: Option<SessionPriority>,
    /// The global id of the team that owns it. Null or left out: none, or that of the session if no agent is named
    /// either.
    team_id: Option<ID>,
    /// The global id of the agent who works on it. Null or left out: nobody, or that of the session if no team is named
    /// either.
    assignee_id: Option<ID>,
    /// What is to be done, from 1 to 2000 characters.
    description: String,
    /// The global ids of messages of the session that belong to it, 100 at most. Null or left out: none.
    message_ids: Option<Vec<ID>>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with
    /// the same input opens no other ticket and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `ticketCreate`.
#[derive(SimpleObject)]
pub(crate) struct TicketCreatePayload {
    /// The new ticket. Null if none was opened.
    ticket: Option<Ticket>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TicketCreateError>,
}

user_error! {
    /// Why `ticketCreate` did nothing.
    TicketCreateError,
    /// The reasons of `ticketCreate` to do nothing.
    TicketCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such session, or it does not go on for you.
        SessionNotFound,
        /// The description has no visible character.
        DescriptionRequired,
        /// The description has more than 2000 characters.
        DescriptionTooLong,
        /// The line is not 1, 2 or 3.
        NoSuchLine,
        /// There is no such team in the project.
        NoSuchTeam,
        /// There is no such agent, or they do not work in the project.
        NoSuchAgent,
        /// A message is not one of the session, or there are more than 100.
        NoSuchMessage,
        /// The session has 100 tickets.
        TooManyTickets,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct TicketCreate;

#[Object]
impl TicketCreate {
    /// Opens a ticket in a session that goes on for you, whoever answers in it.
    async fn ticket_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ticket and where it belongs.")] input: TicketCreateInput,
    ) -> Result<TicketCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TicketCreatePayload { ticket: done.map(|done| Ticket::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(view: &View, input: TicketCreateInput) -> Result<domain::Ticket, Stop<domain::Ticket, TicketCreateError>> {
    use TicketCreateErrorCode as Code;
    let invalid = |field| move |invalid: id::InvalidId| TicketCreateError::new(Code::InvalidId, Some(field), invalid);
    let messages = input.message_ids.unwrap_or_default();
    let messages: std::result::Result<Vec<MessageId>, _> = messages.iter().map(|id| id::parse(id)).collect();
    let new = NewTicket {
        session_id: id::parse(&input.session_id).map_err(invalid("sessionId"))?,
        kind: input.kind.into(),
        line: input.line,
        priority: input.priority.map(Into::into),
        team_id: input.team_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("teamId"))?,
        assignee_id: input.assignee_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("assigneeId"))?,
        description: input.description,
        message_ids: messages.map_err(invalid("messageIds"))?,
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().ticket_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Ticket, TicketCreateError> {
    use TicketCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, "sessionId"),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::Fields(TicketFieldsRefusal::Description(TicketTextRefusal::Required)) => {
            (Code::DescriptionRequired, "description")
        }
        Refusal::Fields(TicketFieldsRefusal::Description(TicketTextRefusal::TooLong)) => {
            (Code::DescriptionTooLong, "description")
        }
        Refusal::Fields(TicketFieldsRefusal::NoSuchLine) => (Code::NoSuchLine, "line"),
        Refusal::Fields(TicketFieldsRefusal::NoSuchTeam) => (Code::NoSuchTeam, "teamId"),
        Refusal::Fields(TicketFieldsRefusal::NoSuchAgent) => (Code::NoSuchAgent, "assigneeId"),
        Refusal::NoSuchMessage => (Code::NoSuchMessage, "messageIds"),
        Refusal::TooMany => (Code::TooManyTickets, "sessionId"),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => (Code::IdempotencyKeyMalformed, "idempotencyKey"),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, "idempotencyKey"),
    };
    TicketCreateError::new(code, Some(field), refusal).into()
}
