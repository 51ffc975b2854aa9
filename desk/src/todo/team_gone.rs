//! To-dos whose team is deleted.

use domain::todo::Owner;
use domain::{Project, TeamId, Time};
use store::Tx;

use super::{schedule_reminder, todo_event};

/// Has whoever has the session see to what a team owed in it.
pub(crate) async fn leave_team(tx: &mut Tx, project: &Project, team: TeamId, wall: Time) -> Result<(), store::Error> {
    let now = project.time(wall);
    for mut todo in tx.lock_open_todos_of_team(project.id, team).await? {
        todo.change_owner(Owner::default());
        todo.updated_at = now;
        let todo = tx.update_todo(&todo).await?;
        schedule_reminder(tx, &todo, now, wall).await?;
        tx.append_events(&[todo_event(&todo, now)], wall).await?;
    }
    Ok(())
}
