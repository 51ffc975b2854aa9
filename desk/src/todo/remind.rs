//! Reminding whoever sees to something.

use chrono::Duration;
use domain::{Time, TodoId};
use store::Tx;

use super::todo_event;
use crate::Error;
use crate::job::{Next, PUT_AWAY};
use crate::staff::tell_of_todo;

/// The kind of the job that reminds of a to-do.
pub(crate) const REMIND: &str = "todo_reminder";
/// How long to wait for a to-do that somebody is changing.
const BUSY: Duration = Duration::seconds(1);

/// Reminds whoever sees to a to-do if it is time and it is still to be done: once it can be done, and once more when the time
/// for it ends.
pub(crate) async fn remind(tx: &mut Tx, id: TodoId, wall: Time) -> Result<Next, Error> {
    // Who changes it may be about to move this very job, which is locked.
    let Some(mut todo) = tx.lock_todo_if_free(id).await? else {
        let is_there = !tx.todos(&[id.0]).await?.is_empty();
        return Ok(if is_there { Next::Again(wall + BUSY) } else { Next::Done });
    };
    let Some(remind_at) = todo.next_reminder() else { return Ok(Next::Done) };
    let project = tx.project(todo.project_id).await?.ok_or(Error::NotFound("project"))?;
    let now = project.time(wall);
    if remind_at > now {
        return Ok(Next::Again(wall + (remind_at - now)));
    }
    if project.archived_at.is_some() {
        return Ok(Next::Again(wall + PUT_AWAY));
    }
    let session = tx.session(todo.session_id).await?.ok_or(Error::NotFound("session"))?;
    tell_of_todo(tx, &project, &session, &todo, wall).await?;
    todo.reminded_at = Some(now);
    let todo = tx.update_todo(&todo).await?;
    tx.append_events(&[todo_event(&todo, now)], wall).await?;
    Ok(todo.next_reminder().map_or(Next::Done, |next| Next::Again(wall + (next - now))))
}
