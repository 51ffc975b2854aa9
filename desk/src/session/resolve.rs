//! Resolving what a session is about.

use domain::event::Cause;
use domain::session::{Resolution, Summary, SummaryRefusal};
use domain::{ApiScope, Session, SessionId};
use serde_json::json;

use super::{Premise, SessionRefusal, schedule_resolved_close};
use crate::retry::retried;
use crate::{Actor, Desk, Rejected, aftercare, sla, ticket};

/// Why a session was not resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionResolveRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// The session has an agent, and the actor is neither that one nor a supervisor.
    #[error("another agent answers in this session: ask them or a supervisor")]
    NotActiveReplier,
    /// The session is resolved.
    #[error("the session is resolved already: it closes by itself, or goes on with `sessionStatusUpdate`")]
    AlreadyResolved,
    /// The summary cannot be taken.
    #[error(transparent)]
    Summary(#[from] SummaryRefusal),
}

impl<E: Into<SessionResolveRefusal>> From<E> for Rejected<SessionResolveRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Notes that what a session is about is resolved, and with it the tickets that came of it. It closes by itself when
    /// nothing comes back; a message of the customer before that makes it go on, unresolved.
    pub async fn session_resolve(
        &self,
        actor: &Actor,
        id: SessionId,
        summary: &str,
        expected_version: Option<i64>,
    ) -> Result<Session, Rejected<SessionResolveRefusal>> {
        self.session_resolve_on(actor, id, summary, Premise::Seen(expected_version)).await
    }

    /// The same where it hangs on something else.
    pub(super) async fn session_resolve_on(
        &self,
        actor: &Actor,
        id: SessionId,
        summary: &str,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionResolveRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let summary = Summary::parse(summary)?;
        retried(|| self.try_session_resolve(actor, id, &summary, premise)).await
    }

    async fn try_session_resolve(
        &self,
        actor: &Actor,
        id: SessionId,
        summary: &Summary,
        premise: Premise,
    ) -> Result<Session, Rejected<SessionResolveRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await.map_err(Rejected::widened)?;
        if !change.session.is_open() {
            return Err(SessionRefusal::AlreadyClosed.into());
        }
        if !change.may_answer_for() {
            return Err(SessionResolveRefusal::NotActiveReplier.into());
        }
        if change.session.resolution.is_some() {
            return Err(SessionResolveRefusal::AlreadyResolved.into());
        }
        change.session.resolve(Resolution {
            at: change.now,
            by: Some(actor.agent.id),
            summary: summary.as_str().to_owned(),
        });
        let tickets =
            ticket::resolve_with_session(&mut change.tx, &change.project, &change.session, change.wall).await?;
        if !tickets.is_empty() {
            change.noted = Some(("tickets", json!(tickets)));
        }
        sla::session_resolved(&mut change.tx, &change.project, &change.session, change.now).await?;
        let life = change.project.session_life;
        schedule_resolved_close(&mut change.tx, &change.session, life, change.now, change.wall).await?;
        aftercare::after_session(&mut change.tx, &change.project, &change.session, change.wall).await?;
        Ok(self.finish_session(change, Cause::Resolved).await?)
    }
}
