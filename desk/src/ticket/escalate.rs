//! Escalating: a session with its ticket goes to another line, with all that is known.

use domain::escalation::{EscalationReason, Packet, PacketInput, PacketRefusal, TargetRefusal, check_level};
use domain::ticket::{TicketText, TicketTextRefusal};
use domain::trigger::{Level, TriggerFiring};
use domain::{ApiScope, Escalation, Priority, Session, SessionId, TeamId, Ticket, TicketId, TriggerFiringId};
use serde_json::json;
use store::Tx;

use super::carry::{Order, carry_out, details, object};
use super::draft::draft_of;
use super::target::{self, AimRefusal};
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::retry::retried;
use crate::session::{SessionRefusal, check_reopening};
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// What is escalated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EscalationSubject {
    /// A session, with its newest ticket that is not resolved or with a new one.
    Session(SessionId),
    /// A ticket, with its session.
    Ticket(TicketId),
}

/// An escalation as it is asked for.
#[derive(Debug, Clone)]
pub struct NewEscalation {
    /// What is escalated.
    pub subject: EscalationSubject,
    /// How high.
    pub level: Level,
    /// The team that gets it; the first one of the line if left out.
    pub team_id: Option<TeamId>,
    /// Why.
    pub reason: EscalationReason,
    /// What whoever gets it needs to know.
    pub description: String,
    /// What goes along; what is left out the desk fills in as far as it knows.
    pub packet: PacketInput,
    /// How pressing the ticket is at least from then on.
    pub priority: Option<Priority>,
    /// The suggestion of a trigger that is taken up.
    pub firing_id: Option<TriggerFiringId>,
    /// Whether the form is skipped for an obvious emergency.
    pub quick: bool,
    /// Makes sending the same request again harmless for 24 hours.
    pub idempotency_key: Option<String>,
}

/// Why nothing was escalated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketEscalateRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// There is no such ticket, or the actor may not know of it.
    #[error("there is no such ticket")]
    NoSuchTicket,
    /// The session has an agent, and the actor is neither that one nor a supervisor.
    #[error("another agent has this session: ask them or a supervisor to escalate it")]
    TakenByAnother,
    /// It cannot go to that level.
    #[error(transparent)]
    Level(#[from] TargetRefusal),
    /// Nobody can get it.
    #[error(transparent)]
    Aim(#[from] AimRefusal),
    /// It is there already.
    #[error("it was escalated there already: look at the ticket, or choose another team or level")]
    AlreadyThere,
    /// The description cannot be taken.
    #[error(transparent)]
    Description(#[from] TicketTextRefusal),
    /// The packet lacks something.
    #[error(transparent)]
    Packet(#[from] PacketRefusal),
    /// The firing is not one of the session.
    #[error("there is no such firing of a trigger in this session")]
    NoSuchFiring,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<TicketEscalateRefusal>> From<E> for Rejected<TicketEscalateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

use TicketEscalateRefusal as Refusal;

/// The name under which requests are remembered.
pub(super) const OPERATION: &str = "ticketEscalate";

/// What came of it: the ticket, the escalation, and the session as it is for whoever escalated it.
pub type Escalated = (Ticket, Escalation, Session);

impl Desk {
    /// Escalates a session or a ticket. Agents escalate what is theirs or nobody's, supervisors everything. Whoever gets it
    /// sees all of it; for whoever had it the session ends, and they go on seeing it as it was then. A closed session is opened
    /// again by its ticket.
    pub async fn ticket_escalate(&self, actor: &Actor, new: &NewEscalation) -> Result<Escalated, Rejected<Refusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let subject = match new.subject {
            EscalationSubject::Session(session) => json!({ "session": session }),
            EscalationSubject::Ticket(ticket) => json!({ "ticket": ticket }),
        };
        let input = json!({
            "subject": subject, "level": new.level.name(), "team": new.team_id, "reason": new.reason.name(),
            "description": new.description, "packet": new.packet, "priority": new.priority.map(Priority::name),
            "firing": new.firing_id, "quick": new.quick,
        });
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), OPERATION, &input)??;
        match retried(|| self.try_ticket_escalate(actor, new, &request)).await {
            // Its twin may have been faster, and have taken the session away.
            Err(Rejected::Refused(refusal)) => {
                self.escalated_before(actor, &request).await?.ok_or(Rejected::Refused(refusal))
            }
            outcome => outcome,
        }
    }

    async fn try_ticket_escalate(
        &self,
        actor: &Actor,
        new: &NewEscalation,
        request: &Request<'_>,
    ) -> Result<Escalated, Rejected<Refusal>> {
        if let Some(earlier) = self.escalated_before(actor, request).await? {
            return Ok(earlier);
        }
        let session_id = match new.subject {
            EscalationSubject::Session(session) => session,
            EscalationSubject::Ticket(ticket) => {
                let seen = self.visible_tickets(actor, &[ticket]).await?.pop();
                seen.ok_or(Refusal::NoSuchTicket)?.session_id
            }
        };
        let change = match new.subject {
            EscalationSubject::Session(_) => self.change_session(actor, session_id, None).await,
            EscalationSubject::Ticket(_) => self.change_old_session(actor, session_id, None).await,
        };
        let mut change = change.map_err(Rejected::widened)?;
        if !change.session.is_open() {
            // A ticket outlives its session, which goes on with it.
            match new.subject {
                EscalationSubject::Session(_) => return Err(SessionRefusal::AlreadyClosed.into()),
                EscalationSubject::Ticket(_) => check_reopening(&mut change).await??,
            }
        }
        if !change.may_answer_for() {
            return Err(Refusal::TakenByAnother.into());
        }
        let ticket = lock_ticket_of(&mut change.tx, session_id, new.subject).await?;
        if let Some(ticket) = &ticket {
            check_level(ticket, new.level)?;
        }
        let by = actor.agent.id;
        let target =
            target::find(&mut change.tx, &change.project, new.level, new.team_id, Some(by), change.wall).await??;
        if ticket.as_ref().is_some_and(|ticket| target.has(ticket)) && target.holds(&change.session) {
            return Err(Refusal::AlreadyThere.into());
        }
        let description = TicketText::parse(&new.description)?;
        let fired = firing_of(&mut change.tx, session_id, new).await??;
        let customer = change.tx.customers(&[change.session.customer_id.0]).await?.pop();
        let customer = customer.ok_or(Error::NotFound("customer"))?;
        let draft = draft_of(&mut change.tx, &change.session, &customer).await?;
        let packet = Packet::of(&draft, &new.packet);
        let chosen: Vec<i64> = packet.key_message_ids.iter().map(|message| message.0).collect();
        let there = change.tx.messages(&chosen).await?;
        let there: Vec<_> = there.iter().filter(|one| one.session_id == session_id).map(|one| one.id).collect();
        packet.check_bounds(&there)?;
        if !new.quick {
            packet.check_whole(draft.message_count)?;
        }
        let order = Order {
            level: new.level,
            target,
            reason: new.reason,
            description: description.into_string(),
            quick: new.quick,
            packet,
            priority: new.priority,
            fired: fired.as_ref().map(|firing| (firing.trigger_id, firing.id)),
            takes_up: fired.filter(|firing| firing.judgement.is_none()).map(|firing| firing.id),
            by: Some(by),
            sight: actor.sight_in(change.project.id, change.project.workspace_id),
        };
        let (project, wall) = (change.project.clone(), change.wall);
        let carried = carry_out(&mut change.tx, &project, &customer, &mut change.session, ticket, order, wall).await?;
        let (ticket, escalation) = carried;
        request.answer(self, &mut change.tx, escalation.id.0).await?;
        let audited = Audited::in_project(&actor.agent, &project, OPERATION, object(&escalation), wall);
        audited.with(&details(&ticket, &escalation)).write(&mut change.tx).await?;
        self.commit(change.tx).await?;
        Ok((ticket, escalation, change.session))
    }

    /// What an earlier request under the same key did. What it did may have taken the session out of the actor's sight, so
    /// that it is looked for before anything else, and shown as it was then to whoever sees no more of it.
    async fn escalated_before(
        &self,
        actor: &Actor,
        request: &Request<'_>,
    ) -> Result<Option<Escalated>, Rejected<Refusal>> {
        if !request.is_keyed() {
            return Ok(None);
        }
        let mut tx = self.store.begin().await?;
        let Some(earlier) = request.earlier(self, &mut tx).await?? else {
            tx.roll_back().await?;
            return Ok(None);
        };
        let escalation = tx.escalations(&[earlier]).await?.pop().ok_or(Error::NotFound("escalation"))?;
        let ticket = tx.tickets(&[escalation.ticket_id.0]).await?.pop().ok_or(Error::NotFound("ticket"))?;
        let session = tx.session(escalation.session_id).await?.ok_or(Error::NotFound("session"))?;
        let step = tx.ticket_escalated_at(ticket.id, escalation.at).await?.ok_or(Error::NotFound("ticket"))?;
        tx.roll_back().await?;
        self.sight_in(actor, escalation.project_id).await?.ok_or(SessionRefusal::NotFound)?;
        if !self.visible_tickets(actor, &[ticket.id]).await?.is_empty() {
            return Ok(Some((ticket, escalation, session)));
        }
        let ticket = step.escalated(&ticket, &escalation.description);
        let (judgement_note, judged_at) = (String::new(), None);
        let escalation = Escalation { unnecessary: None, judged_by: None, judgement_note, judged_at, ..escalation };
        Ok(Some((ticket, escalation, session)))
    }
}

/// The ticket that is escalated, locked after its session: the one that was named, or the newest one of the session that is
/// not resolved.
pub(super) async fn lock_ticket_of(
    tx: &mut Tx,
    session: SessionId,
    subject: EscalationSubject,
) -> Result<Option<Ticket>, store::Error> {
    let id = match subject {
        EscalationSubject::Ticket(ticket) => Some(ticket),
        EscalationSubject::Session(_) => {
            let of_session = tx.tickets_of_sessions(&[session.0]).await?;
            of_session.iter().rev().find(|ticket| ticket.is_open()).map(|ticket| ticket.id)
        }
    };
    match id {
        Some(id) => tx.lock_ticket(id).await,
        None => Ok(None),
    }
}

/// The suggestion that is taken up: the one that was named, or the newest one of the session that is open and suggests just
/// that.
async fn firing_of(
    tx: &mut Tx,
    session: SessionId,
    new: &NewEscalation,
) -> Result<Result<Option<TriggerFiring>, Refusal>, store::Error> {
    let mut newest_first = tx.trigger_firings_of(&[session.0]).await?.into_iter().rev();
    Ok(match new.firing_id {
        Some(named) => newest_first.find(|firing| firing.id == named).map(Some).ok_or(Refusal::NoSuchFiring),
        None => Ok(newest_first.find(|firing| firing.is_open_suggestion() && firing.suggested == Some(new.level))),
    })
}
