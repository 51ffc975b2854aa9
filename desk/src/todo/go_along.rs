//! What is owed in sessions that go into other hands.

use domain::todo::Owner;
use domain::{AgentId, Session, Time};
use store::Tx;

use super::{schedule_reminder, todo_event};

/// Has what an agent owes in a session that was theirs go along with it: whoever has the session from then on sees to it, also
/// if nobody does yet. The session is locked, and `now` is its project's clock.
pub(crate) async fn go_along(tx: &mut Tx, session: &Session, from: AgentId, now: Time) -> Result<(), store::Error> {
    let to = Owner { agent_id: session.assignee_id, team_id: None };
    let mut moved = tx.lock_open_todos_of(&[session.id.0]).await?;
    moved.retain_mut(|todo| todo.go_along(from, to));
    if moved.is_empty() {
        return Ok(());
    }
    let Some(project) = tx.project(session.project_id).await? else { return Ok(()) };
    let wall = project.wall(now);
    for mut todo in moved {
        todo.updated_at = now;
        let todo = tx.update_todo(&todo).await?;
        schedule_reminder(tx, &todo, now, wall).await?;
        tx.append_events(&[todo_event(&todo, now)], wall).await?;
    }
    Ok(())
}
