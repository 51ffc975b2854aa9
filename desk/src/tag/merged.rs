//! Telling of the open sessions whose tag was merged into another one.

use domain::event::Cause;
use domain::{ProjectId, Session, SessionId, TagId, Time};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::jobs::NewJob;

use crate::Error;
use crate::job::Next;
use crate::session::{lock_open, touch};

/// The kind of the job that tells of sessions whose tag was merged.
pub(crate) const TAG_MERGED: &str = "tag_merged";

/// How many sessions are told of in one transaction, so that nobody waits for long.
pub(super) const AT_ONCE: usize = 50;

/// What the job is done with.
#[derive(Debug, Serialize, Deserialize)]
struct Untold {
    project_id: ProjectId,
    /// In ascending order.
    sessions: Vec<SessionId>,
}

/// Has sessions, whose numbers are in ascending order, be told of bit by bit.
pub(super) async fn tell_later(
    tx: &mut Tx,
    project_id: ProjectId,
    merged: TagId,
    sessions: &[SessionId],
    wall: Time,
) -> Result<(), Error> {
    for (number, some) in sessions.chunks(AT_ONCE).enumerate() {
        let untold = Untold { project_id, sessions: some.to_vec() };
        let job = NewJob {
            // A tag that was taken out again may be merged once more meanwhile.
            key: format!("{TAG_MERGED}:{merged}:{}:{number}", wall.timestamp_micros()),
            project_id: Some(project_id),
            kind: TAG_MERGED,
            payload: serde_json::to_string(&untold).map_err(Error::internal)?,
            due_at: wall,
        };
        tx.schedule_job(&job, wall).await?;
    }
    Ok(())
}

/// Tells of sessions whose tag was merged, those that are still open.
pub(crate) async fn tell_of_merged(tx: &mut Tx, payload: &str, wall: Time) -> Result<Next, Error> {
    let Untold { project_id, sessions } = serde_json::from_str(payload).map_err(Error::internal)?;
    let project = tx.project(project_id).await?.ok_or(Error::NotFound("project"))?;
    let mut sessions = lock_open(tx, &sessions).await?;
    tell(tx, &mut sessions, project.time(wall), wall).await?;
    Ok(Next::Done)
}

/// Tells of sessions, which are locked, each under its next version.
pub(super) async fn tell(tx: &mut Tx, sessions: &mut [Session], now: Time, wall: Time) -> Result<(), store::Error> {
    let mut events = Vec::with_capacity(sessions.len());
    for session in sessions {
        events.push(touch(tx, session, Cause::Tagging, now).await?);
    }
    tx.append_events(&events, wall).await
}
