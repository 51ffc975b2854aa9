//! Escalations that the rules of a project bring about.

use domain::escalation::{EscalationReason, EscalationTarget, check_level};
use domain::trigger::{Cause, Level};
use domain::{AgentId, Project, Session, Ticket, Time, TriggerFiringId, TriggerId};
use store::Tx;

use super::EscalationSubject;
use super::carry::{Order, carry_out, details, object};
use super::draft::draft_of;
use super::escalate::lock_ticket_of;
use super::target;
use crate::Error;
use crate::audit::Audited;

/// What stands in the place of a description where nobody wrote one.
const BY_TRIGGER: &str = "A trigger of the project escalated it.";
/// The same where the customer gave few stars.
const BY_RATING: &str = "The customer rated the support with few stars.";

/// What makes the desk escalate by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion {
    reason: EscalationReason,
    /// The trigger, and the time that it fired; nothing if the settings of ratings bring it about.
    fired: Option<(TriggerId, TriggerFiringId)>,
}

impl Occasion {
    /// A trigger fired for this cause.
    pub(crate) fn of(cause: &Cause, fired: (TriggerId, TriggerFiringId)) -> Self {
        let reason = match cause {
            Cause::Words(_) => EscalationReason::IntenseEmotion,
            Cause::InARow { .. } => EscalationReason::CustomerRequest,
            Cause::Unresolved { .. } => EscalationReason::Unresolved,
            Cause::LowRating { .. } => EscalationReason::LowRating,
        };
        Self { reason, fired: Some(fired) }
    }

    /// The customer gave few stars, whatever the triggers say.
    pub(crate) const LOW_RATING: Self = Self { reason: EscalationReason::LowRating, fired: None };

    fn description(self) -> &'static str {
        if self.reason == EscalationReason::LowRating { BY_RATING } else { BY_TRIGGER }
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
    let is_there = |ticket: &Ticket| {
        check_level(ticket, level).is_err() || (ticket.escalated_at.is_some() && ticket.line == level.line())
    };
    if ticket.as_ref().is_some_and(is_there) {
        return Ok(None);
    }
    Ok(target::find(tx, project, level, None, session.assignee_id, wall).await?.ok())
}

/// How a session goes to an agent whom the project names for it: to the second line, or on the third one if it is there
/// already. Nothing if the agent has it so.
pub(crate) async fn aim_at(
    tx: &mut Tx,
    session: &Session,
    agent: AgentId,
) -> Result<Option<(Level, EscalationTarget)>, store::Error> {
    let ticket = lock_ticket_of(tx, session.id, EscalationSubject::Session(session.id)).await?;
    let target = EscalationTarget::Agent(agent);
    if ticket.as_ref().is_some_and(|ticket| target.has(ticket)) {
        return Ok(None);
    }
    let is_higher = ticket.is_some_and(|ticket| check_level(&ticket, Level::Second).is_err());
    Ok(Some((if is_higher { Level::Third } else { Level::Second }, target)))
}

/// Escalates a session that is locked, with what the desk knows, and writes it. It may be closed, if it is the newest one of
/// its customer: then it goes on.
pub(crate) async fn escalate_by_desk(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    (level, target): (Level, EscalationTarget),
    occasion: Occasion,
    wall: Time,
) -> Result<(), Error> {
    let ticket = lock_ticket_of(tx, session.id, EscalationSubject::Session(session.id)).await?;
    let customer = tx.customers(&[session.customer_id.0]).await?.pop().ok_or(Error::NotFound("customer"))?;
    let draft = draft_of(tx, session, &customer).await?;
    let order = Order {
        level,
        target,
        reason: occasion.reason,
        description: occasion.description().to_owned(),
        quick: false,
        packet: draft.packet,
        priority: None,
        fired: occasion.fired,
        by: None,
        sight: None,
    };
    let (ticket, escalation) = carry_out(tx, project, &customer, session, ticket, order, wall).await?;
    let audited = Audited::by_desk(project, domain::event::Cause::Escalation.name(), object(&escalation), wall);
    Ok(audited.with(&details(&ticket, &escalation)).write(tx).await?)
}
