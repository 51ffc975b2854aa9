//! Saying where a session stands.

use domain::event::Cause;
use domain::session::{Awaited, FollowUp, FollowUpRefusal, Standing};
use domain::{ApiScope, Session, SessionId, Time};

use super::{Premise, SessionRefusal, schedule_follow_up, schedule_idle_close};
use crate::retry::retried;
use crate::routing::mark_for_routing;
use crate::{Actor, Desk, Rejected, sla, todo, trigger};

/// Where an agent says that a session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewStatus {
    /// It asks for an agent's look.
    Unread,
    /// An agent is on it.
    Processing,
    /// It waits.
    FollowUp(NewFollowUp),
}

/// What a session is to wait for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFollowUp {
    /// Whom or what.
    pub awaited: Awaited,
    /// Until when, on the project's clock.
    pub until: Option<Time>,
    /// What exactly.
    pub note: String,
}

/// Why a session stands where it stood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionStatusRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The session has an agent, and the actor is neither that one nor a supervisor.
    #[error("another agent answers in this session: ask them or a supervisor")]
    NotActiveReplier,
    /// It cannot wait so.
    #[error(transparent)]
    FollowUp(#[from] FollowUpRefusal),
}

impl<E: Into<SessionStatusRefusal>> From<E> for Rejected<SessionStatusRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Says where an open session stands and what it waits for. One that was resolved is so no longer.
    pub async fn session_status_update(
        &self,
        actor: &Actor,
        id: SessionId,
        status: &NewStatus,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionStatusRefusal>> {
        self.session_status_update_on(actor, id, status, Premise::Seen(expected_version)).await
    }

    /// The same where it hangs on something else.
    pub(super) async fn session_status_update_on(
        &self,
        actor: &Actor,
        id: SessionId,
        status: &NewStatus,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionStatusRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_status_update(actor, id, status, premise)).await
    }

    async fn try_session_status_update(
        &self,
        actor: &Actor,
        id: SessionId,
        status: &NewStatus,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionStatusRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await.map_err(Rejected::widened)?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if !change.may_answer_for() {
            return Err(SessionStatusRefusal::NotActiveReplier.into());
        }
        let standing = match status {
            NewStatus::Unread => Standing::Unread,
            NewStatus::Processing => Standing::Processing,
            NewStatus::FollowUp(new) => {
                Standing::FollowUp(FollowUp::check(new.awaited, new.until, &new.note, change.now)?)
            }
        };
        let before = sla::Before::of(&change.session);
        let was_resolved = change.session.resolution.is_some();
        if !change.session.stand(standing, change.now) {
            return Ok(change.session);
        }
        if was_resolved {
            todo::cancel_return_visits(&mut change.tx, &change.project, &[id], change.wall).await?;
        }
        sla::session_stands(&mut change.tx, &change.project, &change.session, before, change.now).await?;
        trigger::session_stands(&mut change.tx, &change.project, &change.session, was_resolved, change.wall).await?;
        mark_for_routing(&mut change.tx, &change.project, &mut change.session, change.wall).await?;
        schedule_follow_up(&mut change.tx, &change.session, change.now, change.wall).await?;
        let life = change.project.session_life;
        schedule_idle_close(&mut change.tx, &change.session, life, change.now, change.wall).await?;
        Ok(self.finish_session(change, Cause::StatusChange).await?)
    }
}
