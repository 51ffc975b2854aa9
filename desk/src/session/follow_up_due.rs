//! What a session waited for is due.

use domain::event::Cause;
use domain::notice::NoticeKind;
use domain::{Session, SessionId, Time};
use store::Tx;
use store::jobs::NewJob;

use super::job::{Target, target};
use super::{schedule_idle_close, touch_by_desk};
use crate::job::Next;
use crate::routing::mark_for_routing;
use crate::staff::tell_agent;
use crate::{Error, sla, trigger};

/// The kind of the job that looks at a session when what it waits for is due.
pub(crate) const FOLLOW_UP_DUE: &str = "session_follow_up_due";

/// Has a session looked at when what it waits for is due, if that has a time. `now` is the project's clock.
pub(super) async fn schedule_follow_up(
    tx: &mut Tx,
    session: &Session,
    now: Time,
    wall: Time,
) -> Result<(), store::Error> {
    let Some(until) = session.follow_up.as_ref().and_then(|waits| waits.until) else { return Ok(()) };
    let job = NewJob {
        key: format!("{FOLLOW_UP_DUE}:{}", session.id),
        project_id: Some(session.project_id),
        kind: FOLLOW_UP_DUE,
        payload: session.id.to_string(),
        due_at: wall + (until - now),
    };
    tx.schedule_job(&job, wall).await
}

/// Makes a session unread for which it is time, and tells its agent.
pub(crate) async fn come_due(tx: &mut Tx, id: SessionId, wall: Time) -> Result<Next, Error> {
    let (mut session, project) = match target(tx, id, wall).await? {
        Target::Free(session, project) => (*session, *project),
        Target::Not(next) => return Ok(next),
    };
    let now = project.time(wall);
    let before = sla::Before::of(&session);
    if session.come_due(now) {
        sla::session_stands(tx, &project, &session, before, now).await?;
        trigger::session_stands(tx, &project, &session, false, wall).await?;
        mark_for_routing(tx, &project, &mut session, wall).await?;
        touch_by_desk(tx, &project, &mut session, Cause::FollowUpDue, wall).await?;
        schedule_idle_close(tx, &session, project.session_life, now, wall).await?;
        if let Some(assignee) = session.assignee_id {
            tell_agent(tx, &project, &session, assignee, NoticeKind::FollowUpDue, wall).await?;
        }
        return Ok(Next::Done);
    }
    let until = session.follow_up.and_then(|waits| waits.until);
    Ok(until.map_or(Next::Done, |until| Next::Again(wall + (until - now))))
}
