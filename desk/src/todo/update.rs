//! Changing what is owed to a customer, and noting that it is done.

use domain::todo::{Owner, TodoContentRefusal, TodoState, check_due, parse_text};
use domain::{AgentId, ApiScope, TeamId, Time, Todo, TodoId};

use super::create::{OwnerRefusal, check_owner};
use super::{job_key, schedule_reminder};
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// What is to change of a to-do; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct TodoChange {
    /// What there is to say about it.
    pub text: Option<String>,
    /// From when on it can be done; nothing for any time.
    pub due_from: Option<Option<Time>>,
    /// Until when it is to be done.
    pub due_at: Option<Time>,
    /// Who sees to it from now on.
    pub owner: Option<Owner>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

impl TodoChange {
    /// An agent or a team sees to it from now on, if one is given.
    pub fn owned_by(agent_id: Option<AgentId>, team_id: Option<TeamId>) -> Option<Owner> {
        (agent_id.is_some() || team_id.is_some()).then_some(Owner { agent_id, team_id })
    }
}

/// Why a to-do was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TodoUpdateRefusal {
    /// There is no such to-do, or it is not for the actor to see.
    #[error("there is no such to-do")]
    NotFound,
    /// It is not at the version that the actor has seen.
    #[error("the to-do has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Todo>),
    /// It is done, or is not to be done any more.
    #[error("the to-do is settled already: note another one")]
    Settled,
    /// It cannot be taken.
    #[error(transparent)]
    Content(#[from] TodoContentRefusal),
    /// Nobody can see to it so.
    #[error(transparent)]
    Owner(#[from] OwnerRefusal),
}

impl<E: Into<TodoUpdateRefusal>> From<E> for Rejected<TodoUpdateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Changes what is owed, when it is due or who sees to it.
    pub async fn todo_update(
        &self,
        actor: &Actor,
        id: TodoId,
        change: &TodoChange,
    ) -> Result<Todo, Rejected<TodoUpdateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_todo_update(actor, id, change)).await
    }

    async fn try_todo_update(
        &self,
        actor: &Actor,
        id: TodoId,
        asked: &TodoChange,
    ) -> Result<Todo, Rejected<TodoUpdateRefusal>> {
        let mut change = self.change_todo(actor, id).await?.ok_or(TodoUpdateRefusal::NotFound)?;
        check_open(&change.todo, asked.expected_version)?;
        let before = change.todo.clone();
        let todo = &mut change.todo;
        if let Some(text) = &asked.text {
            todo.text = parse_text(todo.kind, text)?;
        }
        todo.due_from = asked.due_from.unwrap_or(todo.due_from);
        todo.due_at = asked.due_at.unwrap_or(todo.due_at);
        if let Some(owner) = asked.owner.filter(|owner| *owner != before.owner()) {
            todo.change_owner(owner);
        }
        if *todo == before {
            return Ok(before);
        }
        if todo.remind_at() != before.remind_at() {
            todo.reminded_at = None;
        }
        let (is_due_else, owner) = ((todo.due_from, todo.due_at) != (before.due_from, before.due_at), todo.owner());
        if is_due_else {
            check_due(todo.due_from, todo.due_at, change.now)?;
        }
        if owner != before.owner() {
            check_owner(&mut change.tx, &change.project, owner).await??;
        }
        if is_due_else || owner != before.owner() {
            schedule_reminder(&mut change.tx, &change.todo, change.now, change.wall).await?;
        }
        Ok(self.finish_todo(change, actor, "todoUpdate").await?)
    }

    /// Notes that what was owed is done.
    pub async fn todo_done(
        &self,
        actor: &Actor,
        id: TodoId,
        expected_version: Option<i64>,
    ) -> Result<Todo, Rejected<TodoUpdateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_todo_done(actor, id, expected_version)).await
    }

    async fn try_todo_done(
        &self,
        actor: &Actor,
        id: TodoId,
        expected_version: Option<i64>,
    ) -> Result<Todo, Rejected<TodoUpdateRefusal>> {
        let mut change = self.change_todo(actor, id).await?.ok_or(TodoUpdateRefusal::NotFound)?;
        check_open(&change.todo, expected_version)?;
        change.todo.settle(TodoState::Done, Some(actor.agent.id), change.now);
        change.tx.remove_job(&job_key(&change.todo)).await?;
        Ok(self.finish_todo(change, actor, "todoDone").await?)
    }
}

/// Fails unless a to-do is at the version that the actor has seen, if the change depends on it, and is to be done.
fn check_open(todo: &Todo, expected_version: Option<i64>) -> Result<(), TodoUpdateRefusal> {
    if expected_version.is_some_and(|expected| expected != todo.version) {
        return Err(TodoUpdateRefusal::VersionConflict(Box::new(todo.clone())));
    }
    if todo.is_open() { Ok(()) } else { Err(TodoUpdateRefusal::Settled) }
}
