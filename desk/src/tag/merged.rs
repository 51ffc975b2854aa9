//! Telling of the open sessions whose tag was merged into another one.

use domain::event::Cause;
use domain::{Project, ProjectId, Session, SessionId, Tag, Time};
use serde::{Deserialize, Serialize};
use store::Tx;
use store::jobs::NewJob;

use crate::job::Next;
use crate::session::{lock_open, touch};
use crate::{Error, sla};

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
    /// Whether they may be complaints by it, or none any more.
    #[serde(default)]
    has_to_do_with_complaints: bool,
}

/// Has sessions, whose numbers are in ascending order, be told of bit by bit.
pub(super) async fn tell_later(
    tx: &mut Tx,
    &Tag { id: merged, project_id, .. }: &Tag,
    has_to_do_with_complaints: bool,
    sessions: &[SessionId],
    wall: Time,
) -> Result<(), Error> {
    for (number, some) in sessions.chunks(AT_ONCE).enumerate() {
        let untold = Untold { project_id, sessions: some.to_vec(), has_to_do_with_complaints };
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
    let Untold { project_id, sessions, has_to_do_with_complaints } =
        serde_json::from_str(payload).map_err(Error::internal)?;
    let project = tx.project(project_id).await?.ok_or(Error::NotFound("project"))?;
    let mut sessions = lock_open(tx, &sessions).await?;
    tell(tx, &project, &mut sessions, has_to_do_with_complaints, wall).await?;
    Ok(Next::Done)
}

/// Tells of sessions, which are locked, each under its next version, and promises them what they are to be promised by the tag
/// that they have now.
pub(super) async fn tell(
    tx: &mut Tx,
    project: &Project,
    sessions: &mut [Session],
    has_to_do_with_complaints: bool,
    wall: Time,
) -> Result<(), store::Error> {
    let now = project.time(wall);
    let mut events = Vec::with_capacity(sessions.len());
    for session in sessions {
        if has_to_do_with_complaints {
            sla::session_tagged(tx, project, session.id, now).await?;
        }
        events.push(touch(tx, session, Cause::Tagging, now).await?);
    }
    tx.append_events(&events, wall).await
}
