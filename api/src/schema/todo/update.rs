//! Changing what is owed to a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::todo::{OwnerRefusal, TodoChange, TodoUpdateRefusal as Refusal};
use domain::todo::TodoContentRefusal as Content;

use super::Todo;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `todoUpdate` takes. What is left out stays as it is.
#[derive(InputObject)]
pub(crate) struct TodoUpdateInput {
    /// The global id of the to-do.
    todo_id: ID,
    /// What there is to say about it, up to 500 characters. Null or left out: it stays as it is.
    text: Option<String>,
    /// From when on it can be done, on the project's clock; null for any time. Left out: it stays as it is.
    due_from: MaybeUndefined<DateTime>,
    /// Until when it is to be done, on the project's clock, up to 366 days ahead. Null or left out: it stays as it is.
    due_at: Option<DateTime>,
    /// The global id of the agent who sees to it from now on. Null or left out: the team does or, without one, nothing
    /// changes about that.
    agent_id: Option<ID>,
    /// The global id of the team that sees to it from now on. Null or left out: the agent does or, without one, nothing
    /// changes about that.
    team_id: Option<ID>,
    /// The version of the to-do that you have seen. If given and it has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `todoUpdate`.
#[derive(SimpleObject)]
pub(crate) struct TodoUpdatePayload {
    /// The to-do as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    todo: Option<Todo>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TodoUpdateError>,
}

user_error! {
    /// Why `todoUpdate` did nothing.
    TodoUpdateError,
    /// The reasons of `todoUpdate` to do nothing.
    TodoUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such to-do, or it is not for you to see.
        TodoNotFound,
        /// The to-do has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// It is done or given up.
        AlreadySettled,
        /// There is no text.
        TextEmpty,
        /// The text has more than 500 characters.
        TextTooLong,
        /// The time at which it is due has passed.
        DuePast,
        /// The time at which it is due is more than 366 days ahead.
        DueTooFar,
        /// `dueFrom` is after `dueAt`.
        DueFromAfterDue,
        /// Both an agent and a team are to see to it.
        TwoOwners,
        /// The agent is unknown, not active, or has no role in the project.
        NoSuchAgent,
        /// The team is not of the project.
        NoSuchTeam,
    }
}

#[derive(Default)]
pub(crate) struct TodoUpdate;

#[Object]
impl TodoUpdate {
    /// Changes what is owed, when it is due or who sees to it. For those who see it.
    async fn todo_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The to-do and what is to change.")] input: TodoUpdateInput,
    ) -> Result<TodoUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TodoUpdatePayload { todo: done.map(|todo| Todo::new(Arc::new(todo), &view)), user_errors })
    }
}

async fn run(view: &View, input: TodoUpdateInput) -> Result<domain::Todo, Stop<domain::Todo, TodoUpdateError>> {
    use TodoUpdateErrorCode as Code;
    let invalid = |field| move |invalid| TodoUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.todo_id).map_err(invalid("todoId"))?;
    let agent = input.agent_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("agentId"))?;
    let team = input.team_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("teamId"))?;
    let change = TodoChange {
        text: input.text,
        due_from: match input.due_from {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(time) => Some(Some(time.0)),
        },
        due_at: input.due_at.map(|time| time.0),
        owner: TodoChange::owned_by(agent, team),
        expected_version: input.expected_version,
    };
    let changed = view.desk().todo_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Todo, TodoUpdateError> {
    use TodoUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::TodoNotFound, Some("todoId")),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Settled => (Code::AlreadySettled, Some("todoId")),
        Refusal::Content(Content::Empty) => (Code::TextEmpty, Some("text")),
        Refusal::Content(Content::TooLong) => (Code::TextTooLong, Some("text")),
        Refusal::Content(Content::DuePast) => (Code::DuePast, Some("dueAt")),
        Refusal::Content(Content::DueTooFar) => (Code::DueTooFar, Some("dueAt")),
        Refusal::Content(Content::DueFromAfterDue) => (Code::DueFromAfterDue, Some("dueFrom")),
        Refusal::Owner(OwnerRefusal::Both) => (Code::TwoOwners, Some("teamId")),
        Refusal::Owner(OwnerRefusal::NoSuchAgent) => (Code::NoSuchAgent, Some("agentId")),
        Refusal::Owner(OwnerRefusal::NoSuchTeam) => (Code::NoSuchTeam, Some("teamId")),
    };
    let error = TodoUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(todo) = refusal { Some(*todo) } else { None };
    Stop::Refused { error, current }
}
