//! Changing a ticket.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::ticket::{TicketFieldsRefusal, TicketRefusal, TicketUpdateRefusal as Refusal};
use domain::ticket::TicketTextRefusal;

use super::{Ticket, TicketStatus, TicketType};
use crate::schema::error::Result;
use crate::schema::id::{self, Identifier, InvalidId};
use crate::schema::session::SessionPriority;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `ticketUpdate` takes.
#[derive(InputObject)]
pub(crate) struct TicketUpdateInput {
    /// The global id of the ticket.
    ticket_id: ID,
    /// What kind of work it is. Null or left out: it stays as it is.
    #[graphql(name = "type")]
    kind: Option<TicketType>,
    /// The line of support that works on it, from 1 to 3. Null or left out: it stays as it is.
    line: Option<i32>,
    /// How pressing it is. Null or left out: it stays as it is.
    priority: Option<SessionPriority>,
    /// Where it stands; with one that is resolved, go on by another status. Resolve it with `ticketResolve`. Null or left
    /// out: it stays as it is.
    status: Option<TicketStatus>,
    /// The global id of the team that owns it. Null: none. Left out: it stays as it is.
    team_id: MaybeUndefined<ID>,
    /// The global id of the agent who works on it. Null: nobody. Left out: it stays as it is.
    assignee_id: MaybeUndefined<ID>,
    /// What is to be done, from 1 to 2000 characters. Null or left out: it stays as it is.
    description: Option<String>,
    /// The version of the ticket that you have seen. If given and the ticket has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `ticketUpdate`.
#[derive(SimpleObject)]
pub(crate) struct TicketUpdatePayload {
    /// The ticket as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    ticket: Option<Ticket>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TicketUpdateError>,
}

user_error! {
    /// Why `ticketUpdate` did nothing.
    TicketUpdateError,
    /// The reasons of `ticketUpdate` to do nothing.
    TicketUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such ticket, or you may not see it.
        TicketNotFound,
        /// You see the ticket and do not work on it.
        NotOwner,
        /// The ticket has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
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
        /// It is resolved with `ticketResolve`, which asks for what was done.
        ResolutionRequired,
        /// The ticket is resolved.
        TicketResolved,
    }
}

#[derive(Default)]
pub(crate) struct TicketUpdate;

#[Object]
impl TicketUpdate {
    /// Changes a ticket. For its agent, its team, whoever answers in its session, and supervisors.
    async fn ticket_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The ticket and what is to change.")] input: TicketUpdateInput,
    ) -> Result<TicketUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TicketUpdatePayload { ticket: done.map(|done| Ticket::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(view: &View, input: TicketUpdateInput) -> Result<domain::Ticket, Stop<domain::Ticket, TicketUpdateError>> {
    use TicketUpdateErrorCode as Code;
    let invalid = |field| move |invalid: InvalidId| TicketUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.ticket_id).map_err(invalid("ticketId"))?;
    let update = desk::ticket::TicketUpdate {
        kind: input.kind.map(Into::into),
        line: input.line,
        priority: input.priority.map(Into::into),
        status: input.status.map(Into::into),
        team_id: changed(&input.team_id).map_err(invalid("teamId"))?,
        assignee_id: changed(&input.assignee_id).map_err(invalid("assigneeId"))?,
        description: input.description,
        expected_version: input.expected_version,
    };
    let updated = view.desk().ticket_update(view.actor(), id, &update).await;
    updated.map_err(|rejected| Stop::of(rejected, explain))
}

/// What an id is changed to, if it is; within, nothing for none.
fn changed<I: Identifier>(id: &MaybeUndefined<ID>) -> std::result::Result<Option<Option<I>>, InvalidId> {
    match id {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(id) => Ok(Some(Some(id::parse(id)?))),
    }
}

fn explain(refusal: Refusal) -> Stop<domain::Ticket, TicketUpdateError> {
    use TicketUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Ticket(TicketRefusal::NotFound) => (Code::TicketNotFound, "ticketId"),
        Refusal::Ticket(TicketRefusal::NotOwner) => (Code::NotOwner, "ticketId"),
        Refusal::Ticket(TicketRefusal::VersionConflict(_)) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Fields(TicketFieldsRefusal::Description(TicketTextRefusal::Required)) => {
            (Code::DescriptionRequired, "description")
        }
        Refusal::Fields(TicketFieldsRefusal::Description(TicketTextRefusal::TooLong)) => {
            (Code::DescriptionTooLong, "description")
        }
        Refusal::Fields(TicketFieldsRefusal::NoSuchLine) => (Code::NoSuchLine, "line"),
        Refusal::Fields(TicketFieldsRefusal::NoSuchTeam) => (Code::NoSuchTeam, "teamId"),
        Refusal::Fields(TicketFieldsRefusal::NoSuchAgent) => (Code::NoSuchAgent, "assigneeId"),
        Refusal::ResolutionRequired => (Code::ResolutionRequired, "status"),
        Refusal::Resolved => (Code::TicketResolved, "ticketId"),
    };
    let error = TicketUpdateError::new(code, Some(field), &refusal);
    let current = match refusal {
        Refusal::Ticket(TicketRefusal::VersionConflict(ticket)) => Some(*ticket),
        _ => None,
    };
    Stop::Refused { error, current }
}
