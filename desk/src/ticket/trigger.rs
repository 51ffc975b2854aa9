//! Escalations that the rules of a project bring about.

use domain::escalation::{EscalationReason, EscalationTarget, check_level, reached};
use domain::trigger::Level;
use domain::{AgentId, Project, Session, Time, TriggerFiringId, TriggerId};
use store::Tx;

use super::EscalationSubject;
use super::carry::{Order, carry_out, details, object};
use super::draft::draft_of;
use super::escalate::lock_ticket_of;
use super::target;
use crate::Error;
use crate::audit::Audited;

/// What stands in the place of a description where the customer gave few stars and no trigger says more.
const BY_RATING: &str = "The customer rated the support with few stars.";

/// What makes the desk escalate by itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Occasion {
    /// A trigger, and the time that it fired.
    Trigger(TriggerId, TriggerFiringId),
    /// The customer gave few stars, whatever the triggers say.
    LowRating,
}

impl Occasion {
    fn fired(self) -> Option<(TriggerId, TriggerFiringId)> {
        match self {
            Self::Trigger(trigger, firing) => Some((trigger, firing)),
            Self::LowRating => None,
        }
    }

    /// Why it is escalated, and what stands in the place of a description.
    async fn words(self, tx: &mut Tx) -> Result<(EscalationReason, String), Error> {
        let Self::Trigger(id, _) = self else { return Ok((EscalationReason::LowRating, BY_RATING.to_owned())) };
        let trigger = tx.triggers(&[id.0]).await?.pop().ok_or(Error::NotFound("trigger"))?;
        Ok((trigger.escalation_reason(), format!("The trigger “{}” escalated it.", trigger.name)))
    }
}

/// How high a session needs no escalation any more, since its ticket that is not resolved is there.
pub(crate) async fn reached_level(tx: &mut Tx, session: &Session) -> Result<Option<Level>, store::Error> {
    let ticket = lock_ticket_of(tx, session.id, EscalationSubject::Session(session.id)).await?;
    Ok(ticket.as_ref().and_then(reached))
}

/// Where the desk escalates a session by itself; nothing if nobody can get it.
pub(crate) async fn aim(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    level: Level,
    wall: Time,
) -> Result<Option<EscalationTarget>, store::Error> {
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

/// How a session goes on whose customer is not satisfied, where the project names nobody for them: to this level at least, but
/// not again to a line that has had it, and to an administrator where there is nobody on the lines below. Nothing if somebody
/// has it for a rating already, or if nobody can get it.
pub(crate) async fn aim_again(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    level: Level,
    wall: Time,
) -> Result<Option<(Level, EscalationTarget)>, store::Error> {
    let tickets = tx.tickets_of_sessions(&[session.id.0]).await?;
    let open: Vec<i64> = tickets.iter().filter(|ticket| ticket.is_open()).map(|ticket| ticket.id.0).collect();
    let escalations = tx.escalations_of_tickets(&open).await?;
    if escalations.iter().any(|escalation| escalation.reason == EscalationReason::LowRating) {
        return Ok(None);
    }
    let had = tickets.iter().filter_map(reached).max();
    let has = tickets.iter().filter(|ticket| ticket.is_open()).filter_map(reached).max();
    let above = Level::ALL.iter().copied().filter(|one| *one >= level && had < Some(*one));
    for one in above.chain((has < Some(Level::Third)).then_some(Level::Third)) {
        if let Ok(target) = target::find(tx, project, one, None, session.assignee_id, wall).await? {
            return Ok(Some((one, target)));
        }
    }
    Ok(None)
}

/// Escalates a session that is locked, with what the desk knows, and writes it. If it is closed, it goes on, unless its customer
/// has begun another one since, which is locked before it.
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
    let (reason, description) = occasion.words(tx).await?;
    let order = Order {
        level,
        target,
        reason,
        description,
        quick: false,
        packet: draft.packet,
        priority: None,
        fired: occasion.fired(),
        takes_up: None,
        by: None,
        sight: None,
    };
    let (ticket, escalation) = carry_out(tx, project, &customer, session, ticket, order, wall).await?;
    let audited = Audited::by_desk(project, domain::event::Cause::Escalation.name(), object(&escalation), wall);
    Ok(audited.with(&details(&ticket, &escalation)).write(tx).await?)
}
