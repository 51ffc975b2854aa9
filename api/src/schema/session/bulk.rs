//! Doing the same to many sessions.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::session::{BulkAction, BulkScope, SessionsBulkRefusal as Refusal};
use domain::session::Target;
use domain::{AgentId, TagId, TeamId};

use super::bulk_result::{SessionsBulkResult, count};
use super::status_update::{SessionFollowUpInput, SessionOpenStatus, new_status};
use super::{SessionFilter, SessionPriority};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::View;

/// What is done to each session. Each needs the fields of the input that are named here, and takes no notice of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SessionsBulkAction {
    /// As `sessionAssign`, with `agentId`; null for nobody.
    Assign,
    /// As `sessionTransfer`, with `agentId` or `teamId`, and `description`.
    Transfer,
    /// As `sessionClose`.
    Close,
    /// As `sessionResolve`, with `summary` if there is anything to say.
    Resolve,
    /// As `sessionStatusUpdate`, with `status` and, for `FOLLOW_UP`, `followUp`.
    Status,
    /// As `sessionTagsAdd`, with `tagIds`.
    TagsAdd,
    /// As `sessionTagsRemove`, with `tagIds`.
    TagsRemove,
    /// As `sessionPriorityUpdate`, with `priority`.
    Priority,
}

/// What `sessionsBulk` takes.
#[derive(InputObject)]
pub(crate) struct SessionsBulkInput {
    /// The global id of the project.
    project_id: ID,
    /// The global ids of the sessions, from 1 to 100. Give these or `filter`.
    session_ids: Option<Vec<ID>>,
    /// Which sessions to take, of those that `sessions` shows you. Give this with `limit`, or `sessionIds`.
    filter: Option<SessionFilter>,
    /// How many of those at most, from 1 to 100: the oldest.
    limit: Option<i32>,
    /// What is done to each of them.
    action: SessionsBulkAction,
    /// The global id of an agent.
    agent_id: MaybeUndefined<ID>,
    /// The global id of a team.
    team_id: Option<ID>,
    /// What a transfer is about, from 1 to 2000 characters.
    description: Option<String>,
    /// What was done, up to 2000 characters.
    summary: Option<String>,
    /// Where the sessions are to stand.
    status: Option<SessionOpenStatus>,
    /// What they are to wait for.
    follow_up: Option<SessionFollowUpInput>,
    /// The global ids of tags, at most 50.
    tag_ids: Option<Vec<ID>>,
    /// How pressing they are.
    priority: Option<SessionPriority>,
}

/// What came of `sessionsBulk`.
#[derive(SimpleObject)]
pub(crate) struct SessionsBulkPayload {
    /// What came of it for each session, in the order in which it was done. Empty if nothing was begun.
    results: Vec<SessionsBulkResult>,
    /// For how many sessions it was done.
    done: i32,
    /// For how many sessions it was refused.
    refused: i32,
    /// Why nothing was begun. Empty if something was.
    user_errors: Vec<SessionsBulkError>,
}

user_error! {
    /// Why `sessionsBulk` did not begin.
    SessionsBulkError,
    /// The reasons of `sessionsBulk` not to begin.
    SessionsBulkErrorCode {
        /// This is not the id of a project, a session, an agent, a team or a tag.
        InvalidId,
        /// There is no such project, or you do not work in it.
        ProjectNotFound,
        /// Neither `sessionIds` nor `filter` was given, or both were.
        ScopeRequired,
        /// There are no sessions, or more than 100, or `limit` is not from 1 to 100.
        WrongCount,
        /// What the action needs was left out.
        ArgumentMissing,
        /// There are more than 50 tags.
        TooManyTags,
    }
}

#[derive(Default)]
pub(crate) struct SessionsBulk;

#[Object]
impl SessionsBulk {
    /// Does the same to many sessions, one after the other, each as if you had asked for it alone: with the same checks,
    /// events and audit entries. What is refused for one stops none of the others, and what was done stays done.
    async fn sessions_bulk(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The sessions and what is done to them.")] input: SessionsBulkInput,
    ) -> Result<SessionsBulkPayload> {
        let view = View::fresh(context).await?;
        let (results, user_errors) = settle(bulk(&view, input).await)?;
        let results = results.unwrap_or_default();
        let done = results.iter().filter(|result| result.is_done()).count();
        Ok(SessionsBulkPayload { done: count(done), refused: count(results.len() - done), results, user_errors })
    }
}

type Stopped = Stop<Vec<SessionsBulkResult>, SessionsBulkError>;

async fn bulk(view: &View, input: SessionsBulkInput) -> Result<Vec<SessionsBulkResult>, Stopped> {
    use SessionsBulkErrorCode as Code;
    let project = id::parse(&input.project_id).map_err(invalid("projectId"))?;
    let action = action_of(&input)?;
    let scope = scope_of(input)?;
    let outcomes = view.desk().sessions_bulk(view.actor(), project, scope, &action).await;
    let outcomes = outcomes.map_err(|rejected| {
        Stop::of(rejected, |refusal| {
            let (code, field) = match refusal {
                Refusal::ProjectNotFound => (Code::ProjectNotFound, "projectId"),
                Refusal::WrongCount => (Code::WrongCount, "sessionIds"),
            };
            SessionsBulkError::new(code, Some(field), refusal).into()
        })
    })?;
    Ok(outcomes.into_iter().map(|outcome| SessionsBulkResult::new(outcome, view)).collect())
}

fn invalid(field: &'static str) -> impl Fn(id::InvalidId) -> SessionsBulkError {
    move |invalid| SessionsBulkError::new(SessionsBulkErrorCode::InvalidId, Some(field), invalid)
}

fn missing(field: &'static str, message: impl std::fmt::Display) -> Stopped {
    SessionsBulkError::new(SessionsBulkErrorCode::ArgumentMissing, Some(field), message).into()
}

fn scope_of(input: SessionsBulkInput) -> Result<BulkScope, Stopped> {
    use SessionsBulkErrorCode as Code;
    match (input.session_ids, input.filter) {
        (Some(ids), None) => {
            let ids: Result<Vec<_>, _> = ids.iter().map(|id| id::parse(id)).collect();
            Ok(BulkScope::These(ids.map_err(invalid("sessionIds"))?))
        }
        (None, Some(filter)) => {
            let limit = input.limit.ok_or_else(|| missing("limit", "say by `limit` how many sessions at most"))?;
            Ok(BulkScope::Filtered(filter.condition().map_err(Stop::Failed)?, limit))
        }
        _ => {
            let message = "give `sessionIds` or `filter`, and not both";
            Err(SessionsBulkError::new(Code::ScopeRequired, Some("sessionIds"), message).into())
        }
    }
}

fn action_of(input: &SessionsBulkInput) -> Result<BulkAction, Stopped> {
    let agent = || match &input.agent_id {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Null => Ok(Some(None)),
        MaybeUndefined::Value(agent) => Ok(Some(Some(id::parse::<AgentId>(agent).map_err(invalid("agentId"))?))),
    };
    Ok(match input.action {
        SessionsBulkAction::Assign => {
            let agent: Result<_, Stopped> = agent();
            BulkAction::Assign(agent?.ok_or_else(|| missing("agentId", "give `agentId`, or null for nobody"))?)
        }
        SessionsBulkAction::Transfer => {
            let agent: Result<_, Stopped> = agent();
            let target = match (agent?.flatten(), &input.team_id) {
                (Some(agent), None) => Target::Agent(agent),
                (None, Some(team)) => Target::Team(id::parse::<TeamId>(team).map_err(invalid("teamId"))?),
                _ => return Err(missing("agentId", "give `agentId` or `teamId`, and not both")),
            };
            BulkAction::Transfer(target, input.description.clone().unwrap_or_default())
        }
        SessionsBulkAction::Close => BulkAction::Close,
        SessionsBulkAction::Resolve => BulkAction::Resolve(input.summary.clone().unwrap_or_default()),
        SessionsBulkAction::Status => {
            let status = input.status.ok_or_else(|| missing("status", "say by `status` where they are to stand"))?;
            let wrong = |mismatch| missing("followUp", mismatch);
            BulkAction::Status(new_status(status, input.follow_up.as_ref()).map_err(wrong)?)
        }
        SessionsBulkAction::TagsAdd => BulkAction::TagsAdd(tags_of(input)?),
        SessionsBulkAction::TagsRemove => BulkAction::TagsRemove(tags_of(input)?),
        SessionsBulkAction::Priority => {
            let missing = || missing("priority", "say by `priority` how pressing they are");
            BulkAction::Priority(input.priority.ok_or_else(missing)?.into())
        }
    })
}

fn tags_of(input: &SessionsBulkInput) -> Result<Vec<TagId>, Stopped> {
    let ids = input.tag_ids.as_deref().filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| missing("tagIds", "give at least one tag by `tagIds`"))?;
    if ids.len() > domain::tag::TAGS_OF_SESSION {
        let message = "a session has at most 50 tags: give fewer";
        let error = SessionsBulkError::new(SessionsBulkErrorCode::TooManyTags, Some("tagIds"), message);
        return Err(error.into());
    }
    let ids: Result<Vec<TagId>, _> = ids.iter().map(|id| id::parse(id)).collect();
    Ok(ids.map_err(invalid("tagIds"))?)
}
