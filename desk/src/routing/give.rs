//! Carrying a decision out.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::notice::NoticeKind;
use domain::routing::{Grounds, LastDecision, QueueReason, Source, Turn, queue_message};
use domain::{AgentId, CustomerKind, Project, Session, Time};
use serde_json::{Value, json};
use store::Tx;

use super::floor::Floor;
use super::schedule_round;
use crate::Error;
use crate::audit::Audited;
use crate::message::automatic;
use crate::session::touch;
use crate::staff::{tell_agent, tell_of_new_session};

/// Who gets a session, and why.
pub(super) struct Gift {
    pub(super) agent_id: AgentId,
    pub(super) turn: Turn,
    pub(super) grounds: Grounds,
}

/// Gives a session, which is locked, to an agent, and tells them. If a rule chose its team, it is for that team.
pub(super) async fn give(
    tx: &mut Tx,
    project: &Project,
    floor: &mut Floor,
    session: &mut Session,
    gift: &Gift,
    cause: Cause,
    wall: Time,
) -> Result<(), Error> {
    let now = project.time(wall);
    session.assign(Some(gift.agent_id), now);
    session.team_id = session.team_id.or(gift.grounds.ruled_team());
    floor.take(gift.agent_id, gift.turn);
    tx.take_turn(project.id, gift.agent_id, gift.turn).await?;
    note(tx, project, session, cause, &gift.grounds, None, wall).await?;
    let event = touch(tx, session, cause, now).await?;
    tx.append_events(&[event], wall).await?;
    tell_agent(tx, project, session, gift.agent_id, NoticeKind::Assigned, wall).await
}

/// Has a session, which is locked, wait in line, and tells the team and, if they wait for an answer, the customer: once for each
/// time that it waits, and once more if the customer begins to wait meanwhile. If a rule chose its team, it waits with that.
pub(super) async fn keep_waiting(
    tx: &mut Tx,
    project: &Project,
    floor: &Floor,
    session: &mut Session,
    why: (QueueReason, &Grounds),
    cause: Cause,
    wall: Time,
) -> Result<(), Error> {
    let now = project.time(wall);
    let (reason, grounds) = why;
    session.team_id = session.team_id.or(grounds.ruled_team());
    // Whoever was there before the desk looked for anybody was announced to the team when they came.
    let is_announced = session.queued_at.is_none();
    let queued_at = *session.queued_at.get_or_insert(now);
    // Who gets in line while no answer is owed to them is told once one is.
    let since = session.waiting_since.map_or(queued_at, |waiting_since| waiting_since.max(queued_at));
    let is_news = tx.note_queued(session.id, now.max(since), since).await?;
    if is_news {
        let customer = tx.customers(&[session.customer_id.0]).await?.pop();
        if let Some(customer) = customer.filter(|customer| customer.erased_at.is_none()) {
            if customer.kind == CustomerKind::Person && session.waiting_since.is_some() {
                // What was decided until now is not written yet.
                tx.update_session(session).await?;
                let place = floor.place(tx, session).await?;
                let (own, language) = (floor.policy.queue_message.as_ref(), customer.language_code.as_deref());
                if let Some(text) = queue_message(own, language, place, grounds.tally) {
                    automatic::write(tx, project, session, &text, wall).await?;
                }
            }
            if !is_announced {
                tell_of_new_session(tx, project, &customer, session, wall).await?;
            }
        }
    }
    // Whoever had it or its team may have changed, whenever the customer was told.
    if is_news || is_announced || session.audience() != session.audience_before {
        note(tx, project, session, cause, grounds, Some(reason), wall).await?;
        let event = touch(tx, session, cause, now).await?;
        tx.append_events(&[event], wall).await?;
    }
    Ok(schedule_round(tx, project.id, wall).await?)
}

/// Notes what was decided and why: in the audit log, and for those who look at the session.
async fn note(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    cause: Cause,
    grounds: &Grounds,
    reason: Option<QueueReason>,
    wall: Time,
) -> Result<(), store::Error> {
    let decision = LastDecision {
        session_id: session.id,
        agent_id: session.assignee_id,
        reason,
        grounds: grounds.clone(),
        at: project.time(wall),
    };
    tx.note_routing_decision(&decision).await?;
    let tally = &grounds.tally;
    let details = json!({
        "assignee": session.assignee_id,
        "team": session.team_id,
        "reason": reason.map(QueueReason::name),
        "scope": grounds.scope,
        "scopeFrom": source(grounds.scope_source),
        "strategy": grounds.strategy.name(),
        "strategyFrom": source(grounds.strategy_source),
        "available": tally.available,
        "offline": tally.offline,
        "full": tally.full,
        "letItLie": tally.let_it_lie,
        "outOfScope": tally.out_of_scope,
    });
    let object = (ObjectKind::Session, session.id.0);
    Audited::by_desk(project, cause.name(), object, wall).with(&details).write(tx).await
}

fn source(source: Source) -> Value {
    match source {
        Source::Escalation => json!("ESCALATION"),
        Source::Session => json!("SESSION"),
        Source::Rule(rule) => json!({ "rule": rule }),
        Source::Default => json!("DEFAULT"),
    }
}
