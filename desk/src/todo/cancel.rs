//! Giving up what is not to be done any more.

use domain::todo::{TodoKind, TodoState};
use domain::{Project, SessionId, Time, Todo};
use store::Tx;

use super::{OPERATION, job_key, todo_event};

/// Gives up the return visits of sessions of a project that go on after they were resolved.
pub(crate) async fn cancel_return_visits(
    tx: &mut Tx,
    project: &Project,
    sessions: &[SessionId],
    wall: Time,
) -> Result<(), store::Error> {
    let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
    for todo in tx.lock_open_todos_of(&ids).await? {
        if todo.kind == TodoKind::ReturnVisit {
            cancel(tx, project, todo, wall).await?;
        }
    }
    Ok(())
}

/// Gives up what is owed in sessions whose customer is erased, and forgets what was said about it and about what is done.
pub(crate) async fn erase_todos(
    tx: &mut Tx,
    project: &Project,
    sessions: &[i64],
    wall: Time,
) -> Result<(), store::Error> {
    let todos = tx.todos_of_sessions(sessions).await?;
    let ids: Vec<i64> = todos.iter().map(|todo| todo.id.0).collect();
    for mut todo in todos {
        todo.text.clear();
        if todo.is_open() {
            cancel(tx, project, todo, wall).await?;
        } else {
            tx.update_todo(&todo).await?;
        }
    }
    tx.forget_requests(OPERATION, &ids).await
}

async fn cancel(tx: &mut Tx, project: &Project, mut todo: Todo, wall: Time) -> Result<(), store::Error> {
    let now = project.time(wall);
    todo.settle(TodoState::Cancelled, None, now);
    tx.remove_job(&job_key(&todo)).await?;
    let todo = tx.update_todo(&todo).await?;
    tx.append_events(&[todo_event(&todo, now)], wall).await
}
