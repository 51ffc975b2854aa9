//! Watching a ticket no longer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::ticket::{TicketRefusal, TicketWatchRefusal as Refusal};

use super::Ticket;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `ticketUnwatch` takes.
#[derive(InputObject)]
pub(crate) struct TicketUnwatchInput {
    /// The global id of the ticket.
    ticket_id: ID,
    /// The global id of the agent who shall watch it no longer. Null or left out: yourself.
    agent_id: Option<ID>,
}

/// What came of `ticketUnwatch`.
#[derive(SimpleObject)]
pub(crate) struct TicketUnwatchPayload {
    /// The ticket as it is now. Null if nothing was done.
    ticket: Option<Ticket>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TicketUnwatchError>,
}

user_error! {
    /// Why `ticketUnwatch` did nothing.
    TicketUnwatchError,
    /// The reasons of `ticketUnwatch` to do nothing.
    TicketUnwatchErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such ticket, or you may not see it.
        TicketNotFound,
        /// You see the ticket and do not work on it, so that you watch it for yourself alone.
        NotOwner,
    }
}

#[derive(Default)]
pub(crate) struct TicketUnwatch;

#[Object]
impl TicketUnwatch {
    /// Has an agent watch a ticket no longer. For yourself if you see it, for others if you work on it.
    async fn ticket_unwatch(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ticket and the agent.")] input: TicketUnwatchInput,
    ) -> Result<TicketUnwatchPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TicketUnwatchPayload { ticket: done.map(|done| Ticket::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: TicketUnwatchInput,
) -> Result<domain::Ticket, Stop<domain::Ticket, TicketUnwatchError>> {
    use TicketUnwatchErrorCode as Code;
    let invalid = |field| move |invalid: id::InvalidId| TicketUnwatchError::new(Code::InvalidId, Some(field), invalid);
    let ticket = id::parse(&input.ticket_id).map_err(invalid("ticketId"))?;
    let agent = input.agent_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("agentId"))?;
    let agent = agent.unwrap_or(view.actor().agent.id);
    let done = view.desk().ticket_unwatch(view.actor(), ticket, agent).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Ticket, TicketUnwatchError> {
    use TicketUnwatchErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Ticket(TicketRefusal::NotFound) => (Code::TicketNotFound, "ticketId"),
        Refusal::Ticket(TicketRefusal::NotOwner) => (Code::NotOwner, "agentId"),
        Refusal::Ticket(TicketRefusal::VersionConflict(_)) | Refusal::NoSuchAgent | Refusal::TooMany => {
            return Stop::unexpected(refusal);
        }
    };
    TicketUnwatchError::new(code, Some(field), refusal).into()
}
