//! What triggers make of the messages of customers.

use std::collections::HashMap;

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::tag::TAGS_OF_SESSION;
use domain::trigger::{self, Firing, Outcome, Progress, Triggers};
use domain::{MessageId, Project, ProjectId, Session, SessionId, TagId, Time};
use serde_json::json;
use store::Tx;
use store::triggers::NewFiring;

use super::Known;
use crate::audit::Audited;
use crate::session::touch;
use crate::tag::tags_to_give;

/// A message of a customer that is in its session.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heard<'a> {
    /// What it says.
    pub(crate) text: &'a str,
    /// The message.
    pub(crate) message_id: MessageId,
    /// Whether the session was over or resolved before it, so that it is about something new.
    pub(crate) is_new_issue: bool,
}

/// Does with a session what the triggers of its project say about a message, and tells of it. The session is written.
pub(crate) async fn hear(
    tx: &mut Tx,
    known: &Known,
    project: &Project,
    session: &mut Session,
    heard: Heard<'_>,
    wall: Time,
) -> Result<(), store::Error> {
    let Some(triggers) = known.of(tx, project).await? else { return Ok(()) };
    let stored = tx.trigger_progress(&[session.id.0]).await?.pop().map(|(_, progress)| progress).unwrap_or_default();
    let firings = follow(tx, &triggers, session.id, &stored, heard).await?;
    act(tx, project, session, heard.message_id, &firings, wall).await
}

/// The same with messages of several sessions at once, which have been written.
pub(crate) async fn hear_batch<'a>(
    tx: &mut Tx,
    known: &Known,
    projects: &HashMap<ProjectId, Project>,
    heard: impl Iterator<Item = (&'a Session, Heard<'a>)>,
    wall: Time,
) -> Result<(), store::Error> {
    let mut listening = Vec::new();
    for (session, heard) in heard {
        let Some(project) = projects.get(&session.project_id) else { continue };
        if let Some(triggers) = known.of(tx, project).await? {
            listening.push((project, triggers, session, heard));
        }
    }
    if listening.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = listening.iter().map(|(_, _, session, _)| session.id.0).collect();
    let stored: HashMap<SessionId, Progress> = tx.trigger_progress(&ids).await?.into_iter().collect();
    for (project, triggers, session, heard) in listening {
        let stored = stored.get(&session.id).cloned().unwrap_or_default();
        let firings = follow(tx, &triggers, session.id, &stored, heard).await?;
        if !firings.is_empty() {
            act(tx, project, &mut session.clone(), heard.message_id, &firings, wall).await?;
        }
    }
    Ok(())
}

/// What fires, with how far the triggers are then written.
async fn follow(
    tx: &mut Tx,
    triggers: &Triggers,
    session: SessionId,
    stored: &Progress,
    heard: Heard<'_>,
) -> Result<Vec<Firing>, store::Error> {
    let mut progress = if heard.is_new_issue { Progress::default() } else { stored.clone() };
    let firings = triggers.on_message(heard.text, &mut progress);
    if progress != *stored {
        tx.set_trigger_progress(session, &progress).await?;
    }
    Ok(firings)
}

async fn act(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    message: MessageId,
    firings: &[Firing],
    wall: Time,
) -> Result<(), store::Error> {
    if firings.is_empty() {
        return Ok(());
    }
    let now = project.time(wall);
    let outcome = Outcome::of(firings);
    give_tags(tx, session.id, &outcome.tag_ids).await?;
    if let Some(priority) = outcome.priority {
        session.priority = session.priority.max(priority);
    }
    for firing in firings {
        let new = NewFiring {
            trigger_id: firing.trigger_id,
            session_id: session.id,
            message_id: message,
            phrases: phrases_of(firing),
            at: now,
            since_version: session.version + 1,
        };
        tx.insert_trigger_firing(&new).await?;
        // Nobody did it.
        let audited = Audited::by_desk(project, Cause::Trigger.name(), (ObjectKind::Session, session.id.0), wall);
        audited.with(&json!({ "trigger": firing.trigger_id })).write(tx).await?;
    }
    let event = touch(tx, session, Cause::Trigger, now).await?;
    tx.append_events(&[event], wall).await
}

/// Gives a session those of the tags that are not put away, as far as there is room.
async fn give_tags(tx: &mut Tx, session: SessionId, tags: &[TagId]) -> Result<(), store::Error> {
    if tags.is_empty() {
        return Ok(());
    }
    let mut room = TAGS_OF_SESSION.saturating_sub(tx.tags_of_sessions(&[session.0]).await?.len());
    for tag in tags_to_give(tx, tags).await?.into_iter().filter(|tag| tag.archived_at.is_none()) {
        if room > 0 && tx.add_session_tag(session, tag.id).await? {
            room -= 1;
        }
    }
    Ok(())
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
