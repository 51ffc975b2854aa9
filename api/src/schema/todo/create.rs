//! Noting what is owed to a customer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::todo::{NewTodo, OwnerRefusal, TodoCreateRefusal as Refusal};
use domain::todo::TodoContentRefusal as Content;

use super::{Todo, TodoKind};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `todoCreate` takes.
#[derive(InputObject)]
pub(crate) struct TodoCreateInput {
    /// The global id of the session in which it came up.
    session_id: ID,
    /// What is owed.
    kind: TodoKind,
    /// What there is to say about it, up to 500 characters. Null or left out for nothing, which only a return visit takes.
    text: Option<String>,
    /// From when on it can be done, on the project's clock. Null or left out for any time.
    due_from: Option<DateTime>,
    /// Until when it is to be done, on the project's clock, up to 366 days ahead.
    due_at: DateTime,
    /// The global id of the agent who sees to it. Null or left out: the team does or, without one, you do.
    agent_id: Option<ID>,
    /// The global id of the team that sees to it. Null or left out: the agent does.
    team_id: Option<ID>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other to-do and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `todoCreate`.
#[derive(SimpleObject)]
pub(crate) struct TodoCreatePayload {
    /// The new to-do. Null if none was made.
    todo: Option<Todo>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TodoCreateError>,
}

user_error! {
    /// Why `todoCreate` did nothing.
    TodoCreateError,
    /// The reasons of `todoCreate` to do nothing.
    TodoCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such session, or it does not go on for you.
        SessionNotFound,
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
        /// The session has 50 open to-dos.
        TooMany,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct TodoCreate;

#[Object]
impl TodoCreate {
    /// Notes what is owed to the customer of a session that goes on for you. Whoever sees to it is reminded in Telegram when
    /// it is due. It stays, whoever gets the session.
    async fn todo_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is owed, when it is due and who sees to it.")] input: TodoCreateInput,
    ) -> Result<TodoCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TodoCreatePayload { todo: done.map(|todo| Todo::new(Arc::new(todo), &view)), user_errors })
    }
}

async fn run(view: &View, input: TodoCreateInput) -> Result<domain::Todo, Stop<domain::Todo, TodoCreateError>> {
    use TodoCreateErrorCode as Code;
    let invalid = |field| move |invalid| TodoCreateError::new(Code::InvalidId, Some(field), invalid);
    let new = NewTodo {
        session_id: id::parse(&input.session_id).map_err(invalid("sessionId"))?,
        kind: input.kind.into(),
        text: input.text.unwrap_or_default(),
        due_from: input.due_from.map(|time| time.0),
        due_at: input.due_at.0,
        agent_id: input.agent_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("agentId"))?,
        team_id: input.team_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("teamId"))?,
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().todo_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Todo, TodoCreateError> {
    use TodoCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::SessionNotFound => (Code::SessionNotFound, Some("sessionId")),
        Refusal::Content(Content::Empty) => (Code::TextEmpty, Some("text")),
        Refusal::Content(Content::TooLong) => (Code::TextTooLong, Some("text")),
        Refusal::Content(Content::DuePast) => (Code::DuePast, Some("dueAt")),
        Refusal::Content(Content::DueTooFar) => (Code::DueTooFar, Some("dueAt")),
        Refusal::Content(Content::DueFromAfterDue) => (Code::DueFromAfterDue, Some("dueFrom")),
        Refusal::Owner(OwnerRefusal::Both) => (Code::TwoOwners, Some("teamId")),
        Refusal::Owner(OwnerRefusal::NoSuchAgent) => (Code::NoSuchAgent, Some("agentId")),
        Refusal::Owner(OwnerRefusal::NoSuchTeam) => (Code::NoSuchTeam, Some("teamId")),
        Refusal::TooMany => (Code::TooMany, Some("sessionId")),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
    };
    TodoCreateError::new(code, field, refusal).into()
}
