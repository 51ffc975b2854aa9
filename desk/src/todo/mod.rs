//! To-dos: what is owed to customers.

mod cancel;
mod change;
mod create;
mod go_along;
mod list;
mod remind;
mod return_visit;
mod team_gone;
mod update;

pub(crate) use cancel::{cancel_return_visits, erase_todos};
pub use create::{NewTodo, OwnerRefusal, TodoCreateRefusal};
pub(crate) use go_along::go_along;
pub(crate) use remind::{REMIND, remind};
pub(crate) use return_visit::plan_return_visit;
pub(crate) use team_gone::leave_team;
pub use update::{TodoChange, TodoUpdateRefusal};

use domain::event::{Cause, NewEvent};
use domain::{EventKind, Time, Todo};
use store::Tx;
use store::jobs::NewJob;

/// The name under which requests are remembered.
pub(crate) const OPERATION: &str = "todoCreate";

/// An event about a to-do.
fn todo_event(todo: &Todo, at: Time) -> NewEvent {
    NewEvent {
        project_id: todo.project_id,
        kind: EventKind::TodoUpdated,
        session_id: todo.session_id,
        customer_id: todo.customer_id,
        message_id: None,
        ticket: None,
        clock_id: None,
        todo_id: Some(todo.id),
        cause: Cause::Todo,
        at,
        audience_before: None,
    }
}

/// The key of the job that reminds of a to-do.
fn job_key(todo: &Todo) -> String {
    format!("{REMIND}:{}", todo.id)
}

/// Has whoever sees to a to-do reminded when it is time, if there is something left to remind them of. `now` is the project's
/// clock.
async fn schedule_reminder(tx: &mut Tx, todo: &Todo, now: Time, wall: Time) -> Result<(), store::Error> {
    let Some(remind_at) = todo.next_reminder() else { return Ok(()) };
    let job = NewJob {
        key: job_key(todo),
        project_id: Some(todo.project_id),
        kind: REMIND,
        payload: todo.id.to_string(),
        due_at: wall + (remind_at - now),
    };
    tx.schedule_job(&job, wall).await
}
