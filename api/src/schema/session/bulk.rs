//! Doing the same to many sessions.

use async_graphql::{Context, Enum, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::session::{BulkAction, BulkScope, SessionsBulkRefusal as Refusal};
use domain::session::Target;
use domain::{AgentId, TagId, TeamId};

use super::bulk_result::{SessionsBulkResult, count};
use super::status_update::{SessionFollowUpInput, SessionOpenStatus, new_status};
use super::{SessionFilter, SessionPriority};
use crate::schema::error::Result;
use crate::schema::id::{self, Identifier};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What is done to each session. Each needs the fields of the input that are named here, and takes no others.
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
    /// How many of those at most, from 1 to 100: those whose last messages are the oldest. Not with `sessionIds`.
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
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input does nothing twice and gives the same results again, for the sessions that were meant the first time:
    /// which they were and what came of each is kept, and the sessions are shown as they are then. What was not done before
    /// the request was broken off, or ended in `TRY_AGAIN`, is done when it comes again. Null or left out: sending again is
    /// another request.
    idempotency_key: Option<String>,
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
        /// There is a `limit` beside `sessionIds`, which say by themselves how many they are; or something that the action has
        /// no use for.
        InvalidArgument,
        /// There are more than 50 tags.
        TooManyTags,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
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
        let (results, user_errors) = settled(bulk(&view, input)).await?;
        let results = results.unwrap_or_default();
        let done = results.iter().filter(|result| result.is_done()).count();
        Ok(SessionsBulkPayload { done: count(done), refused: count(results.len() - done), results, user_errors })
    }
}

type Stopped = Stop<Vec<SessionsBulkResult>, SessionsBulkError>;

async fn bulk(view: &View, mut input: SessionsBulkInput) -> Result<Vec<SessionsBulkResult>, Stopped> {
    use SessionsBulkErrorCode as Code;
    let project = id::parse(&input.project_id).map_err(invalid("projectId"))?;
    check_fields(&input)?;
    let action = action_of(&input)?;
    let key = input.idempotency_key.take();
    let scope = scope_of(input)?;
    let outcomes = view.desk().sessions_bulk(view.actor(), project, scope, &action, key.as_deref()).await;
    let outcomes = outcomes.map_err(|rejected| {
        Stop::of(rejected, |refusal| {
            let (code, field) = match refusal {
                Refusal::ProjectNotFound => (Code::ProjectNotFound, "projectId"),
                Refusal::WrongCount => (Code::WrongCount, "sessionIds"),
                Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
                    (Code::IdempotencyKeyMalformed, "idempotencyKey")
                }
                Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => {
                    (Code::IdempotencyKeyReused, "idempotencyKey")
                }
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

/// Refuses what the action has no use for: whoever gave it means another one.
fn check_fields(input: &SessionsBulkInput) -> Result<(), Stopped> {
    let given = [
        ("agentId", matches!(input.agent_id, MaybeUndefined::Value(_))),
        ("teamId", input.team_id.is_some()),
        ("description", input.description.is_some()),
        ("summary", input.summary.is_some()),
        ("status", input.status.is_some()),
        ("followUp", input.follow_up.is_some()),
        ("tagIds", input.tag_ids.is_some()),
        ("priority", input.priority.is_some()),
    ];
    let used: &[&str] = match input.action {
        SessionsBulkAction::Assign => &["agentId"],
        SessionsBulkAction::Transfer => &["agentId", "teamId", "description"],
        SessionsBulkAction::Close => &[],
        SessionsBulkAction::Resolve => &["summary"],
        SessionsBulkAction::Status => &["status", "followUp"],
        SessionsBulkAction::TagsAdd | SessionsBulkAction::TagsRemove => &["tagIds"],
        SessionsBulkAction::Priority => &["priority"],
    };
    match given.into_iter().find(|(field, is_given)| *is_given && !used.contains(field)) {
        Some((field, _)) => {
            let message = format!("this action has no use for `{field}`: leave it out, or choose the action that has");
            Err(SessionsBulkError::new(SessionsBulkErrorCode::InvalidArgument, Some(field), message).into())
        }
        None => Ok(()),
    }
}

fn scope_of(input: SessionsBulkInput) -> Result<BulkScope, Stopped> {
    use SessionsBulkErrorCode as Code;
    match (input.session_ids, input.filter) {
        (Some(_), None) if input.limit.is_some() => {
            let message = "`limit` is for `filter`: leave it out, or give `filter` in place of `sessionIds`";
            Err(SessionsBulkError::new(Code::InvalidArgument, Some("limit"), message).into())
        }
        (Some(ids), None) => Ok(BulkScope::These(ids_of("sessionIds", &ids)?)),
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
    ids_of("tagIds", ids)
}

/// The ids in a list, each of which is to be one.
fn ids_of<I: Identifier>(field: &'static str, ids: &[ID]) -> Result<Vec<I>, Stopped> {
    let read = |(place, id): (usize, &ID)| {
        id::parse(id).map_err(|invalid| {
            let place = [field.to_owned(), place.to_string()];
            SessionsBulkError::at(SessionsBulkErrorCode::InvalidId, place, invalid).into()
        })
    };
    ids.iter().enumerate().map(read).collect()
}
