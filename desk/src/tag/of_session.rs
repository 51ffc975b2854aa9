//! Giving tags to sessions and taking them away.

use domain::event::Cause;
use domain::tag::TAGS_OF_SESSION;
use domain::{ApiScope, Session, SessionId, TagId};
use serde_json::json;

use crate::retry::retried;
use crate::session::{Premise, SessionRefusal};
use crate::{Actor, Desk, Rejected, sla};

/// Why the tags of a session were left as they are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionTagsRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// A tag is not of the session's project.
    #[error("there is no such tag in this project: use one of its tags")]
    TagNotFound,
    /// A tag was put away.
    #[error("a tag was put away: use another one, or take it out first with `tagRestore`")]
    TagArchived,
    /// There would be more than [`TAGS_OF_SESSION`].
    #[error("a session has at most {TAGS_OF_SESSION} tags: take others away first")]
    TooMany,
}

impl<E: Into<SessionTagsRefusal>> From<E> for Rejected<SessionTagsRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

/// What is done with tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Adding,
    Removing,
}

impl Desk {
    /// Gives tags to a session, those that it does not have.
    pub async fn session_tags_add(
        &self,
        actor: &Actor,
        id: SessionId,
        tags: &[TagId],
    ) -> Result<Session, Rejected<SessionTagsRefusal>> {
        self.session_tags_add_on(actor, id, tags, Premise::Seen(None)).await
    }

    /// The same where it hangs on something else.
    pub(crate) async fn session_tags_add_on(
        &self,
        actor: &Actor,
        id: SessionId,
        tags: &[TagId],
        premise: Premise,
    ) -> Result<Session, Rejected<SessionTagsRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_tags(actor, id, (tags, Doing::Adding), premise)).await
    }

    /// Takes tags from a session, those that it has.
    pub async fn session_tags_remove(
        &self,
        actor: &Actor,
        id: SessionId,
        tags: &[TagId],
    ) -> Result<Session, Rejected<SessionTagsRefusal>> {
        self.session_tags_remove_on(actor, id, tags, Premise::Seen(None)).await
    }

    /// The same where it hangs on something else.
    pub(crate) async fn session_tags_remove_on(
        &self,
        actor: &Actor,
        id: SessionId,
        tags: &[TagId],
        premise: Premise,
    ) -> Result<Session, Rejected<SessionTagsRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_session_tags(actor, id, (tags, Doing::Removing), premise)).await
    }

    async fn try_session_tags(
        &self,
        actor: &Actor,
        id: SessionId,
        (tags, doing): (&[TagId], Doing),
        premise: Premise,
    ) -> Result<Session, Rejected<SessionTagsRefusal>> {
        let mut change = self.change_session_on(actor, id, premise).await.map_err(Rejected::widened)?;
        let mut ids: Vec<i64> = tags.iter().map(|tag| tag.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = change.tx.hold_tags(&ids).await?;
        if found.len() < ids.len() || found.iter().any(|tag| tag.project_id != change.session.project_id) {
            return Err(SessionTagsRefusal::TagNotFound.into());
        }
        if doing == Doing::Adding && found.iter().any(|tag| tag.archived_at.is_some()) {
            return Err(SessionTagsRefusal::TagArchived.into());
        }
        let mut changed = Vec::new();
        let mut is_complaint_changed = false;
        for tag in &found {
            let is_news = match doing {
                Doing::Adding => change.tx.add_session_tag(id, tag.id).await?,
                Doing::Removing => change.tx.remove_session_tag(id, tag.id).await?,
            };
            if is_news {
                changed.push(tag.id);
                is_complaint_changed |= tag.is_complaint();
            }
        }
        if change.tx.tags_of_sessions(&[id.0]).await?.len() > TAGS_OF_SESSION {
            return Err(SessionTagsRefusal::TooMany.into());
        }
        if changed.is_empty() {
            return Ok(change.session);
        }
        if is_complaint_changed {
            sla::session_tagged(&mut change.tx, &change.project, id, change.now).await?;
        }
        change.noted = Some(("tags", json!(changed)));
        let action = match doing {
            Doing::Adding => "sessionTagsAdd",
            Doing::Removing => "sessionTagsRemove",
        };
        Ok(self.finish_session_as(change, action, Cause::Tagging).await?)
    }
}
