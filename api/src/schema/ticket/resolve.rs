//! Resolving a ticket.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::ticket::{TicketRefusal, TicketResolveRefusal as Refusal};
use domain::ticket::TicketTextRefusal;

use super::Ticket;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `ticketResolve` takes.
#[derive(InputObject)]
pub(crate) struct TicketResolveInput {
    /// The global id of the ticket.
    ticket_id: ID,
    /// What was done, from 1 to 2000 characters.
    resolution: String,
    /// The version of the ticket that you have seen. If given and the ticket has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `ticketResolve`.
#[derive(SimpleObject)]
pub(crate) struct TicketResolvePayload {
    /// The ticket as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    ticket: Option<Ticket>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TicketResolveError>,
}

user_error! {
    /// Why `ticketResolve` did nothing.
    TicketResolveError,
    /// The reasons of `ticketResolve` to do nothing.
    TicketResolveErrorCode {
        /// This is not the id of a ticket.
        InvalidId,
        /// There is no such ticket, or you may not see it.
        TicketNotFound,
        /// You see the ticket and do not work on it.
        NotOwner,
        /// The ticket has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The resolution has no visible character.
        ResolutionRequired,
        /// The resolution has more than 2000 characters.
        ResolutionTooLong,
        /// The ticket is resolved already.
        AlreadyResolved,
    }
}

#[derive(Default)]
pub(crate) struct TicketResolve;

#[Object]
impl TicketResolve {
    /// Resolves a ticket, with what was done. Its session goes on as it is: `sessionResolve` resolves that, with all tickets
    /// that came of it. For its agent, its team, whoever answers in its session, and supervisors.
    async fn ticket_resolve(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ticket and what was done.")] input: TicketResolveInput,
    ) -> Result<TicketResolvePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TicketResolvePayload { ticket: done.map(|done| Ticket::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: TicketResolveInput,
) -> Result<domain::Ticket, Stop<domain::Ticket, TicketResolveError>> {
    let id = id::parse(&input.ticket_id)
        .map_err(|invalid| TicketResolveError::new(TicketResolveErrorCode::InvalidId, Some("ticketId"), invalid))?;
    let resolved = view.desk().ticket_resolve(view.actor(), id, &input.resolution, input.expected_version).await;
    resolved.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Ticket, TicketResolveError> {
    use TicketResolveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Ticket(TicketRefusal::NotFound) => (Code::TicketNotFound, "ticketId"),
        Refusal::Ticket(TicketRefusal::NotOwner) => (Code::NotOwner, "ticketId"),
        Refusal::Ticket(TicketRefusal::VersionConflict(_)) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Resolution(TicketTextRefusal::Required) => (Code::ResolutionRequired, "resolution"),
        Refusal::Resolution(TicketTextRefusal::TooLong) => (Code::ResolutionTooLong, "resolution"),
        Refusal::AlreadyResolved => (Code::AlreadyResolved, "ticketId"),
    };
    let error = TicketResolveError::new(code, Some(field), &refusal);
    let current = match refusal {
        Refusal::Ticket(TicketRefusal::VersionConflict(ticket)) => Some(*ticket),
        _ => None,
    };
    Stop::Refused { error, current }
}
