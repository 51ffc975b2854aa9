//! Noting that what was owed is done.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::todo::TodoUpdateRefusal as Refusal;

use super::Todo;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `todoDone` takes.
#[derive(InputObject)]
pub(crate) struct TodoDoneInput {
    /// The global id of the to-do.
    todo_id: ID,
    /// The version of the to-do that you have seen. If given and it has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `todoDone`.
#[derive(SimpleObject)]
pub(crate) struct TodoDonePayload {
    /// The to-do as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    todo: Option<Todo>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TodoDoneError>,
}

user_error! {
    /// Why `todoDone` did nothing.
    TodoDoneError,
    /// The reasons of `todoDone` to do nothing.
    TodoDoneErrorCode {
        /// This is not the id of a to-do.
        InvalidId,
        /// There is no such to-do, or it is not for you to see.
        TodoNotFound,
        /// The to-do has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// It is done or given up already.
        AlreadySettled,
    }
}

#[derive(Default)]
pub(crate) struct TodoDone;

#[Object]
impl TodoDone {
    /// Notes that what was owed is done. For those who see the to-do.
    async fn todo_done(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The to-do that is done.")] input: TodoDoneInput,
    ) -> Result<TodoDonePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        Ok(TodoDonePayload { todo: done.map(|todo| Todo::new(Arc::new(todo), &view)), user_errors })
    }
}

async fn run(view: &View, input: &TodoDoneInput) -> Result<domain::Todo, Stop<domain::Todo, TodoDoneError>> {
    use TodoDoneErrorCode as Code;
    let id =
        id::parse(&input.todo_id).map_err(|invalid| TodoDoneError::new(Code::InvalidId, Some("todoId"), invalid))?;
    let done = view.desk().todo_done(view.actor(), id, input.expected_version).await;
    done.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Todo, TodoDoneError> {
    use TodoDoneErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::TodoNotFound, "todoId"),
        Refusal::VersionConflict(_) => (Code::VersionConflict, "expectedVersion"),
        Refusal::Settled => (Code::AlreadySettled, "todoId"),
        Refusal::Content(_) | Refusal::Owner(_) => return Stop::unexpected(refusal),
    };
    let error = TodoDoneError::new(code, Some(field), &refusal);
    let current = if let Refusal::VersionConflict(todo) = refusal { Some(*todo) } else { None };
    Stop::Refused { error, current }
}
