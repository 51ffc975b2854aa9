//! Issues that stay unresolved.

use domain::trigger::{Progress, Triggers};
use domain::{Project, SessionId, Time};
use store::Tx;
use store::jobs::NewJob;

use super::Known;
use super::act::act;
use crate::Error;
use crate::job::Next;
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
    let job = NewJob {
        key: format!("{UNRESOLVED}:{session}"),
        project_id: Some(project.id),
        kind: UNRESOLVED,
        payload: session.to_string(),
        due_at: wall + (due - project.time(wall)),
    };
    tx.schedule_job(&job, wall).await
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
    let Some(triggers) = known.of(tx, &project).await? else { return Ok(Next::Done) };
    let stored = tx.trigger_progress(&[id.0]).await?.pop().map(|(_, progress)| progress).unwrap_or_default();
    let Some(began) = stored.began else { return Ok(Next::Done) };
    let now = project.time(wall);
    let mut progress = stored.clone();
    let firings = triggers.on_time(began, now, &mut progress);
    if progress != stored {
        tx.set_trigger_progress(id, &progress).await?;
    }
    act(tx, &project, &mut session, None, &firings, wall).await?;
    Ok(triggers.next_due(began, &progress).map_or(Next::Done, |due| Next::Again(wall + (due - now))))
}
