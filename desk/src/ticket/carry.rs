//! Carrying an escalation out.

use domain::audit::ObjectKind;
use domain::escalation::{EscalationReason, EscalationTarget, Packet, priority_after};
use domain::event::{Cause, NewEvent};
use domain::notice::TicketNews;
use domain::session::{Standing, Target, TransferKind};
use domain::ticket::{TicketAudience, TicketCause};
use domain::trigger::{Judgement, Level};
use domain::{
    AgentId, Customer, Escalation, EventKind, Priority, Project, Session, Sight, TeamId, Ticket, TicketKind,
    TicketStatus, Time, TriggerFiringId, TriggerId,
};
use serde_json::{Value, json};
use store::Tx;
use store::tickets::{NewEscalation, NewTicket};
use store::transfers::NewTransfer;

use super::beside::join_present;
use super::change::{Step, insert, ticket_event, whereabouts, write};
use super::tell::tell_of_escalation;
use crate::routing::put_back;
use crate::session::{forget_the_gone, touch};
use crate::staff::tell_of_ticket;
use crate::{Error, todo, trigger};

/// An escalation that is decided.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) level: Level,
    pub(super) target: EscalationTarget,
    pub(super) reason: EscalationReason,
    pub(super) description: String,
    pub(super) quick: bool,
    pub(super) packet: Packet,
    /// How pressing the ticket is at least from then on.
    pub(super) priority: Option<Priority>,
    /// The trigger that made it happen or suggested it, and the time that it fired.
    pub(super) fired: Option<(TriggerId, TriggerFiringId)>,
    /// The suggestion that whoever escalates takes up.
    pub(super) takes_up: Option<TriggerFiringId>,
    /// Who escalates; nobody for the desk itself.
    pub(super) by: Option<AgentId>,
    /// How far they see.
    pub(super) sight: Option<Sight>,
}

/// Brings a session with its ticket, or with a new one, to where the order says, tells the customer and the staff, and
/// writes and tells of all of it. The session is locked, and the ticket after it.
pub(super) async fn carry_out(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &mut Session,
    ticket: Option<Ticket>,
    order: Order,
    wall: Time,
) -> Result<(Ticket, Escalation), Error> {
    let now = project.time(wall);
    let from = (session.assignee_id, session.team_id);
    let from_line = ticket.as_ref().map_or(1, |ticket| ticket.line);
    let kind = if ticket.is_some() { EventKind::TicketUpdated } else { EventKind::TicketOpened };
    let stays_closed = stays_closed(tx, session, &order).await?;
    move_session(tx, project, session, (&order, stays_closed), wall).await?;
    note_transfer(tx, session, from, &order, now).await?;
    // As late as can be: whoever else wants a number for a ticket of the project waits from here on.
    let (ticket, audience_before) = settle_ticket(tx, project, session, ticket, &order, wall).await?;
    session.priority = session.priority.max(ticket.priority);
    tell_of_escalation(tx, project, customer, session, (&ticket, order.target), wall).await?;
    let escalation = tx
        .insert_escalation(&NewEscalation {
            project_id: project.id,
            ticket_id: ticket.id,
            session_id: session.id,
            from_line,
            from,
            level: order.level,
            target: order.target,
            reason: order.reason,
            fired: (order.fired.map(|(trigger, _)| trigger), order.fired.map(|(_, firing)| firing)),
            description: order.description,
            quick: order.quick,
            packet: order.packet,
            priority: ticket.priority,
            by: order.by,
            at: now,
        })
        .await?;
    if let (Some(agent), Some(firing)) = (order.by, order.takes_up) {
        tx.judge_trigger_firing(firing, Judgement::Accepted, agent).await?;
    }
    // The ticket after its session, whose row says for whom it goes on now.
    let moved = touch(tx, session, Cause::Escalation, now).await?;
    let told = ticket_event(&ticket, kind, Cause::Escalation, audience_before);
    let told = NewEvent { audience_before: moved.audience_before.clone(), ..told };
    tx.append_events(&[moved, told], wall).await?;
    let present =
        if stays_closed { join_present(tx, project, customer.id, order.target.parties().0, wall).await? } else { None };
    let news = present.map_or(TicketNews::Escalated, |present| TicketNews::EscalatedBeside(present.number));
    tell_of_ticket(tx, project, &ticket, news, order.by, wall).await?;
    Ok((ticket, escalation))
}

/// Writes the ticket as it is from now on. Answers it, and those who had to do with it before if it was there.
async fn settle_ticket(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    ticket: Option<Ticket>,
    order: &Order,
    wall: Time,
) -> Result<(Ticket, Option<TicketAudience>), store::Error> {
    let now = project.time(wall);
    let (assignee_id, team_id) = order.target.parties();
    let Some(before) = ticket else {
        let new = NewTicket {
            project_id: session.project_id,
            number: 0,
            session_id: session.id,
            customer_id: session.customer_id,
            kind: TicketKind::Escalated,
            line: order.level.line(),
            priority: priority_after(session.priority, order.priority),
            team_id,
            assignee_id,
            description: order.description.clone(),
            created_at: now,
            escalated_at: Some(now),
        };
        return Ok((insert(tx, project, new, order.by).await?, None));
    };
    let mut ticket = before.clone();
    // A complaint stays one, with its stricter targets.
    if ticket.kind == TicketKind::Standard {
        ticket.kind = TicketKind::Escalated;
    }
    ticket.stand(TicketStatus::Open);
    ticket.line = order.level.line();
    ticket.priority = priority_after(ticket.priority, order.priority);
    (ticket.assignee_id, ticket.team_id) = (assignee_id, team_id);
    ticket.escalated_at = Some(now);
    let step = Step { cause: Cause::Escalation, entry: TicketCause::Escalated, by: order.by };
    let audience_before = write(tx, project, &before, &mut ticket, step, wall).await?;
    Ok((ticket, audience_before))
}

/// Brings the session to whoever gets it, where it asks for a look unless it stays closed. What goes to people is for no team
/// but the one that owns it with them. For whoever hands it on and sees it no longer it ends, whether or not it was theirs.
async fn move_session(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    (order, stays_closed): (&Order, bool),
    wall: Time,
) -> Result<(), Error> {
    let is_new_issue = !session.is_open() || session.resolution.is_some();
    // What people take from somebody who is at it is for somebody else.
    let before = session.assignee_id.filter(|_| session.is_open() && order.by.is_some());
    if session.resolution.is_some() {
        todo::cancel_return_visits(tx, project, &[session.id], wall).await?;
    }
    if !stays_closed {
        if !session.is_open() {
            forget_the_gone(tx, project, session, wall).await?;
            session.reopen(project.time(wall));
        }
        session.stand(Standing::Unread, project.time(wall));
        trigger::session_stands(tx, project, session, is_new_issue, wall).await?;
    }
    match order.target {
        EscalationTarget::Team(team) => {
            if !session.is_with(Target::Team(team)) {
                session.hand_to_team(team);
            }
            tx.forget_ruled_team(session.id).await?;
            put_back(tx, project, session, before, wall).await?;
        }
        EscalationTarget::Administrator { agent_id, team_id } => {
            session.team_id = team_id;
            session.assign(Some(agent_id), project.time(wall));
            tx.forget_ruled_team(session.id).await?;
        }
        EscalationTarget::Agent(agent_id) => {
            session.team_id = None;
            session.assign(Some(agent_id), project.time(wall));
            tx.forget_ruled_team(session.id).await?;
        }
    }
    if let (Some(agent), Some(sight)) = (order.by, &order.sight)
        && !sight.takes_in(&session.audience())
    {
        session.people.leave(agent);
    }
    Ok(())
}

/// Whether a session that the desk escalates by itself is over, and its customer has begun another one since or goes on in
/// another one: that one stays with whoever has it, and whoever gets the ticket of the former one sees what was said in it.
async fn stays_closed(tx: &mut Tx, session: &Session, order: &Order) -> Result<bool, store::Error> {
    if session.is_open() || order.by.is_some() {
        return Ok(false);
    }
    let newest = tx.lock_newest_session(session.customer_id).await?;
    let is_newest = newest.is_none_or(|newest| newest.id == session.id);
    Ok(!is_newest || !tx.lock_open_sessions(&[session.customer_id]).await?.is_empty())
}

async fn note_transfer(
    tx: &mut Tx,
    session: &Session,
    from: (Option<AgentId>, Option<TeamId>),
    order: &Order,
    at: Time,
) -> Result<(), store::Error> {
    let to = (session.assignee_id, session.team_id.filter(|_| session.assignee_id.is_none()));
    let moved = NewTransfer {
        session_id: session.id,
        session_version: session.version + 1,
        kind: TransferKind::Escalation,
        from,
        to,
        description: &order.description,
        by: order.by,
        at,
    };
    tx.insert_transfer(&moved).await?;
    Ok(())
}

/// What the audit log says of an escalation.
pub(super) fn details(ticket: &Ticket, escalation: &Escalation) -> Value {
    let mut details = whereabouts(ticket);
    details["ticket"] = json!(ticket.id);
    details["level"] = json!(escalation.level.name());
    details["reason"] = json!(escalation.reason.name());
    details["quick"] = json!(escalation.quick);
    details["trigger"] = json!(escalation.trigger_id);
    details
}

/// The object that the audit log names for an escalation.
pub(super) fn object(escalation: &Escalation) -> (ObjectKind, i64) {
    (ObjectKind::Escalation, escalation.id.0)
}
