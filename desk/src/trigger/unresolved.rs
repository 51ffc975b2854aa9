//! Issues that stay unresolved.

use domain::trigger::{Progress, Triggers};
use domain::{Project, Session, SessionId, Time};
use store::Tx;
use store::jobs::NewJob;

use super::Known;
use super::act::act;
use crate::Error;
use crate::job::{Next, PUT_AWAY};
use crate::session::{Target, target};

/// The kind of the job that looks at a session when a trigger says that its issue has been unresolved for too long.
pub(crate) const UNRESOLVED: &str = "session_unresolved";

/// Has a session looked at when the first of its triggers fires if nothing happens.
pub(super) async fn schedule_look(
    tx: &mut Tx,
    triggers: &Triggers,
    project: &Project,
    session: SessionId,
    progress: &Progress,
    wall: Time,
) -> Result<(), store::Error> {
    let Some(due) = progress.began.and_then(|began| triggers.next_due(began, progress)) else { return Ok(()) };
    tx.schedule_job(&look(project, session, wall + (due - project.time(wall))), wall).await
}

fn look(project: &Project, session: SessionId, due_at: Time) -> NewJob {
    NewJob {
        key: format!("{UNRESOLVED}:{session}"),
        project_id: Some(project.id),
        kind: UNRESOLVED,
        payload: session.to_string(),
        due_at,
    }
}

/// Somebody, or the time for which it waited, brought a session to stand where it stands now, without a message for the
/// triggers to hear. `is_new_issue` says whether it was over or resolved before that. The session is locked.
pub(crate) async fn session_stands(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    is_new_issue: bool,
    wall: Time,
) -> Result<(), store::Error> {
    let Some((_, stored)) = tx.trigger_progress(&[session.id.0]).await?.pop() else { return Ok(()) };
    let now = project.time(wall);
    let mut progress = stored.clone();
    if is_new_issue {
        progress.begin_anew(now);
    }
    if session.awaits_customer() {
        progress.pause(now);
    } else {
        progress.resume(now);
    }
    if progress == stored {
        return Ok(());
    }
    tx.set_trigger_progress(session.id, &progress).await?;
    // The look itself says when the next one is due.
    if progress.began.is_some() && progress.paused.is_none() {
        tx.schedule_job(&look(project, session.id, wall), wall).await?;
    }
    Ok(())
}

/// Does with a session what the triggers of its project say about the time that its issue has been unresolved.
pub(crate) async fn look_at_unresolved(tx: &mut Tx, known: &Known, id: SessionId, wall: Time) -> Result<Next, Error> {
    let (mut session, project) = match target(tx, id, wall).await? {
        Target::Free(session, project) => (*session, *project),
        Target::Not(next) => return Ok(next),
    };
    if !session.is_open() || session.resolution.is_some() {
        return Ok(Next::Done);
    }
    if project.archived_at.is_some() {
        return Ok(Next::Again(wall + PUT_AWAY));
    }
    let Some(triggers) = known.of(tx, &project).await? else { return Ok(Next::Done) };
    let stored = tx.trigger_progress(&[id.0]).await?.pop().map(|(_, progress)| progress).unwrap_or_default();
    let Some(began) = stored.began.filter(|_| stored.paused.is_none()) else { return Ok(Next::Done) };
    let now = project.time(wall);
    let mut progress = stored.clone();
    let firings = triggers.on_time(began, now, &mut progress);
    if progress != stored {
        tx.set_trigger_progress(id, &progress).await?;
    }
    act(tx, &project, &mut session, None, &firings, wall).await?;
    Ok(triggers.next_due(began, &progress).map_or(Next::Done, |due| Next::Again(wall + (due - now))))
}
