//! Doing the same to many sessions.

mod refusal;
mod repeat;

use domain::filter::{SessionFilter, SessionOrder, SessionOrderField};
use domain::session::Target;
use domain::{AgentId, ApiScope, Priority, ProjectId, Session, SessionId, TagId};

pub use refusal::{BulkReason, BulkRefusal};

use super::{NewStatus, Premise, SessionRefusal};
use crate::idempotency::Request;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, PageRequest, Rejected};

/// The most sessions of one request.
pub const BULK_SESSIONS: usize = 100;

/// To which sessions something is done.
#[derive(Debug, Clone)]
pub enum BulkScope {
    /// To these.
    These(Vec<SessionId>),
    /// To those that go on for the actor and for which a filter holds: at most so many, whose last messages are the oldest.
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
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<SessionsBulkRefusal>> From<E> for Rejected<SessionsBulkRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

/// What came of it for one session.
#[derive(Debug)]
pub struct BulkOutcome {
    /// The session.
    pub session_id: SessionId,
    /// The session as it is now, if the actor sees it still, or why it was left as it is.
    pub outcome: Result<Option<Session>, BulkRefused>,
}

/// Why a session was left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRefused {
    /// In one word.
    pub reason: BulkReason,
    /// In a sentence.
    pub message: String,
}

impl BulkRefused {
    fn of(refusal: &BulkRefusal) -> Self {
        Self { reason: refusal.reason(), message: refusal.to_string() }
    }
}

impl Desk {
    /// Does the same to many sessions of a project, one after the other in the order of their identifiers, each as if it
    /// were asked for alone: with the same checks, events and audit entries, and in a transaction of its own. What is
    /// refused for one of them stops none of the others. Under a key, nothing is done twice.
    pub async fn sessions_bulk(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        scope: BulkScope,
        action: &BulkAction,
        idempotency_key: Option<&str>,
    ) -> Result<Vec<BulkOutcome>, Rejected<SessionsBulkRefusal>> {
        actor.needs(ApiScope::SessionsRead)?;
        actor.needs(ApiScope::SessionsWrite)?;
        if self.role_in(actor, project_id).await?.is_none() {
            return Err(SessionsBulkRefusal::ProjectNotFound.into());
        }
        // The written form of these for whoever develops has everything that is in them.
        let input = format!("{project_id} {scope:?} {action:?}");
        let request = Request::new(actor.agent.id, idempotency_key, "sessionsBulk", &input)??;
        if request.is_keyed() {
            return Box::pin(self.bulk_once(actor, (project_id, scope), action, &request)).await;
        }
        let ids = self.ids_in(actor, project_id, scope).await?;
        Ok(self.bulk_each(actor, project_id, &ids, action, None).await?)
    }

    /// `request` is the number of the request, if it came under a key.
    async fn bulk_each(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        ids: &[SessionId],
        action: &BulkAction,
        request: Option<i64>,
    ) -> Result<Vec<BulkOutcome>, Error> {
        let of_project = self.sessions_by_id(actor, ids).await?;
        let mut outcomes = Vec::with_capacity(ids.len());
        for &session_id in ids {
            let is_there = of_project.iter().any(|one| one.id == session_id && one.project_id == project_id);
            let done = if is_there {
                self.bulk_one(actor, session_id, action, Premise::OneOfMany(request)).await
            } else {
                Err(Rejected::Refused(SessionRefusal::NotFound.into()))
            };
            let outcome = done.map(Some).map_err(|rejected| match rejected {
                Rejected::Refused(refusal) => BulkRefused::of(&refusal),
                Rejected::Failed(error) => {
                    tracing::error!(%error, session = %session_id, "one session of a bulk request failed");
                    BulkRefused::of(&BulkRefusal::Failed)
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
                return Err(SessionsBulkRefusal::WrongCount.into());
            }
            BulkScope::These(ids) => ids,
            BulkScope::Filtered(filter, limit) => {
                if !usize::try_from(limit).is_ok_and(|limit| (1..=BULK_SESSIONS).contains(&limit)) {
                    return Err(SessionsBulkRefusal::WrongCount.into());
                }
                let order = SessionOrder { field: SessionOrderField::LastMessageAt, descending: false };
                let page = PageRequest { first: Some(limit), after: None, last: None, before: None, counted: false };
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
        premise: Premise,
    ) -> Result<Session, Rejected<BulkRefusal>> {
        match action {
            BulkAction::Assign(agent) => one_of(self.session_assign_on(actor, id, *agent, premise).await),
            BulkAction::Transfer(target, description) => {
                let handed = self.session_transfer_on(actor, id, *target, description, premise).await;
                one_of(handed.map(|(session, _)| session))
            }
            BulkAction::Close => one_of(self.session_close_on(actor, id, premise).await),
            BulkAction::Resolve(summary) => one_of(self.session_resolve_on(actor, id, summary, premise).await),
            BulkAction::Status(status) => one_of(self.session_status_update_on(actor, id, status, premise).await),
            BulkAction::TagsAdd(tags) => one_of(self.session_tags_add_on(actor, id, tags, premise).await),
            BulkAction::TagsRemove(tags) => one_of(self.session_tags_remove_on(actor, id, tags, premise).await),
            BulkAction::Priority(priority) => {
                one_of(self.session_priority_update_on(actor, id, *priority, premise).await)
            }
        }
    }
}

fn one_of<R: Into<BulkRefusal>>(outcome: Result<Session, Rejected<R>>) -> Result<Session, Rejected<BulkRefusal>> {
    outcome.map_err(|rejected| match rejected {
        Rejected::Refused(refusal) => Rejected::Refused(refusal.into()),
        Rejected::Failed(error) => Rejected::Failed(error),
    })
}
