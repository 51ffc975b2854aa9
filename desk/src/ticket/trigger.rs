//! Escalations that the rules of a project bring about.

use domain::escalation::{EscalationReason, EscalationTarget, check_level};
use domain::trigger::{Cause, Level};
use domain::{Project, Session, Time, TriggerFiringId, TriggerId};
use store::Tx;

use super::EscalationSubject;
use super::carry::{Order, carry_out, details, object};
use super::draft::draft_of;
use super::escalate::lock_ticket_of;
use super::target;
use crate::Error;
use crate::audit::Audited;

/// What stands in the place of a description where nobody wrote one.
const DESCRIPTION: &str = "A trigger of the project escalated it.";

/// A trigger that escalates.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fired {
    pub(crate) trigger_id: TriggerId,
    pub(crate) firing_id: TriggerFiringId,
    pub(crate) reason: EscalationReason,
}

impl Fired {
    /// Why a trigger that fired for this cause escalates.
    pub(crate) fn reason_of(cause: &Cause) -> EscalationReason {
        match cause {
            Cause::Words(_) => EscalationReason::IntenseEmotion,
            Cause::InARow { .. } => EscalationReason::CustomerRequest,
            Cause::Unresolved { .. } => EscalationReason::Unresolved,
            Cause::LowRating { .. } => EscalationReason::LowRating,
        }
    }
}

/// Where the desk escalates a session by itself; nothing if nobody can get it, or if it is as high already.
pub(crate) async fn aim(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    level: Level,
    wall: Time,
) -> Result<Option<EscalationTarget>, store::Error> {
    let ticket = lock_ticket_of(tx, session.id, EscalationSubject::Session(session.id)).await?;
    let is_there = |ticket: &domain::Ticket| {
        check_level(ticket, level).is_err() || (ticket.escalated_at.is_some() && ticket.line == level.line())
    };
    if ticket.as_ref().is_some_and(is_there) {
        return Ok(None);
    }
    Ok(target::find(tx, project, level, None, session.assignee_id, wall).await?.ok())
}

/// Escalates a session that is locked, with what the desk knows, and writes it. It may be closed, if it is the newest one of
/// its customer: then it goes on.
pub(crate) async fn escalate_by_trigger(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    (level, target): (Level, EscalationTarget),
    fired: Fired,
    wall: Time,
) -> Result<(), Error> {
    let ticket = lock_ticket_of(tx, session.id, EscalationSubject::Session(session.id)).await?;
    let customer = tx.customers(&[session.customer_id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
    let draft = draft_of(tx, session, &customer).await?;
    let order = Order {
        level,
        target,
        reason: fired.reason,
        description: DESCRIPTION.to_owned(),
        quick: false,
        packet: draft.packet,
        priority: None,
        fired: Some((fired.trigger_id, fired.firing_id)),
        by: None,
        sight: None,
    };
    let (ticket, escalation) = carry_out(tx, project, &customer, session, ticket, order, wall).await?;
    let audited = Audited::by_desk(project, domain::event::Cause::Escalation.name(), object(&escalation), wall);
    Ok(audited.with(&details(&ticket, &escalation)).write(tx).await?)
}
