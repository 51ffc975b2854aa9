//! What triggers make of the messages of customers.

use std::collections::HashMap;

use domain::trigger::{Firing, Progress, Triggers};
use domain::{MessageId, Project, ProjectId, Session, SessionId, Time};
use store::Tx;

use super::Known;
use super::act::{act, escalate, prepare};
use super::unresolved::schedule_look;
use crate::Error;

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
) -> Result<(), Error> {
    let Some(triggers) = known.of(tx, project).await? else { return Ok(()) };
    let stored = tx.trigger_progress(&[session.id.0]).await?.pop().map(|(_, progress)| progress).unwrap_or_default();
    let firings = follow(tx, &triggers, (project, &*session), &stored, heard, wall).await?;
    act(tx, project, session, Some(heard.message_id), &firings, wall).await
}

/// The same with messages of several sessions at once, which have been written.
pub(crate) async fn hear_batch<'a>(
    tx: &mut Tx,
    known: &Known,
    projects: &HashMap<ProjectId, Project>,
    heard: impl Iterator<Item = (&'a Session, Heard<'a>)>,
    wall: Time,
) -> Result<(), Error> {
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
    let mut to_be_escalated = Vec::new();
    for (project, triggers, session, heard) in listening {
        let stored = stored.get(&session.id).cloned().unwrap_or_default();
        let firings = follow(tx, &triggers, (project, session), &stored, heard, wall).await?;
        if firings.is_empty() {
            continue;
        }
        let mut session = session.clone();
        let prepared = prepare(tx, project, &mut session, Some(heard.message_id), &firings, wall).await?;
        to_be_escalated.extend(prepared.map(|escalating| (project, session, escalating)));
    }
    // The tickets last: who else wants a number for one of the same project waits for the end of all of this.
    for (project, mut session, escalating) in to_be_escalated {
        escalate(tx, project, &mut session, escalating, wall).await?;
    }
    Ok(())
}

/// What fires, with how far the triggers are then written. Where one of them waits for an issue that stays unresolved, it is
/// looked at again when it is time. Where none did so when the issue began, it counts from the first message on that nobody
/// has answered.
async fn follow(
    tx: &mut Tx,
    triggers: &Triggers,
    (project, session): (&Project, &Session),
    stored: &Progress,
    heard: Heard<'_>,
    wall: Time,
) -> Result<Vec<Firing>, store::Error> {
    let now = project.time(wall);
    let mut progress = if heard.is_new_issue { Progress::default() } else { stored.clone() };
    progress.resume(now);
    let firings = triggers.on_message(heard.text, &mut progress);
    if triggers.wait_for_time() && progress.began.is_none() {
        let waiting_since = session.waiting_since.filter(|_| !heard.is_new_issue);
        progress.began = Some(waiting_since.unwrap_or(now));
    }
    if progress.began != stored.began {
        schedule_look(tx, triggers, project, session.id, &progress, wall).await?;
    }
    if progress != *stored {
        tx.set_trigger_progress(session.id, &progress).await?;
    }
    Ok(firings)
}
