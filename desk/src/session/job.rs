//! What the jobs about sessions have in common.

use chrono::Duration;
use domain::{Project, Session, SessionId, Time};
use store::Tx;

use crate::Error;
use crate::job::Next;

/// How long to wait for what somebody else is about to do with a session.
pub(super) const BUSY: Duration = Duration::seconds(1);

/// The session that a job is about.
pub(crate) enum Target {
    /// It is locked for the job.
    Free(Box<Session>, Box<Project>),
    /// There is nothing to do with it now.
    Not(Next),
}

/// Locks the session of a job. One that is being changed is looked at later: who changes it may be about to move this
/// very job, which is locked.
pub(crate) async fn target(tx: &mut Tx, id: SessionId, wall: Time) -> Result<Target, Error> {
    let Some(session) = tx.lock_session_if_free(id).await? else {
        let is_there = tx.session(id).await?.is_some();
        return Ok(Target::Not(if is_there { Next::Again(wall + BUSY) } else { Next::Done }));
    };
    let project = tx.project(session.project_id).await?.ok_or(Error::NotFound("project"))?;
    Ok(Target::Free(Box::new(session), Box::new(project)))
}
