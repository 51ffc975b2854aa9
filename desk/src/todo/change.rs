//! What every change of a to-do has in common.

use domain::audit::ObjectKind;
use domain::{Project, Time, Todo, TodoId};
use serde_json::json;
use store::Tx;

use super::todo_event;
use crate::audit::Audited;
use crate::{Actor, Desk, Error};

/// A to-do that is being changed in a transaction, on its project's clock.
pub(super) struct TodoInChange {
    pub(super) tx: Tx,
    pub(super) todo: Todo,
    pub(super) project: Project,
    pub(super) now: Time,
    pub(super) wall: Time,
}

impl Desk {
    /// Locks a to-do for a change by the actor; nothing if there is none, or it is not for them to see.
    pub(super) async fn change_todo(&self, actor: &Actor, id: TodoId) -> Result<Option<TodoInChange>, Error> {
        let mut tx = self.store.begin().await?;
        let Some(todo) = tx.lock_todo(id).await? else { return Ok(None) };
        let project = tx.project(todo.project_id).await?.ok_or(Error::NotFound("project"))?;
        let Some(sight) = actor.sight_in(project.id, project.workspace_id) else { return Ok(None) };
        if tx.visible_todos(&sight, &[id.0]).await?.is_empty() {
            return Ok(None);
        }
        let wall = self.now();
        let now = project.time(wall);
        Ok(Some(TodoInChange { tx, todo, project, now, wall }))
    }

    /// Writes the changed to-do with its event and its audit entry, and commits.
    pub(super) async fn finish_todo(
        &self,
        mut change: TodoInChange,
        actor: &Actor,
        action: &'static str,
    ) -> Result<Todo, Error> {
        change.todo.updated_at = change.now;
        let todo = change.tx.update_todo(&change.todo).await?;
        let object = (ObjectKind::Todo, todo.id.0);
        let audited = Audited::in_project(&actor.agent, &change.project, action, object, change.wall);
        let details = json!({ "session": todo.session_id, "state": todo.state.name() });
        audited.with(&details).write(&mut change.tx).await?;
        change.tx.append_events(&[todo_event(&todo, change.now)], change.wall).await?;
        self.commit(change.tx).await?;
        Ok(todo)
    }
}
