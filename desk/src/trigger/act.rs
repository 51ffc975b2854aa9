//! What triggers do to sessions.

use domain::audit::ObjectKind;
use domain::escalation::EscalationTarget;
use domain::event::Cause;
use domain::trigger::{self, Action, Firing, Level, Outcome};
use domain::{MessageId, Project, Session, Time};
use serde_json::json;
use store::Tx;
use store::triggers::NewFiring;

use crate::Error;
use crate::audit::Audited;
use crate::session::touch;
use crate::tag::give_tags;
use crate::ticket::{Occasion, aim, escalate_by_desk, reached_level};

/// Where something is escalated to, and how high.
pub(super) type Aimed = (Level, EscalationTarget);

/// An escalation that what fired brings about.
pub(super) type Escalating = (Aimed, Occasion);

/// Does with a session what fired, notes it and tells of it. The session is written. What is to be escalated and can go
/// nowhere is suggested to people, unless it is there already.
pub(super) async fn act(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    message: Option<MessageId>,
    firings: &[Firing],
    wall: Time,
) -> Result<(), Error> {
    match prepare(tx, project, session, message, firings, wall).await? {
        Some(escalating) => escalate(tx, project, session, escalating, wall).await,
        None => Ok(()),
    }
}

/// The same but for the escalation that is to follow, if one is.
pub(super) async fn prepare(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    message: Option<MessageId>,
    firings: &[Firing],
    wall: Time,
) -> Result<Option<Escalating>, store::Error> {
    let outcome = Outcome::of(firings);
    let wanted = outcome.escalate.max(outcome.suggest);
    let reached = if wanted.is_some() { reached_level(tx, session).await? } else { None };
    let aimed = match outcome.escalate.filter(|level| reached < Some(*level)) {
        Some(level) => aim(tx, project, session, level, wall).await?.map(|target| (level, target)),
        None => None,
    };
    let reached = reached.max(aimed.map(|(level, _)| level));
    let occasion = note(tx, project, session, message, (firings, reached), wall).await?;
    Ok(aimed.zip(occasion))
}

/// Escalates a session. It is written.
pub(super) async fn escalate(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    (aimed, occasion): Escalating,
    wall: Time,
) -> Result<(), Error> {
    // Boxed, since it is rare and every message would carry the room for it.
    Box::pin(escalate_by_desk(tx, project, session, aimed, occasion, wall)).await
}

/// Gives a session the tags and the priority of what fired, notes each firing, and tells of it. Answers by which of them
/// the session is to be escalated, if by any. `reached` is how high it is or goes anyway.
pub(super) async fn note(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    message: Option<MessageId>,
    (firings, reached): (&[Firing], Option<Level>),
    wall: Time,
) -> Result<Option<Occasion>, store::Error> {
    if firings.is_empty() {
        return Ok(None);
    }
    let now = project.time(wall);
    let outcome = Outcome::of(firings);
    give_tags(tx, project, session.id, &outcome.tag_ids, now).await?;
    if let Some(priority) = outcome.priority {
        session.priority = session.priority.max(priority);
    }
    let mut occasion = None;
    for firing in firings {
        let new = NewFiring {
            trigger_id: firing.trigger_id,
            session_id: session.id,
            message_id: message,
            phrases: phrases_of(firing),
            at: now,
            since_version: session.version + 1,
            suggested: suggested_by(firing, reached),
        };
        let firing_id = tx.insert_trigger_firing(&new).await?;
        if outcome.escalate.is_some_and(|level| firing.actions.contains(&Action::Escalate(level))) {
            occasion.get_or_insert(Occasion::Trigger(firing.trigger_id, firing_id));
        }
        // Nobody did it.
        let audited = Audited::by_desk(project, Cause::Trigger.name(), (ObjectKind::Session, session.id.0), wall);
        audited.with(&json!({ "trigger": firing.trigger_id })).write(tx).await?;
    }
    let event = touch(tx, session, Cause::Trigger, now).await?;
    tx.append_events(&[event], wall).await?;
    Ok(occasion)
}

/// How high a firing suggests to escalate, beyond what is reached anyway.
fn suggested_by(firing: &Firing, reached: Option<Level>) -> Option<Level> {
    let levels = firing.actions.iter().filter_map(|action| match action {
        Action::Suggest(level) | Action::Escalate(level) => Some(*level),
        Action::Tag(_) | Action::RaisePriority(_) => None,
    });
    levels.max().filter(|level| reached < Some(*level))
}

/// The phrases of the lists that made it fire, each once. What the customer wrote is in the message alone.
fn phrases_of(firing: &Firing) -> Vec<String> {
    let words = match &firing.cause {
        trigger::Cause::Words(words) | trigger::Cause::InARow { words, .. } => words.as_slice(),
        trigger::Cause::Unresolved { .. } | trigger::Cause::LowRating { .. } => &[],
    };
    let mut phrases: Vec<String> = words.iter().map(|found| found.phrase.clone()).collect();
    phrases.sort_unstable();
    phrases.dedup();
    phrases
}
