//! Doing the same to many sessions.

use domain::filter::{SessionFilter, SessionOrder, SessionOrderField};
use domain::session::Target;
use domain::{AgentId, ApiScope, Priority, ProjectId, Session, SessionId, TagId};

use super::{
    NewStatus, SessionAssignRefusal, SessionRefusal, SessionResolveRefusal, SessionStatusRefusal,
    SessionTransferRefusal,
};
use crate::tag::SessionTagsRefusal;
use crate::{Actor, Desk, PageRequest, Rejected};

/// The most sessions of one request.
pub const BULK_SESSIONS: usize = 100;

/// To which sessions something is done.
#[derive(Debug, Clone)]
pub enum BulkScope {
    /// To these.
    These(Vec<SessionId>),
    /// To those that go on for the actor and for which a filter holds, the oldest of them and at most so many.
    Filtered(SessionFilter, i32),
}

/// What is done to each of the sessions.
#[derive(Debug, Clone)]
pub enum BulkAction {
    /// An agent answers from now on, or nobody does.
    Assign(Option<AgentId>),
    /// It is handed to somebody, with what it is about.
    Transfer(Target, String),
    /// It is closed.
    Close,
    /// It is resolved, with what was done.
    Resolve(String),
    /// It stands elsewhere.
    Status(NewStatus),
    /// It gets tags.
    TagsAdd(Vec<TagId>),
    /// It loses tags.
    TagsRemove(Vec<TagId>),
    /// It gets another priority.
    Priority(Priority),
}

/// Why nothing was begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SessionsBulkRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// More than [`BULK_SESSIONS`], or none.
    #[error("give from 1 to {BULK_SESSIONS} sessions: do the others in another request")]
    WrongCount,
}

/// Why one of the sessions was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum BulkRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// As for assigning one.
    #[error(transparent)]
    Assign(#[from] SessionAssignRefusal),
    /// As for handing one over.
    #[error(transparent)]
    Transfer(#[from] SessionTransferRefusal),
    /// As for resolving one.
    #[error(transparent)]
    Resolve(#[from] SessionResolveRefusal),
    /// As for saying where one stands.
    #[error(transparent)]
    Status(#[from] SessionStatusRefusal),
    /// As for tagging one.
    #[error(transparent)]
    Tags(#[from] SessionTagsRefusal),
    /// It could not be done at this moment.
    #[error("this could not be done at this moment: try it again")]
    Failed,
}

/// What came of it for one session.
#[derive(Debug)]
pub struct BulkOutcome {
    /// The session.
    pub session_id: SessionId,
    /// The session as it is now, or why it was left as it is.
    pub outcome: Result<Session, BulkRefusal>,
}

impl Desk {
    /// Does the same to many sessions of a project, one after the other in the order of their identifiers, each as if it
    /// were asked for alone: with the same checks, events and audit entries, and in a transaction of its own. What is
    /// refused for one of them stops none of the others.
    pub async fn sessions_bulk(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        scope: BulkScope,
        action: &BulkAction,
    ) -> Result<Vec<BulkOutcome>, Rejected<SessionsBulkRefusal>> {
        actor.needs(ApiScope::SessionsRead)?;
        actor.needs(ApiScope::SessionsWrite)?;
        if self.role_in(actor, project_id).await?.is_none() {
            return Err(Rejected::Refused(SessionsBulkRefusal::ProjectNotFound));
        }
        let ids = self.ids_in(actor, project_id, scope).await?;
        let of_project = self.sessions_by_id(actor, &ids).await?;
        let mut outcomes = Vec::with_capacity(ids.len());
        for session_id in ids {
            let is_there = of_project.iter().any(|one| one.id == session_id && one.project_id == project_id);
            let done = if is_there {
                self.bulk_one(actor, session_id, action).await
            } else {
                Err(Rejected::Refused(SessionRefusal::NotFound.into()))
            };
            let outcome = done.map_err(|rejected| match rejected {
                Rejected::Refused(refusal) => refusal,
                Rejected::Failed(error) => {
                    tracing::error!(%error, session = %session_id, "one session of a bulk request failed");
                    BulkRefusal::Failed
                }
            });
            outcomes.push(BulkOutcome { session_id, outcome });
        }
        Ok(outcomes)
    }

    /// The sessions that are meant, each once, in ascending order.
    async fn ids_in(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        scope: BulkScope,
    ) -> Result<Vec<SessionId>, Rejected<SessionsBulkRefusal>> {
        let mut ids = match scope {
            BulkScope::These(ids) if ids.is_empty() || ids.len() > BULK_SESSIONS => {
                return Err(Rejected::Refused(SessionsBulkRefusal::WrongCount));
            }
            BulkScope::These(ids) => ids,
            BulkScope::Filtered(filter, limit) => {
                if !usize::try_from(limit).is_ok_and(|limit| (1..=BULK_SESSIONS).contains(&limit)) {
                    return Err(Rejected::Refused(SessionsBulkRefusal::WrongCount));
                }
                let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
                let page = PageRequest { first: Some(limit), after: None, last: None, before: None };
                let page = self.sessions(actor, project_id, &filter, order, page).await?;
                page.edges.into_iter().map(|edge| edge.node.id).collect()
            }
        };
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    async fn bulk_one(
        &self,
        actor: &Actor,
        id: SessionId,
        action: &BulkAction,
    ) -> Result<Session, Rejected<BulkRefusal>> {
        match action {
            BulkAction::Assign(agent) => one_of(self.session_assign(actor, id, *agent, None).await),
            BulkAction::Transfer(target, description) => {
                let handed = self.session_transfer(actor, id, *target, description, None).await;
                one_of(handed.map(|(session, _)| session))
            }
            BulkAction::Close => one_of(self.session_close(actor, id, None).await),
            BulkAction::Resolve(summary) => one_of(self.session_resolve(actor, id, summary, None).await),
            BulkAction::Status(status) => one_of(self.session_status_update(actor, id, status, None).await),
            BulkAction::TagsAdd(tags) => one_of(self.session_tags_add(actor, id, tags).await),
            BulkAction::TagsRemove(tags) => one_of(self.session_tags_remove(actor, id, tags).await),
            BulkAction::Priority(priority) => one_of(self.session_priority_update(actor, id, *priority, None).await),
        }
    }
}

fn one_of<R: Into<BulkRefusal>>(outcome: Result<Session, Rejected<R>>) -> Result<Session, Rejected<BulkRefusal>> {
    outcome.map_err(|rejected| match rejected {
        Rejected::Refused(refusal) => Rejected::Refused(refusal.into()),
        Rejected::Failed(error) => Rejected::Failed(error),
    })
}
