//! Watching a ticket.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::ticket::{TicketRefusal, TicketWatchRefusal as Refusal};

use super::Ticket;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `ticketWatch` takes.
#[derive(InputObject)]
pub(crate) struct TicketWatchInput {
    /// The global id of the ticket.
    ticket_id: ID,
    /// The global id of the agent who shall watch it. Null or left out: yourself.
    agent_id: Option<ID>,
}

/// What came of `ticketWatch`.
#[derive(SimpleObject)]
pub(crate) struct TicketWatchPayload {
    /// The ticket as it is now. Null if nothing was done.
    ticket: Option<Ticket>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TicketWatchError>,
}

user_error! {
    /// Why `ticketWatch` did nothing.
    TicketWatchError,
    /// The reasons of `ticketWatch` to do nothing.
    TicketWatchErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such ticket, or you may not see it.
        TicketNotFound,
        /// You see the ticket and do not work on it, so that you watch it for yourself alone.
        NotOwner,
        /// There is no such agent, or they do not work in the project.
        NoSuchAgent,
        /// 50 agents watch it.
        TooManyWatchers,
    }
}

#[derive(Default)]
pub(crate) struct TicketWatch;

#[Object]
impl TicketWatch {
    /// Has an agent watch a ticket. For others if you work on it: they see it from then on and are told of it, whoever has
    /// its session. For yourself if you see it: you watch it for as long as you would see it anyway.
    async fn ticket_watch(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ticket and the agent.")] input: TicketWatchInput,
    ) -> Result<TicketWatchPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TicketWatchPayload { ticket: done.map(|done| Ticket::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(view: &View, input: TicketWatchInput) -> Result<domain::Ticket, Stop<domain::Ticket, TicketWatchError>> {
    use TicketWatchErrorCode as Code;
    let invalid = |field| move |invalid: id::InvalidId| TicketWatchError::new(Code::InvalidId, Some(field), invalid);
    let ticket = id::parse(&input.ticket_id).map_err(invalid("ticketId"))?;
    let agent = input.agent_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("agentId"))?;
    let agent = agent.unwrap_or(view.actor().agent.id);
    let done = view.desk().ticket_watch(view.actor(), ticket, agent).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Ticket, TicketWatchError> {
    use TicketWatchErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Ticket(TicketRefusal::NotFound) => (Code::TicketNotFound, "ticketId"),
        Refusal::Ticket(TicketRefusal::NotOwner) => (Code::NotOwner, "agentId"),
        Refusal::NoSuchAgent => (Code::NoSuchAgent, "agentId"),
        Refusal::TooMany => (Code::TooManyWatchers, "ticketId"),
        Refusal::Ticket(TicketRefusal::VersionConflict(_)) => return Stop::unexpected(refusal),
    };
    TicketWatchError::new(code, Some(field), refusal).into()
}
